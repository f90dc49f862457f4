//! Procore's entries of the days read.

use rustc_hash::FxHashSet;

use super::comparison::Comparison;
use crate::export::deleted::Deleted;
use crate::export::facts::ExportFacts;
use crate::ledger::{Gone, Look, Provenance, StoredLine};
use crate::model::{Entry, EntryId};

/// Procore's entries by their ids, as one look showed them.
pub(in crate::export) struct EntryIndex<'a> {
    /// In order of the ids: lines that follow one another were often made one after the other, and are near one another here.
    entries: Vec<(EntryId, &'a Entry)>,
    /// Whether the list was read to its end.
    all_read: bool,
    deleted: &'a Deleted,
    look: Look,
}

impl<'a> EntryIndex<'a> {
    pub(in crate::export) fn new(facts: &'a ExportFacts) -> Self {
        let mut entries: Vec<_> = facts.entries.rows.iter().map(|entry| (entry.id, entry)).collect();
        entries.sort_unstable_by_key(|(id, _)| *id);
        Self {
            entries,
            all_read: facts.entries.proves_absence(),
            deleted: &facts.deleted,
            look: facts.look,
        }
    }

    pub(in crate::export) fn get(&self, id: EntryId) -> Option<&'a Entry> {
        let at = self.entries.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.entries[at].1)
    }

    /// Those that are not among `recorded`, the oldest first.
    pub(super) fn without(&self, recorded: &FxHashSet<EntryId>) -> impl Iterator<Item = &'a Entry> {
        let others = self.entries.iter().filter(|(id, _)| !recorded.contains(id));
        others.map(|(_, entry)| *entry)
    }

    /// Whether the entry of a line is gone: Procore lists it as deleted. Where it does not tell what was deleted, two lists have to
    /// lack it; where it does, one that is neither deleted nor in the list of its days stands elsewhere, on another day or in a
    /// project that is not shown.
    pub(super) fn is_gone(&self, line: &StoredLine) -> bool {
        self.lacks(line) && self.fate(line).is_some_and(Gone::is_deleted)
    }

    /// What is known of an entry that this list lacks. What Procore told once holds while it does not tell.
    fn fate(&self, line: &StoredLine) -> Option<Gone> {
        match (self.deleted.has(line.entry), line.notes.gone) {
            (_, Some(Gone::Agreed)) => Some(Gone::Agreed),
            (Some(true), Some(Gone::LeftOut)) => Some(Gone::LeftOut),
            (Some(true), _) => Some(Gone::Deleted),
            (Some(false), _) => Some(Gone::Elsewhere),
            (None, None) => self.is_lacked_twice(line).then_some(Gone::Deleted),
            (None, known) => known,
        }
    }

    /// Whether the entry of a line is not where it was: it is gone, or two lists lacked it, far enough apart. One may lack what is
    /// there (hazard A3).
    pub(super) fn has_left(&self, line: &StoredLine) -> bool {
        self.is_gone(line) || (self.lacks(line) && self.is_lacked_twice(line))
    }

    /// Whether this list was read to its end and does not have the entry of a line.
    fn lacks(&self, line: &StoredLine) -> bool {
        self.all_read && self.get(line.entry).is_none()
    }

    /// Whether it is known what became of the entry of a line, or was before this look: a person can have compared it.
    pub(in crate::export) fn tells_of(&self, line: &StoredLine) -> bool {
        self.get(line.entry).is_some() || line.notes.gone.is_some() || self.deleted.has(line.entry).is_some()
    }

    /// Whether the entry of a line is gone, as far as is known: this list lacks it, and nothing says that it stands elsewhere.
    pub(super) fn may_be_gone(&self, line: &StoredLine) -> bool {
        self.lacks(line) && self.fate(line).is_none_or(Gone::is_deleted)
    }

    /// Whether this list lacks the entry of a line for the first time, and nothing tells where it is: such a list may lack others as well.
    pub(super) fn lacks_unexplained(&self, line: &StoredLine) -> bool {
        self.lacks(line) && !self.has_left(line)
    }

    fn is_lacked_twice(&self, line: &StoredLine) -> bool {
        line.notes.lacked.is_some_and(|first| self.look.follows(first))
    }

    /// Notes that this list lacks the entry of a line, and what is known of it; or has it again.
    pub(super) fn note_lacked(&self, line: &StoredLine, found: &mut Comparison) {
        if self.get(line.entry).is_some() {
            if line.notes.lacked.is_some() || line.notes.gone.is_some() {
                let is_back = self.is_put_back(line);
                found.remember(line, |line| {
                    (line.notes.lacked, line.notes.gone) = (None, None);
                    if is_back {
                        line.provenance = Provenance::Restored;
                    }
                });
            }
            return;
        }
        if !self.lacks(line) {
            return;
        }
        if line.notes.lacked.is_none_or(|first| self.look.precedes(first)) {
            found.remember(line, |line| line.notes.lacked = Some(self.look.at));
        }
        let fate = self.fate(line);
        if fate != line.notes.gone {
            // What was deleted and is not listed as that any more somebody has put back, wherever it stands.
            let is_back = line.notes.gone.is_some_and(Gone::is_deleted) && fate == Some(Gone::Elsewhere);
            found.remember(line, |line| {
                line.notes.gone = fate;
                // One that this ledger never wrote stays that until a person has compared it (hazard B12).
                if is_back && line.provenance != Provenance::Recovered {
                    line.provenance = Provenance::Restored;
                }
            });
        }
    }

    /// Whether the entry of a line had been deleted and is listed: a person put it back, and it is no longer ours to change
    /// (hazard B7).
    pub(super) fn is_put_back(&self, line: &StoredLine) -> bool {
        let was_deleted = line.notes.gone.is_some_and(Gone::is_deleted);
        self.get(line.entry).is_some() && (was_deleted || line.provenance == Provenance::Restored)
    }
}
