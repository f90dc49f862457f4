//! What a compare comes to, and the guard on it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::beside_kept;
use super::kept::{self, HeldElsewhere, Kept};

use crate::change::{LineAction, LineChange, LineKey};
use crate::export::lines::HeldTime;
use crate::export::persons::Person;
use crate::export::tally::PlanTally;
use crate::hold::{Disposition, Held, Reason, Refusal, Subject};
use crate::ledger::{Gone, Provenance, StoredLine};
use crate::model::{CentiHours, EntryId, Hours, WorkerId};
use crate::plan::{Becoming, MassChange, hold_where};
use crate::settings::Guard;

/// What differs from the baseline, and what does not.
#[derive(Debug, Default)]
pub(in crate::export) struct Comparison {
    /// What would be written.
    pub(in crate::export) changes: Vec<LineChange>,
    /// What the ledger only has to remember.
    pub(in crate::export) agreed: BTreeMap<LineKey, StoredLine>,
    /// How many lines stand as they should.
    pub(in crate::export) unchanged: usize,
    /// How many lines wait for another refresh of the source, or for what is under way, and go then.
    pub(super) waiting: usize,
    /// Where entries of ours have more hours than ExakTime.
    pub(in crate::export) kept: Vec<Kept>,
    /// What looks at days found of which nothing is planned.
    looks: Vec<Look>,
    /// What would gain hours and is held, whatever for: it may be time that moved there.
    held_gains: Vec<LineChange>,
    /// What could become no line of anybody's days.
    held_time: Vec<HeldElsewhere>,
    /// The lines whose time may be what looks found elsewhere, with whose it would be and of which day.
    seen_elsewhere: Vec<(LineKey, (Person, NaiveDate))>,
    /// What is deleted or lowered for what is new on its day.
    pub(super) corrected: BTreeSet<LineKey>,
    /// Entries of ours that the office moved to another day or worker.
    pub(super) moved: Vec<EntryId>,
    /// The workers' days of which something does not stand as it should, and is not written.
    unwritten: BTreeSet<(WorkerId, NaiveDate)>,
    /// The lines that a person has just compared and accepted (hazard B12).
    pub(super) accepted: BTreeSet<LineKey>,
    /// How many hours of other hands have been taken for hours of ours that were deleted, of each worker's day.
    retyped: BTreeMap<(WorkerId, NaiveDate), CentiHours>,
    /// How many hours were read of the workers' days of which lines gain some.
    pub(super) read: BTreeMap<(WorkerId, NaiveDate), CentiHours>,
}

/// What a look at one worker's days found.
#[derive(Debug)]
struct Look {
    kept: Vec<Kept>,
    /// What would gain hours, and is not written.
    gaining: Vec<LineChange>,
}

