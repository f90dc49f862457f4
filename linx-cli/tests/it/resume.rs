//! A run that is killed half-way.

use http::Method;
use linx_http::sandbox::{Fault, Order};

use crate::harness::{EXPORT, Harness, expect, stderr};

#[cfg(target_os = "linux")]
#[tokio::test]
async fn b14_a_second_name_of_the_ledger_lets_no_second_run_in() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let export: Vec<&str> = EXPORT.into_iter().chain(["--apply"]).collect();
    let faults = harness.procore_server.faults();
    faults.order(Order {
        method: Some(Method::POST),
        path: "/timecard_entries".into(),
        after: 17,
        times: 1,
        fault: Fault::Stall,
    });
    let mut child = harness.begun(&export);
    faults.stalled().await;
    // Somebody removes what looks left over, and another schedule names the file otherwise.
    let _ = std::fs::remove_file(harness.path("linx.db-export.lock"));
    std::os::unix::fs::symlink(harness.path("linx.db"), harness.path("other.db")).unwrap();
    let elsewhere = || {
        let mut command = harness.linx(&export);
        command.env("LINX_LEDGER__URL", "sqlite://other.db");
        command
    };
    let second = expect(&mut elsewhere(), 5);
    assert!(
        stderr(&second).contains("another export run is at work"),
        "{}",
        stderr(&second)
    );
    harness.run(&export, 5);
    // The eighteenth, and what went beside it.
    let begun = harness.procore.entries().len();
    assert!((18..34).contains(&begun), "{begun}");
    child.kill().unwrap();
    child.wait().unwrap();
    // A process that is gone holds nothing, whatever the time.
    expect(&mut elsewhere(), 3);
    assert_eq!(harness.keys_in_procore().len(), 362);
}

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
    let mut child = harness.begun(&export);
    faults.stalled().await;
    child.kill().unwrap();
    child.wait().unwrap();

    let report = harness.json(&export, 3);
    // The eighteenth, and what went beside it.
    let stood = report["summary"]["unchanged"].as_u64().unwrap();
    assert!((18..34).contains(&stood), "{stood}");
    assert_eq!(report["summary"]["create"], 362 - stood);
    assert_eq!(harness.keys_in_procore().len(), 362);
    let again = harness.json(&export, 3);
    assert_eq!(again["summary"]["unchanged"], 362);
}
