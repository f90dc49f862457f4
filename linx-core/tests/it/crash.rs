//! A ledger whose machine loses its power in the midst of a call. What was synced is there, what was not may be there in part, or as
//! anything: the file holds all that it held before the call, or all that it holds after it, and nothing between (hazard A1).

// The purity of the core is not the tests': they are the disk here.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use chrono::{Days, TimeDelta};
use fastrand::Rng;
use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::ledger::{
    Beside, Direction, Effect, IntentId, Lease, Ledger, Outcome, Owner, RunEnd, RunId, StoredLine,
};
use linx_core::model::{EntryId, WorkerId};
use linx_core::testing::ledger::invented::{day, line, line_write, link, now, record_write, start};
use tempfile::TempDir;

/// How long a page is, and what stands before it in the log.
const PAGE: usize = 4096;

fn open(folder: &Path) -> SqliteLedger {
    let owner = Owner {
        name: "a test".into(),
        host: "office-pc".into(),
        boot: Some("monday".into()),
        process: 100,
    };
    SqliteLedger::open(&folder.join("linx.db"), owner, |_| true).unwrap()
}

/// Both files as they are at one moment.
#[derive(Clone)]
struct Disk {
    file: Vec<u8>,
    log: Vec<u8>,
}

impl Disk {
    fn of(folder: &Path) -> Self {
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
        Self {
            file: read("linx.db"),
            log: read("linx.db-wal"),
        }
    }

    /// Everything that a ledger tells which finds these files.
    async fn told(&self) -> String {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("linx.db"), &self.file).unwrap();
        std::fs::write(folder.path().join("linx.db-wal"), &self.log).unwrap();
        let ledger = open(folder.path());
        ledger.examine().await.unwrap();
        told(&ledger).await
    }
}

async fn told(ledger: &dyn Ledger) -> String {
    let (first, last) = (day("2026-01-01"), day("2026-12-31"));
    let runs = ledger.runs(None, usize::MAX).await.unwrap();
    let mut journal = Vec::new();
    for run in &runs {
        journal.push(ledger.journal(run.id).await.unwrap());
    }
    let rest = (
        ledger.links().await.unwrap(),
        ledger.ignored().await.unwrap(),
        ledger.beside(first, last).await.unwrap(),
        ledger.late_weeks().await.unwrap(),
    );
    let lines = ledger.lines(first, last).await.unwrap();
    format!("{runs:?} {journal:?} {rest:?} {lines:?}")
}

/// Calls of a ledger, one after the other.
struct Calls<'l> {
    ledger: &'l SqliteLedger,
    rng: Rng,
    export: Option<(Lease, RunId)>,
    open: Vec<IntentId>,
}

impl Calls<'_> {
    fn lines(&mut self) -> Vec<StoredLine> {
        let many = [1, 3, 40, 250][self.rng.usize(..4)];
        let line = |nth: u64| {
            let date = day("2026-03-02") + Days::new(nth % 300);
            let mut line = line(&date.to_string(), 400);
            line.key.worker = WorkerId(nth);
            line.entry = EntryId(nth);
            if let Some(sent) = &mut line.sent {
                sent.worker = line.key.worker;
            }
            line
        };
        (0..many).map(|_| line(self.rng.u64(1..2000))).collect()
    }

    async fn next(&mut self) {
        let ledger = self.ledger;
        match self.rng.u8(0..8) {
            0 => ledger
                .remember_links(&[link(self.rng.u64(1..40), "Delgado")])
                .await
                .unwrap(),
            1 => ledger.ignore(&[link(self.rng.u64(1..40), "").office]).await.unwrap(),
            2 => {
                let day = (WorkerId(self.rng.u64(1..9)), day("2026-03-02"));
                ledger.set_beside(day.0, day.1, Some(&Beside::default())).await.unwrap();
            }
            3 => {
                let week = (WorkerId(self.rng.u64(1..9)), day("2026-03-02"));
                ledger.set_late_weeks(&[week].into(), &[].into()).await.unwrap();
            }
            4 | 5 => ledger.remember_lines(&self.lines()).await.unwrap(),
            6 => self.run().await,
            _ => self.outcome().await,
        }
    }

    async fn run(&mut self) {
        match self.export.take() {
            None => {
                let lease = self.ledger.lease(Direction::Export, now()).await.unwrap();
                let run = self.ledger.begin_run(&lease, &start(Direction::Export)).await.unwrap();
                self.export = Some((lease, run));
            }
            Some((_, run)) => {
                let end = RunEnd {
                    at: now() + TimeDelta::minutes(1),
                    written: 1,
                    held: 0,
                    failed: 0,
                };
                self.ledger.end_run(run, &end).await.unwrap();
            }
        }
    }

    /// An intent, or what came of one: its outcome and its line in one.
    async fn outcome(&mut self) {
        let Some(run) = self.export.as_ref().map(|(_, run)| *run) else {
            return;
        };
        let line = self.lines().remove(0);
        if let Some(intent) = self.open.pop() {
            let outcome = Outcome::Done(Effect::LineStored(Box::new(line)));
            self.ledger.record_outcome(intent, &outcome, now()).await.unwrap();
        } else {
            let intent = self.ledger.record_intent(run, &line_write(&line), now()).await;
            self.open.push(intent.unwrap());
        }
    }
}

