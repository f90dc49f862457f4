//! The lines that Linx wrote: out of the ledger, out of intents that were cut off, and out of the marks in Procore.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::entry_index::EntryIndex;
use super::our_writes::{may_have_made, was_gone};
use super::renamed::Renames;
use super::unsettled::Unsettled;
use crate::change::{LineAction, LineChange, LineKey};
use crate::export::deleted::Deleted;
use crate::export::facts::ExportFacts;
use crate::hold::{Reason, Refusal};
use crate::ledger::recover::{self, Alike, Found, read_mark};
use crate::ledger::{
    CLOCKS_DIFFER, Effect, IntentId, JournalEntry, Missed, Moment, Outcome, Provenance, StoredLine, Write,
};
use crate::model::{Entry, EntryId, WorkerId};
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
        } = Resumed::new(facts, &ledger, other_hands == settings::OtherHands::Beside);
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
        let found = found_by_marks(&unknown, is_known, &ledger, facts, &outcomes);
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

/// The lines of marks in entries that the ledger does not know. One that the ledger had in another entry is as it was but
/// for that. Where no send of ours can have made the entry of a line that we wrote, it is a person's copy (hazard B7).
fn found_by_marks(
    unknown: &[&Entry],
    is_known: impl Fn(&LineKey) -> bool,
    ledger: &[&StoredLine],
    facts: &ExportFacts,
    concluded: &[(IntentId, Outcome)],
) -> Vec<StoredLine> {
    let written: BTreeSet<&LineKey> = facts.line_writes.iter().filter_map(written_line).collect();
    // Of a line that the ledger has in another entry, one on another day is a person's copy: another hand's, where it stands.
    let may_be_it = |entry: &&&Entry| {
        let key = read_mark(entry).map(|(key, _)| key);
        let is_at_home = |key: &LineKey| (key.worker, key.date) == (entry.content.worker, entry.content.date);
        key.is_none_or(|key| is_at_home(&key) || find(ledger, &key).is_none())
    };
    let settle = facts.look.settle.span();
    let home = unknown.iter().filter(may_be_it).copied();
    let mut found = recover::unrecorded(home, is_known, |key| written.contains(key));
    for line in &mut found {
        let writes = facts.line_writes.iter();
        let of_line: Vec<_> = writes
            .filter(|write| written_line(write) == Some(&line.key) || entry_of(write) == Some(line.entry))
            .collect();
        let before = find(ledger, &line.key);
        let is_made = |entry: &Entry| of_line.iter().any(|write| may_have_made(write, entry, settle));
        let is_copied = || !unknown.iter().any(|entry| entry.id == line.entry && is_made(entry));
        let is_known = before.is_some() || line.provenance == Provenance::Written;
        let is_peoples = was_gone(&of_line, concluded, line.entry) || (is_known && is_copied());
        if let Some(before) = before {
            *line = StoredLine {
                entry: line.entry,
                ..before.clone()
            };
        }
        if is_peoples {
            line.provenance = Provenance::Restored;
        }
    }
    found
}

