//! When what a plan is made of was read.

use chrono::{DateTime, TimeDelta, Utc};

/// For how long a plan that has nothing to do is believed.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// When a plan was read, by the clock's port; unknown of one that was kept. It is not saved, and of no account where plans are
/// compared.
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
