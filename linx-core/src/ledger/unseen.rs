//! What is noted with a write that one look did not show (hazard A15).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A moment, as our clock shows it and as that of the service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// By the clock of the machine that ran it, which may be wrong and may be set at any time.
    pub here: DateTime<Utc>,
    /// By the service's, as the `Date` of its answers tells it; `None` where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub there: Option<DateTime<Utc>>,
}

impl Moment {
    /// How much time has passed since `earlier` at least: the shorter of what the two clocks tell.
    pub fn since(self, earlier: Self) -> TimeDelta {
        let here = self.here - earlier.here;
        let there = self.there.zip(earlier.there).map(|(now, then)| now - then);
        there.map_or(here, |there| there.min(here))
    }
}

/// What a look at the target did not show of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// What was to be stored or changed was not as it was sent, or what was to go was still there.
    Write,
    /// What was to go was not there: it may be gone, or the list lacked it.
    Target,
}

/// The first look that did not show what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// When it began.
    pub at: Moment,
    /// What it did not show. Another look counts as a second one if it misses the same.
    pub missed: Missed,
    /// What was seen when it was sent, if it was answered at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}