/// The lines of which nothing is left but a deleted entry with their mark, and of which the journal has no write: another ledger
/// wrote them, and the office or that ledger deleted them since (hazard B12).
fn deleted_by_others(
    facts: &ExportFacts,
    recorded: &BTreeSet<EntryId>,
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

/// The entry that a write of the journal changed, deleted or made, where that is known.
fn entry_of(entry: &JournalEntry) -> Option<EntryId> {
    let made = match &entry.outcome {
        Some(Outcome::Done(Effect::LineStored(line))) => Some(line.entry),
        _ => None,
    };
    let changed = match &entry.write {
        Write::Line(change) => change.entry,
        Write::Record(_) => None,
    };
    made.or(changed)
}

/// The line that a write of the journal was about.
pub(in crate::export) fn written_line(entry: &JournalEntry) -> Option<&LineKey> {
    match &entry.write {
        Write::Line(change) => Some(&change.key),
        Write::Record(_) => None,
    }
}

/// By how much a clock of ours may have been wrong when something was sent, and set right since.
const CLOCK_SET: TimeDelta = TimeDelta::days(1);

/// What became of intents that were cut off.
#[derive(Default)]
struct Resumed {
    outcomes: Vec<(IntentId, Outcome)>,
    concluded: BTreeMap<LineKey, Option<StoredLine>>,
    doubtful: BTreeMap<LineKey, EntryId>,
    unsettled: Unsettled,
    /// How many are sent again of which it is not known whether the office deleted them.
    sent_again: usize,
    /// Whether lines go beside equal ones of other hands, by the company's choice.
    beside: bool,
    /// The entries in which a line of the ledger stands then: what one intent came to is no longer free for another.
    recorded: BTreeSet<EntryId>,
}

impl Resumed {
    fn new(facts: &ExportFacts, ledger: &[&StoredLine], beside: bool) -> Self {
        let mut resumed = Self {
            beside,
            recorded: ledger.iter().map(|line| line.entry).collect(),
            ..Self::default()
        };
        for intent in &facts.open_intents {
            match &intent.write {
                Write::Line(change) => resumed.judge(intent, change, facts, ledger),
                Write::Record(_) => resumed.outcomes.push((intent.id, Outcome::Reread)),
            }
        }
        resumed
    }

    fn judge(&mut self, intent: &JournalEntry, change: &LineChange, facts: &ExportFacts, ledger: &[&StoredLine]) {
        match recover::found(change, &facts.entries.rows, &self.recorded, self.alike(change, facts)) {
            Found::Stands(entry) => self.conclude(intent, change, Some(StoredLine::sent(change, entry.id)), ledger),
            Found::Gone => match self.missed(intent, change, Missed::Target, facts, ledger) {
                Some(Outcome::Absent) => self.conclude(intent, change, None, ledger),
                noted => self.outcomes.extend(noted.map(|noted| (intent.id, noted))),
            },
            Found::NotApplied if is_put_back(change, intent, facts) => {
                let line = find(ledger, &change.key).map(|line| StoredLine {
                    provenance: Provenance::Restored,
                    ..line.clone()
                });
                self.conclude(intent, change, line, ledger);
            }
            Found::NotApplied => {
                let missed = self.missed(intent, change, Missed::Write, facts, ledger);
                self.outcomes.extend(missed.map(|outcome| (intent.id, outcome)));
            }
        }
    }

    /// Whose an entry just like a change may be.
    fn alike(&self, change: &LineChange, facts: &ExportFacts) -> Alike {
        let is_right = facts.beside.contains_key(&(change.key.worker, change.key.date));
        Alike::by(&facts.entries.rows, self.beside || is_right)
    }

    /// What follows from this look, which does not show what was sent: [`Outcome::Absent`] if it is the second one. Until then
    /// the line waits. A list that may lack rows misses nothing; nor is it missed what may stand in an entry without its mark,
    /// unless a person said that both are right.
    fn missed(
        &mut self,
        intent: &JournalEntry,
        change: &LineChange,
        missed: Missed,
        facts: &ExportFacts,
        ledger: &[&StoredLine],
    ) -> Option<Outcome> {
        let key = &change.key;
        let may_be = recover::may_be(change, &facts.entries.rows, &self.recorded);
        if let Some(entry) = may_be.filter(|_| !facts.beside.contains_key(&(key.worker, key.date))) {
            self.doubtful.insert(key.clone(), entry.id);
            return None;
        }
        let outcome = facts.look.missed(intent, missed, Outcome::Absent);
        if outcome != Some(Outcome::Absent) {
            self.unsettled.add(change, facts.look.known_from(intent));
        }
        let outcome = outcome.filter(|_| facts.entries.proves_absence())?;
        if outcome == Outcome::Absent && change.action == LineAction::Create {
            if let Some(entry) = self.deleted_by_office(intent, change, facts) {
                let line = StoredLine::sent(change, entry);
                self.conclude(intent, change, Some(line), ledger);
                return None;
            }
            let is_known = matches!(facts.deleted, Deleted::Read(_));
            self.sent_again += usize::from(!is_known);
        }
        Some(outcome)
    }

    /// The entry that a create left and somebody else deleted before it was found: one that the journal does not know, made since it
    /// was sent (hazard B7); or before, by a clock that was set meanwhile, where its mark has just what was sent (hazard D27).
    fn deleted_by_office(&self, intent: &JournalEntry, change: &LineChange, facts: &ExportFacts) -> Option<EntryId> {
        let known: BTreeSet<EntryId> = facts.line_writes.iter().filter_map(entry_of).collect();
        let since = by_the_service(intent.at, facts) - CLOCKS_DIFFER;
        let mark = recover::mark(&change.key, &change.content);
        let may_be_it = |entry: &&Entry| {
            let is_its = entry.origin.as_deref() == Some(mark.as_str());
            let since = if is_its { since - CLOCK_SET } else { since };
            !known.contains(&entry.id) && entry.created.is_some_and(|created| created >= since)
        };
        let candidates: Vec<Entry> = facts.deleted.entries().iter().filter(may_be_it).cloned().collect();
        match recover::found(change, &candidates, &self.recorded, self.alike(change, facts)) {
            Found::Stands(entry) => Some(entry.id),
            Found::Gone | Found::NotApplied => None,
        }
    }

    /// Enters the line that an intent leaves; `None` for one that was removed. The ledger may have it under another key by now, since its
    /// code is called otherwise (hazard C18).
    fn conclude(
        &mut self,
        intent: &JournalEntry,
        change: &LineChange,
        line: Option<StoredLine>,
        ledger: &[&StoredLine],
    ) {
        let key = key_now(change, ledger);
        let line = line.map(|line| StoredLine {
            key: key.clone(),
            ..line
        });
        let effect = match &line {
            Some(line) => Effect::LineStored(Box::new(line.clone())),
            None => Effect::of_deletion(key.clone(), change.entry),
        };
        self.outcomes.push((intent.id, Outcome::Done(effect)));
        let before = match self.concluded.get(&key) {
            Some(line) => line.as_ref(),
            None => find(ledger, &key),
        };
        if line.is_none() && before.is_some_and(|before| Some(before.entry) != change.entry) {
            // What is gone was a double: the line stands in the other one (hazard B15).
            return;
        }
        if let Some(before) = before {
            self.recorded.remove(&before.entry);
        }
        self.recorded.extend(line.as_ref().map(|line| line.entry));
        self.concluded.insert(key, line);
    }
}

/// The key under which the ledger has the line of a change.
fn key_now(change: &LineChange, ledger: &[&StoredLine]) -> LineKey {
    let own = find(ledger, &change.key).is_none().then_some(change.entry).flatten();
    let line = own.and_then(|entry| ledger.iter().find(|line| line.entry == entry));
    line.map_or_else(|| change.key.clone(), |line| line.key.clone())
}

/// A moment of ours by the service's clock, as far apart as they are now (hazard D27).
fn by_the_service(at: DateTime<Utc>, facts: &ExportFacts) -> DateTime<Utc> {
    let Moment { here, there } = facts.look.at;
    at + there.map_or(TimeDelta::zero(), |there| there - here)
}

/// Whether the entry that a write without an answer was to change or take away is as it was, and was changed since: the write
/// arrived and somebody put the entry back, or was at it otherwise (hazard B7). Where the plan did not see when it had been changed
/// last, the clocks tell.
fn is_put_back(change: &LineChange, intent: &JournalEntry, facts: &ExportFacts) -> bool {
    let sent = by_the_service(intent.at, facts);
    let is_touched = |entry: &Entry| match (change.touched, entry.updated) {
        (Some(before), Some(updated)) => updated > before,
        (None, Some(updated)) => updated >= sent,
        (_, None) => false,
    };
    let is_of_one = change.action != LineAction::Create && change.double_of.is_none();
    let mut entries = facts.entries.rows.iter();
    is_of_one && entries.any(|entry| Some(entry.id) == change.entry && is_touched(entry))
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

fn find<'a>(lines: &[&'a StoredLine], key: &LineKey) -> Option<&'a StoredLine> {
    let at = lines.binary_search_by(|line| line.key.cmp(key)).ok()?;
    Some(lines[at])
}
