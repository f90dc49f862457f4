//! Whether a service still answers while a run is writing (hazard A8).

use chrono::TimeDelta;

use super::Linx;
use super::error::LinxError;
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
}

impl Availability {
    /// Takes note of how a call ended.
    pub(crate) fn note<T>(&mut self, answer: &Result<T, PortError>) {
        match answer {
            Err(error) if is_away(error) => {
                self.missed += 1;
                self.words = error.words().to_owned();
            }
            _ => self.missed = 0,
        }
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

/// Whether a call failed for the service as a whole, and not for what it was asked.
pub(crate) fn is_away(error: &PortError) -> bool {
    matches!(error.kind(), FailureKind::Unavailable | FailureKind::Limited)
}

impl Linx {
    /// Waits, visibly, until a limit that is used up lets requests pass again, where a run may wait. Returns whether it did.
    pub(crate) async fn outlasts(&self, error: &PortError, changes: usize) -> bool {
        let Some(at) = error.retry_at().filter(|_| error.kind() == FailureKind::Limited) else {
            return false;
        };
        let span = at - self.clock.now();
        if !self.settle.wait || span > LONGEST {
            return false;
        }
        self.wait(Awaited::Limit, span.max(TimeDelta::zero()), changes).await;
        true
    }

    /// The same for a plan whose reading a limit ended after it was begun anew `before` times.
    pub(crate) async fn outlasts_reading(&self, error: &LinxError, before: usize) -> bool {
        match error {
            LinxError::Office(error) | LinxError::Field(error) if before < READINGS => self.outlasts(error, 0).await,
            _ => false,
        }
    }
}