/// What may be on the disk if the power fails while a call takes it from `before` to `after`.
fn left(before: &Disk, after: &Disk, rng: &mut Rng) -> Vec<Disk> {
    let mut all = Vec::new();
    // The log is written frame by frame, from where it ended or from its start again, and is synced at the end.
    let is_longer = after.log.starts_with(&before.log);
    let from = if is_longer { before.log.len() } else { 0 };
    for _ in 0..8 {
        let cut = rng.usize(from..=after.log.len());
        let mut log = after.log[..cut].to_vec();
        match rng.u8(0..3) {
            0 => log.resize(after.log.len().max(cut), 0),
            1 => log.extend((0..rng.usize(..2 * PAGE)).map(|_| rng.u8(..))),
            _ => {}
        }
        if !is_longer && before.log.len() > log.len() {
            let rest = log.len();
            log.extend(&before.log[rest..]);
        }
        let file = if is_longer { &before.file } else { &after.file };
        all.push(Disk {
            file: file.clone(),
            log,
        });
    }
    // Pages go from the log into the file in any order, while the log stays.
    for _ in 0..4 {
        let mut file = before.file.clone();
        file.resize(after.file.len().max(file.len()), 0);
        for (at, page) in after.file.chunks(PAGE).enumerate() {
            if rng.bool() || at * PAGE >= before.file.len() {
                file[at * PAGE..at * PAGE + page.len()].copy_from_slice(page);
            }
        }
        all.push(Disk {
            file,
            log: after.log.clone(),
        });
    }
    all
}

#[tokio::test]
async fn a1_a_ledger_that_loses_its_power_holds_all_of_a_call_or_nothing_of_it() {
    let (mut as_before, mut as_after) = (0, 0);
    for seed in 0..3 {
        let folder = TempDir::new().unwrap();
        let ledger = open(folder.path());
        let mut rng = Rng::with_seed(seed);
        let mut calls = Calls {
            ledger: &ledger,
            rng: rng.fork(),
            export: None,
            open: Vec::new(),
        };
        let mut before = (Disk::of(folder.path()), told(&ledger).await);
        for call in 0..25 {
            calls.next().await;
            let after = (Disk::of(folder.path()), told(&ledger).await);
            assert_eq!(
                after.0.told().await,
                after.1,
                "what was answered is there, seed {seed}, call {call}"
            );
            for disk in left(&before.0, &after.0, &mut rng) {
                let told = disk.told().await;
                assert!(told == before.1 || told == after.1, "seed {seed}, call {call}");
                as_before += usize::from(told == before.1);
                as_after += usize::from(told == after.1);
            }
            before = after;
        }
    }
    assert!(as_before > 200 && as_after > 200, "{as_before} {as_after}");
}

/// A run whose machine lost its power finds the intent that it had noted, and nobody has its lease for longer than that lasts.
#[tokio::test]
async fn a1_b14_an_intent_that_was_answered_outlives_the_power() {
    let folder = TempDir::new().unwrap();
    let ledger = open(folder.path());
    let lease = ledger.lease(Direction::Sync, now()).await.unwrap();
    let run = ledger.begin_run(&lease, &start(Direction::Sync)).await.unwrap();
    let intent = ledger.record_intent(run, &record_write(), now()).await.unwrap();
    let disk = Disk::of(folder.path());
    std::mem::forget(lease);
    let left = TempDir::new().unwrap();
    std::fs::write(left.path().join("linx.db"), &disk.file).unwrap();
    std::fs::write(left.path().join("linx.db-wal"), &disk.log).unwrap();
    let ledger = open(left.path());
    let open: Vec<_> = ledger.open_intents(Direction::Sync).await.unwrap();
    assert_eq!(open.iter().map(|open| open.id).collect::<Vec<_>>(), [intent]);
    assert!(ledger.lease(Direction::Sync, now()).await.is_err());
    let later = now() + TimeDelta::hours(2);
    assert!(ledger.lease(Direction::Sync, later).await.is_ok());
}
