//! What the server's clock shows, worked out from the `Date` of its answers (hazard D27).
//!
//! The server tells when a window ends by its own clock, to the second. Ours may be wrong by anything and may be set while
//! a run goes on, so that it is not asked: time is counted by [`Clock::steady`](crate::Clock::steady), and each answer
//! says how far the server's clock is ahead of that count. `Date: …:07 GMT` in an answer that was asked for at 3.20 and
//! came at 3.25 of our count says that the server showed 7 s at least when it came (so it is at least 3.75 s ahead), and
//! less than 8 s when it was asked for (so it is less than 4.80 s ahead).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// A `Date` has no fractions.
const SECOND: TimeDelta = TimeDelta::seconds(1);
/// Two clocks run apart by no more than a second in so many: what was learnt an hour ago is worth less.
const SECONDS_OF_DRIFT: i32 = 2000;

/// How far the server's clock is ahead of the steady count, at least.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ServerClock {
    heard: Option<Heard>,
}

#[derive(Debug, Clone, Copy)]
struct Heard {
    least: TimeDelta,
    /// When it was worked out, by the steady count.
    at: Duration,
}

impl Heard {
    /// What it is worth at `at`.
    fn aged(self, at: Duration) -> TimeDelta {
        self.least - delta(at.saturating_sub(self.at)) / SECONDS_OF_DRIFT
    }
}

impl ServerClock {
    /// Takes in the `Date` of an answer. One that excludes what is known says that the server's clock was set, or that our
    /// count stood still while the machine slept: then only this answer is believed.
    pub(super) fn hear(&mut self, sent: Duration, received: Duration, date: DateTime<Utc>) {
        let least = date - on_count(received);
        let most = date + SECOND - on_count(sent);
        let known = self.heard.map(|known| known.aged(received));
        self.heard = Some(Heard {
            least: known
                .filter(|known| *known <= most)
                .map_or(least, |known| known.max(least)),
            at: received,
        });
    }

    /// What the server's clock shows at least. Whoever waits by it comes too late rather than too early, by less than a
    /// second, which costs nothing: resets are told in whole seconds. `None` as long as no `Date` came.
    pub(super) fn at_least(&self, steady: Duration) -> Option<DateTime<Utc>> {
        self.heard.map(|heard| on_count(steady) + heard.aged(steady))
    }
}

/// The steady count as an instant, to be compared with a `Date`.
fn on_count(steady: Duration) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
        .checked_add_signed(delta(steady))
        .unwrap_or(DateTime::UNIX_EPOCH)
}

fn delta(span: Duration) -> TimeDelta {
    TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX)
}
