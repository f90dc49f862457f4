//! Which lines are not written beside hours that are kept, and what stays for them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::kept::nearness::Nearness;
use super::kept::{Kept, Reach};
use crate::change::{LineChange, LineKey};
use crate::hold::{Reason, Refusal};
use crate::model::{CentiHours, WorkerId};

/// What is to be written, and what is known of it.
#[derive(Clone, Copy)]
pub(in crate::export) struct Changes<'c, 's> {
    pub(in crate::export) all: &'s [&'c LineChange],
    /// What is deleted or lowered for what is new on its day.
    pub(in crate::export) corrected: &'s BTreeSet<LineKey>,
    /// The newest day of which something was sent before: what comes up to it comes late.
    pub(in crate::export) sent_until: Option<NaiveDate>,
}

/// Nothing rests on anything else.
static NONE: BTreeSet<LineKey> = BTreeSet::new();

impl<'c, 's> Changes<'c, 's> {
    /// Changes of which only they themselves are known, in the midst of a run: any may be late.
    pub(in crate::export) fn of_any_day(all: &'s [&'c LineChange]) -> Self {
        Self {
            all,
            corrected: &NONE,
            sent_until: Some(NaiveDate::MAX),
        }
    }

    fn is_late(&self, change: &LineChange) -> bool {
        self.sent_until.is_some_and(|newest| change.key.date <= newest)
    }
}

/// Which changes are not to be written, each with the reason: those that would gain hours which are kept, and those that
/// take hours away for what is held on the same day.
pub(in crate::export) fn beside(kept: &[Kept], changes: Changes<'_, '_>) -> BTreeMap<LineKey, Refusal> {
    withheld(kept, changes).held
}

/// What is not to be written, and what somebody is told by that.
#[derive(Default)]
pub(super) struct Withheld {
    pub(super) held: BTreeMap<LineKey, Refusal>,
    /// The lines whose hours the office deleted or took off, for which something of their day is held; with how many of these hours
    /// somebody was told of by then, that they may be on another place or code.
    pub(super) told: BTreeMap<LineKey, CentiHours>,
}

pub(super) fn withheld(kept: &[Kept], changes: Changes<'_, '_>) -> Withheld {
    let mut stay: BTreeMap<LineKey, Refusal> = BTreeMap::new();
    if kept.is_empty() {
        return Withheld::default();
    }
    loop {
        let losing = changes
            .all
            .iter()
            .filter(|change| !change.gains() && !stay.contains_key(&change.key));
        let lost: BTreeMap<&LineKey, CentiHours> = losing.map(|change| (&change.key, change.lost())).collect();
        let kept: Vec<Kept> = kept.iter().map(|kept| kept.after(&lost)).collect();
        let mut withheld = gaining(&kept, &changes);
        let more = staying(&kept, &lost, &changes, &withheld.held);
        if more.is_empty() {
            withheld.held.extend(stay);
            return withheld;
        }
        // What stays has hours of its own, which may be what others gain.
        stay.extend(more);
    }
}

/// What would gain hours that are kept.
fn gaining<'c>(kept: &[Kept], changes: &Changes<'c, '_>) -> Withheld {
    let mut withheld = Withheld::default();
    let mut by_reach: Vec<&Kept> = kept.iter().collect();
    by_reach.sort_by_key(|kept| kept.reach);
    // What a line that is held would have gained stands for so many hours that are kept, and for no more.
    let mut free: BTreeMap<&LineKey, i64> = changes
        .all
        .iter()
        .filter(|change| change.gains())
        .map(|change| (&change.key, change.gained().hundredths()))
        .collect();
    let mut gaining = Gaining {
        withheld: &mut withheld,
        free: &mut free,
    };
    // The hours may be the same person's or another's: nothing tells, so that as many are held of either. Others' first: the
    // same person's have more days on which they may be found.
    let each: Vec<(&Kept, Vec<(Nearness, &LineChange)>)> = by_reach
        .into_iter()
        .map(|kept| {
            (
                kept,
                kept.nearest(changes.all.iter().copied(), |change| changes.is_late(change)),
            )
        })
        .collect();
    let left: Vec<i64> = each
        .iter()
        .map(|(kept, near)| gaining.hold_others(kept, near))
        .collect();
    // What came late to somebody else's other day is these hours only if it is as many, or as many as are left.
    let hold_as_many = |(kept, near): &(&Kept, Vec<(Nearness, &'c LineChange)>)| {
        let late = late(near).filter(|change| kept.has_as_many(change));
        gaining.hold(kept, kept.hours(), late)
    };
    let not_late: Vec<i64> = each.iter().map(hold_as_many).collect();
    for (((kept, near), of_others), not_late) in each.iter().zip(left).zip(not_late) {
        let left = gaining.hold_own(kept, near);
        let is_as =
            |left: i64, change: &LineChange| (left - change.gained().hundredths()).abs() <= 1 + kept.by_rounding();
        // What is left after what came late, after the same person's, or after others' of that day.
        let rests = [not_late, left, of_others];
        let is_rest = |change: &LineChange| rests.iter().any(|left| *left > 0 && is_as(*left, change));
        if not_late > 0 {
            let hours = CentiHours::from_hundredths(not_late + kept.by_rounding());
            gaining.hold(kept, hours, late(near).filter(|change| is_rest(change)));
        }
    }
    withheld
}

/// What came late to somebody else's other day.
fn late<'n, 'c>(near: &'n [(Nearness, &'c LineChange)]) -> impl Iterator<Item = &'c LineChange> + use<'n, 'c> {
    let late = near.iter().filter(|(near, _)| *near == Nearness::Late);
    late.map(|(_, change)| *change)
}

