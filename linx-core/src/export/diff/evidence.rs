//! What proves that time was removed.

use std::collections::BTreeSet;

use crate::change::LineKey;
use crate::export::select::Chosen;
use crate::model::{RecordId, WorkerId};

/// Which days are known well enough that a line without time is a removed one (hazards B4, B13, D19).
pub(super) struct Evidence {
    whole: bool,
    /// Workers whose employees are linked and selected.
    workers: BTreeSet<WorkerId>,
}

impl Evidence {
    pub(super) fn new<'e>(chosen: &Chosen<'_>, linked: impl Iterator<Item = (&'e RecordId, WorkerId)>) -> Self {
        let asked = |employee: &_| chosen.employees.as_ref().is_none_or(|asked| asked.contains(employee));
        Self {
            whole: chosen.whole,
            workers: linked
                .filter(|(employee, _)| asked(employee))
                .map(|(_, worker)| worker)
                .collect(),
        }
    }

    /// Whether the time of a worker was asked for.
    pub(super) fn is_asked(&self, worker: WorkerId) -> bool {
        self.workers.contains(&worker)
    }

    /// Whether time that is not in the list was removed in ExakTime: the list is whole, and the worker's employee was
    /// asked for.
    pub(super) fn shows_removed(&self, key: &LineKey) -> bool {
        self.whole && self.is_asked(key.worker)
    }
}
