//! One round of a run, as all that write in it know it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};

use super::conclusion::{Conclusion, Conclusions, not_asked};
use crate::change::{LineAction, LineChange, LineKey};
use crate::digest::digest;
use crate::hold::Refusal;
use crate::ledger::{IntentId, LedgerError, RunId, StoredLine, Write};
use crate::linx::{Availability, Linx};
use crate::model::WorkerId;
use crate::plan::ExportPlan;
use crate::ports::{PortError, Progress};

/// One round of a run: a plan that was confirmed, and what becomes of its lines.
pub(super) struct Round<'a> {
    pub(super) linx: &'a Linx,
    pub(super) run: RunId,
    /// When the run began.
    pub(super) begun: DateTime<Utc>,
    pub(super) plan: &'a ExportPlan,
    /// The lines that Linx wrote before, in the order of their keys.
    pub(super) known: Vec<StoredLine>,
    /// What it came to so far. Changes of several workers are under way at once, and none of them holds this while it waits.
    so_far: Mutex<SoFar<'a>>,
}

/// What a round came to so far.
pub(super) struct SoFar<'a> {
    pub(super) conclusions: &'a mut Conclusions,
    pub(super) notes: &'a mut Vec<String>,
    pub(super) availability: Availability,
    /// How many lines are concluded.
    done: usize,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        linx: &'a Linx,
        (run, begun): (RunId, DateTime<Utc>),
        (plan, known): (&'a ExportPlan, Vec<StoredLine>),
        (conclusions, notes): (&'a mut Conclusions, &'a mut Vec<String>),
    ) -> Self {
        Self {
            linx,
            run,
            begun,
            plan,
            known,
            so_far: Mutex::new(SoFar {
                conclusions,
                notes,
                availability: Availability::default(),
                done: 0,
            }),
        }
    }

    pub(super) fn so_far(&self) -> MutexGuard<'_, SoFar<'a>> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a limit ends the round.
    pub(super) fn is_paused(&self) -> bool {
        self.so_far().availability.is_paused()
    }

    /// Why nothing is asked of Procore any more, if it is gone.
    pub(super) fn is_gone(&self) -> Option<Refusal> {
        let so_far = self.so_far();
        so_far.availability.is_gone().then(|| not_asked(&so_far.availability))
    }

    /// Ends the round for a limit that is used up, where a run may wait for it. Returns whether it does.
    pub(super) fn pauses(&self, error: &PortError) -> bool {
        self.linx.pauses(error, &mut self.so_far().availability)
    }

    /// Whether this round has still to write a change: nothing was concluded, or it was only waited for.
    pub(super) fn is_open(&self, change: &LineChange) -> bool {
        self.so_far().conclusions.is_open(&change.key)
    }

    pub(super) fn conclude(&self, change: &LineChange, conclusion: Conclusion) {
        let mut so_far = self.so_far();
        so_far.done += 1;
        so_far.conclusions.conclude(change, conclusion);
    }

    /// Notes what is about to be written, in one go. Returns the intents in the same order.
    pub(super) async fn intend(&self, changes: &[&LineChange]) -> Result<Vec<IntentId>, LedgerError> {
        let write = |change: &&LineChange| Write::Line(Box::new((*change).clone()));
        let writes: Vec<Write> = changes.iter().map(write).collect();
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let (ledger, now) = (&self.linx.ledger, self.linx.clock.now());
        let intents = ledger.record_intents(self.run, &writes, now).await?;
        let mut so_far = self.so_far();
        for change in changes {
            so_far.conclusions.begin(change);
        }
        Ok(intents)
    }

    /// The id of a line for this run. Another run gives it another one, so that a line that went and came again is none
    /// that was there before.
    pub(super) fn unique_id(&self, key: &LineKey) -> String {
        format!("linx-time-{}", digest(&(key, self.run, &self.plan.pair, self.begun)))
    }

    pub(super) fn tell_progress(&self) {
        let (done, of) = (self.so_far().done, self.plan.changes.len());
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
