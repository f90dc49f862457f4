//! The file and the environment, put over each other key by key, with the source of each value.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_path_to_error::Segment;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::keys::Config;
use crate::error::CliError;

/// The environment as the program found it.
pub type Environment = BTreeMap<String, String>;

/// Names the configuration file.
pub const CONFIG_VARIABLE: &str = "LINX_CONFIG";
const PREFIX: &str = "LINX_";

/// How many levels of tables a variable may name: more than there are. One that names more is an unknown key.
const DEEPEST: usize = 10;

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

/// Values that are not defaults, by key.
#[derive(Default)]
pub struct Layers {
    values: Table,
    /// Where each came from, by a key such as `procore.api_url`.
    pub sources: BTreeMap<String, Source>,
    /// Values of the environment that look like something else than text, as text.
    texts: BTreeMap<String, String>,
}

impl Layers {
    /// Takes every value of a file.
    ///
    /// # Errors
    ///
    /// Wrong configuration where the text is not TOML.
    pub fn add_file(&mut self, path: &Path, text: &str) -> Result<(), CliError> {
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

    /// Takes every value of the environment; it goes before what was there.
    pub fn add_environment(&mut self, environment: &Environment) {
        for (name, text) in environment {
            let Some(key) = name
                .strip_prefix(PREFIX)
                .filter(|_| name != CONFIG_VARIABLE && !text.is_empty())
            else {
                continue;
            };
            let key = key
                .splitn(DEEPEST, "__")
                .map(str::to_lowercase)
                .collect::<Vec<_>>()
                .join(".");
            let value = scalar(text);
            if !value.is_str() {
                self.texts.insert(key.clone(), text.clone());
            }
            set(&mut self.values, &key, value);
            self.sources.insert(key, Source::Variable(name.clone()));
        }
    }

    /// Refuses a key that looks like a secret: secrets never stand in the configuration.
    ///
    /// # Errors
    ///
    /// Wrong configuration that names the key and its place, and not its value.
    pub fn refuse_secrets(&self) -> Result<(), CliError> {
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

    /// The values with the defaults of all others.
    ///
    /// # Errors
    ///
    /// Wrong configuration at the first key or value that is not known, with its place.
    pub fn deserialize(&mut self) -> Result<Config, CliError> {
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

/// Wrong configuration: what is wrong with the value of a key, and where that stands.
pub fn wrong(source: Option<&Source>, key: &str, what: &str) -> CliError {
    let place = source.map_or_else(|| "the default".to_owned(), ToString::to_string);
    CliError::usage(format!("{place}: {key}: {what}")).hint("`linx init` writes a configuration with every key.")
}

/// What a variable holds: a TOML value where it reads as one, such as `7`, `true` or `["workers"]`; otherwise text.
fn scalar(text: &str) -> Value {
    let parsed = toml::from_str::<Table>(&format!("value = {text}")).ok();
    parsed
        .and_then(|mut table| table.remove("value").filter(|_| table.is_empty()))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Puts a value at a dotted key, and makes the tables on the way.
fn set(table: &mut Table, key: &str, value: Value) {
    let path: Vec<&str> = key.splitn(DEEPEST, '.').collect();
    set_at(table, &path, value);
}

fn set_at(table: &mut Table, path: &[&str], value: Value) {
    let [first, rest @ ..] = path else {
        return;
    };
    if rest.is_empty() {
        table.insert((*first).to_owned(), value);
        return;
    }
    let inner = table.entry(*first).or_insert_with(|| Value::Table(Table::new()));
    if !inner.is_table() {
        *inner = Value::Table(Table::new());
    }
    if let Value::Table(inner) = inner {
        set_at(inner, rest, value);
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

/// Calls `note` with the dotted key of each value, and where that key stands in the text.
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
