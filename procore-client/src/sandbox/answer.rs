//! Answers: JSON, refusals in Procore's shapes, values as Procore writes them.

use chrono::{DateTime, SecondsFormat, Utc};
use http::StatusCode;
pub(super) use linx_http::sandbox::answer::{Refusal, Routed, json, ok, set};
use serde_json::{Value, json};

/// A refusal with a sentence (procore-api.md section 8.3).
pub(super) fn refusal(status: StatusCode, message: &str) -> Refusal {
    Refusal::new(status, json!({"errors": [message]}))
}

/// 422 about one field, or about `base`.
pub(super) fn invalid(field: &str, message: &str) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, json!({"errors": {field: [message]}}))
}

/// 400 for a parameter that is missing or malformed.
pub(super) fn bad_parameter(name: &str) -> Refusal {
    let message = format!("param is missing or the value is invalid: {name}");
    Refusal::new(StatusCode::BAD_REQUEST, json!({"code": 400, "message": message}))
}

/// 404.
pub(super) fn absent() -> Refusal {
    refusal(StatusCode::NOT_FOUND, "Not Found")
}

/// An association that is empty, as Procore writes it (trap 24).
pub(super) fn empty_association() -> Value {
    json!({"id": null, "name": null})
}

/// An instant as Procore writes it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
