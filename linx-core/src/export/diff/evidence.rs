//! What proves that time was removed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::change::LineKey;
use crate::export::facts::PlaceId;
use crate::export::select::Chosen;
use crate::model::{Hours, RecordId, WorkerId};

/// Which days are known well enough that a line without time is a removed one (hazards B4, B13, D19).
pub(super) struct Evidence {
    whole: bool,
    /// Who was asked for; `None` means everybody.
    asked: Option<BTreeSet<RecordId>>,
    /// Those who were asked for by name and count as no worker.
    asked_nobodies: BTreeSet<RecordId>,
    /// The places that were asked for, where only some were.
    places: BTreeSet<PlaceId>,
    /// Workers whose employees are linked and selected.
    workers: BTreeSet<WorkerId>,
    /// The hours of each day of employees who count as no worker.
    of_nobody: BTreeMap<NaiveDate, BTreeMap<RecordId, Hours>>,
}

impl Evidence {
    pub(super) fn new<'e>(chosen: &Chosen<'_>, linked: impl Iterator<Item = (&'e RecordId, WorkerId)>) -> Self {
        let asked = |employee: &_| chosen.employees.as_ref().is_none_or(|asked| asked.contains(employee));
        let linked: BTreeMap<&RecordId, WorkerId> = linked.collect();
        let mut of_nobody: BTreeMap<NaiveDate, BTreeMap<RecordId, Hours>> = BTreeMap::new();
        let time = chosen.all_time.as_ref().unwrap_or(&chosen.time);
        let nobodies = time.iter().filter(|(id, _)| !linked.contains_key(**id));
        for record in nobodies.flat_map(|(_, time)| &time.records) {
            let of_day = of_nobody.entry(record.work_date).or_default();
            *of_day.entry(record.employee.clone()).or_default() += record.total();
        }
        Self {
            whole: chosen.whole,
            places: chosen.places.clone(),
            asked: chosen.employees.clone(),
            asked_nobodies: chosen
                .employees
                .iter()
                .flatten()
                .filter(|id| !linked.contains_key(id))
                .cloned()
                .collect(),
            of_nobody,
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

    /// Whether a line is of a place that was asked for, where only some were: its time may be at another.
    pub(super) fn asks_place(&self, key: &LineKey) -> bool {
        self.is_asked(key.worker) && self.places.contains(&(key.project, key.sub_job))
    }

    /// Whether the time of all these people was asked for.
    pub(super) fn asks_all(&self, employees: &BTreeSet<RecordId>) -> bool {
        self.asked.as_ref().is_none_or(|asked| employees.is_subset(asked))
    }

    /// The hours of a day of such people who count as no worker.
    pub(super) fn of_nobody(&self, employees: &BTreeSet<RecordId>, date: NaiveDate) -> Hours {
        let of_day = self.of_nobody.get(&date).into_iter().flatten();
        let of_these = of_day.filter(|(employee, _)| employees.contains(*employee));
        of_these.map(|(_, hours)| *hours).sum()
    }

    /// Whether anybody who counts as no worker has time on a day: it may be anybody's.
    pub(super) fn has_nobody_on(&self, date: NaiveDate) -> bool {
        self.of_nobody.contains_key(&date)
    }

    /// Whether somebody was asked for who counts as no worker and of whose day no time was read. Of whose time nothing is
    /// known, it may be anybody's.
    pub(super) fn lacks_time_of_nobody(&self, employees: &BTreeSet<RecordId>, date: NaiveDate) -> bool {
        let is_asked = self.asked.is_none() || employees.iter().any(|employee| self.asked_nobodies.contains(employee));
        self.whole && is_asked && !self.has_time_of_nobody(employees, date)
    }

    /// Whether such people have time on a day who count as no worker; of no known people, whether anybody has.
    pub(super) fn has_time_of_nobody(&self, employees: &BTreeSet<RecordId>, date: NaiveDate) -> bool {
        if employees.is_empty() {
            return self.has_nobody_on(date);
        }
        self.of_nobody(employees, date) != Hours::ZERO
    }

    /// Whether all time that a worker may have on some days is in the list. A worker to whom nobody is linked has none, unless
    /// there is time of somebody who counts as nobody: that may be this worker's.
    pub(super) fn knows(&self, worker: WorkerId, days: &BTreeSet<NaiveDate>) -> bool {
        let has_nobody = || self.asked.is_none() && days.iter().all(|day| !self.of_nobody.contains_key(day));
        self.whole && (self.is_asked(worker) || has_nobody())
    }
}
