//! What is asked of lines that are not as they were sent: the journal, and what the office deleted (hazards A15, B7).
//!
//! A create that got no answer may be stored, and its entry deleted by somebody before a run looks for it. It is in no list
//! then, as if it had never arrived; sent again, it would put back what the office took away.

use chrono::Days;

use crate::change::{LineAction, LineChange};
use crate::ledger::{JournalEntry, Look, StoredLine, Write, recover};
use crate::linx::{Linx, LinxError};
use crate::model::Entry;
use crate::ports::Snapshot;

/// What was asked of the list of deleted entries.
#[derive(Debug, Clone, Default)]
pub enum Deleted {
    /// Nothing that was sent is about to be sent again.
    #[default]
    NotAsked,
    /// It was read to its end.
    Read(Vec<Entry>),
    /// It could not be had.
    NotKnown,
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
    /// What the journal has of lines that are not as the ledger has them, and of those that may be sent again; and what was deleted
    /// of the days of the latter.
    pub(super) async fn fetch_doubts(
        &self,
        entries: &Snapshot<Entry>,
        known: &[StoredLine],
        open: &[JournalEntry],
        look: &Look,
    ) -> Result<(Vec<JournalEntry>, Deleted), LinxError> {
        let mut keys = recover::unknown_keys(&entries.rows, known);
        if entries.proves_absence() {
            keys.extend(recover::altered_keys(&entries.rows, known));
        }
        keys.extend(may_be_sent_again(open, look).map(|(_, change)| change.key.clone()));
        let line_writes = self.ledger.line_writes(&keys).await?;
        Ok((line_writes, self.fetch_deleted(open, look).await))
    }

    /// Reads which entries of the days of such lines were deleted since they were sent.
    async fn fetch_deleted(&self, open: &[JournalEntry], look: &Look) -> Deleted {
        let lines = || may_be_sent_again(open, look);
        let days = || lines().map(|(_, change)| change.key.date);
        let sent = lines().map(|(intent, _)| intent.at.date_naive()).min();
        let (Some(from), Some(to), Some(sent)) = (days().min(), days().max(), sent) else {
            return Deleted::NotAsked;
        };
        // A day more on either side, since the service's clock may show another one than ours.
        let a_day = Days::new(1);
        let deleted = sent - a_day..=look.at.here.date_naive().max(sent) + a_day;
        match self.office.deleted_entries(from, to, deleted).await {
            Ok(entries) if entries.proves_absence() => Deleted::Read(entries.rows),
            Ok(_) | Err(_) => Deleted::NotKnown,
        }
    }
}
