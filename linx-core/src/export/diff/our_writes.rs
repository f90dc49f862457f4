//! What our own requests would have left of a line: asked before something is called the office's decision (hazards A15, B7).
//!
//! A request that was given up may arrive all the same, whatever was noted of it. What it would have left looks like an edit or a
//! deletion by the office, and would be left out for ever.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::{DateTime, TimeDelta, Utc};

use crate::change::{LineAction, LineChange, LineKey};
use crate::hold::{Reason, Refusal};
use crate::ledger::{CLOCKS_DIFFER, Effect, IntentId, JournalEntry, Look, Moment, Outcome, Write};
use crate::model::{Entry, EntryId, UserId};

/// The writes of the journal that may have been stored, of the lines that are not as they were sent.
pub(super) struct OurWrites<'a>(Vec<(&'a JournalEntry, &'a LineChange)>);

impl<'a> OurWrites<'a> {
    /// A write that was refused by the service itself left nothing.
    pub(super) fn new(line_writes: &'a [JournalEntry]) -> Self {
        let may_be_stored = |write: &&JournalEntry| !matches!(write.outcome, Some(Outcome::Refused(_)));
        let of_line = |write: &'a JournalEntry| match &write.write {
            Write::Line(change) => Some((write, change.as_ref())),
            Write::Record(_) => None,
        };
        Self(line_writes.iter().filter(may_be_stored).filter_map(of_line).collect())
    }

    /// Why an entry is not known to be the office's value, if one of our updates would have left it as it is. Where the entry
    /// has a mark, that tells by itself (`holds_ours` in `ledger/recover.rs`).
    pub(super) fn left(&self, entry: &Entry) -> Option<Refusal> {
        let is_it = |change: &LineChange| change.action == LineAction::Update && change.content == entry.content;
        let write = self.newest(entry.id, is_it).filter(|_| entry.origin.is_none())?;
        let hours = entry.content.hours;
        Some(refusal(write, &format!("entry {} has the {hours} h", entry.id)))
    }

    /// Why an entry that is not there is not known to be deleted by the office, if we have sent its deletion.
    pub(super) fn deleted(&self, entry: EntryId) -> Option<Refusal> {
        let write = self.newest(entry, |change| change.action == LineAction::Delete)?;
        Some(refusal(write, &format!("entry {entry} is gone as by the deletion")))
    }

    fn newest(&self, entry: EntryId, is_it: impl Fn(&LineChange) -> bool) -> Option<&'a JournalEntry> {
        let mut writes = self.0.iter().rev();
        let found = writes.find(|(_, change)| change.entry == Some(entry) && is_it(change));
        found.map(|(write, _)| *write)
    }
}

/// The entry that a write of the journal changed, deleted or made, where that is known.
pub(super) fn entry_of(entry: &JournalEntry) -> Option<EntryId> {
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

/// A moment of ours by the service's clock, as far apart as they are now (hazard D27).
pub(super) fn by_the_service(at: DateTime<Utc>, look: &Look) -> DateTime<Utc> {
    let Moment { here, there } = look.at;
    at + there.map_or(TimeDelta::zero(), |there| there - here)
}

/// Whether an entry was gone once, as the writes of its line tell, the oldest first, with what this look `concluded` of them: Linx
/// deleted it; or the line was made anew after it, which is done only when somebody else has deleted it. Whoever put it back, it was not
/// Linx (hazard B7).
pub(super) fn was_gone(writes: &[&JournalEntry], concluded: &[(IntentId, Outcome)], entry: EntryId) -> bool {
    let made = writes.iter().filter_map(|write| {
        let known = concluded.iter().find(|(id, _)| *id == write.id);
        made(write, known.map(|(_, outcome)| outcome).or(write.outcome.as_ref())?)
    });
    let is_made_anew = made.skip_while(|made| *made != entry).any(|made| made != entry);
    is_made_anew || writes.iter().any(|write| is_deletion(write, entry))
}

/// Whether a write of the journal can have made an entry: one of which it is known what it made has made that, one that was refused
/// nothing, and any other what was made while its request could arrive. A person's copy is made at any other time.
pub(super) fn may_have_made(write: &JournalEntry, entry: &Entry, look: &Look) -> bool {
    if !is_create(write) || matches!(write.outcome, Some(Outcome::Refused(_))) {
        return false;
    }
    if let Some(made) = made_by(write) {
        return made == entry.id;
    }
    let is_then = |created| arrives(write, look).iter().any(|arrives| arrives.contains(&created));
    entry.created.is_some_and(is_then)
}

/// Who made an entry that has our mark.
pub(super) enum Maker {
    ThisLedger,
    AnotherLedger,
    Person,
}

/// Who made an entry with the mark of a line: we did, where one of these writes of the line can have made it; another ledger, where the user
/// did who made those that stand, and none of the writes was under way; else a person, with a copy. `authors` are the users who made
/// those that stand.
pub(super) fn maker(entry: &Entry, writes: &[&JournalEntry], authors: &BTreeSet<UserId>, look: &Look) -> Maker {
    let author = entry.author.filter(|_| !authors.is_empty());
    match author.map(|author| authors.contains(&author)) {
        Some(false) => Maker::Person,
        _ if writes.iter().any(|write| may_have_made(write, entry, look)) => Maker::ThisLedger,
        Some(true) if writes.iter().all(|write| is_made_later(write, entry, look)) => Maker::AnotherLedger,
        Some(true) | None => Maker::Person,
    }
}

/// Whether an entry was made when a write of the journal could not arrive any more.
fn is_made_later(write: &JournalEntry, entry: &Entry, look: &Look) -> bool {
    let is_after = |created| arrives(write, look).iter().all(|arrives| created > *arrives.end());
    entry.created.is_some_and(is_after)
}

/// When a write may have arrived, by the service's clock: as far from ours as it is now, or not at all, since one may have been set meanwhile.
fn arrives(write: &JournalEntry, look: &Look) -> [RangeInclusive<DateTime<Utc>>; 2] {
    [by_the_service(write.at, look), write.at]
        .map(|sent| sent - CLOCKS_DIFFER..=sent + look.settle.span() + CLOCKS_DIFFER)
}

/// The entry that a create made, where that is known.
pub(super) fn made_by(write: &JournalEntry) -> Option<EntryId> {
    made(write, write.outcome.as_ref()?)
}

pub(super) fn is_create(write: &JournalEntry) -> bool {
    matches!(&write.write, Write::Line(change) if change.action == LineAction::Create)
}

/// The entry that a create of the journal made.
fn made(write: &JournalEntry, outcome: &Outcome) -> Option<EntryId> {
    match (&write.write, outcome) {
        (Write::Line(change), Outcome::Done(Effect::LineStored(line))) if change.action == LineAction::Create => {
            Some(line.entry)
        }
        _ => None,
    }
}

/// Whether a write of the journal deleted an entry.
fn is_deletion(write: &JournalEntry, entry: EntryId) -> bool {
    let Write::Line(change) = &write.write else {
        return false;
    };
    let is_done = matches!(write.outcome, Some(Outcome::Done(_)));
    is_done && change.action == LineAction::Delete && change.entry == Some(entry)
}

fn refusal(write: &JournalEntry, left: &str) -> Refusal {
    let (run, at) = (write.run, write.at.format("%Y-%m-%d %H:%M UTC"));
    Refusal::new(Reason::LateOrOffice, format!("{left} that run {run} sent at {at}"))
}
