//! What a failed request proves: that nothing was changed, or nothing at all (hazards A1, A16).

use http::StatusCode;

use crate::endpoint::{Carries, RetrySafety};
use crate::error::Applied;
use crate::retry::FailedAttempt;

/// Returns whether a failed attempt may have been applied. The only place that decides it.
///
/// Three things prove that nothing was changed, and whatever lacks this proof is [`Applied::Unknown`], to be read back:
///
/// - the request only reads, or never left;
/// - **429**: limits are counted where a request comes in, before anybody looks at it;
/// - a refusal of *one* record by the service itself: a status of [`is_refusal_of_the_service`], told in JSON as both
///   services tell theirs. Something in between answers with a page or with nothing (procore-api.md section 8.3).
///
/// A refusal of many records proves nothing of any: whether the service takes back the others is not known
/// (procore-api.md section 10). A redirect, and every status that a gateway, a proxy or a filter may make of an answer
/// that it does not pass on, proves nothing either: the record may be stored behind it.
pub(super) fn was_applied(
    safety: RetrySafety,
    carries: Carries,
    attempt: FailedAttempt,
    told_in_json: bool,
) -> Applied {
    if safety == RetrySafety::Read {
        return Applied::No;
    }
    match attempt {
        FailedAttempt::NotSent => Applied::No,
        FailedAttempt::Answered { status, .. } if status == StatusCode::TOO_MANY_REQUESTS => Applied::No,
        FailedAttempt::Answered { status, .. }
            if carries != Carries::Many && told_in_json && is_refusal_of_the_service(status) =>
        {
            Applied::No
        }
        FailedAttempt::MaybeSent | FailedAttempt::TooLong | FailedAttempt::Answered { .. } => Applied::Unknown,
    }
}

/// Whether only the service itself refuses by this status, or something in between before it passes a request on.
///
/// Not among them, for the record may be stored behind it:
///
/// - 3xx: made by load balancers and portals;
/// - 401: made by gateways that check credentials, and by a service that a gateway asked a second time when the first
///   answer did not come;
/// - 407, 421, 425, 431, 451: of proxies and filters;
/// - 408, 499 and 5xx: somebody did not wait for the answer, or could not pass it on;
/// - 413: may come while the body is already being passed on;
/// - whatever nobody has heard of.
fn is_refusal_of_the_service(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 403..=406 | 409 | 410 | 415 | 422)
}
