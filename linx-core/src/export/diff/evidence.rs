//! What proves that time was removed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::change::LineKey;
use crate::export::select::Chosen;
use crate::model::{Hours, RecordId, WorkerId};

/// Which days are known well enough that a line without time is a removed one (hazards B4, B13, D19).
pub(super) struct Evidence {
    whole: bool,
    /// Whether everybody's time was asked for.
    everybody: bool,
    /// Workers whose employees are linked and selected.
    workers: BTreeSet<WorkerId>,
    /// The days of the time of employees who count as no worker.
    of_nobody: BTreeSet<NaiveDate>,
    /// The hours of each worker's day that are of places which were not asked for.
    elsewhere: BTreeMap<(WorkerId, NaiveDate), Hours>,
}

impl Evidence {
    pub(super) fn new<'e>(chosen: &Chosen<'_>, linked: impl Iterator<Item = (&'e RecordId, WorkerId)>) -> Self {
        let asked = |employee: &_| chosen.employees.as_ref().is_none_or(|asked| asked.contains(employee));
        let linked: BTreeMap<&RecordId, WorkerId> = linked.collect();
        let of_nobody = chosen
            .time
            .iter()
            .filter(|(employee, _)| !linked.contains_key(**employee));
        let mut elsewhere: BTreeMap<(WorkerId, NaiveDate), Hours> = BTreeMap::new();
        for (employee, time) in &chosen.time {
            let Some(worker) = linked.get(*employee) else { continue };
            for (date, hours) in &time.elsewhere {
                *elsewhere.entry((*worker, *date)).or_default() += *hours;
            }
        }
        Self {
            whole: chosen.whole,
            elsewhere,
            everybody: chosen.employees.is_none(),
            of_nobody: of_nobody
                .flat_map(|(_, time)| time.records.iter().map(|record| record.work_date))
                .collect(),
            workers: linked
                .into_iter()
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

    /// The hours of a worker's day that are of places which were not asked for.
    pub(super) fn elsewhere(&self, worker: WorkerId, date: NaiveDate) -> Hours {
        self.elsewhere.get(&(worker, date)).copied().unwrap_or_default()
    }

    /// Whether all time that a worker may have on some days is in the list. A worker to whom nobody is linked has none, unless
    /// there is time of somebody who counts as nobody: that may be this worker's.
    pub(super) fn knows(&self, worker: WorkerId, days: &BTreeSet<NaiveDate>) -> bool {
        let has_nobody = || self.everybody && self.of_nobody.is_disjoint(days);
        self.whole && (self.is_asked(worker) || has_nobody())
    }
}
