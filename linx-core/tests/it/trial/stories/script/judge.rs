//! Whoever looks after every run: it asks neither the ledger nor the report what stands.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use exaktime_client::sandbox::TimeRecord;
use linx_core::export::ExportReport;
use linx_core::model::WorkerId;
use linx_core::plan::Selection;
use procore_client::sandbox::Entry;
use procore_client::timecards::ApprovalStatus;
use procore_client::{PersonId, TimecardEntryId};

use super::told;
use crate::harness::{Harness, two_weeks};
use crate::small_company::{
    Hundredths, WorkerDay, day_of, hours_of, number, number_of_worker, standing, told as told_days, worked_now,
};

/// What the office decided of a worker's day: it has no more than this, and what ExakTime has more by then.
#[derive(Debug)]
struct Decided {
    stands: i64,
    due: i64,
}

/// A day that the office decided of, and whose time went to another place or code since.
#[derive(Debug)]
struct Recoded {
    stands: i64,
    due: i64,
}

pub(super) struct Judge {
    /// Each entry as a run of ours left it.
    written: BTreeMap<TimecardEntryId, Entry>,
    /// Entries of other hands.
    typed: BTreeSet<TimecardEntryId>,
    /// Entries that the office put back: they are its own.
    put_back: BTreeSet<TimecardEntryId>,
    /// Whether an entry is as the office made it.
    edited: BTreeSet<TimecardEntryId>,
    /// How many hours the office took away, and added.
    taken: i64,
    added: i64,
    decided: BTreeMap<WorkerDay, Decided>,
    /// The days of which time went to another place or code.
    recoded: BTreeSet<WorkerDay>,
    /// The days that the office has a hand in.
    tainted: BTreeSet<WorkerDay>,
    before: BTreeMap<TimecardEntryId, Entry>,
    stood: Hundredths,
    /// How many hours the office took away from each worker's day, and added to it.
    by_day: BTreeMap<WorkerDay, (i64, i64)>,
    /// The recoded days of which a run told something since, and how many hours stood of them, and were due, at first.
    recoded_at: BTreeMap<WorkerDay, Recoded>,
    /// The recoded days of which runs have told since their time was at home.
    told: BTreeSet<WorkerDay>,
    /// The days whose time has come home.
    home: BTreeSet<WorkerDay>,
    /// Whether no run has looked by this ledger yet.
    is_new_ledger: bool,
    /// The worker who was made anew, as he was before.
    left: Option<u64>,
    /// What the office does just now.
    touched: Vec<(Entry, Entry)>,
    /// The days of which the office decides just now.
    new_days: BTreeSet<(u64, NaiveDate)>,
    /// Whether people count as others, so that nothing is known of a worker's day.
    pub(super) is_crossed: bool,
    /// Whether a person gave a word that what was deleted may be written.
    has_word: bool,
}

fn all_entries(harness: &Harness) -> BTreeMap<TimecardEntryId, Entry> {
    harness.procore.with_state(|state| state.entries.clone())
}

fn live_hours(entry: &Entry) -> i64 {
    if entry.deleted_at.is_none() { hours_of(entry) } else { 0 }
}

fn of(days: &Hundredths, day: &WorkerDay) -> i64 {
    days.get(day).copied().unwrap_or_default()
}

/// Whether everything is asked for.
fn is_whole(selection: &Selection) -> bool {
    let all = selection.employees.is_empty() && selection.locations.is_empty();
    all && selection.from == two_weeks().from && selection.to == two_weeks().to
}

/// Whether two states of an entry are the same time.
fn is_same(one: &Entry, other: &Entry) -> bool {
    let parts = |entry: &Entry| (entry.party, entry.date, live_hours(entry), entry.deleted_at.is_some());
    let codes = |entry: &Entry| (entry.project, entry.sub_job, entry.cost_code, entry.time_type);
    parts(one) == parts(other) && codes(one) == codes(other)
}

