//! `linx completions`.

use clap::CommandFactory;

use crate::args::{Cli, CompletionsArgs};
use crate::error::{CliError, Status};
use crate::print::Printer;

pub fn run(args: &CompletionsArgs, printer: &Printer) -> Result<Status, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "linx", &mut script);
    printer.out(&String::from_utf8_lossy(&script))?;
    Ok(Status::Done)
}
