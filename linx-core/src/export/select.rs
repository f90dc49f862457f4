//! Which records an export is about, and which days of them may not be sent yet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::days;
use super::facts::{ExportFacts, PlaceId, place_of};
use super::persons::Persons;
use crate::hold::Reason;
use crate::ledger::Link;
use crate::linx::LinxError;
use crate::model::{ApprovalLevel, Hours, Kind, Record, RecordId, TimeRecord};
use crate::plan::{Account, Selection};
use crate::settings::{ExportSettings, Overnight, Rounding};

/// The most hours of one day. The day on which the clocks go back has one more (hazard D9).
const LONGEST_DAY: Hours = Hours::from_minutes(25 * 60);

/// An employee's records.
#[derive(Default, Clone)]
pub(super) struct EmployeeTime<'a> {
    /// In a fixed order, by day and start.
    pub(super) records: Vec<&'a TimeRecord>,
    /// Days that may not be sent, each for one reason; the reason of the record that causes it may differ.
    pub(super) blocked: BTreeMap<NaiveDate, Reason>,
}

/// The chosen records, those of the day before and the day after included: a shift may reach over (hazards D6, D23).
pub(super) struct Chosen<'a> {
    /// The employees asked for, with all who are the same persons; `None` means all.
    pub(super) employees: Option<BTreeSet<RecordId>>,
    pub(super) time: BTreeMap<&'a RecordId, EmployeeTime<'a>>,
    /// The time of everybody and of all places, where only a part of it was asked for: what is less there may be what was asked
    /// for.
    pub(super) all_time: Option<BTreeMap<&'a RecordId, EmployeeTime<'a>>>,
    /// Whether every record of the selected days and people was read, so that an absent line is a removed one.
    pub(super) whole: bool,
    /// Whether only some places of a day are chosen.
    pub(super) in_part: bool,
    /// The places that were asked for, where only some were.
    pub(super) places: BTreeSet<PlaceId>,
    pub(super) notes: Vec<String>,
}

impl EmployeeTime<'_> {
    /// Enters what was read.
    pub(super) fn enter(&self, employee: &RecordId, account: &mut Account) {
        for day in days(&self.records) {
            account.read(employee, day[0].work_date, total(day));
        }
    }
}

/// Errors when an employee or a location that was asked for is not there.
pub(super) fn select<'a>(
    facts: &'a ExportFacts,
    settings: &ExportSettings,
    selection: &Selection,
    persons: &Persons<'_>,
) -> Result<Chosen<'a>, LinxError> {
    refuse_parts(settings, selection)?;
    let mut notes = Vec::new();
    let employees = wanted(Kind::Employee, &selection.employees, &facts.employees.rows)?;
    // The lines of a person are made of the time of all: one alone would look like the others' removal (hazard C17).
    let employees = employees.map(|employees| persons.whole(&employees));
    let locations = wanted(Kind::Location, &selection.locations, &facts.locations.rows)?;
    let read = days::around(&days::read(selection, settings, &facts.late_weeks, &facts.lines));
    let of_days = |record: &&TimeRecord| read.iter().any(|days| days.contains(&record.work_date));
    let mut time = by_employee(facts.records.rows.iter().filter(of_days));
    for time in time.values_mut() {
        time.records.sort_by(|one, other| order(one).cmp(&order(other)));
    }
    judge_days(&mut time, facts, settings, persons);
    let all_time = (employees.is_some() || locations.is_some()).then(|| time.clone());
    time.retain(|employee, _| employees.as_ref().is_none_or(|asked| asked.contains(*employee)));
    for time in time.values_mut() {
        let is_asked = |place: &Option<RecordId>, asked: &BTreeSet<RecordId>| {
            place.as_ref().is_some_and(|place| asked.contains(place))
        };
        time.records
            .retain(|record| locations.as_ref().is_none_or(|asked| is_asked(&record.location, asked)));
    }
    if facts.records.partial_by_nature {
        notes.push("a file tells of the time in it and of nothing else: nothing is removed on its account".to_owned());
    }
    let whole = facts.records.proves_absence() && selection.locations.is_empty();
    Ok(Chosen {
        employees,
        time,
        all_time,
        whole,
        in_part: locations.is_some(),
        places: places_of(locations.as_ref(), &facts.links),
        notes,
    })
}

/// The places that locations are linked to.
fn places_of(locations: Option<&BTreeSet<RecordId>>, links: &[Link]) -> BTreeSet<PlaceId> {
    let is_asked = |link: &&Link| locations.is_some_and(|asked| asked.contains(&link.record));
    links.iter().filter(is_asked).filter_map(place_of).collect()
}

/// Judges the days of each person as a whole, whichever of its employees and places they are of (hazard C17).
fn judge_days(
    time: &mut BTreeMap<&RecordId, EmployeeTime<'_>>,
    facts: &ExportFacts,
    settings: &ExportSettings,
    persons: &Persons<'_>,
) {
    let approved = approved_days(facts);
    let judge = |day: &[&TimeRecord]| {
        let date = day[0].work_date;
        let levels = day.iter().map(|record| approved.get(&(&record.employee, date)));
        let lowest = levels.min().flatten().copied();
        Some((date, blocked(day, lowest, facts, settings)?))
    };
    let all: Vec<&RecordId> = time.keys().copied().collect();
    for employees in persons.each(all).into_values() {
        let mut records: Vec<&TimeRecord> = Vec::new();
        records.extend(
            employees
                .iter()
                .filter_map(|id| time.get(id))
                .flat_map(|time| &time.records),
        );
        if employees.len() > 1 {
            records.sort_by(|one, other| order(one).cmp(&order(other)));
        }
        let blocked: BTreeMap<NaiveDate, Reason> = days(&records).filter_map(judge).collect();
        for employee in employees {
            if let Some(time) = time.get_mut(employee) {
                time.blocked.clone_from(&blocked);
            }
        }
    }
}

