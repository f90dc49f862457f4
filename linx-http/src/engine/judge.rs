//! What came of one attempt: an answer, or an error that says whether the request was applied.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::call::Call;
use super::proof::was_applied;
use super::wait::WaitReason;
use crate::endpoint::RetrySafety;
use crate::error::{Applied, Error, ErrorKind};
use crate::error_messages::error_messages;
use crate::retry::FailedAttempt;
use crate::transport::{Failure, Sent, TransportError};

/// How much of a server's request id is kept.
const LONGEST_REQUEST_ID: usize = 100;

/// An attempt that did not succeed.
pub(super) struct Failed {
    pub(super) attempt: FailedAttempt,
    pub(super) error: Error,
}

impl Failed {
    /// Returns an attempt that failed with this error. `told_in_json` says in which form an answer was.
    fn new(call: &Call, attempt: FailedAttempt, told_in_json: bool, kind: ErrorKind, detail: String) -> Self {
        let applied = was_applied(call.retry_safety, call.carries, attempt, told_in_json);
        Self {
            attempt,
            error: Error::with(kind, applied, detail).during(&call.operation),
        }
    }

    pub(super) fn is_unauthorized(&self) -> bool {
        self.error.kind() == ErrorKind::Unauthorized
    }

    pub(super) fn reason_to_wait(&self) -> WaitReason {
        if self.error.retry_at().is_some() {
            WaitReason::RateLimit
        } else {
            WaitReason::Retry
        }
    }
}

/// Takes 2xx as an answer and turns everything else into an error. The status is judged, never the body (hazard A11).
/// `asked` is how long the answer asks to wait.
pub(super) fn judge(
    call: &Call,
    credentials: &[(HeaderName, HeaderValue)],
    now: DateTime<Utc>,
    asked: Option<Duration>,
    response: Response<Bytes>,
) -> Result<Response<Bytes>, Failed> {
    let (status, headers) = (response.status(), response.headers());
    if status.is_success() {
        return Ok(response);
    }
    let attempt = FailedAttempt::Answered {
        status,
        server_delay: asked,
    };
    let (kind, detail) = meaning(status);
    let secrets = call.secrets(credentials);
    let messages = error_messages(response.body()).into_iter();
    let messages = messages.map(|text| without(text, &secrets)).collect();
    let mut failed = Failed::new(call, attempt, is_json(response.body()), kind, detail.to_owned());
    failed.error = failed.error.answered(status, request_id(headers), messages);
    if let Some(asked) = asked {
        failed.error = failed.error.until(now + asked);
    }
    Err(failed)
}

/// Returns what a request without an answer comes to.
pub(super) fn unanswered(call: &Call, error: TransportError) -> Failed {
    let kind = match error.failure {
        Failure::Connect => ErrorKind::Connect,
        Failure::Timeout => ErrorKind::Timeout,
        Failure::Interrupted => ErrorKind::Interrupted,
        Failure::BodyTooLong(_) => ErrorKind::BodyTooLong,
    };
    let detail = match (error.failure, call.uri.authority()) {
        (Failure::Connect, Some(host)) => format!("{error} to {host}"),
        _ => error.to_string(),
    };
    let attempt = match (error.sent, error.failure) {
        (Sent::No, _) => FailedAttempt::NotSent,
        (Sent::Maybe, Failure::BodyTooLong(_)) => FailedAttempt::TooLong,
        (Sent::Maybe, _) => FailedAttempt::MaybeSent,
    };
    let mut failed = Failed::new(call, attempt, false, kind, detail);
    if let Some(source) = error.source {
        failed.error = failed.error.caused_by(source);
    }
    failed
}

/// Returns the error of a 2xx answer whose body was not what the endpoint promises. The status alone does not prove that
/// a write was stored: a portal answers 200 as well (hazard A16).
pub(super) fn unreadable(call: &Call, answer: &http::response::Parts, reason: &str) -> Error {
    let applied = match call.retry_safety {
        RetrySafety::Read => Applied::No,
        RetrySafety::Idempotent | RetrySafety::Once => Applied::Unknown,
    };
    let detail = format!("the answer could not be read: {reason}");
    Error::with(ErrorKind::Unreadable, applied, detail)
        .during(&call.operation)
        .answered(answer.status, request_id(&answer.headers), Vec::new())
}

/// Whether a body is JSON, the form in which both services tell why they refuse.
fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

/// Returns what a status other than 2xx means (procore-api.md section 8.3).
fn meaning(status: StatusCode) -> (ErrorKind, &'static str) {
    match status.as_u16() {
        401 => (ErrorKind::Unauthorized, "the credential was not accepted"),
        403 => (ErrorKind::Forbidden, "not permitted"),
        404 => (ErrorKind::NotFound, "absent, or not visible with this credential"),
        409 => (ErrorKind::Conflict, "it exists already"),
        429 => (ErrorKind::RateLimited, "the rate limit is used up"),
        408 | 500..=599 => (ErrorKind::Unavailable, "the server could not answer"),
        300..=399 => (ErrorKind::Rejected, "redirected, which is not followed"),
        _ => (ErrorKind::Rejected, "refused"),
    }
}

fn without(text: String, secrets: &[String]) -> String {
    secrets.iter().fold(text, |text, secret| text.replace(secret, "…"))
}

/// The server's id of the request. A header with blanks or controls in it is a text, and no id to show (hazard A14).
fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    let is_id = !id.is_empty() && id.bytes().all(|sign| sign.is_ascii_graphic());
    is_id.then(|| id.chars().take(LONGEST_REQUEST_ID).collect())
}
