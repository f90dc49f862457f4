//! What became of writes that were cut off: they stand, they are gone, or nobody can tell yet (hazards A1, A15).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{NaiveDate, TimeDelta};
use rustc_hash::FxHashSet;

use super::entry_index::EntryIndex;
use super::our_writes::{by_the_service, entry_of};
use super::unsettled::{Known, Unsettled};
use crate::change::{LineAction, LineChange, LineKey};
use crate::export::deleted::Deleted;
use crate::export::facts::ExportFacts;
use crate::ledger::recover::{self, Alike, Found};
use crate::ledger::{CLOCKS_DIFFER, Effect, IntentId, JournalEntry, Missed, Outcome, Provenance, StoredLine, Write};
use crate::model::{Entry, EntryId};
use crate::settings::OtherHands;

/// By how much a clock of ours may have been wrong when something was sent, and set right since.
const CLOCK_SET: TimeDelta = TimeDelta::days(1);

/// What became of intents that were cut off.
#[derive(Default)]
pub(super) struct Resumed {
    pub(super) outcomes: Vec<(IntentId, Outcome)>,
    pub(super) concluded: BTreeMap<LineKey, Option<StoredLine>>,
    pub(super) doubtful: BTreeMap<LineKey, EntryId>,
    pub(super) unsettled: Unsettled,
    /// How many are sent again of which it is not known whether the office deleted them.
    pub(super) sent_again: usize,
    /// Whether lines go beside equal ones of other hands, by the company's choice.
    beside: bool,
    /// Whether the list of entries proves that something is not there.
    proves_absence: bool,
    /// The entries in which a line of the ledger stands then: what one intent came to is no longer free for another.
    pub(super) recorded: FxHashSet<EntryId>,
}

impl Resumed {
    /// `read` are the days of which all entries were read.
    pub(super) fn new(
        facts: &ExportFacts,
        ledger: &[&StoredLine],
        (entries, read): (&EntryIndex<'_>, &[RangeInclusive<NaiveDate>]),
        other_hands: OtherHands,
    ) -> Self {
        if facts.open_intents.is_empty() {
            return Self {
                recorded: ledger.iter().map(|line| line.entry).collect(),
                ..Self::default()
            };
        }
        let going: BTreeSet<EntryId> = facts.open_intents.iter().filter_map(entry_to_go).collect();
        let is_read = |line: &StoredLine| read.iter().any(|days| days.contains(&line.key.date));
        let is_unexplained =
            |line: &&StoredLine| is_read(line) && entries.lacks_unexplained(line) && !going.contains(&line.entry);
        let mut resumed = Self {
            beside: other_hands == OtherHands::Beside,
            proves_absence: facts.entries.proves_absence() && !ledger.iter().any(is_unexplained),
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
    /// the line waits. A list that may lack rows misses nothing, nor does one that lacks what stood otherwise, as long as nothing
    /// explains that; nor is it missed what may stand in an entry without its mark, or among deleted entries of which a list has gaps,
    /// unless a person said that it is right.
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
            self.unsettled.add(change, Known::From(facts.look.known_from(intent)));
        } else if !self.proves_absence {
            self.unsettled.add(change, Known::ByAnotherLook);
        } else if change.action == LineAction::Create {
            if let Some(entry) = self.deleted_by_office(intent, change, facts) {
                let line = StoredLine::sent(change, entry);
                self.conclude(intent, change, Some(line), ledger);
                return None;
            }
            let is_said = facts.beside.contains_key(&(key.worker, key.date));
            match facts.deleted {
                Deleted::Read(_) => {}
                Deleted::InPart(_) if !is_said => {
                    self.unsettled.add(change, Known::ByTheDeleted);
                    return None;
                }
                Deleted::InPart(_) | Deleted::NotKnown => self.sent_again += 1,
            }
        }
        outcome.filter(|_| self.proves_absence)
    }

    /// The entry that a create left and somebody else deleted before it was found: one that the journal does not know, made since it
    /// was sent (hazard B7); or before, by a clock that was set meanwhile, where its mark has just what was sent (hazard D27).
    fn deleted_by_office(&self, intent: &JournalEntry, change: &LineChange, facts: &ExportFacts) -> Option<EntryId> {
        let known: BTreeSet<EntryId> = facts.line_writes.iter().filter_map(entry_of).collect();
        let since = by_the_service(intent.at, &facts.look) - CLOCKS_DIFFER;
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

/// The entry that an intent was to delete.
fn entry_to_go(intent: &JournalEntry) -> Option<EntryId> {
    match &intent.write {
        Write::Line(change) if change.action == LineAction::Delete => change.entry,
        Write::Line(_) | Write::Record(_) => None,
    }
}

/// The key under which the ledger has the line of a change.
fn key_now(change: &LineChange, ledger: &[&StoredLine]) -> LineKey {
    let own = find(ledger, &change.key).is_none().then_some(change.entry).flatten();
    let line = own.and_then(|entry| ledger.iter().find(|line| line.entry == entry));
    line.map_or_else(|| change.key.clone(), |line| line.key.clone())
}

/// Whether the entry that a write without an answer was to change or take away is as it was, and was changed since: the write
/// arrived and somebody put the entry back, or was at it otherwise (hazard B7). Where the plan did not see when it had been changed
/// last, the clocks tell.
fn is_put_back(change: &LineChange, intent: &JournalEntry, facts: &ExportFacts) -> bool {
    let sent = by_the_service(intent.at, &facts.look);
    let is_touched = |entry: &Entry| match (change.touched, entry.updated) {
        (Some(before), Some(updated)) => updated > before,
        (None, Some(updated)) => updated >= sent,
        (_, None) => false,
    };
    let is_of_one = change.action != LineAction::Create && change.double_of.is_none();
    let mut entries = facts.entries.rows.iter();
    is_of_one && entries.any(|entry| Some(entry.id) == change.entry && is_touched(entry))
}

/// The line of a key, of lines in the order of their keys.
pub(super) fn find<'a>(lines: &[&'a StoredLine], key: &LineKey) -> Option<&'a StoredLine> {
    let at = lines.binary_search_by(|line| line.key.cmp(key)).ok()?;
    Some(lines[at])
}
