//! What became of the lines of a run.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{LineChange, LineKey};
use crate::export::report::LineResult;
use crate::hold::{Reason, Refusal};
use crate::linx::{Availability, is_away};
use crate::model::Entry;
use crate::ports::PortError;

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::export) enum Conclusion {
    /// It stands in Procore, or is gone from it, as was wanted.
    Done,
    /// It stands, and Procore stored something else than was sent (hazard A13).
    Differs(Refusal),
    /// It was not written.
    Failed(Refusal),
    /// It was sent and is neither stored nor absent yet (hazard A15).
    Waits(Refusal),
}

impl Conclusion {
    pub(in crate::export) fn failed(reason: Reason, detail: impl Into<String>) -> Self {
        Self::Failed(Refusal::new(reason, detail))
    }

    /// The conclusion of a line that stands in `entry`.
    pub(in crate::export) fn stored(change: &LineChange, entry: &Entry) -> Self {
        match difference(change, entry) {
            None => Self::Done,
            Some(detail) => Self::Differs(Refusal::new(Reason::StoredDifferently, detail)),
        }
    }

    /// What a person has to know of it.
    pub(super) fn trouble(&self) -> Option<&Refusal> {
        match self {
            Self::Done => None,
            Self::Differs(refusal) | Self::Failed(refusal) | Self::Waits(refusal) => Some(refusal),
        }
    }

    pub(super) fn result(&self) -> LineResult {
        match self {
            Self::Done | Self::Differs(_) => LineResult::Done,
            Self::Failed(_) | Self::Waits(_) => LineResult::Failed,
        }
    }
}

/// What became of each line so far.
#[derive(Debug, Default)]
pub(in crate::export) struct Conclusions {
    lines: BTreeMap<LineKey, Conclusion>,
    /// The lines whose intents were noted.
    begun: BTreeSet<LineKey>,
}

impl Conclusions {
    pub(in crate::export) fn conclude(&mut self, change: &LineChange, conclusion: Conclusion) {
        self.lines.insert(change.key.clone(), conclusion);
    }

    /// Takes back what was concluded of a line: somebody else has decided of it.
    pub(super) fn forget(&mut self, key: &LineKey) {
        self.lines.remove(key);
    }

    pub(in crate::export) fn of(&self, key: &LineKey) -> Option<&Conclusion> {
        self.lines.get(key)
    }

    /// Why a line was not written, where that is final for this run.
    pub(super) fn failure(&self, key: &LineKey) -> Option<&Refusal> {
        match self.of(key) {
            Some(Conclusion::Failed(refusal)) => Some(refusal),
            _ => None,
        }
    }

    /// Whether nothing final is known of a line: nothing was concluded, or it waits.
    pub(super) fn is_open(&self, key: &LineKey) -> bool {
        matches!(self.of(key), None | Some(Conclusion::Waits(_)))
    }

    /// Whether a line was written.
    pub(super) fn is_done(&self, key: &LineKey) -> bool {
        matches!(self.of(key), Some(Conclusion::Done | Conclusion::Differs(_)))
    }

    /// Notes that the intent of a line was noted: it may be sent from now on.
    pub(super) fn begin(&mut self, change: &LineChange) {
        self.begun.insert(change.key.clone());
    }

    /// Whether a line may have been sent.
    pub(super) fn is_begun(&self, key: &LineKey) -> bool {
        self.begun.contains(key)
    }

    /// Whether there is nothing to tell yet.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.begun.is_empty()
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// How many lines are neither stored nor absent yet.
    pub(super) fn waiting(&self) -> usize {
        self.lines
            .values()
            .filter(|conclusion| matches!(conclusion, Conclusion::Waits(_)))
            .count()
    }
}

/// What Procore stored otherwise than it was sent (hazard A13).
fn difference(change: &LineChange, entry: &Entry) -> Option<String> {
    let (sent, stored) = (&change.content, &entry.content);
    let mut differing = Vec::new();
    let mut compare = |what: &str, same: bool| {
        if !same {
            differing.push(what.to_owned());
        }
    };
    compare("date", sent.date == stored.date);
    compare("worker", sent.worker == stored.worker);
    compare("project", sent.coding.project == stored.coding.project);
    compare("sub-job", sent.coding.sub_job == stored.coding.sub_job);
    compare("cost code", sent.coding.cost_code == stored.coding.cost_code);
    compare("cost type", sent.coding.line_item_type == stored.coding.line_item_type);
    compare("task code", sent.coding.wbs_code == stored.coding.wbs_code);
    compare(
        "work classification",
        sent.coding.classification == stored.coding.classification,
    );
    compare("time type", sent.coding.time_type == stored.coding.time_type);
    compare("start, stop or lunch", sent.span == stored.span);
    compare("billable", sent.billable == stored.billable);
    compare("note", sent.description == stored.description);
    if sent.hours != stored.hours {
        differing.push(format!("hours ({} sent, {} stored)", sent.hours, stored.hours));
    }
    (!differing.is_empty()).then(|| format!("entry {}: {}", entry.id, differing.join(", ")))
}

/// The conclusion of a write that surely changed nothing.
pub(super) fn not_applied(error: &PortError) -> Conclusion {
    let reason = if is_away(error) {
        Reason::NotSent
    } else {
        Reason::TargetRefused
    };
    Conclusion::failed(reason, error.words())
}

/// Why nothing is asked of a service that is gone.
pub(super) fn not_asked(availability: &Availability) -> Refusal {
    Refusal::new(Reason::NotSent, availability.why_not_asked())
}
