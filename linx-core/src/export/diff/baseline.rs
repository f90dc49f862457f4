//! The lines that Linx wrote: out of the ledger, out of intents that were cut off, and out of the marks in Procore.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;

use super::entry_index::EntryIndex;
use super::our_writes::{Maker, entry_of, maker, was_gone, written_line};
use super::renamed::Renames;
use super::resumed::{Resumed, find};
use super::unsettled::Unsettled;
use crate::change::{LineChange, LineKey};
use crate::export::facts::ExportFacts;
use crate::hold::{Reason, Refusal};
use crate::ledger::recover::{self, read_mark};
use crate::ledger::{IntentId, Outcome, Provenance, StoredLine};
use crate::model::{Entry, EntryId, UserId, WorkerId};
use crate::settings;

/// What Procore shows beyond the ledger: a lost ledger is rebuilt out of it.
#[derive(Default)]
pub(in crate::export) struct RecoveredLines<'a> {
    /// What intents that were cut off came to, where that can be told.
    pub(in crate::export) outcomes: Vec<(IntentId, Outcome)>,
    /// The lines that those intents leave; `None` is a line that was removed.
    concluded: BTreeMap<LineKey, Option<StoredLine>>,
    /// New lines that may stand in an entry which does not tell (hazard A1).
    doubtful: BTreeMap<LineKey, EntryId>,
    /// What may still arrive, by whose it is (hazard A15).
    pub(in crate::export) unsettled: Unsettled,
    /// How many lines are sent again although nobody can tell whether the office deleted them.
    sent_again: usize,
    /// Lines found by their marks, which the ledger has yet to learn of.
    pub(in crate::export) found: Vec<StoredLine>,
    /// Those whose marks stand in entries that were deleted, and that this ledger neither wrote nor deleted.
    pub(in crate::export) deleted: Vec<StoredLine>,
    /// The entries in which no line of the ledger stands: those of `found`, doubles, and those of other hands.
    pub(super) unknown: Vec<&'a Entry>,
    /// The lines that stand in an entry, by keys in marks which the ledger has no line of: their codes are called otherwise
    /// since (hazard C18).
    called_otherwise: BTreeMap<LineKey, &'a StoredLine>,
}

impl<'a> RecoveredLines<'a> {
    pub(in crate::export) fn new(
        facts: &'a ExportFacts,
        entries: &EntryIndex<'a>,
        other_hands: settings::OtherHands,
        read: &[RangeInclusive<NaiveDate>],
    ) -> Self {
        let mut ledger: Vec<&'a StoredLine> = facts.lines.iter().collect();
        ledger.sort_by(|one, other| one.key.cmp(&other.key));
        let Resumed {
            outcomes,
            concluded,
            doubtful,
            unsettled,
            sent_again,
            recorded,
            ..
        } = Resumed::new(facts, &ledger, (entries, read), other_hands);
        let unknown: Vec<&Entry> = entries.without(&recorded).collect();
        // Of a line whose entry is gone another may be left: a person deleted one of two (hazard B15).
        let stands = |line: &StoredLine| !facts.entries.proves_absence() || entries.get(line.entry).is_some();
        let is_known = |key: &LineKey| match concluded.get(key) {
            Some(line) => line.is_some(),
            None => find(&ledger, key).is_some_and(stands),
        };
        let renames = Renames::new(&ledger, entries);
        let called_otherwise: BTreeMap<LineKey, &StoredLine> = unknown
            .iter()
            .filter_map(|entry| {
                let (key, _) = read_mark(entry).filter(|(key, _)| !is_known(key))?;
                let line = renames
                    .line_of(&key, entry)
                    .filter(|line| !concluded.contains_key(&line.key))?;
                Some((key, line))
            })
            .collect();
        // Of the lines of a day that was not read nothing is known: where its mark stands, it is another hand's (hazard D26).
        let is_read = |key: &LineKey| read.iter().any(|days| days.contains(&key.date));
        let is_known = |key: &LineKey| !is_read(key) || is_known(key) || called_otherwise.contains_key(key);
        let found = found_by_marks(&unknown, is_known, &ledger, facts, (&outcomes, entries));
        let deleted = deleted_by_others(
            facts,
            &recorded,
            |key| is_read(key) && !is_known(key) && find(&ledger, key).is_none(),
            &found,
        );
        Self {
            outcomes,
            concluded,
            doubtful,
            unsettled,
            sent_again,
            found,
            deleted,
            unknown,
            called_otherwise,
        }
    }

