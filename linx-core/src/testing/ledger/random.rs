//! Random calls, one after the other, against a ledger and the model.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::invented::{day, line, line_write, link, now, record_write, start};
use super::model::{Model, Nth};
use crate::change::LineKey;
use crate::ledger::{
    Beside, Direction, Effect, IntentId, Lease, Ledger, LedgerError, Outcome, RunEnd, RunId, StoredLine, Write,
};
use crate::model::{CentiHours, EntryId, OfficeRef, ProjectId, WorkerId};

/// Plays so many random calls of a seed against a ledger that is empty and used by nobody else. After each it has to hold what the
/// model holds.
///
/// # Panics
///
/// When it does not, with the number of the call and what it holds instead.
pub async fn plays_like_the_model(ledger: &dyn Ledger, seed: u64, calls: usize) {
    let mut player = Player {
        ledger,
        rng: Rng::with_seed(seed),
        model: Model::default(),
        now: now(),
        leases: Vec::new(),
        runs: Vec::new(),
        intents: Vec::new(),
    };
    for call in 0..calls {
        player.call().await;
        player.compare(call).await;
    }
}

struct Player<'l> {
    ledger: &'l dyn Ledger,
    rng: Rng,
    model: Model,
    now: DateTime<Utc>,
    /// Those that were not given back, with which they are in the model.
    leases: Vec<(Lease, Nth)>,
    runs: Vec<RunId>,
    intents: Vec<IntentId>,
}

const DAYS: [&str; 3] = ["2026-03-02", "2026-03-03", "2026-03-09"];

