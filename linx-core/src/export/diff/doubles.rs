//! Lines of ours that stand in more than one entry (hazard B15).
//!
//! A request that arrived after it was given up, a second run, a copy of the ledger: whatever the cause, the hours of the
//! line are paid as often as its mark stands. Every run that reads them tells of it. The younger entry is deleted where it is
//! proven that this ledger sent both and nobody has touched either; all else is a person's matter.

use std::collections::BTreeMap;

use super::baseline::{Baseline, RecoveredLines};
use super::comparison::Comparison;
use super::entry_index::EntryIndex;
use super::our_writes::{is_create, made_by, may_have_made, was_gone};
use crate::change::{Carried, LineAction, LineChange, LineKey, LineView};
use crate::export::facts::ExportFacts;
use crate::export::lines::Line;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::recover::{marked_for_another, read_mark};
use crate::ledger::{IntentId, JournalEntry, Look, Outcome, StoredLine, Write};
use crate::model::{CentiHours, Entry, EntryId};

/// The lines that stand more than once, by the keys of the marks and by the entries that the ledger has them in: a code may be
/// called otherwise since (hazard C18).
pub(in crate::export) struct Doubles<'a> {
    marked: BTreeMap<LineKey, Double<'a>>,
    stored: BTreeMap<EntryId, LineKey>,
}

/// A line that stands more than once.
pub(super) struct Double<'a> {
    line: &'a StoredLine,
    /// Where it stands, the oldest first.
    entries: Vec<&'a Entry>,
    eldest: &'a Entry,
    youngest: &'a Entry,
    /// What the journal has of it.
    writes: Vec<&'a JournalEntry>,
    /// What this look concluded of open intents.
    concluded: &'a [(IntentId, Outcome)],
    /// When and by which clocks the entries were read.
    look: &'a Look,
}

impl<'a> Doubles<'a> {
    pub(in crate::export) fn new(
        facts: &'a ExportFacts,
        entries: &EntryIndex<'a>,
        recovered: &'a RecoveredLines<'a>,
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
            let line = baseline.get(&key).or_else(|| recovered.called_otherwise(&key))?;
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
                concluded: &recovered.outcomes,
                look: &facts.look,
            };
            Some((key, double))
        };
        let marked: BTreeMap<LineKey, Double<'a>> = marked.into_iter().filter_map(double).collect();
        let stored = marked.iter().map(|(key, double)| (double.line.entry, key.clone()));
        Self {
            stored: stored.collect(),
            marked,
        }
    }

    /// The double of a line by its key now, or by the entry in which it is `stored`.
    pub(super) fn of(&self, key: &LineKey, stored: Option<&StoredLine>) -> Option<&Double<'a>> {
        let by_entry = || self.marked.get(self.stored.get(&stored?.entry)?);
        self.marked.get(key).or_else(by_entry)
    }

    /// Those that a plan neither holds nor mends: of days that were not asked for.
    pub(in crate::export) fn untold<'s>(&'s self, held: &'s [Held], changes: &'s [LineChange]) -> Vec<Held> {
        let is_told = |key: &LineKey, double: &Double<'_>| {
            // By its entries: the line may have another key now.
            let named = double.named();
            let is_held = |held: &Held| held.reason == Reason::StandsTwice && held.detail.starts_with(&named);
            let is_changed = |change: &LineChange| {
                let entry = change.entry.filter(|_| change.double_of.is_some());
                change.key == *key || entry == Some(double.youngest.id)
            };
            held.iter().any(is_held) || changes.iter().any(is_changed)
        };
        let untold = self.marked.iter().filter(|(key, double)| !is_told(key, double));
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
        self.delete_youngest(line.key, line.view(), carries, found);
        if stands {
            return Ok(());
        }
        Err(self.told("the youngest is deleted, and the line is looked at again by the next run"))
    }

    /// Judges a line without time, of a worker who was asked for or not.
    pub(super) fn judge_gone(&self, key: &LineKey, view: LineView, is_asked: bool, found: &mut Comparison) -> Refusal {
        match self.unproven() {
            Some(unproven) => self.told(&unproven),
            None if !is_asked => self.told(""),
            None => {
                self.delete_youngest(key, view, Vec::new(), found);
                self.told("the youngest is deleted, and the line is looked at again by the next run")
            }
        }
    }

    /// Plans to delete the youngest entry; the line, which has this key now, stands in the oldest one from now on.
    fn delete_youngest(&self, key: &LineKey, view: LineView, carries: Vec<Carried>, found: &mut Comparison) {
        let (elder, youngest) = (self.eldest, self.youngest);
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
            touched: youngest.updated,
        });
        if self.line.entry != elder.id {
            let line = StoredLine {
                key: key.clone(),
                entry: elder.id,
                ..self.line.clone()
            };
            found.agreed.insert(key.clone(), line);
        }
    }

    /// Why it is not proven that all are ours and untouched, if it is not.
    fn unproven(&self) -> Option<String> {
        if let Some(entry) = self.unaccounted() {
            return Some(format!(
                "no send of this ledger can have made entry {}: somebody copied it, or another ledger is at work",
                entry.id
            ));
        }
        if let Some(entry) = self.entries.iter().find(|entry| self.was_deleted(entry)) {
            return Some(format!("entry {} had been deleted, and somebody put it back", entry.id));
        }
        let (first, others) = self.entries.split_first()?;
        if let Some(entry) = others.iter().find(|entry| entry.author != first.author) {
            return Some(format!("entry {} was made by another user", entry.id));
        }
        let changed = self.entries.iter().find(|entry| !self.is_untouched(entry));
        changed.map(|entry| format!("entry {} was changed, reviewed, signed or split", entry.id))
    }

    /// Whether an entry had been deleted, by Linx or by somebody else.
    fn was_deleted(&self, entry: &Entry) -> bool {
        was_gone(&self.writes, self.concluded, entry.id)
    }

    /// An entry that no send of this ledger accounts for, if there is one. Each send accounts for one.
    fn unaccounted(&self) -> Option<&Entry> {
        let (mut sends, unknown): (Vec<_>, Vec<_>) =
            self.writes.iter().copied().partition(|write| made_by(write).is_some());
        sends.extend(unknown);
        let mut entries = self.entries.iter().copied();
        entries.find(|entry| {
            let at = sends.iter().position(|send| may_have_made(send, entry, self.look));
            at.map(|at| sends.remove(at)).is_none()
        })
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

    /// Names the entries.
    fn named(&self) -> String {
        let entries: Vec<String> = self
            .entries
            .iter()
            .map(|entry| format!("{} h in entry {}", entry.content.hours, entry.id))
            .collect();
        entries.join(" and ")
    }

    /// Names the entries and what the journal knows of them.
    fn told(&self, more: &str) -> Refusal {
        let creates = self.writes.iter().filter(|write| is_create(write));
        let runs: Vec<String> = creates.map(|write| write.run.to_string()).collect();
        let sent = match runs.as_slice() {
            [] => "by no run of this ledger".to_owned(),
            runs => format!("sent by run {}", runs.join(" and ")),
        };
        let more = if more.is_empty() {
            String::new()
        } else {
            format!("; {more}")
        };
        Refusal::new(Reason::StandsTwice, format!("{}, {sent}{more}", self.named()))
    }
}
