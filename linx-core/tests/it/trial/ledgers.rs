//! A ledger that fails, or a process that dies, at any call of it in turn (hazards A1, B1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use linx_core::change::LineKey;
use linx_core::ledger::{
    Beside, Direction, IntentId, JournalEntry, Lease, Ledger, LedgerError, Link, Outcome, Pair, Run, RunEnd, RunId,
    RunStart, StoredLine, Write,
};
use linx_core::model::{OfficeRef, WorkerId};

use super::synced;
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
    runs() -> Vec<Run>;
    journal(run: RunId) -> Vec<JournalEntry>;
    record_intent(run: RunId, write: &Write, at: DateTime<Utc>) -> IntentId;
    record_outcome(intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) -> ();
    line_writes(keys: &BTreeSet<LineKey>) -> Vec<JournalEntry>;
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
