//! The program `linx`: arguments, configuration and printing around `linx-core`.

mod args;
mod commands;
mod compose;
mod config;
mod error;
mod file;
mod print;
mod process;
mod secrets;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::args::{Cli, Global};
use crate::config::Environment;
use crate::error::{CliError, Status};
use crate::print::Printer;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let printer = Printer::new(&cli.global);
    listen(&cli.global);
    // Variables that are no text cannot be ours.
    let environment: Environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    match run(&cli, &environment, &printer) {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) => {
            printer.error(&error);
            ExitCode::from(error.kind.code())
        }
    }
}

fn run(cli: &Cli, environment: &Environment, printer: &Printer) -> Result<Status, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::failed("the program cannot start").caused_by(error))?;
    runtime.block_on(commands::run(cli, environment, printer))
}

/// Logs go to stderr where they were asked for; an error that no report tells of goes there always, unless quiet was asked
/// for: a login that could not be stored (hazard A9). They hold ids, never names or secrets.
fn listen(global: &Global) {
    let level = match global.verbose {
        0 if global.quiet => return,
        0 => "linx_http=error",
        1 => "linx_core=debug,linx_http=debug,procore_client=debug,exaktime_client=debug",
        _ => "linx_core=trace,linx_http=trace,procore_client=trace,exaktime_client=trace",
    };
    let color = global.color.choice();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(move || anstream::AutoStream::new(std::io::stderr(), color))
        .init();
}