impl Comparison {
    /// Begins with lines that the ledger has yet to learn of.
    pub(in crate::export) fn to_remember<'l>(lines: impl Iterator<Item = &'l StoredLine>) -> Self {
        Self {
            agreed: lines.map(|line| (line.key.clone(), line.clone())).collect(),
            ..Self::default()
        }
    }

    /// Notes something of a line, for the ledger to remember.
    pub(in crate::export) fn remember(&mut self, stored: &StoredLine, note: impl FnOnce(&mut StoredLine)) {
        let remembered = self.agreed.entry(stored.key.clone());
        note(remembered.or_insert_with(|| stored.clone()));
    }

    /// A line with what was noted of it.
    pub(super) fn as_noted<'s>(&'s self, stored: &'s StoredLine) -> &'s StoredLine {
        self.agreed.get(&stored.key).unwrap_or(stored)
    }

    /// What was noted of a worker's lines of one day.
    pub(in crate::export) fn noted_of(&self, day: (WorkerId, NaiveDate)) -> Vec<StoredLine> {
        let of_day = self
            .agreed
            .values()
            .filter(|line| (line.key.worker, line.key.date) == day);
        of_day.cloned().collect()
    }

    /// Notes what could become no line of somebody's time.
    pub(in crate::export) fn note_held(&mut self, whose: &Person, held: &HeldTime) {
        let held = held.all().map(|(date, work, hours)| HeldElsewhere {
            whose: whose.clone(),
            date,
            work: work.cloned(),
            hours,
        });
        self.held_time.extend(held);
    }

    /// Notes that a line does not stand as it should for some reason, which would be this change.
    pub(super) fn note_unwritten(&mut self, change: LineChange, refusal: &Refusal) {
        if refusal.reason.fate() == Disposition::Held || change.gains() {
            self.unwritten.insert((change.key.worker, change.key.date));
        }
        if change.gains() {
            self.held_gains.push(change);
        }
    }

    /// Notes changes that wait until it is known what became of others.
    pub(super) fn note_waiting(&mut self, changes: &[LineChange]) {
        self.waiting += changes.iter().filter(|change| loses(change)).count();
    }

    /// Whether somebody has typed these very hours anew, who has `theirs` on that day: each entry stands for one line.
    pub(super) fn is_retyped(&mut self, day: (WorkerId, NaiveDate), theirs: CentiHours, hours: CentiHours) -> bool {
        let so_far = self.retyped.entry(day).or_default();
        let is_it = theirs - *so_far == hours;
        if is_it {
            *so_far += hours;
        }
        is_it
    }

    /// Adds what was found of another worker.
    pub(in crate::export) fn extend(&mut self, other: Self) {
        self.changes.extend(other.changes);
        self.agreed.extend(other.agreed);
        self.unchanged += other.unchanged;
        self.waiting += other.waiting;
        self.kept.extend(other.kept);
        self.looks.extend(other.looks);
        self.corrected.extend(other.corrected);
        self.moved.extend(other.moved);
        self.unwritten.extend(other.unwritten);
        self.held_gains.extend(other.held_gains);
        self.held_time.extend(other.held_time);
        self.read.extend(other.read);
    }

    /// Takes out of what was found of days that were only looked at what is to be remembered, and what the entries of other
    /// hands are weighed against. Nothing of such days is written.
    pub(in crate::export) fn keep_of(&mut self, look: &mut Self) {
        self.agreed.append(&mut look.agreed);
        self.moved.append(&mut look.moved);
        self.unwritten.append(&mut look.unwritten);
        self.read.append(&mut look.read);
    }

    /// Adds what a look at days of one worker found of which nothing is planned, but for what `is_planned`: what is less there
    /// stays, and what is more there is not written.
    pub(in crate::export) fn keep_unplanned(
        &mut self,
        look: Self,
        is_of_others: impl Fn((WorkerId, NaiveDate)) -> bool,
        is_planned: impl Fn(&LineKey) -> bool,
    ) {
        let is_left = |change: &LineChange| change.gains() && !is_planned(&change.key);
        let unwritten = look.changes.iter().filter(|change| is_left(change));
        self.unwritten
            .extend(unwritten.map(|change| (change.key.worker, change.key.date)));
        let left = look.changes.into_iter().filter(is_left);
        // What others entered there may be that very time: it says nothing of ours.
        let (of_others, gaining): (Vec<_>, Vec<_>) =
            left.partition(|change| is_of_others((change.key.worker, change.key.date)));
        self.looks.push(Look {
            kept: look.kept,
            gaining,
        });
        self.held_gains.extend(of_others);
        self.held_gains.extend(look.held_gains);
        self.held_time.extend(look.held_time);
    }

    /// Forgets what is kept, where it was found by a part of the time alone.
    pub(in crate::export) fn forget_kept(&mut self) {
        self.kept.clear();
        self.looks.clear();
    }

    /// Takes what looks found as kept, but for what the same people gain on the days looked at: that is what moved. A gain of
    /// a day on which others keep hours may be theirs, and is not counted.
    pub(in crate::export) fn settle_looks(&mut self, sent_until: Option<NaiveDate>) {
        let looks = std::mem::take(&mut self.looks);
        let kept = looks.iter().flat_map(|look| &look.kept).chain(&self.kept);
        let mut days: BTreeMap<NaiveDate, BTreeSet<WorkerId>> = BTreeMap::new();
        for (worker, date) in kept.flat_map(Kept::workers_days) {
            days.entry(date).or_default().insert(worker);
        }
        self.seen_elsewhere = self.seen_elsewhere(&looks, sent_until);
        for Look { kept, gaining } in looks {
            let own: BTreeSet<WorkerId> = kept
                .iter()
                .flat_map(Kept::workers_days)
                .map(|(worker, _)| worker)
                .collect();
            // Of a day on which nothing is kept nobody knows whether what is new there is what moved: it is not counted.
            let is_own = |date: &NaiveDate| days.get(date).is_some_and(|keeping| keeping.is_subset(&own));
            let moved = gaining.iter().filter(|change| is_own(&change.key.date));
            let moved = kept::beyond_what_was_decided(moved, &kept);
            self.kept.extend(kept::together(kept, moved));
        }
    }

    /// To whom, and on which day, the time of lines may have gone, as days show that were only looked at, or what is held for another
    /// reason: it may go on from there.
    fn seen_elsewhere(&self, looks: &[Look], sent_until: Option<NaiveDate>) -> Vec<(LineKey, (Person, NaiveDate))> {
        let kept = looks.iter().flat_map(|look| &look.kept).chain(&self.kept);
        let kept: Vec<Kept> = kept.cloned().collect();
        let gaining = looks.iter().flat_map(|look| &look.gaining);
        let changes: Vec<&LineChange> = gaining.chain(&self.held_gains).collect();
        let known = beside_kept::Changes {
            sent_until,
            ..beside_kept::Changes::of_any_day(&changes)
        };
        let held = beside_kept::beside(&kept, known);
        let held_time = self.held_time.iter().flat_map(|held| {
            let lines = kept.iter().flat_map(|kept| kept.may_be_held_as(held));
            lines.map(|line| (line.clone(), (held.whose.clone(), held.date)))
        });
        may_have_gone(&kept, &changes, &held).chain(held_time).collect()
    }

    /// Puts the changes in the order of writing: by worker and day. Within a day what takes hours away comes before what
    /// adds some, so that a move never stands twice.
    pub(in crate::export) fn sort(&mut self) {
        let place = |change: &LineChange| {
            let action = std::cmp::Reverse(change.action);
            (change.key.worker, change.key.date, change.gains(), action)
        };
        self.changes
            .sort_by(|one, other| place(one).cmp(&place(other)).then_with(|| one.key.cmp(&other.key)));
    }

    /// What the guard refuses, if it does: to delete and lower more lines than a correction would. A warehouse that is being
    /// filled anew, or a name that was guessed wrong, looks like time that is gone or less (hazard B5). So does a feed that
    /// shows less than half of what was sent, however few lines it is about. Lines that wait for a refresh, or for what is under way, count
    /// with what goes: a feed that stays empty must not pass in small parts, as its lines are missed one night after the other.
    /// `population` is how many lines Linx has written.
    pub(in crate::export) fn mass_loss(
        &self,
        guard: Guard,
        population: usize,
        is_feed_halved: bool,
    ) -> Option<MassChange> {
        let going = self.changes.iter().filter(|change| loses(change)).count();
        let count = going + self.waiting;
        let is_mass = guard.is_exceeded(count, population);
        let is_refused = going > 0 && (is_mass || (guard != Guard::OPEN && is_feed_halved));
        is_refused.then_some(MassChange {
            becoming: Becoming::Reduced,
            count,
            population,
            limit: is_mass.then_some(guard),
        })
    }

    /// Takes what deletes and lowers lines out of the plan where that is a mass loss. Returns what the guard
    /// refuses.
    pub(in crate::export) fn guard_losses(
        &mut self,
        guard: Guard,
        population: usize,
        is_feed_halved: bool,
        tally: &mut PlanTally,
    ) -> Option<MassChange> {
        let refusal = self.mass_loss(guard, population, is_feed_halved)?;
        self.hold(tally, |change| {
            let before = change.before.unwrap_or_default();
            let detail = || match change.action {
                LineAction::Delete => format!("delete {before} h"),
                LineAction::Create | LineAction::Update => format!("update {before} h to {} h", change.content.hours),
            };
            loses(change).then(|| Refusal::new(Reason::GuardRefused, detail()))
        });
        Some(refusal)
    }

    /// Holds what is deleted or lowered for what is new on its day, where nothing of that day is left that would be written, or was
    /// adopted, or where something of it is held that would gain: that may be what is new (hazard D8).
    fn hold_unproven(&mut self, tally: &mut PlanTally) {
        let day = |key: &LineKey| (key.worker, key.date);
        let gaining = self
            .changes
            .iter()
            .filter(|change| change.gains())
            .map(|change| &change.key);
        let adopted = self
            .agreed
            .values()
            .filter(|line| line.provenance == Provenance::Adopted)
            .map(|line| &line.key);
        let proven: BTreeSet<_> = gaining.chain(adopted).map(day).collect();
        let held: BTreeSet<_> = self.held_gains.iter().map(|change| day(&change.key)).collect();
        let is_unproven = |key: &&LineKey| !proven.contains(&day(key)) || held.contains(&day(key));
        let unproven: BTreeSet<LineKey> = self.corrected.iter().filter(is_unproven).cloned().collect();
        self.hold(tally, |change| {
            let goes = loses(change) && unproven.contains(&change.key);
            goes.then(|| Refusal::new(Reason::BesideKept, "it would go for a line of that day that is held"))
        });
    }

    /// Holds what would gain hours that are kept elsewhere, and what goes for that; `sent_until` is the newest day of which
    /// something was sent before. Notes how many hours that the office decided of are told by that, of lines that are `stored`. Returns the
    /// lines whose time may be what is held, with whose it would be and of which day.
    pub(in crate::export) fn hold_beside_kept<'l>(
        &mut self,
        sent_until: Option<NaiveDate>,
        tally: &mut PlanTally,
        stored: impl Fn(&LineKey) -> Option<&'l StoredLine>,
    ) -> Vec<(LineKey, (Person, NaiveDate))> {
        self.hold_unproven(tally);
        let changes: Vec<&LineChange> = self.changes.iter().collect();
        let known = beside_kept::Changes {
            all: &changes,
            corrected: &self.corrected,
            sent_until,
        };
        let withheld = beside_kept::withheld(&self.kept, known);
        let mut gone = std::mem::take(&mut self.seen_elsewhere);
        gone.extend(may_have_gone(&self.kept, &changes, &withheld.held));
        self.hold(tally, |change| withheld.held.get(&change.key).cloned());
        for (key, told) in withheld.told {
            let Some(line) = stored(&key) else { continue };
            let is_accepted = self.has_accepted(&key);
            self.remember(line, |line| {
                line.notes.told = told;
                if line.notes.gone == Some(Gone::Agreed) && !is_accepted {
                    // Its time is not gone: it may have come under another key.
                    (line.notes.gone, line.notes.missing) = (Some(Gone::Deleted), None);
                }
            });
        }
        gone
    }

    /// Whether a person has just compared a line and accepted that its entry is gone: whatever is held beside it, that stays.
    pub(in crate::export) fn has_accepted(&self, key: &LineKey) -> bool {
        self.accepted.contains(key)
    }

    /// Takes back what was noted of lines on whose absence both sides seem to agree, where something of their day is not written,
    /// or is held: it may be what they lack. What a person has just compared and accepted stays. `is_refused` says that the feed is not
    /// believed at all.
    pub(in crate::export) fn agree_on_written_days<'l>(
        &mut self,
        is_refused: bool,
        held: &[Held],
        was: impl Fn(&LineKey) -> Option<&'l StoredLine>,
    ) {
        let mut relinked = BTreeSet::new();
        for held in held {
            let Subject::Line(key) = &held.subject else { continue };
            self.unwritten.insert((key.worker, key.date));
            if held.reason == Reason::EmployeeRelinked {
                relinked.insert(key.date);
            }
        }
        let may_be = |key: &LineKey| {
            is_refused || self.unwritten.contains(&(key.worker, key.date)) || relinked.contains(&key.date)
        };
        for line in self.agreed.values_mut().filter(|line| may_be(&line.key)) {
            let was = was(&line.key)
                .and_then(|known| known.notes.gone)
                .unwrap_or(Gone::Deleted);
            let is_accepted = self.accepted.contains(&line.key);
            if is_accepted || was == Gone::Agreed || !line.notes.gone.is_some_and(Gone::is_deleted) {
                continue;
            }
            line.notes.missing = None;
            // What was left out for the deletion stays noted: that the office decided needs no whole day.
            if line.notes.gone == Some(Gone::Agreed) {
                line.notes.gone = Some(was);
            }
        }
    }

    /// Forgets what a look at days that were not asked for noted of lines on whose absence both sides seem to agree: it has no guard.
    pub(in crate::export) fn agree_on_nothing<'l>(&mut self, was: impl Fn(&LineKey) -> Option<&'l StoredLine>) {
        let gone = |line: &&mut StoredLine| line.notes.gone.is_some_and(Gone::is_deleted);
        for line in self.agreed.values_mut().filter(gone) {
            if let Some(was) = was(&line.key).filter(|was| was.notes.gone.is_some_and(Gone::is_deleted)) {
                (line.notes.gone, line.notes.missing) = (was.notes.gone, was.notes.missing);
            }
        }
    }

    /// Holds changes that were planned, with the hours that they carry: each for which there is a refusal.
    pub(in crate::export) fn hold(&mut self, tally: &mut PlanTally, refusal: impl Fn(&LineChange) -> Option<Refusal>) {
        let (account, held_gains) = (&mut tally.account, &mut self.held_gains);
        hold_where(&mut self.changes, &mut tally.held, |change| {
            let refusal = refusal(change)?;
            held_gains.extend(change.gains().then(|| change.clone()));
            account.hold_line(change);
            let held = Held::new(&change.key, refusal);
            let hours = change.hours_carried();
            Some(if hours == Hours::ZERO {
                held
            } else {
                held.keeping(hours)
            })
        });
    }
}

/// The lines whose time may be what is held, with whose it would be and of which day.
fn may_have_gone<'s>(
    kept: &'s [Kept],
    changes: &'s [&LineChange],
    held: &'s BTreeMap<LineKey, Refusal>,
) -> impl Iterator<Item = (LineKey, (Person, NaiveDate))> + 's {
    let held = changes
        .iter()
        .filter(|change| change.gains() && held.contains_key(&change.key));
    held.flat_map(move |change| {
        let lines = kept.iter().flat_map(|kept| kept.may_have_gone_to(change));
        lines.map(|line| (line.clone(), (Person::Worker(change.key.worker), change.key.date)))
    })
}

/// Whether a change takes hours away from a line.
fn loses(change: &LineChange) -> bool {
    let after = match change.action {
        LineAction::Delete => CentiHours::default(),
        LineAction::Create | LineAction::Update => change.content.hours,
    };
    // A double is proven by the journal, whatever ExakTime shows.
    change.double_of.is_none() && change.before.is_some_and(|before| after < before)
}
