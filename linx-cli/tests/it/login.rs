//! Procore in a person's name, and the small commands.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use linx_http::sandbox::Service;

use crate::harness::{Harness, SECRETS, expect, stderr, stdout};

/// Logs in as a person does: visits the page that is shown, and pastes what `answer` makes of its `state` and its code.
fn log_in(harness: &Harness, answer: impl Fn(&str, &str) -> String) -> Output {
    let mut login = Command::new(cargo_bin("linx"))
        .current_dir(harness.folder.path())
        .env_clear()
        .envs(SECRETS)
        .args(["auth", "login"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut page = String::new();
    BufReader::new(login.stdout.take().unwrap())
        .read_line(&mut page)
        .unwrap();
    let page: url::Url = page.trim().parse().unwrap();
    let mut visit = http::Request::new(bytes::Bytes::new());
    *visit.uri_mut() = page.as_str().parse().unwrap();
    let shown = harness
        .procore
        .answer(&visit, chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(36_500));
    let shown: serde_json::Value = serde_json::from_slice(shown.body()).unwrap();
    let state = page.query_pairs().find(|(name, _)| name == "state").unwrap().1;
    let pasted = answer(&state, shown["code"].as_str().unwrap());
    writeln!(login.stdin.take().unwrap(), "{pasted}").unwrap();
    login.wait_with_output().unwrap()
}

/// An address that a browser is sent to after agreeing.
fn sent_to(state: &str, code: &str) -> String {
    format!("http://127.0.0.1:7702/done?code={code}&state={state}")
}

#[tokio::test]
async fn a9_an_address_with_a_foreign_state_logs_nobody_in() {
    let harness = Harness::new().await;
    let nearly = |text: &str| {
        let (first, rest) = text.split_at(1);
        format!("{}{rest}", if first == "0" { "1" } else { "0" })
    };
    // Another's page, nearly this one, and none.
    let foreign: [&dyn Fn(&str) -> String; 3] = [&|_| "f".repeat(64), &nearly, &|_| String::new()];
    for state in foreign {
        let said = log_in(&harness, |own, code| sent_to(&state(own), code));
        assert_eq!(said.status.code(), Some(2), "{}", stderr(&said));
        let told = stderr(&said);
        assert!(
            told.contains("does not belong to the page that was shown") && told.contains("hint: "),
            "{told}"
        );
        assert!(!harness.path("linx-login.json").exists());
        assert_eq!(harness.procore_server.traffic().count(None, "/oauth/token"), 0);
    }
    let said = log_in(&harness, sent_to);
    assert!(said.status.success(), "{}", stderr(&said));
    assert_eq!(harness.json(&["auth", "status"], 0)["logged_in"], true);
}

#[tokio::test]
async fn a9_a_person_logs_in_once_and_later_runs_use_it() {
    let harness = Harness::new().await;
    let mut with_login = harness.linx(&["doctor"]);
    with_login.env("LINX_PROCORE__GRANT", "authorization_code");
    let text = stdout(&expect(&mut with_login, 1));
    assert!(text.contains("nobody has logged in"), "{text}");
    harness.run(&["auth", "status"], 1);

    let said = log_in(&harness, |_, code| code.to_owned());
    assert!(said.status.success(), "{}", stderr(&said));

    assert_eq!(harness.json(&["auth", "status"], 0)["logged_in"], true);
    let text = stdout(&expect(&mut with_login, 0));
    assert!(text.contains("ok    Procore connection"), "{text}");
    harness.run(&["auth", "logout"], 0);
    assert!(!harness.path("linx-login.json").exists());
    harness.run(&["auth", "status"], 1);
}

#[tokio::test]
async fn a_reason_is_explained_and_an_unknown_one_names_the_known() {
    let harness = Harness::new().await;
    let text = stdout(&harness.run(&["explain", "open_record"], 0));
    assert!(
        text.contains("open_record: ") && text.contains("What to do: "),
        "{text}"
    );
    assert_eq!(harness.json(&["explain", "open-record"], 0)["code"], "open_record");
    assert!(harness.json(&["explain"], 0).as_array().unwrap().len() > 30);
    let told = stderr(&harness.run(&["explain", "nonsense"], 2));
    assert!(told.contains("open_record"), "{told}");
}

#[tokio::test]
async fn shells_can_complete() {
    let harness = Harness::new().await;
    for shell in ["bash", "zsh", "fish"] {
        let script = stdout(&harness.run(&["completions", shell], 0));
        assert!(script.contains("allow-mass-change"), "{shell}");
    }
    harness.run(&["completions", "tcsh"], 2);
}
