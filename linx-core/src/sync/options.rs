//! What one run of a sync may do beyond its settings.

use std::collections::BTreeSet;

use crate::settings::{Import, SyncSettings};

/// What one run of a sync may do beyond its settings. The default is what the settings say.
#[derive(Debug, Clone, Default)]
pub struct SyncOptions {
    /// Brings over these alone, as far as the settings import them; `None` brings over all that the settings import.
    pub only: Option<BTreeSet<Import>>,
    /// Whether a person has consented to more changes than the guard lets pass (hazard B5).
    pub allow_mass_change: bool,
}

impl SyncOptions {
    pub(super) fn imports(&self, settings: &SyncSettings) -> BTreeSet<Import> {
        let set: BTreeSet<Import> = settings.import.iter().copied().collect();
        match &self.only {
            Some(only) => set.intersection(only).copied().collect(),
            None => set,
        }
    }
}
