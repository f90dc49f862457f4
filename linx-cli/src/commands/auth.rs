//! `linx auth`.

use std::io::BufRead;

use linx_http::ErrorKind;
use procore_client::auth::Login;
use serde::Serialize;

use crate::args::AuthCommand;
use crate::compose;
use crate::config::{Environment, Grant, Loaded};
use crate::error::{CliError, Status};
use crate::print::Printer;
use crate::print::document::{Block, Document, Tone};

/// How a login stands, as a script reads it.
#[derive(Serialize)]
struct LoginStatus {
    logged_in: bool,
    /// Seconds until the present token ends; it is renewed then.
    expires_in_seconds: Option<i64>,
}

pub async fn run(
    command: AuthCommand,
    loaded: &Loaded,
    environment: &Environment,
    printer: &Printer,
) -> Result<Status, CliError> {
    let login = compose::login(loaded, environment)?;
    match command {
        AuthCommand::Login => log_in(&login, loaded, printer).await,
        AuthCommand::Status if loaded.config.procore.grant == Grant::ClientCredentials => {
            printer.note(
                "[procore] grant is client_credentials: runs sign in as the application, without a person's login.\n",
            );
            status(&login, printer).await
        }
        AuthCommand::Status => status(&login, printer).await,
        AuthCommand::Logout => {
            login.logout().await.map_err(failed)?;
            printer.note("The login is ended.\n");
            Ok(Status::Done)
        }
    }
}

async fn log_in(login: &Login, loaded: &Loaded, printer: &Printer) -> Result<Status, CliError> {
    let guard: String = std::iter::repeat_with(fastrand::alphanumeric).take(32).collect();
    printer.out(&format!("{}\n", login.page(&guard)))?;
    printer.note("Open this page in a browser, agree, and paste the code that it shows:\n");
    let mut code = String::new();
    let read = std::io::stdin().lock().read_line(&mut code);
    read.map_err(|error| CliError::failed("the code could not be read").caused_by(error))?;
    match code.trim() {
        "" => return Err(CliError::usage("no code was given").hint("Run `linx auth login` again.")),
        code => login.complete(code).await.map_err(failed)?,
    }
    printer.note("Logged in.\n");
    if loaded.config.procore.grant != Grant::AuthorizationCode {
        printer.note("Set grant = \"authorization_code\" under [procore] to use it.\n");
    }
    Ok(Status::Done)
}

async fn status(login: &Login, printer: &Printer) -> Result<Status, CliError> {
    let (login, tone, words) = match login.info().await {
        Ok(None) => (None, Tone::Warn, "Nobody has logged in: `linx auth login`.".to_owned()),
        Ok(Some(info)) => {
            let minutes = info.expires_in_seconds.map_or(0, |seconds| seconds / 60);
            let words = format!("Logged in. The present token lasts {minutes} more minutes and is renewed by itself.");
            (Some(info.expires_in_seconds), Tone::Good, words)
        }
        Err(error) if error.kind() == ErrorKind::Unauthorized => {
            let words = "There is a login. Its token has ended, and the next run renews it.".to_owned();
            (Some(Some(0)), Tone::Plain, words)
        }
        Err(error) => return Err(failed(error)),
    };
    let value = LoginStatus {
        logged_in: login.is_some(),
        expires_in_seconds: login.flatten(),
    };
    printer.report(
        &Document::new("Login to Procore").with([Block::text(tone, words)]),
        &value,
    )?;
    Ok(if value.logged_in { Status::Done } else { Status::Failed })
}

fn failed(error: linx_http::Error) -> CliError {
    let hint = match error.kind() {
        ErrorKind::Rejected => "A code works once and for ten minutes: run `linx auth login` again.",
        ErrorKind::Unauthorized => "Check PROCORE_CLIENT_ID and PROCORE_CLIENT_SECRET.",
        ErrorKind::Configuration => "Check [procore] login_file, and who may write there.",
        _ => "Check [procore] login_url, and the network.",
    };
    CliError::failed(format!("Procore: {}", error.words()))
        .caused_by(error)
        .hint(hint)
}
