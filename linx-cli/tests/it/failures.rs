//! What goes wrong before anything is written: one clear message, the right exit status, nothing half-written.

use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::ledger::{Direction, Ledger, Owner};

use crate::harness::{EXPORT, Harness, expect, stderr, stdout};

/// Runs a command that fails, and gives what it says. It says one thing, and nothing was written.
fn failing(harness: &Harness, args: &[&str], variables: &[(&str, &str)], status: i32) -> String {
    let output = expect(harness.linx(args).envs(variables.iter().copied()), status);
    assert_eq!(stdout(&output), "");
    assert_eq!(harness.writes(), 0);
    let told = stderr(&output);
    assert_eq!(told.matches("error: ").count(), 1, "{told}");
    told
}

#[tokio::test]
async fn a_wrong_secret_is_named_and_not_shown() {
    let harness = Harness::new().await;
    let told = failing(
        &harness,
        &["sync", "--apply"],
        &[("PROCORE_CLIENT_SECRET", "hunter2-hunter2")],
        1,
    );
    assert!(told.contains("401") && told.contains("PROCORE_CLIENT_SECRET"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
    let told = failing(
        &harness,
        &["sync", "--apply"],
        &[("ARCORO_API_KEY", "hunter2-hunter2")],
        1,
    );
    assert!(told.contains("401") && told.contains("ARCORO_API_KEY"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
    // A mistake binds the ledger to nothing: the right secrets go on with it.
    harness.run(&["sync", "--apply"], 3);
}

#[tokio::test]
async fn an_unreachable_host_is_named() {
    let harness = Harness::new().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let address = format!("http://{closed}");
    let told = failing(&harness, &["sync"], &[("LINX_PROCORE__API_URL", &address)], 1);
    assert!(told.contains(&format!("could not connect to {closed}")), "{told}");
    assert!(told.contains("[procore] api_url"), "{told}");
}

#[tokio::test]
async fn a_company_that_does_not_exist_is_told_and_binds_nothing() {
    let harness = Harness::new().await;
    let told = failing(&harness, &["sync", "--apply"], &[("LINX_PROCORE__COMPANY_ID", "7")], 1);
    assert!(told.contains("403") && told.contains("company_id"), "{told}");
    harness.run(&["sync", "--apply"], 3);
    // Now it is bound, and another company is refused before anything is read.
    let output = expect(harness.linx(&["sync"]).env("LINX_PROCORE__COMPANY_ID", "7"), 2);
    assert!(stderr(&output).contains("the ledger belongs to"), "{}", stderr(&output));
}

#[tokio::test]
async fn wrong_usage_is_told_before_anything_is_done() {
    let harness = Harness::new().await;
    for (args, word) in [
        (
            &["export", "--from", "2026-3-2", "--to", "2026-03-15"][..],
            "YYYY-MM-DD",
        ),
        (&["export", "--from", "2026-02-30", "--to", "2026-03-15"], "YYYY-MM-DD"),
        (&["export", "--from", "2026-03-15", "--to", "2026-03-02"], "lies before"),
        (&["export", "--from", "2026-03-15"], "--to"),
        (&["sync", "--only", "crews"], "workers, projects, sub-jobs, cost-codes"),
        (&["history", "99"], "linx history"),
        (&["--config", "gone.toml", "sync"], "gone.toml"),
    ] {
        let told = failing(&harness, args, &[], 2);
        assert!(told.contains(word), "{args:?}: {told}");
    }
    assert_eq!(harness.procore_server.traffic().count(None, ""), 0);
}

#[tokio::test]
async fn a_missing_configuration_or_secret_names_the_way_out() {
    let harness = Harness::new().await;
    std::fs::remove_file(harness.path("linx.toml")).unwrap();
    let told = failing(&harness, &["sync"], &[], 2);
    assert!(told.contains("linx init") && told.contains("linx demo"), "{told}");
    harness.configure("company_id = 1");
    let output = expect(harness.linx(&["doctor"]).env_remove("ARCORO_API_KEY"), 2);
    assert!(stderr(&output).contains("ARCORO_API_KEY_FILE"), "{}", stderr(&output));
}

#[tokio::test]
async fn b8_a_second_run_is_refused_while_one_holds_the_lease() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let writes = harness.writes();
    let owner = Owner {
        name: "another program".into(),
        host: "another-pc".into(),
        boot: None,
        process: 1,
    };
    let ledger = SqliteLedger::open(&harness.path("linx.db"), owner, |_| true).unwrap();
    let now = std::time::SystemTime::now().into();
    let lease = ledger.lease(Direction::Export, now).await.unwrap();
    let export: Vec<&str> = EXPORT.into_iter().chain(["--apply"]).collect();
    let output = harness.run(&export, 5);
    assert!(stderr(&output).contains("another export run is at work"));
    assert_eq!(harness.writes(), writes);
    drop(lease);
    harness.run(&export, 3);
}

#[tokio::test]
async fn the_doctor_says_what_fails_and_what_to_do() {
    let harness = Harness::new().await;
    let output = expect(harness.linx(&["doctor"]).env("ARCORO_API_KEY", "wrong-wrong"), 1);
    let text = stdout(&output);
    assert!(
        text.contains("FAIL  ExakTime connection") && text.contains("What to do: Check ARCORO_API_KEY"),
        "{text}"
    );
    assert!(
        text.contains("ok    Procore connection"),
        "the other side is checked all the same: {text}"
    );
}
