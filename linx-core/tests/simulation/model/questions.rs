//! What the laws ask of what was seen.

use super::*;

impl Model {
    pub(super) fn now(&self) -> usize {
        self.nights.len() - 1
    }

    /// Returns the refresh that Linx's present writes may come from.
    pub(super) fn base(&self) -> usize {
        self.latest.as_ref().map_or(self.now(), |run| run.night)
    }

    /// Returns the refreshes that were current while a run was under way.
    pub(super) fn run_nights(&self, run: &Run) -> std::ops::RangeInclusive<usize> {
        run.night..=self.now()
    }

    /// Returns the refreshes that a request which left at some time may have been made from.
    pub(super) fn looks(&self, sent: DateTime<Utc>) -> BTreeSet<usize> {
        let recent = self
            .runs
            .values()
            .chain(&self.latest)
            .filter(|run| run.at <= sent && run.at > sent - TimeDelta::days(1));
        let then = self.refreshed.iter().filter(|at| **at <= sent).count();
        recent.map(|run| run.night).chain([then]).collect()
    }

    pub(super) fn due_at(&self, night: usize, spot: &Spot) -> i64 {
        self.nights[night]
            .values()
            .filter(|punch| is_at(punch, spot))
            .map(|punch| punch.hours)
            .sum()
    }

    /// Returns how many punches a spot has by now.
    pub(super) fn stretches_at(&self, spot: &Spot) -> usize {
        let punches = self.nights[self.now()].values();
        punches.filter(|punch| is_at(punch, spot)).count()
    }

    pub(super) fn due_of_day(&self, night: usize, day: &Day) -> i64 {
        self.of_day(night, day).map(|punch| punch.hours).sum()
    }

    pub(super) fn of_day(&self, night: usize, day: &Day) -> impl Iterator<Item = &Punch> {
        self.nights[night]
            .values()
            .filter(|punch| punch.human == Some(day.0) && punch.date == day.1)
    }

    /// Returns what stands by Linx's hand, as Linx wrote it; an entry that stands twice under one key counts once.
    pub(super) fn own_hours(&self) -> BTreeMap<Spot, i64> {
        let (mut hours, mut keys) = (BTreeMap::new(), BTreeSet::new());
        for entry in self.entries.values().filter(|entry| entry.is_own()) {
            if entry.key.as_ref().is_none_or(|key| keys.insert(key)) {
                *hours.entry(spot(&entry.content)).or_insert(0) += entry.content.hours;
            }
        }
        hours
    }

    pub(super) fn own_at(&self, at: &Spot) -> impl Iterator<Item = &Entry> {
        self.entries
            .values()
            .filter(move |entry| entry.is_own() && spot(&entry.content) == *at)
    }

    /// Returns by how much Linx's hours at a spot exceed what ExakTime has there, at its most, during a run.
    pub(super) fn stale(&self, run: &Run, own: &BTreeMap<Spot, i64>, spot: &Spot) -> i64 {
        hours_at(own, spot)
            - self
                .run_nights(run)
                .map(|night| self.due_at(night, spot))
                .max()
                .unwrap_or(0)
    }

    /// Tells whether an entry was written when a record was there, and has stood untouched since before a run began.
    pub(super) fn was_written_for(&self, entry: &Entry, record: u32, at: &Spot, run: &Run) -> bool {
        entry.touched < run.at && self.nights[entry.base].get(&record).is_some_and(|then| is_at(then, at))
    }

    /// Tells whether hours vanished at one spot and appeared at another in the same refresh, since the first was written.
    pub(super) fn moved_in_one_refresh(&self, from: &Spot, to: &Spot) -> bool {
        let since = self.own_at(from).map(|entry| entry.base).min().unwrap_or(0);
        let step = |night: usize, spot: &Spot| self.due_at(night, spot) - self.due_at(night - 1, spot);
        (since + 1..=self.now()).any(|night| step(night, from) < 0 && step(night, to) > 0)
    }

    /// Returns how many refreshes had less at a spot than one has, since another.
    fn lacked(&self, base: usize, night: usize, at: &Spot) -> usize {
        let now = self.due_at(night, at);
        (base + 1..night).filter(|older| self.due_at(*older, at) < now).count()
    }

    /// Tells whether two refreshes have lacked hours of a spot that are there again, since a refresh.
    pub(super) fn was_lacked_twice(&self, base: usize, at: &Spot) -> bool {
        self.lacked(base, self.now(), at) >= 2
    }

