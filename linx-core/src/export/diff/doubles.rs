//! Lines of ours that stand in more than one entry (hazard B15).
//!
//! A request that arrived after it was given up, a second run, a copy of the ledger: whatever the cause, the hours of the
//! line are paid as often as its mark stands. Every run that reads them tells of it. The younger entry is deleted where it is
//! proven that this ledger sent both and nobody has touched either; all else is a person's matter.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::baseline::{Baseline, RecoveredLines};
use super::comparison::Comparison;
use super::entry_index::EntryIndex;
use crate::change::{Carried, LineAction, LineChange, LineKey, LineView};
use crate::export::facts::ExportFacts;
use crate::export::lines::Line;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::recover::{marked_for_another, read_mark};
use crate::ledger::{CLOCKS_DIFFER, JournalEntry, Outcome, StoredLine, Write};
use crate::model::{CentiHours, Entry};

/// How long after it was sent a request is still taken for the cause of an entry.
const ARRIVES_WITHIN: TimeDelta = TimeDelta::hours(12);

/// The lines that stand more than once, by their keys.
pub(in crate::export) struct Doubles<'a>(BTreeMap<LineKey, Double<'a>>);

/// A line that stands more than once.
pub(super) struct Double<'a> {
    line: &'a StoredLine,
    /// Where it stands, the oldest first.
    entries: Vec<&'a Entry>,
    eldest: &'a Entry,
    youngest: &'a Entry,
    /// What the journal has of it.
    writes: Vec<&'a JournalEntry>,
}

impl<'a> Doubles<'a> {
    pub(in crate::export) fn new(
        facts: &'a ExportFacts,
        entries: &EntryIndex<'a>,
        recovered: &RecoveredLines<'a>,
        baseline: &Baseline<'a>,
    ) -> Self {
        let mut marked: BTreeMap<LineKey, Vec<&Entry>> = BTreeMap::new();
        for entry in &recovered.unknown {
            // A copy on another day or for another worker is that day's time by another hand (hazard D26).
            let is_at_home = |key: &LineKey| (key.worker, key.date) == (entry.content.worker, entry.content.date);
            if let Some((key, _)) = read_mark(entry).filter(|(key, _)| is_at_home(key)) {
                marked.entry(key).or_default().push(entry);
            }
        }
        let double = |(key, mut stands): (LineKey, Vec<&'a Entry>)| {
            let line = baseline.get(&key)?;
            // Where the ledger has the line in another line's entry, that is damage and no double (hazard B10).
            let own = entries
                .get(line.entry)
                .filter(|own| stands.iter().all(|entry| entry.id != own.id) && marked_for_another(own, line).is_none());
            stands.extend(own);
            stands.sort_by_key(|entry| entry.id);
            let is_of_it = |write: &&JournalEntry| matches!(&write.write, Write::Line(change) if change.key == key);
            let writes = facts.line_writes.iter().filter(is_of_it).collect();
            let [eldest, .., youngest] = *stands.as_slice() else {
                return None;
            };
            let double = Double {
                line,
                entries: stands,
                eldest,
                youngest,
                writes,
            };
            Some((key, double))
        };
        Self(marked.into_iter().filter_map(double).collect())
    }

    pub(super) fn of(&self, key: &LineKey) -> Option<&Double<'a>> {
        self.0.get(key)
    }

    /// Those that a plan neither holds nor mends: of days that were not asked for.
    pub(in crate::export) fn untold<'s>(&'s self, held: &'s [Held], changes: &'s [LineChange]) -> Vec<Held> {
        let is_told = |key: &LineKey| {
            let is_held = |held: &Held| held.reason == Reason::StandsTwice && held.subject == key.into();
            held.iter().any(is_held) || changes.iter().any(|change| change.key == *key)
        };
        let untold = self.0.iter().filter(|(key, _)| !is_told(key));
        untold.map(|(key, double)| Held::new(key, double.told(""))).collect()
    }
}

