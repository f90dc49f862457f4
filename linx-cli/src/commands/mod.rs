//! One file a command. Each reads its options, calls the core and hands the result to the printer.

pub mod apply;
pub mod auth;
pub mod beside;
pub mod completions;
pub mod demo;
pub mod doctor;
pub mod explain;
pub mod export;
pub mod history;
pub mod init;
pub mod links;
pub mod sandbox;
pub mod sync;

use crate::args::{Cli, Command};
use crate::config::{self, Environment};
use crate::error::{CliError, Status};
use crate::print::Printer;

/// Does what was asked for.
pub async fn run(cli: &Cli, environment: &Environment, printer: &Printer) -> Result<Status, CliError> {
    printer.check_page()?;
    let load = || config::load(environment, cli.global.config.as_deref());
    match &cli.command {
        Command::Demo => demo::run(printer).await,
        Command::Sandbox(args) => sandbox::run(args, printer).await,
        Command::Init => init::run(cli.global.config.as_deref(), environment, printer),
        Command::Doctor => doctor::run(&load()?, environment, printer).await,
        Command::Sync(args) => sync::run(args, &load()?, environment, printer).await,
        Command::Export(args) => export::run(args, &load()?, environment, printer).await,
        Command::Apply(args) => apply::run(args, &load()?, environment, printer).await,
        Command::Links(command) => links::run(command, &load()?, environment, printer).await,
        Command::Beside(args) => beside::run(args, &load()?, environment, printer).await,
        Command::History(args) => history::run(args, &load()?, printer).await,
        Command::Explain(args) => explain::run(args, printer),
        Command::Auth(command) => auth::run(*command, &load()?, environment, printer).await,
        Command::Completions(args) => completions::run(args, printer),
    }
}
