//! How much one run may change before it needs a person's consent.

use serde::{Deserialize, Serialize};

/// How much one run may change before it needs consent: what is more than `percent` *and* more than `count` does, and so
/// does more than half, where that is more than two (hazard B5).
///
/// Both must be exceeded, so that small companies are not stopped by shares and large ones not by numbers; half of a small
/// company is much all the same. With the default of 10 and 10:
///
/// | change | share | consent |
/// | --- | --- | --- |
/// | 2 of 3 | 67% | not needed: no more than two |
/// | 3 of 6 | 50% | not needed: no more than 10, and no more than half |
/// | 3 of 4 | 75% | needed: more than half |
/// | 12 of 400 | 3% | not needed: no more than 10% |
/// | 12 of 40 | 30% | needed |
///
/// A `percent` above 50 takes the place of the half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guard {
    /// Share in percent that may change: of the linked and active records of a kind in a sync, of the lines that were
    /// sent before in an export. 10 by default.
    pub percent: u32,
    /// Number of records or lines that may change, whatever their share. 10 by default.
    pub count: u32,
}

/// In percent.
const HALF: u32 = 50;

/// Two of three is no mass.
const A_PAIR: usize = 2;

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
        let is_more_than = |percent: u32| count.saturating_mul(100) > limit(percent).saturating_mul(population);
        (is_more_than(self.percent) && count > limit(self.count))
            || (is_more_than(self.percent.max(HALF)) && count > A_PAIR)
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self { percent: 10, count: 10 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b5_a_share_and_a_number_or_more_than_half_needs_consent() {
        let by_default = |count, population| Guard::default().is_exceeded(count, population);
        for (count, population, needed) in [
            (2, 2, false),
            (2, 3, false),
            (3, 6, false),
            (3, 5, true),
            (3, 4, true),
            (12, 400, false),
            (12, 40, true),
            (20, 200, false),
        ] {
            assert_eq!(by_default(count, population), needed, "{count} of {population}");
        }
        let raised = Guard {
            percent: 80,
            count: 100,
        };
        assert!(!raised.is_exceeded(8, 10) && raised.is_exceeded(9, 10));
        assert!(!Guard::OPEN.is_exceeded(400, 400));
    }
}
