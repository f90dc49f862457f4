//! Hours that stand in entries of ours and are not ExakTime's any more, and what may be these very hours elsewhere (hazards
//! B13, D8, D18, D19).
//!
//! An entry is approved, was edited, waits for another refresh, stands twice, or is of a week that was not asked for: whatever
//! the reason, it is not taken away, and the hours that it has too many may be what another line gains. Written there as
//! well they would be paid twice. So as many hours are held as are kept, and no more:
//!
//! ```text
//! Monday's entry of 8.00 h is approved, and ExakTime has 4.00 h of Monday by now. Of what gains hours is held, until 4.00 h are,
//!   what is of the same worker and Monday, then 4.00 h of the same place and code on another day, then what is nearest to it;
//!   and until 4.00 h are,
//!   what is of others on Monday, on the same place and code, then whatever has 4.00 h of Monday, then whatever else, and last
//!   what has 4.00 h of another day, up to the newest of which something was sent before
//! ```
//!
//! That way nobody gets more by our hand than ExakTime has, over all days that are looked at; which of two lines has the hours
//! that moved need not be known.

pub(super) mod nearness;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::code_id::{CodeId, code_of};
use crate::change::{LineChange, LineKey};
use crate::export::booking::Work;
use crate::export::lines::{HeldOfDay, HeldTime};
use crate::export::persons::Person;
use crate::hold::{Reason, Refusal};
use crate::ledger::StoredLine;
use crate::model::{CentiHours, RecordId, WorkerId};

/// A person's day, or days that were looked at besides, of which entries of ours have more hours than ExakTime.
#[derive(Debug, Clone)]
pub(in crate::export) struct Kept {
    /// The worker for whom they stand, and those as whom the same people count by now (hazard C17).
    pub(super) workers: BTreeSet<WorkerId>,
    /// Those of its people who count as nobody by now.
    pub(super) nobodies: BTreeSet<RecordId>,
    /// The lines that have more.
    pub(super) lines: Vec<KeptLine>,
    /// What ExakTime has of these days in no line: it is held, and may be the same hours. No more than the lines have.
    pub(super) held: CentiHours,
    /// What the same people gain on days of which nothing is planned: most likely these hours, but not surely.
    pub(super) moved: CentiHours,
    /// Where the hours may be found again.
    pub(super) reach: Reach,
}

/// A line whose entries have more hours than ExakTime.
#[derive(Debug, Clone)]
pub(super) struct KeptLine {
    pub(super) key: LineKey,
    /// The ids of its code, which stay when it is called otherwise (hazard C18).
    pub(super) code: Option<CodeId>,
    pub(super) more: CentiHours,
    /// Its day, and those to which its time may have gone.
    pub(super) days: BTreeSet<NaiveDate>,
    /// Other workers whose its time may be by now.
    pub(super) of: BTreeSet<WorkerId>,
    /// Employees who counted as nobody, whose its time may be.
    pub(super) of_employees: BTreeSet<RecordId>,
    /// How many of them somebody was told of, that they may be on another place or code of its own day.
    pub(super) told: CentiHours,
}

/// Whether two lines are the same work of one day, but for the class or the times of its hours: policies cut a day anew.
pub(super) fn is_recut(one: &LineKey, other: &LineKey) -> bool {
    let work = |key: &LineKey| (key.worker, key.date, key.project, key.sub_job);
    work(one) == work(other) && one.cost_code == other.cost_code && one.classification == other.classification
}

/// All hours of a line most of which are new: what it had before may have gone at the same time.
pub(super) fn mostly_new(change: &LineChange) -> Option<CentiHours> {
    let (gained, all) = (change.gained(), change.content.hours);
    (change.gains() && 2 * gained.hundredths() > all.hundredths()).then_some(all)
}

impl KeptLine {
    /// Whether a line is of the same day, place and code.
    fn is_of_place(&self, change: &LineChange) -> bool {
        self.days.contains(&change.key.date) && self.is_same_work(change)
    }

    /// Whether a line is of the same place and code, and has as many hours too many as a change gains.
    fn is_like(&self, change: &LineChange) -> bool {
        self.has_as_many(change) && self.is_same_work(change)
    }

    /// Whether its time may have gone to those whose a change is, as what was held of them tells.
    fn may_be_theirs(&self, change: &LineChange) -> bool {
        let mut employees = change.carries.iter().map(|carried| &carried.employee);
        self.of.contains(&change.key.worker) || employees.any(|employee| self.of_employees.contains(employee))
    }

    fn is_seen_elsewhere(&self) -> bool {
        !self.of.is_empty() || !self.of_employees.is_empty() || self.days.len() > 1
    }

