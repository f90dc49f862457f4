//! How near what gains hours is to hours that are kept.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{Kept, KeptLine, Reach};
use crate::change::LineChange;

/// How near a line is to hours that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::export::diff) enum Nearness {
    /// The same person's: first the same work of that day in another class or at another time, then what else is of that day, then as
    /// many hours of the same work, then by so many days.
    Worker(u64),
    /// Another's of the same day, place and code, and as many hours.
    Like,
    /// Another's of the same day, place and code.
    Place,
    /// Somebody's who gained some before, which were held, and as many hours, or a whole part of them, by so many days.
    Followed(u64),
    /// Another's of the same day, and as many hours, or a whole part of them: the line may stand twice.
    Hours,
    /// Somebody's who gained some before, which were held, and other hours, by so many days.
    Trailed(u64),
    /// Another's of the same day: the time may have come there in pieces, or on other codes.
    Day,
    /// Another's of another day, as late, and as many hours: a correction of both at once.
    Late,
}

impl Nearness {
    /// Whether it is the same person's.
    pub(in crate::export::diff) fn is_own(self) -> bool {
        matches!(self, Self::Worker(_))
    }
}

impl Kept {
    /// How near a line that gains hours is to those that are kept, the nearest first; `None` where it cannot be these hours.
    fn nearness(&self, change: &LineChange, is_late: bool) -> Option<Nearness> {
        let key = &change.key;
        let apart = |day: &NaiveDate| key.date.signed_duration_since(*day).num_days().unsigned_abs();
        let apart = self.days().iter().map(apart).min()?;
        let is_same_worker = self.workers.contains(&key.worker);
        if self.reach == Reach::Deleted {
            let is_recut = self.lines.iter().any(|line| line.is_recut(change));
            let is_near = is_same_worker && apart == 0;
            return is_near.then_some(if is_recut {
                Nearness::Worker(0)
            } else {
                Nearness::Worker(1)
            });
        }
        if self.reach == Reach::Day {
            return (is_same_worker && apart == 0).then_some(Nearness::Worker(0));
        }
        if is_same_worker {
            // Of other days what is just the same comes first: a date that was corrected.
            let rank = match apart {
                0 if self.lines.iter().any(|line| line.is_recut(change)) => 0,
                0 => 1,
                _ if self.lines.iter().any(|line| line.is_like(change)) => 2,
                _ => 2 + apart,
            };
            return Some(Nearness::Worker(rank));
        }
        let mut of_place = self.lines.iter().filter(|line| line.is_of_place(change)).peekable();
        if of_place.peek().is_some() {
            let is_as_many = of_place.any(|line| line.has_as_many(change));
            return Some(if is_as_many { Nearness::Like } else { Nearness::Place });
        }
        if self.may_be_theirs(change) {
            return Some(if self.has_as_many(change) {
                Nearness::Followed(apart)
            } else {
                Nearness::Trailed(apart)
            });
        }
        let of_day = |line: &&KeptLine| line.days.contains(&key.date);
        if self.lines.iter().any(|line| of_day(&line)) {
            let is_as_many = self.lines.iter().filter(of_day).any(|line| line.has_so_often(change));
            return Some(if is_as_many { Nearness::Hours } else { Nearness::Day });
        }
        is_late.then_some(Nearness::Late)
    }

    /// Whether the time of a line may have gone to those whose a change is.
    fn may_be_theirs(&self, change: &LineChange) -> bool {
        self.lines.iter().any(|line| line.may_be_theirs(change))
    }

    /// Whether a line has just as many hours too many as a change gains, or several times as many: it may stand twice.
    pub(in crate::export::diff) fn has_as_many(&self, change: &LineChange) -> bool {
        self.lines.iter().any(|line| line.has_so_often(change))
    }

    /// What may gain these hours, the nearest first.
    pub(in crate::export::diff) fn nearest<'c>(
        &self,
        changes: impl Iterator<Item = &'c LineChange>,
        is_late: impl Fn(&LineChange) -> bool,
    ) -> Vec<(Nearness, &'c LineChange)> {
        let gaining = changes.filter(|change| change.gains());
        let mut near: Vec<_> = gaining
            .filter_map(|change| Some((self.nearness(change, is_late(change))?, change)))
            .collect();
        // Of what is alike, who gained before is the likelier; then what is as many hours, and of the same work; then what is most.
        near.sort_by_cached_key(|(near, change)| {
            let is = |test: fn(&KeptLine, &LineChange) -> bool| self.lines.iter().any(|line| test(line, change));
            (
                *near,
                !self.may_be_theirs(change),
                !is(KeptLine::has_as_many),
                !is(KeptLine::is_same_work),
                Reverse(change.gained()),
                change.key.clone(),
            )
        });
        near
    }
}
