//! The laws, each with the sentence or the hazard that it comes from.

use super::*;

impl Model {
    /// Law 1. No key of Linx's stands twice at any moment (hazards A1, A15, B15; the design, "Nothing is written twice").
    ///
    /// Not Linx's doing are a request that a fault doubled, and entries that people copied, put back or moved elsewhere with their
    /// mark. Judged when the next event comes, so that it does not matter whether the fault is reported before or after what it made.
    pub(super) fn law_1_no_key_stands_twice(&mut self) -> Vec<String> {
        let mut first: BTreeMap<&str, u64> = BTreeMap::new();
        let mut wrong = Vec::new();
        for (id, entry) in self.entries.iter().filter(|(_, entry)| {
            entry.alive && entry.made_by == Hand::Linx && entry.back == Back::Never && !entry.moved
        }) {
            let Some(key) = entry.key.as_deref().filter(|key| !self.doubled.contains(*key)) else {
                continue;
            };
            if let Some(other) = first.insert(key, *id).filter(|_| !self.said.contains(key)) {
                let whose = about(&entry.content);
                wrong.push((
                    key.to_owned(),
                    format!("Law 1, no key stands twice: entries {other} and {id} ({whose}) both carry {key}."),
                ));
            }
        }
        self.said.extend(wrong.iter().map(|(key, _)| key.clone()));
        wrong.into_iter().map(|(_, sentence)| sentence).collect()
    }

    /// Law 2. Nothing of a person is changed or deleted by Linx, and no edit is overwritten (hazards B7, B16, D18, D19; the design:
    /// "nobody's manual edit is overwritten unasked", "entries that Linx did not write are never touched, however alike").
    ///
    /// A person's are: entries that people made or copied, entries whose content is not what Linx wrote last, and entries that people
    /// put back, whoever deleted them. An edit that ExakTime has followed, so that both agreed when an export looked, is Linx's to keep
    /// in step again. A request that left before people acted, or so soon after that Linx had looked before, is no breach. Neither is
    /// one that changes nothing. After a loss of memory, a mark does not show by whose hand an entry was copied, put back or edited, so
    /// that only entries without a mark, approved ones, and deeds since the first whole export count.
    pub(super) fn law_2_people_decide(
        &self,
        id: u64,
        before: &Entry,
        after: Option<&Content>,
        sent: Sent,
    ) -> Option<String> {
        let seen = |when: DateTime<Utc>| sent.known > when;
        let remembers = |when: DateTime<Utc>| {
            self.lost
                .is_none_or(|lost| lost.knows_since.is_some_and(|since| when >= since))
        };
        let unmarked = before.made_by == Hand::Other && before.key.is_none();
        let peoples = before.is_peoples()
            && !before.has_agreed()
            && before
                .acted
                .is_some_and(|when| seen(when) && (unmarked || remembers(when)));
        let why = match before {
            _ if before.approved.is_some_and(seen) => "it is approved",
            _ if !peoples => return None,
            Entry {
                made_by: Hand::Other, ..
            } => "people made it",
            Entry { back: Back::Known, .. } => "people put it back",
            _ => "people edited it",
        };
        let what = after.map_or("deleted it".to_owned(), |content| format!("made it {}", about(content)));
        Some(format!(
            "Law 2, people decide: entry {id} ({}) is not Linx's to touch, for {why}, and Linx {what}.",
            about(&before.content)
        ))
    }

    /// Law 2, for what the service refuses: an entry that is approved is not asked for (hazard D18), unless that could not be known yet.
    pub(super) fn law_2_approved_is_not_asked_for(&self, id: u64, sent: Sent) -> Option<String> {
        let entry = self.entries.get(&id)?;
        let is_known = entry.approved.is_some_and(|since| sent.known > since);
        is_known.then(|| {
            let whose = about(&entry.content);
            format!("Law 2, people decide: Linx asked to change entry {id} ({whose}), which was approved.")
        })
    }

