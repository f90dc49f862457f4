//! When the time of a line was missed, and whether it was missed again (hazards B13, D27).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::Refresh;

/// When the time of a line was first missed: at one look, which proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The company's day on which it was missed.
    pub since: NaiveDate,
    /// What the source held then; of several looks on that day, what it held at the fullest.
    pub refresh: Refresh,
}

impl Missing {
    /// What to remember of a line of `date` whose time is missing at a look on the company's day `today`, at which the source
    /// held `now`; `earlier` is what was remembered before.
    ///
    /// A look at a source that has not come to the line's date says nothing of it. On the same day of the company a source
    /// that holds more is the same refresh going on.
    pub fn noted(earlier: Option<Self>, date: NaiveDate, now: Refresh, today: NaiveDate) -> Option<Self> {
        let first = Self {
            since: today,
            refresh: now,
        };
        let tells = now.reaches(date, today) && now.can_be_told_apart();
        let goes_on = |earlier: Self| earlier.since == today && earlier.refresh.is_within(now);
        // What an older version noted may say nothing of the line.
        match earlier.filter(|earlier| earlier.refresh.reaches(date, earlier.since)) {
            Some(earlier) if !goes_on(earlier) => Some(earlier),
            _ => tells.then_some(first),
        }
    }

    /// Whether the source was filled anew since, and has come to the line's date again, as far as what it holds at a look on
    /// the company's day `today` tells. A day has to have begun, and the newest date to be no older: a source that is being
    /// filled holds something else within minutes. Then its newest date is later, or it has another number of records.
    ///
    /// A line of the 5th was missed on the 10th, with time up to the 9th and 104 records:
    ///
    /// | look | newest | records | filled anew |
    /// | --- | --- | --- | --- |
    /// | the 10th, 20 minutes later | the 9th | 131 | no: it is the same refresh |
    /// | the 10th, 20 minutes later | the 10th | 160 | no: it is filled by date |
    /// | the 11th | the 9th | 104 | no |
    /// | the 11th | the 9th | 105 | yes |
    /// | the 11th | the 10th | 104 | yes |
    /// | the 11th | the 10th | 160 | yes |
    /// | the 11th | the 6th | 90 | no: it is being filled |
    /// | the 11th | the 11th, which was typed ahead before the 10th | 104 | no: its day has come |
    pub fn is_before(&self, date: NaiveDate, now: Refresh, today: NaiveDate) -> bool {
        let before = self.refresh;
        let both_tell = before.reaches(date, self.since) && now.reaches(date, today);
        let is_newer = now.newest > before.last();
        let differs = before.count.zip(now.count).is_some_and(|(before, now)| before != now);
        today > self.since && both_tell && now.newest >= before.newest && (is_newer || differs)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    /// A source that counts. The newest day is 0 where there is none, and so is the one ahead.
    fn holds(newest: u32, count: u64, ahead: u32) -> Refresh {
        Refresh {
            count: Some(count),
            ..uncounted(newest, ahead)
        }
    }

    fn uncounted(newest: u32, ahead: u32) -> Refresh {
        let date = |number: u32| (number > 0).then(|| day(number));
        Refresh {
            newest: date(newest),
            count: None,
            ahead: date(ahead),
        }
    }

    /// Whether a line of the 5th goes at the last of these looks, each with the company's day.
    fn goes(looks: &[(u32, Refresh)]) -> bool {
        let mut noted = None;
        let mut last = false;
        for (today, now) in looks {
            last = noted.is_some_and(|noted: Missing| noted.is_before(day(5), *now, day(*today)));
            noted = Missing::noted(noted, day(5), *now, day(*today));
        }
        last
    }

    #[test]
    fn d27_another_refresh_is_told_by_what_the_source_holds() {
        let first = (10, holds(9, 104, 0));
        let typed = (10, holds(9, 105, 11));
        let years = (10, holds(9, 105, 31));
        for (looks, anew) in [
            (vec![first], false),
            (vec![first, (10, holds(9, 104, 0))], false),
            (vec![first, (10, holds(9, 131, 0))], false),
            (vec![first, (10, holds(10, 160, 0))], false),
            (vec![first, (11, holds(9, 104, 0))], false),
            (vec![first, (11, holds(9, 105, 0))], true),
            (vec![first, (11, holds(9, 103, 0))], true),
            (vec![first, (11, holds(10, 104, 0))], true),
            (vec![first, (11, holds(10, 160, 0))], true),
            (vec![first, (11, holds(6, 90, 0))], false),
            (vec![first, (11, holds(0, 0, 0))], false),
            (vec![first, (11, holds(6, 90, 0)), (11, holds(10, 160, 0))], true),
            // The same refresh goes on, and the source stops.
            (vec![first, (10, holds(10, 160, 0)), (11, holds(10, 160, 0))], false),
            (vec![first, (10, holds(10, 160, 0)), (11, holds(10, 161, 0))], true),
            (vec![first, (10, holds(6, 90, 0)), (11, holds(9, 104, 0))], false),
            // A date in the future: typed before, in between, and when its day comes.
            (vec![first, (10, holds(9, 105, 31))], false),
            (vec![first, (10, holds(9, 105, 31)), (11, holds(9, 105, 31))], false),
            (vec![first, (11, holds(10, 161, 31))], true),
            (vec![years, (11, holds(9, 105, 31))], false),
            (vec![years, (11, holds(10, 120, 31))], true),
            (vec![years, (11, holds(9, 104, 0))], true),
            (vec![typed, (11, holds(11, 105, 0))], false),
            (vec![typed, (11, holds(11, 160, 0))], true),
            (vec![typed, (12, holds(12, 105, 0))], true),
            (vec![first, typed, (11, holds(11, 105, 0))], false),
            // A source that is filled by date and has not come to the line yet, at either look.
            (vec![(10, holds(4, 60, 0)), (11, holds(9, 104, 0))], false),
            (
                vec![(10, holds(4, 60, 0)), (10, holds(9, 104, 0)), (11, holds(9, 104, 0))],
                false,
            ),
            (
                vec![(10, holds(4, 60, 0)), (11, holds(9, 104, 0)), (12, holds(9, 105, 0))],
                true,
            ),
            (vec![(10, holds(0, 0, 0)), (11, holds(9, 104, 0))], false),
            (vec![first, (11, holds(4, 60, 0)), (12, holds(4, 61, 0))], false),
            // A source that does not count, at one look or at both.
            (vec![(10, uncounted(9, 0)), (11, holds(9, 105, 0))], false),
            (vec![(10, uncounted(9, 0)), (11, uncounted(9, 0))], false),
            (vec![(10, uncounted(9, 0)), (11, uncounted(10, 0))], true),
            (
                vec![(10, uncounted(9, 0)), (10, uncounted(10, 0)), (11, uncounted(10, 0))],
                false,
            ),
            (vec![(10, uncounted(9, 11)), (11, uncounted(11, 0))], false),
            (
                vec![(10, uncounted(9, 0)), (10, uncounted(9, 11)), (11, uncounted(11, 0))],
                false,
            ),
            (
                vec![(10, uncounted(9, 31)), (11, uncounted(10, 0)), (12, uncounted(11, 0))],
                true,
            ),
        ] {
            assert_eq!(goes(&looks), anew, "{looks:?}");
        }
    }

    #[test]
    fn b13_what_an_older_version_noted_of_a_date_in_the_future_is_noted_anew() {
        let older = Missing {
            since: day(10),
            refresh: holds(31, 104, 0),
        };
        let now = holds(10, 160, 0);
        assert!(!older.is_before(day(5), now, day(11)));
        let noted = Missing::noted(Some(older), day(5), now, day(11));
        assert_eq!(
            noted,
            Some(Missing {
                since: day(11),
                refresh: now
            })
        );
    }

    fn any_refresh() -> impl Strategy<Value = Refresh> {
        (0_u32..14, 0_u64..4, 0_u32..31).prop_map(|(newest, count, ahead)| holds(newest, count, ahead))
    }

    proptest! {
        #[test]
        fn b13_no_look_of_the_day_on_which_a_line_was_first_missed_is_a_second_one(
            looks in prop::collection::vec(any_refresh(), 1..8),
        ) {
            let looks: Vec<(u32, Refresh)> = looks.into_iter().map(|now| (13, now)).collect();
            prop_assert!(!goes(&looks));
        }

        #[test]
        fn b13_a_line_goes_by_two_days_of_which_the_source_had_time_of_its_date_or_later(
            looks in prop::collection::vec((1_u32..14, any_refresh()), 1..8),
        ) {
            let mut looks = looks;
            looks.sort_by_key(|(today, _)| *today);
            let told: std::collections::BTreeSet<u32> = looks
                .iter()
                .filter(|(today, now)| now.newest >= Some(day(5)) && now.newest <= Some(day(*today)))
                .map(|(today, _)| *today)
                .collect();
            prop_assert!(!goes(&looks) || told.len() > 1, "{looks:?}");
        }

        #[test]
        fn d27_nothing_but_the_calendar_is_no_refresh(
            dates in prop::collection::btree_set(1_u32..31, 1..6),
            first in 5_u32..30,
            later in 1_u32..10,
            counts in any::<bool>(),
        ) {
            let look = |today: u32| {
                let newest = dates.iter().copied().filter(|date| *date <= today).max().unwrap_or(0);
                let ahead = dates.iter().copied().filter(|date| *date > today).max().unwrap_or(0);
                let count = u64::try_from(dates.len()).unwrap();
                (today, if counts { holds(newest, count, ahead) } else { uncounted(newest, ahead) })
            };
            let looks: Vec<_> = (first..=(first + later).min(31)).map(look).collect();
            prop_assert!(!goes(&looks), "{looks:?}");
        }
    }
}
