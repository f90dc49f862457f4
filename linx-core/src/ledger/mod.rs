//! What Linx remembers: links, agreed values, lines sent, and a journal of every write (hazards A1, B1, B8).
//!
//! The [`Ledger`] is a port. [`MemoryLedger`] is here; the feature `sqlite` has one in a file. Both keep these
//! promises:
//!
//! - an intent is durable before [`Ledger::record_intent`] returns, and is sent only after;
//! - [`Ledger::record_outcome`] stores the outcome and what follows from it at once, or not at all;
//! - a lease ends with the process that holds it, however that ends.

mod memory;
mod record;
pub(crate) mod recover;

pub use memory::MemoryLedger;
pub use record::{
    Direction, Effect, IntentId, JournalEntry, Link, Outcome, Pair, Run, RunEnd, RunId, RunStart, StoredLine, Write,
};

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::change::LineKey;
use crate::model::OfficeRef;

/// Why the ledger could not do it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Another run works in this direction for this pair (hazard B8).
    #[error("another {0} run is at work for this pair of companies")]
    Busy(Direction),
    /// The ledger belongs to another pair of companies (hazard C13).
    #[error("the ledger belongs to {bound}, and the configuration names {given}")]
    WrongPair {
        /// Whom it belongs to.
        bound: Pair,
        /// Whom the configuration names.
        given: Pair,
    },
    /// It was written by a newer version.
    #[error("the ledger has format {found}, and this version of Linx knows formats up to {known}: use the newer Linx")]
    Newer {
        /// Its format.
        found: u32,
        /// The newest known here.
        known: u32,
    },
    /// The store beneath failed.
    #[error("the ledger could not be {0}")]
    Store(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Held while a run writes; dropping it lets the next run in.
pub type Lease = Box<dyn Send + Sync>;

/// The memory of Linx for one pair of companies.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The pair of companies that the ledger is bound to, if it is.
    async fn pair(&self) -> Result<Option<Pair>, LedgerError>;

    /// Binds the ledger to a pair of companies at its first use, and refuses any other later (hazard C13).
    async fn bind(&self, pair: &Pair) -> Result<(), LedgerError>;

    /// Takes the right to write in one direction; [`LedgerError::Busy`] if another run has it.
    async fn lease(&self, direction: Direction) -> Result<Lease, LedgerError>;

    /// Every link.
    async fn links(&self) -> Result<Vec<Link>, LedgerError>;

    /// Stores links, each replacing the one of its office entity. All or none.
    async fn remember_links(&self, links: &[Link]) -> Result<(), LedgerError>;

    /// Takes links away; the journal keeps what was written through them.
    async fn forget_links(&self, entities: &[OfficeRef]) -> Result<(), LedgerError>;

    /// Entities of the office that are left alone until that is lifted.
    async fn ignored(&self) -> Result<BTreeSet<OfficeRef>, LedgerError>;

    /// Ignores entities from now on, or (`ignored` false) no longer. All or none; may be repeated.
    async fn ignore(&self, entities: &[OfficeRef], ignored: bool) -> Result<(), LedgerError>;

    /// The lines of the days `from` to `to`, both included.
    async fn lines(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<StoredLine>, LedgerError>;

    /// Stores lines, each replacing the one of its key. All or none.
    async fn remember_lines(&self, lines: &[StoredLine]) -> Result<(), LedgerError>;

    /// Opens a run.
    async fn begin_run(&self, start: &RunStart) -> Result<RunId, LedgerError>;

    /// Closes a run.
    async fn end_run(&self, run: RunId, end: &RunEnd) -> Result<(), LedgerError>;

    /// Every run, newest first.
    async fn runs(&self) -> Result<Vec<Run>, LedgerError>;

    /// What one run wrote, in order.
    async fn journal(&self, run: RunId) -> Result<Vec<JournalEntry>, LedgerError>;

    /// Stores what is about to be written.
    async fn record_intent(&self, run: RunId, write: &Write, at: DateTime<Utc>) -> Result<IntentId, LedgerError>;

    /// Stores what came of it, with its effect on links and lines.
    async fn record_outcome(&self, intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) -> Result<(), LedgerError>;

    /// Intents of a direction without an outcome, or with an unknown one; oldest first.
    async fn open_intents(&self, direction: Direction) -> Result<Vec<JournalEntry>, LedgerError>;
}

impl Effect {
    /// The key of the line that it is about, if it is about one.
    pub fn line_key(&self) -> Option<&LineKey> {
        match self {
            Self::Linked(_) => None,
            Self::LineStored(line) => Some(&line.key),
            Self::LineRemoved(key) => Some(key),
        }
    }
}