impl Judge {
    pub(super) fn new(harness: &Harness) -> Self {
        Self {
            written: all_entries(harness),
            typed: BTreeSet::new(),
            put_back: BTreeSet::new(),
            edited: BTreeSet::new(),
            taken: 0,
            added: 0,
            decided: BTreeMap::new(),
            recoded: BTreeSet::new(),
            tainted: BTreeSet::new(),
            before: BTreeMap::new(),
            stood: Hundredths::new(),
            by_day: BTreeMap::new(),
            recoded_at: BTreeMap::new(),
            told: BTreeSet::new(),
            home: BTreeSet::new(),
            is_new_ledger: false,
            left: None,
            touched: Vec::new(),
            new_days: BTreeSet::new(),
            is_crossed: false,
            has_word: false,
        }
    }

    /// Another hand makes an entry.
    pub(super) fn is_typed(&mut self, id: TimecardEntryId) {
        self.typed.insert(id);
    }

    /// The office did something to an entry.
    pub(super) fn office_touched(&mut self, before: &Entry, entry: &Entry) {
        let (had, has) = (live_hours(before), live_hours(entry));
        if is_same(before, entry) {
            return;
        }
        self.taken += (had - has).max(0);
        self.added += (has - had).max(0);
        self.touched.push((before.clone(), entry.clone()));
        // What no run has seen as deleted was not put back as far as anybody knows.
        let was_seen = self.before.get(&entry.id).is_some_and(|seen| seen.deleted_at.is_some());
        if before.deleted_at.is_some() && entry.deleted_at.is_none() && was_seen && !self.is_new_ledger {
            self.put_back.insert(entry.id);
        }
        let is_given = self.is_crossed && before.party != entry.party;
        if is_given
            || self
                .written
                .get(&entry.id)
                .is_some_and(|written| is_same(written, entry))
        {
            self.edited.remove(&entry.id);
        } else {
            self.edited.insert(entry.id);
        }
        for one in [before, entry] {
            self.new_days.extend(one.party.map(|party| (party.get(), one.date)));
        }
    }

    /// What stands after a deed is what was decided.
    pub(super) fn follow(&mut self, harness: &Harness, before: &Hundredths) {
        let (now, due) = (standing(harness), worked_now(harness));
        for (day, decided) in &mut self.decided {
            decided.stands += of(&now, day) - of(before, day);
        }
        for (day, recoded) in &mut self.recoded_at {
            recoded.stands += of(&now, day) - of(before, day);
        }
        for (before, entry) in std::mem::take(&mut self.touched) {
            let (from, to) = (day_of(harness, &before), day_of(harness, &entry));
            let (had, has) = (live_hours(&before), live_hours(&entry));
            if from == to {
                let sums = self.by_day.entry(from).or_default();
                *sums = (sums.0 + (had - has).max(0), sums.1 + (has - had).max(0));
            } else {
                self.by_day.entry(from).or_default().0 += had;
                self.by_day.entry(to).or_default().1 += has;
            }
        }
        for (party, date) in std::mem::take(&mut self.new_days) {
            let worker = WorkerId(party);
            let day = (number_of_worker(harness, worker), date);
            self.tainted.insert(day.clone());
            // What was not written yet is no matter of this decision.
            let is_written = of(&due, &day) == of(before, &day) && self.typed.is_empty();
            if self.left != Some(party) && !self.recoded.contains(&day) && is_written {
                let due = of(&due, &day);
                let decided = Decided {
                    stands: of(&now, &day),
                    due,
                };
                self.decided.entry(day).or_insert(decided);
            }
        }
        for entry in all_entries(harness)
            .values()
            .filter(|entry| self.typed.contains(&entry.id))
        {
            self.tainted.insert(day_of(harness, entry));
        }
    }

    /// A clerk changed a record. On another place or code of its day what was deleted is held once, and then written (hazard D19).
    pub(super) fn time_moved(&mut self, before: &TimeRecord, record: &TimeRecord, home: &TimeRecord) {
        let is_recoded = (&before.location, &before.cost_code) != (&record.location, &record.cost_code);
        let has_moved = (&before.person, before.work_date) != (&record.person, record.work_date);
        let is_home = (&record.person, record.work_date) == (&home.person, home.work_date);
        let at_home = is_home && (&record.location, &record.cost_code) == (&home.location, &home.cost_code);
        if at_home && (is_recoded || has_moved) {
            self.home.insert((number(&record.person), record.work_date));
        } else if is_recoded || has_moved {
            self.home.remove(&(number(&record.person), record.work_date));
        }
        if is_recoded || (has_moved && !is_home) {
            for record in [before, record] {
                let day = (number(&record.person), record.work_date);
                if let Some(decided) = self.decided.remove(&day) {
                    let Decided { stands, due } = decided;
                    self.recoded_at.entry(day.clone()).or_insert(Recoded { stands, due });
                }
                self.recoded.insert(day);
            }
        }
    }

