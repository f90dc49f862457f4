//! What the servers' rate-limit headers told, shared by all requests of an engine.
//!
//! Procore counts in two windows, an hour and ten seconds, and its headers describe whichever is nearer to its end
//! (hazard A8). So every window ever told is remembered under its limit until its reset, and every request that leaves
//! is taken off all of them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

/// No wait is believed that is longer than the longest window and a minute.
const LONGEST: TimeDelta = TimeDelta::seconds(3660);

/// One window of a rate limit.
#[derive(Debug, Clone, Copy)]
struct Window {
    remaining: u64,
    reset: DateTime<Utc>,
}

/// What is known about the limits, as a pure state machine.
#[derive(Debug, Clone, Default)]
pub struct PaceState {
    windows: BTreeMap<u64, Window>,
    blocked_until: Option<DateTime<Utc>>,
    departed: u64,
}

impl PaceState {
    /// When the next request may leave; `None` for now.
    pub fn earliest(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.windows
            .values()
            .filter(|window| window.remaining == 0)
            .map(|window| window.reset)
            .chain(self.blocked_until)
            .filter(|at| *at > now)
            .max()
    }

    /// Notes that a request leaves, and gives its number for [`PaceState::observe`].
    pub fn depart(&mut self, now: DateTime<Utc>) -> u64 {
        self.forget(now);
        for window in self.windows.values_mut() {
            window.remaining = window.remaining.saturating_sub(1);
        }
        self.departed += 1;
        self.departed
    }

    /// Notes what the answer to the request numbered `departure` told. Requests that left after that one are not in the
    /// server's count yet and are taken off here.
    pub fn observe(&mut self, now: DateTime<Utc>, departure: u64, status: StatusCode, headers: &HeaderMap) {
        self.forget(now);
        self.blocked_until = self.blocked_until.max(asked_until(now, status, headers));
        let (Some(limit), Some(remaining), Some(reset)) = (
            number(headers, "x-rate-limit-limit"),
            number(headers, "x-rate-limit-remaining"),
            reset(now, headers),
        ) else {
            return;
        };
        let later = self.departed.saturating_sub(departure);
        let told = Window {
            remaining: remaining.saturating_sub(later),
            reset,
        };
        let window = self.windows.entry(limit).or_insert(told);
        *window = if window.reset == reset && window.remaining < told.remaining {
            *window
        } else {
            told
        };
    }

    fn forget(&mut self, now: DateTime<Utc>) {
        self.windows.retain(|_, window| window.reset > now);
        self.blocked_until = self.blocked_until.filter(|at| *at > now);
    }
}

/// Until when an answer asks to wait: the later of `Retry-After` (429 and 503; seconds or a date) and, for a 429,
/// `X-Rate-Limit-Reset`. A time that is past asks nothing, one that is far ahead is capped (hazard A8).
pub fn asked_until(now: DateTime<Utc>, status: StatusCode, headers: &HeaderMap) -> Option<DateTime<Utc>> {
    match status {
        StatusCode::TOO_MANY_REQUESTS => retry_after(now, headers).max(reset(now, headers)),
        StatusCode::SERVICE_UNAVAILABLE => retry_after(now, headers),
        _ => None,
    }
}

fn retry_after(now: DateTime<Utc>, headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits beyond 64 bits are a very long wait.
        let span = text.parse().ok().and_then(TimeDelta::try_seconds).unwrap_or(LONGEST);
        return ahead(now, now.checked_add_signed(span.min(LONGEST))?);
    }
    ahead(now, httpdate::parse_http_date(text).ok()?.into())
}

fn reset(now: DateTime<Utc>, headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let seconds = number(headers, "x-rate-limit-reset")?;
    let at = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    ahead(now, at.unwrap_or(DateTime::<Utc>::MAX_UTC))
}

fn ahead(now: DateTime<Utc>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let farthest = now.checked_add_signed(LONGEST).unwrap_or(DateTime::<Utc>::MAX_UTC);
    (at > now).then_some(at.min(farthest))
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// How long it is from `now` until `at`; nothing if that is past.
pub(crate) fn span(now: DateTime<Utc>, at: DateTime<Utc>) -> Duration {
    (at - now).to_std().unwrap_or(Duration::ZERO)
}

/// A [`PaceState`] shared by all requests of an engine.
#[derive(Debug, Default)]
pub struct Pace {
    state: Mutex<PaceState>,
}

impl Pace {
    /// Lets a request leave and gives its number, or says when to ask again.
    pub fn try_depart(&self, now: DateTime<Utc>) -> Result<u64, DateTime<Utc>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.earliest(now) {
            Some(at) => Err(at),
            None => Ok(state.depart(now)),
        }
    }

    /// Notes what the answer to the request numbered `departure` told.
    pub fn observe(&self, now: DateTime<Utc>, departure: u64, status: StatusCode, headers: &HeaderMap) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.observe(now, departure, status, headers);
    }
}
