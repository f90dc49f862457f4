//! Writes a plan, one record at a time, with the journal around each write.

use std::collections::BTreeSet;

use super::confirm::confirm;
use super::parent_location;
use super::preconditions::CurrentRecords;
use super::report::{RecordResult, SyncReport};
use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Direction, Effect, Link, Outcome, RunId, Write};
use crate::linx::{Linx, LinxError};
use crate::plan::SyncPlan;
use crate::ports::{AttributeWrite, PortError, Progress};

impl Linx {
    /// Writes a plan to ExakTime, once.
    ///
    /// *Flow.* The right to write is taken, and a plan that another run has overtaken is refused. The plan is made anew: what
    /// both have is written, and whatever the given one does not show is held (hazards B6, B17). ExakTime's records of
    /// the kinds that the plan changes are read once more. Then the changes are made one after another: codes, places,
    /// people. Before each its intent goes into the journal, and after it what came of it.
    ///
    /// *Guarantees.* Only what is in the plan is written, each at most once. A record that changed in ExakTime since the
    /// plan was made, or whose number somebody else has by now, is not touched but held (hazard B6). Values that Linx does
    /// not manage stay as they are. A record that the service refuses is held, and the others go on (hazard B9). A request
    /// whose answer was lost is never sent again: the record is held, and the next plan finds out from ExakTime's lists
    /// whether it is there (hazard A1). The report names every change and what came of it.
    ///
    /// *Assumptions.* Nobody changes a record in the moment between the second look and the write.
    ///
    /// *Cancellation.* May be dropped at any time. The write that was under way stays open in the journal, those before it
    /// are done, those after it are not begun; the next plan takes it up from there.
    ///
    /// # Errors
    ///
    /// [`LinxError::OtherPair`] and [`LinxError::OtherFormat`] when the plan is for other companies or of another version,
    /// [`LinxError::Ledger`] when another run is at work or the ledger fails, [`LinxError::Stale`] when another run has
    /// written since the plan was made, [`LinxError::Field`] when ExakTime could not be read before the first write.
    pub async fn apply_sync(&self, given: &SyncPlan) -> Result<SyncReport, LinxError> {
        self.refuse_other(given.format, &given.pair)?;
        let lease = self.lease(Direction::Sync).await?;
        self.refuse_stale(Direction::Sync, given.after).await?;
        let plan = &self.confirmed(given).await?;
        for open in self.ledger.open_intents(Direction::Sync).await? {
            self.record_outcome(open.id, &Outcome::Reread).await?;
        }
        let run = self.begin(&lease, None, &plan.digest).await?;
        let world = CurrentRecords::read(self, plan).await?;
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

    /// Makes the plan anew, without what the given one does not show.
    async fn confirmed(&self, given: &SyncPlan) -> Result<SyncPlan, LinxError> {
        if given.is_idle() {
            return Ok(given.clone());
        }
        Ok(confirm(self.plan_sync(&given.options).await?, given))
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
