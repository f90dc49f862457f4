//! What a ledger is to hold, in the plainest way: everything in lists.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::ledger::{
    Beside, Direction, Effect, IntentId, JournalEntry, LASTS, Link, Outcome, Run, RunEnd, RunId, RunStart, StoredLine,
    Write,
};
use crate::model::{OfficeRef, WorkerId};

/// The newest lease of a direction, by its place among all that were taken.
#[derive(Clone, Copy)]
pub(super) struct Held {
    lease: usize,
    until: DateTime<Utc>,
    run: Option<usize>,
}

/// A run or an intent by its place among all.
pub(super) type Nth = usize;

/// What a ledger holds.
#[derive(Default)]
pub(super) struct Model {
    pub(super) links: BTreeMap<OfficeRef, Link>,
    pub(super) ignored: BTreeSet<OfficeRef>,
    lines: Vec<StoredLine>,
    pub(super) beside: BTreeMap<(WorkerId, NaiveDate), Beside>,
    pub(super) late_weeks: BTreeSet<(WorkerId, NaiveDate)>,
    runs: Vec<(RunStart, Option<RunEnd>)>,
    intents: Vec<Intent>,
    leases: BTreeMap<Direction, Held>,
    taken: usize,
}

struct Intent {
    run: Nth,
    write: Write,
    at: DateTime<Utc>,
    heard: DateTime<Utc>,
    outcome: Option<Outcome>,
}

impl Model {
    /// Every line, in the order of the keys.
    pub(super) fn lines(&self) -> Vec<StoredLine> {
        let mut lines = self.lines.clone();
        lines.sort_by(|one, other| one.key.cmp(&other.key));
        lines
    }

    pub(super) fn put(&mut self, line: &StoredLine) {
        self.lines
            .retain(|other| other.key != line.key && other.entry != line.entry);
        self.lines.push(line.clone());
    }

    /// Takes the lease of a direction, if nobody has it. Returns which it is.
    pub(super) fn lease(&mut self, direction: Direction, now: DateTime<Utc>) -> Option<Nth> {
        if self.leases.get(&direction).is_some_and(|held| now < held.until) {
            return None;
        }
        self.taken += 1;
        let held = Held {
            lease: self.taken,
            until: now + LASTS,
            run: None,
        };
        self.leases.insert(direction, held);
        Some(self.taken)
    }

    fn held(&mut self, direction: Direction, lease: Nth) -> Option<&mut Held> {
        self.leases.get_mut(&direction).filter(|held| held.lease == lease)
    }

    /// Whether a lease may still be renewed.
    pub(super) fn renew(&mut self, direction: Direction, lease: Nth, now: DateTime<Utc>) -> bool {
        let held = self.held(direction, lease);
        held.map(|held| held.until = now + LASTS).is_some()
    }

    pub(super) fn give_back(&mut self, direction: Direction, lease: Nth) {
        if self.held(direction, lease).is_some() {
            self.leases.remove(&direction);
        }
    }

    /// Begins a run, if the lease is still the newest. Returns which it is.
    pub(super) fn begin(&mut self, lease: Nth, start: &RunStart) -> Option<Nth> {
        let nth = self.runs.len();
        self.held(start.direction, lease)?.run = Some(nth);
        self.runs.push((start.clone(), None));
        Some(nth)
    }

    pub(super) fn end(&mut self, run: Nth, end: &RunEnd) {
        self.runs[run].1 = Some(end.clone());
    }

    /// Notes an intent, if the newest lease of its direction is that of its run. Returns which it is.
    pub(super) fn intend(&mut self, run: Nth, write: &Write, at: DateTime<Utc>) -> Option<Nth> {
        let held = self.leases.get_mut(&write.direction())?;
        if held.run != Some(run) {
            return None;
        }
        held.until = at + LASTS;
        self.intents.push(Intent {
            run,
            write: write.clone(),
            at,
            heard: at,
            outcome: None,
        });
        Some(self.intents.len() - 1)
    }

    pub(super) fn conclude(&mut self, intent: Nth, outcome: &Outcome, at: DateTime<Utc>) {
        let intent = &mut self.intents[intent];
        (intent.outcome, intent.heard) = (Some(outcome.clone()), at);
        match outcome {
            Outcome::Done(Effect::Linked(link)) => drop(self.links.insert(link.office, link.clone())),
            Outcome::Done(Effect::LineStored(line)) => self.put(line),
            Outcome::Done(Effect::LineRemoved(key)) => self.lines.retain(|line| line.key != *key),
            Outcome::Done(Effect::EntryRemoved(key, entry)) => {
                self.lines.retain(|line| line.key != *key || line.entry != *entry);
            }
            _ => {}
        }
    }

    /// Every run, the newest first, by the ids that a ledger gave.
    pub(super) fn runs(&self, ids: &[RunId]) -> Vec<Run> {
        let runs = self.runs.iter().zip(ids).rev();
        runs.map(|((start, end), id)| Run {
            id: *id,
            start: start.clone(),
            end: end.clone(),
        })
        .collect()
    }

    /// Those intents of which this holds, the oldest first, by the ids that a ledger gave.
    pub(super) fn intents(
        &self,
        (runs, ids): (&[RunId], &[IntentId]),
        is_it: impl Fn(Nth, &Write, Option<&Outcome>) -> bool,
    ) -> Vec<JournalEntry> {
        let intents = self.intents.iter().zip(ids);
        let of_these = intents.filter(|(intent, _)| is_it(intent.run, &intent.write, intent.outcome.as_ref()));
        let entry = |(intent, id): (&Intent, &IntentId)| JournalEntry {
            id: *id,
            run: runs[intent.run],
            write: intent.write.clone(),
            at: intent.at,
            heard: intent.heard,
            outcome: intent.outcome.clone(),
        };
        of_these.map(entry).collect()
    }

    pub(super) fn count_of_runs(&self) -> usize {
        self.runs.len()
    }

    pub(super) fn count_of_intents(&self) -> usize {
        self.intents.len()
    }
}
