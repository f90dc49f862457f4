//! The two sides, the ledger, the clock and the rules, joined.

mod error;
mod run;

pub use error::LinxError;

use std::sync::Arc;

use crate::ledger::Ledger;
use crate::mapping::MappingRules;
use crate::ports::{Field, Observer, Office, TimeSource, Unobserved};

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
}
