//! How a call of a port fails.

use std::error::Error as StdError;

use chrono::{DateTime, Utc};

/// What kind of failure it was, as far as it changes what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The service is gone: it could not be reached, or was not able to answer, tried several times. It is so to every
    /// request, so that there is no use in asking it the next one at once. Another try later may succeed.
    Unavailable,
    /// The service's limit is used up for longer than one call may wait (hazard A8). It is so to every request;
    /// [`PortError::retry_at`] says when to come back. Nobody refused what was asked.
    Limited,
    /// The credential was refused.
    Unauthorized,
    /// A permission is missing, a tool is switched off, or the company is not connected.
    Forbidden,
    /// What was asked for is not there, or not visible to the credential.
    NotFound,
    /// The service refused this very request; the same request will be refused again.
    Refused,
    /// The service answered in a form that is not understood.
    Unreadable,
    /// This implementation of the port has no such call.
    Unsupported,
}

/// A failed call of a port.
///
/// It says from its construction on whether the call may have changed something. `Display` is one line with ids, without a
/// secret, without the service's own words (hazard A14) and without its cause; a program prints the chain of `source`.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct PortError {
    kind: FailureKind,
    may_be_applied: bool,
    message: String,
    words: Option<String>,
    retry_at: Option<DateTime<Utc>>,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl PortError {
    /// A failure that surely changed nothing: the request was refused, never left, or only reads.
    pub fn not_applied(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            may_be_applied: false,
            message: message.into(),
            words: None,
            retry_at: None,
            source: None,
        }
    }

    /// A failure of a write that may have been applied (hazard A1). Linx reads the target before it sends anything again.
    pub fn unknown(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            may_be_applied: true,
            ..Self::not_applied(kind, message)
        }
    }

    /// The failure of a call that this implementation does not have.
    pub(crate) fn unsupported(what: &str) -> Self {
        Self::not_applied(FailureKind::Unsupported, format!("{what}: not supported"))
    }

    /// The same failure of a call that sends several requests, of which an earlier one was stored: whatever became of this one, a
    /// part may stand.
    #[must_use]
    pub fn after_a_part(mut self) -> Self {
        self.may_be_applied = true;
        self
    }

    /// The same failure with its cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same failure with `words` in place of its line where a person reads a report of it: the line together with what
    /// the service said of the values that it refused. They may hold names.
    #[must_use]
    pub fn in_words(mut self, words: impl Into<String>) -> Self {
        self.words = Some(words.into());
        self
    }

    /// The same failure with when to come back, by the clock that the core's [`TimeSource`](super::TimeSource) shows.
    #[must_use]
    pub fn until(mut self, retry_at: DateTime<Utc>) -> Self {
        self.retry_at = Some(retry_at);
        self
    }

    /// When to come back, where the service or a used-up limit tells. Asking before that is of no use.
    pub fn retry_at(&self) -> Option<DateTime<Utc>> {
        self.retry_at
    }

    /// The line for a report: with what the service said where it refused this very request. `Display` is for logs and
    /// has none of it (hazard A14).
    pub fn words(&self) -> &str {
        self.words.as_deref().unwrap_or(&self.message)
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// Whether the write may have been applied although the call failed (hazard A1).
    pub fn may_be_applied(&self) -> bool {
        self.may_be_applied
    }

    /// Whether the failure is about the one project or place that was asked for, so that the others can still be read
    /// (hazard C16).
    pub fn is_about_one_place(&self) -> bool {
        use FailureKind::{Forbidden, NotFound, Refused, Unreadable};
        matches!(self.kind, Forbidden | NotFound | Refused | Unreadable)
    }
}
