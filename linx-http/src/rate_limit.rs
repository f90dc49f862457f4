//! Rate limits: what the server tells of them in its headers, and when the next request may leave.
//!
//! Procore counts in two windows, an hour and ten seconds, and its headers describe whichever is nearer to its end
//! (hazard A8). So windows are remembered under their limit, and every request that leaves is taken off all of them.
//! After its reset a window is taken to begin again with the first request, once: the server may not speak of it until
//! it is used up, and then requests are on their way already. A window that is not spoken of in that time is forgotten.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
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
    /// The farthest ahead that its reset was ever told: how long it lasts, as far as is known.
    length: TimeDelta,
    /// Whether the server spoke of it, or it is taken to have begun again.
    told: bool,
}

/// What is known about the limits, as a pure state machine.
#[derive(Debug, Clone, Default)]
struct LimitState {
    windows: BTreeMap<u64, Window>,
    blocked_until: Option<DateTime<Utc>>,
    departed: u64,
    /// The least time between two requests, where a ceiling was set.
    apart: Option<TimeDelta>,
    /// Before this, the ceiling lets none leave.
    free_at: Option<DateTime<Utc>>,
}

impl LimitState {
    /// Lets at most this many requests leave in a second, whatever the server says.
    fn most_per_second(requests: NonZeroU32) -> Self {
        Self {
            apart: Some(TimeDelta::nanoseconds(1_000_000_000 / i64::from(requests.get()))),
            ..Self::default()
        }
    }

    /// Returns when the next request may leave; `None` if that is now.
    fn earliest(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.windows
            .values()
            .filter(|window| window.remaining == 0)
            .map(|window| window.reset)
            .chain(self.blocked_until)
            .chain(self.free_at)
            .filter(|at| *at > now)
            .max()
    }

    /// Notes that a request leaves, and returns its number for [`LimitState::observe`].
    fn depart(&mut self, now: DateTime<Utc>) -> u64 {
        self.windows.retain(|_, window| window.told || window.reset > now);
        for (limit, window) in &mut self.windows {
            if window.reset <= now {
                window.remaining = *limit;
                window.reset = now.checked_add_signed(window.length).unwrap_or(now);
                window.told = false;
            }
            window.remaining = window.remaining.saturating_sub(1);
        }
        self.free_at = self.apart.and_then(|apart| now.checked_add_signed(apart));
        self.departed += 1;
        self.departed
    }

    /// Notes what the answer to the request numbered `departure` told. Requests that left after that one are not in the
    /// server's count yet and are taken off here.
    fn observe(&mut self, now: DateTime<Utc>, departure: u64, status: StatusCode, headers: &HeaderMap) {
        self.blocked_until = self.blocked_until.max(asked_until(now, status, headers));
        let (Some(limit), Some(remaining), Some(reset)) = (
            number(headers, "x-rate-limit-limit"),
            number(headers, "x-rate-limit-remaining"),
            reset(now, headers),
        ) else {
            return;
        };
        let later = self.departed.saturating_sub(departure);
        let mut told = Window {
            remaining: remaining.saturating_sub(later),
            reset,
            length: reset - now,
            told: true,
        };
        if let Some(known) = self.windows.get(&limit) {
            told.length = told.length.max(known.length);
            if known.reset == reset {
                told.remaining = told.remaining.min(known.remaining);
            }
        }
        self.windows.insert(limit, told);
    }
}

