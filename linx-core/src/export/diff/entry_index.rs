//! Procore's entries of the days read.

use std::collections::BTreeSet;

use crate::export::facts::ExportFacts;
use crate::model::{Entry, EntryId};

/// Procore's entries by their ids.
pub(in crate::export) struct EntryIndex<'a>(Vec<(EntryId, &'a Entry)>);

impl<'a> EntryIndex<'a> {
    pub(in crate::export) fn new(facts: &'a ExportFacts) -> Self {
        let mut entries: Vec<_> = facts.entries.rows.iter().map(|entry| (entry.id, entry)).collect();
        entries.sort_by_key(|(id, _)| *id);
        Self(entries)
    }

    pub(in crate::export) fn get(&self, id: EntryId) -> Option<&'a Entry> {
        let at = self.0.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.0[at].1)
    }

    /// Those that are not among `recorded`.
    pub(super) fn without(&self, recorded: &BTreeSet<EntryId>) -> impl Iterator<Item = &'a Entry> {
        let others = self.0.iter().filter(|(id, _)| !recorded.contains(id));
        others.map(|(_, entry)| *entry)
    }
}
