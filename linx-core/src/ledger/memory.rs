//! A ledger that lasts as long as its value: for tests, demonstrations and embedders with a store of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Beside, Direction, Effect, IntentId, JournalEntry, LASTS, Lease, Ledger, LedgerError, Link, Outcome, Pair, Run,
    RunEnd, RunId, RunStart, StoredLine, Write,
};
use crate::change::LineKey;
use crate::model::{EntryId, OfficeRef, WorkerId};

#[derive(Default)]
struct State {
    pair: Option<Pair>,
    links: BTreeMap<OfficeRef, Link>,
    ignored: BTreeSet<OfficeRef>,
    beside: BTreeMap<(WorkerId, NaiveDate), Beside>,
    late_weeks: BTreeSet<(WorkerId, NaiveDate)>,
    lines: BTreeMap<LineKey, StoredLine>,
    /// The key of the line that was stored last of each entry; the line may be gone since.
    lines_by_entry: BTreeMap<EntryId, LineKey>,
    runs: Vec<Run>,
    journal: Vec<JournalEntry>,
    leases: BTreeMap<Direction, Taken>,
}

/// The newest lease of a direction.
#[derive(Default)]
struct Taken {
    number: i64,
    until: Option<DateTime<Utc>>,
    run: Option<RunId>,
}

impl State {
    /// Stores a line in place of the one of its key and of any other in its entry.
    fn put(&mut self, line: &StoredLine) {
        let before = self.lines_by_entry.insert(line.entry, line.key.clone());
        if let Some(before) = before.filter(|before| *before != line.key)
            && self.lines.get(&before).is_some_and(|other| other.entry == line.entry)
        {
            self.lines.remove(&before);
        }
        self.lines.insert(line.key.clone(), line.clone());
    }

    fn intend(&mut self, run: RunId, write: &Write, at: DateTime<Utc>) -> Result<IntentId, LedgerError> {
        match self.leases.get_mut(&write.direction()) {
            Some(taken) if taken.run == Some(run) => taken.until = Some(at + LASTS),
            _ => return Err(LedgerError::LeaseLost(write.direction())),
        }
        let id = IntentId(number(self.journal.len()) + 1);
        self.journal.push(JournalEntry {
            id,
            run,
            write: write.clone(),
            at,
            heard: at,
            outcome: None,
        });
        Ok(id)
    }

    fn conclude(&mut self, intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) {
        if let Outcome::Done(effect) = outcome {
            self.apply(effect);
        }
        if let Some(entry) = self.journal.iter_mut().find(|entry| entry.id == intent) {
            entry.outcome = Some(outcome.clone());
            entry.heard = at;
        }
    }

    fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::Linked(link) => {
                self.links.insert(link.office, link.clone());
            }
            Effect::LineStored(line) => {
                self.put(line);
            }
            Effect::LineRemoved(key) => {
                self.lines.remove(key);
            }
            Effect::EntryRemoved(key, entry) => {
                if self.lines.get(key).is_some_and(|line| line.entry == *entry) {
                    self.lines.remove(key);
                }
            }
        }
    }
}

/// A ledger in memory. Clones share it.
#[derive(Clone, Default)]
pub struct MemoryLedger {
    state: Arc<Mutex<State>>,
}

impl MemoryLedger {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct MemoryLease {
    state: Arc<Mutex<State>>,
    direction: Direction,
    number: i64,
}

impl Drop for MemoryLease {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = state.leases.get_mut(&self.direction)
            && taken.number == self.number
        {
            (taken.until, taken.run) = (None, None);
        }
    }
}

