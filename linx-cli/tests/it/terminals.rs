//! The job as a user does it, step by step.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{EXPORT, Harness, SECRETS, expect, stderr, stdout};

#[test]
fn the_demonstration_shows_everything_and_ends_well() {
    let output = expect(Command::new(cargo_bin("linx")).env_clear().arg("demo"), 0);
    let text = stdout(&output);
    for shown in [
        "Procore connection",
        "Create 2 employees",
        "112 records written to ExakTime",
        "Create 362 lines",
        "Hours of the week of 2026-03-09",
        "What to do: ",
        "read = stored + held + left out: 1484.99 = 1460.99 + 24.00 + 0.00",
        "Sync: 0 to write.\nExport: 0 to write.",
        "exit status 3",
    ] {
        assert!(text.contains(shown), "{shown} is missing:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colours where nobody sees them");
    assert_eq!(stderr(&output), "");
}

#[test]
fn the_demonstration_is_one_json_document_if_asked() {
    let output = expect(
        Command::new(cargo_bin("linx"))
            .env_clear()
            .args(["demo", "--format", "json"]),
        0,
    );
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["export"]["hours"]["read"], "1484.99");
    assert_eq!(shown["sync_again"]["changes"], serde_json::json!([]));
}

/// A child that ends with its test.
struct Child(std::process::Child);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_sandbox_prints_a_configuration_that_works() {
    let folder = TempDir::new().unwrap();
    let mut sandbox = Child(
        std::process::Command::new(cargo_bin("linx"))
            .args(["sandbox", "--port", "0"])
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let printed = BufReader::new(sandbox.0.stdout.take().unwrap());
    // The last line of the configuration names the ledger.
    let mut configuration = String::new();
    for line in printed.lines() {
        let line = line.unwrap();
        configuration.push_str(&line);
        configuration.push('\n');
        if line.starts_with("url = ") {
            break;
        }
    }
    for (name, value) in SECRETS {
        assert!(configuration.contains(&format!("# export {name}={value}\n")));
    }
    std::fs::write(folder.path().join("linx.toml"), configuration).unwrap();
    let linx = |args: &[&str], status| {
        let mut command = Command::new(cargo_bin("linx"));
        command.current_dir(folder.path()).env_clear().envs(SECRETS).args(args);
        stdout(&expect(&mut command, status))
    };
    assert!(linx(&["doctor"], 0).contains("ok    Procore connection"));
    assert!(linx(&["sync", "--apply"], 3).contains("112 records written"));
    assert!(linx(&EXPORT, 3).contains("--apply writes 362 lines"));
}

#[tokio::test]
async fn b12_sync_and_export_are_planned_applied_and_not_repeated() {
    let harness = Harness::new().await;
    harness.run(&["doctor"], 0);

    let plan = harness.json(&["sync"], 3);
    assert_eq!(
        (&plan["applied"], &plan["run"], &plan["direction"]),
        (&Value::Bool(false), &Value::Null, &"sync".into())
    );
    assert_eq!(plan["summary"]["employees"]["create"], 2);
    assert_eq!(harness.writes(), 0, "a plan writes nothing");
    let held = &plan["held"][0];
    for key in ["kind", "id", "code", "reason", "fix"] {
        assert!(held[key].is_string(), "{key}: {held}");
    }

    let sync = harness.json(&["sync", "--apply"], 3);
    assert_eq!((&sync["applied"], &sync["run"]), (&Value::Bool(true), &1.into()));
    assert_eq!(sync["summary"]["cost_codes"]["create"], 106);

    let export: Vec<&str> = EXPORT.into_iter().chain(["--apply"]).collect();
    let first = harness.json(&export, 3);
    assert_eq!(first["summary"]["create"], 362);
    let hours = |report: &Value| {
        ["read", "stored", "held", "left_out"].map(|fate| report["hours"][fate].as_str().unwrap().to_owned())
    };
    assert_eq!(hours(&first), ["1484.99", "1460.99", "24.00", "0.00"]);
    assert_eq!(harness.keys_in_procore().len(), 362);

    let writes = harness.writes();
    let again = harness.json(&export, 3);
    assert_eq!(
        (&again["summary"]["create"], &again["summary"]["unchanged"]),
        (&0.into(), &362.into())
    );
    assert_eq!(hours(&again), hours(&first));
    harness.run(&["sync", "--apply"], 3);
    assert_eq!(harness.writes(), writes, "nothing is written twice");

    let runs = harness.json(&["history"], 0);
    assert_eq!(runs.as_array().unwrap().len(), 4);
    let run = harness.json(&["history", "2"], 0);
    assert_eq!(run["journal"].as_array().unwrap().len(), 362);
    assert!(stdout(&harness.run(&["history"], 0)).contains("2026-03-02 to 2026-03-15"));
}

#[tokio::test]
async fn only_what_was_selected_is_exported() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let one: Vec<&str> = EXPORT
        .into_iter()
        .chain(["--employee", "00102", "--employee", "00103"])
        .collect();
    let plan = harness.json(&one, 0);
    let days = plan["account"].as_array().unwrap();
    let employees: std::collections::BTreeSet<&str> =
        days.iter().map(|day| day["employee"].as_str().unwrap()).collect();
    assert_eq!(employees.into_iter().collect::<Vec<_>>(), ["p-102", "p-103"]);

