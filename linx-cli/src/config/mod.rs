//! The configuration: defaults, then `linx.toml`, then the environment. Every value remembers where it came from.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};

use exaktime_client::WireProfile;
use exaktime_client::csv::CsvFormat;
use exaktime_client::wire::LoginWire;
use linx_core::settings::{ExportSettings, SyncSettings};
use serde::Deserialize;
use serde_path_to_error::Segment;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};
use url::Url;

use crate::error::CliError;

/// The environment as the program found it.
pub type Environment = BTreeMap<String, String>;

/// Names the configuration file.
pub const CONFIG_VARIABLE: &str = "LINX_CONFIG";
/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "linx.toml";
const PREFIX: &str = "LINX_";

/// The whole configuration. Unknown keys are refused.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the office is.
    pub procore: Procore,
    /// Where the field is.
    pub exaktime: ExakTime,
    /// What Linx remembers.
    pub ledger: Ledger,
    /// How a sync decides.
    pub sync: SyncSettings,
    /// How an export decides.
    pub export: ExportSettings,
}

/// `[procore]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Procore {
    /// The company's number; the one value without a default.
    pub company_id: Option<u64>,
    /// The host of the API.
    pub api_url: Url,
    /// The host that gives tokens.
    pub login_url: Url,
    /// How Linx signs in.
    pub grant: Grant,
    /// Where a person's login is kept, relative to the current directory.
    pub login_file: PathBuf,
    /// Where the browser goes after a person has agreed; one that the application declares.
    pub redirect_uri: String,
}

/// How Linx signs in to Procore.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// As an application with an id and a secret.
    #[default]
    ClientCredentials,
    /// As a person, in the browser.
    AuthorizationCode,
}

/// `[exaktime]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExakTime {
    /// The host of the API.
    pub api_url: Url,
    /// The warehouse that time is read from.
    pub odata_url: Url,
    /// Whether nothing may be written there, whatever a command says.
    pub read_only: bool,
    /// A ceiling of our own for requests, where the account needs one.
    pub max_requests_per_second: Option<NonZeroU32>,
    /// How the key is sent, where the account wants it otherwise.
    pub auth: ExakTimeAuth,
    /// The names and forms of the API that are not published.
    pub wire: WireProfile,
    /// How the file of `linx export --time-csv` is written.
    pub csv: CsvFormat,
}

/// `[exaktime.auth]`: ways of sending the key, each of which may be left as it is. They can be combined. The key itself
/// comes from the environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExakTimeAuth {
    /// The header that carries it; blank for none.
    pub header: Option<String>,
    /// What stands before it in that header.
    pub prefix: Option<String>,
    /// Whether it is sent as a bearer token.
    pub bearer: Option<bool>,
    /// Its exchange for a token that lives shortly.
    pub login: Option<LoginWire>,
}

impl ExakTime {
    /// What the account is taken to speak, with its way of signing in.
    pub fn wire(&self) -> WireProfile {
        let mut wire = self.wire.clone();
        let auth = &self.auth;
        wire.key.header = auth.header.clone().unwrap_or(wire.key.header);
        wire.key.prefix = auth.prefix.clone().unwrap_or(wire.key.prefix);
        wire.key.bearer = auth.bearer.unwrap_or(wire.key.bearer);
        wire.login = auth.login.clone().or(wire.login);
        wire
    }
}

/// `[ledger]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ledger {
    /// `sqlite://` and a path, relative to the current directory.
    pub url: String,
}

impl Default for Procore {
    fn default() -> Self {
        Self {
            company_id: None,
            api_url: constant(procore_client::API_URL),
            login_url: constant(procore_client::LOGIN_URL),
            grant: Grant::default(),
            login_file: PathBuf::from("linx-login.json"),
            redirect_uri: procore_client::auth::OUT_OF_BAND.to_owned(),
        }
    }
}

impl Default for ExakTime {
    fn default() -> Self {
        Self {
            api_url: constant(exaktime_client::API_URL),
            odata_url: constant(exaktime_client::ODATA_URL),
            read_only: false,
            max_requests_per_second: None,
            auth: ExakTimeAuth::default(),
            wire: WireProfile::default(),
            csv: CsvFormat::default(),
        }
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            url: "sqlite://linx.db".to_owned(),
        }
    }
}

