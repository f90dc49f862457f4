//! How much one run may change before it needs a person's consent.

use serde::{Deserialize, Serialize};

/// How much one run may change before it needs consent: what is more than `percent` *and* more than `count` does
/// (hazard B5).
///
/// Both must be exceeded, so that small companies are not stopped by shares and large ones not by numbers. With the
/// default of 10 and 10:
///
/// | change | share | consent |
/// | --- | --- | --- |
/// | 3 of 4 | 75% | not needed: no more than 10 |
/// | 12 of 400 | 3% | not needed: no more than 10% |
/// | 12 of 40 | 30% | needed |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guard {
    /// Share in percent that may change: of the linked and active records of a kind in a sync, of the lines that were
    /// sent before in an export. 10 by default.
    pub percent: u32,
    /// Number of records or lines that may change, whatever their share. 10 by default.
    pub count: u32,
}

impl Guard {
    /// A guard that lets everything pass, for a caller who checks plans in another way.
    pub const OPEN: Self = Self {
        percent: u32::MAX,
        count: u32::MAX,
    };

    /// Whether a change of `count` among `population` records needs consent. Exactly the share or exactly the number
    /// does not: of 200 records, 20 pass at 10%.
    pub fn is_exceeded(self, count: usize, population: usize) -> bool {
        let limit = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
        // Compared as products of whole numbers; a list is far too short to overflow them.
        count.saturating_mul(100) > limit(self.percent).saturating_mul(population) && count > limit(self.count)
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self { percent: 10, count: 10 }
    }
}
