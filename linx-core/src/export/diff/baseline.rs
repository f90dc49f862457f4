//! The lines that Linx wrote: out of the ledger, out of intents that were cut off, and out of the marks in Procore.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::LineKey;
use crate::export::facts::ExportFacts;
use crate::ledger::recover::{self, Found};
use crate::ledger::{Effect, IntentId, Outcome, StoredLine, Write};
use crate::model::{Entry, EntryId, WorkerId};

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
    fn without(&self, recorded: &BTreeSet<EntryId>) -> impl Iterator<Item = &'a Entry> {
        let others = self.0.iter().filter(|(id, _)| !recorded.contains(id));
        others.map(|(_, entry)| *entry)
    }
}

/// What Procore shows beyond the ledger: a lost ledger is rebuilt out of it.
#[derive(Default)]
pub(in crate::export) struct RecoveredLines {
    /// What intents that were cut off came to, where that can be told.
    pub(in crate::export) outcomes: Vec<(IntentId, Outcome)>,
    /// The lines that those intents leave; `None` is a line that was removed.
    concluded: BTreeMap<LineKey, Option<StoredLine>>,
    /// Lines found by their marks, which the ledger has yet to learn of.
    pub(in crate::export) found: Vec<StoredLine>,
}

impl RecoveredLines {
    pub(in crate::export) fn new(facts: &ExportFacts, entries: &EntryIndex<'_>) -> Self {
        let mut ledger: Vec<&StoredLine> = facts.lines.iter().collect();
        ledger.sort_by(|one, other| one.key.cmp(&other.key));
        let mut recorded: BTreeSet<EntryId> = ledger.iter().map(|line| line.entry).collect();
        let mut concluded: BTreeMap<LineKey, Option<StoredLine>> = BTreeMap::new();
        let mut outcomes = Vec::new();
        for intent in &facts.open_intents {
            let Write::Line(change) = &intent.write else {
                outcomes.push((intent.id, Outcome::Reread));
                continue;
            };
            let key = change.key.clone();
            // What one intent came to is no longer free for another.
            let line = match recover::found(change, &facts.entries.rows, &recorded) {
                Found::Stands(entry) => Some(StoredLine::sent(change, entry.id)),
                Found::Gone => None,
                Found::NotApplied => {
                    // What is not in a list that may lack rows is not known to be absent.
                    if facts.entries.proves_absence() {
                        outcomes.push((intent.id, Outcome::Absent));
                    }
                    continue;
                }
            };
            let effect = match &line {
                Some(line) => Effect::LineStored(Box::new(line.clone())),
                None => Effect::LineRemoved(key.clone()),
            };
            outcomes.push((intent.id, Outcome::Done(effect)));
            let before = match concluded.get(&key) {
                Some(line) => line.as_ref(),
                None => find(&ledger, &key),
            };
            if let Some(before) = before {
                recorded.remove(&before.entry);
            }
            recorded.extend(line.as_ref().map(|line| line.entry));
            concluded.insert(key, line);
        }
        let is_known = |key: &LineKey| match concluded.get(key) {
            Some(line) => line.is_some(),
            None => find(&ledger, key).is_some(),
        };
        let found = recover::unrecorded(entries.without(&recorded), is_known);
        Self {
            outcomes,
            concluded,
            found,
        }
    }
}

/// Every line that should stand in Procore since Linx wrote it, in order of the keys.
pub(in crate::export) struct Baseline<'a> {
    pub(in crate::export) lines: Vec<&'a StoredLine>,
}

impl<'a> Baseline<'a> {
    pub(in crate::export) fn new(facts: &'a ExportFacts, recovered: &'a RecoveredLines) -> Self {
        let of_ledger = facts
            .lines
            .iter()
            .filter(|line| recovered.concluded.is_empty() || !recovered.concluded.contains_key(&line.key));
        let concluded = recovered.concluded.values().flatten();
        let mut lines = Vec::with_capacity(facts.lines.len() + recovered.found.len());
        lines.extend(of_ledger.chain(concluded).chain(&recovered.found));
        lines.sort_by(|one, other| one.key.cmp(&other.key));
        Self { lines }
    }

    /// Those of one worker.
    pub(in crate::export) fn of(&self, worker: WorkerId) -> &[&'a StoredLine] {
        let from = self.lines.partition_point(|line| line.key.worker < worker);
        let to = self.lines.partition_point(|line| line.key.worker <= worker);
        &self.lines[from..to]
    }

    /// Whose lines there are.
    pub(in crate::export) fn workers(&self) -> impl Iterator<Item = WorkerId> {
        let workers = self.lines.chunk_by(|one, other| one.key.worker == other.key.worker);
        workers.filter_map(|lines| Some(lines.first()?.key.worker))
    }
}

fn find<'a>(lines: &[&'a StoredLine], key: &LineKey) -> Option<&'a StoredLine> {
    let at = lines.binary_search_by(|line| line.key.cmp(key)).ok()?;
    Some(lines[at])
}