impl Player<'_> {
    async fn call(&mut self) {
        self.now += TimeDelta::minutes(self.rng.i64(0..40));
        match self.rng.u8(0..16) {
            0 | 1 => self.links().await,
            2 => self.ignored().await,
            3 | 4 => self.lines().await,
            5 => self.word().await,
            6 => self.late_weeks().await,
            7 | 8 => self.lease().await,
            9 => self.renew_or_give_back().await,
            10 | 11 => self.run().await,
            12 | 13 => self.intent().await,
            _ => self.outcome().await,
        }
    }

    fn worker(&mut self) -> u64 {
        self.rng.u64(1..4)
    }

    fn entity(&mut self) -> OfficeRef {
        let id = self.worker();
        if self.rng.bool() {
            OfficeRef::Worker(WorkerId(id))
        } else {
            OfficeRef::Project(ProjectId(id))
        }
    }

    fn a_line(&mut self) -> StoredLine {
        let date = DAYS[self.rng.usize(..DAYS.len())];
        let mut line = line(date, self.rng.i64(1..9) * 100);
        line.key.worker = WorkerId(self.worker());
        if let Some(sent) = &mut line.sent {
            sent.worker = line.key.worker;
        }
        line.key.cost_code = ["03-300", "06-100"][self.rng.usize(..2)].into();
        line.entry = EntryId(self.rng.u64(1..6));
        line
    }

    async fn links(&mut self) {
        let links =
            [self.worker(), self.worker()].map(|worker| link(worker, ["Delgado", "Okafor"][self.rng.usize(..2)]));
        if self.rng.u8(0..3) > 0 {
            self.ledger.remember_links(&links).await.unwrap();
            for link in links {
                self.model.links.insert(link.office, link);
            }
        } else {
            let entities = [links[0].office, self.entity()];
            self.ledger.forget_links(&entities).await.unwrap();
            self.model.links.retain(|office, _| !entities.contains(office));
        }
    }

    async fn ignored(&mut self) {
        let entities = [self.entity(), self.entity()];
        if self.rng.bool() {
            self.ledger.ignore(&entities).await.unwrap();
            self.model.ignored.extend(entities);
        } else {
            self.ledger.unignore(&entities).await.unwrap();
            self.model.ignored.retain(|entity| !entities.contains(entity));
        }
    }

    async fn lines(&mut self) {
        let lines: Vec<StoredLine> = (0..self.rng.usize(1..4)).map(|_| self.a_line()).collect();
        self.ledger.remember_lines(&lines).await.unwrap();
        for line in &lines {
            self.model.put(line);
        }
    }

    async fn word(&mut self) {
        let (worker, date) = (WorkerId(self.worker()), day(DAYS[self.rng.usize(..DAYS.len())]));
        let word = Beside {
            read: Some(CentiHours::from_hundredths(self.rng.i64(0..900))),
            ..Beside::default()
        };
        let word = (self.rng.u8(0..3) > 0).then_some(word);
        self.ledger.set_beside(worker, date, word.as_ref()).await.unwrap();
        match word {
            Some(word) => drop(self.model.beside.insert((worker, date), word)),
            None => drop(self.model.beside.remove(&(worker, date))),
        }
    }

    async fn late_weeks(&mut self) {
        let mut some = || {
            let weeks =
                (0..self.rng.usize(..3)).map(|_| (WorkerId(self.rng.u64(1..4)), day(DAYS[self.rng.usize(..3)])));
            weeks.collect::<BTreeSet<_>>()
        };
        let (differ, agree) = (some(), some());
        let agree: BTreeSet<_> = agree.difference(&differ).copied().collect();
        self.ledger.set_late_weeks(&differ, &agree).await.unwrap();
        self.model.late_weeks.extend(&differ);
        self.model.late_weeks.retain(|week| !agree.contains(week));
    }

    async fn lease(&mut self) {
        let direction = [Direction::Sync, Direction::Export][self.rng.usize(..2)];
        let expected = self.model.lease(direction, self.now);
        match (self.ledger.lease(direction, self.now).await, expected) {
            (Ok(lease), Some(nth)) => {
                let mut before = self.leases.iter().filter(|(one, _)| one.direction() == direction);
                assert!(
                    before.all(|(one, _)| one.number() < lease.number()),
                    "the number of a lease grows"
                );
                self.leases.push((lease, nth));
            }
            (Err(LedgerError::Busy(of)), None) => assert_eq!(of, direction),
            (found, expected) => panic!("{found:?} where {expected:?} is due"),
        }
    }

    async fn renew_or_give_back(&mut self) {
        if self.leases.is_empty() {
            return;
        }
        let at = self.rng.usize(..self.leases.len());
        let (lease, nth) = &self.leases[at];
        if self.rng.bool() {
            let expected = self.model.renew(lease.direction(), *nth, self.now);
            let found = self.ledger.renew(lease, self.now).await;
            assert_eq!(found.is_ok(), expected, "{found:?}");
        } else {
            self.model.give_back(lease.direction(), *nth);
            drop(self.leases.remove(at));
        }
    }

    async fn run(&mut self) {
        if self.rng.u8(0..4) == 0 && self.model.count_of_runs() > 0 {
            let run = self.rng.usize(..self.runs.len());
            let end = RunEnd {
                at: self.now,
                written: self.rng.usize(..9),
                held: 0,
                failed: 0,
            };
            self.ledger.end_run(self.runs[run], &end).await.unwrap();
            self.model.end(run, &end);
            return;
        }
        let Some((lease, nth)) = self.rng.choice(&self.leases) else {
            return;
        };
        let start = start(lease.direction());
        let expected = self.model.begin(*nth, &start);
        match (self.ledger.begin_run(lease, &start).await, expected) {
            (Ok(id), Some(_)) => {
                assert!(self.runs.last().is_none_or(|last| *last < id), "the id of a run grows");
                self.runs.push(id);
            }
            (Err(LedgerError::LeaseLost(_)), None) => {}
            (found, expected) => panic!("{found:?} where {expected:?} is due"),
        }
    }

    /// What makes a line, or changes its entry.
    fn a_line_write(&mut self) -> Write {
        let line = self.a_line();
        let mut write = line_write(&line);
        if let Write::Line(change) = &mut write {
            change.entry = self.rng.bool().then_some(line.entry);
        }
        write
    }

    async fn intent(&mut self) {
        if self.runs.is_empty() {
            return;
        }
        let run = self.rng.usize(..self.runs.len());
        let direction = self.ledger.runs(None, usize::MAX).await.unwrap()[self.runs.len() - 1 - run]
            .start
            .direction;
        let count = self.rng.usize(1..4);
        let writes: Vec<Write> = (0..count)
            .map(|_| match direction {
                Direction::Sync => record_write(),
                Direction::Export => self.a_line_write(),
            })
            .collect();
        let now = self.now;
        let expected: Option<Vec<Nth>> = writes.iter().map(|write| self.model.intend(run, write, now)).collect();
        let found = match &writes[..] {
            [write] => self
                .ledger
                .record_intent(self.runs[run], write, now)
                .await
                .map(|id| vec![id]),
            writes => self.ledger.record_intents(self.runs[run], writes, now).await,
        };
        match (found, expected) {
            (Ok(ids), Some(nths)) => {
                assert_eq!(ids.len(), nths.len(), "an intent for each write");
                for id in ids {
                    let before = self.intents.last();
                    assert!(before.is_none_or(|last| *last < id), "the id of an intent grows");
                    self.intents.push(id);
                }
            }
            (Err(LedgerError::LeaseLost(of)), None) => assert_eq!(of, direction),
            (found, expected) => panic!("{found:?} where {expected:?} is due"),
        }
    }

    async fn outcome(&mut self) {
        if self.model.count_of_intents() == 0 {
            return;
        }
        let outcomes: Vec<(Nth, Outcome)> = (0..self.rng.usize(1..4))
            .map(|_| (self.rng.usize(..self.intents.len()), self.an_outcome()))
            .collect();
        let by_id = |(nth, outcome): &(Nth, Outcome)| (self.intents[*nth], outcome.clone());
        let recorded: Vec<(IntentId, Outcome)> = outcomes.iter().map(by_id).collect();
        match &recorded[..] {
            [(intent, outcome)] => self.ledger.record_outcome(*intent, outcome, self.now).await.unwrap(),
            outcomes => self.ledger.record_outcomes(outcomes, self.now).await.unwrap(),
        }
        for (intent, outcome) in outcomes {
            self.model.conclude(intent, &outcome, self.now);
        }
    }

    fn an_outcome(&mut self) -> Outcome {
        let line = self.a_line();
        match self.rng.u8(0..8) {
            0 => Outcome::Unknown("cut".into()),
            1 => Outcome::Refused("422".into()),
            2 => Outcome::Absent,
            3 => Outcome::Done(Effect::Linked(link(self.worker(), "Delgado"))),
            4 => Outcome::Done(Effect::LineRemoved(line.key)),
            5 => Outcome::Done(Effect::EntryRemoved(line.key, line.entry)),
            _ => Outcome::Done(Effect::LineStored(Box::new(line))),
        }
    }

    /// Whether the ledger holds what the model does.
    async fn compare(&self, call: usize) {
        let (ledger, model) = (self.ledger, &self.model);
        let (from, to) = (day("2026-03-01"), day("2026-03-31"));
        let links: Vec<_> = model.links.values().cloned().collect();
        assert_eq!(ledger.links().await.unwrap(), links, "links after call {call}");
        assert_eq!(
            ledger.ignored().await.unwrap(),
            model.ignored,
            "ignored after call {call}"
        );
        assert_eq!(
            ledger.lines(from, to).await.unwrap(),
            model.lines(),
            "lines after call {call}"
        );
        assert_eq!(
            ledger.beside(from, to).await.unwrap(),
            model.beside,
            "words after call {call}"
        );
        let late_weeks = ledger.late_weeks().await.unwrap();
        assert_eq!(late_weeks, model.late_weeks, "late weeks after call {call}");
        let runs = ledger.runs(None, usize::MAX).await.unwrap();
        assert_eq!(runs, model.runs(&self.runs), "runs after call {call}");
        for direction in [Direction::Sync, Direction::Export] {
            let newest = runs.iter().find(|run| run.start.direction == direction);
            let found = ledger.newest_run(direction).await.unwrap();
            assert_eq!(found.as_ref(), newest, "newest {direction} after call {call}");
        }
        self.compare_journal(call).await;
    }

    async fn compare_journal(&self, call: usize) {
        let (ledger, ids) = (self.ledger, (&self.runs[..], &self.intents[..]));
        for (nth, run) in self.runs.iter().enumerate() {
            let journal = self.model.intents(ids, |of, _, _| of == nth);
            assert_eq!(
                ledger.journal(*run).await.unwrap(),
                journal,
                "run {nth} after call {call}"
            );
        }
        for direction in [Direction::Sync, Direction::Export] {
            let is_open = |outcome: Option<&Outcome>| outcome.is_none_or(|outcome| !outcome.is_final());
            let open = self.model.intents(ids, |_, write, outcome| {
                write.direction() == direction && is_open(outcome)
            });
            assert_eq!(
                ledger.open_intents(direction).await.unwrap(),
                open,
                "open after call {call}"
            );
        }
        let lines = self.model.lines().into_iter();
        let keys: BTreeSet<LineKey> = lines.skip(1).step_by(2).map(|line| line.key).collect();
        let lines = self.model.lines();
        let entries: BTreeSet<EntryId> = lines.iter().step_by(2).map(|line| line.entry).collect();
        let of_keys = self.model.intents(ids, |_, write, _| match write {
            Write::Line(change) => {
                keys.contains(&change.key) || change.entry.is_some_and(|entry| entries.contains(&entry))
            }
            Write::Record(_) => false,
        });
        assert_eq!(
            ledger.line_writes(&keys, &entries).await.unwrap(),
            of_keys,
            "writes after call {call}"
        );
    }
}
