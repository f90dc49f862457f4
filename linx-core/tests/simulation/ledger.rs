//! The ledger: it fails before or after a call, is lost, or is put back as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use fastrand::Rng;
use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::change::LineKey;
use linx_core::ledger::{
    Beside, Direction, Effect, IntentId, JournalEntry, Lease, Ledger, LedgerError, Link, MemoryLedger, Outcome, Owner,
    Pair, Run, RunEnd, RunId, RunStart, StoredLine, Write,
};
use linx_core::model::{EntryId, OfficeRef, WorkerId};
use tempfile::TempDir;

use crate::calls::{Caller, Death, Fault};

/// Something that changed a ledger; told again, it makes the same ledger.
#[derive(Clone)]
enum Change {
    Bind(Pair),
    Lease(Direction, DateTime<Utc>),
    Renew(Direction, DateTime<Utc>),
    RememberLinks(Vec<Link>),
    ForgetLinks(Vec<OfficeRef>),
    Ignore(Vec<OfficeRef>),
    Unignore(Vec<OfficeRef>),
    RememberLines(Vec<StoredLine>),
    SetBeside(WorkerId, NaiveDate, Option<Beside>),
    SetLateWeeks(BTreeSet<(WorkerId, NaiveDate)>, BTreeSet<(WorkerId, NaiveDate)>),
    BeginRun(Direction, RunStart),
    EndRun(RunId, RunEnd),
    RecordIntent(RunId, Box<Write>, DateTime<Utc>),
    RecordOutcome(IntentId, Box<Outcome>, DateTime<Utc>),
    RecordIntents(RunId, Vec<Write>, DateTime<Utc>),
    RecordOutcomes(Vec<(IntentId, Outcome)>, DateTime<Utc>),
}

/// The file, as all runs share it.
#[derive(Clone)]
pub struct Book {
    ledger: Arc<dyn Ledger>,
    /// The folder of its file, where it has one.
    folder: Option<Arc<TempDir>>,
    changes: Arc<Mutex<Vec<Change>>>,
    /// Leases of processes that are gone: nobody gives them back.
    of_the_dead: Arc<Mutex<Vec<Lease>>>,
}

impl Book {
    /// An empty one, in memory or in a file.
    pub fn new(on_file: bool) -> Self {
        let folder = on_file.then(|| Arc::new(TempDir::new().unwrap()));
        let ledger: Arc<dyn Ledger> = match &folder {
            Some(folder) => Arc::new(opened(folder)),
            None => Arc::new(MemoryLedger::new()),
        };
        Self {
            ledger,
            folder,
            changes: Arc::default(),
            of_the_dead: Arc::default(),
        }
    }

    /// What was ever noted in it of what counts as proof, and how often.
    pub fn evidence(&self) -> BTreeMap<String, u64> {
        let mut met = BTreeMap::new();
        let mut count = |what: String| *met.entry(format!("evidence {what}")).or_default() += 1;
        for change in self.changes.lock().unwrap().iter() {
            match change {
                Change::RememberLines(lines) => lines.iter().flat_map(noted).for_each(&mut count),
                Change::RecordOutcome(_, outcome, _) => count(came_to(outcome)),
                Change::RecordOutcomes(outcomes, _) => {
                    outcomes
                        .iter()
                        .map(|(_, outcome)| came_to(outcome))
                        .for_each(&mut count);
                }
                _ => {}
            }
        }
        met
    }

    /// What is left of it when the machine dies: what was synced, and behind it in the log whatever a file system may have put there.
    /// The other handles of the old file are gone with their process.
    pub fn crashes(&mut self, rng: &mut Rng) {
        let Some(folder) = &self.folder else { return };
        let left = TempDir::new().unwrap();
        let of = |name: &str| (folder.path().join(name), left.path().join(name));
        let (from, to) = of("linx.db");
        copied(&from, &to, &[]);
        let (from, to) = of("linx.db-wal");
        let beyond: Vec<u8> = (0..rng.usize(..9000)).map(|_| rng.u8(..)).collect();
        copied(&from, &to, &beyond);
        self.ledger = Arc::new(opened(&left));
        self.folder = Some(Arc::new(left));
    }

    /// A bit of its file, or of the log, is another. Returns whether it can be opened still.
    pub fn flips(&mut self, bit: u32) -> bool {
        let Some(folder) = &self.folder else { return true };
        let left = TempDir::new().unwrap();
        let names = ["linx.db", "linx.db-wal"];
        for name in names {
            copied(&folder.path().join(name), &left.path().join(name), &[]);
        }
        flipped(&names.map(|name| left.path().join(name)), bit);
        let Ok(ledger) = open(&left) else { return false };
        self.ledger = Arc::new(ledger);
        self.folder = Some(Arc::new(left));
        true
    }

