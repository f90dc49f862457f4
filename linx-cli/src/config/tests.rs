//! The layers, their order, and what is refused.

use std::path::Path;

use exaktime_client::WireProfile;
use linx_core::settings::Import;

use super::keys::ExakTime;
use super::loaded::read;
use super::{Environment, Loaded, load};
use crate::error::CliError;

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn both(text: &str, pairs: &[(&str, &str)]) -> Result<Loaded, CliError> {
    read(Some((Path::new("linx.toml"), text)), &environment(pairs))
}

fn refused(text: &str, pairs: &[(&str, &str)]) -> String {
    let error = both(text, pairs).unwrap_err();
    assert_eq!(error.kind.code(), 2);
    error.lines()
}

#[test]
fn the_environment_goes_before_the_file_and_the_file_before_the_default() {
    let text = "[procore]\ncompany_id = 12\napi_url = \"https://file.example\"\n";
    let loaded = both(text, &[("LINX_PROCORE__API_URL", "https://env.example")]).unwrap();
    let procore = &loaded.config.procore;
    assert_eq!(procore.company_id, Some(12));
    assert_eq!(procore.api_url.as_str(), "https://env.example/");
    assert_eq!(procore.login_url.as_str(), "https://login.procore.com/");
    let source = |key| loaded.source(key).map(ToString::to_string);
    assert_eq!(source("procore.company_id").as_deref(), Some("linx.toml:2"));
    assert_eq!(source("procore.api_url").as_deref(), Some("LINX_PROCORE__API_URL"));
    assert_eq!(source("procore.login_url"), None);
    assert_eq!(loaded.variables().collect::<Vec<_>>(), ["LINX_PROCORE__API_URL"]);
}

#[test]
fn variables_are_toml_values_and_otherwise_text() {
    let loaded = read(
        None,
        &environment(&[
            ("LINX_PROCORE__COMPANY_ID", "7"),
            ("LINX_EXAKTIME__READ_ONLY", "true"),
            ("LINX_SYNC__IMPORT", "[\"workers\"]"),
            ("LINX_SYNC__GUARD__PERCENT", "20"),
            ("LINX_EXPORT__TIME_TYPES__REGULAR", "9185"),
            ("LINX_LEDGER__URL", "sqlite://other.db"),
            ("LINX_EXAKTIME__ODATA_URL", ""),
            ("LINX_CONFIG", "elsewhere.toml"),
        ]),
    );
    let config = loaded.unwrap().config;
    assert_eq!(config.procore.company_id, Some(7));
    assert!(config.exaktime.read_only);
    assert_eq!(config.sync.import, [Import::Workers]);
    assert_eq!(config.sync.guard.percent, 20);
    assert_eq!(
        config.export.time_types.regular, "9185",
        "a number where a text is wanted is a text"
    );
    assert_eq!(config.ledger.url, "sqlite://other.db");
    assert_eq!(
        config.exaktime,
        ExakTime {
            read_only: true,
            ..ExakTime::default()
        }
    );
}

#[test]
fn the_way_of_signing_in_to_exaktime_is_set_in_one_place() {
    let text = "[exaktime.auth]\nheader = \"x-key\"\nbearer = true\n[exaktime.auth.login]\npath = \"/v1/token\"\n\
                token = \"/data/token\"\n";
    let wire = both(text, &[]).unwrap().config.exaktime.wire();
    assert_eq!((wire.key.header.as_str(), wire.key.bearer), ("x-key", true));
    let login = wire.login.unwrap();
    assert_eq!(
        (login.path.as_str(), login.token.as_str(), login.field.as_str()),
        ("/v1/token", "/data/token", "apiKey")
    );
    assert_eq!(ExakTime::default().wire(), WireProfile::default());
}