    /// Law 3, first half. What people deleted, Linx does not make again (hazards B7, D19, B12; the design: "a line adjusted or deleted
    /// in Procore after export is the office's decision and is never put back").
    ///
    /// An entry that people moved to another human, day, place or code counts as deleted where it was. The one excuse is new time:
    /// since Linx wrote the entry, a refresh has shown more hours of that human, day, place and code than when it was written, or has
    /// moved hours there (in that refresh something else became less), or hours are back that two refreshes had lacked (B13: those were
    /// removed for good). Hours that were gone for one night are no new time; nor are hours elsewhere on that day. No breach either: a
    /// create that may have left before the deletion, one whose key was doubled, and one that replaces as many hours that stood there
    /// by Linx's hand when the export began, and one for another stretch of that work, beside which what was deleted would be due. Nor is it
    /// one of which no export had learned before people deleted it, where Procore does not tell what was deleted (B7: a note says so); nor
    /// one where the human's worker was made anew and a run told of that day since (hazard C17): what people delete then is what was left behind.
    pub(super) fn law_3_what_people_deleted_stays_away(
        &mut self,
        at: DateTime<Utc>,
        id: u64,
        key: Option<&String>,
        made: &Content,
    ) -> Option<String> {
        let spot_of = spot(made);
        let is_doubled = |key: Option<&String>| key.is_some_and(|key| self.doubled.contains(key));
        let knew = |acted: DateTime<Utc>| at > acted + SETTLE && self.latest.as_ref().is_some_and(|run| run.at > acted);
        if self.lost.is_some() || is_doubled(key) {
            return None;
        }
        let gone = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.was_taken_from(&spot_of) && !is_doubled(entry.key.as_ref()));
        let (old, entry, acted) = gone
            .filter_map(|(old, entry)| Some((*old, entry, entry.acted?)))
            .max_by_key(|(_, _, acted)| *acted)?;
        let replaces = self
            .latest
            .as_ref()
            .is_some_and(|run| hours_at(&self.own_hours(), &spot_of) + made.hours <= hours_at(&run.stood, &spot_of));
        // What is due beside it is another stretch of the same work.
        let taken = entry.written.as_ref().map_or(0, |written| written.hours);
        let is_beside = made.hours + taken <= self.due_at(self.now(), &spot_of) && self.stretches_at(&spot_of) > 1;
        let was_asked = self
            .anew
            .get(&made.human)
            .is_some_and(|anew| self.was_told_since(&(made.human, made.date), *anew));
        let is_learned = self.ended.iter().any(|end| (entry.made..=acted).contains(end));
        let is_unknown = self.hides_deleted && !is_learned;
        if !knew(acted) || replaces || is_beside || was_asked || is_unknown {
            return None;
        }
        let new_time = self.new_time_since(entry.base, &spot_of);
        if !self.was_lacked_twice(entry.base, &spot_of) {
            self.reborn.push((at, (made.human, made.date), acted));
        }
        (!new_time).then(|| {
            format!(
                "Law 3, what people deleted stays away: people took away entry {old}, and Linx made entry {id} ({}) again.",
                about(made)
            )
        })
    }

    /// Law 3, second half. Even with new time, what people deleted comes again only when somebody is told (the design: "Both changed: a
    /// conflict, shown"; "0 means that nobody needs to look"): a run that ends with 0 must have named that human's day, or an earlier
    /// one since the deletion. Not so for hours that two refreshes had lacked: both sides had agreed that they are gone, and what comes
    /// again is new like any other.
    pub(super) fn law_3_who_puts_back_tells(&mut self, run: &Run, end: &End) -> Vec<String> {
        let (mine, rest) = std::mem::take(&mut self.reborn)
            .into_iter()
            .partition(|(at, _, _)| *at >= run.at);
        self.reborn = rest;
        let mine: Vec<(DateTime<Utc>, Day, DateTime<Utc>)> = mine;
        let untold = mine.iter().filter(|(_, day, acted)| !self.was_told_since(day, *acted));
        let silent = untold.filter(|_| end.needs_nobody && self.lost.is_none());
        silent
            .map(|(_, day, _)| {
                format!(
                    "Law 3, who puts back tells: {} had an entry that people deleted and has one again, which no run has told.",
                    name(day)
                )
            })
            .collect()
    }

    /// Law 4 within one human's day (hazards D19, D25, B13, C17): an export adds no hours to a day on which as many stand by Linx's
    /// hand that ExakTime has no more.
    ///
    /// The day grew by this export, and the excess afterwards is at least as large. To be certain that the hours are the same, the ones
    /// vanished and the others appeared in one refresh, or exactly as many were added as stand too much. A smaller later addition may
    /// be genuinely new time, and is let pass. If the old entry was approved before the export began, telling is no excuse, for Linx
    /// could know; otherwise (its removal was refused or got lost) it is.
    pub(super) fn law_4_a_day_is_not_paid_twice(&self, run: &Run, end: &End) -> Vec<String> {
        let mut wrong = Vec::new();
        let own = self.own_hours();
        for day in own.keys().map(|spot| (spot.0, spot.1)).collect::<BTreeSet<Day>>() {
            let stands = sum_of_day(&own, &day);
            let grown = stands - sum_of_day(&run.stood, &day);
            let due = self
                .run_nights(run)
                .map(|night| self.due_of_day(night, &day))
                .max()
                .unwrap_or(0);
            let excess = stands - due;
            if self.lost.is_some() || grown <= 0 || excess < grown {
                continue;
            }
            let stale = own
                .keys()
                .filter(|spot| (spot.0, spot.1) == day && self.stale(run, &own, spot) > 0)
                .collect::<Vec<_>>();
            let added = own
                .iter()
                .filter(|(spot, hours)| (spot.0, spot.1) == day && **hours > hours_at(&run.stood, spot))
                .map(|(spot, _)| spot)
                .collect::<Vec<_>>();
            let together = stale
                .iter()
                .any(|from| added.iter().any(|to| from != to && self.moved_in_one_refresh(from, to)));
            let knew = stale.iter().any(|spot| {
                self.own_at(spot)
                    .any(|entry| entry.approved.is_some_and(|since| since < run.at))
            });
            let excused = !knew && (end.failed || end.told_all || end.told.contains(&day));
            if (together || grown == excess) && !excused {
                let (grown, stands, due) = (in_hours(grown), in_hours(stands), in_hours(due));
                wrong.push(format!(
                    "Law 4, nobody is paid twice: an export added {grown} hours to {}, where {stands} now stand for {due}.",
                    name(&day)
                ));
            }
        }
        wrong
    }

    /// Law 4 across days and humans (hazards D19, D24, C17): a record that moved does not stand both where it was and where it is.
    ///
    /// Hours that vanish from one day while as many appear on another, or for another human, may be a move or chance: every night
    /// brings new time. The one thing that makes it certain is the record itself, which the observer recognises by its id. Linx cannot
    /// rely on ids, and has to hold what looks alike; that it holds more than necessary is not judged. Breach: the export raised the
    /// hours at the record's new spot to all that is due there, while the old entry, which stood before the export began, still stands
    /// for hours that ExakTime does not have there. If Linx knew that the old one would stay (approved before, or not yet absent in two
    /// refreshes, B13), telling is no excuse; otherwise it is.
    pub(super) fn law_4_what_moved_does_not_stand_twice(&self, run: &Run, end: &End) -> Vec<String> {
        let mut wrong = Vec::new();
        let own = self.own_hours();
        for (to, hours) in own
            .iter()
            .filter(|(to, hours)| self.lost.is_none() && **hours > hours_at(&run.stood, to))
        {
            let whole = self.run_nights(run).all(|night| *hours >= self.due_at(night, to));
            for (id, record) in self.nights[run.night]
                .iter()
                .filter(|(_, record)| whole && is_at(record, to))
            {
                let stays = self
                    .run_nights(run)
                    .all(|night| self.nights[night].get(id).is_some_and(|now| is_at(now, to)));
                for from in own.keys().filter(|from| stays && (from.0, from.1) != (to.0, to.1)) {
                    let Some(entry) = self
                        .own_at(from)
                        .find(|entry| self.was_written_for(entry, *id, from, run))
                    else {
                        continue;
                    };
                    let was = &self.nights[entry.base][id];
                    let moved = record.hours.min(was.hours);
                    let came = hours - hours_at(&run.stood, to);
                    let is_another_number = was.hours != record.hours || came != record.hours;
                    if self.may_be_new(from, to, is_another_number, &own, run) {
                        continue;
                    }
                    let too_much = self.stale(run, &own, from);
                    let knew = entry.approved.is_some_and(|since| since < run.at)
                        || !self.is_proven(entry, too_much, run.night);
                    let told = end.told_all || end.told.contains(&(from.0, from.1)) || end.told.contains(&(to.0, to.1));
                    if moved > 0 && too_much >= moved && (knew || !(told || end.failed)) {
                        let (moved, was, is) = (in_hours(moved), name(&(from.0, from.1)), name(&(to.0, to.1)));
                        wrong.push(format!(
                            "Law 4, nobody is paid twice: record {id} of {moved} hours moved from {was} to {is}, and stands on both."
                        ));
                    }
                }
            }
        }
        wrong
    }

    /// Whether nobody can tell that hours at one spot are those of another (hazard D19): of one human, as many others are held, so that
    /// over all days no more stands than ExakTime has; of another human and another day, they came in another number, also together with other
    /// time of that spot, or on a day that is newer than all that stood; of another human on the same day, they came in another number on another place or code, and over
    /// all people no more stands than ExakTime has. Nor where as many hours of that very day of theirs are lacking as stand too many: which
    /// of their lines has them need not be known. Nor where as many hours of that very work and day are lacking of somebody else: of two that
    /// are just alike nobody can tell which moved.
    fn may_be_new(
        &self,
        from: &Spot,
        to: &Spot,
        is_another_number: bool,
        own: &BTreeMap<Spot, i64>,
        run: &Run,
    ) -> bool {
        if from.0 == to.0 {
            return self
                .run_nights(run)
                .any(|night| self.has_all_that_stands(to.0, own, night));
        }
        let lacks = self.due_of_day(run.night, &(to.0, to.1)) - sum_of_day(own, &(to.0, to.1));
        if from.1 == to.1 && (lacks >= self.stale(run, own, from) || self.anothers_lacks_as_much(from, to, own, run)) {
            return true;
        }
        if from.1 == to.1 {
            let is_other_work = (&from.2, &from.3) != (&to.2, &to.3);
            let all = || {
                self.run_nights(run)
                    .any(|night| self.has_all_that_stands_of_all(own, night))
            };
            return is_another_number && is_other_work && all();
        }
        let newest = run.stood.keys().map(|spot| spot.1).max();
        is_another_number || newest.is_none_or(|newest| newest < to.1)
    }

    /// Laws 5 and 6. Exit status 0 means that this model has nothing to say (the design: "0 means that nobody needs to look"; hazards
    /// D24, D25), and with any other status each day of the range that is not as it should be is told (hazards D18, D24, B13).
    ///
    /// Judged where a whole export ended, did not fail and was not blind. Days on which people acted meanwhile are left out; when the
    /// warehouse was refreshed meanwhile, either of its states is right.
    pub(super) fn laws_5_and_6_what_differs_is_told(&self, run: &Run, end: &End) -> Vec<String> {
        let mut wrong = Vec::new();
        for day in self.days(run) {
            let acting = self
                .entries
                .values()
                .any(|entry| entry.acted.is_some_and(|at| at >= run.at) && entry.days().contains(&day));
            let amiss: Option<Vec<String>> = self.run_nights(run).map(|night| self.amiss(&day, night)).collect();
            let Some(amiss) = amiss.filter(|_| !acting).and_then(|amiss| amiss.into_iter().last()) else {
                continue;
            };
            if end.needs_nobody {
                wrong.push(format!(
                    "Law 5, 0 means that nobody needs to look: an export ended with 0, and {amiss}."
                ));
            } else if !end.told_all && !end.told.contains(&day) {
                wrong.push(format!(
                    "Law 6, what differs is told: an export did not name the day, and {amiss}."
                ));
            }
        }
        wrong
    }

    /// Law 5, for time of an employee who is nobody that is known: it can only be held (the design: "Matching goes link, identifier,
    /// nothing"; "hours read = stored + held + left out"), so that such an export does not end with 0.
    pub(super) fn law_5_unknown_people_need_somebody(&self, run: &Run, end: &End) -> Option<String> {
        let nobodys =
            |punch: &&Punch| punch.human.is_none() && punch.hours > 0 && punch.date >= run.from && punch.date <= run.to;
        let always = self
            .run_nights(run)
            .all(|night| self.nights[night].values().any(|punch| nobodys(&punch)));
        let punch = self.nights[self.now()]
            .values()
            .find(nobodys)
            .filter(|_| always && end.needs_nobody)?;
        Some(format!(
            "Law 5, 0 means that nobody needs to look: {} hours on {} are of nobody that is known.",
            in_hours(punch.hours),
            punch.date
        ))
    }

    /// Law 7, first half. At rest, all that is due stands and nothing else (the design: "Every hour is accounted for").
    ///
    /// In the range of the last whole export up to the day before it, if nothing was refreshed since. A day that it told may still differ where something in
    /// the company has to wait (an approved entry, one not yet absent in two refreshes, one that people keep for more than ExakTime
    /// has, or shrinking for which no consent was given), or where people have entered something themselves (D26).
    pub(super) fn law_7_at_rest_all_that_is_due_stands(&self, disturbed: bool) -> Vec<String> {
        let Some((run, end)) = self.last_whole.as_ref().filter(|_| !disturbed && self.lost.is_none()) else {
            return Vec::new();
        };
        if run.night != self.now() || !end.blind.is_empty() {
            return Vec::new();
        }
        let own = self.own_hours();
        let waits = |spot: &Spot| {
            self.own_at(spot).any(|entry| {
                entry.approved.is_some() || !self.is_proven(entry, self.stale(run, &own, spot), self.now())
            })
        };
        let stale = own
            .keys()
            .filter(|spot| self.stale(run, &own, spot) > 0)
            .collect::<Vec<_>>();
        let kept_by_people = self
            .entries
            .values()
            .filter(|entry| entry.alive && entry.is_peoples())
            .map(|entry| spot(&entry.content));
        let too_much = |spot: Spot| {
            self.entries
                .values()
                .filter(|entry| entry.stands_at(&spot))
                .map(|entry| entry.content.hours)
                .sum::<i64>()
                > self.due_at(self.now(), &spot)
        };
        let something_waits =
            stale.iter().any(|spot| !run.consent || waits(spot)) || kept_by_people.into_iter().any(too_much);
        let decided = |day: &Day| {
            self.entries
                .values()
                .any(|entry| entry.is_peoples() && entry.days().contains(day))
        };
        let excused = |day: &Day| (something_waits || decided(day)) && (end.told_all || end.told.contains(day));
        let is_over = |day: &Day| day.1 < run.at.date_naive();
        // Nobody works more than a day has: such a day is held whole.
        let is_possible = |day: &Day| self.due_of_day(self.now(), day) <= 24_00;
        let days = self.days(run).into_iter();
        let days = days.filter(|day| is_over(day) && is_possible(day) && !excused(day));
        days.filter_map(|day| self.amiss(&day, self.now()))
            .map(|amiss| format!("Law 7, at rest all that is due stands: {amiss}."))
            .collect()
    }

    /// Law 7, second half. No run writes when nothing changed (the design: "a second run that changes nothing"; the bars: "a run with
    /// nothing to do writes nothing").
    ///
    /// Judged after a whole export ended with 0, saw everything, and nobody else did anything meanwhile; while all exports that are under
    /// way keep within its range. A request that left before the latest export
    /// began is a late one; so may be a create, while an older export died within the last day. A key that stands already is law 1's.
    pub(super) fn law_7_nothing_is_written_when_nothing_changed(
        &self,
        at: DateTime<Utc>,
        id: u64,
        sent: Option<DateTime<Utc>>,
    ) -> Option<String> {
        let (since, from, to) = self.quiet?;
        let run = self
            .latest
            .as_ref()
            .filter(|run| run.at >= since && run.from >= from && run.to <= to && self.lost.is_none())?;
        let mut under_way = self.runs.values();
        if under_way.any(|run| run.from < from || run.to > to) {
            return None;
        }
        let late = match sent {
            Some(sent) => sent < run.at,
            None => self
                .runs
                .values()
                .any(|older| older.at < run.at && older.at > at - TimeDelta::days(1)),
        };
        (!late).then(|| {
            format!("Law 7, nothing is written when nothing changed: entry {id} was, though nothing happened since an export ended with 0.")
        })
    }

    /// Law 8. Removals need proof (hazards B13, B5, D27; the design: time was removed is proved by "absence from two *refreshes* of the
    /// source, or other time of that day that has *changed*").
    ///
    /// Not a removal that needs proof: the second of two entries of one key (B15). Not judged: a request that left before the entry
    /// became what it is. What counts is what could be known when the request left. A source that has become empty needs consent
    /// besides, always (B5). A move to another day or human proves nothing by itself: only the day's own time counts.
    pub(super) fn law_8_removals_need_proof(
        &self,
        id: u64,
        before: &Entry,
        removed: i64,
        sent: DateTime<Utc>,
    ) -> Option<String> {
        let twin = self.entries.iter().any(|(other, entry)| {
            *other != id && entry.alive && entry.made_by == Hand::Linx && entry.key.is_some() && entry.key == before.key
        });
        if self.lost.is_some() || before.is_peoples() || removed <= 0 || twin || sent <= before.touched {
            return None;
        }
        let what = format!(
            "Linx took {} hours from entry {id} ({})",
            in_hours(removed),
            about(&before.content)
        );
        if !self
            .looks(sent)
            .into_iter()
            .any(|night| self.is_proven(before, removed, night))
        {
            return Some(format!(
                "Law 8, removals need proof: {what}, which ExakTime has not lacked in two refreshes, and no other time of that day changed."
            ));
        }
        let run = self.latest.as_ref().filter(|run| !run.consent && sent >= run.at)?;
        let empty =
            self.run_nights(run).all(|night| self.nights[night].is_empty()) && !self.nights[before.base].is_empty();
        empty.then(|| {
            format!(
                "Law 8, removals need proof: {what} without consent, though ExakTime's whole list has become empty."
            )
        })
    }

    /// Law 9. What other hands have entered is weighed (hazard D26; the design: "the entries of all hands on the worker's day"): an export
    /// adds no hours to a human's day on which all hands then come to more than ExakTime has.
    ///
    /// Other hands' are the entries that people made without a mark, edited or put back, and that stood so when the export began. Where
    /// Linx's own hours alone are too many, it is law 4's. Whose the entries were of a worker who was deleted and made anew, nothing tells
    /// (C17, *not yet*).
    pub(super) fn law_9_what_others_entered_is_weighed(&self, run: &Run) -> Vec<String> {
        let own = self.own_hours();
        let mut wrong = Vec::new();
        for day in own.keys().map(|spot| (spot.0, spot.1)).collect::<BTreeSet<Day>>() {
            let stands = sum_of_day(&own, &day);
            let grown = stands - sum_of_day(&run.stood, &day);
            let theirs: i64 = self
                .entries
                .values()
                .filter(|entry| entry.made_by == Hand::Linx || entry.key.is_none())
                .filter(|entry| entry.alive && entry.is_peoples() && entry.touched < run.at)
                .filter(|entry| (entry.content.human, entry.content.date) == day)
                .filter(|entry| self.anew.get(&day.0).is_none_or(|anew| entry.touched > *anew))
                .map(|entry| entry.content.hours)
                .sum();
            let due = self
                .run_nights(run)
                .map(|night| self.due_of_day(night, &day))
                .max()
                .unwrap_or(0);
            if self.lost.is_none() && grown > 0 && theirs > 0 && stands <= due && stands + theirs > due {
                let (grown, theirs, due) = (in_hours(grown), in_hours(theirs), in_hours(due));
                wrong.push(format!(
                    "Law 9, what others entered is weighed: an export added {grown} hours to {}, where others have {theirs} and {due} are due.",
                    name(&day)
                ));
            }
        }
        wrong
    }
}
