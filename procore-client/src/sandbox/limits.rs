//! The two rate limits, of an hour and of ten seconds, behind one set of headers (procore-api.md section 8.4, hazard
//! A8).

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Response;
use http::header::HeaderName;
use linx_http::sandbox::answer::set;

const SECONDS: [i64; 2] = [3600, 10];

/// How many requests each window allows; without a number, as many as there are.
pub(super) type Limits = [Option<u32>; 2];

/// How many requests came in the present stretch of each window.
#[derive(Debug, Default)]
pub(super) struct Windows([Window; 2]);

#[derive(Debug, Default)]
struct Window {
    stretch: i64,
    used: u32,
}

impl Windows {
    /// Counts a request in both windows and says whether they allow it. Refused ones count as well.
    pub(super) fn count(&mut self, limits: Limits, now: DateTime<Utc>) -> bool {
        for (window, seconds) in self.0.iter_mut().zip(SECONDS) {
            let stretch = now.timestamp().div_euclid(seconds);
            if window.stretch != stretch {
                *window = Window { stretch, used: 0 };
            }
            window.used += 1;
        }
        let mut used = self.0.iter().zip(limits);
        used.all(|(window, limit)| limit.is_none_or(|limit| window.used <= limit))
    }

    /// Writes into the headers the window that has fewer requests left. Of two that are used up, it is the one that ends
    /// later.
    pub(super) fn write_headers(&self, limits: Limits, response: &mut Response<Bytes>) {
        let shown = self
            .0
            .iter()
            .zip(limits)
            .zip(SECONDS)
            .filter_map(|((window, limit), seconds)| {
                let limit = limit?;
                let reset = (window.stretch + 1) * seconds;
                Some((limit.saturating_sub(window.used), -reset, limit))
            })
            .min();
        if let Some((left, reset, limit)) = shown {
            let mut header = |name: &'static str, value: &str| set(response, HeaderName::from_static(name), value);
            header("x-rate-limit-limit", &limit.to_string());
            header("x-rate-limit-remaining", &left.to_string());
            header("x-rate-limit-reset", &(-reset).to_string());
        }
    }
}