fn by_employee<'a>(records: impl Iterator<Item = &'a TimeRecord>) -> BTreeMap<&'a RecordId, EmployeeTime<'a>> {
    // There are far more records than people: hashing finds each one's person sooner than comparing texts.
    let mut employees: FxHashMap<&RecordId, EmployeeTime<'_>> = FxHashMap::default();
    for record in records {
        employees.entry(&record.employee).or_default().records.push(record);
    }
    employees.into_iter().collect()
}

/// A fixed order of an employee's records, so that sums, notes and remainders never depend on the order of reading.
fn order(record: &TimeRecord) -> impl Ord + '_ {
    (
        record.work_date,
        record.start,
        record.stop,
        &record.location,
        &record.cost_code,
        &record.hours,
        &record.id,
        &record.comment,
    )
}

/// Sorted records, day by day; no day is empty.
fn days<'r, 'a>(records: &'r [&'a TimeRecord]) -> impl Iterator<Item = &'r [&'a TimeRecord]> {
    records.chunk_by(|one, other| one.work_date == other.work_date)
}

fn total(records: &[&TimeRecord]) -> Hours {
    records.iter().map(|record| record.total()).sum()
}

/// Rounding and shifts that are cut treat a day as a whole: its parts would come out otherwise, one place at a time.
fn refuse_parts(settings: &ExportSettings, selection: &Selection) -> Result<(), LinxError> {
    let whole_days = [
        (settings.rounding != Rounding::None, "rounding"),
        (settings.overnight != Overnight::ExakTime, "overnight"),
    ];
    match whole_days.into_iter().find(|(is_set, _)| *is_set) {
        Some((_, setting)) if !selection.locations.is_empty() => Err(LinxError::PartOfDay { setting }),
        _ => Ok(()),
    }
}

/// The ids meant by numbers, codes or ids; `None` means all.
fn wanted(kind: Kind, given: &[String], records: &[Record]) -> Result<Option<BTreeSet<RecordId>>, LinxError> {
    if given.is_empty() {
        return Ok(None);
    }
    let mut ids = BTreeSet::new();
    for text in given {
        let mut found = records
            .iter()
            .filter(|record| record.is_called(text))
            .map(|record| record.id.clone())
            .peekable();
        if found.peek().is_none() {
            return Err(LinxError::NotThere {
                kind,
                given: text.clone(),
            });
        }
        ids.extend(found);
    }
    Ok(Some(ids))
}

/// Why one person's day may not be sent yet, if it may not: the first reason that applies. An open record comes first,
/// since neither sums nor overlaps of such a day are known; what a person has to correct comes before what time or an
/// approval brings by itself. What only the clock at the place can tell (a day shorter than its hours, shifts of two work
/// dates at once) is judged later, in `time`, for days that pass here.
fn blocked(
    day: &[&TimeRecord],
    approved: Option<ApprovalLevel>,
    facts: &ExportFacts,
    settings: &ExportSettings,
) -> Option<Reason> {
    if day.iter().any(|record| record.is_open()) {
        return Some(Reason::DayIncomplete);
    }
    if overlap(day) {
        return Some(Reason::Overlap);
    }
    if facts.file.is_some() && stands_twice(day) {
        return Some(Reason::RepeatedRow);
    }
    if total(day) > LONGEST_DAY {
        return Some(Reason::TooManyHours);
    }
    let age = facts.today.signed_duration_since(day[0].work_date).num_days();
    if age < i64::from(settings.settled_days) {
        return Some(Reason::NotSettled);
    }
    let enough = approved.is_some_and(|level| level >= settings.approval_level);
    (settings.approved_only && !enough).then_some(Reason::NotApproved)
}

fn approved_days(facts: &ExportFacts) -> BTreeMap<(&RecordId, NaiveDate), ApprovalLevel> {
    let mut days = BTreeMap::new();
    for approval in &facts.approvals {
        let level = days
            .entry((&approval.employee, approval.work_date))
            .or_insert(approval.level);
        *level = (*level).max(approval.level);
    }
    days
}

/// Whether two records share a moment; ends that touch do not (hazard D9). `records` are in order of their start.
fn overlap(records: &[&TimeRecord]) -> bool {
    // A break that is taken off lies within its shift (hazard D23).
    let works = |record: &&&TimeRecord| record.total() >= Hours::ZERO;
    let spans = || {
        let works = records.iter().filter(works);
        works.filter_map(|record| Some((record.start?, record.stop?)))
    };
    spans().zip(spans().skip(1)).any(|(one, next)| next.0 < one.1)
}

/// Whether two records out of a file have one id: so have rows that are equal in all columns (hazard D28). With times they
/// overlap as well.
fn stands_twice(records: &[&TimeRecord]) -> bool {
    let ids: Vec<&str> = records.iter().filter_map(|record| record.id.as_deref()).collect();
    ids.iter().collect::<BTreeSet<_>>().len() < ids.len()
}

#[cfg(test)]
mod tests;
