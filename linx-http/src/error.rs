//! The one error type: what was tried, what came of it, and whether trying again can help.

use std::error::Error as StdError;
use std::fmt;

use chrono::{DateTime, Utc};
use http::StatusCode;

use crate::transport::Sent;

/// What kind of failure it was, by what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The builder was given something that cannot work (an address without HTTPS, for instance).
    Configuration,
    /// A write was refused here, by the client's read-only switch. Nothing was sent.
    ReadOnly,
    /// No connection could be made. Nothing was sent.
    Connect,
    /// No answer came within the time limit.
    Timeout,
    /// The connection broke before the answer was whole.
    Interrupted,
    /// 401: the credential is wrong, expired or revoked. Told after one renewal, but for a create: that is not sent a
    /// second time, and may have been applied (hazard A16).
    Unauthorized,
    /// 403: a missing permission, a tool that is off, an app that is not installed. Not a matter of tokens.
    Forbidden,
    /// 404: absent, or not visible to this credential.
    NotFound,
    /// 409: it exists already.
    Conflict,
    /// 400, 406, 413, 422 and other refusals of this very request (hazard A2: never sent again as it is).
    Rejected,
    /// 429, or a wait longer than a call may take: for a read a minute unless set otherwise, for a write 15 seconds.
    /// [`Error::retry_at`] says when to come back.
    RateLimited,
    /// 408, 5xx: the server could not. A write may have been applied.
    Unavailable,
    /// The answer's status was fine and its body was not what was promised.
    Unreadable,
    /// The body of the answer was longer than the transport takes in, and was left (hazard A18). Not tried again: the same
    /// request would be answered at the same length.
    BodyTooLong,
    /// The server pointed a list's next page at another origin (hazard A7). Not followed.
    ForeignLink,
    /// A list repeats a page for ever (hazard A6), or passes a bound of
    /// [`ListBounds`](crate::pagination::ListBounds) (hazard A18).
    EndlessList,
    /// A stream of rows ended, and they are not known to be all (hazards A6, A17).
    IncompleteList,
}

/// Whether a request that failed was applied all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It surely was not applied: it never left, or the service itself refused this one record (hazard A16).
    No,
    /// It may have been applied (hazard A1): read the target before sending it again.
    Unknown,
    /// It was applied; only its answer could not be read.
    Yes,
}

