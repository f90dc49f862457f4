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
    let state = random_state()?;
    printer.out(&format!("{}\n", login.page(&state)))?;
    printer.note(
        "Open this page in a browser, agree, and paste the code that it shows, or the address it sends you to:\n",
    );
    let mut pasted = String::new();
    let read = std::io::stdin().lock().read_line(&mut pasted);
    read.map_err(|error| CliError::failed("the code could not be read").caused_by(error))?;
    let code = match Pasted::read(&pasted) {
        Pasted::Nothing => return Err(CliError::usage("no code was given").hint("Run `linx auth login` again.")),
        Pasted::Address { code, state: back } if is_same(&back, &state) => code,
        Pasted::Address { .. } => {
            return Err(
                CliError::usage("this address does not belong to the page that was shown")
                    .hint("Run `linx auth login` again, and open the page that it shows: another's code is not taken."),
            );
        }
        Pasted::Code(code) => {
            printer.note(
                "A code alone does not say which page it came from: go on only if you opened the page yourself.\n",
            );
            code
        }
    };
    login.complete(&code).await.map_err(failed)?;
    printer.note("Logged in.\n");
    if loaded.config.procore.grant != Grant::AuthorizationCode {
        printer.note("Set grant = \"authorization_code\" under [procore] to use it.\n");
    }
    Ok(Status::Done)
}

/// Returns what no other can guess and what has to come back with the code, from the system's cryptographic source.
///
/// PKCE would bind the code to this process even where only the code is pasted. Procore's pages do not tell of it
/// (procore-api.md section 1.3), so that nothing is sent that it may refuse.
fn random_state() -> Result<String, CliError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| CliError::failed("the system has no randomness").caused_by(error.to_string()))?;
    Ok(bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

/// Whether two texts are the same, in a time that does not tell how far they are.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one
            .bytes()
            .zip(other.bytes())
            .fold(0, |unlike, (one, other)| unlike | (one ^ other))
            == 0
}

/// What a person pasted after agreeing.
#[derive(Debug, PartialEq, Eq)]
enum Pasted {
    Nothing,
    /// The code that the page shows. Nothing tells whose page it was: `state` cannot be compared.
    Code(String),
    /// The address that the browser was sent to.
    Address {
        code: String,
        state: String,
    },
}

impl Pasted {
    fn read(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Nothing;
        }
        let Some((_, query)) = text.split_once('?') else {
            return Self::Code(text.to_owned());
        };
        let value = |wanted: &str| {
            let mut pairs = url::form_urlencoded::parse(query.split('#').next().unwrap_or_default().as_bytes());
            let found = pairs.find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        Self::Address {
            code: value("code"),
            state: value("state"),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_login_has_a_state_that_no_other_has() {
        let states: std::collections::BTreeSet<String> = (0..100).map(|_| random_state().unwrap()).collect();
        assert_eq!(states.len(), 100);
        assert!(states.iter().all(|state| state.len() == 64));
        let state = states.first().unwrap();
        assert!(is_same(state, state));
        assert!(
            !is_same(state, &state[1..])
                && !is_same(state, "")
                && !is_same(state, &state.to_uppercase().replace('0', "1"))
        );
    }

    #[test]
    fn a_code_and_an_address_are_told_apart() {
        let address = |code: &str, state: &str| Pasted::Address {
            code: code.to_owned(),
            state: state.to_owned(),
        };
        assert_eq!(Pasted::read(" \n"), Pasted::Nothing);
        assert_eq!(Pasted::read(" a-code\n"), Pasted::Code("a-code".to_owned()));
        let back = "http://127.0.0.1:7702/done?code=a-code&state=a+state#end\n";
        assert_eq!(Pasted::read(back), address("a-code", "a state"));
        assert_eq!(Pasted::read("http://127.0.0.1/done?code=a-code"), address("a-code", ""));
    }
}
