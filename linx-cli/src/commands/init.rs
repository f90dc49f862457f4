//! `linx init`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::config::{DEFAULT_FILE, Environment, named_file};
use crate::error::{CliError, Status};
use crate::file;
use crate::print::Printer;

/// Every key with its default, and what it means.
pub const TEMPLATE: &str = include_str!("template.toml");

/// Writes the template where the configuration is looked for. A file that is there is never overwritten.
pub fn run(named: Option<&Path>, environment: &Environment, printer: &Printer) -> Result<Status, CliError> {
    let path = named_file(environment, named).unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
    file::create(&path, TEMPLATE).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => CliError::usage(format!("{} is there already and stays as it is", path.display()))
            .hint("Name another file with --config, or move that one away."),
        _ => file::unwritable(&path, error),
    })?;
    printer.note(&format!(
        "wrote {}\n  Next: fill in procore.company_id, set PROCORE_CLIENT_ID, PROCORE_CLIENT_SECRET and ARCORO_API_KEY,\n  \
         then run `linx doctor`.\n",
        path.display()
    ));
    Ok(Status::Done)
}

#[cfg(test)]
mod tests {
    use linx_core::model::Attribute;
    use linx_core::settings::{ExportSettings, SyncSettings};
    use toml::{Table, Value};

    use super::TEMPLATE;

    /// The template with every commented default made real.
    fn made_real() -> Table {
        let real = |line: &'static str| match line.strip_prefix("# ") {
            Some(rest)
                if rest.starts_with('[') || rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) =>
            {
                rest
            }
            _ => line,
        };
        TEMPLATE
            .lines()
            .map(real)
            .collect::<Vec<_>>()
            .join("\n")
            .parse()
            .unwrap()
    }

    /// The settings that the template does not tell, or tells with another default.
    fn untold(place: &str, defaults: &Table, told: &Table) -> Vec<String> {
        let judge = |(key, default): (&String, &Value)| match (default, told.get(key)) {
            (Value::Table(default), Some(Value::Table(told))) => untold(&format!("{place}.{key}"), default, told),
            (default, Some(told)) if default == told => Vec::new(),
            (default, told) => vec![format!("{place}.{key}: {default} is told as {told:?}")],
        };
        defaults.iter().flat_map(judge).collect()
    }

    #[test]
    fn every_setting_stands_in_the_template_with_its_default() {
        let told = made_real();
        let sync = Table::try_from(SyncSettings::default()).unwrap();
        let export = Table::try_from(ExportSettings::default()).unwrap();
        for (place, defaults) in [("sync", sync), ("export", export)] {
            let untold = untold(place, &defaults, told[place].as_table().unwrap());
            assert!(untold.is_empty(), "{untold:#?}");
        }
        assert!(told["export"].get("time_zone").is_some(), "it has no default");
    }

    #[test]
    fn every_attribute_that_can_have_an_owner_is_named() {
        for attribute in Attribute::ALL {
            assert!(super::TEMPLATE.contains(attribute.as_str()), "{attribute}");
        }
    }
}
