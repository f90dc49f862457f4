//! By how many hours what stands by our hand is more than ExakTime has, line by line (see [`super::super::kept`]).

use chrono::NaiveDate;

use super::Compare;
use crate::export::diff::doubles::Double;
use crate::export::diff::file_time::FileTime;
use crate::export::diff::kept::{Kept, KeptDays, Reach};
use crate::ledger::StoredLine;
use crate::model::{CentiHours, Hours};

impl Compare<'_> {
    /// Notes by how many hours what stands for a line is more than ExakTime `has` for it. What the office made more of it is
    /// its own.
    pub(super) fn note_kept(&self, stored: &StoredLine, has: CentiHours, kept: &mut KeptDays) {
        // Of a line that stands for nobody of its worker any more, the time that comes under its key is another's.
        let has = if self.relinked.left_behind(stored) {
            CentiHours::default()
        } else {
            has
        };
        let doubles = self.doubles.of(&stored.key, Some(stored)).map(Double::hours);
        let entry = self.entries.get(stored.entry).map(|entry| entry.content.hours);
        let (stands, reach) = match (doubles, entry) {
            (Some(doubles), _) => (doubles, Reach::Everywhere),
            (None, Some(entry)) => (stored.ours_of(entry).max(has.min(entry)), self.reach(stored)),
            (None, None) => self.kept_without_entry(stored, has),
        };
        if stands > has {
            kept.add(stored, self.relinked.whose(stored), stands - has, reach);
        }
    }

    /// How many hours a line without an entry may still have, and where they may be found again. One list may lack it; another
    /// hand may have entered them in its place; and where the office took it away, its time is not to come again under another
    /// code of that day.
    fn kept_without_entry(&self, stored: &StoredLine, has: CentiHours) -> (CentiHours, Reach) {
        let sent = stored.sent.as_ref().map_or(has, |sent| sent.hours);
        let theirs = self.theirs.get(&(stored.key.worker, stored.key.date));
        match theirs {
            _ if !self.entries.is_gone(stored) => (sent, self.reach(stored)),
            Some(theirs) => (sent.min(*theirs), self.reach(stored)),
            None => (sent, Reach::Day),
        }
    }

    /// The hours of a day that were read and are not compared: of places that were not asked for, and of people who count as
    /// nobody.
    pub(super) fn read_besides(&self, kept: &Kept, date: NaiveDate) -> CentiHours {
        let evidence = &self.removal.evidence;
        let elsewhere = kept.workers.iter().map(|worker| evidence.elsewhere(*worker, date));
        CentiHours::nearest(elsewhere.sum::<Hours>() + evidence.of_nobody(&kept.nobodies, date))
    }

    /// Where time of a line may be that is gone from the list: a file tells of nothing but the people in it, on its own days.
    fn reach(&self, stored: &StoredLine) -> Reach {
        let covers = |file: &FileTime<'_>| file.covers(&self.relinked.employees_of(stored), stored.key.date);
        if self.file.as_ref().is_none_or(covers) {
            Reach::Everywhere
        } else {
            Reach::Day
        }
    }
}
