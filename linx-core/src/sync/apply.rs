//! Writes a plan, one record at a time, with the journal around each write.

use std::collections::BTreeSet;

use super::preconditions::Present;
use super::report::{RecordResult, SyncReport};
use super::{SyncOptions, parent_location};
use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Direction, Effect, Link, Outcome, RunId, Write};
use crate::linx::{Linx, LinxError};
use crate::plan::{SyncPlan, hold_where};
use crate::ports::{AttributeWrite, PortError, Progress};
use crate::settings::SyncSettings;

impl Linx {
    /// Writes a plan, once. What changed in ExakTime since the plan was made is held (hazard B6). One bad record is held and the others go on (hazard B9); a cut-off write is found out by the
    /// next plan, which reads the lists afresh and adopts what it finds by identifier (hazard A1).
    ///
    /// Errors only when the ledger fails or another run is at work.
    pub async fn apply_sync(&self, plan: &SyncPlan) -> Result<SyncReport, LinxError> {
        let lease = self.ledger.lease(Direction::Sync).await?;
        self.refuse_stale(Direction::Sync, plan.after).await?;
        for open in self.ledger.open_intents(Direction::Sync).await? {
            self.record_outcome(open.id, &Outcome::Reread).await?;
        }
        let run = self.begin(Direction::Sync, None, &plan.digest).await?;
        let world = Present::read(self, plan).await?;
        self.ledger.remember_links(&plan.agreed).await?;
        let mut results = Vec::with_capacity(plan.changes.len());
        let mut held = plan.held.clone();
        let mut without_place = BTreeSet::new();
        for (done, change) in plan.changes.iter().enumerate() {
            self.observer.progress(Progress::Writing {
                done,
                of: plan.changes.len(),
            });
            let stale = |detail| Held::new(change.office, Refusal::new(Reason::StalePlan, detail));
            let kept_back = world.moved(change).map(stale);
            if let Some(kept_back) = kept_back.or_else(|| parent_location::missing(change, &without_place)) {
                held.push(kept_back);
                results.push(RecordResult::Held);
                continue;
            }
            let result = match self.write_record(run, change).await? {
                Outcome::Done(_) => RecordResult::Done,
                outcome => {
                    held.push(not_written(change, outcome));
                    without_place.extend(parent_location::place_of(change));
                    RecordResult::Failed
                }
            };
            results.push(result);
        }
        held.sort();
        let count = |fate| results.iter().filter(|result| **result == fate).count();
        let (written, failed) = (count(RecordResult::Done), count(RecordResult::Failed));
        self.end(run, written, held.len(), failed).await?;
        drop(lease);
        Ok(SyncReport::applied(run, plan, results, held))
    }

    /// The same plan without what has moved since it was made, on either side (hazard B6): that is held, and the rest can
    /// be applied. Reads both sides. Meant for plans that were kept.
    pub async fn confirm_sync(&self, plan: &SyncPlan, settings: &SyncSettings) -> Result<SyncPlan, LinxError> {
        let options = SyncOptions {
            allow_mass_change: true,
            ..SyncOptions::default()
        };
        let now: BTreeSet<RecordChange> = self.plan_sync(settings, &options).await?.changes.into_iter().collect();
        let mut confirmed = plan.clone();
        let detail = "it changed on one of the sides after the plan was made";
        hold_where(&mut confirmed.changes, &mut confirmed.held, |change| {
            let held = || Held::new(change.office, Refusal::new(Reason::StalePlan, detail));
            (!now.contains(change)).then(held)
        });
        Ok(confirmed)
    }

    async fn write_record(&self, run: RunId, change: &RecordChange) -> Result<Outcome, LinxError> {
        let send = self.send_record(change);
        let look = async { Outcome::Unknown("the connection broke".into()) };
        Ok(self.journaled(run, &Write::Record(change.clone()), send, look).await?)
    }

    async fn send_record(&self, change: &RecordChange) -> Result<Effect, PortError> {
        let id = match (&change.record, change.action) {
            (Some(id), RecordAction::Update | RecordAction::Reactivate | RecordAction::Deactivate) => {
                self.field.update(change.kind, id, &writes(change)).await?;
                id.clone()
            }
            _ => self.field.create(change.kind, &change.base).await?,
        };
        Ok(Effect::Linked(Link {
            office: change.office,
            kind: change.kind,
            record: id,
            base: change.base.clone(),
        }))
    }
}

fn writes(change: &RecordChange) -> Vec<AttributeWrite> {
    change
        .attributes
        .iter()
        .map(|attribute| AttributeWrite {
            attribute: attribute.attribute,
            to: attribute.to.clone(),
        })
        .collect()
}

fn not_written(change: &RecordChange, outcome: Outcome) -> Held {
    let refusal = match outcome {
        Outcome::Refused(words) => Refusal::new(Reason::TargetRefused, words),
        Outcome::Unknown(words) => Refusal::new(Reason::UnknownOutcome, words),
        Outcome::Done(_) | Outcome::Absent | Outcome::Reread => Reason::UnknownOutcome.into(),
    };
    Held::new(change.office, refusal)
}