    /// The lines that the ledger has yet to learn of.
    pub(in crate::export) fn unlearned(&self) -> impl Iterator<Item = &StoredLine> {
        self.found.iter().chain(&self.deleted)
    }

    /// What is to be told of lines that are sent again.
    pub(in crate::export) fn note(&self) -> Option<String> {
        (self.sent_again > 0).then(|| {
            format!(
                "{} lines that got no answer are sent again: Procore does not tell whether somebody deleted them there meanwhile",
                self.sent_again
            )
        })
    }

    /// The line whose entry carried a mark of this key before its code was called otherwise.
    pub(super) fn called_otherwise(&self, key: &LineKey) -> Option<&'a StoredLine> {
        self.called_otherwise.get(key).copied()
    }

    /// Why a line may not be sent again, if it may not: it was sent, got no answer, and may stand in an entry without its mark.
    pub(in crate::export) fn doubt(&self, change: &LineChange) -> Option<Refusal> {
        let entry = self.doubtful.get(&change.key)?;
        let detail =
            format!("entry {entry} may be this very line: it was sent, got no answer, and no entry has its mark");
        Some(Refusal::new(Reason::EnteredByAnother, detail))
    }

    /// Whether a line of the ledger stands as the ledger has it, as far as is known.
    fn leaves(&self, line: &StoredLine) -> bool {
        let is_found = || self.found.binary_search_by(|found| found.key.cmp(&line.key)).is_ok();
        !(self.concluded.contains_key(&line.key) || is_found())
    }
}

/// The users who made the entries in which this ledger's lines stand.
fn authors(ledger: &[&StoredLine], entries: &EntryIndex<'_>) -> BTreeSet<UserId> {
    let written = ledger.iter().filter(|line| line.provenance == Provenance::Written);
    let mut authors = BTreeSet::new();
    // One by one: a set that is collected holds all of them before it finds that they are few.
    for author in written.filter_map(|line| entries.get(line.entry)?.author) {
        authors.insert(author);
    }
    authors
}