    let mistyped: Vec<&str> = EXPORT.into_iter().chain(["--employee", "102"]).collect();
    let told = stderr(&harness.run(&mistyped, 2));
    assert!(
        told.contains("ExakTime has no employee `102`") && told.contains("hint:"),
        "{told}"
    );
}

#[tokio::test]
async fn what_was_sent_can_be_had_as_csv() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let export: Vec<&str> = EXPORT.into_iter().chain(["--apply", "--csv", "sent.csv"]).collect();
    let report = harness.json(&export, 3);
    let mut reader = csv::Reader::from_path(harness.path("sent.csv")).unwrap();
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|title| title == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), report["changes"].as_array().unwrap().len());
    let hundredths: u64 = rows
        .iter()
        .map(|row| row[column("hours")].replace('.', "").parse::<u64>().unwrap())
        .sum();
    let stored = report["hours"]["stored"].as_str().unwrap().replace('.', "");
    assert_eq!(hundredths, stored.parse::<u64>().unwrap());
    assert!(rows.iter().all(|row| &row[column("result")] == "done"));
    assert!(
        rows.iter().any(|row| &row[column("employee")] == "00101"),
        "with its zeros"
    );

    // Before anything is written, a file that cannot be written ends the run.
    let nowhere: Vec<&str> = EXPORT
        .into_iter()
        .chain(["--apply", "--csv", "no/such/folder.csv"])
        .collect();
    let before = harness.writes();
    let told = stderr(&harness.run(&nowhere, 1));
    assert!(told.contains("no/such/folder.csv could not be written"), "{told}");
    assert_eq!(harness.writes(), before);
}

