//! What is asked of lines that are not as they were sent: the journal, and what the office deleted (hazards A15, B7).
//!
//! An entry that is in no list may have been deleted, or the list lacks it: Procore's list of what was deleted tells. A create that
//! got no answer may be stored, and its entry deleted by somebody before a run looks for it: sent again, it would put back what
//! the office took away; and so would an older copy of the ledger, which knows nothing of it (hazard B12).

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::{Days, NaiveDate};

use super::days;
use crate::change::{LineAction, LineChange};
use crate::ledger::{Gone, JournalEntry, Look, StoredLine, Write, recover};
use crate::linx::{Linx, LinxError, is_away};
use crate::model::{Entry, EntryId};
use crate::ports::Snapshot;

/// How long before its day an entry may be deleted.
const BEFORE: Days = Days::new(31);

/// How far from its day somebody may set an entry.
const FAR: Days = Days::new(10 * 366);

/// The entries of the days read that were deleted.
#[derive(Debug, Clone, Default)]
pub enum Deleted {
    /// The list was read to its end.
    Read(Vec<Entry>),
    /// These are among them; the list was not read to its end, or has a row that could not be read.
    InPart(Vec<Entry>),
    /// It could not be had.
    #[default]
    NotKnown,
}

impl Deleted {
    /// Whether this entry is among them; `None` where that is not known.
    pub(super) fn has(&self, id: EntryId) -> Option<bool> {
        let is_among = self.entries().iter().any(|entry| entry.id == id);
        match self {
            Self::Read(_) => Some(is_among),
            Self::InPart(_) | Self::NotKnown => is_among.then_some(true),
        }
    }

    /// Those that are known.
    pub(super) fn entries(&self) -> &[Entry] {
        match self {
            Self::Read(entries) | Self::InPart(entries) => entries,
            Self::NotKnown => &[],
        }
    }
}

/// The new entries that got no answer and would be sent again if this look does not show them.
pub(super) fn may_be_sent_again<'a>(
    open: &'a [JournalEntry],
    look: &'a Look,
) -> impl Iterator<Item = (&'a JournalEntry, &'a LineChange)> {
    open.iter().filter_map(|intent| match &intent.write {
        Write::Line(change) if change.action == LineAction::Create && look.may_conclude(intent) => {
            Some((intent, change.as_ref()))
        }
        _ => None,
    })
}

impl Linx {
    /// What the journal has of lines that are not as the ledger has them, of those that may be sent again, and of those whose mark
    /// stands in a deleted entry; and what was deleted of the days read.
    pub(super) async fn fetch_doubts(
        &self,
        read: &[RangeInclusive<NaiveDate>],
        entries: &Snapshot<Entry>,
        known: &[StoredLine],
        open: &[JournalEntry],
        look: &Look,
    ) -> Result<(Vec<JournalEntry>, Deleted), LinxError> {
        let deleted = self.fetch_deleted(read, known, open, look).await?;
        let mut keys = recover::unknown_keys(&entries.rows, known);
        keys.extend(recover::unknown_keys(deleted.entries(), known));
        if entries.proves_absence() {
            keys.extend(recover::altered_keys(&entries.rows, known));
        }
        keys.extend(may_be_sent_again(open, look).map(|(_, change)| change.key.clone()));
        // Its mark says what a line was called when it was made: what was done with its entry later may be under another key.
        let unknown = recover::unknown_entries(&entries.rows, known);
        let line_writes = self.ledger.line_writes(&keys, &unknown).await?;
        Ok((line_writes, deleted))
    }

    /// Reads which entries of these days were deleted, and of the days of lines that may be sent again; and of days far from them
    /// while the entry of a line is gone from its own day: it may have been set to another one, and deleted there.
    async fn fetch_deleted(
        &self,
        read: &[RangeInclusive<NaiveDate>],
        known: &[StoredLine],
        open: &[JournalEntry],
        look: &Look,
    ) -> Result<Deleted, LinxError> {
        let again = may_be_sent_again(open, look).map(|(_, change)| change.key.date..=change.key.date);
        // Of one that was found deleted far away the lists of its own days say that it is not.
        let may_be_far = |line: &StoredLine| line.notes.gone.is_some_and(|gone| gone != Gone::Agreed);
        let is_far = known.iter().any(may_be_far);
        let (mut all, mut is_whole) = (Vec::new(), true);
        for days in days::joined(read.iter().cloned().chain(again)) {
            let (from, to) = days.into_inner();
            // A day more, since the service's clock may show another one than ours; an entry is hardly deleted before its month.
            let deleted = from - BEFORE..=look.at.here.date_naive().max(to) + Days::new(1);
            let (from, to) = if is_far { far(from, to) } else { (from, to) };
            match self.office.deleted_entries(from, to, deleted).await {
                Ok(entries) => {
                    is_whole &= entries.proves_absence();
                    let known: BTreeSet<EntryId> = all.iter().map(|entry: &Entry| entry.id).collect();
                    all.extend(entries.rows.into_iter().filter(|entry| !known.contains(&entry.id)));
                }
                Err(error) if is_away(&error) => return Err(LinxError::Office(error)),
                // A service that does not know the filter refuses it.
                Err(_) => return Ok(Deleted::NotKnown),
            }
        }
        Ok(if is_whole {
            Deleted::Read(all)
        } else {
            Deleted::InPart(all)
        })
    }
}

/// These days and those far before and after them.
fn far(from: NaiveDate, to: NaiveDate) -> (NaiveDate, NaiveDate) {
    let before = from.checked_sub_days(FAR).unwrap_or(from);
    (before, to.checked_add_days(FAR).unwrap_or(to))
}