    fn has_as_many(&self, change: &LineChange) -> bool {
        let is_it = |hours: CentiHours| self.more.hundredths().abs_diff(hours.hundredths()) <= 1;
        is_it(change.gained()) || mostly_new(change).is_some_and(is_it)
    }

    /// Whether it has as many hours too many as a change gains, or several times as many: it may stand twice.
    fn has_so_often(&self, change: &LineChange) -> bool {
        let (more, gained) = (self.more.hundredths(), change.gained().hundredths().max(1));
        self.has_as_many(change) || (more > gained && more % gained == 0)
    }

    /// Whether a change is the same work of the line's day, in another class or at another time.
    fn is_recut(&self, change: &LineChange) -> bool {
        let day = |key: &LineKey| (key.worker, key.date, key.classification);
        day(&self.key) == day(&change.key) && self.is_same_work(change)
    }

    /// Whether a line is of the same place and code.
    fn is_same_work(&self, change: &LineChange) -> bool {
        let place = |key: &LineKey| (key.project, key.sub_job);
        let is_same_code = || self.code.is_some() && self.code == code_of(&change.content.coding);
        place(&self.key) == place(&change.key) && (self.key.cost_code == change.key.cost_code || is_same_code())
    }
}

/// Hours of somebody's day that could become no line: they may be what others keep.
#[derive(Debug, Clone)]
pub(super) struct HeldElsewhere {
    pub(super) whose: Person,
    pub(super) date: NaiveDate,
    pub(super) work: Option<Work>,
    pub(super) hours: CentiHours,
}

/// Where hours that are kept may be found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// On the worker's day alone: nothing shows that they went.
    Day,
    /// On the worker's day alone: the office deleted the entry, or took hours off. They do not come again in another class or at
    /// another time, and on another place or code only after somebody was told.
    Deleted,
    /// On other days and with other people as well.
    Everywhere,
}

/// Those whose time a line carries, beside its own worker: as whom they count now, and who counts as nobody.
#[derive(Debug, Default)]
pub(super) struct Whose {
    pub(super) workers: BTreeSet<WorkerId>,
    pub(super) nobodies: BTreeSet<RecordId>,
}

/// What workers' days keep, as it is found line by line.
#[derive(Default)]
pub(super) struct KeptDays {
    days: BTreeMap<(WorkerId, NaiveDate, Reach), Kept>,
    /// How many hours of entries that are gone other hands have taken over.
    taken_over: BTreeMap<(WorkerId, NaiveDate), CentiHours>,
}

impl KeptDays {
    /// Adds a line whose entries have so many hours more than ExakTime, with whose time it is.
    pub(super) fn add(&mut self, line: &StoredLine, whose: Whose, more: CentiHours, reach: Reach) {
        let kept = self
            .days
            .entry((line.key.worker, line.key.date, reach))
            .or_insert_with(|| Kept {
                workers: BTreeSet::new(),
                nobodies: BTreeSet::new(),
                lines: Vec::new(),
                held: CentiHours::default(),
                moved: CentiHours::default(),
                reach,
            });
        kept.workers.insert(line.key.worker);
        kept.workers.extend(whose.workers);
        kept.nobodies.extend(whose.nobodies);
        kept.lines.push(KeptLine {
            key: line.key.clone(),
            code: line.sent.as_ref().and_then(|sent| code_of(&sent.coding)),
            more,
            days: line.notes.may_be_on.iter().copied().chain([line.key.date]).collect(),
            of: line.notes.may_be_of.clone(),
            of_employees: line.notes.may_be_of_employees.clone(),
            told: line.notes.told.min(more),
        });
    }

    /// How many of the `sent` hours of an entry that is gone other hands may have entered in its place, who have `theirs` on that
    /// day: each of theirs stands for one of ours.
    pub(super) fn taken_over(
        &mut self,
        day: (WorkerId, NaiveDate),
        sent: CentiHours,
        theirs: CentiHours,
    ) -> CentiHours {
        let so_far = self.taken_over.entry(day).or_default();
        let more = sent.min(theirs - *so_far);
        *so_far += more;
        more
    }

