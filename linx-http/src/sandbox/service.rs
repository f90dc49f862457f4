//! What is hosted.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response};

/// A service as a state machine: one request in, one response out, at a given instant. It locks its own state.
pub trait Service: Send + Sync {
    /// Answers `request`, which arrived at `now`. The address in it is absolute.
    fn answer(&self, request: &Request<Bytes>, now: DateTime<Utc>) -> Response<Bytes>;
}
