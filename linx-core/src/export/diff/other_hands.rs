//! Time that other hands entered, weighed before a line is created or raised (hazard D26).
//!
//! In the week of the cutover the old program has exported already; a foreman types a crew's hours that also stand in
//! ExakTime. Written beside them, the same hours would be paid twice.

mod standing;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use self::standing::{Standing, sum};
use super::baseline::{Baseline, RecoveredLines};
use super::comparison::Comparison;
use super::entry_index::EntryIndex;
use crate::change::{LineChange, LineKey};
use crate::export::facts::ExportFacts;
use crate::export::lines::{HeldTime, Line};
use crate::export::notes;
use crate::export::tally::PlanTally;
use crate::hold::{Held, Refusal};
use crate::ledger::recover::{holds_ours, read_mark};
use crate::ledger::{Beside, Lowered, Provenance, StoredLine};
use crate::model::{CentiHours, Entry, EntryId, TimeTypeId, WorkerId};
use crate::plan::ByOtherHands;
use crate::settings;

/// A worker's day.
type WorkerDay = (WorkerId, NaiveDate);

/// The entries of other hands, and what the company wants done about them.
pub(in crate::export) struct OtherHands<'a> {
    facts: &'a ExportFacts,
    rule: settings::OtherHands,
    /// Whether only some places of a day were asked for, so that the hours of the whole day are not known.
    in_part: bool,
    /// No line of ours, by the ledger or the mark, and of a time type that Linx writes.
    theirs: BTreeMap<WorkerDay, Vec<&'a Entry>>,
    /// With the mark of a line of that day that stands in another entry; and what was adopted.
    ours: BTreeMap<WorkerDay, Vec<&'a Entry>>,
}

/// What becomes of a line that would gain hours.
enum Verdict<'a> {
    /// It stands in this entry already.
    Adopt(&'a Entry),
    Hold(Refusal),
}

impl<'a> OtherHands<'a> {
    /// `written` are the time types that Linx writes: what other hands enter as leave or per diem is none of its matter.
    pub(in crate::export) fn new(
        facts: &'a ExportFacts,
        recovered: &RecoveredLines<'a>,
        written: &BTreeSet<TimeTypeId>,
        in_part: bool,
        rule: settings::OtherHands,
    ) -> Self {
        let (mut theirs, mut ours) = (BTreeMap::new(), BTreeMap::new());
        let found: BTreeSet<EntryId> = recovered.found.iter().map(|line| line.entry).collect();
        for entry in recovered.unknown.iter().filter(|entry| !found.contains(&entry.id)) {
            let day = day_of(entry);
            let is_marked = read_mark(entry).is_some_and(|(key, _)| (key.worker, key.date) == day);
            let time_type = entry.content.coding.time_type;
            let of: &mut BTreeMap<WorkerDay, Vec<&Entry>> = match is_marked {
                true => &mut ours,
                false if time_type.is_none_or(|time_type| written.contains(&time_type)) => &mut theirs,
                false => continue,
            };
            of.entry(day).or_default().push(entry);
        }
        Self {
            facts,
            rule,
            in_part,
            theirs,
            ours,
        }
    }

