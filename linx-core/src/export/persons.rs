//! Which employees of ExakTime are one person: days, overlaps and selections are a person's, and not a record's (hazard C17).

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::facts::ExportFacts;
use crate::model::{RecordId, WorkerId};

/// A person as Procore knows it, or an employee who counts as nobody there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Person {
    Worker(WorkerId),
    Nobody(RecordId),
}

/// Who counts as which worker now. Employees who count as one worker are one person.
pub(super) struct Persons<'a> {
    workers: FxHashMap<&'a RecordId, WorkerId>,
    employees: BTreeMap<WorkerId, BTreeSet<&'a RecordId>>,
    /// The workers of each number in Procore: two with one number are one person there.
    same_number: BTreeMap<&'a str, Vec<WorkerId>>,
    numbers: BTreeMap<WorkerId, &'a str>,
    /// Who is in Procore's directory.
    known: BTreeSet<WorkerId>,
}

impl<'a> Persons<'a> {
    /// `linked` is every employee who counts as some worker.
    pub(super) fn new(facts: &'a ExportFacts, linked: impl Iterator<Item = (&'a RecordId, WorkerId)>) -> Self {
        let workers: FxHashMap<&RecordId, WorkerId> = linked.collect();
        let mut employees: BTreeMap<WorkerId, BTreeSet<&RecordId>> = BTreeMap::new();
        for (employee, worker) in &workers {
            employees.entry(*worker).or_default().insert(employee);
        }
        let known = facts.workers.rows.iter();
        let numbers = known.filter_map(|worker| {
            let number = worker.number.as_deref().map(str::trim);
            Some((worker.id, number.filter(|number| !number.is_empty())?))
        });
        let numbers: BTreeMap<WorkerId, &str> = numbers.collect();
        let mut same_number: BTreeMap<&str, Vec<WorkerId>> = BTreeMap::new();
        for (worker, number) in &numbers {
            same_number.entry(number).or_default().push(*worker);
        }
        Self {
            workers,
            employees,
            same_number,
            numbers,
            known: facts.workers.rows.iter().map(|worker| worker.id).collect(),
        }
    }

    /// The worker that an employee counts as.
    pub(super) fn worker_of(&self, employee: &RecordId) -> Option<WorkerId> {
        self.workers.get(employee).copied()
    }

    /// Whether a worker is in Procore's directory.
    pub(super) fn is_known(&self, worker: WorkerId) -> bool {
        self.known.contains(&worker)
    }

    /// Those who count as this worker.
    pub(super) fn employees_of(&self, worker: WorkerId) -> impl Iterator<Item = &'a RecordId> {
        self.employees.get(&worker).into_iter().flatten().copied()
    }

    /// Those who count as a worker with the number of this one.
    pub(super) fn employees_of_its_number(&self, worker: WorkerId) -> impl Iterator<Item = &'a RecordId> {
        let same = self
            .numbers
            .get(&worker)
            .and_then(|number| self.same_number.get(number));
        same.into_iter().flatten().flat_map(|worker| self.employees_of(*worker))
    }

    /// These employees, and all who are the same persons.
    pub(super) fn whole(&self, employees: &BTreeSet<RecordId>) -> BTreeSet<RecordId> {
        let workers: BTreeSet<WorkerId> = employees.iter().filter_map(|id| self.worker_of(id)).collect();
        let others = workers.into_iter().flat_map(|worker| self.employees_of(worker));
        employees.iter().chain(others).cloned().collect()
    }

    /// Employees, person by person; each with its worker, where there is one. Who counts as nobody is a person alone.
    pub(super) fn each<'e>(
        &self,
        employees: impl IntoIterator<Item = &'e RecordId>,
    ) -> BTreeMap<(Option<WorkerId>, Option<&'e RecordId>), Vec<&'e RecordId>> {
        let mut persons: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for employee in employees {
            let worker = self.worker_of(employee);
            let alone = worker.is_none().then_some(employee);
            persons.entry((worker, alone)).or_default().push(employee);
        }
        persons
    }
}
