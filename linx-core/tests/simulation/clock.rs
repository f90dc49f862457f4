//! Time by hand: it passes with each call, and when everybody waits.

use std::task::Waker;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use linx_core::ports::TimeSource;
use linx_http::Clock;

use crate::world::Shared;

/// Who waits, and until when.
#[derive(Default)]
pub struct Timers(Vec<(DateTime<Utc>, Waker)>);

impl Timers {
    pub fn add(&mut self, until: DateTime<Utc>, waker: Waker) {
        self.0.push((until, waker));
    }

    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.0.iter().map(|(until, _)| *until).min()
    }

    /// Wakes whoever waited until `now`.
    pub fn wake(&mut self, now: DateTime<Utc>) {
        let (due, later): (Vec<_>, Vec<_>) = self.0.drain(..).partition(|(until, _)| *until <= now);
        self.0 = later;
        for (_, waker) in due {
            waker.wake();
        }
    }
}

/// The clock of the machine that Linx runs on; it may be wrong by a span.
pub struct OurClock {
    pub world: Shared,
    pub wrong_by: TimeDelta,
}

#[async_trait]
impl TimeSource for OurClock {
    fn now(&self) -> DateTime<Utc> {
        self.world.lock().now + self.wrong_by
    }

    async fn sleep(&self, span: Duration) {
        let until = self.world.lock().now + TimeDelta::from_std(span).unwrap();
        let world = &self.world;
        std::future::poll_fn(|context| {
            let mut world = world.lock();
            if world.now >= until {
                return std::task::Poll::Ready(());
            }
            world.timers.add(until, context.waker().clone());
            std::task::Poll::Pending
        })
        .await;
    }
}

/// The same clock as the clients see it.
#[async_trait]
impl Clock for OurClock {
    fn now(&self) -> DateTime<Utc> {
        TimeSource::now(self)
    }

    fn steady(&self) -> Duration {
        (self.world.lock().now - DateTime::UNIX_EPOCH).to_std().unwrap()
    }

    async fn sleep(&self, span: Duration) {
        TimeSource::sleep(self, span).await;
    }

    fn chance(&self) -> f64 {
        0.5
    }
}
