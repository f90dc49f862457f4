//! Lines with time whose entry is not there.

use super::Compare;
use crate::export::diff::comparison::Comparison;
use crate::export::lines::Line;
use crate::hold::{Reason, Refusal};
use crate::ledger::{Gone, Provenance, StoredLine};

impl Compare<'_> {
    /// Errors with why a line whose entry is not there does not stand: the office took it away, unless the list is not whole. One
    /// that we may have deleted ourselves is made again on a person's word that what is written on that day is right.
    pub(super) fn without_entry(
        &self,
        line: &Line<'_>,
        stored: &StoredLine,
        same_as_sent: bool,
        found: &mut Comparison,
    ) -> Result<(), Refusal> {
        if !self.facts.entries.proves_absence() {
            return Err(Refusal::new(Reason::IncompleteList, "entries of these days"));
        }
        if !self.entries.has_left(stored) {
            self.note_recovered(stored, found);
            let detail = format!(
                "entry {} is not in this list of these days, and may be in the next",
                stored.entry
            );
            return Err(Refusal::new(Reason::IncompleteList, detail));
        }
        if stored.notes.gone == Some(Gone::Agreed) || self.may_come_again(stored) {
            return self.new_line(line, found);
        }
        if let Some(refusal) = self.our_writes.deleted(stored.entry) {
            return Err(refusal);
        }
        if self.may_be_the_lost_ledgers(stored) {
            self.note_recovered(stored, found);
            return self.new_line(line, found);
        }
        let day = (line.key.worker, line.key.date);
        let theirs = self.against.theirs.get(&day).copied().unwrap_or_default();
        // Where somebody has typed the hours anew that ExakTime has by now, nothing is left to decide.
        let is_decided = same_as_sent || found.is_retyped(day, theirs, line.content.hours);
        if is_decided && self.entries.is_gone(stored) && stored.notes.gone != Some(Gone::LeftOut) {
            found.remember(stored, |line| line.notes.gone = Some(Gone::LeftOut));
        }
        let reason = if is_decided {
            Reason::DeletedInOffice
        } else {
            Reason::EditedOnBothSides
        };
        let detail = format!("entry {} was deleted or moved to another day", stored.entry);
        Err(Refusal::new(reason, detail))
    }

    /// Notes a line whose entry is gone as one that this ledger never wrote, until a person has compared it, where the lost ledger may have
    /// deleted it (hazard B12).
    pub(super) fn note_recovered(&self, stored: &StoredLine, found: &mut Comparison) {
        let is_written = found.as_noted(stored).provenance == Provenance::Written;
        if is_written && self.may_be_the_lost_ledgers(stored) {
            found.remember(stored, |line| line.provenance = Provenance::Recovered);
        }
    }

    /// Whether the lost ledger may have deleted the entry of a line, of which the office is not known to have decided.
    fn may_be_the_lost_ledgers(&self, stored: &StoredLine) -> bool {
        let is_settled = stored.notes.gone.is_some_and(Gone::is_settled);
        !is_settled && self.entries.may_be_gone(stored) && self.against.lost.may_have_deleted(stored)
    }

    /// Whether a person's word lets be written again what an entry of ours had that was deleted when it was said, and has not been
    /// back since.
    pub(super) fn may_come_again(&self, stored: &StoredLine) -> bool {
        let word = self.facts.beside.get(&(stored.key.worker, stored.key.date));
        word.is_some_and(|word| {
            stored.notes.lacked.is_some() && word.deleted.get(&stored.entry) == stored.notes.lacked.as_ref()
        })
    }
}
