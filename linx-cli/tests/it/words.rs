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
    assert!(!files(&harness).contains("Nemo"));
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

/// Somebody whose name clears the screen, turns the direction of writing and ends the line.
const OBEYED: &str = "Wolfe\u{1b}[2J\u{202e}fdp\n  Done: 0 held";

/// Whether a terminal obeys a character of a text that is no line break.
fn is_obeyed(text: &str) -> bool {
    text.chars()
        .any(|character| (character.is_control() && character != '\n') || character == '\u{202e}')
}

#[tokio::test]
async fn a14_nothing_that_a_terminal_obeys_comes_out_of_a_name() {
    let harness = Harness::small_company().await;
    harness.run(&["sync", "--apply"], 0);
    harness.procore.with_state(|state| {
        let dan = state
            .people
            .values_mut()
            .find(|person| person.employee_id.as_deref() == Some("00204"))
            .unwrap();
        dan.last_name = OBEYED.into();
    });
    harness.exaktime.with_state(|state| {
        let dan = |record: &&mut exaktime_client::sandbox::TimeRecord| record.person == "p-204";
        for record in state.time_records.iter_mut().filter(dan) {
            record.stop = None;
        }
        let ada = state.persons.get_mut("p-201").unwrap();
        ada["lastName"] = format!("Lund {OBEYED}").into();
    });
    let args: [&[&str]; 4] = [
        &["sync", "--html", "page.html"],
        &[&EXPORT[..], &["--html", "page.html"]].concat(),
        &["links", "suggest"],
        &["links", "list"],
    ];
    let mut shown = 0;
    for args in args {
        let output = harness.linx(args).output().unwrap();
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert!(!is_obeyed(&told), "{args:?}: {told:?}");
        assert!(
            !told.lines().any(|line| line.trim() == "Done: 0 held"),
            "a line of its own: {told}"
        );
        shown += usize::from(told.contains("Wolfe␛[2J�fdp␊"));
    }
    let page = std::fs::read_to_string(harness.path("page.html")).unwrap();
    assert!(!is_obeyed(&page.replace('\t', "")), "{page:?}");
    assert!(shown >= 1, "the name is nowhere, so that nothing is shown");
}

#[tokio::test]
async fn a14_no_cell_of_a_file_starts_a_formula() {
    let harness = Harness::small_company().await;
    let formula = "=HYPERLINK(\"https://x.invalid\")";
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            record.comment = Some(formula.into());
        }
    });
    harness.run(&["sync", "--apply"], 0);
    let export: Vec<&str> = EXPORT.into_iter().chain(["--csv", "sent.csv"]).collect();
    harness.run(&export, 0);
    let rows = cells(&harness, "sent.csv");
    assert_eq!(rows.len(), 29);
    let notes = rows.iter().skip(1).map(|row| row.last().unwrap());
    assert!(notes.clone().all(|note| *note == format!("'{formula}")), "{rows:?}");
    assert!(rows.iter().flatten().all(|cell| !starts_formula(cell)), "{rows:?}");
}

/// All cells of a file of comma separated values.
fn cells(harness: &Harness, name: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_path(harness.path(name)).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

fn starts_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

#[cfg(unix)]
#[tokio::test]
async fn a14_files_are_for_their_owner_alone_and_no_link_is_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let harness = Harness::new().await;
    harness.run(&["sync", "--apply"], 3);
    let mode = |name: &str| std::fs::metadata(harness.path(name)).unwrap().permissions().mode() & 0o777;
    let names = ["plan.json", "lines.csv", "page.html", "links.csv"];
    for name in names {
        std::fs::write(harness.path(name), "as it was").unwrap();
        std::fs::set_permissions(harness.path(name), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let files = ["--save", names[0], "--csv", names[1], "--html", names[2]];
    let export: Vec<&str> = EXPORT.into_iter().chain(files).collect();
    harness.run(&export, 3);
    harness.run(&["links", "list", "--csv", names[3]], 0);
    harness.run(&["init", "--config", "new.toml"], 0);
    for name in names.into_iter().chain(["new.toml"]) {
        assert_eq!(mode(name), 0o600, "{name}");
        assert_ne!(std::fs::read_to_string(harness.path(name)).unwrap(), "as it was");
    }

    std::fs::write(harness.path("elsewhere"), "as it was").unwrap();
    symlink(harness.path("elsewhere"), harness.path("planted")).unwrap();
    let before = harness.writes();
    for flag in ["--save", "--csv", "--html"] {
        let export: Vec<&str> = EXPORT.into_iter().chain(["--apply", flag, "planted"]).collect();
        let told = stderr(&harness.run(&export, 1));
        assert!(told.contains("planted could not be written"), "{told}");
    }
    harness.run(&["links", "list", "--csv", "planted"], 1);
    harness.run(&["init", "--config", "planted"], 2);
    assert_eq!(std::fs::read_to_string(harness.path("elsewhere")).unwrap(), "as it was");
    assert_eq!(harness.writes(), before);
    let left = std::fs::read_dir(harness.folder.path()).unwrap();
    assert!(
        !left
            .into_iter()
            .any(|file| file.unwrap().file_name().to_string_lossy().starts_with(".tmp"))
    );
}
