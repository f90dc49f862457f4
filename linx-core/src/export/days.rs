//! Which days are read, and which of them are compared.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::{Days as DayCount, NaiveDate};

use crate::ledger::{JournalEntry, StoredLine, Write};
use crate::model::{WorkerId, first_of_week};
use crate::plan::Selection;
use crate::settings::ExportSettings;

/// Days whose lines are compared.
#[derive(Debug, Clone)]
pub(super) enum Days {
    /// Those asked for; what stands on any other is left alone.
    Asked(RangeInclusive<NaiveDate>),
    /// Others that were left before.
    Again(BTreeSet<NaiveDate>),
}

impl Days {
    pub(super) fn contains(&self, date: NaiveDate) -> bool {
        match self {
            Self::Asked(days) => days.contains(&date),
            Self::Again(days) => days.contains(&date),
        }
    }

    pub(super) fn are_asked(&self) -> bool {
        matches!(self, Self::Asked(_))
    }
}

/// The days whose lines and entries are read: whole work weeks, and as many weeks before as the settings read again.
/// Overtime depends on the whole week (hazard D17), and a week that was sent may change later (hazard D24).
///
/// With weeks that begin on Monday, Wednesday 11 March 2026 reads the 9th to the 15th, and with one week read again the
/// 2nd to the 15th.
pub(super) fn window(selection: &Selection, settings: &ExportSettings) -> RangeInclusive<NaiveDate> {
    let week_start = settings.week_start.weekday();
    let first = first_of_week(selection.from, week_start);
    let first = first
        .checked_sub_days(DayCount::new(7 * u64::from(settings.reread_weeks)))
        .unwrap_or(first);
    let last = first_of_week(selection.to, week_start);
    first..=last.checked_add_days(DayCount::new(6)).unwrap_or(selection.to)
}

/// The weeks after those asked for, as many as are read again before them: they are read as far as lines of them were sent,
/// since time may have moved out of them into the days asked for (hazard D24). None where no weeks are read again.
pub(super) fn weeks_after(selection: &Selection, settings: &ExportSettings) -> Option<RangeInclusive<NaiveDate>> {
    let days = 7 * u64::from(settings.reread_weeks);
    let last = *window(selection, settings).end();
    let first = last.succ_opt()?;
    (days > 0).then(|| first..=last.checked_add_days(DayCount::new(days)).unwrap_or(first))
}

/// All days whose lines and entries are read, in ranges that do not touch: the window, the weeks after it of which there are
/// `lines` in the ledger, and the weeks that differed when they were looked at last (hazard D24).
pub(super) fn read(
    selection: &Selection,
    settings: &ExportSettings,
    late_weeks: &BTreeSet<(WorkerId, NaiveDate)>,
    lines: &[StoredLine],
) -> Vec<RangeInclusive<NaiveDate>> {
    let week_start = settings.week_start.weekday();
    let after = weeks_after(selection, settings);
    let dates = lines.iter().map(|line| line.key.date);
    let sent: BTreeSet<NaiveDate> = dates
        .filter(|date| after.as_ref().is_some_and(|after| after.contains(date)))
        .map(|date| first_of_week(date, week_start))
        .collect();
    let weeks = late_weeks.iter().map(|(_, first)| *first).chain(sent);
    joined(std::iter::once(window(selection, settings)).chain(weeks.map(week)))
}

/// The workers' days that are not read anyhow of which a write was cut off.
pub(super) fn elsewhere(read: &[RangeInclusive<NaiveDate>], open: &[JournalEntry]) -> BTreeSet<(NaiveDate, WorkerId)> {
    open.iter()
        .filter_map(|intent| match &intent.write {
            Write::Line(change) => Some((change.key.date, change.key.worker)),
            Write::Record(_) => None,
        })
        .filter(|(date, _)| !read.iter().any(|days| days.contains(date)))
        .collect()
}

/// The days whose time is read: one more at each end, since a shift may reach over (hazards D6, D23).
pub(super) fn around(read: &[RangeInclusive<NaiveDate>]) -> Vec<RangeInclusive<NaiveDate>> {
    joined(read.iter().map(|range| {
        let (first, last) = (*range.start(), *range.end());
        first.pred_opt().unwrap_or(first)..=last.succ_opt().unwrap_or(last)
    }))
}

/// The seven days from `first` on.
pub(super) fn week(first: NaiveDate) -> RangeInclusive<NaiveDate> {
    first..=first.checked_add_days(DayCount::new(6)).unwrap_or(first)
}

/// Joins ranges that overlap or touch: of no day anything is read twice.
pub(super) fn joined(ranges: impl Iterator<Item = RangeInclusive<NaiveDate>>) -> Vec<RangeInclusive<NaiveDate>> {
    let mut ranges: Vec<_> = ranges.collect();
    ranges.sort_by_key(|range| *range.start());
    let mut joined: Vec<RangeInclusive<NaiveDate>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.end().succ_opt().is_none_or(|next| *range.start() <= next) => {
                *last = *last.start()..=*last.end().max(range.end());
            }
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::test_world::line_of;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    #[test]
    fn d17_whole_weeks_are_read_and_d24_some_before() {
        let mut settings = ExportSettings {
            reread_weeks: 0,
            ..ExportSettings::default()
        };
        let wednesday = Selection::days(day(11), day(11));
        assert_eq!(window(&wednesday, &settings), day(9)..=day(15));
        settings.reread_weeks = 1;
        assert_eq!(window(&wednesday, &settings), day(2)..=day(15));
    }

    #[test]
    fn d24_the_weeks_that_differed_are_read_too_and_no_day_twice() {
        let settings = ExportSettings {
            reread_weeks: 0,
            ..ExportSettings::default()
        };
        let wednesday = Selection::days(day(18), day(18));
        let read = |weeks: &[u32]| {
            let weeks = weeks.iter().map(|first| (WorkerId(7), day(*first))).collect();
            read(&wednesday, &settings, &weeks, &[])
        };
        assert_eq!(read(&[]), [day(16)..=day(22)]);
        assert_eq!(read(&[9, 16]), [day(9)..=day(22)]);
        assert_eq!(read(&[2, 23]), [day(2)..=day(8), day(16)..=day(29)]);
        assert_eq!(around(&read(&[2])), [day(1)..=day(9), day(15)..=day(23)]);
        assert_eq!(around(&read(&[9])), [day(8)..=day(23)]);
    }

    #[test]
    fn d24_weeks_after_are_read_as_far_as_lines_of_them_were_sent() {
        let settings = |reread_weeks| ExportSettings {
            reread_weeks,
            ..ExportSettings::default()
        };
        let read = |weeks, sent: &[NaiveDate]| {
            let lines: Vec<StoredLine> = sent.iter().map(|date| line_of(*date)).collect();
            read(
                &Selection::days(day(4), day(4)),
                &settings(weeks),
                &BTreeSet::new(),
                &lines,
            )
        };
        let before = |weeks| window(&Selection::days(day(4), day(4)), &settings(weeks));
        assert_eq!(read(2, &[]), [before(2)]);
        assert_eq!(read(2, &[day(4), day(11)]), [*before(2).start()..=day(15)]);
        assert_eq!(read(2, &[day(17)]), [before(2), day(16)..=day(22)]);
        assert_eq!(
            read(2, &[day(22), day(23)]),
            [before(2), day(16)..=day(22)],
            "no more than before"
        );
        assert_eq!(read(0, &[day(11)]), [before(0)]);
    }
}
