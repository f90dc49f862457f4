//! How much one run may change before it needs a person's consent.

use serde::{Deserialize, Serialize};

/// How much one run may change before it needs consent: more than `percent` *and* more than `count` (hazard B5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guard {
    /// Share of the linked and active records of a kind, in percent; of an export, of the lines.
    pub percent: u32,
    /// Number of records.
    pub count: u32,
}

impl Guard {
    /// Lets everything pass.
    pub const OPEN: Self = Self {
        percent: u32::MAX,
        count: u32::MAX,
    };

    /// Whether `count` of `population` records is more than the share *and* more than the number.
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
