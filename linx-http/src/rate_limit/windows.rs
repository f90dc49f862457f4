//! The windows of a limit, as a pure state machine. All times are the server's.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::headers::Told;

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

/// The windows of which the server spoke, by their limits.
#[derive(Debug, Clone, Default)]
pub(super) struct Windows {
    known: BTreeMap<u64, Window>,
    departed: u64,
}

impl Windows {
    /// Returns from when on the next request may leave, if a window is used up. It may be past.
    pub(super) fn earliest(&self) -> Option<DateTime<Utc>> {
        let used_up = self.known.values().filter(|window| window.remaining == 0);
        used_up.map(|window| window.reset).max()
    }

    /// Notes that a request leaves, and returns its number for [`Windows::hear`].
    pub(super) fn depart(&mut self, now: DateTime<Utc>) -> u64 {
        self.known.retain(|_, window| window.told || window.reset > now);
        for (limit, window) in &mut self.known {
            if window.reset <= now {
                window.remaining = *limit;
                window.reset = now.checked_add_signed(window.length).unwrap_or(now);
                window.told = false;
            }
            window.remaining = window.remaining.saturating_sub(1);
        }
        self.departed += 1;
        self.departed
    }

    /// Notes what the answer to the request numbered `departure` told. Requests that left after that one are not in the
    /// server's count yet and are taken off here.
    pub(super) fn hear(&mut self, now: DateTime<Utc>, departure: u64, told: Told) {
        let later = self.departed.saturating_sub(departure);
        let mut window = Window {
            remaining: told.remaining.saturating_sub(later),
            reset: told.reset,
            length: told.reset - now,
            told: true,
        };
        if let Some(known) = self.known.get(&told.limit) {
            window.length = window.length.max(known.length);
            if known.reset == told.reset {
                window.remaining = window.remaining.min(known.remaining);
            }
        }
        self.known.insert(told.limit, window);
    }
}
