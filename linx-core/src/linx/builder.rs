//! How a [`Linx`] is put together.

use std::sync::Arc;

use super::company::Linx;
use crate::ledger::{Ledger, Pair};
use crate::mapping::{MappingRules, StandardRules, TemplateError};
use crate::ports::{Field, Observer, Office, TimeSource, Unobserved};
use crate::settings::{ExportSettings, Settle, SyncSettings};

/// Puts rules of one's own around the standard ones.
type Around = Box<dyn FnOnce(StandardRules) -> Arc<dyn MappingRules>>;

/// Joins the parts of a [`Linx`]; begun by [`Linx::builder`]. What is not given is the default: settings that are empty,
/// the standard rules, no observer.
pub struct LinxBuilder {
    pair: Pair,
    office: Arc<dyn Office>,
    field: Arc<dyn Field>,
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn TimeSource>,
    sync: SyncSettings,
    export: ExportSettings,
    settle: Settle,
    around: Around,
    observer: Arc<dyn Observer>,
}

impl Linx {
    /// Begins to join the parts for the companies of `pair`, which the ledger is bound to by the first run that writes.
    pub fn builder(
        pair: Pair,
        office: Arc<dyn Office>,
        field: Arc<dyn Field>,
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn TimeSource>,
    ) -> LinxBuilder {
        LinxBuilder {
            pair,
            office,
            field,
            ledger,
            clock,
            sync: SyncSettings::default(),
            export: ExportSettings::default(),
            settle: Settle::default(),
            around: Box::new(|standard| Arc::new(standard)),
            observer: Arc::new(Unobserved),
        }
    }
}

impl LinxBuilder {
    /// The same with what the company sets for its syncs.
    #[must_use]
    pub fn sync(mut self, settings: SyncSettings) -> Self {
        self.sync = settings;
        self
    }

    /// The same with what the company sets for its exports.
    #[must_use]
    pub fn export(mut self, settings: ExportSettings) -> Self {
        self.export = settings;
        self
    }

    /// The same with another time in which a request may still arrive, or without waiting for it.
    #[must_use]
    pub fn settle(mut self, settle: Settle) -> Self {
        self.settle = settle;
        self
    }

    /// The same with rules of one's own. They are put around the standard ones, which are made from the settings of this
    /// very builder, or in their place.
    #[must_use]
    pub fn rules(mut self, around: impl FnOnce(StandardRules) -> Arc<dyn MappingRules> + 'static) -> Self {
        self.around = Box::new(around);
        self
    }

    /// The same, telling `observer` how far a run has come.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// Joins the parts.
    ///
    /// # Errors
    ///
    /// When a naming template of the settings cannot be parsed, or names a variable that its kind of record does not have.
    pub fn build(self) -> Result<Linx, TemplateError> {
        let standard = StandardRules::new(&self.sync, &self.export)?;
        Ok(Linx {
            pair: Arc::new(self.pair),
            office: self.office,
            field: self.field,
            ledger: self.ledger,
            clock: self.clock,
            rules: (self.around)(standard),
            sync: Arc::new(self.sync),
            export: Arc::new(self.export),
            settle: self.settle,
            observer: self.observer,
        })
    }
}

/// The pair only.
impl std::fmt::Debug for LinxBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinxBuilder")
            .field("pair", &self.pair)
            .finish_non_exhaustive()
    }
}
