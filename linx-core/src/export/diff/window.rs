//! Which other days to compare: the rest of a worker's week when a day asked for changed (hazard D17).

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};

use crate::change::LineChange;
use crate::export::days::Days;
use crate::ledger::StoredLine;
use crate::model::first_of_week;

/// Other days of the same weeks that must be compared again. Weekly overtime depends on the whole week: an extra hour on
/// Monday makes Friday's overtime start an hour earlier (hazard D17).
pub(in crate::export) fn rest_of_weeks(
    changes: &[LineChange],
    known: &[&StoredLine],
    asked: &Days,
    week_start: Weekday,
) -> BTreeSet<NaiveDate> {
    let weeks: BTreeSet<NaiveDate> = changes
        .iter()
        .map(|change| first_of_week(change.key.date, week_start))
        .collect();
    let dates = known.iter().map(|line| line.key.date);
    dates
        .filter(|date| !asked.contains(*date) && weeks.contains(&first_of_week(*date, week_start)))
        .collect()
}
