//! The contract of a [`Ledger`]: what whoever writes one of his own holds it to.
//!
//! ```no_run
//! # async fn example(fresh: impl AsyncFn() -> linx_core::ledger::MemoryLedger) {
//! use linx_core::testing::ledger::{clauses, plays_like_the_model};
//!
//! for clause in clauses() {
//!     // An empty ledger for each: a new file, a new schema.
//!     clause.holds(&fresh().await).await;
//! }
//! for seed in 0..20 {
//!     plays_like_the_model(&fresh().await, seed, 200).await;
//! }
//! # }
//! ```
//!
//! What a ledger guarantees across a crash, or between two processes, only its own tests can show.

// This is a test: it stops where a ledger breaks its word.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod clauses;
pub mod invented;
mod model;
mod random;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use random::plays_like_the_model;

use crate::ledger::Ledger;

/// A trial under way.
type Trial<'l> = Pin<Box<dyn Future<Output = ()> + Send + 'l>>;

/// One thing that every ledger keeps to.
pub struct Clause {
    name: &'static str,
    check: for<'l> fn(&'l dyn Ledger) -> Trial<'l>,
}

impl Clause {
    /// What it says, as a name of a test; with a hazard's number in front where it is about one.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Tries it on a ledger that is empty and is used by nobody else.
    ///
    /// # Panics
    ///
    /// When the ledger does not keep to it, with what was found.
    pub async fn holds(&self, ledger: &dyn Ledger) {
        (self.check)(ledger).await;
    }
}

impl fmt::Debug for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! clauses {
    ($($name:ident)+) => {
        /// Every clause. A minor version of this crate may add some.
        pub fn clauses() -> Vec<Clause> {
            vec![$(Clause {
                name: stringify!($name),
                check: |ledger| Box::pin(clauses::$name(ledger)),
            }),+]
        }
    };
}

clauses! {
    links_replace_one_another_by_their_entity
    links_that_are_taken_away_are_gone
    what_is_ignored_stays_so_until_it_is_lifted
    lines_are_told_by_day_and_go_when_they_are_removed
    b15_a_double_that_goes_leaves_the_line_and_its_own_entry_takes_it_along
    b15_what_was_ever_written_of_a_line_is_told
    d26_a_word_on_a_workers_day_stays_until_it_is_taken_back
    c18_an_entry_has_one_line_whatever_its_code_is_called
    d24_a_week_that_differs_stays_until_it_agrees
    b8_one_run_a_direction_holds_the_lease
    b14_a_lease_runs_out_by_the_clock_that_is_passed_in_and_each_intent_renews_it
    b14_a_lease_that_is_renewed_lasts_on_and_one_that_was_lost_is_not_renewed
    b14_a_run_that_lost_its_lease_writes_nothing_more
    a1_an_intent_is_open_until_its_outcome_is_known
    a1_what_goes_side_by_side_is_stored_in_one_go
    runs_are_told_newest_first_with_what_they_wrote
    c13_a_ledger_belongs_to_one_pair_of_companies
}