/// An address that the clients name themselves.
fn constant(address: &str) -> Url {
    Url::parse(address).unwrap_or_else(|error| unreachable!("{address}: {error}"))
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// This line of this file.
    File(PathBuf, usize),
    /// This variable.
    Variable(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// A configuration with the sources of what is not a default.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    sources: BTreeMap<String, Source>,
}

impl Loaded {
    /// Where the value of a key such as `procore.api_url` came from; `None` for a default.
    #[cfg(test)]
    fn source(&self, key: &str) -> Option<&Source> {
        self.sources.get(key)
    }

    /// The variables that set something.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.sources.values().filter_map(|source| match source {
            Source::Variable(name) => Some(name.as_str()),
            Source::File(..) => None,
        })
    }

    /// The company, without which no command can talk to Procore.
    pub fn company_id(&self) -> Result<u64, CliError> {
        if let Some(id) = self.config.procore.company_id {
            return Ok(id);
        }
        Err(match &self.file {
            Some(file) => CliError::usage(format!("{} names no Procore company", file.display())).hint(
                "Set company_id under [procore]: the number after /companies/ in the address of Procore's pages.",
            ),
            None => CliError::usage(format!(
                "there is no configuration: no {DEFAULT_FILE} in this folder, and LINX_PROCORE__COMPANY_ID is not set"
            ))
            .hint(format!(
                "`linx init` writes a commented {DEFAULT_FILE}; --config names another file."
            ))
            .hint("`linx demo` needs no configuration."),
        })
    }

    /// The file of the ledger.
    pub fn ledger_path(&self) -> Result<PathBuf, CliError> {
        match self.config.ledger.url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() => Ok(PathBuf::from(path)),
            _ => Err(self.wrong(
                "ledger.url",
                "this is not sqlite:// and a path, such as sqlite://linx.db",
            )),
        }
    }

    /// An error about the value of a key.
    pub fn wrong(&self, key: &str, what: &str) -> CliError {
        wrong(self.sources.get(key), key, what)
    }
}

/// Puts the layers together. `named` is the file of `--config`.
///
/// Errors (wrong configuration) when a file that was named is missing, and at any key or value that is not known.
pub fn load(environment: &Environment, named: Option<&Path>) -> Result<Loaded, CliError> {
    let named = named.map(Path::to_path_buf).or_else(|| {
        environment
            .get(CONFIG_VARIABLE)
            .filter(|name| !name.is_empty())
            .map(PathBuf::from)
    });
    let path = named.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => None,
        Err(error) => {
            return Err(
                CliError::usage(format!("the configuration {} cannot be read", path.display()))
                    .caused_by(error)
                    .hint(format!(
                        "`linx init --config {}` writes a commented one.",
                        path.display()
                    )),
            );
        }
    };
    read(text.as_deref().map(|text| (path.as_path(), text)), environment)
}

/// The same from texts.
fn read(file: Option<(&Path, &str)>, environment: &Environment) -> Result<Loaded, CliError> {
    let mut layers = Layers::default();
    if let Some((path, text)) = file {
        layers.add_file(path, text)?;
    }
    layers.add_environment(environment);
    layers.refuse_secrets()?;
    Ok(Loaded {
        config: layers.deserialize()?,
        file: file.map(|(path, _)| path.to_path_buf()),
        sources: layers.sources,
    })
}

#[derive(Default)]
struct Layers {
    values: Table,
    sources: BTreeMap<String, Source>,
    /// Values of the environment that look like something else than text, as text.
    texts: BTreeMap<String, String>,
}

impl Layers {
    fn add_file(&mut self, path: &Path, text: &str) -> Result<(), CliError> {
        // Only the words and the place are shown, not the line: it may hold a secret in the wrong place.
        let unreadable = |error: toml::de::Error| {
            let line = error.span().map_or(1, |span| line_of(text, &span));
            CliError::usage(format!("{}:{line}: {}", path.display(), error.message().trim()))
                .hint("The file is TOML: texts stand in quotes, tables in [brackets].")
        };
        let spans = DeTable::parse(text).map_err(unreadable)?;
        note_lines(spans.get_ref(), "", &mut |key, span| {
            self.sources
                .insert(key, Source::File(path.to_path_buf(), line_of(text, &span)));
        });
        self.values = toml::from_str(text).map_err(unreadable)?;
        Ok(())
    }