    /// Takes out of the plan what would stand beside the same time by another hand: held, or found in their entry. The
    /// changes are in the order of writing. Returns what is to be told of entries that were taken for lines of ours.
    ///
    /// ```text
    /// read 5.00 h on A and 3.00 h on B; another hand has
    ///   5.00 h on A        A is held, or adopted where the company chose so; B is written
    ///   5.00 h on C        both are held: 13.00 h would stand
    ///   8.00 h of vacation both are written
    /// ```
    pub(in crate::export) fn weigh(
        &mut self,
        found: &mut Comparison,
        baseline: &Baseline<'_>,
        entries: &EntryIndex<'a>,
        tally: &mut PlanTally,
    ) -> Option<String> {
        let mut verdicts = BTreeMap::new();
        if self.rule != settings::OtherHands::Beside {
            let same_day = |one: &LineChange, other: &LineChange| day_of_line(&one.key) == day_of_line(&other.key);
            for changes in found.changes.chunk_by(same_day) {
                verdicts.extend(self.judge(changes, found, baseline, entries));
            }
        }
        let adopted = self.adopt(&verdicts, found);
        tally.held.extend(self.overfull(&verdicts, found, baseline, entries));
        found.hold(tally, |change| match verdicts.get(&change.key) {
            Some(Verdict::Hold(refusal)) if change.gains() => Some(refusal.clone()),
            _ => None,
        });
        (!adopted.is_empty()).then(|| {
            let entries: Vec<String> = adopted.iter().map(EntryId::to_string).collect();
            let entries = notes::first_few(adopted.len(), &entries);
            format!("lines that other hands entered already are taken over as they stand: entries {entries}")
        })
    }