    /// Somebody counts as another worker: what the office gave to that one is that one's line.
    pub(super) fn crossed(&mut self) {
        self.is_crossed = true;
        self.edited.clear();
    }

    /// A worker is made anew: what the office deletes of the old one it was asked to (hazard C17).
    pub(super) fn made_anew(&mut self, person: &str) {
        let last = person.strip_prefix("p-").and_then(|number| number.parse().ok());
        let mut parties = self.written.values().filter_map(|entry| entry.party);
        self.left = parties
            .find(|party| Some(party.get() % 1000) == last)
            .map(PersonId::get);
    }

    /// A person has said that what was deleted may be written.
    pub(super) fn word_was_given(&mut self) {
        self.has_word = true;
    }

    /// An older ledger does not know what was put back since.
    pub(super) fn ledger_is_old(&mut self) {
        self.put_back.clear();
        self.is_new_ledger = true;
    }

    pub(super) fn before_run(&mut self, harness: &Harness) {
        self.before = all_entries(harness);
        self.stood = standing(harness);
    }

    /// What is wrong after a run.
    pub(super) fn after_run(
        &mut self,
        harness: &Harness,
        report: Option<&ExportReport>,
        selection: &Selection,
    ) -> Option<String> {
        let entries = all_entries(harness);
        self.is_new_ledger = false;
        let overwritten = self.overwritten(&entries).or_else(|| self.undone(harness));
        let untold = self.untold(harness, report);
        let gains = self.learn(&entries);
        let twice = self.paid_twice(harness, &entries, &gains);
        let is_silent = report.is_some_and(|report| told(report).is_empty() && report.refused.is_empty());
        let silent = is_silent.then(|| self.silent(harness, &entries, selection)).flatten();
        if is_silent && is_whole(selection) && standing(harness) == worked_now(harness) {
            self.edited.clear();
        }
        overwritten.or(untold).or(twice).or(silent)
    }

    /// A day of which the office decided and whose time went to another place or code, that has more although nobody was told since.
    fn untold(&mut self, harness: &Harness, report: Option<&ExportReport>) -> Option<String> {
        let (now, due) = (standing(harness), worked_now(harness));
        let is_judged = !self.is_crossed && !self.has_word;
        let mut wrong = None;
        for (day, recoded) in self.recoded_at.iter_mut().filter(|_| is_judged) {
            let (stands, has) = (of(&now, day), of(&due, day));
            let more = (has - recoded.due).max(0);
            let has_more = stands > recoded.stands + more && stands > of(&self.stood, day);
            if has_more && !self.told.contains(day) {
                wrong = Some(format!(
                    "UNTOLD: {stands} stand of {day:?}, {recoded:?}, and {has} were worked"
                ));
            }
            recoded.due = recoded.due.min(has);
        }
        self.told.retain(|day| !self.home.contains(day));
        let away: BTreeSet<&WorkerDay> = self.recoded_at.keys().filter(|day| !self.home.contains(*day)).collect();
        let told = report.map(|report| told_days(harness, report)).unwrap_or_default();
        self.told.extend(told.into_iter().filter(|day| away.contains(day)));
        wrong
    }

    /// An entry that was not Linx's to change.
    fn overwritten(&self, entries: &BTreeMap<TimecardEntryId, Entry>) -> Option<String> {
        let changed = entries.values().filter_map(|entry| {
            let before = self.before.get(&entry.id).filter(|before| !is_same(before, entry))?;
            Some((before, entry))
        });
        let mut wrong = changed.filter_map(|(before, entry)| {
            let whose = match &entry.id {
                id if self.typed.contains(id) => "another hand's",
                id if self.put_back.contains(id) => "put back",
                id if self.edited.contains(id) => "edited",
                _ if before.status == ApprovalStatus::Approved => "approved",
                _ => return None,
            };
            Some(format!("OVERWRITTEN {whose}: {before:?} is {entry:?}"))
        });
        wrong.next()
    }

