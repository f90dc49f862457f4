//! The time of each person.

use std::collections::BTreeMap;

use crate::export::diff::{Baseline, SentWeeks};
use crate::export::persons::{Person, Persons};
use crate::export::select::EmployeeTime;
use crate::export::time::Shift;
use crate::ledger::StoredLine;
use crate::model::{RecordId, WorkerId};

/// An employee and the time of it.
pub(super) type Time<'c, 'a> = (&'a RecordId, &'c EmployeeTime<'a>);

/// The time of each person, and the workers without time who have lines, or a week that differed when it was looked at last.
/// Whoever is linked to nobody has no worker.
pub(super) fn by_person<'c, 'a>(
    time: &'c BTreeMap<&'a RecordId, EmployeeTime<'a>>,
    persons: &Persons<'_>,
    baseline: &Baseline<'_>,
    sent_weeks: &SentWeeks<'_>,
) -> Vec<(Option<WorkerId>, Vec<Time<'c, 'a>>)> {
    let mut each = persons.each(time.keys().copied());
    for worker in baseline.workers().chain(sent_weeks.late_workers()) {
        each.entry((Some(worker), None)).or_default();
    }
    let of = |employee: &'a RecordId| Some((employee, time.get(employee)?));
    each.into_iter()
        .map(|((worker, _), employees)| (worker, employees.into_iter().filter_map(of).collect()))
        .collect()
}

/// The shifts of each employee who is linked to one worker, and the lines that the worker had.
pub(super) struct PersonTime<'s, 'a> {
    /// `None` is nobody.
    pub(super) worker: Option<WorkerId>,
    pub(super) shifts: Vec<(&'a RecordId, Vec<Shift<'a>>)>,
    pub(super) sent: &'s [&'a StoredLine],
}

impl PersonTime<'_, '_> {
    /// Whose time it is; `None` where there is none. Who counts as nobody is a person alone.
    pub(super) fn whose(&self) -> Option<Person> {
        let first = || {
            self.shifts
                .first()
                .map(|(employee, _)| Person::Nobody((*employee).clone()))
        };
        self.worker.map(Person::Worker).or_else(first)
    }
}
