//! What proves that time was removed.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::LineKey;
use crate::export::select::Chosen;
use crate::ledger::StoredLine;
use crate::model::{RecordId, WorkerId};

/// Which days are known well enough that a line without time is a removed one (hazards B4, B13, D19).
pub(super) struct Evidence {
    whole: bool,
    /// Workers whose employees are linked and selected.
    workers: BTreeSet<WorkerId>,
    /// Who is linked to whom now.
    linked: BTreeMap<RecordId, WorkerId>,
}

impl Evidence {
    pub(super) fn new<'e>(chosen: &Chosen<'_>, linked: impl Iterator<Item = (&'e RecordId, WorkerId)>) -> Self {
        let asked = |employee: &_| chosen.employees.as_ref().is_none_or(|asked| asked.contains(employee));
        let linked: BTreeMap<RecordId, WorkerId> =
            linked.map(|(employee, worker)| (employee.clone(), worker)).collect();
        Self {
            whole: chosen.whole,
            workers: linked
                .iter()
                .filter(|(employee, _)| asked(employee))
                .map(|(_, worker)| *worker)
                .collect(),
            linked,
        }
    }

    /// Whether an employee whose time a line carried is still linked to its worker. Where only others are linked to that
    /// worker now, their days say nothing of the old one's hours.
    pub(super) fn is_linked_as_when_sent(&self, stored: &StoredLine) -> bool {
        let worker = |employee: &RecordId| self.linked.get(employee).copied();
        let mut employees = stored.employees.iter();
        stored.employees.is_empty() || employees.any(|employee| worker(employee) == Some(stored.key.worker))
    }

    /// Whether time that is not in the list was removed in ExakTime: the list is whole, and the worker's employee was
    /// asked for.
    pub(super) fn shows_removed(&self, key: &LineKey) -> bool {
        self.whole && self.workers.contains(&key.worker)
    }
}