/// What would gain hours that are kept, as it is found.
struct Gaining<'h, 'c> {
    withheld: &'h mut Withheld,
    /// What each line would gain that stands for no hours yet.
    free: &'h mut BTreeMap<&'c LineKey, i64>,
}

impl<'c> Gaining<'_, 'c> {
    /// Holds of what others gain what may be the hours that are kept: what is just alike, whatever the same people gain elsewhere; and
    /// of the rest as much as is found nowhere else. Returns how many none stands for.
    fn hold_others(&mut self, kept: &Kept, near: &[(Nearness, &'c LineChange)]) -> i64 {
        let others = |of_day: bool| {
            let others = near
                .iter()
                .filter(|(near, _)| !near.is_own() && *near != Nearness::Late);
            let these = others.filter(move |(near, _)| (*near == Nearness::Day) == of_day);
            these.map(|(_, change)| *change)
        };
        let left = self.hold(kept, kept.hours_alike(), others(false));
        let found_nowhere = kept.hours().hundredths().min(left + kept.by_rounding());
        self.hold(kept, CentiHours::from_hundredths(found_nowhere), others(true))
    }

    /// Holds of what the same person gains what may be the hours that are kept. Of what the office decided, what is the same work in
    /// another class or at another time is held whole, and the rest as far as nobody was told yet. Returns how many none stands for.
    fn hold_own(&mut self, kept: &Kept, near: &[(Nearness, &'c LineChange)]) -> i64 {
        let own = |is_nearest: bool| {
            let own = near.iter().filter(|(near, _)| near.is_own());
            let these = own.filter(move |(near, _)| (*near == Nearness::Worker(0)) == is_nearest);
            these.map(|(_, change)| *change)
        };
        if kept.reach != Reach::Deleted {
            // What is new on days that were only looked at may be other time, as long as something is just alike.
            let alike = own(true).chain(own(false)).filter(|change| kept.has_as_many(change));
            let left = self.hold(kept, kept.hours_alike(), alike.filter(|_| kept.is_moved()));
            let left = kept.hours().hundredths().min(left + kept.by_rounding());
            return self.hold(kept, CentiHours::from_hundredths(left), own(true).chain(own(false)));
        }
        let left = self.hold(kept, kept.hours(), own(true));
        let untold = kept.untold().hundredths().min(left + kept.by_rounding());
        let still = self.hold(kept, CentiHours::from_hundredths(untold), own(false));
        self.tell(
            kept,
            (untold - still - kept.by_rounding()).max(0),
            left < kept.hours().hundredths() - kept.by_rounding(),
        );
        still
    }

    /// Notes that somebody is told of so many hours more of these lines, or of the lines themselves.
    fn tell(&mut self, kept: &Kept, hours: i64, is_recut: bool) {
        let mut left = hours;
        for line in &kept.lines {
            let more = (line.more - line.told).hundredths().min(left);
            left -= more;
            if more > 0 || is_recut {
                let told = line.told + CentiHours::from_hundredths(more);
                self.withheld.told.insert(line.key.clone(), told);
            }
        }
    }

    /// Holds of these what stands for the hours that are kept. Returns how many none stands for.
    fn hold(&mut self, kept: &Kept, hours: CentiHours, near: impl Iterator<Item = &'c LineChange>) -> i64 {
        if hours == CentiHours::default() {
            return 0;
        }
        let mut left = hours.hundredths() - kept.by_rounding();
        for change in near {
            let Some(free) = self.free.get_mut(&change.key).filter(|free| left > 0 && **free > 0) else {
                continue;
            };
            let covered = left.min(*free);
            *free -= covered;
            left -= covered;
            self.withheld
                .held
                .entry(change.key.clone())
                .or_insert_with(|| kept.refusal(hours));
        }
        left
    }
}

/// What goes or shrinks on a day of which lines are held that would gain: it stays as far as ExakTime has those hours, so
/// that nobody is paid less on such an account, and where nothing else proves that its time is gone.
fn staying(
    kept: &[Kept],
    lost: &BTreeMap<&LineKey, CentiHours>,
    changes: &Changes<'_, '_>,
    held: &BTreeMap<LineKey, Refusal>,
) -> BTreeMap<LineKey, Refusal> {
    let day = |key: &LineKey| (key.worker, key.date);
    let mut short: BTreeMap<(WorkerId, NaiveDate), i64> = BTreeMap::new();
    for change in changes.all.iter().filter(|change| held.contains_key(&change.key)) {
        *short.entry(day(&change.key)).or_default() += change.gained().hundredths();
    }
    for kept in kept {
        let first = kept.lines.first();
        if let Some(short) = first.and_then(|line| short.get_mut(&day(&line.key))) {
            *short -= kept.hours().hundredths();
        }
    }
    let still_gain = changes
        .all
        .iter()
        .filter(|change| change.gains() && !held.contains_key(&change.key));
    let still_gain: BTreeSet<_> = still_gain.map(|change| day(&change.key)).collect();
    let mut stay = BTreeMap::new();
    for change in changes
        .all
        .iter()
        .filter(|change| lost.contains_key(&change.key) && change.double_of.is_none())
    {
        let Some(short) = short.get_mut(&day(&change.key)) else {
            continue;
        };
        let hours = change.lost().hundredths();
        let is_unproven = changes.corrected.contains(&change.key) && !still_gain.contains(&day(&change.key));
        if hours <= *short || is_unproven {
            *short -= hours;
            let entry = change.entry.map(|id| format!(" in entry {id}")).unwrap_or_default();
            let detail = format!("{} h{entry} go for a line of that day that is held", change.lost());
            stay.insert(change.key.clone(), Refusal::new(Reason::BesideKept, detail));
        }
    }
    stay
}

#[cfg(test)]
mod tests;
