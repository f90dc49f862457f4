//! The two rate limits, of an hour and of ten seconds, behind one set of headers (reference section 8.4, hazard A8).

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Response;
use http::header::HeaderName;

use super::answer::set;
use super::state::State;

const SECONDS: [i64; 2] = [3600, 10];

/// How many requests came in the present stretch of a window.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Window {
    stretch: i64,
    used: u32,
}

fn limits(state: &State) -> [Option<u32>; 2] {
    [Some(state.hourly_limit), state.ten_second_limit]
}

/// Counts a request in both windows and says whether they allow it. Refused ones count as well.
pub(super) fn count(state: &mut State, now: DateTime<Utc>) -> bool {
    for (window, seconds) in state.windows.iter_mut().zip(SECONDS) {
        let stretch = now.timestamp().div_euclid(seconds);
        if window.stretch != stretch {
            *window = Window { stretch, used: 0 };
        }
        window.used += 1;
    }
    let mut used = state.windows.iter().zip(limits(state));
    used.all(|(window, limit)| limit.is_none_or(|limit| window.used <= limit))
}

/// Tells of the window that has fewer requests left; of two that are used up, of the one that ends later.
pub(super) fn tell(state: &State, response: &mut Response<Bytes>) {
    let told = state
        .windows
        .iter()
        .zip(limits(state))
        .zip(SECONDS)
        .filter_map(|((window, limit), seconds)| {
            let limit = limit?;
            let reset = (window.stretch + 1) * seconds;
            Some((limit.saturating_sub(window.used), -reset, limit))
        })
        .min();
    if let Some((left, reset, limit)) = told {
        set(
            response,
            HeaderName::from_static("x-rate-limit-limit"),
            &limit.to_string(),
        );
        set(
            response,
            HeaderName::from_static("x-rate-limit-remaining"),
            &left.to_string(),
        );
        set(
            response,
            HeaderName::from_static("x-rate-limit-reset"),
            &(-reset).to_string(),
        );
    }
}
