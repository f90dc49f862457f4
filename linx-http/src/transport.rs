//! The port to the network: one request value in, one response value or a failure that says whether it was sent.

use std::error::Error as StdError;
use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

/// Sends one HTTP request and returns the whole response.
///
/// An implementation adds nothing of its own: no retries, no redirects followed, no headers but those that the wire
/// needs. It bounds the body that it takes in (hazard A18). It may be cancelled by dropping the future; the request then counts as "may have been sent".
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request` once. An answer of any status is `Ok`.
    ///
    /// # Errors
    ///
    /// Why there is no whole answer, and whether the request may have reached the server. A body cut in the middle is
    /// [`Sent::Maybe`].
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError>;
}

/// Whether a request that failed without an answer may have reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It surely never left: the connection was not made. Any request may be sent again.
    No,
    /// It may have been applied (hazard A1). Only what may be repeated is sent again.
    Maybe,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The connection could not be made: unknown host, refused, TLS.
    Connect,
    /// A time limit passed.
    Timeout,
    /// The connection broke, or the body was cut.
    Interrupted,
    /// The answer's body was longer than this many bytes, and was left (hazard A18).
    BodyTooLong(usize),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("could not connect"),
            Self::Timeout => f.write_str("timed out"),
            Self::Interrupted => f.write_str("the connection broke"),
            Self::BodyTooLong(most) => write!(
                f,
                "the answer is longer than {most} bytes after unpacking; ask for less at once, or allow longer bodies"
            ),
        }
    }
}

/// A request that got no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[error("{failure}")]
pub struct TransportError {
    /// Whether the request may have been applied.
    pub sent: Sent,
    /// What went wrong.
    pub failure: Failure,
    /// The cause beneath, for the chain that a program prints.
    #[source]
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// Returns a failure before anything left.
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            sent: Sent::No,
            failure: Failure::Connect,
            source: Some(source.into()),
        }
    }

    /// Returns a failure after which the request may have been applied.
    pub fn interrupted(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            sent: Sent::Maybe,
            failure: Failure::Interrupted,
            source: Some(source.into()),
        }
    }

    /// Returns an answer whose body was longer than `most` bytes. The request may have been applied.
    pub fn body_too_long(most: usize) -> Self {
        Self {
            sent: Sent::Maybe,
            failure: Failure::BodyTooLong(most),
            source: None,
        }
    }

    /// Returns a time limit that passed: [`Sent::No`] while connecting, [`Sent::Maybe`] after that.
    pub fn timeout(sent: Sent, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            sent,
            failure: Failure::Timeout,
            source: Some(source.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_happened_and_whether_it_was_sent() {
        let cases = [
            (TransportError::connect("x"), "could not connect", Sent::No),
            (TransportError::interrupted("x"), "the connection broke", Sent::Maybe),
            (TransportError::timeout(Sent::No, "x"), "timed out", Sent::No),
        ];
        for (error, text, sent) in cases {
            assert_eq!((error.to_string().as_str(), error.sent), (text, sent));
            assert_eq!(error.source().unwrap().to_string(), "x");
        }
    }
}
