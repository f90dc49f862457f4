//! How a run begins and ends in the ledger, and how each of its writes is journaled.

use chrono::{DateTime, TimeDelta, Utc};

use super::Linx;
use super::error::LinxError;
use crate::hold::{Reason, Refusal};
use crate::ledger::{Direction, IntentId, Lease, LedgerError, Look, Moment, Outcome, Pair, RunEnd, RunId, RunStart};
use crate::plan::FORMAT;
use crate::ports::{Awaited, Progress};

impl Linx {
    /// Errors when the ledger belongs to another pair of companies (hazard C13). One that belongs to nobody yet is fine.
    pub(crate) async fn check_pair(&self) -> Result<(), LedgerError> {
        match self.ledger.pair().await? {
            Some(bound) if bound != *self.pair => Err(LedgerError::WrongPair {
                bound,
                given: (*self.pair).clone(),
            }),
            _ => Ok(()),
        }
    }

    /// The newest run of a direction.
    pub(crate) async fn last_run(&self, direction: Direction) -> Result<Option<RunId>, LedgerError> {
        Ok(self.ledger.newest_run(direction).await?.map(|run| run.id))
    }

    /// Refuses a plan that was made before the newest run, so that each is applied once at most (hazard B6). Asked
    /// while the lease is held.
    pub(crate) async fn refuse_stale(&self, direction: Direction, after: Option<RunId>) -> Result<(), LinxError> {
        if self.last_run(direction).await? == after {
            Ok(())
        } else {
            Err(LinxError::Stale(direction))
        }
    }

    /// Takes the right to write in one direction.
    pub(crate) async fn lease(&self, direction: Direction) -> Result<Lease, LedgerError> {
        self.ledger.lease(direction, self.clock.now()).await
    }

    /// Makes sure that this run still has the right to write, and keeps it for another 90 minutes: before a wait, and before
    /// the ledger remembers anything that was read (hazard B14).
    pub(crate) async fn keep(&self, lease: &Lease) -> Result<(), LedgerError> {
        self.ledger.renew(lease, self.clock.now()).await
    }

    /// Begins a run. The first one binds the ledger to the pair: by then both companies were read, so that a number that
    /// was mistyped binds nothing (hazard C13).
    pub(crate) async fn begin(
        &self,
        lease: &Lease,
        days: Option<(chrono::NaiveDate, chrono::NaiveDate)>,
        plan: &str,
    ) -> Result<RunId, LedgerError> {
        self.ledger.bind(&self.pair).await?;
        let start = RunStart {
            direction: lease.direction(),
            at: self.clock.now(),
            days,
            plan: plan.to_owned(),
        };
        self.ledger.begin_run(lease, &start).await
    }

    pub(crate) async fn end(&self, run: RunId, written: usize, held: usize, failed: usize) -> Result<(), LedgerError> {
        self.ledger
            .end_run(
                run,
                &RunEnd {
                    at: self.clock.now(),
                    written,
                    held,
                    failed,
                },
            )
            .await
    }

    pub(crate) async fn record_outcome(&self, intent: IntentId, outcome: &Outcome) -> Result<(), LedgerError> {
        self.ledger.record_outcome(intent, outcome, self.clock.now()).await
    }

    pub(crate) async fn record_outcomes(&self, outcomes: &[(IntentId, Outcome)]) -> Result<(), LedgerError> {
        if outcomes.is_empty() {
            return Ok(());
        }
        self.ledger.record_outcomes(outcomes, self.clock.now()).await
    }

    /// A look at the target of a direction that began at `began` by our clock. Made when it was read, since its answers tell
    /// the time by its own (hazard D27).
    pub(crate) fn look(&self, direction: Direction, began: DateTime<Utc>, waited_for: Option<IntentId>) -> Look {
        let ahead = match direction {
            Direction::Sync => self.field.clock_difference(),
            Direction::Export => self.office.clock_difference(),
        };
        let there = ahead.and_then(|ahead| began.checked_add_signed(ahead));
        Look {
            at: Moment { here: began, there },
            settle: self.settle,
            waited_for,
        }
    }

    /// Waits, visibly. `changes` is how many wait.
    pub(crate) async fn wait(&self, awaited: Awaited, span: TimeDelta, changes: usize) {
        self.observer.progress(Progress::Waiting {
            awaited,
            until: self.clock.now() + span,
            changes,
        });
        self.clock.sleep(span.to_std().unwrap_or_default()).await;
    }

    /// Errors when a plan was made by another version of Linx or for other companies (hazard B17).
    pub(crate) fn refuse_other(&self, format: u32, pair: &Pair) -> Result<(), LinxError> {
        if format != FORMAT {
            return Err(LinxError::OtherFormat {
                found: format,
                known: FORMAT,
            });
        }
        if *pair != *self.pair {
            return Err(LinxError::OtherPair {
                plan: Box::new(pair.clone()),
                here: Box::new((*self.pair).clone()),
            });
        }
        Ok(())
    }
}

/// Why a change is not known to be written when the ledger ended its run. One that was `begun` was noted before it was sent.
pub(crate) fn broken_off(error: &LedgerError, begun: bool) -> Refusal {
    let detail = if begun {
        format!("it may stand, for what came of it could not be noted: {error}")
    } else {
        format!("it was not written: {error}")
    };
    Refusal::new(Reason::LedgerFailed, detail)
}