    fn add_environment(&mut self, environment: &Environment) {
        for (name, text) in environment {
            let Some(key) = name
                .strip_prefix(PREFIX)
                .filter(|_| name != CONFIG_VARIABLE && !text.is_empty())
            else {
                continue;
            };
            let key = key.split("__").map(str::to_lowercase).collect::<Vec<_>>().join(".");
            let value = scalar(text);
            if !value.is_str() {
                self.texts.insert(key.clone(), text.clone());
            }
            set(&mut self.values, &key, value);
            self.sources.insert(key, Source::Variable(name.clone()));
        }
    }

    /// Secrets never stand in the configuration.
    fn refuse_secrets(&self) -> Result<(), CliError> {
        const WORDS: [&str; 7] = [
            "secret",
            "password",
            "token",
            "api_key",
            "apikey",
            "client_id",
            "subscription_key",
        ];
        let found = self.sources.iter().find(|(key, _)| {
            let name = key.rsplit('.').next().unwrap_or(key);
            // The wire profile names headers and properties; it has no place for what stands in them.
            !key.starts_with("exaktime.wire.")
                && *key != "exaktime.auth.login.token"
                && WORDS.iter().any(|word| name.contains(word))
        });
        match found {
            None => Ok(()),
            Some((key, source)) => Err(CliError::usage(format!(
                "{source}: {key} is a secret, and secrets never stand in the configuration"
            ))
            .hint(
                "Remove it, and set PROCORE_CLIENT_ID, PROCORE_CLIENT_SECRET and ARCORO_API_KEY in the environment, or \
                 the same with _FILE at the end to name a file.",
            )),
        }
    }

    fn deserialize(&mut self) -> Result<Config, CliError> {
        loop {
            let error = match serde_path_to_error::deserialize(Value::Table(self.values.clone())) {
                Ok(config) => return Ok(config),
                Err(error) => error,
            };
            let key = dotted(error.path());
            // A text such as 0042 looks like a number; where a text is wanted, it is one.
            if let Some(text) = self.texts.remove(&key) {
                set(&mut self.values, &key, Value::String(text));
            } else {
                let error: toml::de::Error = error.into_inner();
                return Err(wrong(self.source_of(&key), &key, error.message().trim()));
            }
        }
    }

    /// The source of a key, or of the first value beneath it.
    fn source_of(&self, key: &str) -> Option<&Source> {
        let beneath = format!("{key}.");
        self.sources.get(key).or_else(|| {
            self.sources
                .iter()
                .find(|(other, _)| other.starts_with(&beneath))
                .map(|(_, source)| source)
        })
    }
}

fn wrong(source: Option<&Source>, key: &str, what: &str) -> CliError {
    let place = source.map_or_else(|| "the default".to_owned(), ToString::to_string);
    CliError::usage(format!("{place}: {key}: {what}")).hint("`linx init` writes a configuration with every key.")
}

/// A TOML value, or the text itself.
fn scalar(text: &str) -> Value {
    let parsed = toml::from_str::<Table>(&format!("value = {text}")).ok();
    parsed
        .and_then(|mut table| table.remove("value").filter(|_| table.is_empty()))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

fn set(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
            if !inner.is_table() {
                *inner = Value::Table(Table::new());
            }
            if let Value::Table(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

/// The keys on the way to where an error is; places in a list are left out.
fn dotted(path: &serde_path_to_error::Path) -> String {
    let keys = path.iter().map_while(|segment| match segment {
        Segment::Map { key } => Some(key.as_str()),
        _ => None,
    });
    keys.collect::<Vec<_>>().join(".")
}

fn note_lines(table: &DeTable<'_>, prefix: &str, note: &mut impl FnMut(String, Range<usize>)) {
    for (key, value) in table {
        let path = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => note_lines(inner, &format!("{path}."), note),
            _ => note(path, key.span()),
        }
    }
}

fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.get(..span.start)
        .map_or(1, |before| before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use linx_core::settings::Import;

    use super::*;

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
}
