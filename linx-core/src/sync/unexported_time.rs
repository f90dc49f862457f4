//! Time that is not exported yet: who or what has such time is not deactivated (hazard C6).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Link, StoredLine};
use crate::linx::Linx;
use crate::model::{Hours, Kind, OfficeRef, ProjectId, RecordId, SubJobId, TimeRecord, WorkerId};
use crate::plan::SyncPlan;
use crate::settings::SyncSettings;

/// What rounding may have taken off one line.
const HUNDREDTH: Hours = Hours::from_seconds(36);

/// The first and last day with such time, per employee and place.
type Unsent = BTreeMap<(Kind, RecordId), (NaiveDate, NaiveDate)>;

impl Linx {
    /// Puts off the deactivations of employees and places with time that is not exported yet. Reads time only when there
    /// is something to deactivate; where it cannot be read, the plan says so and goes on.
    pub(super) async fn put_off_deactivations(
        &self,
        mut plan: SyncPlan,
        links: &[Link],
        settings: &SyncSettings,
    ) -> SyncPlan {
        let leaves = |change: &RecordChange| change.action == RecordAction::Deactivate && change.kind != Kind::CostCode;
        if settings.unsent_days == 0 || !plan.changes.iter().any(leaves) {
            return plan;
        }
        let to = self.clock.now().date_naive();
        let from = to - Days::new(settings.unsent_days.into());
        let records = self.field.time_records(from, to).await;
        let exported = self.ledger.lines(from, to).await;
        match (records, exported) {
            (Ok(records), Ok(_)) if !records.proves_absence() => hold_all(&mut plan, links),
            (Ok(records), Ok(exported)) => put_off(&mut plan, &unsent(&records.rows, &exported, links), links),
            (Err(error), _) => plan.notes.push(untold(&error)),
            (_, Err(error)) => plan.notes.push(untold(&error)),
        }
        plan
    }
}

fn untold(error: &dyn std::error::Error) -> String {
    format!("whether those who are deactivated have time that is not exported yet could not be read: {error}")
}

/// Somebody's day at a place.
type AtPlace = (WorkerId, NaiveDate, ProjectId, Option<SubJobId>);

/// The employees and places with more time on a day than the ledger's lines of it carry. What is not linked was not
/// exported.
fn unsent(records: &[TimeRecord], exported: &[StoredLine], links: &[Link]) -> Unsent {
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
    let mut unsent = Unsent::new();
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
            let days = unsent.entry(holder).or_insert((record.work_date, record.work_date));
            *days = (days.0.min(record.work_date), days.1.max(record.work_date));
        }
    }
    unsent
}

/// Who is found for the first time is linked all the same: without, the time could not be exported.
fn put_off(plan: &mut SyncPlan, unsent: &Unsent, links: &[Link]) {
    let linked: BTreeSet<OfficeRef> = links.iter().map(|link| link.office).collect();
    for change in std::mem::take(&mut plan.changes) {
        let days = change
            .record
            .as_ref()
            .filter(|_| change.action == RecordAction::Deactivate)
            .and_then(|record| unsent.get(&(change.kind, record.clone())));
        match days {
            Some((first, last)) => {
                let detail = format!("time of {first} to {last}");
                plan.held
                    .push(Held::new(change.office, Refusal::new(Reason::UnsentTime, detail)));
                plan.agreed
                    .extend(Link::without(&change).filter(|_| !linked.contains(&change.office)));
            }
            None => plan.changes.push(change),
        }
    }
    plan.held.sort();
}

/// Where some of the time could not be read, nobody is known to have none.
fn hold_all(plan: &mut SyncPlan, links: &[Link]) {
    let linked: BTreeSet<OfficeRef> = links.iter().map(|link| link.office).collect();
    for change in std::mem::take(&mut plan.changes) {
        if change.action != RecordAction::Deactivate || change.kind == Kind::CostCode {
            plan.changes.push(change);
            continue;
        }
        let detail = "time that is not exported yet could not be read completely";
        plan.held
            .push(Held::new(change.office, Refusal::new(Reason::IncompleteList, detail)));
        plan.agreed
            .extend(Link::without(&change).filter(|_| !linked.contains(&change.office)));
    }
    plan.held.sort();
}
