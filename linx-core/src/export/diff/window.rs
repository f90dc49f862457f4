//! Which days are compared: those asked for, the rest of a worker's week when one of them changed (hazard D17), and weeks
//! that were sent earlier (hazard D24).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{Datelike, Days as DayCount, NaiveDate, Weekday};

use crate::change::{LineAction, LineChange};
use crate::hold::{Held, Reason, Refusal, Subject};
use crate::ledger::StoredLine;
use crate::model::{CentiHours, WorkerId};
use crate::plan::Selection;
use crate::settings::ExportSettings;

/// Days whose lines are compared.
#[derive(Debug, Clone)]
pub(in crate::export) enum Days {
    /// Those asked for; what stands on any other is left alone.
    Asked(RangeInclusive<NaiveDate>),
    /// Others that were left before.
    Again(BTreeSet<NaiveDate>),
}

impl Days {
    pub(in crate::export) fn contains(&self, date: NaiveDate) -> bool {
        match self {
            Self::Asked(days) => days.contains(&date),
            Self::Again(days) => days.contains(&date),
        }
    }

    pub(in crate::export) fn are_asked(&self) -> bool {
        matches!(self, Self::Asked(_))
    }
}

/// The first day of a day's work week.
pub(in crate::export) fn week_of(date: NaiveDate, week_start: Weekday) -> NaiveDate {
    let since = u64::from(date.weekday().days_since(week_start));
    date.checked_sub_days(DayCount::new(since)).unwrap_or(date)
}

/// The days whose lines and entries are read: whole weeks, and so many weeks before as are read again.
pub(in crate::export) fn window(selection: &Selection, settings: &ExportSettings) -> RangeInclusive<NaiveDate> {
    let week_start = settings.week_start.weekday();
    let first = week_of(selection.from, week_start);
    let first = first
        .checked_sub_days(DayCount::new(7 * u64::from(settings.reread_weeks)))
        .unwrap_or(first);
    let last = week_of(selection.to, week_start);
    first..=last.checked_add_days(DayCount::new(6)).unwrap_or(selection.to)
}

/// The days whose time is read: one more at each end, since a shift may reach over (hazards D6, D23).
pub(in crate::export) fn around(window: &RangeInclusive<NaiveDate>) -> RangeInclusive<NaiveDate> {
    let (first, last) = (*window.start(), *window.end());
    first.pred_opt().unwrap_or(first)..=last.succ_opt().unwrap_or(last)
}

/// The days of a worker that a change among those asked for brings up: an hour more on Monday moves the hour at which
/// Friday's overtime begins (hazard D17).
pub(in crate::export) fn brought_up(
    changes: &[LineChange],
    known: &[&StoredLine],
    asked: &Days,
    week_start: Weekday,
) -> BTreeSet<NaiveDate> {
    let weeks: BTreeSet<NaiveDate> = changes
        .iter()
        .map(|change| week_of(change.key.date, week_start))
        .collect();
    let dates = known.iter().map(|line| line.key.date);
    dates
        .filter(|date| !asked.contains(*date) && weeks.contains(&week_of(*date, week_start)))
        .collect()
}

/// The days of the weeks before `from` of which a worker's lines were sent.
pub(in crate::export) fn sent_before(
    known: &[&StoredLine],
    from: NaiveDate,
    week_start: Weekday,
) -> BTreeSet<NaiveDate> {
    let first = week_of(from, week_start);
    let weeks: BTreeSet<NaiveDate> = known
        .iter()
        .map(|line| week_of(line.key.date, week_start))
        .filter(|week| *week < first)
        .collect();
    weeks.iter().flat_map(|week| week.iter_days().take(7)).collect()
}

/// Tells of weeks that were sent and are not as they were: late punches, a card that was opened again (hazard D24).
/// Nothing of them is written, since they were not asked for.
pub(in crate::export) fn late(worker: WorkerId, changes: &[LineChange], week_start: Weekday) -> Vec<Held> {
    let mut weeks: BTreeMap<NaiveDate, Vec<&LineChange>> = BTreeMap::new();
    for change in changes {
        weeks
            .entry(week_of(change.key.date, week_start))
            .or_default()
            .push(change);
    }
    let held = |(week, changes): (NaiveDate, Vec<&LineChange>)| {
        let sum = |hours: fn(&LineChange) -> CentiHours| {
            CentiHours::from_hundredths(changes.iter().map(|change| hours(change).hundredths()).sum())
        };
        let detail = format!(
            "{} of its lines differ, {} h in Procore and {} h in ExakTime",
            changes.len(),
            sum(|change| change.before.unwrap_or_default()),
            sum(|change| match change.action {
                LineAction::Delete => CentiHours::default(),
                LineAction::Create | LineAction::Update => change.content.hours,
            }),
        );
        Held::new(Subject::Week(worker, week), Refusal::new(Reason::LateChange, detail))
    };
    weeks.into_iter().map(held).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(around(&(day(2)..=day(15))), day(1)..=day(16));
    }

    #[test]
    fn a_week_begins_on_the_day_that_is_set() {
        assert_eq!(week_of(day(8), Weekday::Mon), day(2));
        assert_eq!(week_of(day(8), Weekday::Sun), day(8));
    }
}
