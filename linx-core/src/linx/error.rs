//! Why a run could not be made.

use crate::ledger::{Direction, LedgerError, Pair};
use crate::model::Kind;
use crate::ports::PortError;

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
    /// The plan was made for other companies (hazard B17).
    #[error("this plan was made for {plan}, and these are {here}")]
    OtherPair {
        /// The companies of the plan.
        plan: Box<Pair>,
        /// The companies that it was to be applied to.
        here: Box<Pair>,
    },
    /// The plan has the form of another version of Linx.
    #[error("this is a plan of format {found}, and this version of Linx applies format {known}: make a new plan")]
    OtherFormat {
        /// Its format.
        found: u32,
        /// The format of this version.
        known: u32,
    },
    /// The plan was made from the time of another file, or of a service in place of a file (hazard B17).
    #[error("this plan was made from {}: apply it with the same", if *.from_file { "the time of a file that is not the one given here" } else { "ExakTime's own time, and a file is given here" })]
    OtherSource {
        /// Whether the plan was made from a file.
        from_file: bool,
    },
    /// ExakTime's time is older than the settings allow (hazard B13).
    #[error(
        "ExakTime's newest time up to today is {}, older than export.oldest_feed_days = {limit} allows: nothing is exported on such an account",
        .newest.map_or("absent".to_owned(), |newest| format!("of {newest}"))
    )]
    OldFeed {
        /// The newest work date with time, up to the company's day.
        newest: Option<chrono::NaiveDate>,
        /// How many days it may be past.
        limit: u16,
    },
    /// The last day that was asked for lies before the first (hazard B17).
    #[error("the days end on {to}, before they begin on {from}")]
    ReversedRange {
        /// The first day.
        from: chrono::NaiveDate,
        /// The last day.
        to: chrono::NaiveDate,
    },
    /// An employee or a location that was asked for is not there.
    #[error("ExakTime has no {kind} `{given}`")]
    NotThere {
        /// What was asked for.
        kind: Kind,
        /// By which number, code or id.
        given: String,
    },
    /// An employee is linked to no worker of Procore's, or several of that number are to more than one.
    #[error("the employee `{given}` is not linked to exactly one Procore worker")]
    NotOneWorker {
        /// By which number or id it was given.
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