    /// Tells whether a spot has new time since a refresh: more than then, or some that moved there.
    pub(super) fn new_time_since(&self, base: usize, at: &Spot) -> bool {
        let then = self.due_at(base, at);
        (base + 1..=self.now()).any(|night| {
            let (before, after) = (&self.nights[night - 1], self.due_at(night, at));
            let less = |(id, punch): (&u32, &Punch)| {
                !is_at(punch, at)
                    && self.nights[night]
                        .get(id)
                        .is_none_or(|now| now.hours < punch.hours || !is_same_line(now, punch))
            };
            after > then
                || self.lacked(base, night, at) >= 2
                || after > self.due_at(night - 1, at) && before.iter().any(less)
        })
    }

    /// Tells whether the source has proved, up to a refresh, that an entry is to lose some hours.
    ///
    /// Proof is that the hours were never there when it was written (Linx mends its own mistake); that two refreshes lacked them since
    /// a whole export last saw them, one of them a present one; or that the day has a stretch it did not have. The last also covers a
    /// record that is simply shorter now: it is corrected, not missing. So is a stretch which was held so far and is written now, of
    /// which nobody remembers that it is old (B13, *not yet*). A disproved absence does not count towards the two; a look at a list
    /// that lacked rows without a sign does, for whoever looks.
    pub(super) fn is_proven(&self, entry: &Entry, removed: i64, until: usize) -> bool {
        let (at, day) = (spot(&entry.content), (entry.content.human, entry.content.date));
        // Of two stretches of one work either may be what is lacking, also one that people have edited since.
        let edited = self.entries.values().filter(|entry| entry.alive && entry.is_peoples());
        let edited = edited.filter_map(|entry| entry.written.as_ref());
        let edited: i64 = edited
            .filter(|written| spot(written) == at)
            .map(|written| written.hours)
            .sum();
        let before = (hours_at(&self.own_hours(), &at) + edited).max(removed);
        let lacks = |night: usize| self.due_at(night, &at) < before;
        let seen = self
            .read
            .iter()
            .filter(|(night, from, to)| *night <= until && *from <= day.1 && day.1 <= *to && !lacks(*night));
        let seen = seen.map(|(night, _, _)| *night).max().unwrap_or(0).max(entry.base);
        let looked_lacking = |night: usize| lacks(night) || self.blinded.contains(&night);
        // A list that lacked all of it may have been read after one that had it, of the same refresh.
        let lacked_after = self.blinded.contains(&seen);
        let lacking = (seen + 1..=until).filter(|night| looked_lacking(*night)).count() + usize::from(lacked_after);
        let lacks_now = (self.base().min(until)..=until).any(lacks);
        let never_due = self.due_at(entry.base, &at) <= before - removed;
        never_due
            || self.has_unwritten_stretch(&day, until)
            || lacking >= 2 && lacks_now
            || (entry.base + 1..=until).any(|night| self.has_new_stretch(&day, entry.base, night))
    }

    /// Tells whether a day has time that did not stand when the latest export began.
    fn has_unwritten_stretch(&self, day: &Day, night: usize) -> bool {
        let Some(run) = &self.latest else { return false };
        let mut spots = self.of_day(night, day).filter_map(spot_of_punch);
        spots.any(|spot| self.due_at(night, &spot) > hours_at(&run.stood, &spot))
    }

    /// Tells whether the hours that stand by Linx's hand for a human, over all days, are no more than ExakTime has of that human.
    pub(super) fn has_all_that_stands(&self, human: Human, own: &BTreeMap<Spot, i64>, night: usize) -> bool {
        let stands = own.iter().filter(|(spot, _)| spot.0 == human).map(|(_, hours)| hours);
        let due = self.nights[night].values().filter(|punch| punch.human == Some(human));
        stands.sum::<i64>() <= due.map(|punch| punch.hours).sum::<i64>()
    }

    /// Tells whether the hours that stand by Linx's hand, over all people and days, are no more than ExakTime has.
    pub(super) fn has_all_that_stands_of_all(&self, own: &BTreeMap<Spot, i64>, night: usize) -> bool {
        let due = self.nights[night].values().filter(|punch| punch.human.is_some());
        own.values().sum::<i64>() <= due.map(|punch| punch.hours).sum::<i64>()
    }

