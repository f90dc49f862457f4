//! Time that is not exported yet: who or what has such time is not deactivated (hazard C6). Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::facts::{RecentTime, TimeReading};
use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Link, StoredLine};
use crate::model::{Hours, Kind, OfficeRef, ProjectId, RecordId, SubJobId, TimeRecord, WorkerId};
use crate::plan::{SyncPlan, hold_where};

/// What rounding may have taken off one line.
const HUNDREDTH: Hours = Hours::from_seconds(36);

/// The first and last day with such time, per employee and place.
type Days = BTreeMap<(Kind, RecordId), (NaiveDate, NaiveDate)>;

/// Whether a plan deactivates an employee or a place.
pub(super) fn is_at_stake(plan: &SyncPlan) -> bool {
    plan.changes.iter().any(is_leaving)
}

/// Cost codes are left out of it: time keeps its code when the code is closed.
fn is_leaving(change: &RecordChange) -> bool {
    change.action == RecordAction::Deactivate && change.kind != Kind::CostCode
}

/// Puts off the deactivations of employees and places with time that is not exported yet. Where the time could not be read,
/// or not all of it, nobody is known to have none, and all are put off.
pub(super) fn put_off(plan: &mut SyncPlan, time: &TimeReading, links: &[Link]) {
    let put_off = match time {
        Err(why) => hold_all(plan, why),
        Ok(time) => match time.records.doubt() {
            Some(why) => hold_all(plan, &why),
            None => hold_those_with_time(plan, time, links),
        },
    };
    // Who is found for the first time is linked all the same: without, the time could not be exported.
    let linked: BTreeSet<OfficeRef> = links.iter().map(|link| link.office).collect();
    let found = put_off.iter().filter(|change| !linked.contains(&change.office));
    plan.agreed.extend(found.filter_map(Link::without));
}

fn hold_those_with_time(plan: &mut SyncPlan, time: &RecentTime, links: &[Link]) -> Vec<RecordChange> {
    let days_of = unexported(&time.records.rows, &time.exported, links);
    hold_where(&mut plan.changes, &mut plan.held, |change| {
        let record = change.record.clone().filter(|_| is_leaving(change))?;
        let (first, last) = days_of.get(&(change.kind, record))?;
        let detail = format!("time of {first} to {last}");
        Some(Held::new(change.office, Refusal::new(Reason::UnsentTime, detail)))
    })
}

fn hold_all(plan: &mut SyncPlan, why: &str) -> Vec<RecordChange> {
    let detail = format!("whether it has time that is not exported yet could not be read: {why}");
    hold_where(&mut plan.changes, &mut plan.held, |change| {
        let held = || Held::new(change.office, Refusal::new(Reason::IncompleteList, detail.clone()));
        is_leaving(change).then(held)
    })
}

/// Somebody's day at a place.
type AtPlace = (WorkerId, NaiveDate, ProjectId, Option<SubJobId>);

/// The employees and places with more time on a day than the ledger's lines of it carry. What is not linked was not
/// exported.
fn unexported(records: &[TimeRecord], exported: &[StoredLine], links: &[Link]) -> Days {
    let mut left: BTreeMap<AtPlace, Hours> = BTreeMap::new();
    for line in exported {
        let key = &line.key;
        // A hundredth more: the last of a day's lines may have been rounded down.
        let sent = line.sent.as_ref().map_or(Hours::ZERO, |sent| sent.hours.to_hours());
        *left
            .entry((key.worker, key.date, key.project, key.sub_job))
            .or_default() += sent + HUNDREDTH;
    }
    let office: BTreeMap<(Kind, &RecordId), OfficeRef> = links
        .iter()
        .map(|link| ((link.kind, &link.record), link.office))
        .collect();
    let at_place = |record: &TimeRecord| {
        let Some(OfficeRef::Worker(worker)) = office.get(&(Kind::Employee, &record.employee)) else {
            return None;
        };
        let place = office.get(&(Kind::Location, record.location.as_ref()?))?;
        match place {
            OfficeRef::Project(project) => Some((*worker, record.work_date, *project, None)),
            OfficeRef::SubJob(project, sub_job) => Some((*worker, record.work_date, *project, Some(*sub_job))),
            OfficeRef::Worker(_) | OfficeRef::CostCode(_) => None,
        }
    };
    let mut days_of = Days::new();
    for record in records
        .iter()
        .filter(|record| record.is_open() || record.total() != Hours::ZERO)
    {
        if let Some(left) = at_place(record).and_then(|at| left.get_mut(&at))
            && !record.is_open()
            && record.total() <= *left
        {
            *left = *left - record.total();
            continue;
        }
        let place = record.location.iter().map(|place| (Kind::Location, place.clone()));
        for holder in place.chain([(Kind::Employee, record.employee.clone())]) {
            let days = days_of.entry(holder).or_insert((record.work_date, record.work_date));
            *days = (days.0.min(record.work_date), days.1.max(record.work_date));
        }
    }
    days_of
}