    /// How much has been written in it.
    pub fn len(&self) -> usize {
        self.changes.lock().unwrap().len()
    }

    /// The book as it was when it had so much in it.
    pub async fn as_it_was(&self, len: usize) -> Self {
        let book = Self::new(self.folder.is_some());
        let changes = self.changes.lock().unwrap()[..len].to_vec();
        let mut leases: BTreeMap<&str, Lease> = BTreeMap::new();
        for change in &changes {
            book.tell_again(change, &mut leases).await;
        }
        drop(leases);
        *book.changes.lock().unwrap() = changes;
        book
    }

    async fn tell_again(&self, change: &Change, leases: &mut BTreeMap<&'static str, Lease>) {
        let ledger = &self.ledger;
        let told = match change {
            Change::Bind(pair) => ledger.bind(pair).await,
            Change::Lease(direction, now) => {
                leases.remove(direction.as_str());
                let lease = ledger.lease(*direction, *now).await;
                lease.map(|lease| drop(leases.insert(direction.as_str(), lease)))
            }
            Change::Renew(direction, now) => match leases.get(direction.as_str()) {
                Some(lease) => ledger.renew(lease, *now).await,
                None => Ok(()),
            },
            Change::RememberLinks(links) => ledger.remember_links(links).await,
            Change::ForgetLinks(entities) => ledger.forget_links(entities).await,
            Change::Ignore(entities) => ledger.ignore(entities).await,
            Change::Unignore(entities) => ledger.unignore(entities).await,
            Change::RememberLines(lines) => ledger.remember_lines(lines).await,
            Change::SetBeside(worker, date, word) => ledger.set_beside(*worker, *date, word.as_ref()).await,
            Change::SetLateWeeks(differ, agree) => ledger.set_late_weeks(differ, agree).await,
            Change::BeginRun(direction, start) => match leases.get(direction.as_str()) {
                Some(lease) => ledger.begin_run(lease, start).await.map(drop),
                None => Ok(()),
            },
            Change::EndRun(run, end) => ledger.end_run(*run, end).await,
            Change::RecordIntent(run, write, at) => ledger.record_intent(*run, write, *at).await.map(drop),
            Change::RecordOutcome(intent, outcome, at) => ledger.record_outcome(*intent, outcome, *at).await,
            Change::RecordIntents(run, writes, at) => ledger.record_intents(*run, writes, *at).await.map(drop),
            Change::RecordOutcomes(outcomes, at) => ledger.record_outcomes(outcomes, *at).await,
        };
        // What was refused then is refused again.
        drop(told);
    }
}

#[expect(clippy::disallowed_methods, reason = "the disk is the simulator's")]
fn copied(from: &Path, to: &Path, beyond: &[u8]) {
    let mut bytes = std::fs::read(from).unwrap();
    bytes.extend(beyond);
    std::fs::write(to, bytes).unwrap();
}

/// Flips one bit of some files, counted through all of them.
#[expect(clippy::disallowed_methods, reason = "the disk is the simulator's")]
fn flipped(paths: &[PathBuf], bit: u32) {
    let mut files: Vec<(&PathBuf, Vec<u8>)> = paths.iter().map(|path| (path, std::fs::read(path).unwrap())).collect();
    let bits: usize = files.iter().map(|(_, bytes)| bytes.len() * 8).sum();
    let mut at = bit as usize % bits;
    for (path, bytes) in &mut files {
        if at < bytes.len() * 8 {
            bytes[at / 8] ^= 1 << (at % 8);
            return std::fs::write(path, bytes).unwrap();
        }
        at -= bytes.len() * 8;
    }
}

/// The ledger in the file of a folder. Nobody ever looks whether the owner of a lease is there still: it expires.
fn opened(folder: &TempDir) -> SqliteLedger {
    open(folder).unwrap()
}

fn open(folder: &TempDir) -> Result<SqliteLedger, LedgerError> {
    let owner = Owner {
        name: "a run".into(),
        host: "office-pc".into(),
        boot: Some("monday".into()),
        process: 100,
    };
    SqliteLedger::open(&folder.path().join("linx.db"), owner, |_| true)
}

/// The ledger as one run has it.
pub struct SimLedger {
    pub book: Book,
    pub caller: Arc<Caller>,
}

