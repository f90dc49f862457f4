//! `linx init`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::config::{CONFIG_VARIABLE, DEFAULT_FILE, Environment};
use crate::error::{CliError, Status};
use crate::print::Printer;

/// Every key with its default, and what it means.
pub const TEMPLATE: &str = include_str!("template.toml");

/// Writes the template where the configuration is looked for. A file that is there is never overwritten.
pub fn run(named: Option<&Path>, environment: &Environment, printer: &Printer) -> Result<Status, CliError> {
    let variable = environment.get(CONFIG_VARIABLE).filter(|name| !name.is_empty());
    let path = named
        .map(Path::to_path_buf)
        .or_else(|| variable.map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
    let created = OpenOptions::new().write(true).create_new(true).open(&path);
    let mut file = created.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => CliError::usage(format!("{} is there already and stays as it is", path.display()))
            .hint("Name another file with --config, or move that one away."),
        _ => CliError::failed(format!("{} could not be written", path.display())).caused_by(error),
    })?;
    file.write_all(TEMPLATE.as_bytes())
        .map_err(|error| CliError::failed(format!("{} could not be written", path.display())).caused_by(error))?;
    printer.note(&format!(
        "wrote {}\n  Next: fill in procore.company_id, set PROCORE_CLIENT_ID, PROCORE_CLIENT_SECRET and ARCORO_API_KEY,\n  \
         then run `linx doctor`.\n",
        path.display()
    ));
    Ok(Status::Done)
}
