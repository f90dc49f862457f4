//! The source of time, as it was filled last.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One refresh of the source of time, told by what the source holds: it is filled anew once a night, and says nowhere
/// when that was (hazards B13, D27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Refresh {
    /// The newest work date of which there is time; `None` when there is no time at all.
    pub newest: Option<NaiveDate>,
    /// How many time records there are; `None` where the source does not count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}
