//! Lines of people who were not asked for: their time may have become that of somebody who was (hazards C17, D19).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::baseline::Baseline;
use super::comparison::Comparison;
use super::entry_index::EntryIndex;
use super::kept::{Kept, KeptDays, Reach};
use super::relinked::Whereabouts;
use crate::export::facts::ExportFacts;
use crate::model::{CentiHours, Hours, RecordId};

/// What days of people keep who were not asked for. Nothing is planned for them, but their time was read: where less of a
/// day was worked than stands, the rest may be what somebody else gains.
///
/// Only the sums of days are held against each other. Where shifts that reach over midnight are cut, a day's hours may be of
/// the days beside it.
pub(in crate::export) fn of_unasked(
    facts: &ExportFacts,
    baseline: &Baseline<'_>,
    entries: &EntryIndex<'_>,
    whereabouts: Whereabouts<'_>,
    asked: &BTreeSet<RecordId>,
    days: &RangeInclusive<NaiveDate>,
    moves_days: bool,
) -> Comparison {
    let mut found = Comparison::default();
    if !facts.records.proves_absence() {
        return found;
    }
    let mut worked: BTreeMap<(&RecordId, NaiveDate), Hours> = BTreeMap::new();
    for record in facts
        .records
        .rows
        .iter()
        .filter(|record| !asked.contains(&record.employee))
    {
        *worked.entry((&record.employee, record.work_date)).or_default() += record.total();
    }
    let mut kept = KeptDays::default();
    for line in baseline.lines.iter().filter(|line| days.contains(&line.key.date)) {
        let whose = whereabouts.employees_of(line);
        let is_asked = whose.iter().any(|employee| asked.contains(*employee));
        if is_asked {
            continue;
        }
        entries.note_lacked(line, &mut found);
        let ours = match (entries.get(line.entry), &line.sent) {
            (Some(entry), _) => line.ours_of(entry.content.hours),
            // Its entry is gone by two lists, or is not there in this one, which may lack it.
            (None, Some(sent)) if !entries.is_gone(line) => sent.hours,
            (None, _) => continue,
        };
        kept.add(line, whereabouts.whose(line), ours, Reach::Everywhere);
    }
    let worked = &worked;
    let of_day = |kept: &Kept, date: NaiveDate| {
        let around = [Some(date), date.pred_opt(), date.succ_opt()];
        let dates = around.into_iter().flatten().take(if moves_days { 3 } else { 1 });
        let people = || {
            kept.workers
                .iter()
                .flat_map(|worker| whereabouts.persons().employees_of(*worker))
                .chain(&kept.nobodies)
        };
        let hours = dates.flat_map(|date| people().filter_map(move |employee| worked.get(&(employee, date))));
        CentiHours::nearest(hours.copied().sum())
    };
    found.kept.extend(kept.days(of_day));
    found
}
