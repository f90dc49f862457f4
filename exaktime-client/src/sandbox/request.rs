//! What the resources are asked, and how they refuse.

use std::collections::HashMap;

use bytes::Bytes;
use http::{Method, StatusCode};
use linx_http::sandbox::answer::Refusal;
use serde_json::json;
use url::Url;

/// A request as the resources see it, with the names and ids of the tables.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    /// The address that was asked for, in the dialect.
    pub(super) address: Url,
    pub(super) query: HashMap<String, String>,
    pub(super) body: Bytes,
}

/// Returns a refusal with a sentence.
pub(super) fn refused(status: StatusCode, message: &str) -> Refusal {
    Refusal::new(status, json!({"message": message}))
}

/// Returns 400 about one property.
pub(super) fn invalid(property: &str, words: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, json!({"errors": {property: [words]}}))
}

/// Returns 404: nothing is there.
pub(super) fn absent() -> Refusal {
    refused(StatusCode::NOT_FOUND, "Resource not found.")
}
