//! What both clients share: their engine's clock, errors and lists as the core's.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use linx_http::{Applied, Clock, Completeness, Error, ErrorKind, Listing, UnreadableRow};

use crate::ports::{Check, FailureKind, PortError, Snapshot, TimeSource, UnreadRow};

/// The clock of the clients as the core's source of the time, so that both see one time.
#[derive(Clone)]
pub struct ClientClock(Arc<dyn Clock>);

impl ClientClock {
    /// Returns a source that takes the time from `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(clock)
    }
}

#[async_trait]
impl TimeSource for ClientClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    async fn sleep(&self, span: Duration) {
        self.0.sleep(span).await;
    }
}

/// Converts an error of the engine to the core's: its line stays the message, what the service said of a refusal its
/// words, when to come back is passed on, its causes stay beneath.
pub(super) fn port_error(error: Error) -> PortError {
    let kind = match error.kind() {
        ErrorKind::Unauthorized => FailureKind::Unauthorized,
        ErrorKind::Forbidden => FailureKind::Forbidden,
        ErrorKind::NotFound => FailureKind::NotFound,
        ErrorKind::Conflict | ErrorKind::Rejected | ErrorKind::ReadOnly | ErrorKind::Configuration => {
            FailureKind::Refused
        }
        ErrorKind::Unreadable
        | ErrorKind::BodyTooLong
        | ErrorKind::ForeignLink
        | ErrorKind::EndlessList
        | ErrorKind::IncompleteList => FailureKind::Unreadable,
        ErrorKind::RateLimited => FailureKind::Limited,
        _ => FailureKind::Unavailable,
    };
    let failed = match error.was_applied() {
        Applied::No => PortError::not_applied(kind, error.to_string()),
        // What was applied and could not be read is found by reading the target, too.
        Applied::Unknown | Applied::Yes => PortError::unknown(kind, error.to_string()),
    };
    let mut failed = failed.in_words(error.words());
    if let Some(at) = error.retry_at() {
        failed = failed.until(at);
    }
    match std::error::Error::source(&error) {
        Some(_) => failed.caused_by(Beneath(error)),
        None => failed,
    }
}

/// An error whose own line was printed already; it shows its cause alone.
#[derive(Debug)]
struct Beneath(Error);

impl std::fmt::Display for Beneath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match std::error::Error::source(&self.0) {
            Some(cause) => write!(f, "{cause}"),
            None => write!(f, "{}", self.0),
        }
    }
}

impl std::error::Error for Beneath {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0).and_then(std::error::Error::source)
    }
}

/// How far this machine's clock may be from a service's before that is worth knowing.
const CLOSE: TimeDelta = TimeDelta::minutes(1);

/// Checks this machine's clock against that of `service`, which is ahead by `difference`. Nothing is paced by ours (hazard
/// D27), but it says what day it is, and the journal bears its times.
pub(super) fn clock_check(service: &str, difference: TimeDelta) -> Check {
    let name = format!("Clock, by {service}'s");
    if difference.abs() <= CLOSE {
        return Check::ok(&name, "within a minute");
    }
    let side = if difference < TimeDelta::zero() {
        "ahead"
    } else {
        "behind"
    };
    Check::warn(
        &name,
        format!("this machine's clock is {} s {side}", difference.abs().num_seconds()),
        "Set this machine's clock, and let the system keep it right",
    )
}

fn unread(row: UnreadableRow) -> UnreadRow {
    UnreadRow {
        id: row.id,
        reason: row.reason,
    }
}

/// Converts a list of the engine to the core's. A row that `convert` gives up counts as unreadable, with the id and the
/// reason that it returns.
pub(super) fn snapshot<T, U>(
    listing: Result<Listing<T>, Error>,
    mut convert: impl FnMut(T) -> Result<U, (String, String)>,
) -> Result<Snapshot<U>, PortError> {
    let listing = listing.map_err(port_error)?;
    let mut snapshot = Snapshot {
        rows: Vec::with_capacity(listing.rows.len()),
        unreadable: listing.unreadable.into_iter().map(unread).collect(),
        incomplete: match listing.completeness {
            Completeness::Complete => None,
            Completeness::Incomplete(why) => Some(why),
        },
        partial_by_nature: false,
    };
    for row in listing.rows {
        match convert(row) {
            Ok(row) => snapshot.rows.push(row),
            Err((id, why)) => snapshot.unreadable.push(UnreadRow::new(id, why)),
        }
    }
    Ok(snapshot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a8_a_used_up_limit_is_no_refusal_and_says_when_to_come_back() {
        let at = DateTime::from_timestamp(1_772_400_000, 0).unwrap();
        let limited = port_error(Error::not_applied(ErrorKind::RateLimited, "the rate limit is used up").until(at));
        assert_eq!((limited.kind(), limited.retry_at()), (FailureKind::Limited, Some(at)));
        assert!(!limited.may_be_applied() && !limited.is_about_one_place());
        let busy = port_error(Error::unknown(ErrorKind::Unavailable, "the server could not answer").until(at));
        assert_eq!((busy.kind(), busy.retry_at()), (FailureKind::Unavailable, Some(at)));
        let gone = port_error(Error::not_applied(ErrorKind::Connect, "could not connect"));
        assert_eq!((gone.kind(), gone.retry_at()), (FailureKind::Unavailable, None));
    }
}
