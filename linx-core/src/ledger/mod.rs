//! What Linx remembers: links, agreed values, lines sent, and a journal of every write (hazards A1, B1, B8).
//!
//! The [`Ledger`] is a port, and says what an implementation guarantees. [`MemoryLedger`] is here; the feature `sqlite`
//! has one in a file.

mod beside;
mod lease;
mod look;
mod memory;
mod missing;
mod notes;
mod record;
pub(crate) mod recover;
mod unseen;

pub use beside::{Beside, Lowered};
pub(crate) use lease::LASTS;
pub use lease::{Lease, Owner};
pub(crate) use look::CLOCKS_DIFFER;
pub use look::Look;
pub use memory::MemoryLedger;
pub use missing::Missing;
pub use notes::{Gone, LineNotes, Notes};
pub use record::{
    Direction, Effect, IntentId, JournalEntry, Link, Outcome, Pair, Provenance, Run, RunEnd, RunId, RunStart,
    StoredLine, Write,
};
pub use unseen::{Missed, Moment, Unseen};

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::change::LineKey;
use crate::model::{EntryId, OfficeRef, WorkerId};

/// Why a call of the ledger failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Another run works in this direction for this pair (hazard B8).
    #[error("another {0} run is at work for this pair of companies")]
    Busy(Direction),
    /// Another run has taken the lease since, or it was given up: this run may write nothing more (hazard B14).
    #[error("another {0} run has taken over for this pair of companies: this one writes nothing more")]
    LeaseLost(Direction),
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
    /// What is stored does not agree with itself: a page is malformed, or a row stands under another key than its own. The
    /// text names the row by numbers, codes and ids. Nothing can be written on the strength of such a ledger.
    #[error(
        "the ledger is damaged: {0}. Put a copy of it in its place, or begin a new one: what stands in Procore is found again \
         by its marks"
    )]
    Damaged(String),
    /// The store beneath failed; the text says what could not be done with the ledger, such as "read" or "written".
    #[error("the ledger could not be {0}")]
    Store(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The memory of Linx for one pair of companies.
///
/// # What an implementation guarantees
///
/// - **Durable.** What a method has stored is there after a crash of the process or the machine.
/// - **All or nothing.** A call that fails has changed nothing. [`record_outcome`](Self::record_outcome) stores the outcome
///   together with what follows from it.
/// - **Ids grow.** A later run has a greater [`RunId`], a later intent a greater [`IntentId`]: a plan is refused when
///   there is a run with a greater id than that which it was made after. Ids are never used again.
/// - **Lists have an order.** Links come by their office entity, lines by their key, a run's journal and the open intents
///   oldest first, runs newest first.
/// - **Outcomes may be repeated.** The later outcome of an intent replaces the earlier: one that is unknown is followed by
///   that it was not seen, and by what was found out.
/// - **The pair is compared as it is written.** Both texts of a [`Pair`] must be equal byte by byte; their form belongs to
///   the program, and no implementation changes it.
/// - **A lease is in the ledger**, and nowhere else: under whatever name the ledger was opened, there is one a direction
///   (hazard B14). It is free again when it is dropped, when its process is proven dead, and 90 minutes after it was taken
///   or renewed last. A wait and each intent renew it, and both are refused once another has taken it, in the same transaction.
///
/// The feature `testing` has a suite that holds any implementation to these promises, `testing::ledger`; it runs on the two of this
/// crate. A minor version of this crate may add methods; each will have a default body.
///
/// # Errors
///
/// Every method fails with [`LedgerError::Store`] when the store beneath does, with [`LedgerError::Damaged`] when what it
/// reads does not agree with itself, and with nothing else but what it names.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Returns the pair of companies that the ledger is bound to; `None` before the first [`bind`](Self::bind).
    async fn pair(&self) -> Result<Option<Pair>, LedgerError>;

    /// Binds the ledger to a pair of companies at its first use (hazard C13). May be repeated with the same pair.
    ///
    /// # Errors
    ///
    /// [`LedgerError::WrongPair`] if it is bound to another pair.
    async fn bind(&self, pair: &Pair) -> Result<(), LedgerError>;

    /// Takes the right to write in one direction, with a greater number than all before. Does not wait. Whether another's
    /// lease has run out is told by `now`.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Busy`] if another run has it, in this process or another.
    async fn lease(&self, direction: Direction, now: DateTime<Utc>) -> Result<Lease, LedgerError>;

    /// Renews a lease: it lasts 90 minutes from `now` on, so that a run that waits keeps it. After that, nobody else can have
    /// taken it. A ledger that does not renew may keep this body: a run then loses its lease when it waits too long.
    ///
    /// # Errors
    ///
    /// [`LedgerError::LeaseLost`] if another has taken it since, or it was given up.
    async fn renew(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let _ = (lease, now);
        Ok(())
    }

    /// Returns every link, in the order of their office entities.
    async fn links(&self) -> Result<Vec<Link>, LedgerError>;

    /// Stores links, each in place of the one of its office entity. All or none.
    async fn remember_links(&self, links: &[Link]) -> Result<(), LedgerError>;

    /// Removes the links of these office entities; one without a link is no error. All or none. The journal keeps what was
    /// written through them.
    async fn forget_links(&self, entities: &[OfficeRef]) -> Result<(), LedgerError>;

    /// Returns the entities of the office that a person wants left alone.
    async fn ignored(&self) -> Result<BTreeSet<OfficeRef>, LedgerError>;

    /// Leaves entities alone from now on. All or none; may be repeated.
    async fn ignore(&self, entities: &[OfficeRef]) -> Result<(), LedgerError>;

    /// Leaves entities alone no longer. All or none; may be repeated.
    async fn unignore(&self, entities: &[OfficeRef]) -> Result<(), LedgerError>;

    /// Returns the lines of the days `from` to `to`, both included, in the order of their keys.
    async fn lines(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<StoredLine>, LedgerError>;

    /// Stores lines, each in place of the one of its key and of any other in its entry: the code of a line may be called
    /// otherwise since (hazard C18). All or none.
    async fn remember_lines(&self, lines: &[StoredLine]) -> Result<(), LedgerError>;

    /// Returns the workers' days from `from` to `to`, both included, of which a person has said that what other hands
    /// entered and what an export writes are both right, with what that was said of (hazard D26).
    async fn beside(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<(WorkerId, NaiveDate), Beside>, LedgerError>;

    /// Keeps a person's word on a worker's day in place of an earlier one; `None` takes it back. May be repeated.
    async fn set_beside(&self, worker: WorkerId, date: NaiveDate, word: Option<&Beside>) -> Result<(), LedgerError>;

    /// Returns the workers' weeks, each by its first day, whose time is another than what was sent for it (hazard D24).
    async fn late_weeks(&self) -> Result<BTreeSet<(WorkerId, NaiveDate)>, LedgerError>;

    /// Stores that some weeks `differ`, and forgets those that `agree`. All or none; may be repeated.
    async fn set_late_weeks(
        &self,
        differ: &BTreeSet<(WorkerId, NaiveDate)>,
        agree: &BTreeSet<(WorkerId, NaiveDate)>,
    ) -> Result<(), LedgerError>;

    /// Opens a run under a lease and returns its id, which is greater than that of any run before.
    ///
    /// # Errors
    ///
    /// [`LedgerError::LeaseLost`] if another has taken the lease since, or it was given up.
    async fn begin_run(&self, lease: &Lease, start: &RunStart) -> Result<RunId, LedgerError>;

    /// Stores how a run ended. A run without an end was cut off.
    async fn end_run(&self, run: RunId, end: &RunEnd) -> Result<(), LedgerError>;

    /// Looks at everything that is stored, for damage that the reading of single rows does not show. May take seconds: it is
    /// for a person who asks. A ledger that keeps nothing in a file has nothing to look at.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Damaged`] with the first damage found.
    async fn examine(&self) -> Result<(), LedgerError> {
        Ok(())
    }

    /// Returns the newest run of a direction; `None` before the first.
    async fn newest_run(&self, direction: Direction) -> Result<Option<Run>, LedgerError>;

    /// Returns a page of the history: the newest runs of those `before` one, at `most` so many, newest first. `None` begins with the
    /// newest of all; the last of a page begins the next.
    async fn runs(&self, before: Option<RunId>, most: usize) -> Result<Vec<Run>, LedgerError>;

    /// Returns what one run intended to write and what came of it, in the order in which it was intended.
    async fn journal(&self, run: RunId) -> Result<Vec<JournalEntry>, LedgerError>;

    /// Stores what is about to be written, and renews the lease. It is sent only after this has returned (hazard A1).
    ///
    /// # Errors
    ///
    /// [`LedgerError::LeaseLost`] if the newest lease of the direction is not that of `run` (hazard B14).
    async fn record_intent(&self, run: RunId, write: &Write, at: DateTime<Utc>) -> Result<IntentId, LedgerError>;

    /// Stores what is about to be written side by side, in one go, and renews the lease. Nothing of it is sent before this has returned
    /// (hazard A1). Returns the intents in the order of the writes, which are all of one direction. All or none; a ledger that keeps
    /// this body stores them one by one, and where one fails those before it stay, as intents of which nothing was sent.
    ///
    /// # Errors
    ///
    /// [`LedgerError::LeaseLost`] if the newest lease of the direction is not that of `run` (hazard B14).
    async fn record_intents(
        &self,
        run: RunId,
        writes: &[Write],
        at: DateTime<Utc>,
    ) -> Result<Vec<IntentId>, LedgerError> {
        let mut intents = Vec::with_capacity(writes.len());
        for write in writes {
            intents.push(self.record_intent(run, write, at).await?);
        }
        Ok(intents)
    }

    /// Stores what came of an intent, in place of an earlier outcome, together with its effect on links and lines. All or
    /// none.
    async fn record_outcome(&self, intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) -> Result<(), LedgerError>;

    /// Stores what came of several intents, each as [`record_outcome`](Self::record_outcome) does, in their order. All or none; a ledger
    /// that keeps this body stores them one by one, and where one fails those before it stay.
    async fn record_outcomes(&self, outcomes: &[(IntentId, Outcome)], at: DateTime<Utc>) -> Result<(), LedgerError> {
        for (intent, outcome) in outcomes {
            self.record_outcome(*intent, outcome, at).await?;
        }
        Ok(())
    }

    /// Returns every intent about the lines of these keys, of any run, oldest first, and every one that changes or deletes one of these
    /// entries: whether this ledger ever wrote such a line, how often, and what it did with its entry when that was called otherwise.
    async fn line_writes(
        &self,
        keys: &BTreeSet<LineKey>,
        entries: &BTreeSet<EntryId>,
    ) -> Result<Vec<JournalEntry>, LedgerError>;

    /// Returns the intents of a direction whose outcome is not [final](Outcome::is_final), oldest first.
    async fn open_intents(&self, direction: Direction) -> Result<Vec<JournalEntry>, LedgerError>;
}

impl Effect {
    /// Returns the key of the line that it is about; `None` for a link.
    pub fn line_key(&self) -> Option<&LineKey> {
        match self {
            Self::Linked(_) => None,
            Self::LineStored(line) => Some(&line.key),
            Self::LineRemoved(key) | Self::EntryRemoved(key, _) => Some(key),
        }
    }
}
