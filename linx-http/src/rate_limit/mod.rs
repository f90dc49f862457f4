//! Rate limits: what the server tells of them in its headers, and when the next request may leave.
//!
//! Procore counts in two windows, an hour and ten seconds, and its headers describe whichever is nearer to its end
//! (hazard A8). So windows are remembered under their limit, and every request that leaves is taken off all of them.
//! After its reset a window is taken to begin again with the first request, once: the server may not speak of it until
//! it is used up, and then requests are on their way already. A window that is not spoken of in that time is forgotten.
//!
//! Beside the limits there is a budget of our own: so many requests are under way at once, whatever reads or writes side by side.
//!
//! Resets are told by the server's clock and waited for by it, since ours may be wrong, or be set while a run goes on
//! (hazard D27). What the server's shows is worked out from the `Date` of its answers. Without one, both clocks are taken
//! to be alike.

mod headers;
mod server_clock;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
mod windows;

use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_lock::{Semaphore, SemaphoreGuard};
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, StatusCode};

use self::server_clock::ServerClock;
use self::windows::Windows;
use crate::clock::Clock;

/// An instant, as our clock shows it and by the steady count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) shown: DateTime<Utc>,
    pub(crate) steady: Duration,
}

impl Moment {
    /// The present.
    pub(crate) fn of(clock: &dyn Clock) -> Self {
        Self {
            shown: clock.now(),
            steady: clock.steady(),
        }
    }
}

/// A request that left: its number, and when by the steady count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Departure {
    number: u64,
    at: Duration,
}

/// What is known about the limits, as a pure state machine.
#[derive(Debug, Clone, Default)]
struct LimitState {
    windows: Windows,
    server_clock: ServerClock,
    /// How far the server's clock is ahead of the one that we show, as its last `Date` said.
    difference: Option<TimeDelta>,
    /// Until when the server asked for a pause, by the steady count.
    blocked_until: Duration,
    /// The least time between two requests; none unless a ceiling was set.
    apart: Duration,
    /// Before this, the ceiling lets none leave.
    free_at: Duration,
}

impl LimitState {
    /// The present by the server's clock, or a little before it.
    fn server_now(&self, moment: Moment) -> DateTime<Utc> {
        self.server_clock.at_least(moment.steady).unwrap_or(moment.shown)
    }

    /// Returns how long the next request has to wait; `None` if it may leave. A server that sets its clock back is
    /// farther from a reset that it told before; even then nothing waits longer than the longest wait at a stretch.
    fn wait(&self, moment: Moment) -> Option<Duration> {
        let now = self.server_now(moment);
        let until_reset = self.windows.earliest().map(|at| span(now, headers::capped(now, at)));
        let asked = self.blocked_until.max(self.free_at).saturating_sub(moment.steady);
        let wait = until_reset.unwrap_or_default().max(asked);
        (!wait.is_zero()).then_some(wait)
    }

    /// Notes that a request leaves.
    fn depart(&mut self, moment: Moment) -> Departure {
        self.free_at = moment.steady.saturating_add(self.apart);
        Departure {
            number: self.windows.depart(self.server_now(moment)),
            at: moment.steady,
        }
    }

    /// Notes what an answer told, and returns how long it asks to wait.
    fn observe(
        &mut self,
        moment: Moment,
        departure: Departure,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Duration> {
        if let Some(date) = headers::date(headers) {
            self.difference = Some(date - moment.shown);
            if headers::tells_a_time(headers) {
                self.server_clock.hear(departure.at, moment.steady, date);
            }
        }
        let now = self.server_now(moment);
        if let Some(told) = headers::told(now, headers) {
            self.windows.hear(now, departure.number, told);
        }
        let asked = headers::asked_delay(now, status, headers)?.to_std().ok()?;
        self.blocked_until = self.blocked_until.max(moment.steady.saturating_add(asked));
        Some(asked)
    }
}

/// How long it is from `now` until `at`; nothing if that is past.
pub(crate) fn span(now: DateTime<Utc>, at: DateTime<Utc>) -> Duration {
    (at - now).to_std().unwrap_or(Duration::ZERO)
}

/// Keeps the requests of one account to the limits that the server tells, to a ceiling where one is set, and to sixteen that are
/// under way at once.
///
/// An engine has one of its own. Engines whose requests the server counts together share one: see
/// [`EngineBuilder::rate_limiter`](crate::EngineBuilder::rate_limiter).
#[derive(Debug)]
pub struct RateLimiter {
    state: Mutex<LimitState>,
    in_flight: Semaphore,
}

/// How many requests of one account are under way at once.
const IN_FLIGHT: usize = 16;

/// A place among the requests under way, given back when it is dropped.
pub(crate) type InFlight<'a> = SemaphoreGuard<'a>;

impl Default for RateLimiter {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            in_flight: Semaphore::new(IN_FLIGHT),
        }
    }
}

impl RateLimiter {
    /// Lets at most this many requests leave in a second, whatever the server says. Four a second leave a quarter of a
    /// second apart.
    pub fn most_per_second(requests: NonZeroU32) -> Self {
        Self {
            state: Mutex::new(LimitState {
                apart: Duration::from_secs(1) / requests.get(),
                ..LimitState::default()
            }),
            ..Self::default()
        }
    }

    /// Waits until fewer than sixteen requests are under way. The first who asked is the first to go.
    pub(crate) async fn place(&self) -> InFlight<'_> {
        self.in_flight.acquire().await
    }

    /// Returns how far the server's clock is ahead of the one that the clients were given, to the second, as its last
    /// answer told (less than nothing where it is behind). `None` before an answer with a `Date`.
    pub fn clock_difference(&self) -> Option<TimeDelta> {
        self.lock().difference
    }

    /// Lets a request leave, or says how long it has to wait before it asks again.
    pub(crate) fn try_depart(&self, moment: Moment) -> Result<Departure, Duration> {
        let mut state = self.lock();
        match state.wait(moment) {
            Some(wait) => Err(wait),
            None => Ok(state.depart(moment)),
        }
    }

    /// Notes what the answer to a request told, and returns how long it asks to wait.
    pub(crate) fn observe(
        &self,
        moment: Moment,
        departure: Departure,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Duration> {
        self.lock().observe(moment, departure, status, headers)
    }

    fn lock(&self) -> MutexGuard<'_, LimitState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