impl Double<'_> {
    /// How many hours stand in all its entries.
    pub(super) fn hours(&self) -> CentiHours {
        self.entries.iter().map(|entry| entry.content.hours).sum()
    }

    /// Judges a line that has time. Its hours stand where the younger entry is to go and the older one is as it should be;
    /// else they are held, and nothing but that deletion is written for the line.
    pub(super) fn judge(&self, line: &Line<'_>, found: &mut Comparison) -> Result<(), Refusal> {
        if let Some(unproven) = self.unproven() {
            return Err(self.told(&unproven));
        }
        let stands = self.entries.len() == 2 && self.as_sent(self.eldest).content == line.content;
        let carries = if stands { line.carries() } else { Vec::new() };
        self.delete_youngest(line.view(), carries, found);
        if stands {
            return Ok(());
        }
        Err(self.told("the youngest is deleted, and the line is looked at again by the next run"))
    }

    /// Judges a line without time, of a worker who was asked for or not.
    pub(super) fn judge_gone(&self, view: LineView, is_asked: bool, found: &mut Comparison) -> Refusal {
        match self.unproven() {
            Some(unproven) => self.told(&unproven),
            None if !is_asked => self.told(""),
            None => {
                self.delete_youngest(view, Vec::new(), found);
                self.told("the youngest is deleted, and the line is looked at again by the next run")
            }
        }
    }

    /// Plans to delete the youngest entry; the line stands in the oldest one from now on.
    fn delete_youngest(&self, view: LineView, carries: Vec<Carried>, found: &mut Comparison) {
        let (key, elder, youngest) = (&self.line.key, self.eldest, self.youngest);
        found.changes.push(LineChange {
            key: key.clone(),
            action: LineAction::Delete,
            entry: Some(youngest.id),
            content: youngest.content.clone(),
            before: Some(youngest.content.hours),
            view,
            why: format!("it stands twice by our own hand: the older entry {} stays", elder.id),
            carries,
            zone: None,
            double_of: Some(elder.id),
        });
        if self.line.entry != elder.id {
            let line = StoredLine {
                entry: elder.id,
                ..self.line.clone()
            };
            found.agreed.insert(key.clone(), line);
        }
    }

    /// Why it is not proven that all are ours and untouched, if it is not.
    fn unproven(&self) -> Option<String> {
        let sent = self.sent();
        if sent < self.entries.len() {
            return Some("somebody copied it, or another ledger is at work".to_owned());
        }
        if !self.is_of_a_send(self.youngest) {
            return Some(format!(
                "entry {} was made at another time than it was sent",
                self.youngest.id
            ));
        }
        let changed = self.entries.iter().find(|entry| !self.is_untouched(entry));
        changed.map(|entry| format!("entry {} was changed, reviewed, signed or split", entry.id))
    }

    /// How many entries this ledger may have made of it that it has not deleted since. A send that was refused made none.
    fn sent(&self) -> usize {
        let is_refused = |write: &JournalEntry| matches!(write.outcome, Some(Outcome::Refused(_)));
        let count = |action: LineAction| {
            let is_of = |write: &JournalEntry| matches!(&write.write, Write::Line(change) if change.action == action);
            let may_be_done = self.writes.iter().filter(|write| is_of(write) && !is_refused(write));
            may_be_done.count()
        };
        count(LineAction::Create).saturating_sub(count(LineAction::Delete))
    }

    /// Whether an entry was made when this ledger sent the line: a copy of a person's is made at any other time.
    fn is_of_a_send(&self, entry: &Entry) -> bool {
        let Some(created) = entry.created else {
            return false;
        };
        let is_create =
            |write: &&JournalEntry| matches!(&write.write, Write::Line(change) if change.action == LineAction::Create);
        let mut sends = self.writes.iter().copied().filter(is_create);
        sends.any(|write| (write.at - CLOCKS_DIFFER..=write.at + ARRIVES_WITHIN).contains(&created))
    }

    /// Whether an entry is as it was sent, or as Procore stored what was sent, and open.
    fn is_untouched(&self, entry: &Entry) -> bool {
        let whole = self.as_sent(entry);
        let is_as_marked = || read_mark(entry).is_some_and(|(_, untouched)| untouched);
        let is_as_written = || {
            self.writes.iter().any(|write| match &write.write {
                Write::Line(change) => change.action != LineAction::Delete && change.content == whole.content,
                Write::Record(_) => false,
            })
        };
        let is_ours = self.line.is_untouched(&whole.content) || is_as_marked() || is_as_written();
        is_ours && entry.is_open() && entry.parts.is_empty()
    }

    /// The entry with what the list does not tell of it.
    fn as_sent(&self, entry: &Entry) -> Entry {
        match &self.line.sent {
            Some(sent) => entry.clone().filled_from(sent),
            None => entry.clone(),
        }
    }

    /// Names the entries and what the journal knows of them.
    fn told(&self, more: &str) -> Refusal {
        let entries: Vec<String> = self
            .entries
            .iter()
            .map(|entry| format!("{} h in entry {}", entry.content.hours, entry.id))
            .collect();
        let runs: Vec<String> = self
            .writes
            .iter()
            .filter(|write| matches!(&write.write, Write::Line(change) if change.action == LineAction::Create))
            .map(|write| write.run.to_string())
            .collect();
        let sent = match runs.as_slice() {
            [] => "by no run of this ledger".to_owned(),
            runs => format!("sent by run {}", runs.join(" and ")),
        };
        let more = if more.is_empty() {
            String::new()
        } else {
            format!("; {more}")
        };
        Refusal::new(Reason::StandsTwice, format!("{}, {sent}{more}", entries.join(" and ")))
    }
}