    /// Judges the changes of one worker's day.
    fn judge(
        &self,
        changes: &[LineChange],
        found: &Comparison,
        baseline: &Baseline<'_>,
        entries: &EntryIndex<'a>,
    ) -> BTreeMap<LineKey, Verdict<'a>> {
        let mut verdicts = BTreeMap::new();
        let Some(day) = changes.first().map(|change| day_of_line(&change.key)) else {
            return verdicts;
        };
        if !changes.iter().any(LineChange::gains) {
            return verdicts;
        }
        let mut standing = self.standing(day, found, baseline, entries);
        if standing.decided().next().is_none() || self.is_covered(day, &standing, changes) {
            return verdicts;
        }
        if self.rule == settings::OtherHands::AdoptEqual {
            for (change, entry) in standing.take_equal(changes) {
                verdicts.insert(change.key.clone(), Verdict::Adopt(entry));
            }
        }
        for change in changes.iter().filter(|change| change.gains()) {
            if let Some(refusal) = standing.same_codes(change)
                && !verdicts.contains_key(&change.key)
            {
                verdicts.insert(change.key.clone(), Verdict::Hold(refusal));
            }
        }
        let left: Vec<&LineChange> = changes
            .iter()
            .filter(|change| !verdicts.contains_key(&change.key))
            .collect();
        if let Some(refusal) = standing.too_much(&left) {
            let gaining = left.into_iter().filter(|change| change.gains());
            verdicts.extend(gaining.map(|change| (change.key.clone(), Verdict::Hold(refusal.clone()))));
        }
        verdicts
    }

    /// Days on which more stands than was read although nothing more is to be written: another hand entered time beside ours,
    /// or beside what was adopted. A day of which a line is held is told by that line.
    fn overfull(
        &self,
        verdicts: &BTreeMap<LineKey, Verdict<'_>>,
        found: &Comparison,
        baseline: &Baseline<'_>,
        entries: &EntryIndex<'a>,
    ) -> Vec<Held> {
        let held = verdicts
            .iter()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Hold(_)));
        let told: BTreeSet<WorkerDay> = held.map(|(key, _)| day_of_line(key)).collect();
        let days = self.theirs.keys().filter(|_| self.rule != settings::OtherHands::Beside);
        let overfull = |day: &WorkerDay| {
            let sent = baseline.of_day(*day).iter().map(|line| &line.key);
            let key = sent.chain(verdicts.keys()).find(|key| day_of_line(key) == *day)?;
            let standing = self.standing(*day, found, baseline, entries);
            let is_read = standing.read.is_some() && standing.ours > CentiHours::default();
            let of_day = found.changes.iter().filter(|change| day_of_line(&change.key) == *day);
            let of_day: Vec<&LineChange> = of_day.collect();
            if self.is_covered(*day, &standing, of_day.iter().copied()) {
                return None;
            }
            let refusal = standing.too_much(&of_day).filter(|_| is_read)?;
            Some(Held::new(key, refusal))
        };
        days.filter(|day| !told.contains(day)).filter_map(overfull).collect()
    }

    /// Whether a person's word covers a day: others have no more on it than when that was said, and with what `changes` would
    /// give it, ours comes to no more than was read then. Of an older word only that is known that what stands is right.
    fn is_covered<'c>(
        &self,
        day: WorkerDay,
        standing: &Standing<'_>,
        changes: impl IntoIterator<Item = &'c LineChange>,
    ) -> bool {
        let Some(word) = self.facts.beside.get(&day) else {
            return false;
        };
        let gained: CentiHours = changes.into_iter().map(LineChange::gained).sum();
        let Some(read) = word.read else {
            return gained == CentiHours::default();
        };
        let was_seen = |entry: &Entry| {
            word.entries
                .get(&entry.id)
                .is_some_and(|hours| entry.content.hours <= *hours)
        };
        let gains_more = gained > CentiHours::default() && standing.ours + gained > read;
        !gains_more && standing.decided().all(was_seen)
    }

    /// What a person's word on a worker's day is said of.
    pub(in crate::export) fn seen(
        &self,
        day: WorkerDay,
        found: &Comparison,
        baseline: &Baseline<'_>,
        entries: &EntryIndex<'a>,
    ) -> Beside {
        let standing = self.standing(day, found, baseline, entries);
        let of_day = || baseline.of_day(day).iter();
        let deleted = of_day().filter(|line| entries.is_gone(line));
        let deleted = deleted.filter_map(|line| Some((line.entry, found.as_noted(line).notes.lacked?)));
        let lowered = of_day().filter_map(|line| {
            let (entry, sent) = (entries.get(line.entry)?, line.sent.as_ref()?);
            (entry.content.hours < sent.hours).then(|| (entry.id, Lowered::of(entry)))
        });
        Beside {
            read: Some(standing.read.unwrap_or(standing.ours)),
            entries: standing
                .decided()
                .map(|entry| (entry.id, entry.content.hours))
                .collect(),
            deleted: deleted.collect(),
            lowered: lowered.collect(),
        }
    }

    /// How many hours others have on each worker's day, beside those of which somebody said that they are right beside ours.
    pub(in crate::export) fn hours(&self) -> BTreeMap<WorkerDay, CentiHours> {
        let is_right = |day: &WorkerDay, entry: &Entry| {
            let word = self.facts.beside.get(day);
            word.is_some_and(|word| word.read.is_none() || word.entries.contains_key(&entry.id))
        };
        let of_day = |(day, entries): (&WorkerDay, &Vec<&'a Entry>)| {
            let others = entries.iter().copied().filter(|entry| !is_right(day, entry));
            (*day, sum(others))
        };
        self.theirs.iter().map(of_day).collect()
    }

    /// Whether another hand entered time on a worker's day.
    pub(in crate::export) fn entered(&self, day: WorkerDay) -> bool {
        self.theirs.contains_key(&day)
    }

    fn standing(
        &self,
        day: WorkerDay,
        found: &Comparison,
        baseline: &Baseline<'_>,
        entries: &EntryIndex<'a>,
    ) -> Standing<'a> {
        let of_day = |entries: &BTreeMap<WorkerDay, Vec<&'a Entry>>| entries.get(&day).cloned().unwrap_or_default();
        let lines = || baseline.of_day(day).iter();
        let raised = lines().filter_map(|line| {
            let entry = entries.get(line.entry)?;
            let is_more = line.ours_of(entry.content.hours) < entry.content.hours;
            (is_more && !holds_ours(entry, line)).then_some(entry)
        });
        let ours: BTreeMap<EntryId, &Entry> = lines()
            .filter_map(|line| entries.get(line.entry))
            .chain(of_day(&self.ours))
            .filter(|entry| day_of(entry) == day)
            .map(|entry| (entry.id, entry))
            .collect();
        let moved = found.moved.iter().filter_map(|id| entries.get(*id));
        Standing {
            theirs: of_day(&self.theirs),
            moved: moved.filter(|entry| day_of(entry) == day).collect(),
            raised: raised.filter(|entry| day_of(entry) == day).collect(),
            ours: sum(ours.into_values()),
            read: found.read.get(&day).copied().filter(|_| !self.in_part),
        }
    }

    /// Takes what is adopted out of the changes, to be remembered as it stands. It is ours from then on.
    fn adopt(&mut self, verdicts: &BTreeMap<LineKey, Verdict<'a>>, found: &mut Comparison) -> Vec<EntryId> {
        let mut adopted = Vec::new();
        let Comparison {
            changes,
            agreed,
            unchanged,
            ..
        } = found;
        changes.retain(|change| {
            let Some(Verdict::Adopt(entry)) = verdicts.get(&change.key) else {
                return true;
            };
            agreed.insert(change.key.clone(), adopted_line(change, entry));
            *unchanged += 1;
            adopted.push(*entry);
            false
        });
        let adopted: BTreeMap<EntryId, &Entry> = adopted.into_iter().map(|entry| (entry.id, entry)).collect();
        for theirs in self.theirs.values_mut() {
            theirs.retain(|entry| !adopted.contains_key(&entry.id));
        }
        for entry in adopted.values() {
            self.ours.entry(day_of(entry)).or_default().push(entry);
        }
        adopted.into_keys().collect()
    }

    /// What stands by other hands on such workers' days.
    pub(in crate::export) fn total(&self, is_asked: impl Fn(WorkerId, NaiveDate) -> bool) -> ByOtherHands {
        let asked = self
            .theirs
            .iter()
            .filter(|((worker, date), _)| is_asked(*worker, *date));
        let entries: Vec<&Entry> = asked.flat_map(|(_, entries)| entries.iter().copied()).collect();
        ByOtherHands {
            hours: sum(entries.iter().copied()),
            entries: entries.len(),
        }
    }
}