impl SimLedger {
    /// Does what `call` does, unless it fails before, or after.
    async fn at<T>(
        &self,
        change: Option<Change>,
        call: impl Future<Output = Result<T, LedgerError>>,
    ) -> Result<T, LedgerError> {
        let fault = self.caller.turn().await;
        let failed = || LedgerError::Store("written", "the disk".into());
        if fault == Some(Fault::LostBefore) {
            self.caller.world.lock().tell("the ledger fails before a call");
            return Err(failed());
        }
        let result = call.await;
        if result.is_ok() {
            self.book.changes.lock().unwrap().extend(change);
        }
        if fault == Some(Fault::AnswerLost) {
            self.caller.world.lock().tell("the ledger fails after a call");
            return Err(failed());
        }
        result
    }
}

/// Gives a lease back, unless its process was killed.
struct Release {
    lease: Option<Lease>,
    of_the_dead: Arc<Mutex<Vec<Lease>>>,
    caller: Arc<Caller>,
}

impl Drop for Release {
    fn drop(&mut self) {
        let is_dead = self.caller.is_dead.load(std::sync::atomic::Ordering::Relaxed);
        if is_dead && self.caller.harm.death() == Some(Death::Killed) {
            self.of_the_dead.lock().unwrap().extend(self.lease.take());
        }
    }
}

#[async_trait]
impl Ledger for SimLedger {
    async fn pair(&self) -> Result<Option<Pair>, LedgerError> {
        self.at(None, self.book.ledger.pair()).await
    }

    async fn bind(&self, pair: &Pair) -> Result<(), LedgerError> {
        self.at(Some(Change::Bind(pair.clone())), self.book.ledger.bind(pair))
            .await
    }

    async fn lease(&self, direction: Direction, now: DateTime<Utc>) -> Result<Lease, LedgerError> {
        let taken = self.book.ledger.lease(direction, now);
        let lease = self.at(Some(Change::Lease(direction, now)), taken).await?;
        let number = lease.number();
        let release = Release {
            lease: Some(lease),
            of_the_dead: self.book.of_the_dead.clone(),
            caller: self.caller.clone(),
        };
        Ok(Lease::new(direction, number, release))
    }

    async fn renew(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let change = Change::Renew(lease.direction(), now);
        self.at(Some(change), self.book.ledger.renew(lease, now)).await
    }

    async fn links(&self) -> Result<Vec<Link>, LedgerError> {
        self.at(None, self.book.ledger.links()).await
    }

    async fn remember_links(&self, links: &[Link]) -> Result<(), LedgerError> {
        let change = Change::RememberLinks(links.to_vec());
        self.at(Some(change), self.book.ledger.remember_links(links)).await
    }

    async fn forget_links(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        let change = Change::ForgetLinks(entities.to_vec());
        self.at(Some(change), self.book.ledger.forget_links(entities)).await
    }

    async fn ignored(&self) -> Result<BTreeSet<OfficeRef>, LedgerError> {
        self.at(None, self.book.ledger.ignored()).await
    }

    async fn ignore(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        let change = Change::Ignore(entities.to_vec());
        self.at(Some(change), self.book.ledger.ignore(entities)).await
    }

    async fn unignore(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        let change = Change::Unignore(entities.to_vec());
        self.at(Some(change), self.book.ledger.unignore(entities)).await
    }

