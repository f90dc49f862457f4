//! Lines that stand under a worker as whom their employee does not count any more (hazard C17).
//!
//! A worker is made anew in Procore, a wrong link is mended, two people are merged. What was sent for the old worker stands
//! there still, and sent for the new one as well it would be paid twice. So both are held until a person has deleted the old
//! entry, or has set it to the new worker: then it is the new worker's line.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::baseline::Baseline;
use super::comparison::Comparison;
use super::entry_index::EntryIndex;
use super::kept::Whose;
use crate::change::LineKey;
use crate::export::persons::Persons;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Gone, StoredLine};
use crate::model::{Entry, EntryId, RecordId, WorkerId};

/// Where a line that was sent stands by now.
enum Stands {
    /// With the worker that it was sent for, or nobody can tell otherwise.
    AsSent,
    /// With the worker as whom its employees count now: a person has set it so, or had deleted it unasked.
    Moved(WorkerId),
    /// With a worker as whom none of its employees counts.
    LeftBehind,
    /// Nowhere: it was sent for a worker as whom none of its employees counts, and is gone.
    Gone,
}

/// Tells where lines stand.
#[derive(Clone, Copy)]
pub(in crate::export) struct Whereabouts<'a> {
    persons: &'a Persons<'a>,
    entries: &'a EntryIndex<'a>,
}

impl<'a> Whereabouts<'a> {
    pub(in crate::export) fn new(persons: &'a Persons<'a>, entries: &'a EntryIndex<'a>) -> Self {
        Self { persons, entries }
    }

    /// Whose time a line carries. Of one that was found by its mark nothing is known but its worker: it is of those who
    /// count as that worker, else of those who count as one with the same number.
    pub(super) fn employees_of<'s>(&'s self, line: &'s StoredLine) -> BTreeSet<&'s RecordId> {
        if !line.employees.is_empty() {
            return line.employees.iter().collect();
        }
        let of_worker: BTreeSet<_> = self.persons.employees_of(line.key.worker).collect();
        if of_worker.is_empty() {
            return self.persons.employees_of_its_number(line.key.worker).collect();
        }
        of_worker
    }

    /// Whose time a line carries.
    pub(super) fn whose(&self, line: &StoredLine) -> Whose {
        let mut whose = Whose::default();
        if self.is_plain(line) {
            return whose;
        }
        for employee in self.employees_of(line) {
            match self.persons.worker_of(employee) {
                Some(worker) => whose.workers.insert(worker),
                None => whose.nobodies.insert(employee.clone()),
            };
        }
        whose
    }

    /// Whether none of a line's employees counts as its worker, or that worker is not in Procore any more.
    fn is_of_others(&self, line: &StoredLine) -> bool {
        let counts_here = |employee: &&RecordId| self.persons.worker_of(employee) == Some(line.key.worker);
        !self.persons.is_known(line.key.worker) || !self.employees_of(line).iter().any(counts_here)
    }

