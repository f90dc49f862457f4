//! Reading the truth back: the mark that Linx leaves in an entry, and what an open intent came to (hazards A1, B10).

use std::collections::{BTreeMap, BTreeSet};

use super::{Effect, JournalEntry, Outcome, StoredLine, Write};
use crate::change::{LineAction, LineKey};
use crate::digest::digest;
use crate::model::{Entry, EntryContent, EntryId};

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
/// `entries` are those in which no known line stands, `is_known` says whether a key is one of a known line.
pub fn unrecorded<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    is_known: impl Fn(&LineKey) -> bool,
) -> Vec<StoredLine> {
    let mut found: BTreeMap<LineKey, StoredLine> = BTreeMap::new();
    let mut entries: Vec<&Entry> = entries.into_iter().collect();
    entries.sort_by_key(|entry| entry.id);
    for entry in entries {
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
            employee: None,
            missing_since: None,
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
            employee: change.carries.first().map(|carried| carried.employee.clone()),
            missing_since: None,
        };
        Outcome::Done(Effect::LineStored(Box::new(line)))
    };
    let mark = mark(&change.key, &change.content);
    let carries_mark = |entry: &Entry| entry.origin.as_deref() == Some(mark.as_str());
    match change.action {
        LineAction::Create => {
            let free = || entries.iter().filter(|entry| !recorded.contains(&entry.id));
            let marked = free().find(|entry| read_mark(entry).is_some_and(|(key, _)| key == change.key));
            // Where Procore keeps marks, an entry without one is a person's, however alike.
            let keeps_marks = || entries.iter().any(|entry| read_mark(entry).is_some());
            let alike = |entry: &&Entry| entry.origin.is_none() && entry.content == change.content;
            let equal = || free().find(alike).filter(|_| !keeps_marks());
            marked.or_else(equal).map_or(Outcome::Absent, stored)
        }
        // The mark goes with the values, and tells of them what Procore stored otherwise, by its rounding for instance.
        LineAction::Update => entries
            .iter()
            .find(|entry| Some(entry.id) == change.entry && (entry.content == change.content || carries_mark(entry)))
            .map_or(Outcome::Absent, stored),
        LineAction::Delete if entries.iter().any(|entry| Some(entry.id) == change.entry) => Outcome::Absent,
        LineAction::Delete => Outcome::Done(Effect::LineRemoved(change.key.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{LineChange, LineView};
    use crate::ledger::{IntentId, RunId};
    use crate::model::{ApprovalStatus, HourClass, ProjectId, WorkerId};

    fn update(hours: &str) -> LineChange {
        let date = "2026-03-02".parse().unwrap();
        let (worker, project) = (WorkerId(7), ProjectId(3));
        LineChange {
            key: LineKey {
                worker,
                date,
                project,
                sub_job: None,
                cost_code: "03-300".into(),
                class: HourClass::Regular,
                classification: None,
                start: None,
            },
            action: LineAction::Update,
            entry: Some(EntryId(1)),
            content: EntryContent {
                worker,
                date,
                coding: std::sync::Arc::new(crate::model::Coding::of(project)),
                hours: hours.parse().unwrap(),
                span: None,
                description: None,
                billable: true,
            },
            before: None,
            view: LineView::default(),
            why: String::new(),
            zone: None,
            carries: Vec::new(),
        }
    }

    #[test]
    fn d12_an_update_that_procore_rounded_is_known_by_its_mark() {
        let change = update("8.03");
        let stands = |origin: Option<Box<str>>| Entry {
            id: EntryId(1),
            content: update("8.00").content,
            status: ApprovalStatus::Pending,
            signed: false,
            origin,
            parts: Vec::new(),
        };
        let intent = JournalEntry {
            id: IntentId(1),
            run: RunId(1),
            write: Write::Line(Box::new(change.clone())),
            at: chrono::DateTime::UNIX_EPOCH,
            outcome: None,
        };
        let came_to = |entry: Entry| outcome(&intent, &[entry], &BTreeSet::new());
        let rounded = stands(Some(mark(&change.key, &change.content).into()));
        assert!(matches!(came_to(rounded), Outcome::Done(_)));
        let before = stands(Some(mark(&change.key, &update("8.00").content).into()));
        assert_eq!(
            (came_to(before), came_to(stands(None))),
            (Outcome::Absent, Outcome::Absent)
        );
    }
}
