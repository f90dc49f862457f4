//! Time and chance as a port, so that nothing else asks the machine for them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time, waits, and draws the jitter of retries.
///
/// A minor version may add methods, which then have a default.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Returns the present instant, as the machine's clock shows it: it may be wrong, and may be set at any time.
    fn now(&self) -> DateTime<Utc>;

    /// Returns how much time has passed since an instant that stays the same while the program runs. It only grows, also
    /// when somebody sets the clock. Limits are waited for by this count and the server's own clock (hazard D27).
    ///
    /// By default it is taken from [`now`](Self::now), which is right as long as nobody sets the clock.
    fn steady(&self) -> Duration {
        (self.now() - DateTime::UNIX_EPOCH).to_std().unwrap_or_default()
    }

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
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now += span;
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn sleep(&self, span: Duration) {
        self.advance(span);
    }

    fn chance(&self) -> f64 {
        0.5
    }
}

/// Another clock, shown wrong, for tests: of a machine whose clock is ahead, behind, or set while a run goes on.
///
/// Sleeps, chance and the steady count are those of the clock within.
pub struct WrongClock {
    right: Arc<dyn Clock>,
    ahead: Mutex<TimeDelta>,
}

impl WrongClock {
    /// Returns a clock that shows what `right` shows, as long as it is not set.
    pub fn beside(right: Arc<dyn Clock>) -> Self {
        Self {
            right,
            ahead: Mutex::default(),
        }
    }

    /// Sets the clock to be so far ahead from now on (less than nothing: behind).
    pub fn set_ahead(&self, ahead: TimeDelta) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = ahead;
    }
}

#[async_trait]
impl Clock for WrongClock {
    fn now(&self) -> DateTime<Utc> {
        self.right.now() + *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn steady(&self) -> Duration {
        self.right.steady()
    }

    async fn sleep(&self, span: Duration) {
        self.right.sleep(span).await;
    }

    fn chance(&self) -> f64 {
        self.right.chance()
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

    #[test]
    fn a_wrong_clock_shows_another_time_and_counts_on_as_the_right_one() {
        let right = Arc::new(ManualClock::at(DateTime::UNIX_EPOCH));
        let wrong = WrongClock::beside(right.clone());
        wrong.sleep(Duration::from_secs(5)).now_or_never().unwrap();
        wrong.set_ahead(TimeDelta::seconds(-75));
        assert_eq!((wrong.now().timestamp(), wrong.steady()), (-70, Duration::from_secs(5)));
        assert_eq!((right.now().timestamp(), right.steady()), (5, Duration::from_secs(5)));
    }
}
