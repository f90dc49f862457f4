//! Which other days to look at: the rest of a worker's week when a day asked for changed (hazard D17), and weeks that were
//! sent earlier (hazard D24).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};

use crate::change::{LineAction, LineChange};
use crate::export::days::Days;
use crate::hold::{Held, Reason, Refusal, Subject};
use crate::ledger::StoredLine;
use crate::model::{CentiHours, WorkerId, first_of_week};

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

/// The days of the weeks before `from` of which a worker's lines were sent.
pub(in crate::export) fn earlier_weeks(
    known: &[&StoredLine],
    from: NaiveDate,
    week_start: Weekday,
) -> BTreeSet<NaiveDate> {
    let first = first_of_week(from, week_start);
    let weeks: BTreeSet<NaiveDate> = known
        .iter()
        .map(|line| first_of_week(line.key.date, week_start))
        .filter(|week| *week < first)
        .collect();
    weeks.iter().flat_map(|week| week.iter_days().take(7)).collect()
}

/// Reports earlier weeks whose time changed after they were sent: late punches, a card that was opened again (hazard
/// D24). Nothing of them is written, since they were not asked for; each week is one held item, with its hours on both
/// sides.
pub(in crate::export) fn late_changes(worker: WorkerId, changes: &[LineChange], week_start: Weekday) -> Vec<Held> {
    let mut weeks: BTreeMap<NaiveDate, Vec<&LineChange>> = BTreeMap::new();
    for change in changes {
        weeks
            .entry(first_of_week(change.key.date, week_start))
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
