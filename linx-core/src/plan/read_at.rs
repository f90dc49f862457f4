//! When what a plan is made of was read.

use chrono::{DateTime, TimeDelta, Utc};

/// For how long a plan that has nothing to do is believed.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// When a plan's lists were read, by the clock's port. A plan that was saved and read back does not have it. Two plans that
/// differ in it alone are equal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ReadAt(Option<DateTime<Utc>>);

impl ReadAt {
    pub(crate) fn new(now: DateTime<Utc>) -> Self {
        Self(Some(now))
    }

    /// Whether the plan was read just now, so that nothing is read again for one in which there is nothing to do.
    pub(crate) fn is_fresh(self, now: DateTime<Utc>) -> bool {
        self.0.is_some_and(|read| read <= now && now - read <= FRESH)
    }
}

impl PartialEq for ReadAt {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ReadAt {}