    async fn lines(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<StoredLine>, LedgerError> {
        self.at(None, self.book.ledger.lines(from, to)).await
    }

    async fn remember_lines(&self, lines: &[StoredLine]) -> Result<(), LedgerError> {
        let change = Change::RememberLines(lines.to_vec());
        self.at(Some(change), self.book.ledger.remember_lines(lines)).await
    }

    async fn beside(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<(WorkerId, NaiveDate), Beside>, LedgerError> {
        self.at(None, self.book.ledger.beside(from, to)).await
    }

    async fn set_beside(&self, worker: WorkerId, date: NaiveDate, word: Option<&Beside>) -> Result<(), LedgerError> {
        let change = Change::SetBeside(worker, date, word.cloned());
        self.at(Some(change), self.book.ledger.set_beside(worker, date, word))
            .await
    }

    async fn late_weeks(&self) -> Result<BTreeSet<(WorkerId, NaiveDate)>, LedgerError> {
        self.at(None, self.book.ledger.late_weeks()).await
    }

    async fn set_late_weeks(
        &self,
        differ: &BTreeSet<(WorkerId, NaiveDate)>,
        agree: &BTreeSet<(WorkerId, NaiveDate)>,
    ) -> Result<(), LedgerError> {
        let change = Change::SetLateWeeks(differ.clone(), agree.clone());
        self.at(Some(change), self.book.ledger.set_late_weeks(differ, agree))
            .await
    }

    async fn begin_run(&self, lease: &Lease, start: &RunStart) -> Result<RunId, LedgerError> {
        let change = Change::BeginRun(lease.direction(), start.clone());
        self.at(Some(change), self.book.ledger.begin_run(lease, start)).await
    }

    async fn end_run(&self, run: RunId, end: &RunEnd) -> Result<(), LedgerError> {
        let change = Change::EndRun(run, end.clone());
        self.at(Some(change), self.book.ledger.end_run(run, end)).await
    }

    async fn newest_run(&self, direction: Direction) -> Result<Option<Run>, LedgerError> {
        self.at(None, self.book.ledger.newest_run(direction)).await
    }

    async fn runs(&self, before: Option<RunId>, most: usize) -> Result<Vec<Run>, LedgerError> {
        self.at(None, self.book.ledger.runs(before, most)).await
    }

    async fn journal(&self, run: RunId) -> Result<Vec<JournalEntry>, LedgerError> {
        self.at(None, self.book.ledger.journal(run)).await
    }

    async fn record_intent(&self, run: RunId, write: &Write, at: DateTime<Utc>) -> Result<IntentId, LedgerError> {
        let change = Change::RecordIntent(run, Box::new(write.clone()), at);
        self.at(Some(change), self.book.ledger.record_intent(run, write, at))
            .await
    }

    async fn record_outcome(&self, intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) -> Result<(), LedgerError> {
        let change = Change::RecordOutcome(intent, Box::new(outcome.clone()), at);
        self.at(Some(change), self.book.ledger.record_outcome(intent, outcome, at))
            .await
    }

    async fn record_intents(
        &self,
        run: RunId,
        writes: &[Write],
        at: DateTime<Utc>,
    ) -> Result<Vec<IntentId>, LedgerError> {
        let change = Change::RecordIntents(run, writes.to_vec(), at);
        self.at(Some(change), self.book.ledger.record_intents(run, writes, at))
            .await
    }

    async fn record_outcomes(&self, outcomes: &[(IntentId, Outcome)], at: DateTime<Utc>) -> Result<(), LedgerError> {
        let change = Change::RecordOutcomes(outcomes.to_vec(), at);
        self.at(Some(change), self.book.ledger.record_outcomes(outcomes, at))
            .await
    }

    async fn line_writes(
        &self,
        keys: &BTreeSet<LineKey>,
        entries: &BTreeSet<EntryId>,
    ) -> Result<Vec<JournalEntry>, LedgerError> {
        self.at(None, self.book.ledger.line_writes(keys, entries)).await
    }

    async fn open_intents(&self, direction: Direction) -> Result<Vec<JournalEntry>, LedgerError> {
        self.at(None, self.book.ledger.open_intents(direction)).await
    }
}

/// What a line tells of what was found out about it.
fn noted(line: &StoredLine) -> Vec<String> {
    let mut all = vec![format!("line {:?}", line.provenance)];
    all.extend(line.notes.gone.map(|gone| format!("gone {gone:?}")));
    let marks = [
        ("missing", line.notes.missing.is_some()),
        ("lacked", line.notes.lacked.is_some()),
        ("may be on another day", !line.notes.may_be_on.is_empty()),
        ("may be another's", !line.notes.may_be_of.is_empty()),
        ("may be nobody's", !line.notes.may_be_of_employees.is_empty()),
        ("told", line.notes.told.hundredths() > 0),
        ("asked", line.notes.asked),
        ("answered otherwise", line.notes.answered.is_some()),
    ];
    all.extend(
        marks
            .into_iter()
            .filter(|(_, is_so)| *is_so)
            .map(|(what, _)| what.to_owned()),
    );
    all
}

/// What a write came to.
fn came_to(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(Effect::Linked(_)) => "linked".into(),
        Outcome::Done(Effect::LineStored(_)) => "stored".into(),
        Outcome::Done(Effect::LineRemoved(_) | Effect::EntryRemoved(..)) => "removed".into(),
        Outcome::Unseen(unseen) => format!("unseen {:?}", unseen.missed),
        other => {
            let words = format!("{other:?}");
            words.split(['(', ' ']).next().unwrap_or_default().to_lowercase()
        }
    }
}
