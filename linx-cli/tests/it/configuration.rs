//! Where settings come from, and what is refused.

use crate::stage::{Stage, expect, stderr, stdout};

#[tokio::test]
async fn init_writes_a_configuration_that_is_taken_and_never_overwrites() {
    let stage = Stage::new().await;
    std::fs::remove_file(stage.path("linx.toml")).unwrap();
    stage.run(&["init"], 0);
    let written = std::fs::read_to_string(stage.path("linx.toml")).unwrap();
    assert!(written.contains("company_id"));
    // It is complete but for the company.
    let told = stderr(&stage.run(&["doctor"], 2));
    assert!(told.contains("names no Procore company"), "{told}");
    let told = stderr(&stage.run(&["init"], 2));
    assert!(told.contains("stays as it is"), "{told}");
    assert_eq!(std::fs::read_to_string(stage.path("linx.toml")).unwrap(), written);
    stage.run(&["init", "--config", "other.toml"], 0);
}

#[tokio::test]
async fn every_key_of_the_template_is_known() {
    let stage = Stage::new().await;
    std::fs::remove_file(stage.path("linx.toml")).unwrap();
    stage.run(&["init"], 0);
    // With every commented default made real, nothing may be refused but the company that does not exist.
    let template = std::fs::read_to_string(stage.path("linx.toml")).unwrap();
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
    std::fs::write(stage.path("linx.toml"), made_real.join("\n")).unwrap();
    let mut doctor = stage.linx(&["doctor"]);
    let (procore, exaktime) = (stage.procore_server.address(), stage.exaktime_server.address());
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
    let stage = Stage::new().await;
    std::fs::write(stage.path("key"), "linx-sandbox-key\n").unwrap();
    let mut doctor = stage.linx(&["doctor"]);
    doctor
        .env_remove("ARCORO_API_KEY")
        .env("ARCORO_API_KEY_FILE", stage.path("key"))
        .env("LINX_LEDGER__URL", "sqlite://elsewhere.db");
    let text = stdout(&expect(&mut doctor, 0));
    assert!(text.contains("the environment sets LINX_LEDGER__URL"), "{text}");
    assert!(stage.path("elsewhere.db").exists());
}

#[tokio::test]
async fn unknown_keys_and_secrets_in_the_file_are_refused() {
    let stage = Stage::new().await;
    for (line, word) in [
        ("company = 1", "linx.toml:2: procore.company: unknown field"),
        ("client_secret = \"hunter2\"", "PROCORE_CLIENT_SECRET"),
        ("company_id = \"one\"", "linx.toml:2: procore.company_id"),
    ] {
        stage.configure(line);
        let told = stderr(&stage.run(&["doctor"], 2));
        assert!(told.contains(word) && !told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn a_setting_changes_what_it_says() {
    let stage = Stage::new().await;
    let mut sync = stage.linx(&["sync", "--format", "json"]);
    sync.env(
        "LINX_SYNC__NAMING__PROJECT_NAME",
        "{{ project.name }} ({{ project.number }})",
    );
    let plan = stdout(&expect(&mut sync, 3));
    assert!(plan.contains("Lakefront Tower (24-002)"));
}