    /// Each day. What is `held` of a day stands for what is kept there, once, and first for lines of its own place and code.
    /// `of_nobody` tells the hours of a day that people have who count as nobody.
    pub(super) fn days(
        self,
        held: &HeldTime,
        of_nobody: impl Fn(&Kept, NaiveDate) -> CentiHours,
    ) -> impl Iterator<Item = Kept> {
        let mut by_day: BTreeMap<(WorkerId, NaiveDate), Vec<Kept>> = BTreeMap::new();
        for ((worker, date, _), kept) in self.days {
            by_day.entry((worker, date)).or_default().push(kept);
        }
        by_day.into_iter().flat_map(move |((_, date), mut all)| {
            let rest = all.iter_mut().fold(held.of_day(date), |held, kept| kept.without(held));
            let mut rest = rest.into_values().sum::<CentiHours>();
            let mut nobodies = CentiHours::default();
            for kept in &mut all {
                if kept.reach == Reach::Deleted {
                    // It may be what the office deleted, which does not come again by that.
                    rest = rest - rest.min(kept.more());
                    continue;
                }
                let of_these = of_nobody(kept, date);
                let of_day = rest.min(kept.not_seen_elsewhere());
                let all_held = of_day + of_these - nobodies.min(of_these);
                kept.held = all_held.min(kept.more());
                let of_nobodies = kept.held.min(all_held - of_day);
                nobodies += of_nobodies;
                rest = rest - (kept.held - of_nobodies);
            }
            all.retain(|kept| !kept.lines.is_empty());
            all
        })
    }
}

impl Kept {
    /// What a line keeps that was to lose hours and does not.
    pub(in crate::export) fn of_change(change: &LineChange) -> Self {
        Self::of_line(change, change.lost(), [].into_iter())
    }

    /// Hours of a change that was sent and may still arrive; `whose` time it is by now, beside its own worker's.
    pub(super) fn that_may_arrive(
        change: &LineChange,
        hours: CentiHours,
        whose: impl Iterator<Item = WorkerId>,
    ) -> Self {
        Self::of_line(change, hours, whose)
    }

    fn of_line(change: &LineChange, hours: CentiHours, whose: impl Iterator<Item = WorkerId>) -> Self {
        Self {
            workers: whose.chain([change.key.worker]).collect(),
            nobodies: BTreeSet::new(),
            lines: vec![KeptLine {
                key: change.key.clone(),
                code: code_of(&change.content.coding),
                more: hours,
                days: [change.key.date].into(),
                of: BTreeSet::new(),
                of_employees: BTreeSet::new(),
                told: CentiHours::default(),
            }],
            held: CentiHours::default(),
            moved: CentiHours::default(),
            reach: Reach::Everywhere,
        }
    }

    /// How many hours the lines have too many.
    fn more(&self) -> CentiHours {
        self.lines.iter().map(|line| line.more).sum()
    }

    /// How many hours the lines have too many that no look has found on another day or with other people: what is held of their day since
    /// is something else.
    fn not_seen_elsewhere(&self) -> CentiHours {
        let lines = self.lines.iter().filter(|line| !line.is_seen_elsewhere());
        lines.map(|line| line.more).sum()
    }

    /// Takes from what is `held` of the day what is of a line's own place and code: those hours are nowhere else. Returns the rest.
    fn without(&mut self, mut held: HeldOfDay) -> HeldOfDay {
        for line in &mut self.lines {
            let work = Work::of(&line.key);
            if let Some(hours) = held.get_mut(&Some(work)) {
                let of_line = line.more.min(*hours);
                line.more = line.more - of_line;
                *hours = *hours - of_line;
            }
        }
        self.lines.retain(|line| line.more > CentiHours::default());
        held
    }

    /// What is kept when changes are written of which some take hours away.
    pub(super) fn after(&self, lost: &BTreeMap<&LineKey, CentiHours>) -> Self {
        let mut kept = self.clone();
        for line in &mut kept.lines {
            let goes = lost.get(&line.key).copied().unwrap_or_default();
            line.more = line.more - line.more.min(goes);
        }
        kept.lines.retain(|line| line.more > CentiHours::default());
        kept
    }

    /// How many hours are kept that are found nowhere else.
    pub(super) fn hours(&self) -> CentiHours {
        self.beyond(self.held + self.moved)
    }

    /// How many hours are kept that may be others' who gain just what the lines are: what the same people gain may be other time.
    pub(super) fn hours_alike(&self) -> CentiHours {
        self.beyond(self.held)
    }

    /// Whether the same people gain something on days of which nothing is planned.
    pub(super) fn is_moved(&self) -> bool {
        self.moved > CentiHours::default()
    }

    /// How many hours are kept of which nobody was told that they may be on another place or code of their day.
    pub(super) fn untold(&self) -> CentiHours {
        self.beyond(self.held + self.lines.iter().map(|line| line.told).sum())
    }

    fn beyond(&self, found: CentiHours) -> CentiHours {
        let kept = self.more().hundredths() - found.hundredths();
        CentiHours::from_hundredths(if kept > self.by_rounding() { kept } else { 0 })
    }

    /// How many hundredths may be no more than what rounding gave to each line (hazard D13).
    pub(super) fn by_rounding(&self) -> i64 {
        i64::try_from(self.lines.len()).unwrap_or(i64::MAX)
    }

