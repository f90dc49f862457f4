//! Entries as the service lists them, made whole.

use std::collections::BTreeMap;

use crate::model::{Entry, EntryContent, EntryId, entry_parts};

/// What Linx sent last of each entry that it knows.
///
/// A service may tell less of an entry than was sent, and may show one entry as several. Procore's list of entries does not
/// promise to tell the task code, with the cost code and cost type that it stands for, nor the work classification
/// (procore-api.md section 7.3), and its overtime rules split an entry (hazard D16). Neither is an edit of the office.
#[derive(Debug, Clone, Default)]
pub struct SentEntries<'a>(BTreeMap<EntryId, &'a EntryContent>);

impl<'a> FromIterator<(EntryId, &'a EntryContent)> for SentEntries<'a> {
    fn from_iter<T: IntoIterator<Item = (EntryId, &'a EntryContent)>>(sent: T) -> Self {
        Self(sent.into_iter().collect())
    }
}

impl SentEntries<'_> {
    /// What was sent last of an entry, where Linx knows it.
    pub fn get(&self, id: EntryId) -> Option<&EntryContent> {
        self.0.get(&id).copied()
    }

    /// Makes listed entries whole and returns them by their ids, the oldest first.
    ///
    /// The parts of a split entry are joined: 8 hours in one part and 2 in another are one entry of 10 hours, which names
    /// the other part in [`Entry::parts`]. What the list leaves out of an entry that Linx sent is taken as it was sent.
    pub fn complete(&self, listed: Vec<Entry>) -> Vec<Entry> {
        let filled = |entry: Entry| match self.0.get(&entry.id) {
            Some(sent) => entry.filled_from(sent),
            None => entry,
        };
        entry_parts::join(listed).into_iter().map(filled).collect()
    }
}
