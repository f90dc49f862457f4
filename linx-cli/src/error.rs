//! Errors of the program: what went wrong, its cause, the way out; and the exit status that goes with it.

use std::error::Error as StdError;
use std::fmt::Write;

use linx_core::LinxError;
use linx_core::ledger::LedgerError;
use linx_core::ports::{FailureKind, PortError};

use crate::print::visible::visible;

/// What kind of failure, as far as the exit status tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It could not be done.
    Failed,
    /// The command line or the configuration is wrong.
    Usage,
    /// Another run holds the lease.
    Busy,
}

/// A command that could not do its work.
#[derive(Debug)]
pub struct CliError {
    /// What kind of failure; it decides the exit status.
    pub kind: Kind,
    /// What went wrong, in one line.
    pub message: String,
    /// Ways out, one a line.
    pub hints: Vec<String>,
    /// The error that led to this one.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

/// How a command that ran to its end went; the numbers are the program's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done, and nothing needs a person.
    Done,
    /// It could not be done, or a check fails.
    Failed,
    /// Done, but something is held, in conflict, incomplete, waiting or failed in part.
    Held,
    /// The guard refused a group of changes.
    Refused,
}

impl Status {
    /// How a sync or an export went. The guard's refusal weighs more than what is held.
    pub fn of_run(refused: usize, held: usize) -> Self {
        match (refused, held) {
            (0, 0) => Self::Done,
            (0, _) => Self::Held,
            _ => Self::Refused,
        }
    }

    /// The number that the program ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Held => 3,
            Self::Refused => 4,
        }
    }
}

impl Kind {
    /// The number that the program ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Busy => 5,
        }
    }
}

impl CliError {
    /// An error of a kind, without hints or a cause.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hints: Vec::new(),
            source: None,
        }
    }

    /// An error for what could not be done.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// An error for a command line or a configuration that is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// An error of one service: which one, what its port said, and what to check.
    fn of_side(name: &str, error: PortError, side: &Side) -> Self {
        Self::failed(format!("{name}: {}", error.words()))
            .hint(port_hint(&error, side))
            .caused_by(error)
    }

    /// Adds a way out, printed on a line of its own.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the error that led to this one.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the lines that a person reads: what went wrong, every cause that adds something, the ways out.
    pub fn lines(&self) -> String {
        let mut text = format!("error: {}\n", visible(&self.message));
        let mut said = self.message.clone();
        let mut cause: Option<&(dyn StdError + 'static)> = self.source.as_deref().map(|source| source as _);
        while let Some(error) = cause {
            let line = error.to_string();
            // Many errors repeat their cause in their own line.
            if !said.contains(&line) {
                let _ = writeln!(text, "  cause: {}", visible(&line));
                said.push_str(&line);
            }
            cause = error.source();
        }
        for hint in &self.hints {
            let _ = writeln!(text, "  hint: {}", visible(hint));
        }
        text
    }
}

impl From<LinxError> for CliError {
    fn from(error: LinxError) -> Self {
        match error {
            LinxError::Ledger(error) => error.into(),
            error @ LinxError::NotThere { .. } => {
                Self::usage(error.to_string()).hint("Give its number or code as ExakTime has it, or its ExakTime id.")
            }
            error @ LinxError::NotOneWorker { .. } => Self::usage(error.to_string())
                .hint("Run `linx sync --apply`, or give its ExakTime id; `linx links list` tells what is linked."),
            error @ LinxError::PartOfDay { .. } => {
                Self::usage(error.to_string()).hint("Export whole days, or choose employees.")
            }
            LinxError::Office(error) => Self::of_side("Procore", error, &OFFICE),
            LinxError::Field(error) => Self::of_side("ExakTime", error, &FIELD),
            error => {
                let hint = match &error {
                    LinxError::Stale(_) => {
                        Some("Plan anew with `linx sync` or `linx export`; --save keeps the plan.".to_owned())
                    }
                    _ => None,
                };
                Self {
                    kind: Kind::Failed,
                    message: error.to_string(),
                    hints: hint.into_iter().collect(),
                    source: Some(Box::new(error)),
                }
            }
        }
    }
}

