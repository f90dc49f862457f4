//! By how many hours what stands by our hand is more than ExakTime has, line by line (see [`super::super::kept`]).

use chrono::NaiveDate;

use super::Compare;
use crate::export::diff::comparison::Comparison;
use crate::export::diff::doubles::Double;
use crate::export::diff::file_time::FileTime;
use crate::export::diff::kept::{Kept, KeptDays, Reach};
use crate::ledger::recover::{holds_ours, ours_of};
use crate::ledger::{Gone, Lowered, StoredLine};
use crate::model::{CentiHours, Entry};

/// How many hours of an entry stand for a line of which ExakTime `has` so many: what the office made more of it is its own, as far
/// as ExakTime does not have it too.
fn stands_of(entry: &Entry, stored: &StoredLine, has: CentiHours) -> CentiHours {
    let all = entry.content.hours;
    // Whose hours they are takes a fingerprint to tell, and matters only of what ExakTime does not have.
    if has >= all {
        all
    } else {
        ours_of(entry, stored).max(has)
    }
}

impl Compare<'_> {
    /// Notes by how many hours what stands for a line is more than ExakTime `has` for it. What the office made more of it is
    /// its own. Hours that are back were not what somebody was told of.
    pub(super) fn note_kept(&self, stored: &StoredLine, has: CentiHours, kept: &mut KeptDays, found: &mut Comparison) {
        let decided = self.kept_of(stored, has, kept);
        if stored.notes.told > decided {
            found.remember(stored, |line| line.notes.told = decided);
        }
    }

    /// Adds what is kept of a line. Returns how many hours that the office deleted or took off ExakTime does not have for it.
    fn kept_of(&self, stored: &StoredLine, has: CentiHours, kept: &mut KeptDays) -> CentiHours {
        // Of a line that stands for nobody of its worker any more, the time that comes under its key is another's.
        let has = if self.against.relinked.left_behind(stored) {
            CentiHours::default()
        } else {
            has
        };
        let doubles = self.against.doubles.of(&stored.key, Some(stored)).map(Double::hours);
        let entry = self.entries.get(stored.entry);
        let (stands, reach) = match (doubles, entry) {
            (Some(doubles), _) => (doubles, Reach::Everywhere),
            (None, Some(entry)) => (stands_of(entry, stored, has), self.reach(stored)),
            (None, None) => self.kept_without_entry(stored, has, kept),
        };
        let entry = entry.map(|entry| entry.content.hours);
        let mut decided = CentiHours::default();
        if stands > has {
            kept.add(stored, self.against.relinked.whose(stored), stands - has, reach);
            if reach == Reach::Deleted {
                decided = stands - has;
            }
        }
        let left = entry.or((reach != Reach::Deleted).then_some(stands));
        let taken_off = left.map_or(CentiHours::default(), |left| self.taken_off(stored, left.max(has)));
        if taken_off > CentiHours::default() {
            kept.add(stored, self.against.relinked.whose(stored), taken_off, Reach::Deleted);
            decided += taken_off;
        }
        decided
    }

    /// How many hours the office took off an entry, of which so many stand or are ExakTime's under the line's own key.
    fn taken_off(&self, stored: &StoredLine, stands: CentiHours) -> CentiHours {
        let sent = stored.sent.as_ref().map_or(stands, |sent| sent.hours);
        let is_ours = || {
            let entry = self.entries.get(stored.entry);
            entry.is_some_and(|entry| holds_ours(entry, stored))
        };
        if sent > stands && !is_ours() && !self.may_come_again(stored) && !self.may_be_made_up(stored) {
            sent - stands
        } else {
            CentiHours::default()
        }
    }

    /// Whether a person's word lets be written beside an entry what the office had taken off it when that was said.
    fn may_be_made_up(&self, stored: &StoredLine) -> bool {
        let word = self.facts.beside.get(&(stored.key.worker, stored.key.date));
        let had = word.and_then(|word| word.lowered.get(&stored.entry)).copied();
        had.is_some() && had == self.entries.get(stored.entry).map(Lowered::of)
    }

    /// How many hours a line without an entry may still have, and where they may be found again. It may stand elsewhere, or one
    /// list lacks it; another hand may have entered them in its place; and what was deleted does not come again on that day
    /// unless a person says so, or both sides had agreed that it is gone.
    fn kept_without_entry(&self, stored: &StoredLine, has: CentiHours, kept: &mut KeptDays) -> (CentiHours, Reach) {
        let day = (stored.key.worker, stored.key.date);
        let sent = stored.sent.as_ref().map_or(has, |sent| sent.hours);
        if !self.entries.is_gone(stored) {
            return (sent, self.reach(stored));
        }
        let theirs = self.against.theirs.get(&day).copied().unwrap_or_default();
        let in_theirs = kept.taken_over(day, sent, theirs);
        if in_theirs > CentiHours::default() {
            (in_theirs, self.reach(stored))
        } else if stored.notes.gone == Some(Gone::Agreed) || self.may_come_again(stored) {
            (has, Reach::Deleted)
        } else {
            (sent, Reach::Deleted)
        }
    }

    /// The hours of a day that were read of people who count as nobody.
    pub(super) fn of_nobody(&self, kept: &Kept, date: NaiveDate) -> CentiHours {
        CentiHours::nearest(self.removal.evidence.of_nobody(&kept.nobodies, date))
    }

    /// Where time of a line may be that is gone from the list: a file tells of nothing but the people in it, on its own days.
    fn reach(&self, stored: &StoredLine) -> Reach {
        let covers = |file: &FileTime<'_>| file.covers(&self.against.relinked.employees_of(stored), stored.key.date);
        if self.file.as_ref().is_none_or(covers) {
            Reach::Everywhere
        } else {
            Reach::Day
        }
    }
}
