//! A ledger that fails, or a process that dies, at any call of it in turn (hazards A1, B1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::FutureExt;
use http::Method;
use linx_core::change::LineKey;
use linx_core::hold::Held;
use linx_core::ledger::{
    Beside, Direction, IntentId, JournalEntry, Lease, Ledger, LedgerError, Link, Outcome, Pair, Run, RunEnd, RunId,
    RunStart, StoredLine, Write,
};
use linx_core::model::{EntryId, OfficeRef, WorkerId};
use linx_core::ports::{Observer, Progress};
use linx_core::sync::SyncOptions;
use linx_http::sandbox::{Arrival, Fault};

use super::{ENTRIES, because, synced};
use crate::harness::{Harness, once};
use crate::small_company::{all_hours, judge, judge_our_hand};

/// What happens at the call whose turn it is.
#[derive(Debug, Clone, Copy)]
enum Break {
    /// The store fails; nothing is changed.
    Fails,
    /// The process dies before the store has it.
    DiesBefore,
    /// The process dies when the store has it.
    DiesAfter,
}

/// Breaks once, at one of its calls.
struct Breaking {
    ledger: Arc<dyn Ledger>,
    left: AtomicUsize,
    how: Break,
    died: AtomicBool,
}

impl Breaking {
    /// What is done before a call.
    async fn before(&self) -> Result<bool, LedgerError> {
        if self.left.fetch_sub(1, Ordering::SeqCst) != 0 {
            return Ok(false);
        }
        match self.how {
            Break::Fails => {
                let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
                Err(LedgerError::Store("written", full.into()))
            }
            Break::DiesBefore => self.dies().await,
            Break::DiesAfter => Ok(true),
        }
    }