    /// The lines whose time may have gone to a gain that was held for them: to another day or worker.
    pub(super) fn may_have_gone_to(&self, held: &LineChange) -> impl Iterator<Item = &LineKey> + '_ {
        let is_its = self.workers.contains(&held.key.worker);
        let is_as_many = self.has_as_many(held);
        let date = held.key.date;
        let lines = self.lines.iter().filter(move |line| match self.reach {
            Reach::Everywhere if is_its => line.key.date != date,
            Reach::Everywhere => is_as_many || line.days.contains(&date),
            Reach::Deleted | Reach::Day => false,
        });
        lines.map(|line| &line.key)
    }

    /// The lines whose time may be what is held of somebody else's day, or of another day of its own people: as many hours, or of the
    /// same place and code.
    pub(super) fn may_be_held_as<'s>(&'s self, held: &'s HeldElsewhere) -> impl Iterator<Item = &'s LineKey> {
        let is_same = match &held.whose {
            Person::Worker(worker) => self.workers.contains(worker),
            Person::Nobody(employee) => self.nobodies.contains(employee),
        };
        let is_everywhere = self.reach == Reach::Everywhere;
        let is_its = move |line: &&KeptLine| {
            let is_as_many = line.more.hundredths().abs_diff(held.hours.hundredths()) <= 1;
            let is_same_work = || held.work.as_ref() == Some(&Work::of(&line.key));
            // Its own people's on any other day, another's on its days alone.
            let is_of_its_days = line.days.contains(&held.date);
            let is_elsewhere = if is_same { !is_of_its_days } else { is_of_its_days };
            is_everywhere && is_elsewhere && (is_as_many || is_same_work())
        };
        self.lines.iter().filter(is_its).map(|line| &line.key)
    }

    /// The days of the workers whose hours they are.
    pub(super) fn workers_days(&self) -> impl Iterator<Item = (WorkerId, NaiveDate)> + '_ {
        let days = self.days();
        self.workers
            .iter()
            .flat_map(move |worker| days.clone().into_iter().map(move |date| (*worker, date)))
    }

    /// The days on which the hours stand.
    fn days(&self) -> BTreeSet<NaiveDate> {
        self.lines.iter().map(|line| line.key.date).collect()
    }

    /// Why a line is not written beside these hours.
    pub(super) fn refusal(&self, hours: CentiHours) -> Refusal {
        let days = self.days();
        let when = match (days.first(), days.last()) {
            (Some(first), Some(last)) if first != last => format!("from {first} to {last}"),
            (Some(first), _) => format!("on {first}"),
            (None, _) => String::new(),
        };
        let whose = self
            .lines
            .first()
            .map_or_else(String::new, |line| format!("worker:{} ", line.key.worker));
        let detail = match self.reach {
            Reach::Deleted => {
                format!(
                    "{hours} h of {whose}{when} were deleted or taken off in Procore, and this may be the same time"
                )
            }
            Reach::Day | Reach::Everywhere => {
                format!("{hours} h of {whose}{when} stand in Procore, and ExakTime does not have them there")
            }
        };
        Refusal::new(Reason::BesideKept, detail)
    }
}

/// How many hours are gained day by day beyond what the office deleted or took off there: that comes again on its own day first, and is
/// no time that moved.
pub(super) fn beyond_what_was_decided<'c>(gaining: impl Iterator<Item = &'c LineChange>, kept: &[Kept]) -> CentiHours {
    let mut gained: BTreeMap<NaiveDate, CentiHours> = BTreeMap::new();
    for change in gaining {
        *gained.entry(change.key.date).or_default() += change.gained();
    }
    let decided = kept.iter().filter(|kept| kept.reach == Reach::Deleted);
    for line in decided.flat_map(|kept| &kept.lines) {
        if let Some(gained) = gained.get_mut(&line.key.date) {
            *gained = *gained - line.more.min(*gained);
        }
    }
    gained.into_values().sum()
}

/// What days of one worker keep of which nothing is planned, taken together: what is less on one of them may be more on another
/// ([`Kept::moved`]). What is found again on its own day alone stays by itself.
pub(super) fn together(kept: Vec<Kept>, moved: CentiHours) -> Vec<Kept> {
    let (everywhere, mut all): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| kept.reach == Reach::Everywhere);
    let mut everywhere = everywhere.into_iter();
    if let Some(mut one) = everywhere.next() {
        // What a day has held stands for what that day keeps, and for no other's.
        one.moved += moved;
        for more in everywhere {
            one.held += more.held;
            one.workers.extend(more.workers);
            one.nobodies.extend(more.nobodies);
            one.lines.extend(more.lines);
        }
        all.push(one);
    }
    all
}

#[cfg(test)]
mod tests;
