//! Time and chance as a port, so that nothing else asks the machine for them.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Tells the time, waits, and draws the jitter of retries.
///
/// A minor version may add methods, which then have a default.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Returns the present instant.
    fn now(&self) -> DateTime<Utc>;

    /// Returns when `span` has passed. Dropping the future ends the wait.
    async fn sleep(&self, span: Duration);

    /// Returns a number from 0 up to but not including 1, evenly spread.
    fn chance(&self) -> f64;
}

/// A clock for tests, which stands still until somebody sleeps.
///
/// A sleep of five seconds returns at once and moves the time on by five seconds. Chance is always one half.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<DateTime<Utc>>,
}

impl ManualClock {
    /// Returns a clock that shows `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now: Mutex::new(now) }
    }

    /// Moves the time on.
    pub fn advance(&self, span: Duration) {
        let mut now = self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += span;
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn sleep(&self, span: Duration) {
        self.advance(span);
    }

    fn chance(&self) -> f64 {
        0.5
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_manual_clock_moves_by_what_is_slept() {
        let clock = ManualClock::at(DateTime::UNIX_EPOCH);
        clock.sleep(Duration::from_secs(5)).now_or_never().unwrap();
        clock.advance(Duration::from_millis(500));
        assert_eq!(clock.now().timestamp_millis(), 5500);
    }
}
