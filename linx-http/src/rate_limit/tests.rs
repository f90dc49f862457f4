use http::header::{DATE, RETRY_AFTER};
use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use super::headers::LONGEST;
use super::*;

pub(super) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_400_000, 0).unwrap()
}

pub(super) fn after(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

/// An instant at which our clock is right.
fn at(shown: DateTime<Utc>) -> Moment {
    Moment {
        shown,
        steady: span(start(), shown),
    }
}

fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect()
}

pub(super) fn limits(limit: u64, remaining: u64, reset: DateTime<Utc>) -> HeaderMap {
    headers(&[
        ("x-rate-limit-limit", limit.to_string()),
        ("x-rate-limit-remaining", remaining.to_string()),
        ("x-rate-limit-reset", reset.timestamp().to_string()),
    ])
}

pub(super) fn dated(mut headers: HeaderMap, date: DateTime<Utc>) -> HeaderMap {
    let text = httpdate::fmt_http_date(date.into());
    headers.insert(DATE, HeaderValue::from_str(&text).unwrap());
    headers
}

fn earliest(state: &LimitState, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    state.wait(at(now)).map(|wait| now + wait)
}

/// Sends one request that is answered at once; how long the answer asks to wait.
fn exchange(state: &mut LimitState, now: Moment, status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let departure = state.depart(now);
    state.observe(now, departure, status, headers)
}

#[test]
fn d27_a_server_that_sets_its_clock_back_lengthens_no_wait_beyond_the_longest() {
    let mut state = LimitState::default();
    let told = limits(25, 0, after(LONGEST.num_seconds()));
    exchange(&mut state, at(start()), StatusCode::OK, &dated(told, start()));
    let set_back = dated(limits(3600, 9, after(10)), after(-900));
    exchange(&mut state, at(start()), StatusCode::OK, &set_back);
    assert_eq!(state.wait(at(start())), Some(LONGEST.to_std().unwrap()));
    assert_eq!(state.wait(at(start() + LONGEST)).map(|wait| wait.as_secs()), Some(901));
}

#[test]
fn a8_nothing_leaves_before_the_reset_once_nothing_remains() {
    let mut state = LimitState::default();
    assert_eq!(earliest(&state, start()), None);
    exchange(&mut state, at(start()), StatusCode::OK, &limits(25, 2, after(10)));
    for _ in 0..2 {
        assert_eq!(earliest(&state, start()), None);
        state.depart(at(start()));
    }
    assert_eq!(earliest(&state, start()), Some(after(10)));
    assert_eq!(earliest(&state, after(10)), None);
}

#[test]
fn a8_a_ceiling_keeps_requests_apart() {
    let limiter = RateLimiter::most_per_second(NonZeroU32::new(4).unwrap());
    let mut now = start();
    for _ in 0..40 {
        while let Err(wait) = limiter.try_depart(at(now)) {
            now += wait;
        }
    }
    assert_eq!((now - start()).num_milliseconds(), 39 * 250);
}

#[test]
fn a8_the_window_that_is_not_spoken_of_is_counted_down_too() {
    let mut state = LimitState::default();
    exchange(&mut state, at(start()), StatusCode::OK, &limits(25, 1, after(10)));
    exchange(&mut state, at(start()), StatusCode::OK, &limits(600, 500, after(1800)));
    assert_eq!(earliest(&state, start()), Some(after(10)));
}

#[test]
fn a8_requests_on_their_way_are_taken_off_what_the_server_counted() {
    let mut state = LimitState::default();
    let departures: Vec<Departure> = (0..8).map(|_| state.depart(at(start()))).collect();
    state.observe(at(start()), departures[0], StatusCode::OK, &limits(25, 8, after(10)));
    assert_eq!(earliest(&state, start()), None);
    state.depart(at(start()));
    assert_eq!(earliest(&state, start()), Some(after(10)));
    state.observe(at(start()), departures[7], StatusCode::OK, &limits(25, 1, after(10)));
    assert_eq!(earliest(&state, start()), Some(after(10)));
}

#[test]
fn a8_an_answer_that_was_overtaken_gives_nothing_back() {
    let mut state = LimitState::default();
    let (first, second) = (state.depart(at(start())), state.depart(at(start())));
    // Somebody else has used up the rest between the two.
    state.observe(at(start()), second, StatusCode::OK, &limits(25, 0, after(10)));
    state.observe(at(start()), first, StatusCode::OK, &limits(25, 8, after(10)));
    assert_eq!(earliest(&state, start()), Some(after(10)));
    // What the server says of the window after that one is new.
    exchange(&mut state, at(after(10)), StatusCode::OK, &limits(25, 24, after(20)));
    assert_eq!(earliest(&state, after(10)), None);
}

#[test]
fn a8_a_window_that_is_not_spoken_of_begins_again_once() {
    let mut state = LimitState::default();
    exchange(&mut state, at(start()), StatusCode::OK, &limits(1, 0, after(10)));
    state.depart(at(after(10)));
    assert_eq!(earliest(&state, after(10)), Some(after(20)));
    state.depart(at(after(20)));
    assert_eq!(earliest(&state, after(20)), None);
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
        (429, None, Some(start()), None),
        (429, Some("99999999999999999999".to_owned()), None, Some(3660)),
        (429, None, Some(after(86_400)), Some(3660)),
    ];
    for (status, retry_after, reset, expected) in cases {
        let mut pairs = Vec::new();
        pairs.extend(retry_after.map(|text| ("retry-after", text)));
        pairs.extend(reset.map(|at| ("x-rate-limit-reset", at.timestamp().to_string())));
        let status = StatusCode::from_u16(status).unwrap();
        // With a `Date` the times are the server's, whatever our clock shows.
        for (told, ahead) in [(headers(&pairs), 0), (dated(headers(&pairs), start()), 50)] {
            let now = Moment {
                shown: after(ahead),
                steady: Duration::ZERO,
            };
            let mut state = LimitState::default();
            let asked = exchange(&mut state, now, status, &told);
            assert_eq!(asked, expected.map(Duration::from_secs), "{status} {pairs:?}");
            assert_eq!(state.wait(now), expected.map(Duration::from_secs));
        }
    }
}