/// Until when an answer asks to wait: the later of `Retry-After` (429 and 503; seconds or a date) and, for a 429,
/// `X-Rate-Limit-Reset`. A time that is past asks nothing, one that is far ahead is capped (hazard A8).
pub(crate) fn asked_until(now: DateTime<Utc>, status: StatusCode, headers: &HeaderMap) -> Option<DateTime<Utc>> {
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

/// Keeps the requests of one account to the limits that the server tells, and to a ceiling where one is set.
///
/// An engine has one of its own. Engines whose requests the server counts together share one: see
/// [`EngineBuilder::rate_limiter`](crate::EngineBuilder::rate_limiter).
#[derive(Debug, Default)]
pub struct RateLimiter {
    state: Mutex<LimitState>,
}

impl RateLimiter {
    /// Lets at most this many requests leave in a second, whatever the server says. Four a second leave a quarter of a
    /// second apart.
    pub fn most_per_second(requests: NonZeroU32) -> Self {
        Self {
            state: Mutex::new(LimitState::most_per_second(requests)),
        }
    }

    /// Lets a request leave and returns its number, or says when to ask again.
    pub(crate) fn try_depart(&self, now: DateTime<Utc>) -> Result<u64, DateTime<Utc>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.earliest(now) {
            Some(at) => Err(at),
            None => Ok(state.depart(now)),
        }
    }

    /// Notes what the answer to the request numbered `departure` told.
    pub(crate) fn observe(&self, now: DateTime<Utc>, departure: u64, status: StatusCode, headers: &HeaderMap) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.observe(now, departure, status, headers);
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use chrono::SubsecRound;
    use http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_400_000, 0).unwrap()
    }

    fn after(seconds: i64) -> DateTime<Utc> {
        start() + TimeDelta::seconds(seconds)
    }

    fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    fn limits(limit: u64, remaining: u64, reset: DateTime<Utc>) -> HeaderMap {
        headers(&[
            ("x-rate-limit-limit", limit.to_string()),
            ("x-rate-limit-remaining", remaining.to_string()),
            ("x-rate-limit-reset", reset.timestamp().to_string()),
        ])
    }

    /// Sends one request that is answered at once.
    fn exchange(state: &mut LimitState, now: DateTime<Utc>, status: StatusCode, headers: &HeaderMap) {
        let departure = state.depart(now);
        state.observe(now, departure, status, headers);
    }

    #[test]
    fn a8_nothing_leaves_before_the_reset_once_nothing_remains() {
        let mut state = LimitState::default();
        assert_eq!(state.earliest(start()), None);
        exchange(&mut state, start(), StatusCode::OK, &limits(25, 2, after(10)));
        for _ in 0..2 {
            assert_eq!(state.earliest(start()), None);
            state.depart(start());
        }
        assert_eq!(state.earliest(start()), Some(after(10)));
        assert_eq!(state.earliest(after(10)), None);
    }

    #[test]
    fn a8_a_ceiling_keeps_requests_apart() {
        let mut state = LimitState::most_per_second(NonZeroU32::new(4).unwrap());
        let mut now = start();
        for _ in 0..40 {
            if let Some(at) = state.earliest(now) {
                now = at;
            }
            state.depart(now);
        }
        assert_eq!((now - start()).num_milliseconds(), 39 * 250);
    }

    #[test]
    fn a8_the_window_that_is_not_spoken_of_is_counted_down_too() {
        let mut state = LimitState::default();
        exchange(&mut state, start(), StatusCode::OK, &limits(25, 1, after(10)));
        exchange(&mut state, start(), StatusCode::OK, &limits(600, 500, after(1800)));
        assert_eq!(state.earliest(start()), Some(after(10)));
    }

    #[test]
    fn a8_requests_on_their_way_are_taken_off_what_the_server_counted() {
        let mut state = LimitState::default();
        let departures: Vec<u64> = (0..8).map(|_| state.depart(start())).collect();
        state.observe(start(), departures[0], StatusCode::OK, &limits(25, 8, after(10)));
        assert_eq!(state.earliest(start()), None);
        state.depart(start());
        assert_eq!(state.earliest(start()), Some(after(10)));
        state.observe(start(), departures[7], StatusCode::OK, &limits(25, 1, after(10)));
        assert_eq!(state.earliest(start()), Some(after(10)));
    }

    #[test]
    fn a8_the_later_of_both_wishes_wins() {
        let date = httpdate::fmt_http_date(after(20).into());
        let cases = [
            (429, Some("5".to_owned()), Some(after(9)), Some(9)),
            (429, Some("15".to_owned()), Some(after(9)), Some(15)),
            (429, Some(date.clone()), Some(after(9)), Some(20)),
            (429, None, Some(after(9)), Some(9)),
            (429, None, None, None),
            (503, Some(date), Some(after(90)), Some(20)),
            (503, Some("7".to_owned()), None, Some(7)),
            (503, Some("soon".to_owned()), None, None),
            (503, Some("-1".to_owned()), None, None),
            (500, Some("7".to_owned()), Some(after(9)), None),
            (429, Some("0".to_owned()), Some(after(-1)), None),
            (429, Some("99999999999999999999".to_owned()), None, Some(3660)),
            (429, None, Some(after(86_400)), Some(3660)),
        ];
        for (status, retry_after, reset, expected) in cases {
            let mut pairs = Vec::new();
            pairs.extend(retry_after.map(|text| ("retry-after", text)));
            pairs.extend(reset.map(|at| ("x-rate-limit-reset", at.timestamp().to_string())));
            let status = StatusCode::from_u16(status).unwrap();
            let mut state = LimitState::default();
            exchange(&mut state, start(), status, &headers(&pairs));
            assert_eq!(state.earliest(start()), expected.map(after), "{status} {pairs:?}");
            assert_eq!(asked_until(start(), status, &headers(&pairs)), expected.map(after));
        }
    }

    /// One of the state of a server: so many in so many seconds, used so far, until then.
    struct Limit {
        most: u64,
        seconds: i64,
        used: u64,
        reset: DateTime<Utc>,
    }

    impl Limit {
        fn new(most: u64, seconds: i64) -> Self {
            Self {
                most,
                seconds,
                used: 0,
                reset: start(),
            }
        }
    }

    /// Answers with the headers of the limit that is nearer, as Procore does.
    fn answer(limits_in_force: &mut [Limit], now: DateTime<Utc>) -> (StatusCode, HeaderMap) {
        for limit in &mut *limits_in_force {
            if now >= limit.reset {
                limit.used = 0;
                limit.reset = now.trunc_subsecs(0) + TimeDelta::seconds(limit.seconds);
            }
        }
        let full = limits_in_force.iter().any(|limit| limit.used >= limit.most);
        if !full {
            for limit in &mut *limits_in_force {
                limit.used += 1;
            }
        }
        let nearest = limits_in_force
            .iter()
            .min_by_key(|limit| (limit.most - limit.used) * 10_000 / limit.most)
            .unwrap();
        let status = if full {
            StatusCode::TOO_MANY_REQUESTS
        } else {
            StatusCode::OK
        };
        (status, limits(nearest.most, nearest.most - nearest.used, nearest.reset))
    }

    /// What a worker does next in [`simulate`].
    enum Worker {
        Wants,
        Sent(u64),
        Answered(u64, StatusCode, HeaderMap),
    }

    /// Lets `workers` send without a pause, each request 25 ms on its way and as long back, for two hours: how many
    /// were served and how many refused.
    fn simulate(workers: usize, hourly: u64, short: u64) -> (u64, u64) {
        let way = TimeDelta::milliseconds(25);
        let mut server = [Limit::new(hourly, 3600), Limit::new(short, 10)];
        let mut state = LimitState::default();
        let (mut good, mut refused) = (0, 0);
        let mut doing: Vec<Worker> = (0..workers).map(|_| Worker::Wants).collect();
        let mut turns: BinaryHeap<_> = (0..workers).map(|worker| Reverse((start(), 0, worker))).collect();
        let mut order = 0;
        while let Some(Reverse((now, _, worker))) = turns.pop().filter(|Reverse((now, ..))| *now < after(7200)) {
            let (next, then) = match std::mem::replace(&mut doing[worker], Worker::Wants) {
                Worker::Wants => match state.earliest(now) {
                    Some(at) => (at, Worker::Wants),
                    None => (now + way, Worker::Sent(state.depart(now))),
                },
                Worker::Sent(departure) => {
                    let (status, headers) = answer(&mut server, now);
                    *(if status == StatusCode::OK {
                        &mut good
                    } else {
                        &mut refused
                    }) += 1;
                    (now + way, Worker::Answered(departure, status, headers))
                }
                Worker::Answered(departure, status, headers) => {
                    state.observe(now, departure, status, &headers);
                    (now, Worker::Wants)
                }
            };
            doing[worker] = then;
            order += 1;
            turns.push(Reverse((next, order, worker)));
        }
        (good, refused)
    }

    #[test]
    fn a8_eight_workers_use_the_allowance_and_are_not_refused() {
        for (hourly, short, possible) in [
            (600, 25, 1200),
            (3600, 25, 7200),
            (3600, 100, 7200),
            (600, 1000, 1200),
            (100_000, 25, 18_000),
        ] {
            let (served, refused) = simulate(8, hourly, short);
            assert_eq!(refused, 0, "{hourly} an hour, {short} in ten seconds");
            assert!(
                served * 100 >= possible * 95,
                "{served} of {possible} with {hourly} an hour, {short} in ten seconds"
            );
        }
    }

    proptest! {
        #[test]
        fn a8_every_wait_ends_and_none_is_longer_than_an_hour_and_a_minute(
            steps in proptest::collection::vec(
                (0..5000_i64, 0..30_u64, 0..3_u64, -100..100_000_i64, "[0-9]{0,22}", 0..4_usize),
                1..40,
            ),
        ) {
            let statuses = [200, 429, 503, 500].map(|status| StatusCode::from_u16(status).unwrap());
            let mut state = LimitState::default();
            let mut now = start();
            for (gone, limit, remaining, reset, retry_after, status) in steps {
                now += TimeDelta::seconds(gone);
                if let Some(at) = state.earliest(now) {
                    prop_assert!(at > now && at <= now + LONGEST);
                    now = at;
                    prop_assert_eq!(state.earliest(now), None);
                }
                let mut told = limits(limit, remaining, now + TimeDelta::seconds(reset));
                told.insert(RETRY_AFTER, HeaderValue::from_str(&retry_after).unwrap());
                exchange(&mut state, now, statuses[status], &told);
            }
        }
    }
}