    /// Tells whether of somebody else as many hours of the very work and day lack as stand too much at a spot.
    pub(super) fn anothers_lacks_as_much(&self, from: &Spot, to: &Spot, own: &BTreeMap<Spot, i64>, run: &Run) -> bool {
        let spots = self.nights[run.night].values().filter_map(spot_of_punch);
        let mut alike = spots.filter(|spot| {
            let is_same_work = (spot.1, &spot.2, &spot.3) == (to.1, &to.2, &to.3);
            is_same_work && spot.0 != to.0 && spot.0 != from.0
        });
        alike.any(|spot| self.due_at(run.night, &spot) - hours_at(own, &spot) == self.stale(run, own, from))
    }

    /// Tells whether a day has, at a refresh, a stretch that it did not have at an earlier one.
    pub(super) fn has_new_stretch(&self, day: &Day, then: usize, night: usize) -> bool {
        let mut old: Vec<&Punch> = self.of_day(then, day).collect();
        self.of_day(night, day)
            .any(|punch| match old.iter().position(|other| *other == punch) {
                Some(same) => {
                    old.swap_remove(same);
                    false
                }
                None => true,
            })
    }

    pub(super) fn was_told_since(&self, day: &Day, acted: DateTime<Utc>) -> bool {
        self.told_all.is_some_and(|at| at >= acted) || self.told.get(day).is_some_and(|at| *at >= acted)
    }

    /// Returns the humans' days in a run's range on which something stands or is due.
    pub(super) fn days(&self, run: &Run) -> BTreeSet<Day> {
        let standing = self
            .entries
            .values()
            .filter(|entry| entry.alive)
            .map(|entry| (entry.content.human, entry.content.date));
        let punches = self.run_nights(run).flat_map(|night| self.nights[night].values());
        let due = punches.filter_map(|punch| Some((punch.human?, punch.date)));
        standing
            .chain(due)
            .filter(|(_, date)| run.from <= *date && *date <= run.to)
            .collect()
    }

    /// Says in what a human's day differs from what a refresh of the warehouse asks for, unless people decided so.
    ///
    /// Where people touched nothing of the day, each place and code has its hours. Otherwise the sums may differ, but by no more than
    /// people's decisions account for: each of their entries accounts for what it is now less what Linx had written, or both sides had
    /// agreed on. So a deletion of 8 hours excuses up to 8 too few, an edit of 8 to 7 up to 1 too few, 4 hours typed up to 4 too many. An approval excuses nothing
    /// (D18); time of nobody that is known may be what stands too much (C17), and is judged as such; and who removes what he typed
    /// himself leaves no decision behind: Linx's line is due then.
    pub(super) fn amiss(&self, day: &Day, night: usize) -> Option<String> {
        if self.forgotten.contains(day) {
            return None;
        }
        let alive = self
            .entries
            .values()
            .filter(|entry| entry.alive && (entry.content.human, entry.content.date) == *day);
        let (stands, due) = (
            alive.clone().map(|entry| entry.content.hours).sum::<i64>(),
            self.due_of_day(night, day),
        );
        let accounts: Vec<(i64, i64)> = self
            .entries
            .values()
            .filter(|entry| entry.is_peoples() && entry.days().contains(day))
            .map(|entry| entry.account(day))
            .collect();
        let (least, most) = (
            accounts.iter().map(|(least, _)| least).sum::<i64>(),
            accounts.iter().map(|(_, most)| most).sum::<i64>(),
        );
        let nobodys: i64 = self.nights[night]
            .values()
            .filter(|punch| punch.human.is_none() && punch.date == day.1)
            .map(|punch| punch.hours)
            .sum();
        if stands > due && stands - due <= nobodys {
            return None;
        }
        if !(least..=most).contains(&(stands - due)) {
            let (stands, due) = (in_hours(stands), in_hours(due));
            return Some(format!(
                "{} has {stands} hours standing and {due} in ExakTime, more than people's decisions account for",
                name(day)
            ));
        }
        let spots: BTreeSet<Spot> = alive
            .clone()
            .map(|entry| spot(&entry.content))
            .chain(self.of_day(night, day).filter_map(spot_of_punch))
            .collect();
        let at = |at: &Spot| {
            alive
                .clone()
                .filter(|entry| spot(&entry.content) == *at)
                .map(|entry| entry.content.hours)
                .sum::<i64>()
        };
        let wrong = spots
            .iter()
            .find(|spot| accounts.is_empty() && at(spot) != self.due_at(night, spot))?;
        let (stands, due) = (in_hours(at(wrong)), in_hours(self.due_at(night, wrong)));
        Some(format!(
            "{} has {stands} hours standing for {} {} and {due} in ExakTime",
            name(day),
            wrong.2,
            wrong.3
        ))
    }
}