impl From<LedgerError> for CliError {
    fn from(error: LedgerError) -> Self {
        let (kind, hint) = match &error {
            LedgerError::Busy(_) | LedgerError::LeaseLost(_) => {
                (Kind::Busy, Some("Wait until it has ended, then run again."))
            }
            LedgerError::WrongPair { .. } => (
                Kind::Usage,
                Some("Name another file in [ledger] url, or correct [procore] and [exaktime]."),
            ),
            LedgerError::Damaged(_) => (
                Kind::Failed,
                Some(
                    "Move the file away and keep it; then put a copy there, or start `linx sync` and `linx export` anew.",
                ),
            ),
            LedgerError::Store(..) => (Kind::Failed, Some("Check [ledger] url and who may write there.")),
            _ => (Kind::Failed, None),
        };
        Self {
            kind,
            message: error.to_string(),
            hints: hint.map(str::to_owned).into_iter().collect(),
            source: Some(Box::new(error)),
        }
    }
}

/// What to check when requests to one service fail.
struct Side {
    secrets: &'static str,
    addresses: &'static str,
    not_found: &'static str,
}

const OFFICE: Side = Side {
    secrets: "Check PROCORE_CLIENT_ID and PROCORE_CLIENT_SECRET: are both of this environment's application?",
    addresses: "Check [procore] api_url and login_url, and the network.",
    not_found: "Check [procore] company_id, and that the application is installed in this company.",
};

const FIELD: Side = Side {
    secrets: "Check ARCORO_API_KEY: is it valid for this account?",
    addresses: "Check [exaktime] api_url and odata_url, and the network.",
    not_found: "Check [exaktime] api_url and odata_url.",
};

fn port_hint(error: &PortError, side: &Side) -> String {
    let hint = match error.kind() {
        FailureKind::Unauthorized => side.secrets,
        FailureKind::Forbidden | FailureKind::NotFound => side.not_found,
        FailureKind::Unavailable => side.addresses,
        FailureKind::Limited => {
            return "Come back at the time that is told. Other programs with the same credential share its limit."
                .into();
        }
        _ => return "`linx doctor` checks every prerequisite.".to_owned(),
    };
    format!("{hint} `linx doctor` checks every prerequisite.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(kind: FailureKind) -> PortError {
        PortError::not_applied(kind, "GET /people: could not connect")
            .caused_by(std::io::Error::other("connection refused"))
    }

    #[test]
    fn an_error_tells_what_cause_and_way_out_once() {
        let error = CliError::from(LinxError::Office(port(FailureKind::Unavailable)));
        assert_eq!(
            error.lines(),
            "error: Procore: GET /people: could not connect\n  cause: connection refused\n  hint: Check [procore] \
             api_url and login_url, and the network. `linx doctor` checks every prerequisite.\n"
        );
        assert_eq!(error.kind.code(), 1);
    }

    #[test]
    fn b8_a_held_lease_has_its_own_status() {
        let error = CliError::from(LinxError::from(LedgerError::Busy(linx_core::ledger::Direction::Export)));
        assert_eq!(error.kind.code(), 5);
        assert!(error.lines().contains("another export run is at work"));
    }

    #[test]
    fn each_failure_names_what_to_check() {
        for (kind, word) in [
            (FailureKind::Unauthorized, "PROCORE_CLIENT_SECRET"),
            (FailureKind::Forbidden, "company_id"),
            (FailureKind::NotFound, "company_id"),
            (FailureKind::Limited, "Come back"),
            (FailureKind::Unreadable, "linx doctor"),
        ] {
            assert!(CliError::from(LinxError::Office(port(kind))).hints[0].contains(word));
        }
    }
}
