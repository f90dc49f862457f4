//! Secrets: from a variable, or from a file that a variable names; never from the configuration.

use secrecy::SecretString;

use crate::config::Environment;
use crate::error::CliError;

/// Names the variable that holds the id of the Procore application.
pub const PROCORE_CLIENT_ID: &str = "PROCORE_CLIENT_ID";
/// Names the variable that holds the secret of the Procore application.
pub const PROCORE_CLIENT_SECRET: &str = "PROCORE_CLIENT_SECRET";
/// Names the variable that holds the key of the Arcoro API.
pub const ARCORO_API_KEY: &str = "ARCORO_API_KEY";

/// Returns the secret that the variable `name` holds, or the file that the variable with `_FILE` at its end names.
/// Blanks and line ends around a secret are removed: editors leave them at the end of files.
///
/// # Errors
///
/// Wrong configuration when neither variable is set, when both are, or when the file cannot be read.
pub fn secret(environment: &Environment, name: &str) -> Result<SecretString, CliError> {
    let file_name = format!("{name}_FILE");
    let given = |name: &str| {
        environment
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    };
    match (given(name), given(&file_name)) {
        (Some(value), None) => Ok(value.into()),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| CliError::usage(format!("{file_name} names {path}, which cannot be read")).caused_by(error))?;
            match text.trim() {
                "" => Err(CliError::usage(format!("{file_name} names {path}, which is empty"))),
                value => Ok(value.into()),
            }
        }
        (Some(_), Some(_)) => Err(CliError::usage(format!("{name} and {file_name} are both set")).hint("Unset one of them.")),
        (None, None) => Err(CliError::usage(format!("{name} is not set")).hint(format!(
            "Set {name} in the environment, or {file_name} to name a file that holds it. Secrets never stand in linx.toml."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_secret_comes_from_a_variable_or_a_file_but_not_both() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "from-file\n").unwrap();
        let path = path.to_str().unwrap();
        let read = |pairs: &[(&str, &str)]| secret(&environment(pairs), ARCORO_API_KEY);

        assert_eq!(
            read(&[("ARCORO_API_KEY", " direct ")]).unwrap().expose_secret(),
            "direct"
        );
        assert_eq!(
            read(&[("ARCORO_API_KEY_FILE", path)]).unwrap().expose_secret(),
            "from-file"
        );
        for (wrong, word) in [
            (&[][..], "is not set"),
            (&[("ARCORO_API_KEY", "a"), ("ARCORO_API_KEY_FILE", path)], "both set"),
            (&[("ARCORO_API_KEY_FILE", "/nowhere/key")], "cannot be read"),
        ] {
            let error = read(wrong).unwrap_err();
            assert_eq!(error.kind.code(), 2);
            assert!(error.lines().contains(word), "{}", error.lines());
        }
    }
}