/// Notes how many hours were read of the days on which lines gain some, or that another hand `entered` time on: those of
/// the lines, as they would be sent, and `held` ones.
pub(in crate::export) fn note_read(
    lines: &[Line<'_>],
    held: &HeldTime,
    entered: impl Fn(WorkerDay) -> bool,
    found: &mut Comparison,
) {
    let gaining = found.changes.iter().filter(|change| change.gains());
    let gaining: BTreeSet<WorkerDay> = gaining.map(|change| day_of_line(&change.key)).collect();
    // Lines are in order of their keys, so that those of a day follow one another.
    for of_day in lines.chunk_by(|one, other| day_of_line(one.key) == day_of_line(other.key)) {
        let day = day_of_line(of_day[0].key);
        if gaining.contains(&day) || entered(day) {
            let hours: CentiHours = of_day.iter().map(|line| line.content.hours).sum();
            found.read.insert(day, hours + held.hours(day.1));
        }
    }
}

/// Notes an entry of ours that the office moved to another day or worker: there it is another hand's.
pub(super) fn note_moved(stored: &StoredLine, entries: &EntryIndex<'_>, found: &mut Comparison) {
    let entry = entries.get(stored.entry);
    if let Some(entry) = entry.filter(|entry| day_of(entry) != day_of_line(&stored.key)) {
        found.moved.push(entry.id);
    }
}

/// The line that stands in another hand's entry. What the entry has otherwise, such as its note, is no edit, as little as
/// what Procore itself stores otherwise.
fn adopted_line(change: &LineChange, entry: &Entry) -> StoredLine {
    let entry = entry.clone().filled_from(&change.content);
    StoredLine {
        provenance: Provenance::Adopted,
        ..StoredLine::answered(change, &entry)
    }
}

fn day_of(entry: &Entry) -> WorkerDay {
    (entry.content.worker, entry.content.date)
}

fn day_of_line(key: &LineKey) -> WorkerDay {
    (key.worker, key.date)
}

#[cfg(test)]
mod tests;