    /// The lines that may belong elsewhere: somebody whose time they carry does not count as their worker, or nobody knows whose it is, or
    /// Procore does not have their worker.
    fn strays<'l>(self, lines: &'l [&'a StoredLine]) -> impl Iterator<Item = &'a StoredLine> + use<'l, 'a> {
        let of_each = lines.chunk_by(|one, other| one.key.worker == other.key.worker);
        of_each.flat_map(move |lines| {
            let is_known = lines.first().is_some_and(|line| self.persons.is_known(line.key.worker));
            lines
                .iter()
                .copied()
                .filter(move |line| !(is_known && self.is_plain(line)))
        })
    }

    /// Whether everybody whose time a line is known to carry counts as its worker: so it is with almost all lines.
    fn is_plain(&self, line: &StoredLine) -> bool {
        let counts = |employee: &RecordId| self.persons.worker_of(employee) == Some(line.key.worker);
        !line.employees.is_empty() && line.employees.iter().all(counts)
    }

    fn of(&self, line: &StoredLine) -> Stands {
        let sent_for = line.key.worker;
        if self.is_plain(line) {
            return Stands::AsSent;
        }
        let employees = self.employees_of(line);
        let workers = employees.iter().filter_map(|employee| self.persons.worker_of(employee));
        let workers: BTreeSet<WorkerId> = workers.collect();
        // Where nobody counts as anybody, time is held for that, and the line is as it was.
        let nobody = workers.is_empty() && self.persons.employees_of(sent_for).next().is_none();
        if employees.is_empty() || workers.contains(&sent_for) || nobody {
            return Stands::AsSent;
        }
        let entry = self.entries.get(line.entry);
        let mut workers = workers.into_iter();
        match (entry, workers.next(), workers.next()) {
            (None, Some(worker), None) if self.entries.is_gone(line) && !was_asked(line) => Stands::Moved(worker),
            (None, ..) if self.entries.is_gone(line) => Stands::Gone,
            (Some(entry), Some(worker), None) if entry.content.worker == worker => Stands::Moved(worker),
            _ => Stands::LeftBehind,
        }
    }

    /// The line as one of this worker, as if it had been sent for him. One whose entry was deleted before anybody was asked to says still
    /// for whom it was sent: the office deleted it there, and since then its time is another worker's, so that both sides changed it.
    fn of_worker(&self, line: &StoredLine, worker: WorkerId) -> StoredLine {
        let mut line = line.clone();
        line.key.worker = worker;
        if self.entries.get(line.entry).is_some() || line.notes.gone.is_some_and(Gone::is_settled) {
            for content in line.sent.iter_mut().chain(line.notes.answered.as_deref_mut()) {
                content.worker = worker;
            }
        }
        line
    }

    /// The lines that a person has set to the worker as whom their employees count now, as lines of that worker.
    pub(in crate::export) fn moved(&self, baseline: &Baseline<'a>) -> Vec<StoredLine> {
        let mut keys = BTreeSet::new();
        let moved = self.strays(&baseline.lines).filter_map(|line| match self.of(line) {
            Stands::Moved(worker) => Some(self.of_worker(line, worker)),
            _ => None,
        });
        // Where the worker has such a line already, the entry is one too many.
        let is_one_too_many = |line: &StoredLine| baseline.get(&line.key).is_some();
        moved
            .filter(|line| !is_one_too_many(line) && keys.insert(line.key.clone()))
            .collect()
    }
}

/// Whether the entry of a line went because somebody was asked to delete it: that is no decision of the office's.
fn was_asked(line: &StoredLine) -> bool {
    line.notes.asked && !line.notes.gone.is_some_and(Gone::is_settled)
}

impl<'a> Baseline<'a> {
    /// Has lines as those of the worker that a person has set them to, and leaves out what is gone with the worker that it
    /// was sent for.
    pub(in crate::export) fn following(mut self, moved: &'a [StoredLine], whereabouts: Whereabouts<'_>) -> Self {
        self.lines.extend(moved);
        let all = self.lines.clone();
        // Both are of few lines, and need all.
        let homes: LazyCell<FxHashSet<(WorkerId, EntryId)>, _> =
            LazyCell::new(|| all.iter().map(|line| (line.key.worker, line.entry)).collect());
        let days = LazyCell::new(|| {
            let mut days: FxHashMap<NaiveDate, Vec<&StoredLine>> = FxHashMap::default();
            for line in &all {
                days.entry(line.key.date).or_default().push(line);
            }
            days
        });
        // Sent for another worker later, and for this one again now: it is no decision of the office's that it is gone.
        let was_sent_again = |line: &StoredLine| {
            let mut of_day = days.get(&line.key.date).into_iter().flatten();
            of_day.any(|other| {
                let is_later = other.key.worker != line.key.worker && other.entry > line.entry;
                let is_its = is_later && !other.employees.is_disjoint(&line.employees);
                is_its && !matches!(whereabouts.of(other), Stands::Moved(_))
            })
        };
        let stands_at_home = |line: &StoredLine| {
            let entry = whereabouts.entries.get(line.entry);
            entry.is_some_and(|entry| entry.content.worker == line.key.worker)
        };
        let is_left_out = |line: &StoredLine| match whereabouts.of(line) {
            Stands::Gone => true,
            // The ledger may have it both ways.
            Stands::Moved(worker) => homes.contains(&(worker, line.entry)),
            Stands::LeftBehind => false,
            Stands::AsSent => whereabouts.entries.is_gone(line) && was_sent_again(line),
        };
        self.lines.retain(|line| stands_at_home(line) || !is_left_out(line));
        self.lines.sort_by(|one, other| one.key.cmp(&other.key));
        self
    }
}

/// The lines of which somebody's time stands under another worker than it would be sent for now.
pub(in crate::export) struct Relinked<'a> {
    /// By their days, with whose time it is.
    elsewhere: BTreeMap<NaiveDate, Vec<(&'a StoredLine, BTreeSet<RecordId>)>>,
    /// Those of them of whose employees none counts as their worker, with whether one of these was asked for.
    left_behind: BTreeMap<&'a LineKey, bool>,
    /// The lines of whose employees none counts as their worker, or whose worker is nobody, where some were asked for.
    asked: Vec<&'a StoredLine>,
    /// The lines that somebody was asked about, and whose employees count as their worker again.
    home_again: Vec<&'a StoredLine>,
    whereabouts: Whereabouts<'a>,
}

impl<'a> Relinked<'a> {
    /// `asked` are the employees asked for; `None` means all.
    pub(in crate::export) fn new(
        baseline: &Baseline<'a>,
        whereabouts: Whereabouts<'a>,
        asked: Option<&BTreeSet<RecordId>>,
    ) -> Self {
        let is_asked = |whose: &BTreeSet<&RecordId>| {
            asked.is_none_or(|asked| whose.iter().any(|employee| asked.contains(*employee)))
        };
        let mut elsewhere: BTreeMap<NaiveDate, Vec<_>> = BTreeMap::new();
        let mut left_behind = BTreeMap::new();
        let mut of_others = Vec::new();
        for line in whereabouts.strays(&baseline.lines) {
            let whose = whereabouts.employees_of(line);
            if whereabouts.is_of_others(line) && is_asked(&whose) {
                of_others.push(line);
            }
            if whereabouts.is_plain(line) {
                continue;
            }
            let is_left = matches!(whereabouts.of(line), Stands::LeftBehind | Stands::Moved(_));
            if is_left {
                left_behind.insert(&line.key, is_asked(&whose));
            }
            let counts_elsewhere = |employee: &RecordId| {
                let worker = whereabouts.persons.worker_of(employee);
                worker.is_some_and(|worker| worker != line.key.worker)
            };
            let employees = whose.into_iter();
            let employees = employees.filter(|employee| is_left || counts_elsewhere(employee));
            let employees: BTreeSet<RecordId> = employees.cloned().collect();
            if !whereabouts.entries.is_gone(line) && !employees.is_empty() {
                elsewhere.entry(line.key.date).or_default().push((line, employees));
            }
        }
        let is_home = |line: &&StoredLine| whereabouts.persons.is_known(line.key.worker) && whereabouts.is_plain(line);
        let asked = baseline.lines.iter().copied().filter(|line| line.notes.asked);
        Self {
            elsewhere,
            left_behind,
            asked: of_others,
            home_again: asked.filter(is_home).collect(),
            whereabouts,
        }
    }

