//! A run that is killed half-way.

use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use http::Method;
use linx_http::sandbox::{Fault, Order};

use crate::harness::{EXPORT, Harness, SECRETS};

#[tokio::test]
async fn a1_a_killed_export_is_taken_up_and_leaves_each_line_once() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let export: Vec<&str> = EXPORT.into_iter().chain(["--apply"]).collect();
    let faults = harness.procore_server.faults();
    // The request is applied and no answer comes: the moment at which a kill hurts most.
    faults.order(Order {
        method: Some(Method::POST),
        path: "/timecard_entries".into(),
        after: 17,
        times: 1,
        fault: Fault::Stall,
    });
    let mut child = Command::new(cargo_bin("linx"))
        .current_dir(harness.folder.path())
        .env_clear()
        .envs(SECRETS)
        .args(&export)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    faults.stalled().await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(harness.procore.entries().len(), 18);

    let report = harness.json(&export, 3);
    assert_eq!(report["summary"]["create"], 362 - 18);
    assert_eq!(report["summary"]["unchanged"], 18);
    assert_eq!(harness.keys_in_procore().len(), 362);
    let again = harness.json(&export, 3);
    assert_eq!(again["summary"]["unchanged"], 362);
}