    /// Resolves when the process is to be killed. It is asked after the run in each round, and the run stands still then.
    async fn dead(&self) {
        std::future::poll_fn(|_| {
            if self.died.load(Ordering::SeqCst) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    async fn dies<T>(&self) -> T {
        self.died.store(true, Ordering::SeqCst);
        std::future::pending().await
    }
}

macro_rules! breaking {
    ($($name:ident($($arg:ident: $of:ty),*) -> $answer:ty;)+) => {
        #[async_trait]
        impl Ledger for Breaking {
            $(
                async fn $name(&self, $($arg: $of),*) -> Result<$answer, LedgerError> {
                    let dies = self.before().await?;
                    let answer = self.ledger.$name($($arg),*).await;
                    if dies {
                        return self.dies().await;
                    }
                    answer
                }
            )+
        }
    };
}

breaking! {
    pair() -> Option<Pair>;
    bind(pair: &Pair) -> ();
    lease(direction: Direction, now: DateTime<Utc>) -> Lease;
    renew(lease: &Lease, now: DateTime<Utc>) -> ();
    links() -> Vec<Link>;
    remember_links(links: &[Link]) -> ();
    forget_links(entities: &[OfficeRef]) -> ();
    ignored() -> BTreeSet<OfficeRef>;
    ignore(entities: &[OfficeRef]) -> ();
    unignore(entities: &[OfficeRef]) -> ();
    lines(from: NaiveDate, to: NaiveDate) -> Vec<StoredLine>;
    remember_lines(lines: &[StoredLine]) -> ();
    beside(from: NaiveDate, to: NaiveDate) -> BTreeMap<(WorkerId, NaiveDate), Beside>;
    set_beside(worker: WorkerId, date: NaiveDate, word: Option<&Beside>) -> ();
    late_weeks() -> BTreeSet<(WorkerId, NaiveDate)>;
    set_late_weeks(differ: &BTreeSet<(WorkerId, NaiveDate)>, agree: &BTreeSet<(WorkerId, NaiveDate)>) -> ();
    begin_run(lease: &Lease, start: &RunStart) -> RunId;
    end_run(run: RunId, end: &RunEnd) -> ();
    newest_run(direction: Direction) -> Option<Run>;
    runs(before: Option<RunId>, most: usize) -> Vec<Run>;
    journal(run: RunId) -> Vec<JournalEntry>;
    record_intent(run: RunId, write: &Write, at: DateTime<Utc>) -> IntentId;
    record_outcome(intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) -> ();
    record_intents(run: RunId, writes: &[Write], at: DateTime<Utc>) -> Vec<IntentId>;
    record_outcomes(outcomes: &[(IntentId, Outcome)], at: DateTime<Utc>) -> ();
    line_writes(keys: &BTreeSet<LineKey>, entries: &BTreeSet<EntryId>) -> Vec<JournalEntry>;
    open_intents(direction: Direction) -> Vec<JournalEntry>;
}

/// More calls than an export of the small company makes.
const CALLS: usize = 90;

#[tokio::test]
async fn b1_an_export_whose_ledger_fails_or_whose_process_dies_at_any_call_ends_like_one_that_did_not() {
    for (turn, how) in [Break::Fails, Break::DiesBefore, Break::DiesAfter]
        .into_iter()
        .enumerate()
    {
        for call in (turn..CALLS).step_by(7) {
            let mut harness = synced().await;
            let sound = Arc::clone(&harness.ledger);
            let breaking = Arc::new(Breaking {
                ledger: Arc::clone(&sound),
                left: AtomicUsize::new(call),
                how,
                died: AtomicBool::new(false),
            });
            harness.ledger = breaking.clone();
            tokio::select! {
                biased;
                _ = harness.try_export() => {}
                () = breaking.dead() => {}
            }
            judge_our_hand(108_00, &harness);
            harness.ledger = sound;
            for _ in 0..2 {
                let result = harness.try_export().await;
                judge(&harness, &result);
            }
            let last = harness.try_export().await.unwrap();
            assert_eq!(
                (last.changes.len(), last.held.len()),
                (0, 0),
                "{how:?} at {call}: {:?}",
                last.held
            );
            assert_eq!(all_hours(&harness), 108_00, "{how:?} at {call}");
        }
    }
}

/// A harness whose ledger breaks at this call, and the sound one beneath.
fn failing(mut harness: Harness, call: usize) -> (Harness, Arc<dyn Ledger>) {
    let sound = Arc::clone(&harness.ledger);
    harness.ledger = Arc::new(Breaking {
        ledger: Arc::clone(&sound),
        left: AtomicUsize::new(call),
        how: Break::Fails,
        died: AtomicBool::new(false),
    });
    (harness, sound)
}

/// What a run whose ledger failed calls not written is not there, and it does not know of what was under way `at_once` whether it is; so
/// many are `there`, and so many were `written` as it says.
fn assert_not_written_is_not_there(held: &[Held], at_once: usize, written: usize, there: usize) {
    let told = |what: &str| held.iter().filter(|held| held.detail.starts_with(what)).count();
    let may_be_there = told("it may stand");
    assert!(
        may_be_there <= at_once && there <= written + may_be_there,
        "{there} are there, {written} were written: {held:#?}"
    );
}

#[tokio::test]
async fn b1_an_export_whose_ledger_fails_tells_what_it_wrote_until_then() {
    let mut told = 0;
    for call in (16..CALLS).step_by(3) {
        let (mut harness, sound) = failing(synced().await, call);
        let result = harness.try_export().await;
        let standing = all_hours(&harness);
        judge(&harness, &result);
        harness.ledger = Arc::clone(&sound);
        let noted = sound
            .runs(None, usize::MAX)
            .await
            .unwrap()
            .iter()
            .any(|run| run.end.is_some() && run.start.direction == Direction::Export);
        match result {
            Err(error) => assert_eq!(standing, 0, "at {call}: {error}"),
            Ok(report) if noted => assert_eq!(
                (report.held.len(), standing),
                (0, 108_00),
                "at {call}: {:?}",
                report.held
            ),
            Ok(report) => {
                told += 1;
                assert!(
                    !because(&report.held, "ledger_failed").is_empty(),
                    "at {call}: {:?}",
                    report.held
                );
                let there = harness.procore.entries().len();
                assert_not_written_is_not_there(&report.held, 12, report.written(), there);
                // What was sent and could not be noted is not called stored.
                let stored = report.hours.stored.hundredths();
                assert!(
                    standing - 16 * 4_00 <= stored && stored <= standing,
                    "at {call}: {stored} of {standing}"
                );
            }
        }
        assert_eq!(harness.judged_export().await.unwrap().held, [], "at {call}");
    }
    assert!(told >= 4, "{told}");
}

#[tokio::test]
async fn b1_a_sync_whose_ledger_fails_tells_what_it_wrote_until_then() {
    let mut told = 0;
    for call in 10..30 {
        let harness = Harness::small_company();
        harness.exaktime.with_state(|state| state.cost_codes.clear());
        let (mut harness, sound) = failing(harness, call);
        let before = harness.writes();
        let plan = harness.linx().plan_sync(&SyncOptions::default()).await.unwrap();
        let result = harness.linx().apply_sync(&plan).await;
        let writes = harness.writes() - before;
        harness.ledger = Arc::clone(&sound);
        let noted = sound
            .runs(None, usize::MAX)
            .await
            .unwrap()
            .iter()
            .any(|run| run.end.is_some());
        match result {
            Err(error) => assert_eq!(writes, 0, "at {call}: {error}"),
            Ok(report) if noted => assert_eq!(report.held, [], "at {call}"),
            Ok(report) => {
                told += 1;
                assert_not_written_is_not_there(&report.held, 1, report.written(), writes);
                assert!(
                    !because(&report.held, "ledger_failed").is_empty(),
                    "at {call}: {:?}",
                    report.held
                );
            }
        }
        let next = harness.apply_sync().await;
        assert_eq!(next.held, [], "at {call}");
    }
    assert!(told >= 4, "{told}");
}

/// Another run that takes the lease over while this one waits, as if the machine had slept for a day.
struct Thief {
    ledger: Arc<dyn Ledger>,
    lease: Mutex<Option<Lease>>,
}

impl Observer for Thief {
    fn progress(&self, progress: Progress<'_>) {
        if let Progress::Waiting { .. } = progress {
            let tomorrow = "2026-03-18T12:00:00Z".parse().unwrap();
            let taken = self.ledger.lease(Direction::Export, tomorrow).now_or_never();
            *self.lease.lock().unwrap() = Some(taken.unwrap().unwrap());
        }
    }
}

#[tokio::test]
async fn b14_a_run_that_lost_its_lease_while_it_waited_remembers_nothing_more() {
    let harness = synced().await;
    let late = Fault::CutThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 5, late));
    let plan = harness.plan_export().await;
    let thief = Arc::new(Thief {
        ledger: Arc::clone(&harness.ledger),
        lease: Mutex::default(),
    });
    let linx = harness.builder(harness.field.clone()).observed_by(thief.clone());
    let report = linx.build().unwrap().apply_export(&plan).await.unwrap();
    let held = because(&report.held, "ledger_failed");
    assert!(
        held.iter().all(|held| held.detail.contains("has taken over")),
        "{held:?}"
    );
    assert_eq!(held.len(), 1, "{:?}", report.held);
    assert_eq!(report.hours.stored.hundredths(), 108_00, "what was found is told");
    // To note what it found in its second round is the other run's matter.
    let open = harness.ledger.open_intents(Direction::Export).await.unwrap();
    assert_eq!(open.len(), 1);
    drop(thief.lease.lock().unwrap().take());
    assert_eq!(harness.judged_export().await.unwrap().held, []);
    assert_eq!(all_hours(&harness), 108_00);
}
