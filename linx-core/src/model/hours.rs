//! Hours as whole seconds, and the decimals that the services want at their edge (hazard D13).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

use rust_decimal::prelude::{Decimal, RoundingStrategy, ToPrimitive};
use serde::{Deserialize, Serialize};

/// The most hours, in either direction, that a text may tell: more than a life of work, and far from where sums end.
const MOST_HOURS: i64 = 1_000_000;

/// A span of work in whole seconds; signed, since ExakTime has negative hours (hazard D23).
///
/// A text of more than a million hours is an error where it enters, and a sum stops at the largest number instead of
/// wrapping around to a small one (hazard A18).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hours(i64);

/// A text that is not a number of hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a decimal number of hours")]
pub struct HoursError(pub String);

impl Hours {
    /// No time.
    pub const ZERO: Self = Self(0);

    /// Makes hours out of whole seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Makes hours out of whole minutes.
    pub const fn from_minutes(minutes: i64) -> Self {
        Self(minutes.saturating_mul(60))
    }

    /// Returns the whole seconds.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Reads decimal hours, to the nearest second: `7.5` is 27,000 seconds, `0.333` is 1,199. Blanks at the ends do not
    /// count.
    ///
    /// # Errors
    ///
    /// When the text is no decimal number, or one of more than a million hours (hazard A18). A colon is refused, since 8:30 is 8.5 hours and not 8.30
    /// (hazard D14).
    pub fn from_decimal(text: &str) -> Result<Self, HoursError> {
        let error = || HoursError(text.to_owned());
        let hours = Decimal::from_str(text.trim())
            .or_else(|_| Decimal::from_scientific(text.trim()))
            .map_err(|_| error())?;
        if hours.abs() > Decimal::from(MOST_HOURS) {
            return Err(error());
        }
        let seconds = hours.checked_mul(Decimal::from(3600)).ok_or_else(error)?;
        let whole = seconds.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        whole.to_i64().map(Self).ok_or_else(error)
    }
}

impl Add for Hours {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Hours {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl Sub for Hours {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Hours {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Hours {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// Hundredths of an hour, the form in which hours are sent and printed: `7.50`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CentiHours(i64);

impl Add for CentiHours {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for CentiHours {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for CentiHours {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for CentiHours {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), Add::add)
    }
}

/// Seconds in a hundredth of an hour.
const CENTI: i64 = 36;

impl CentiHours {
    /// Makes hours out of hundredths: 750 are `7.50`.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// Returns the whole hundredths of an hour.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Rounds to the nearest hundredth, which is 36 seconds; a half goes up. 20 minutes become 0.33. Use [`apportion`]
    /// where parts must add up to their total.
    pub fn nearest(hours: Hours) -> Self {
        Self(hours.0.saturating_add(CENTI / 2).div_euclid(CENTI))
    }

    /// Returns the same time in seconds: 0.33 are 1,188.
    pub const fn to_hours(self) -> Hours {
        Hours(self.0.saturating_mul(CENTI))
    }
}

impl fmt::Display for CentiHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", size / 100, size % 100))
    }
}

impl FromStr for CentiHours {
    type Err = HoursError;