/// The lines of marks in entries that the ledger does not know. One that the ledger had in another entry is as it was but
/// for that. The entry of a line that we wrote may be a person's copy (hazard B7), or a lost ledger's (hazard B12).
fn found_by_marks(
    unknown: &[&Entry],
    is_known: impl Fn(&LineKey) -> bool,
    ledger: &[&StoredLine],
    facts: &ExportFacts,
    (concluded, entries): (&[(IntentId, Outcome)], &EntryIndex<'_>),
) -> Vec<StoredLine> {
    if unknown.is_empty() {
        return Vec::new();
    }
    let authors = authors(ledger, entries);
    let written: BTreeSet<&LineKey> = facts.line_writes.iter().filter_map(written_line).collect();
    // Of a line that the ledger has in another entry, one on another day is a person's copy: another hand's, where it stands.
    let may_be_it = |entry: &&&Entry| {
        let key = read_mark(entry).map(|(key, _)| key);
        let is_at_home = |key: &LineKey| (key.worker, key.date) == (entry.content.worker, entry.content.date);
        key.is_none_or(|key| is_at_home(&key) || find(ledger, &key).is_none())
    };
    let home = unknown.iter().filter(may_be_it).copied();
    let mut found = recover::unrecorded(home, is_known, |key| written.contains(key));
    // Lines of which this ledger knows nothing at all tell that another one wrote.
    let is_another = |line: &StoredLine| line.provenance == Provenance::Recovered && find(ledger, &line.key).is_none();
    let is_lost = found.iter().any(is_another);
    for line in &mut found {
        let writes = facts.line_writes.iter();
        let of_line: Vec<_> = writes
            .filter(|write| written_line(write) == Some(&line.key) || entry_of(write) == Some(line.entry))
            .collect();
        let before = find(ledger, &line.key);
        let entry = unknown.iter().find(|entry| entry.id == line.entry);
        let is_known = before.is_some() || line.provenance == Provenance::Written;
        let made_by = entry
            .filter(|_| is_known)
            .map(|entry| maker(entry, &of_line, &authors, &facts.look));
        let was_gone = was_gone(&of_line, concluded, line.entry);
        if let Some(before) = before {
            *line = StoredLine {
                entry: line.entry,
                ..before.clone()
            };
        }
        match made_by {
            Some(Maker::AnotherLedger) if is_lost && !was_gone => line.provenance = Provenance::Recovered,
            Some(Maker::ThisLedger) | None if !was_gone => {}
            _ => line.provenance = Provenance::Restored,
        }
    }
    found
}

/// The lines of which nothing is left but a deleted entry with their mark, and of which the journal has no write: another ledger
/// wrote them, and the office or that ledger deleted them since (hazard B12).
fn deleted_by_others(
    facts: &ExportFacts,
    recorded: &FxHashSet<EntryId>,
    is_unknown: impl Fn(&LineKey) -> bool,
    found: &[StoredLine],
) -> Vec<StoredLine> {
    let entries = facts.deleted.entries().iter();
    let entries = entries.filter(|entry| !recorded.contains(&entry.id));
    let written: BTreeSet<&LineKey> = facts.line_writes.iter().filter_map(written_line).collect();
    let stands = |key: &LineKey| found.binary_search_by(|line| line.key.cmp(key)).is_ok();
    let is_anothers = |key: &LineKey| is_unknown(key) && !written.contains(key) && !stands(key);
    recover::unrecorded(entries, |key| !is_anothers(key), |_| false)
}

/// Every line that should stand in Procore since Linx wrote it, in order of the keys.
pub(in crate::export) struct Baseline<'a> {
    pub(in crate::export) lines: Vec<&'a StoredLine>,
}

impl<'a> Baseline<'a> {
    pub(in crate::export) fn new(facts: &'a ExportFacts, recovered: &'a RecoveredLines<'a>) -> Self {
        let as_they_are = recovered.concluded.is_empty() && recovered.unlearned().next().is_none();
        let lines = facts.lines.iter();
        let of_ledger = lines.filter(|line| as_they_are || recovered.leaves(line));
        let concluded = recovered.concluded.values().flatten();
        let mut lines = Vec::with_capacity(facts.lines.len() + recovered.found.len());
        lines.extend(of_ledger.chain(concluded).chain(recovered.unlearned()));
        lines.sort_by(|one, other| one.key.cmp(&other.key));
        Self { lines }
    }

    /// Those of one worker.
    pub(in crate::export) fn of(&self, worker: WorkerId) -> &[&'a StoredLine] {
        let from = self.lines.partition_point(|line| line.key.worker < worker);
        let to = self.lines.partition_point(|line| line.key.worker <= worker);
        &self.lines[from..to]
    }

    /// Those of one worker's day.
    pub(in crate::export) fn of_day(&self, day: (WorkerId, NaiveDate)) -> &[&'a StoredLine] {
        let day_of = |line: &&StoredLine| (line.key.worker, line.key.date);
        let from = self.lines.partition_point(|line| day_of(line) < day);
        let to = from + self.lines[from..].partition_point(|line| day_of(line) <= day);
        &self.lines[from..to]
    }

    /// The line of a key.
    pub(in crate::export) fn get(&self, key: &LineKey) -> Option<&'a StoredLine> {
        find(&self.lines, key)
    }

    /// Whose lines there are.
    pub(in crate::export) fn workers(&self) -> impl Iterator<Item = WorkerId> {
        let workers = self.lines.chunk_by(|one, other| one.key.worker == other.key.worker);
        workers.filter_map(|lines| Some(lines.first()?.key.worker))
    }
}
