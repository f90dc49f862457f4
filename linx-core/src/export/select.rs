//! Which records an export is about, and which days of them may not be sent yet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::fetch::ExportFacts;
use crate::hold::Reason;
use crate::model::{ApprovalLevel, FieldId, FieldRecord, Hours, TimeRecord};
use crate::plan::Selection;
use crate::settings::ExportSettings;

/// The most hours of one day. The day on which the clocks go back has one more (hazard D9).
const LONGEST_DAY: Hours = Hours::from_minutes(25 * 60);

/// An employee's day.
type Day = (FieldId, NaiveDate);

/// The chosen records.
pub(super) struct Chosen<'a> {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    /// The employees asked for; `None` means all.
    pub(super) employees: Option<BTreeSet<FieldId>>,
    pub(super) records: Vec<&'a TimeRecord>,
    /// Days that may not be sent, each for one reason; the reason of the record that causes it may differ.
    pub(super) blocked: BTreeMap<Day, Reason>,
    /// Whether every record of the selected days and people was read, so that an absent line is a removed one.
    pub(super) whole: bool,
    pub(super) notes: Vec<String>,
}

pub(super) fn select<'a>(facts: &'a ExportFacts, settings: &ExportSettings, selection: &Selection) -> Chosen<'a> {
    let mut notes = Vec::new();
    let employees = wanted("employee", &selection.employees, &facts.employees.rows, &mut notes);
    let locations = wanted("location", &selection.locations, &facts.locations.rows, &mut notes);
    let mut records: Vec<&TimeRecord> = facts
        .records
        .rows
        .iter()
        .filter(|record| (selection.from..=selection.to).contains(&record.work_date))
        .filter(|record| {
            employees
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&record.employee))
        })
        .collect();
    records.sort_by(|one, other| order(one).cmp(&order(other)));
    // A day is judged as a whole, whichever of its places are asked for.
    let blocked = blocked(&records, facts, settings);
    records.retain(|record| match (&locations, &record.location) {
        (Some(wanted), Some(location)) => wanted.contains(location),
        (Some(_), None) => false,
        (None, _) => true,
    });
    if let Some(why) = &facts.records.incomplete {
        notes.push(format!(
            "the list of time records is incomplete ({why}): nothing is removed on its account"
        ));
    }
    let whole = facts.records.proves_absence() && selection.locations.is_empty();
    Chosen {
        from: selection.from,
        to: selection.to,
        employees,
        records,
        blocked,
        whole,
        notes,
    }
}

/// A fixed order, so that sums, notes and remainders never depend on the order of reading.
fn order(record: &TimeRecord) -> impl Ord + '_ {
    (
        &record.employee,
        record.work_date,
        record.start,
        record.stop,
        &record.location,
        &record.cost_code,
        &record.hours,
        &record.id,
    )
}

/// The ids meant by numbers, codes or ids; `None` means all.
fn wanted(what: &str, given: &[String], records: &[FieldRecord], notes: &mut Vec<String>) -> Option<BTreeSet<FieldId>> {
    if given.is_empty() {
        return None;
    }
    let mut ids = BTreeSet::new();
    for text in given {
        let found: Vec<&FieldRecord> = records
            .iter()
            .filter(|record| {
                record.id.as_str() == text || record.fields.get(crate::model::FieldName::Identifier) == Some(text)
            })
            .collect();
        if found.is_empty() {
            notes.push(format!("ExakTime has no {what} `{text}`"));
        }
        ids.extend(found.into_iter().map(|record| record.id.clone()));
    }
    Some(ids)
}

fn blocked(records: &[&TimeRecord], facts: &ExportFacts, settings: &ExportSettings) -> BTreeMap<Day, Reason> {
    let mut days: BTreeMap<Day, Vec<&TimeRecord>> = BTreeMap::new();
    for record in records {
        days.entry((record.employee.clone(), record.work_date))
            .or_default()
            .push(record);
    }
    let approved = approved_days(facts);
    let judge = |day: &Day, records: &[&TimeRecord]| {
        if records.iter().any(|record| record.is_open()) {
            return Some(Reason::DayIncomplete);
        }
        if overlap(records) {
            return Some(Reason::Overlap);
        }
        if records.iter().map(|record| record.total()).sum::<Hours>() > LONGEST_DAY {
            return Some(Reason::TooManyHours);
        }
        let age = facts.today.signed_duration_since(day.1).num_days();
        if age < i64::from(settings.settled_days) {
            return Some(Reason::NotSettled);
        }
        let enough = approved.get(day).is_some_and(|level| *level >= settings.approval_level);
        (settings.approved_only && !enough).then_some(Reason::NotApproved)
    };
    days.into_iter()
        .filter_map(|(day, records)| judge(&day, &records).map(|reason| (day, reason)))
        .collect()
}

fn approved_days(facts: &ExportFacts) -> BTreeMap<Day, ApprovalLevel> {
    let mut days = BTreeMap::new();
    for approval in &facts.approvals {
        let level = days
            .entry((approval.employee.clone(), approval.work_date))
            .or_insert(approval.level);
        *level = (*level).max(approval.level);
    }
    days
}

/// Whether two records share a moment; ends that touch do not (hazard D9). `records` are in order of their start.
fn overlap(records: &[&TimeRecord]) -> bool {
    let spans: Vec<_> = records
        .iter()
        .filter_map(|record| Some((record.start?, record.stop?)))
        .collect();
    spans.windows(2).any(|pair| pair[1].0 < pair[0].1)
}