#[tokio::test]
async fn d14_time_comes_from_a_file_and_every_row_is_accounted_for() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let file = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode\n\
                00101,2026-03-02,8.00,1.25,24-001,03-300\n\
                99999,2026-03-02,7.50,,24-001,03-300\n\
                00102,2026-03-02,8:30,,24-001,03-300\n\
                00102,2026-03-20,8.00,,24-001,03-300\n";
    std::fs::write(harness.path("time.csv"), file).unwrap();
    let export: Vec<&str> = EXPORT
        .into_iter()
        .chain(["--time-csv", "time.csv", "--apply"])
        .collect();
    let read_of_warehouse = || harness.exaktime_server.traffic().count(None, "DwTimeRecords");
    let before = read_of_warehouse();
    let report = harness.json(&export, 3);
    assert_eq!(report["summary"]["create"], 2);
    assert_eq!(report["hours"]["read"], "16.75");
    assert_eq!(
        (&report["hours"]["stored"], &report["hours"]["held"]),
        (&"9.25".into(), &"7.50".into())
    );
    let codes: Vec<&str> = report["held"]
        .as_array()
        .unwrap()
        .iter()
        .map(|held| held["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["employee_not_linked", "unreadable_row"]);
    assert_eq!(read_of_warehouse(), before);
    let again = harness.json(&export, 3);
    assert_eq!(
        (&again["summary"]["create"], &again["summary"]["unchanged"]),
        (&0.into(), &2.into())
    );

    // What the warehouse knows besides is not removed on the file's account.
    let whole: Vec<&str> = EXPORT.into_iter().chain(["--apply"]).collect();
    harness.json(&whole, 3);
    let lines = harness.keys_in_procore().len();
    assert_eq!(harness.json(&export, 3)["summary"]["delete"], 0);
    assert_eq!(
        harness.keys_in_procore().len(),
        lines,
        "and its own lines still wait for a second refresh"
    );

    std::fs::write(harness.path("time.csv"), "Number;Date\n").unwrap();
    let told = stderr(&harness.run(&export, 2));
    assert!(
        told.contains("no column `udfEmployeeNumber`") && told.contains("[exaktime.csv]"),
        "{told}"
    );
}

#[tokio::test]
async fn a_plan_is_kept_and_a_page_is_written() {
    let harness = Harness::new().await;
    let output = harness.run(&["sync", "--save", "plan.json", "--html", "page.html", "-q"], 3);
    assert_eq!((stdout(&output), stderr(&output)), (String::new(), String::new()));
    let plan: linx_core::plan::SyncPlan =
        serde_json::from_slice(&std::fs::read(harness.path("plan.json")).unwrap()).unwrap();
    assert_eq!(plan.changes.len(), 112);
    let page = std::fs::read_to_string(harness.path("page.html")).unwrap();
    assert!(page.contains("Sam Whitfield"));
    assert!(page.contains("<li>"), "all of the changes are listed");
}

#[tokio::test]
async fn b5_the_guard_refuses_a_mass_deactivation() {
    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    harness.procore.with_state(|state| state.people.clear());
    let writes = harness.writes();
    let refused = harness.run(&["sync", "--apply"], 4);
    assert!(stdout(&refused).contains("--allow-mass-change"), "{}", stdout(&refused));
    assert_eq!(harness.writes(), writes);
    let allowed = harness.json(&["sync", "--apply", "--allow-mass-change"], 3);
    assert!(allowed["summary"]["employees"]["deactivate"].as_u64().unwrap() >= 18);
}

#[tokio::test]
async fn colours_are_only_where_they_are_wanted() {
    let harness = Harness::new().await;
    let colored = |args: &[&str], variable: Option<&str>| {
        let mut command = harness.linx(args);
        if let Some(name) = variable {
            command.env(name, "1");
        }
        stdout(&expect(&mut command, 0)).contains('\u{1b}')
    };
    assert!(!colored(&["doctor"], None));
    assert!(colored(&["doctor", "--color", "always"], None));
    assert!(!colored(&["doctor", "--color", "never"], Some("CLICOLOR_FORCE")));
    assert!(!colored(&["doctor"], Some("NO_COLOR")));
}

#[tokio::test]
async fn a14_logs_hold_no_secret_and_no_name() {
    let harness = Harness::new().await;
    let log = stderr(&harness.run(&["sync", "--apply", "-vv"], 3));
    assert!(log.contains("GET /v1/Common/Persons/Employees"), "{log}");
    for hidden in [
        "linx-sandbox-secret",
        "linx-sandbox-key",
        "sandbox-token",
        "Whitfield",
        "Camelback",
    ] {
        assert!(!log.contains(hidden), "{hidden}");
    }
}
