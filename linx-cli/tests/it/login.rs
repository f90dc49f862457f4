//! Procore in a person's name, and the small commands.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use linx_http::sandbox::Service;

use crate::harness::{Harness, SECRETS, expect, stderr, stdout};

#[tokio::test]
async fn a9_a_person_logs_in_once_and_later_runs_use_it() {
    let harness = Harness::new().await;
    let mut with_login = harness.linx(&["doctor"]);
    with_login.env("LINX_PROCORE__GRANT", "authorization_code");
    let text = stdout(&expect(&mut with_login, 1));
    assert!(text.contains("nobody has logged in"), "{text}");
    harness.run(&["auth", "status"], 1);

    let mut login = Command::new(cargo_bin("linx"))
        .current_dir(harness.folder.path())
        .env_clear()
        .envs(SECRETS)
        .args(["auth", "login"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut page = String::new();
    BufReader::new(login.stdout.take().unwrap())
        .read_line(&mut page)
        .unwrap();
    let mut visit = http::Request::new(bytes::Bytes::new());
    *visit.uri_mut() = page.trim().parse().unwrap();
    let shown = harness
        .procore
        .answer(&visit, chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(36_500));
    let shown: serde_json::Value = serde_json::from_slice(shown.body()).unwrap();
    writeln!(login.stdin.take().unwrap(), "{}", shown["code"].as_str().unwrap()).unwrap();
    assert!(login.wait().unwrap().success());

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
