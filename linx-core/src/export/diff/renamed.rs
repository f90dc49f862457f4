//! Lines that were sent under another text of their cost code (hazard C18).

use std::collections::{BTreeMap, BTreeSet};

use super::code_id::{CodeId, code_of};
use super::entry_index::EntryIndex;
use crate::change::LineKey;
use crate::export::lines::Line;
use crate::ledger::StoredLine;
use crate::ledger::recover::read_mark;
use crate::model::{Entry, EntryId};

/// Those lines of the baseline whose code is called otherwise now, under the keys that they have now: a key holds the text of
/// the code, and a rename is no change of a line. Which text a code has is told by the `lines` of the same days, whatever
/// rule made it.
///
/// | sent | is called now | a line has | comes under |
/// | --- | --- | --- | --- |
/// | `03-300`, code 900 | `03-310` | `03-310`, code 900 | `03-310` |
/// | `03-300`, code 900 | `03-310` | nothing of code 900 | `03-300`: its time is gone |
/// | `03-300`, code 900 | `03-300` | `03-310`, code 905 | `03-300`: its time has moved |
pub(in crate::export) fn renamed(
    baseline: &[&StoredLine],
    lines: &[Line<'_>],
    entries: &EntryIndex<'_>,
) -> Vec<StoredLine> {
    if all_stand_under_their_keys(lines, baseline) {
        return Vec::new();
    }
    let mut texts: BTreeMap<(LineKey, CodeId), &LineKey> = BTreeMap::new();
    for line in lines {
        if let Some(code) = code_of(&line.content.coding) {
            texts.insert((without_text(line.key), code), line.key);
        }
    }
    let now = |stored: &StoredLine| {
        let sent = stored.sent.as_ref().map(|sent| &sent.coding);
        let coding = sent.or_else(|| Some(&entries.get(stored.entry)?.content.coding))?;
        let key = texts.get(&(without_text(&stored.key), code_of(coding)?))?;
        (**key != stored.key).then(|| StoredLine {
            key: (*key).clone(),
            ..stored.clone()
        })
    };
    let mut renamed: Vec<StoredLine> = baseline.iter().filter_map(|stored| now(stored)).collect();
    // Of two that would come under one key neither is renamed.
    let gone: BTreeSet<EntryId> = renamed.iter().map(|line| line.entry).collect();
    let stay = baseline.iter().filter(|stored| !gone.contains(&stored.entry));
    let mut taken: BTreeMap<LineKey, usize> = stay.map(|stored| (stored.key.clone(), 1)).collect();
    for line in &renamed {
        *taken.entry(line.key.clone()).or_default() += 1;
    }
    renamed.retain(|line| taken.get(&line.key) == Some(&1));
    renamed
}

/// Whether all lines were sent under the same key and with the same code, as nearly all were. Both are in order of the keys.
fn all_stand_under_their_keys(lines: &[Line<'_>], baseline: &[&StoredLine]) -> bool {
    let mut baseline = baseline.iter();
    lines.iter().all(|line| {
        let stored = baseline.find(|stored| stored.key >= *line.key);
        let sent = stored.filter(|stored| stored.key == *line.key);
        let sent = sent.and_then(|stored| stored.sent.as_ref());
        sent.is_some_and(|sent| code_of(&sent.coding) == code_of(&line.content.coding))
    })
}

/// The baseline with lines under the keys that they have now, in order of the keys.
pub(in crate::export) fn under_new_keys<'l>(
    baseline: &[&'l StoredLine],
    renamed: &'l [StoredLine],
) -> Vec<&'l StoredLine> {
    if renamed.is_empty() {
        return baseline.to_vec();
    }
    let entries: BTreeSet<EntryId> = renamed.iter().map(|line| line.entry).collect();
    let others = baseline.iter().copied().filter(|line| !entries.contains(&line.entry));
    let mut lines: Vec<&StoredLine> = others.chain(renamed).collect();
    lines.sort_by(|one, other| one.key.cmp(&other.key));
    lines
}

/// The lines of the ledger that stand in an entry, to be found by what does not change with the text of a code.
pub(super) struct Renames<'l, 'a> {
    ledger: &'l [&'a StoredLine],
    entries: &'l EntryIndex<'a>,
}

impl<'l, 'a> Renames<'l, 'a> {
    /// `ledger` is in order of the keys.
    pub(super) fn new(ledger: &'l [&'a StoredLine], entries: &'l EntryIndex<'a>) -> Self {
        Self { ledger, entries }
    }

    /// The line of which `entry`, in which no line stands, carries the mark under an earlier text of its code: its own entry
    /// has the same mark still, or both are booked to the same code.
    pub(super) fn line_of(&self, key: &LineKey, entry: &Entry) -> Option<&'a StoredLine> {
        let day = |line: &StoredLine| (line.key.worker, line.key.date);
        let from = self.ledger.partition_point(|line| day(line) < (key.worker, key.date));
        let of_day = self.ledger[from..].iter().copied();
        let mut of_day = of_day.take_while(|line| day(line) == (key.worker, key.date));
        of_day.find(|line| {
            let Some(own) = self.entries.get(line.entry) else {
                return false;
            };
            let has_same_mark = || read_mark(own).is_some_and(|(marked, _)| marked == *key);
            let code = code_of(&entry.content.coding);
            let has_same_code = || code.is_some() && code == code_of(&own.content.coding);
            without_text(&line.key) == without_text(key) && (has_same_mark() || has_same_code())
        })
    }
}

fn without_text(key: &LineKey) -> LineKey {
    LineKey {
        cost_code: "".into(),
        ..key.clone()
    }
}