/// A failed request. Match on its [`kind`](Error::kind); for a write ask [`was_applied`](Error::was_applied) as well.
///
/// `Display` is one line without the cause; a program prints the chain of `source`. It holds ids and statuses, never the
/// server's own words, a token, a query or a request body (hazard A14), so that it may go to a log. What the server said
/// of a refusal is told by [`words`](Error::words), for a report.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    applied: Applied,
    operation: Option<String>,
    detail: String,
    status: Option<StatusCode>,
    request_id: Option<String>,
    messages: Vec<String>,
    attempts: u32,
    retry_at: Option<DateTime<Utc>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Returns an error of a request that surely changed nothing: it never left, was refused, or only reads.
    pub fn not_applied(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self::with(kind, Applied::No, detail.into())
    }

    /// Returns an error of a write that may have been applied (hazard A1).
    pub fn unknown(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self::with(kind, Applied::Unknown, detail.into())
    }

    /// Returns an error of a write that was applied and whose answer could not be read.
    pub fn applied(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self::with(kind, Applied::Yes, detail.into())
    }

    pub(crate) fn with(kind: ErrorKind, applied: Applied, detail: String) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                applied,
                operation: None,
                detail,
                status: None,
                request_id: None,
                messages: Vec::new(),
                attempts: 0,
                retry_at: None,
                source: None,
            }),
        }
    }

    /// Adds the operation, as [`crate::Endpoint::operation`] tells it.
    #[must_use]
    pub fn during(mut self, operation: impl Into<String>) -> Self {
        self.inner.operation = Some(operation.into());
        self
    }

    /// Replaces what is known of whether it was applied, for a step that knows more: a record that was made and could
    /// not be read back was applied, although its reading changed nothing.
    #[must_use]
    pub fn with_applied(mut self, applied: Applied) -> Self {
        self.inner.applied = applied;
        self
    }

    /// Adds the answer's status, request id and messages.
    #[must_use]
    pub fn answered(mut self, status: StatusCode, request_id: Option<String>, messages: Vec<String>) -> Self {
        self.inner.status = Some(status);
        self.inner.request_id = request_id;
        self.inner.messages = messages;
        self
    }

    /// Adds how many times it was tried.
    #[must_use]
    pub fn after(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    /// Adds when trying again can help.
    #[must_use]
    pub fn until(mut self, retry_at: DateTime<Utc>) -> Self {
        self.inner.retry_at = Some(retry_at);
        self
    }

    /// Adds the cause beneath.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// Returns what kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns whether the request was, was not or may have been applied.
    pub fn was_applied(&self) -> Applied {
        self.inner.applied
    }

    /// Returns whether a request that got no usable answer may have reached the server.
    pub fn sent(&self) -> Sent {
        match (self.inner.applied, self.inner.status) {
            (Applied::No, None) => Sent::No,
            _ => Sent::Maybe,
        }
    }

    /// Returns what was tried: method and path.
    pub fn operation(&self) -> Option<&str> {
        self.inner.operation.as_deref()
    }

    /// Returns the answer's status, if there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// Returns the server's id of the request (`x-request-id`), for a support case.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// Returns what the server said, out of any of the error shapes in use: at most five texts of 200 characters. They may
    /// hold names: [`words`](Self::words) has those that belong into a report, and none belongs into a log (hazard A14).
    pub fn messages(&self) -> &[String] {
        &self.inner.messages
    }

    /// Returns how many times it was tried.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Returns when to come back, where the server or a used-up limit tells.
    pub fn retry_at(&self) -> Option<DateTime<Utc>> {
        self.inner.retry_at
    }

    /// Returns the line of `Display` together with what the server said where it refused this very request (4xx), for the
    /// report to the person who can mend it: "the worker is not on the project".
    ///
    /// The words of a refusal are about the values that were sent. Those of a 5xx explain nothing that a person could
    /// mend and may quote anything, such as another person's name, so that they are in [`messages`](Self::messages) only.
    pub fn words(&self) -> String {
        let refused =
            self.status().is_some_and(|status| status.is_client_error()) && self.kind() != ErrorKind::Unavailable;
        if refused && !self.messages().is_empty() {
            format!("{self}: {}", self.messages().join("; "))
        } else {
            self.to_string()
        }
    }

    /// Whether the same request can succeed later without anybody changing anything. Never true of a write that may
    /// have been applied: that one is to be read before it is sent again (hazard A1).
    pub fn is_transient(&self) -> bool {
        self.inner.applied == Applied::No
            && matches!(
                self.inner.kind,
                ErrorKind::Connect
                    | ErrorKind::Timeout
                    | ErrorKind::Interrupted
                    | ErrorKind::RateLimited
                    | ErrorKind::Unavailable
            )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        if let Some(operation) = &inner.operation {
            write!(f, "{operation}: ")?;
        }
        if let Some(status) = inner.status {
            write!(f, "{status}: ")?;
        }
        f.write_str(&inner.detail)?;
        if inner.applied == Applied::Unknown {
            f.write_str(" (it may be stored: read before sending it again)")?;
        } else if let Some(at) = inner.retry_at {
            write!(f, " (try again after {})", at.format("%Y-%m-%d %H:%M:%S UTC"))?;
        }
        if inner.attempts > 1 {
            write!(f, " (tried {} times)", inner.attempts)?;
        }
        if let Some(id) = &inner.request_id {
            write!(f, " (request id {id})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("applied", &self.inner.applied)
            .field("text", &self.to_string())
            .field("source", &self.inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.inner.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_with_all_that_is_known() {
        let error = Error::not_applied(ErrorKind::RateLimited, "the rate limit is used up")
            .during("GET /things")
            .answered(
                StatusCode::TOO_MANY_REQUESTS,
                Some("r-1".to_owned()),
                vec!["slow".to_owned(), "down".to_owned()],
            )
            .after(4)
            .until(DateTime::from_timestamp(1_772_400_000, 0).unwrap())
            .caused_by("the cause");
        assert_eq!(
            error.to_string(),
            "GET /things: 429 Too Many Requests: the rate limit is used up \
             (try again after 2026-03-01 21:20:00 UTC) (tried 4 times) (request id r-1)"
        );
        assert_eq!(
            error.words(),
            "GET /things: 429 Too Many Requests: the rate limit is used up \
             (try again after 2026-03-01 21:20:00 UTC) (tried 4 times) (request id r-1): slow; down"
        );
        assert_eq!(error.source().unwrap().to_string(), "the cause");
        assert!(error.is_transient());
    }

    #[test]
    fn a14_the_words_of_the_server_are_told_of_a_refusal_only_and_never_displayed() {
        for (status, told) in [(422, true), (403, true), (500, false), (503, false), (302, false)] {
            let messages = vec!["Quinn Example is not on the project".to_owned()];
            let error = Error::not_applied(ErrorKind::Rejected, "refused").answered(
                StatusCode::from_u16(status).unwrap(),
                None,
                messages.clone(),
            );
            assert!(!format!("{error} {error:?}").contains("Quinn"), "{status}");
            assert_eq!(error.words().contains("Quinn"), told, "{status}");
            assert_eq!(error.messages(), messages);
        }
    }

    #[test]
    fn only_what_was_not_applied_and_not_answered_was_surely_not_sent() {
        let error = || Error::not_applied(ErrorKind::Connect, "x");
        assert_eq!(error().sent(), Sent::No);
        assert_eq!(error().with_applied(Applied::Unknown).sent(), Sent::Maybe);
        let answered = error().answered(StatusCode::CONFLICT, None, Vec::new());
        assert_eq!((answered.was_applied(), answered.sent()), (Applied::No, Sent::Maybe));
    }
}