#[test]
fn unknown_keys_are_refused_with_their_place() {
    let text = "[procore]\ncompany_id = 1\n\n[sync.guard]\npercents = 3\n";
    let lines = refused(text, &[]);
    assert!(
        lines.contains("linx.toml:5: sync.guard.percents: unknown field"),
        "{lines}"
    );
    let lines = refused("", &[("LINX_PROCORE__COMPANY", "1")]);
    assert!(
        lines.contains("LINX_PROCORE__COMPANY: procore.company: unknown field"),
        "{lines}"
    );
    let lines = refused("[procor]\ncompany_id = 1\n", &[]);
    assert!(lines.contains("linx.toml:2: procor: unknown field"), "{lines}");
}

#[test]
fn a18_a_variable_of_a_thousand_tables_is_an_unknown_key() {
    for levels in [10, 11, 100_000] {
        for level in ["__X", ".X"] {
            let name = format!("LINX_X{}", level.repeat(levels));
            assert!(refused("", &[(&name, "1")]).contains("unknown field"), "{levels}");
        }
    }
    // Neither does a value or a file go as deep as it likes.
    assert!(refused("", &[("LINX_SYNC__IMPORT", &"[".repeat(100_000))]).contains("sync.import"));
    assert!(refused(&format!("{}.a = 1", "a.".repeat(100_000)), &[]).contains("linx.toml:1"));
    assert!(refused(&format!("a = {}", "[".repeat(100_000)), &[]).contains("linx.toml:1"));
}

#[test]
fn wrong_values_are_refused_with_their_place() {
    let lines = refused("[procore]\ncompany_id = \"twelve\"\n", &[]);
    assert!(
        lines.contains("linx.toml:2: procore.company_id: invalid type"),
        "{lines}"
    );
    let lines = refused("", &[("LINX_PROCORE__API_URL", "nowhere")]);
    assert!(lines.contains("LINX_PROCORE__API_URL: procore.api_url: "), "{lines}");
    let lines = refused("[sync]\nimport = [\"crews\"]\n", &[]);
    assert!(
        lines.contains("linx.toml:2: sync.import: unknown variant `crews`"),
        "{lines}"
    );
    let lines = refused("[procore]\ncompany_id = = 3\n", &[]);
    assert!(lines.contains("linx.toml:2:"), "{lines}");
}

#[test]
fn a14_a_secret_is_refused_and_not_shown() {
    for text in [
        "[procore]\nclient_secret = \"hunter2\"\n",
        "[exaktime]\napi_key = \"hunter2\"\n",
        "[exaktime.auth]\npassword = \"hunter2\"\n",
    ] {
        let lines = refused(text, &[]);
        assert!(
            lines.contains("linx.toml:2") && lines.contains("ARCORO_API_KEY"),
            "{lines}"
        );
        assert!(!lines.contains("hunter2"), "{lines}");
    }
    let lines = refused("", &[("LINX_PROCORE__CLIENT_ID", "hunter2")]);
    assert!(
        lines.contains("LINX_PROCORE__CLIENT_ID") && !lines.contains("hunter2"),
        "{lines}"
    );
    let lines = refused("[procore]\nclient_secret = hunter2\n", &[]);
    assert!(!lines.contains("hunter2"), "{lines}");
}

#[test]
fn a_missing_file_matters_when_it_was_named_or_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("gone.toml");
    let error = load(&Environment::new(), Some(&missing)).unwrap_err();
    assert_eq!(error.kind.code(), 2);
    assert!(error.lines().contains("linx init"));
    let named = environment(&[("LINX_CONFIG", missing.to_str().unwrap())]);
    assert!(load(&named, None).is_err());
    let loaded = read(None, &Environment::new()).unwrap();
    assert!(loaded.company_id().unwrap_err().lines().contains("linx init"));
}

#[test]
fn only_sqlite_ledgers_are_known() {
    let path = |url: &str| {
        both(&format!("[ledger]\nurl = \"{url}\"\n"), &[])
            .unwrap()
            .ledger_path()
    };
    assert_eq!(path("sqlite://a/b.db").unwrap(), Path::new("a/b.db"));
    for wrong in ["postgres://host/db", "linx.db", "sqlite://"] {
        assert!(path(wrong).unwrap_err().lines().contains("linx.toml:2: ledger.url"));
    }
}
