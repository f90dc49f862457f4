//! The source of time, as it was filled last.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One refresh of the source of time, told by what the source holds: it is filled anew once a night, and says nowhere
/// when that was (hazards B13, D27).
///
/// Days to come say nothing of how far it was filled: somebody types 2036 for 2026, or enters leave ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Refresh {
    /// The newest work date up to the company's day of which there is time; `None` when there is none.
    pub newest: Option<NaiveDate>,
    /// How many time records there are, of whatever date; `None` where the source does not count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The newest work date of all, where it lies after the company's day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<NaiveDate>,
}

impl Refresh {
    /// Whether a look on the company's day `today` says something of the time of `date`: a source that is filled by date, and
    /// has come to the 9th, says nothing of the 11th.
    pub(crate) fn reaches(self, date: NaiveDate, today: NaiveDate) -> bool {
        self.newest.is_some_and(|newest| (date..=today).contains(&newest))
    }

    /// Whether a later look could be told from this one. Without a count only the newest date tells, and it grows by itself
    /// where there is time of days to come.
    pub(crate) fn can_be_told_apart(self) -> bool {
        self.count.is_some() || self.ahead.is_none()
    }

    /// Whether `later` holds no less, as a source does that is still being filled.
    pub(crate) fn is_within(self, later: Self) -> bool {
        self.newest <= later.newest && self.count <= later.count
    }

    /// The newest work date of all.
    pub(crate) fn last(self) -> Option<NaiveDate> {
        self.newest.max(self.ahead)
    }
}
