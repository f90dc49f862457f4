//! Whether a service still answers while a run is writing (hazard A8).

use chrono::{DateTime, TimeDelta, Utc};

use super::Linx;
use super::error::LinxError;
use crate::ledger::Lease;
use crate::ports::{Awaited, FailureKind, PortError};

/// After so many calls in a row that found the service gone, the rest is not asked.
const ENOUGH: usize = 3;

/// How often a plan that a limit ended is begun anew. What takes more than an hour's allowance to read never ends.
const READINGS: usize = 2;

/// The longest wait for a limit: the longest of them is by the hour.
const LONGEST: TimeDelta = TimeDelta::minutes(65);

/// Whether a service still answers. One that went away is not asked for each of ten thousand lines.
#[derive(Debug, Default)]
pub(crate) struct Availability {
    missed: usize,
    /// What the last of these calls said.
    words: String,
    /// When a limit ends that a run waits for. What was read before it is old by then, so that the round ends.
    paused: Option<DateTime<Utc>>,
}

impl Availability {
    /// Takes note of how a call ended.
    pub(crate) fn note<T>(&mut self, answer: &Result<T, PortError>) {
        match answer {
            Err(error) if is_away(error) => {
                self.missed += 1;
                error.words().clone_into(&mut self.words);
            }
            _ => self.missed = 0,
        }
    }

    /// Whether the round ends here, to be followed by another one when a limit has ended.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused.is_some()
    }

    /// Until when a limit is waited for.
    pub(crate) fn paused_until(&self) -> Option<DateTime<Utc>> {
        self.paused
    }

    /// Whether it is no use to ask further in this run.
    pub(crate) fn is_gone(&self) -> bool {
        self.missed >= ENOUGH
    }

    /// Why it is not asked any more, with the time to come back where that was told.
    pub(crate) fn why_not_asked(&self) -> String {
        format!(
            "not asked after {} calls in a row like this: {}",
            self.missed, self.words
        )
    }
}

/// The limits that a run has waited for.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    /// How many changes were concluded when the last one began.
    concluded: usize,
    /// How many have ended a round in a row that concluded nothing more.
    barren: usize,
}

impl Limits {
    /// Whether another limit is waited for, now that so many changes are concluded. What is used up after each wait is no
    /// limit that one could wait for.
    pub(crate) fn lets_go_on(&mut self, concluded: usize) -> bool {
        self.barren = if concluded > self.concluded { 0 } else { self.barren + 1 };
        self.concluded = concluded;
        self.barren <= READINGS
    }
}

/// Whether a call failed for the service as a whole, and not for what it was asked.
pub(crate) fn is_away(error: &PortError) -> bool {
    matches!(error.kind(), FailureKind::Unavailable | FailureKind::Limited)
}

impl Linx {
    /// Waits, visibly, until a limit that is used up lets requests pass again, where a run may wait. Returns whether it did.
    async fn outlasts(&self, error: &PortError, changes: usize, lease: Option<&Lease>) -> bool {
        let Some(at) = error.retry_at().filter(|_| error.kind() == FailureKind::Limited) else {
            return false;
        };
        let span = at - self.clock.now();
        if !self.settle.wait || span > LONGEST {
            return false;
        }
        if let Some(lease) = lease
            && self.keep(lease).await.is_err()
        {
            return false;
        }
        self.wait(Awaited::Limit, span.max(TimeDelta::zero()), changes).await;
        true
    }

    /// Ends a round for a limit that is used up, where a run may wait for it. Returns whether it does: what was not written is
    /// left to the next round, whose plan is made when the limit has ended.
    pub(crate) fn pauses(&self, error: &PortError, availability: &mut Availability) -> bool {
        let at = error
            .retry_at()
            .filter(|_| error.kind() == FailureKind::Limited && self.settle.wait);
        let at = at.filter(|at| *at - self.clock.now() <= LONGEST);
        availability.paused = availability.paused.or(at);
        at.is_some()
    }

    /// The same for a plan whose reading a limit ended after it was begun anew `before` times. A run keeps its lease meanwhile.
    pub(crate) async fn outlasts_reading(&self, error: &LinxError, before: usize, lease: Option<&Lease>) -> bool {
        match error {
            LinxError::Office(error) | LinxError::Field(error) if before < READINGS => {
                self.outlasts(error, 0, lease).await
            }
            _ => false,
        }
    }
}
