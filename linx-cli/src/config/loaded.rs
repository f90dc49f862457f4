//! The configuration that holds, and where each of its values came from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::keys::Config;
use super::layers::{CONFIG_VARIABLE, Environment, Layers, Source, wrong};
use crate::error::CliError;

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "linx.toml";

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
    pub(super) fn source(&self, key: &str) -> Option<&Source> {
        self.sources.get(key)
    }

    /// The names of the variables that set a key.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.sources.values().filter_map(|source| match source {
            Source::Variable(name) => Some(name.as_str()),
            Source::File(..) => None,
        })
    }

    /// The company's number, without which no command can talk to Procore.
    ///
    /// # Errors
    ///
    /// Wrong configuration that says where the number is to be set.
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

    /// The file that the address of the ledger names.
    ///
    /// # Errors
    ///
    /// Wrong configuration for any other address than `sqlite://` and a path.
    pub fn ledger_path(&self) -> Result<PathBuf, CliError> {
        match self.config.ledger.url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() => Ok(PathBuf::from(path)),
            _ => Err(self.wrong(
                "ledger.url",
                "this is not sqlite:// and a path, such as sqlite://linx.db",
            )),
        }
    }

    /// Wrong configuration: what is wrong with the value of a key, with the place of that value.
    pub fn wrong(&self, key: &str, what: &str) -> CliError {
        wrong(self.sources.get(key), key, what)
    }
}

/// The configuration file that was asked for: that of `--config`, otherwise that of `LINX_CONFIG`, otherwise none.
pub fn named_file(environment: &Environment, option: Option<&Path>) -> Option<PathBuf> {
    let variable = environment.get(CONFIG_VARIABLE).filter(|name| !name.is_empty());
    option.map(Path::to_path_buf).or_else(|| variable.map(PathBuf::from))
}

/// Loads the configuration from the file that was asked for, or from `linx.toml` if it is there, and from the environment.
///
/// # Errors
///
/// Wrong configuration when a file that was asked for is missing, and at any key or value that is not known.
pub fn load(environment: &Environment, option: Option<&Path>) -> Result<Loaded, CliError> {
    let named = named_file(environment, option);
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

/// The configuration from the text of a file and the environment.
pub(super) fn read(file: Option<(&Path, &str)>, environment: &Environment) -> Result<Loaded, CliError> {
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
