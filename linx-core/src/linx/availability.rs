//! Whether a service still answers while a run is writing (hazard A8).

use chrono::TimeDelta;

use super::Linx;
use crate::ports::{FailureKind, PortError};

/// After so many calls in a row that found the service gone, the rest is not asked.
const ENOUGH: usize = 3;

/// The longest wait for a limit: the longest of them is by the hour.
const LONGEST: TimeDelta = TimeDelta::minutes(65);

/// Whether a service still answers. One that went away is not asked for each of ten thousand lines.
#[derive(Debug, Default)]
pub(crate) struct Availability {
    missed: usize,
}

impl Availability {
    /// Takes note of how a call ended.
    pub(crate) fn note<T>(&mut self, answer: &Result<T, PortError>) {
        self.missed = match answer {
            Err(error) if is_away(error) => self.missed + 1,
            _ => 0,
        };
    }

    /// Whether it is no use to ask further in this run.
    pub(crate) fn is_gone(&self) -> bool {
        self.missed >= ENOUGH
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
        self.wait(span.max(TimeDelta::zero()), changes).await;
        true
    }
}
