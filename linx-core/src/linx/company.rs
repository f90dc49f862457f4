//! The two sides of a pair of companies, with everything that a run between them needs.

use std::sync::Arc;

use crate::ledger::{Ledger, Pair};
use crate::mapping::MappingRules;
use crate::ports::{Field, Observer, Office, TimeSource};
use crate::settings::{ExportSettings, Settle, SyncSettings};

/// One pair of companies, and everything that a run between them needs. Planning reads; applying writes. Cheap to clone.
///
/// It owns the name of its pair, its settings and its rules together, so that no plan is made by one and applied by
/// another (hazard B17). The use cases are methods of it, in [`crate::sync`] and [`crate::export`]: `plan_sync`,
/// `apply_sync`, `plan_export`, `apply_export`. Each may be cancelled at any await: what was under way stays in the
/// journal as unknown, and the next run finds out.
#[derive(Clone)]
pub struct Linx {
    pub(crate) pair: Arc<Pair>,
    pub(crate) office: Arc<dyn Office>,
    pub(crate) field: Arc<dyn Field>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) clock: Arc<dyn TimeSource>,
    pub(crate) rules: Arc<dyn MappingRules>,
    pub(crate) sync: Arc<SyncSettings>,
    pub(crate) export: Arc<ExportSettings>,
    pub(crate) settle: Settle,
    pub(crate) observer: Arc<dyn Observer>,
}

impl Linx {
    /// Returns the companies that it works for.
    pub fn pair(&self) -> &Pair {
        &self.pair
    }

    /// Returns what the company set for its syncs.
    pub fn sync_settings(&self) -> &SyncSettings {
        &self.sync
    }

    /// Returns what the company set for its exports.
    pub fn export_settings(&self) -> &ExportSettings {
        &self.export
    }
}

/// The pair only.
impl std::fmt::Debug for Linx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Linx").field("pair", &self.pair).finish_non_exhaustive()
    }
}
