//! The two sides, the ledger, the clock and the rules, joined.

use std::sync::Arc;

use crate::ledger::{Direction, Effect, IntentId, Ledger, LedgerError, Outcome, RunEnd, RunId, RunStart, Write};
use crate::mapping::MappingRules;
use crate::model::Kind;
use crate::ports::{Field, Observer, Office, PortError, TimeSource, Unobserved};

/// Everything a run needs. Planning reads; applying writes. Cheap to clone.
///
/// The use cases are methods of it, in [`crate::sync`] and [`crate::export`]: `plan_sync`, `apply_sync`,
/// `plan_export`, `apply_export`. Each may be cancelled at any await: what was under way stays in the journal as
/// unknown, and the next run finds out.
#[derive(Clone)]
pub struct Linx {
    pub(crate) office: Arc<dyn Office>,
    pub(crate) field: Arc<dyn Field>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) clock: Arc<dyn TimeSource>,
    pub(crate) rules: Arc<dyn MappingRules>,
    pub(crate) observer: Arc<dyn Observer>,
}

/// Why a run could not be made. Single records never cause it: they are held.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinxError {
    /// Procore could not be read.
    #[error("Procore could not be read")]
    Office(#[source] PortError),
    /// ExakTime could not be read.
    #[error("ExakTime could not be read")]
    Field(#[source] PortError),
    /// The ledger could not be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Another run has written since the plan was made (hazard B6).
    #[error("another {0} run has written since this plan was made: make a new plan")]
    Stale(Direction),
    /// ExakTime's time is older than the settings allow (hazard B13).
    #[error(
        "ExakTime's newest time is {}, older than export.oldest_feed_days = {limit} allows: nothing is exported on such an account",
        .newest.map_or("absent".to_owned(), |newest| format!("of {newest}"))
    )]
    OldFeed {
        /// The newest work date with time.
        newest: Option<chrono::NaiveDate>,
        /// How many days it may be past.
        limit: u16,
    },
    /// An employee or a location that was asked for is not there.
    #[error("ExakTime has no {kind} `{given}`")]
    NotThere {
        /// What was asked for.
        kind: Kind,
        /// By which number, code or id.
        given: String,
    },
    /// Places were chosen while a setting treats days as a whole.
    #[error("a part of a day cannot be exported by its places while export.{setting} treats days as a whole")]
    PartOfDay {
        /// The setting.
        setting: &'static str,
    },
    /// The sums differ (hazard D25). Nothing was written on the strength of them.
    #[error("the hours do not add up: {0}. This is a fault of Linx; nothing was written")]
    Unaccounted(String),
}

impl Linx {
    /// Joins the parts, without an observer.
    pub fn new(
        office: Arc<dyn Office>,
        field: Arc<dyn Field>,
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn TimeSource>,
        rules: Arc<dyn MappingRules>,
    ) -> Self {
        Self {
            office,
            field,
            ledger,
            clock,
            rules,
            observer: Arc::new(Unobserved),
        }
    }

    /// The same, telling `observer` how far a run has come.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// The newest run of a direction.
    pub(crate) async fn last_run(&self, direction: Direction) -> Result<Option<RunId>, LedgerError> {
        let runs = self.ledger.runs().await?;
        Ok(runs
            .iter()
            .filter(|run| run.start.direction == direction)
            .map(|run| run.id)
            .max())
    }

    /// Refuses a plan that was made before the newest run, so that each is applied once at most (hazard B6). Asked
    /// while the lease is held.
    pub(crate) async fn refuse_stale(&self, direction: Direction, after: Option<RunId>) -> Result<(), LinxError> {
        if self.last_run(direction).await? == after {
            Ok(())
        } else {
            Err(LinxError::Stale(direction))
        }
    }

    pub(crate) async fn begin(
        &self,
        direction: Direction,
        days: Option<(chrono::NaiveDate, chrono::NaiveDate)>,
        plan: &str,
    ) -> Result<RunId, LedgerError> {
        let start = RunStart {
            direction,
            at: self.clock.now(),
            days,
            plan: plan.to_owned(),
        };
        self.ledger.begin_run(&start).await
    }

    pub(crate) async fn end(&self, run: RunId, written: usize, held: usize, failed: usize) -> Result<(), LedgerError> {
        self.ledger
            .end_run(
                run,
                &RunEnd {
                    at: self.clock.now(),
                    written,
                    held,
                    failed,
                },
            )
            .await
    }

    pub(crate) async fn record_outcome(&self, intent: IntentId, outcome: &Outcome) -> Result<(), LedgerError> {
        self.ledger.record_outcome(intent, outcome, self.clock.now()).await
    }

    /// Writes once, with the intent in the journal before and the outcome after (hazard A1).
    ///
    /// `look` is asked after an unknown outcome: it reads the target and says what is true. It may say
    /// [`Outcome::Unknown`] again; nothing is ever sent a second time here.
    pub(crate) async fn journaled(
        &self,
        run: RunId,
        write: &Write,
        send: impl Future<Output = Result<Effect, PortError>>,
        look: impl Future<Output = Outcome>,
    ) -> Result<Outcome, LedgerError> {
        let intent = self.ledger.record_intent(run, write, self.clock.now()).await?;
        let outcome = match send.await {
            Ok(effect) => Outcome::Done(effect),
            Err(error) if !error.may_be_applied() => Outcome::Refused(error.to_string()),
            Err(error) => {
                // Durable before the target is read: a crash in between leaves an open intent, not a guess.
                self.record_outcome(intent, &Outcome::Unknown(error.to_string()))
                    .await?;
                look.await
            }
        };
        self.record_outcome(intent, &outcome).await?;
        Ok(outcome)
    }
}