fn number(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn pair(&self) -> Result<Option<Pair>, LedgerError> {
        Ok(self.state().pair.clone())
    }

    async fn bind(&self, pair: &Pair) -> Result<(), LedgerError> {
        let mut state = self.state();
        let bound = state.pair.get_or_insert_with(|| pair.clone()).clone();
        if bound == *pair {
            Ok(())
        } else {
            Err(LedgerError::WrongPair {
                bound,
                given: pair.clone(),
            })
        }
    }

    async fn lease(&self, direction: Direction, now: DateTime<Utc>) -> Result<Lease, LedgerError> {
        let mut state = self.state();
        let taken = state.leases.entry(direction).or_default();
        if taken.until.is_some_and(|until| now < until) {
            return Err(LedgerError::Busy(direction));
        }
        let number = taken.number + 1;
        *taken = Taken {
            number,
            until: Some(now + LASTS),
            run: None,
        };
        let release = MemoryLease {
            state: Arc::clone(&self.state),
            direction,
            number,
        };
        Ok(Lease::new(direction, number, release))
    }

    async fn renew(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), LedgerError> {
        match self.state().leases.get_mut(&lease.direction()) {
            Some(taken) if taken.number == lease.number() && taken.until.is_some() => {
                taken.until = Some(now + LASTS);
                Ok(())
            }
            _ => Err(LedgerError::LeaseLost(lease.direction())),
        }
    }

    async fn links(&self) -> Result<Vec<Link>, LedgerError> {
        Ok(self.state().links.values().cloned().collect())
    }

    async fn remember_links(&self, links: &[Link]) -> Result<(), LedgerError> {
        let mut state = self.state();
        for link in links {
            state.links.insert(link.office, link.clone());
        }
        Ok(())
    }

    async fn forget_links(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        self.state().links.retain(|office, _| !entities.contains(office));
        Ok(())
    }

    async fn ignored(&self) -> Result<BTreeSet<OfficeRef>, LedgerError> {
        Ok(self.state().ignored.clone())
    }

    async fn ignore(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        self.state().ignored.extend(entities);
        Ok(())
    }

    async fn unignore(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        self.state().ignored.retain(|office| !entities.contains(office));
        Ok(())
    }

    async fn lines(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<StoredLine>, LedgerError> {
        let state = self.state();
        Ok(state
            .lines
            .values()
            .filter(|line| (from..=to).contains(&line.key.date))
            .cloned()
            .collect())
    }

    async fn remember_lines(&self, lines: &[StoredLine]) -> Result<(), LedgerError> {
        let mut state = self.state();
        for line in lines {
            state.put(line);
        }
        Ok(())
    }

    async fn beside(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<(WorkerId, NaiveDate), Beside>, LedgerError> {
        let state = self.state();
        let days = state.beside.iter().filter(|((_, date), _)| (from..=to).contains(date));
        Ok(days.map(|(day, word)| (*day, word.clone())).collect())
    }

    async fn set_beside(&self, worker: WorkerId, date: NaiveDate, word: Option<&Beside>) -> Result<(), LedgerError> {
        let beside = &mut self.state().beside;
        match word {
            Some(word) => beside.insert((worker, date), word.clone()),
            None => beside.remove(&(worker, date)),
        };
        Ok(())
    }

    async fn late_weeks(&self) -> Result<BTreeSet<(WorkerId, NaiveDate)>, LedgerError> {
        Ok(self.state().late_weeks.clone())
    }

    async fn set_late_weeks(
        &self,
        differ: &BTreeSet<(WorkerId, NaiveDate)>,
        agree: &BTreeSet<(WorkerId, NaiveDate)>,
    ) -> Result<(), LedgerError> {
        let late_weeks = &mut self.state().late_weeks;
        late_weeks.extend(differ);
        late_weeks.retain(|week| !agree.contains(week));
        Ok(())
    }

    async fn begin_run(&self, lease: &Lease, start: &RunStart) -> Result<RunId, LedgerError> {
        let mut state = self.state();
        let id = RunId(number(state.runs.len()) + 1);
        match state.leases.get_mut(&lease.direction()) {
            Some(taken) if taken.number == lease.number() && taken.until.is_some() => taken.run = Some(id),
            _ => return Err(LedgerError::LeaseLost(lease.direction())),
        }
        state.runs.push(Run {
            id,
            start: start.clone(),
            end: None,
        });
        Ok(id)
    }

    async fn end_run(&self, run: RunId, end: &RunEnd) -> Result<(), LedgerError> {
        if let Some(run) = self.state().runs.iter_mut().find(|known| known.id == run) {
            run.end = Some(end.clone());
        }
        Ok(())
    }

    async fn newest_run(&self, direction: Direction) -> Result<Option<Run>, LedgerError> {
        let state = self.state();
        let mut newest_first = state.runs.iter().rev();
        Ok(newest_first.find(|run| run.start.direction == direction).cloned())
    }

    async fn runs(&self, before: Option<RunId>, most: usize) -> Result<Vec<Run>, LedgerError> {
        let state = self.state();
        let older = state
            .runs
            .iter()
            .rev()
            .filter(|run| before.is_none_or(|before| run.id < before));
        Ok(older.take(most).cloned().collect())
    }

    async fn journal(&self, run: RunId) -> Result<Vec<JournalEntry>, LedgerError> {
        Ok(self
            .state()
            .journal
            .iter()
            .filter(|entry| entry.run == run)
            .cloned()
            .collect())
    }

    async fn record_intent(&self, run: RunId, write: &Write, at: DateTime<Utc>) -> Result<IntentId, LedgerError> {
        self.state().intend(run, write, at)
    }

    async fn record_intents(
        &self,
        run: RunId,
        writes: &[Write],
        at: DateTime<Utc>,
    ) -> Result<Vec<IntentId>, LedgerError> {
        let mut state = self.state();
        // All are of one direction: what refuses one refuses the first.
        writes.iter().map(|write| state.intend(run, write, at)).collect()
    }

    async fn record_outcome(&self, intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) -> Result<(), LedgerError> {
        self.state().conclude(intent, outcome, at);
        Ok(())
    }

    async fn record_outcomes(&self, outcomes: &[(IntentId, Outcome)], at: DateTime<Utc>) -> Result<(), LedgerError> {
        let mut state = self.state();
        for (intent, outcome) in outcomes {
            state.conclude(*intent, outcome, at);
        }
        Ok(())
    }

    async fn line_writes(
        &self,
        keys: &BTreeSet<LineKey>,
        entries: &BTreeSet<EntryId>,
    ) -> Result<Vec<JournalEntry>, LedgerError> {
        let is_of_these = |entry: &&JournalEntry| match &entry.write {
            Write::Line(change) => {
                keys.contains(&change.key) || change.entry.is_some_and(|entry| entries.contains(&entry))
            }
            Write::Record(_) => false,
        };
        Ok(self.state().journal.iter().filter(is_of_these).cloned().collect())
    }

    async fn open_intents(&self, direction: Direction) -> Result<Vec<JournalEntry>, LedgerError> {
        let open = |entry: &&JournalEntry| {
            entry.write.direction() == direction && entry.outcome.as_ref().is_none_or(|outcome| !outcome.is_final())
        };
        Ok(self.state().journal.iter().filter(open).cloned().collect())
    }
}
