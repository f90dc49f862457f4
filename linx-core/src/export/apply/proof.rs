//! What a run says it wrote, held against what Procore shows: the second source of its sums (hazards A13, B15).

use std::collections::BTreeMap;

use crate::change::{LineAction, LineChange, LineKey};
use crate::hold::{Held, List, Reason, Refusal, Subject};
use crate::ledger::recover::read_mark;
use crate::ledger::{LedgerError, StoredLine};
use crate::linx::Linx;
use crate::model::{Entry, EntryId};
use crate::plan::ExportPlan;
use crate::ports::SentEntries;

impl Linx {
    /// Reads the days of what was `written` once more, and holds what does not stand as it was written, with its hours: a
    /// gateway may have stored a line twice, or dropped one that it acknowledged.
    pub(super) async fn prove(&self, written: &[&LineChange], plan: &mut ExportPlan) -> Result<(), LedgerError> {
        let dates = || written.iter().map(|change| change.key.date);
        let (Some(from), Some(to)) = (dates().min(), dates().max()) else {
            return Ok(());
        };
        let lines = self.ledger.lines(from, to).await?;
        let sent: SentEntries<'_> = lines
            .iter()
            .filter_map(|line| Some((line.entry, line.sent.as_ref()?)))
            .collect();
        let unread = match self.office.entries(from, to, None, &sent).await {
            Ok(entries) if entries.proves_absence() => {
                let shown = Shown::new(&entries.rows);
                for (change, refusal) in written
                    .iter()
                    .filter_map(|change| Some((change, shown.refusal(change, &lines)?)))
                {
                    plan.account.hold_line(change);
                    let held = Held::new(&change.key, refusal);
                    plan.held.push(held.keeping(change.hours_carried()));
                }
                return Ok(());
            }
            Ok(_) => "the list was not whole".to_owned(),
            Err(error) => error.to_string(),
        };
        let refusal = Refusal::new(
            Reason::IncompleteList,
            format!("what was written could not be read once more: {unread}"),
        );
        plan.held.push(Held::new(Subject::Row(List::Entries, None), refusal));
        Ok(())
    }
}

/// What Procore shows of some days.
struct Shown<'a> {
    entries: BTreeMap<EntryId, &'a Entry>,
    /// The entries that carry the mark of each line.
    marked: BTreeMap<LineKey, Vec<EntryId>>,
}

impl<'a> Shown<'a> {
    fn new(rows: &'a [Entry]) -> Self {
        let mut marked: BTreeMap<LineKey, Vec<EntryId>> = BTreeMap::new();
        for entry in rows {
            if let Some((key, _)) = read_mark(entry) {
                marked.entry(key).or_default().push(entry.id);
            }
        }
        Self {
            entries: rows.iter().map(|entry| (entry.id, entry)).collect(),
            marked,
        }
    }

    /// Why a change that was written does not stand as it was, if it does not. `lines` are the ledger's, by their keys.
    fn refusal(&self, change: &LineChange, lines: &[StoredLine]) -> Option<Refusal> {
        if change.action == LineAction::Delete {
            let left = change.entry.filter(|id| self.entries.contains_key(id))?;
            let detail = format!("entry {left} was deleted, and stands");
            return Some(Refusal::new(Reason::StoredDifferently, detail));
        }
        let marked = self.marked.get(&change.key).map_or(&[][..], Vec::as_slice);
        if let [first, .., last] = marked {
            let detail = format!("it was written once, and stands in the entries {first} and {last}");
            return Some(Refusal::new(Reason::StandsTwice, detail));
        }
        let at = lines.binary_search_by(|line| line.key.cmp(&change.key)).ok()?;
        let line = &lines[at];
        let stands = self.entries.get(&line.entry);
        let is_as_written = stands.is_some_and(|entry| line.is_untouched(&entry.content));
        (!is_as_written).then(|| {
            let detail = match stands {
                Some(entry) => format!("entry {} is another now: {} h", entry.id, entry.content.hours),
                None => format!("entry {} was acknowledged, and is not there", line.entry),
            };
            Refusal::new(Reason::StoredDifferently, detail)
        })
    }
}
