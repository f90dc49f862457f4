//! Reading the truth back: the mark that Linx leaves in an entry, and what an open intent came to (hazards A1, B10).

use std::collections::{BTreeMap, BTreeSet};

use super::{Effect, JournalEntry, Outcome, StoredLine, Write};
use crate::model::{Entry, EntryContent, EntryId};
use crate::plan::{LineAction, LineKey, digest};

/// The beginning of every mark, with its format.
const PREFIX: &str = "linx1 ";

/// The mark of an entry: the line's key and a fingerprint of what was sent, so that a lost ledger can be rebuilt and a
/// later edit by the office can be told from our own value.
pub fn mark(key: &LineKey, content: &EntryContent) -> String {
    format!("{PREFIX}{key} {}", &digest(content)[..8])
}

/// Reads a mark: the key, and whether the entry still holds what was sent.
pub fn read_mark(entry: &Entry) -> Option<(LineKey, bool)> {
    let (key, fingerprint) = entry.origin.as_deref()?.strip_prefix(PREFIX)?.rsplit_once(' ')?;
    let untouched = digest(&entry.content)[..8] == *fingerprint;
    Some((key.parse().ok()?, untouched))
}

/// Lines that stand in Procore with our mark and are unknown to the ledger (it was lost, or a run was cut off).
///
/// When several entries carry one key, which only a person who copies entries can do, the oldest counts.
/// `recorded` are the entries of the lines that are known, `is_known` says whether a key is one of theirs.
pub fn unrecorded(
    entries: &[Entry],
    recorded: &BTreeSet<EntryId>,
    is_known: impl Fn(&LineKey) -> bool,
) -> Vec<StoredLine> {
    let mut found: BTreeMap<LineKey, StoredLine> = BTreeMap::new();
    let mut marked: Vec<&Entry> = entries.iter().filter(|entry| !recorded.contains(&entry.id)).collect();
    marked.sort_by_key(|entry| entry.id);
    for entry in marked {
        let Some((key, untouched)) = read_mark(entry) else {
            continue;
        };
        if is_known(&key) {
            continue;
        }
        let sent = untouched.then(|| entry.content.clone());
        found.entry(key.clone()).or_insert(StoredLine {
            key,
            entry: entry.id,
            sent,
            answered: None,
        });
    }
    found.into_values().collect()
}

/// What an open intent to write a line came to, judged by the entries of its day as they are now.
///
/// Found by its mark, or where the service dropped the mark by equal content in an entry that the ledger does not
/// know (`recorded` are those it does). An intent about a record has [`Outcome::Reread`]: the plan of the next sync reads the lists afresh.
pub fn outcome(intent: &JournalEntry, entries: &[Entry], recorded: &BTreeSet<EntryId>) -> Outcome {
    let Write::Line(change) = &intent.write else {
        return Outcome::Reread;
    };
    let stored = |entry: &Entry| {
        let line = StoredLine {
            key: change.key.clone(),
            entry: entry.id,
            sent: Some(change.content.clone()),
            answered: None,
        };
        Outcome::Done(Effect::LineStored(Box::new(line)))
    };
    match change.action {
        LineAction::Create => {
            let free = || entries.iter().filter(|entry| !recorded.contains(&entry.id));
            let marked = free().find(|entry| read_mark(entry).is_some_and(|(key, _)| key == change.key));
            let equal = || free().find(|entry| entry.origin.is_none() && entry.content == change.content);
            marked.or_else(equal).map_or(Outcome::Absent, stored)
        }
        LineAction::Update => entries
            .iter()
            .find(|entry| Some(entry.id) == change.entry && entry.content == change.content)
            .map_or(Outcome::Absent, stored),
        LineAction::Delete if entries.iter().any(|entry| Some(entry.id) == change.entry) => Outcome::Absent,
        LineAction::Delete => Outcome::Done(Effect::LineRemoved(change.key.clone())),
    }
}
