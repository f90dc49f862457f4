//! Time that is not exported yet: who or what has such time is not deactivated (hazard C6).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::hold::{Held, Reason};
use crate::ledger::{Link, StoredLine};
use crate::linx::Linx;
use crate::model::{FieldId, Hours, Kind, OfficeRef, ProjectId, SubJobId, TimeRecord, WorkerId};
use crate::plan::{Action, Change, SyncPlan};
use crate::settings::SyncSettings;

/// The first and last day with such time, per employee and place.
type Unsent = BTreeMap<(Kind, FieldId), (NaiveDate, NaiveDate)>;

impl Linx {
    /// Puts off the deactivations of employees and places with time that is not exported yet. Reads time only when there
    /// is something to deactivate; where it cannot be read, the plan says so and goes on.
    pub(super) async fn put_off_deactivations(
        &self,
        mut plan: SyncPlan,
        links: &[Link],
        settings: &SyncSettings,
    ) -> SyncPlan {
        let leaves = |change: &Change| change.action == Action::Deactivate && change.kind != Kind::CostCode;
        if settings.unsent_days == 0 || !plan.changes.iter().any(leaves) {
            return plan;
        }
        let to = self.clock.now().date_naive();
        let from = to - Days::new(settings.unsent_days.into());
        let records = self.field.time_records(from, to).await;
        let exported = self.ledger.lines(from, to).await;
        match (records, exported) {
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

/// The employees and places with time of which the ledger has no line on that day. What is not linked was not exported.
fn unsent(records: &[TimeRecord], exported: &[StoredLine], links: &[Link]) -> Unsent {
    let sent: BTreeSet<(WorkerId, NaiveDate, ProjectId, Option<SubJobId>)> = exported
        .iter()
        .map(|line| (line.key.worker, line.key.date, line.key.project, line.key.sub_job))
        .collect();
    let office: BTreeMap<(Kind, &FieldId), OfficeRef> = links
        .iter()
        .map(|link| ((link.kind, &link.field), link.office))
        .collect();
    let is_sent = |record: &TimeRecord| {
        let worker = office.get(&(Kind::Employee, &record.employee));
        let place = record
            .location
            .as_ref()
            .and_then(|place| office.get(&(Kind::Location, place)));
        let (project, sub_job) = match place {
            Some(OfficeRef::Project(project)) => (*project, None),
            Some(OfficeRef::SubJob(project, sub_job)) => (*project, Some(*sub_job)),
            _ => return false,
        };
        matches!(worker, Some(OfficeRef::Worker(worker)) if sent.contains(&(*worker, record.work_date, project, sub_job)))
    };
    let mut unsent = Unsent::new();
    for record in records
        .iter()
        .filter(|record| record.is_open() || record.total() != Hours::ZERO)
    {
        if is_sent(record) {
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
            .filter(|_| change.action == Action::Deactivate)
            .and_then(|record| unsent.get(&(change.kind, record.clone())));
        match days {
            Some((first, last)) => {
                let detail = format!("time of {first} to {last}");
                plan.held.push(Held::new(
                    change.kind.as_str(),
                    change.office,
                    Reason::UnsentTime,
                    detail,
                ));
                plan.agreed
                    .extend(change.link_without_it().filter(|_| !linked.contains(&change.office)));
            }
            None => plan.changes.push(change),
        }
    }
    plan.held.sort();
}