    /// A day of which the office decided that has more than it decided.
    fn undone(&mut self, harness: &Harness) -> Option<String> {
        let (now, due) = (standing(harness), worked_now(harness));
        let is_judged = !self.is_crossed && !self.has_word;
        let mut wrong = None;
        for (day, decided) in self.decided.iter_mut().filter(|_| is_judged) {
            let (stands, has) = (of(&now, day), of(&due, day));
            let more = (has - decided.due).max(0);
            if stands > decided.stands + more && stands > of(&self.stood, day) {
                wrong = Some(format!(
                    "UNDONE: {stands} stand of {day:?}, {decided:?}, and {has} were worked"
                ));
            }
            decided.due = decided.due.min(has);
        }
        wrong
    }

    /// Learns what a run left. Returns what it added to each entry.
    fn learn(&mut self, entries: &BTreeMap<TimecardEntryId, Entry>) -> Vec<i64> {
        let mut gains = Vec::new();
        for entry in entries.values().filter(|entry| !self.typed.contains(&entry.id)) {
            let before = self.before.get(&entry.id);
            if before.is_none_or(|before| !is_same(before, entry)) {
                gains.push(live_hours(entry) - before.map_or(0, live_hours));
                self.written.insert(entry.id, entry.clone());
            }
        }
        gains.retain(|gain| *gain > 0);
        gains
    }

    fn paid_twice(
        &self,
        harness: &Harness,
        entries: &BTreeMap<TimecardEntryId, Entry>,
        gains: &[i64],
    ) -> Option<String> {
        let ours = self.written.values().filter(|entry| !self.put_back.contains(&entry.id));
        let ours: i64 = ours
            .map(|entry| live_hours(entry).min(live_hours(&entries[&entry.id])))
            .sum();
        let due: i64 = worked_now(harness).values().sum();
        // Where less stands too much than the least that was added, none of that stands twice.
        let least = *gains.iter().min()?;
        (ours - due >= least).then(|| format!("PAID TWICE: {ours} stand by our hand for {due}, {gains:?} were added"))
    }

    fn silent(
        &self,
        harness: &Harness,
        entries: &BTreeMap<TimecardEntryId, Entry>,
        selection: &Selection,
    ) -> Option<String> {
        let (now, due) = (standing(harness), worked_now(harness));
        let (all, worked): (i64, i64) = (now.values().sum(), due.values().sum());
        let typed: i64 = self.typed.iter().map(|id| live_hours(&entries[id])).sum();
        let is_wrong = all < worked - self.taken || all > worked + self.added + typed;
        if is_whole(selection) && is_wrong {
            let (taken, added) = (self.taken, self.added + typed);
            return Some(format!(
                "SILENT: {all} stand for {worked}, the office took {taken} and added {added}"
            ));
        }
        let days: BTreeSet<&WorkerDay> = now.keys().chain(due.keys()).collect();
        let is_asked = |(number, date): &WorkerDay| {
            let of_people = selection.employees.is_empty() || selection.employees.contains(number);
            (selection.from..=selection.to).contains(date) && of_people && selection.locations.is_empty()
        };
        let mut typed = Hundredths::new();
        for entry in entries.values().filter(|entry| self.typed.contains(&entry.id)) {
            *typed.entry(day_of(harness, entry)).or_default() += live_hours(entry);
        }
        let is_judged = |day: &&&WorkerDay| !self.is_crossed && is_asked(day);
        let is_wrong = |day: &WorkerDay| {
            let (taken, added) = self.by_day.get(day).copied().unwrap_or_default();
            let (stands, has) = (of(&now, day), of(&due, day));
            stands < has - taken || stands > has + added + of(&typed, day)
        };
        let mut wrong = days.iter().filter(is_judged).filter(|day| is_wrong(day));
        wrong.next().map(|day| {
            let (stands, has) = (of(&now, day), of(&due, day));
            format!(
                "SILENT DAY: {stands} stand for {has} of {day:?}, {:?}",
                self.by_day.get(*day)
            )
        })
    }
}
