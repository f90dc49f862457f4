//! What became of the changes of a run.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::RecordChange;
use crate::hold::{Reason, Refusal};
use crate::model::OfficeRef;
use crate::sync::report::RecordResult;

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Conclusion {
    /// ExakTime has it.
    Done,
    /// It was not sent.
    Held(Refusal),
    /// It was sent and refused.
    Failed(Refusal),
    /// It was sent and is neither stored nor absent yet (hazard A15).
    Waits(Refusal),
}

impl Conclusion {
    pub(super) fn held(reason: Reason, detail: impl Into<String>) -> Self {
        Self::Held(Refusal::new(reason, detail))
    }

    /// What a person has to know of it.
    pub(super) fn trouble(&self) -> Option<&Refusal> {
        match self {
            Self::Done => None,
            Self::Held(refusal) | Self::Failed(refusal) | Self::Waits(refusal) => Some(refusal),
        }
    }

    pub(super) fn result(&self) -> RecordResult {
        match self {
            Self::Done => RecordResult::Done,
            Self::Held(_) => RecordResult::Held,
            Self::Failed(_) | Self::Waits(_) => RecordResult::Failed,
        }
    }
}

/// What became of the change of each entity so far.
#[derive(Debug, Default)]
pub(super) struct Conclusions {
    changes: BTreeMap<OfficeRef, Conclusion>,
    /// The entities for which an intent was noted.
    begun: BTreeSet<OfficeRef>,
}

impl Conclusions {
    pub(super) fn conclude(&mut self, change: &RecordChange, conclusion: Conclusion) {
        self.changes.insert(change.office, conclusion);
    }

    pub(super) fn of(&self, office: OfficeRef) -> Option<&Conclusion> {
        self.changes.get(&office)
    }

    /// Notes that the intent of a change was noted: it may be sent from now on.
    pub(super) fn begin(&mut self, change: &RecordChange) {
        self.begun.insert(change.office);
    }

    /// Whether a change may have been sent.
    pub(super) fn is_begun(&self, office: OfficeRef) -> bool {
        self.begun.contains(&office)
    }

    /// Whether there is nothing to tell yet.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.begun.is_empty()
    }

    /// How many changes there are.
    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether a change was written or refused: it is not tried again in this run.
    pub(super) fn is_final(&self, office: OfficeRef) -> bool {
        matches!(self.of(office), Some(Conclusion::Done | Conclusion::Failed(_)))
    }

    /// Concludes that what was waited for has arrived, for each entity with which ExakTime agrees by now.
    pub(super) fn arrived(&mut self, agrees: impl Fn(OfficeRef) -> bool) {
        for (_, conclusion) in self.changes.iter_mut().filter(|(office, _)| agrees(**office)) {
            if matches!(conclusion, Conclusion::Waits(_)) {
                *conclusion = Conclusion::Done;
            }
        }
    }

    /// How many changes are neither stored nor absent yet.
    pub(super) fn waiting(&self) -> usize {
        let waits = |conclusion: &&Conclusion| matches!(conclusion, Conclusion::Waits(_));
        self.changes.values().filter(waits).count()
    }
}
