//! What an answer says of limits.

use chrono::{DateTime, TimeDelta, Utc};
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

/// No wait is believed that is longer than the longest window and a minute.
pub(super) const LONGEST: TimeDelta = TimeDelta::seconds(3660);

const RESET: &str = "x-rate-limit-reset";

/// What an answer says of one window, by the server's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) limit: u64,
    pub(super) remaining: u64,
    pub(super) reset: DateTime<Utc>,
}

/// Reads what an answer says of a window that ends after `now`.
pub(super) fn told(now: DateTime<Utc>, headers: &HeaderMap) -> Option<Told> {
    Some(Told {
        limit: number(headers, "x-rate-limit-limit")?,
        remaining: number(headers, "x-rate-limit-remaining")?,
        reset: reset(now, headers)?,
    })
}

/// How long an answer asks to wait: the longer of `Retry-After` (429 and 503; seconds or a date) and, for a 429, until
/// `X-Rate-Limit-Reset`. A time that is past asks nothing, one that is far ahead is capped (hazard A8). Times are the
/// server's, as `now` is.
pub(super) fn asked_delay(now: DateTime<Utc>, status: StatusCode, headers: &HeaderMap) -> Option<TimeDelta> {
    let until_reset = || reset(now, headers).map(|at| at - now);
    match status {
        StatusCode::TOO_MANY_REQUESTS => retry_after(now, headers).max(until_reset()),
        StatusCode::SERVICE_UNAVAILABLE => retry_after(now, headers),
        _ => None,
    }
}

/// The time at which the server made the answer, by its own clock.
pub(super) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

/// Whether an answer tells a time by which to wait. Only then its `Date` is of the clock that such times are of; a
/// gateway's own page may be dated by another one.
pub(super) fn tells_a_time(headers: &HeaderMap) -> bool {
    let retry_after = headers.get(RETRY_AFTER).and_then(|text| text.to_str().ok());
    number(headers, RESET).is_some() || retry_after.and_then(http_date).is_some()
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    Some(httpdate::parse_http_date(text.trim()).ok()?.into())
}

fn retry_after(now: DateTime<Utc>, headers: &HeaderMap) -> Option<TimeDelta> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits beyond 64 bits are a very long wait.
        let span = text.parse().ok().and_then(TimeDelta::try_seconds).unwrap_or(LONGEST);
        return (span > TimeDelta::zero()).then_some(span.min(LONGEST));
    }
    ahead(now, http_date(text)?).map(|at| at - now)
}

fn reset(now: DateTime<Utc>, headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let seconds = number(headers, RESET)?;
    let at = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    ahead(now, at.unwrap_or(DateTime::<Utc>::MAX_UTC))
}

/// Until when a reset is waited for at a stretch.
pub(super) fn capped(now: DateTime<Utc>, reset: DateTime<Utc>) -> DateTime<Utc> {
    reset.min(farthest(now))
}

fn ahead(now: DateTime<Utc>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (at > now).then_some(at.min(farthest(now)))
}

/// The last instant that is waited for.
fn farthest(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_signed(LONGEST).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}