#[test]
fn a18_no_number_of_a_limit_is_added_beyond_an_hour_and_a_minute() {
    let beyond = [
        u64::MAX.to_string(),
        i64::MAX.to_string(),
        "8200000000000".to_owned(),
        "8200000000".to_owned(),
    ];
    let longest = LONGEST.to_std().unwrap();
    for number in beyond {
        let wishes = [
            vec![("retry-after", number.clone())],
            vec![("x-rate-limit-reset", number.clone())],
            vec![
                ("x-rate-limit-limit", number.clone()),
                ("x-rate-limit-remaining", "0".to_owned()),
                ("x-rate-limit-reset", number.clone()),
            ],
        ];
        for pairs in wishes {
            let mut state = LimitState::default();
            let asked = exchange(&mut state, at(start()), StatusCode::TOO_MANY_REQUESTS, &headers(&pairs));
            assert_eq!(asked, Some(longest), "{pairs:?}");
            assert_eq!(state.wait(at(start())), Some(longest), "{pairs:?}");
        }
    }
    // What is left is a number too, and keeps nobody waiting.
    let mut state = LimitState::default();
    exchange(
        &mut state,
        at(start()),
        StatusCode::OK,
        &limits(u64::MAX, u64::MAX, after(10)),
    );
    assert_eq!(earliest(&state, start()), None);
}

#[test]
fn d27_a_clock_that_is_set_neither_shortens_nor_lengthens_a_wait() {
    for ahead in [0, 20, -75, 86_400] {
        let mut state = LimitState::default();
        let told = dated(limits(25, 0, after(10)), start());
        let seen = |seconds: u64, ahead| Moment {
            shown: after(ahead) + Duration::from_secs(seconds),
            steady: Duration::from_secs(1000 + seconds),
        };
        exchange(&mut state, seen(0, 0), StatusCode::OK, &told);
        let wait = state.wait(seen(4, ahead)).unwrap();
        assert!(
            wait.abs_diff(Duration::from_secs(6)) < Duration::from_millis(5),
            "{ahead}: {wait:?}"
        );
    }
}

#[test]
fn d27_an_answer_late_in_its_second_makes_nothing_less_certain() {
    let mut state = LimitState::default();
    let late = at(start() + TimeDelta::milliseconds(900));
    for now in [at(start()), late] {
        exchange(
            &mut state,
            now,
            StatusCode::OK,
            &dated(limits(25, 0, after(10)), start()),
        );
    }
    let wait = state.wait(late).unwrap();
    assert!(
        wait.abs_diff(Duration::from_millis(9100)) < Duration::from_millis(5),
        "{wait:?}"
    );
}

#[test]
fn d27_a_date_beside_no_time_is_not_the_limits_clock() {
    let mut state = LimitState::default();
    let now = at(start());
    exchange(
        &mut state,
        now,
        StatusCode::OK,
        &dated(limits(25, 0, after(10)), start()),
    );
    let gateway = dated(HeaderMap::new(), after(3000));
    exchange(&mut state, now, StatusCode::BAD_GATEWAY, &gateway);
    assert_eq!(state.wait(now), Some(Duration::from_secs(10)));
    assert_eq!(state.difference, Some(TimeDelta::seconds(3000)), "the last answer's");
}

#[test]
fn d27_a_server_that_sets_its_clock_is_believed() {
    let mut state = LimitState::default();
    exchange(
        &mut state,
        at(start()),
        StatusCode::OK,
        &dated(limits(25, 5, after(10)), start()),
    );
    for back in [-300, 300] {
        let told = dated(limits(25, 0, after(back + 11)), after(back + 1));
        exchange(&mut state, at(after(1)), StatusCode::OK, &told);
        assert_eq!(state.wait(at(after(1))), Some(Duration::from_secs(10)), "{back}");
    }
}

proptest! {
    #[test]
    fn a8_every_wait_ends_and_none_is_longer_than_an_hour_and_a_minute(
        steps in proptest::collection::vec(
            (0..5000_i64, 0..30_u64, 0..3_u64, -100..100_000_i64, "[0-9]{0,22}", 0..4_usize, -90..90_i64, any::<bool>()),
            1..40,
        ),
    ) {
        let statuses = [200, 429, 503, 500].map(|status| StatusCode::from_u16(status).unwrap());
        let mut state = LimitState::default();
        let mut now = start();
        for (gone, limit, remaining, reset, retry_after, status, ahead, is_dated) in steps {
            now += TimeDelta::seconds(gone);
            for asked in 0.. {
                let Some(wait) = state.wait(at(now)) else { break };
                prop_assert!(!wait.is_zero() && wait <= LONGEST.to_std().unwrap() && asked < 5);
                now += wait;
            }
            let server = now + TimeDelta::seconds(ahead);
            let mut told = limits(limit, remaining, server + TimeDelta::seconds(reset));
            told.insert(RETRY_AFTER, HeaderValue::from_str(&retry_after).unwrap());
            let told = if is_dated { dated(told, server) } else { told };
            exchange(&mut state, at(now), statuses[status], &told);
        }
    }
}