    /// Why a line with time of these employees may not be written, if it may not: their time of that day stands under
    /// another worker, or what was `stored` for it is somebody else's.
    pub(super) fn refusal<'e>(
        &self,
        key: &LineKey,
        employees: impl IntoIterator<Item = &'e RecordId>,
        stored: Option<&StoredLine>,
    ) -> Option<Refusal> {
        let day = self.elsewhere.get(&key.date)?;
        if let Some(stored) = stored.filter(|stored| self.left_behind(stored)) {
            return Some(self.told(stored));
        }
        let mut employees = employees.into_iter();
        let line = employees.find_map(|employee| day.iter().find(|(_, whose)| whose.contains(employee)));
        line.map(|(line, _)| self.told(line))
    }

    /// Whether nobody counts as a worker.
    pub(super) fn has_nobody(&self, worker: WorkerId) -> bool {
        self.whereabouts.persons.employees_of(worker).next().is_none()
    }

    pub(super) fn whose(&self, line: &StoredLine) -> Whose {
        self.whereabouts.whose(line)
    }

    pub(super) fn employees_of<'s>(&'s self, line: &'s StoredLine) -> BTreeSet<&'s RecordId> {
        self.whereabouts.employees_of(line)
    }

    /// Whether a line stands for nobody of its worker any more.
    pub(super) fn left_behind(&self, line: &StoredLine) -> bool {
        self.left_behind.contains_key(&line.key)
    }

    /// Why a line that is left behind stands and is not touched; nothing where only others were asked for.
    pub(super) fn why_left(&self, line: &StoredLine) -> Option<Refusal> {
        let is_asked = self.left_behind.get(&line.key).copied().unwrap_or_default();
        is_asked.then(|| self.told(line))
    }

    /// Notes of which lines a report of what is `held` asks that their entries go: they stand for nobody of their worker any more, and it names
    /// their entries; or it says that the worker himself is gone, of these days.
    pub(super) fn note_asked(&self, days: &RangeInclusive<NaiveDate>, held: &[Held], found: &mut Comparison) {
        let told = held.iter().filter(|held| held.reason == Reason::EmployeeRelinked);
        let told: BTreeSet<&str> = told.map(|held| held.detail.as_str()).collect();
        let is_told = |line: &StoredLine| {
            let is_gone = !self.whereabouts.persons.is_known(line.key.worker) && days.contains(&line.key.date);
            is_gone || told.contains(self.told(line).detail.as_str())
        };
        let stands = |line: &StoredLine| self.whereabouts.entries.get(line.entry).is_some();
        for line in &self.asked {
            if !line.notes.asked && stands(line) && is_told(line) {
                found.remember(line, |line| line.notes.asked = true);
            }
        }
        for line in &self.home_again {
            found.remember(line, |line| line.notes.asked = false);
        }
    }

    /// Names the entry in which the time stands.
    pub(super) fn told(&self, line: &StoredLine) -> Refusal {
        let hours = |entry: &Entry| format!("{} h in ", entry.content.hours);
        let hours = self.whereabouts.entries.get(line.entry).map(hours).unwrap_or_default();
        let whose: Vec<&str> = line.employees.iter().map(RecordId::as_str).collect();
        let whose = match whose.as_slice() {
            [] => String::new(),
            whose => format!(", time of {}", whose.join(" and ")),
        };
        let (entry, worker, date) = (line.entry, line.key.worker, line.key.date);
        let detail = format!("{hours}entry {entry} of worker:{worker} on {date}{whose}");
        Refusal::new(Reason::EmployeeRelinked, detail)
    }
}