    /// Decimal hours out of their text, to the nearest hundredth.
    fn from_str(text: &str) -> Result<Self, HoursError> {
        let error = || HoursError(text.to_owned());
        let hours = Decimal::from_str(text.trim()).map_err(|_| error())?;
        if hours.abs() > Decimal::from(MOST_HOURS) {
            return Err(error());
        }
        let hundredths = hours
            .checked_mul(Decimal::ONE_HUNDRED)
            .ok_or_else(error)?
            .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        hundredths.to_i64().map(Self).ok_or_else(error)
    }
}

impl Serialize for CentiHours {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CentiHours {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Rounds parts to hundredths so that they add up to the rounded total: the largest remainder gets the next hundredth,
/// the earlier part where remainders tie (hazard D13: three times 20 minutes is 1.00, not 0.99).
pub fn apportion(parts: &[Hours]) -> Vec<CentiHours> {
    let total = CentiHours::nearest(parts.iter().copied().sum());
    let divide = |part: &Hours| (part.0.div_euclid(CENTI), part.0.rem_euclid(CENTI));
    let rounded = largest_remainder(parts, total.0, divide);
    rounded.into_iter().map(CentiHours).collect()
}

/// Shares a total of whole units among parts. `divide` says of a part how many whole units it has and what remains;
/// what the whole units leave of the total goes to the largest remainders, the earlier part where they tie.
///
/// ```text
/// 20 min, 20 min, 20 min in hundredths of an hour, of 100: 33 each, and the first gets the one that is left
/// ```
pub(crate) fn largest_remainder<P, R: Ord>(parts: &[P], total: i64, divide: impl Fn(&P) -> (i64, R)) -> Vec<i64> {
    let mut shares: Vec<i64> = parts.iter().map(|part| divide(part).0).collect();
    let whole = shares.iter().copied().fold(0, i64::saturating_add);
    let missing = total.saturating_sub(whole);
    if missing <= 0 {
        return shares;
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(divide(&parts[index]).1));
    for &index in order.iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[index] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn d13_three_thirds_of_an_hour_add_up_to_one() {
        let parts = apportion(&[Hours::from_minutes(20); 3]);
        assert_eq!(
            parts.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["0.34", "0.33", "0.33"]
        );
        let parts = apportion(&[Hours::from_minutes(5); 12]);
        assert_eq!(parts.iter().map(|part| part.hundredths()).sum::<i64>(), 100);
    }

    #[test]
    fn d14_a_colon_is_not_a_decimal_point() {
        assert!(Hours::from_decimal("8:30").is_err());
        assert_eq!(Hours::from_decimal("8.30"), Ok(Hours::from_minutes(498)));
        assert_eq!(Hours::from_decimal("0.1"), Ok(Hours::from_seconds(360)));
        assert_eq!(Hours::from_decimal("-0.5"), Ok(Hours::from_minutes(-30)));
        assert!("".parse::<CentiHours>().is_err());
    }

    #[test]
    fn a18_hours_beyond_every_life_are_refused_and_no_sum_wraps_around() {
        for text in ["1000000000000000", "5124095576030431", "-1000001", "1e12"] {
            assert!(Hours::from_decimal(text).is_err(), "{text}");
            assert!(text.parse::<CentiHours>().is_err(), "{text}");
        }
        assert_eq!(Hours::from_decimal("1000000").unwrap().seconds(), 3_600_000_000);
        let most = Hours::from_seconds(i64::MAX);
        let least = Hours::from_seconds(i64::MIN);
        assert_eq!([most, most, Hours::from_minutes(480)].into_iter().sum::<Hours>(), most);
        assert_eq!(least - most, least);
        assert_eq!(-least, most);
        assert_eq!(Hours::from_minutes(i64::MAX), most);
        assert!(CentiHours::nearest(most).hundredths() > 0);
        assert_eq!(CentiHours::from_hundredths(i64::MAX).to_hours(), most);
        apportion(&[most, most, least]);
    }

    #[test]
    fn hundredths_print_with_two_places() {
        assert_eq!(CentiHours::nearest(Hours::from_minutes(450)).to_string(), "7.50");
        assert_eq!(CentiHours::nearest(Hours::from_minutes(-30)).to_string(), "-0.50");
        assert_eq!("8.0".parse::<CentiHours>().unwrap().to_string(), "8.00");
        assert_eq!("8".parse::<CentiHours>().unwrap(), "8.00".parse().unwrap());
    }

    proptest! {
        #[test]
        fn d13_parts_add_up_to_their_total_and_stay_within_a_hundredth(
            seconds in proptest::collection::vec(-90_000_i64..90_000, 0..20)
        ) {
            let parts: Vec<Hours> = seconds.iter().copied().map(Hours::from_seconds).collect();
            let rounded = apportion(&parts);
            let total = CentiHours::nearest(parts.iter().copied().sum());
            prop_assert_eq!(rounded.iter().map(|part| part.hundredths()).sum::<i64>(), total.hundredths());
            for (part, rounded) in parts.iter().zip(&rounded) {
                prop_assert!((rounded.to_hours().seconds() - part.seconds()).abs() < CENTI);
            }
        }

        #[test]
        fn decimals_of_two_places_are_exact(hundredths in -100_000_i64..100_000) {
            let centi = CentiHours::from_hundredths(hundredths);
            prop_assert_eq!(Hours::from_decimal(&centi.to_string()), Ok(centi.to_hours()));
            prop_assert_eq!(centi.to_string().parse(), Ok(centi));
            prop_assert_eq!(CentiHours::nearest(centi.to_hours()), centi);
        }
    }
}
