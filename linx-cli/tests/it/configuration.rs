//! Where settings come from, and what is refused.

use crate::harness::{Harness, expect, stderr, stdout};

#[tokio::test]
async fn init_writes_a_configuration_that_is_taken_and_never_overwrites() {
    let harness = Harness::new().await;
    std::fs::remove_file(harness.path("linx.toml")).unwrap();
    harness.run(&["init"], 0);
    let written = std::fs::read_to_string(harness.path("linx.toml")).unwrap();
    assert!(written.contains("company_id"));
    // It is complete but for the company.
    let told = stderr(&harness.run(&["doctor"], 2));
    assert!(told.contains("names no Procore company"), "{told}");
    let told = stderr(&harness.run(&["init"], 2));
    assert!(told.contains("stays as it is"), "{told}");
    assert_eq!(std::fs::read_to_string(harness.path("linx.toml")).unwrap(), written);
    harness.run(&["init", "--config", "other.toml"], 0);
}

#[tokio::test]
async fn every_key_of_the_template_is_known() {
    let harness = Harness::new().await;
    std::fs::remove_file(harness.path("linx.toml")).unwrap();
    harness.run(&["init"], 0);
    // With every commented default made real, nothing may be refused but the company that does not exist.
    let template = std::fs::read_to_string(harness.path("linx.toml")).unwrap();
    let made_real: Vec<&str> = template
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest)
                if rest.starts_with('[') || rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) =>
            {
                rest
            }
            _ => line,
        })
        .collect();
    assert!(made_real.iter().filter(|line| line.contains(" = ")).count() > 25);
    std::fs::write(harness.path("linx.toml"), made_real.join("\n")).unwrap();
    let mut doctor = harness.linx(&["doctor"]);
    let (procore, exaktime) = (harness.procore_server.address(), harness.exaktime_server.address());
    doctor
        .env("LINX_PROCORE__API_URL", procore.as_str())
        .env("LINX_PROCORE__LOGIN_URL", procore.as_str())
        .env("LINX_EXAKTIME__API_URL", exaktime.as_str())
        .env("LINX_EXAKTIME__ODATA_URL", format!("{exaktime}odata"));
    let text = stdout(&expect(&mut doctor, 1));
    assert!(
        text.contains("FAIL  Procore connection") && text.contains("ok    ExakTime connection"),
        "{text}"
    );
}

#[tokio::test]
async fn the_environment_and_files_of_secrets_are_used() {
    let harness = Harness::new().await;
    std::fs::write(harness.path("key"), "linx-sandbox-key\n").unwrap();
    let mut doctor = harness.linx(&["doctor"]);
    doctor
        .env_remove("ARCORO_API_KEY")
        .env("ARCORO_API_KEY_FILE", harness.path("key"))
        .env("LINX_LEDGER__URL", "sqlite://elsewhere.db");
    let text = stdout(&expect(&mut doctor, 0));
    assert!(text.contains("the environment sets LINX_LEDGER__URL"), "{text}");
    assert!(harness.path("elsewhere.db").exists());
}

#[tokio::test]
async fn unknown_keys_and_secrets_in_the_file_are_refused() {
    let harness = Harness::new().await;
    for (line, word) in [
        ("company = 1", "linx.toml:2: procore.company: unknown field"),
        ("client_secret = \"hunter2\"", "PROCORE_CLIENT_SECRET"),
        ("company_id = \"one\"", "linx.toml:2: procore.company_id"),
    ] {
        harness.configure(line);
        let told = stderr(&harness.run(&["doctor"], 2));
        assert!(told.contains(word) && !told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn a_setting_changes_what_it_says() {
    let harness = Harness::new().await;
    let mut sync = harness.linx(&["sync", "--format", "json"]);
    sync.env(
        "LINX_SYNC__NAMING__PROJECT_NAME",
        "{{ project.name }} ({{ project.number }})",
    );
    let plan = stdout(&expect(&mut sync, 3));
    assert!(plan.contains("Lakefront Tower (24-002)"));
}

#[tokio::test]
async fn b14_a_wait_that_would_outlast_the_lease_is_wrong_configuration() {
    let harness = Harness::small_company().await;
    let sync = |seconds: &str, status| {
        let mut command = harness.linx(&["sync"]);
        stderr(&expect(command.env("LINX_LEDGER__SETTLE_SECONDS", seconds), status))
    };
    sync("3600", 0);
    let told = sync("3601", 2);
    assert!(told.contains("settle_seconds") && told.contains("3600"), "{told}");
}
