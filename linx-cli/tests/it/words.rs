//! What others wrote, and where it goes: words of the services to reports only, and nothing that a terminal or a table
//! calculator would obey.

use http::{Method, Response};
use linx_http::sandbox::{Fault, Order};

use crate::harness::{EXPORT, Harness, stderr, stdout};

/// A person of whom only an answer's body tells.
const NAME: &str = "Ursula Nemo";

fn answer(status: u16, method: Method, path: &str, times: u32) -> Order {
    let body = format!(r#"{{"errors":{{"party_id":["{NAME} is not on the project"]}}}}"#);
    Order {
        method: Some(method),
        path: path.into(),
        after: 0,
        times,
        fault: Fault::Instead(Response::builder().status(status).body(body.into()).unwrap()),
    }
}

/// Everything in the folder: the ledger with its journal, and what else was written.
fn files(harness: &Harness) -> String {
    let files = std::fs::read_dir(harness.folder.path()).unwrap();
    files
        .map(|file| String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned())
        .collect()
}

#[tokio::test]
async fn a14_what_a_failing_service_says_reaches_no_log_no_ledger_and_no_report() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let faults = harness.procore_server.faults();
    faults.order(answer(500, Method::GET, "/people", 20));
    let output = harness.run(&["sync", "-vv"], 1);
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert!(told.contains("500") && !told.contains("Nemo"), "{told}");
    faults.clear();

    faults.order(answer(500, Method::POST, "/timecard_entries", 1));
    let args: Vec<&str> = EXPORT
        .into_iter()
        .chain(["--apply", "-vv", "--format", "json"])
        .collect();
    let output = harness.linx(&args).output().unwrap();
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert!(!told.contains("Nemo"), "{told}");
    let kept = files(&harness);
    assert!(kept.contains("500 Internal Server Error") && !kept.contains("Nemo"));
}

#[tokio::test]
async fn a14_what_a_service_says_of_a_refusal_is_in_the_report_and_in_no_log() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let faults = harness.procore_server.faults();
    faults.order(answer(422, Method::POST, "/timecard_entries", 1));
    let args: Vec<&str> = EXPORT
        .into_iter()
        .chain(["--apply", "-vv", "--format", "json"])
        .collect();
    let output = harness.run(&args, 3);
    assert!(!stderr(&output).contains("Nemo"), "{}", stderr(&output));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let held = told["held"].as_array().unwrap();
    let detail = |held: &serde_json::Value| held["detail"].as_str().unwrap_or_default().to_owned();
    let details: Vec<String> = held.iter().map(detail).collect();
    assert!(
        details.iter().any(|detail| detail.contains("party_id: Ursula Nemo")),
        "{details:#?}"
    );
}
