//! One round of a run, as all that write in it know it.

use chrono::{DateTime, NaiveDate, Utc};

use super::conclusion::{Conclusion, Conclusions};
use crate::change::{LineAction, LineChange, LineKey};
use crate::digest::digest;
use crate::ledger::{IntentId, LedgerError, RunId, StoredLine, Write};
use crate::linx::{Availability, Linx};
use crate::model::WorkerId;
use crate::plan::ExportPlan;
use crate::ports::Progress;

/// One round of a run: a plan that was confirmed, and what becomes of its lines.
pub(super) struct Round<'a> {
    pub(super) linx: &'a Linx,
    pub(super) run: RunId,
    /// When the run began.
    pub(super) begun: DateTime<Utc>,
    pub(super) plan: &'a ExportPlan,
    /// The lines that Linx wrote before, in the order of their keys.
    pub(super) known: Vec<StoredLine>,
    pub(super) conclusions: &'a mut Conclusions,
    pub(super) notes: &'a mut Vec<String>,
    pub(super) availability: Availability,
    /// How many lines are concluded.
    pub(super) done: usize,
}

impl Round<'_> {
    /// Whether this round has still to write a change: nothing was concluded, or it was only waited for.
    pub(super) fn is_open(&self, change: &LineChange) -> bool {
        self.conclusions.is_open(&change.key)
    }

    pub(super) fn conclude(&mut self, change: &LineChange, conclusion: Conclusion) {
        self.done += 1;
        self.conclusions.conclude(change, conclusion);
    }

    /// Notes what is about to be written, in one go. Returns the intents in the same order.
    pub(super) async fn intend(&mut self, changes: &[&LineChange]) -> Result<Vec<IntentId>, LedgerError> {
        let write = |change: &&LineChange| Write::Line(Box::new((*change).clone()));
        let writes: Vec<Write> = changes.iter().map(write).collect();
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let (ledger, now) = (&self.linx.ledger, self.linx.clock.now());
        let intents = ledger.record_intents(self.run, &writes, now).await?;
        for change in changes {
            self.conclusions.begin(change);
        }
        Ok(intents)
    }

    /// The id of a line for this run. Another run gives it another one, so that a line that went and came again is none
    /// that was there before.
    pub(super) fn unique_id(&self, key: &LineKey) -> String {
        format!("linx-time-{}", digest(&(key, self.run, &self.plan.pair, self.begun)))
    }

    pub(super) fn tell_progress(&self) {
        let (done, of) = (self.done, self.plan.changes.len());
        self.linx.observer.progress(Progress::Writing { done, of });
    }

    /// The lines that Linx wrote on a worker's day.
    pub(super) fn known_of(&self, worker: WorkerId, date: NaiveDate) -> &[StoredLine] {
        let day = |line: &StoredLine| (line.key.worker, line.key.date);
        let from = self.known.partition_point(|line| day(line) < (worker, date));
        let to = self.known.partition_point(|line| day(line) <= (worker, date));
        &self.known[from..to]
    }
}

/// Whether a change corrects or deletes an entry that is in Procore already.
pub(super) fn changes_existing(change: &LineChange) -> bool {
    change.action != LineAction::Create
}
