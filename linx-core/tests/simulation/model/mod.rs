//! A naive judge of what stands in both services, written from the documents alone.
//!
//! It watches a simulated company from above: what ExakTime's warehouse holds, what is done to Procore's entries and by whose hand, and
//! when exports begin and end. After each event it says what is wrong. It knows nothing of how Linx works, and computes everything anew
//! each time, for it is meant to be read and believed, not to be fast.
//!
//! A complaint has to be certain. Where the documents leave something open, the doc comment of the law says which reading was taken.
//! Assumed throughout: an entry's `place` and `code` are the words of the stretches it is for; other hands' entries are not adopted
//! (`other_hands` is not `adopt-equal`); an export that was refused the lease ends as `failed`.
//!
//! After Linx's memory was lost, laws 3, 4, 7 and 8 rest for good, for they need what only the memory held. Law 1 goes on. Law 2 goes
//! on for what the entries themselves show. Laws 5 and 6 go on for the days that people had not touched before the loss, and of which
//! Linx had deleted nothing.

pub mod events;
mod laws;
mod questions;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use events::{Blind, Content, Dated, Event, Hand, Human, Punch, Sent};

type Day = (Human, NaiveDate);
/// Human, day, place and code: what one line of a timesheet is about.
type Spot = (Human, NaiveDate, String, String);
/// What the warehouse holds from one refresh to the next.
type Night = BTreeMap<u32, Punch>;

/// The time in which a request may still arrive (hazard A15: two minutes unless configured).
const SETTLE: TimeDelta = TimeDelta::seconds(120);

/// A timecard entry of Procore, and what became of it.
#[derive(Debug, Clone)]
struct Entry {
    made_by: Hand,
    key: Option<String>,
    content: Content,
    /// What Linx wrote last; `None` where it never wrote, or where its last word was to delete.
    written: Option<Content>,
    alive: bool,
    deleted_by: Option<Hand>,
    back: Back,
    /// People have moved it to another human, day, place or code.
    moved: bool,
    /// What it said when an export last found it equal to ExakTime's time.
    agreed: Option<Content>,
    /// Since when it is approved.
    approved: Option<DateTime<Utc>>,
    /// When people last made, edited, deleted or put it back.
    acted: Option<DateTime<Utc>>,
    made: DateTime<Utc>,
    /// When anybody last did something to its content.
    touched: DateTime<Utc>,
    /// The refresh from which Linx wrote it: the one that was current when the latest export began.
    base: usize,
}

/// Whether people have put an entry back that was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    Never,
    /// Between two looks, so that nobody can know that it was gone.
    Unknown,
    Known,
}

/// An export that is under way, or died.
#[derive(Debug, Clone)]
struct Run {
    at: DateTime<Utc>,
    night: usize,
    from: NaiveDate,
    to: NaiveDate,
    whole: bool,
    consent: bool,
    /// What stood by Linx's hand when it began.
    stood: BTreeMap<Spot, i64>,
}

/// Linx's memory was lost.
#[derive(Debug, Clone, Copy)]
struct Lost {
    /// From when on it knows again what people do.
    knows_since: Option<DateTime<Utc>>,
}

/// How an export ended.
#[derive(Debug, Clone)]
struct End {
    at: DateTime<Utc>,
    failed: bool,
    needs_nobody: bool,
    told: BTreeSet<Day>,
    told_all: bool,
    blind: BTreeSet<Blind>,
}

/// What stands in both services, and what is known of the exports so far.
#[derive(Debug)]
pub struct Model {
    nights: Vec<Night>,
    /// When each refresh came, except the first, which is before all time.
    refreshed: Vec<DateTime<Utc>>,
    entries: BTreeMap<u64, Entry>,
    runs: BTreeMap<u32, Run>,
    latest: Option<Run>,
    /// Keys that a fault doubled.
    doubled: BTreeSet<String>,
    /// Keys of which it was said that they stand twice.
    said: BTreeSet<String>,
    /// When each human's day was last told, and when something was told that may be about any day.
    told: BTreeMap<Day, DateTime<Utc>>,
    told_all: Option<DateTime<Utc>>,
    /// Entries made where people had deleted one: when, whose day, and when people deleted.
    reborn: Vec<(DateTime<Utc>, Day, DateTime<Utc>)>,
    /// Refreshes that a whole export has certainly read, with its range.
    read: Vec<(usize, NaiveDate, NaiveDate)>,
    /// Refreshes at which an export read a list that lacked rows without a sign.
    blinded: BTreeSet<usize>,
    /// When exports began that read all entries of a range to their ends, and of which days they had something to tell: what is gone there
    /// they may not have known.
    looked: Vec<(DateTime<Utc>, NaiveDate, NaiveDate, BTreeSet<Day>)>,
    /// Since when, and for which range, an export has ended with 0 and nothing has happened.
    quiet: Option<(DateTime<Utc>, NaiveDate, NaiveDate)>,
    /// When something last happened that was not Linx's deed.
    stirred: Option<DateTime<Utc>>,
    /// The last whole export that did not fail.
    last_whole: Option<(Run, End)>,
    /// Linx's memory was lost, once at least.
    lost: Option<Lost>,
    /// Days that people had touched before the memory was lost.
    forgotten: BTreeSet<Day>,
    /// When each human's worker was last made anew.
    anew: BTreeMap<Human, DateTime<Utc>>,
    /// Procore does not tell what was deleted.
    hides_deleted: bool,
    /// When exports ended that did not fail.
    ended: Vec<DateTime<Utc>>,
}

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}

impl Model {
    /// Returns a model of a company in which nothing stands yet.
    pub fn new() -> Self {
        Model {
            nights: vec![Night::new()],
            refreshed: Vec::new(),
            entries: BTreeMap::new(),
            runs: BTreeMap::new(),
            latest: None,
            doubled: BTreeSet::new(),
            said: BTreeSet::new(),
            told: BTreeMap::new(),
            told_all: None,
            reborn: Vec::new(),
            read: Vec::new(),
            blinded: BTreeSet::new(),
            looked: Vec::new(),
            quiet: None,
            stirred: None,
            last_whole: None,
            anew: BTreeMap::new(),
            hides_deleted: false,
            ended: Vec::new(),
            lost: None,
            forgotten: BTreeSet::new(),
        }
    }

    /// Sees what happens, in order. Returns what is wrong, in one sentence of words each (naming human, day, entry, hours, and the law
    /// that is broken).
    pub fn see(&mut self, dated: &Dated) -> Vec<String> {
        let at = dated.at;
        if let Event::DoubledByFault { key } = &dated.event {
            self.doubled.insert(key.clone());
        }
        let mut wrong = self.law_1_no_key_stands_twice();
        match &dated.event {
            Event::Made {
                entry,
                by,
                key,
                content,
            } => wrong.extend(self.made(at, *entry, *by, key.as_ref(), content)),
            Event::Changed {
                entry,
                by,
                content,
                sent,
            } => wrong.extend(self.changed(at, *entry, *by, content, sent_or(*sent, at))),
            Event::Deleted { entry, by, sent } => wrong.extend(self.deleted(at, *entry, *by, sent_or(*sent, at))),
            Event::Refused { entry, sent } => wrong.extend(self.law_2_approved_is_not_asked_for(*entry, *sent)),
            Event::ExportBegins {
                run,
                from,
                to,
                whole,
                consent,
            } => {
                self.agree();
                let run_of = Run {
                    at,
                    night: self.now(),
                    from: *from,
                    to: *to,
                    whole: *whole,
                    consent: *consent,
                    stood: self.own_hours(),
                };
                self.latest = Some(run_of.clone());
                self.runs.insert(*run, run_of);
            }
            Event::ExportEnds {
                run,
                failed,
                needs_nobody,
                told,
                told_all,
                blind,
            } => {
                let (told, blind) = (told.clone(), blind.clone());
                let end = End {
                    at,
                    failed: *failed,
                    needs_nobody: *needs_nobody,
                    told,
                    told_all: *told_all,
                    blind,
                };
                if let Some(run) = self.runs.remove(run) {
                    wrong.extend(self.export_ends(run, end));
                }
            }
            Event::AtRest { disturbed } => wrong.extend(self.law_7_at_rest_all_that_is_due_stands(*disturbed)),
            other => self.befall(at, other),
        }
        wrong
    }

    /// Takes in what cannot be wrong by itself: a refresh, an approval, an entry put back, a fault, a loss.
    fn befall(&mut self, at: DateTime<Utc>, event: &Event) {
        (self.quiet, self.stirred) = (None, Some(at));
        match event {
            Event::Warehouse(stretches) => {
                self.nights.push(stretches.iter().cloned().collect());
                self.refreshed.push(at);
            }
            Event::PutBack { entry } => {
                if let Some(entry) = self.entries.get_mut(entry) {
                    // What was gone between two looks and is as it was, nobody can know.
                    let (day, date) = ((entry.content.human, entry.content.date), entry.content.date);
                    let mut looks = self.looked.iter();
                    let is_known = entry.deleted_by == Some(Hand::Linx)
                        || looks.any(|(began, from, to, told)| {
                            *began > entry.touched && (*from..=*to).contains(&date) && !told.contains(&day)
                        });
                    if entry.back != Back::Known {
                        entry.back = if is_known { Back::Known } else { Back::Unknown };
                    }
                    (entry.alive, entry.deleted_by) = (true, None);
                    (entry.acted, entry.touched) = (Some(at), at);
                }
            }
            Event::Approved { entry, approved } => {
                if let Some(entry) = self.entries.get_mut(entry) {
                    entry.approved = approved.then(|| entry.approved.unwrap_or(at));
                }
            }
            Event::HidesDeleted => self.hides_deleted = true,
            Event::MadeAnew { human } => {
                self.anew.insert(*human, at);
            }
            Event::MemoryLost => {
                // Of what Linx deleted an older memory takes the office for the one who did (B12): nothing tells them apart.
                let is_gone = |entry: &Entry| entry.deleted_by == Some(Hand::Linx);
                let touched = self
                    .entries
                    .values()
                    .filter(|entry| entry.is_peoples() || is_gone(entry));
                self.forgotten.extend(touched.flat_map(Entry::days).collect::<Vec<_>>());
                self.lost = Some(Lost { knows_since: None });
            }
            _ => {}
        }
    }

    fn made(&mut self, at: DateTime<Utc>, id: u64, by: Hand, key: Option<&String>, content: &Content) -> Vec<String> {
        let mut wrong = Vec::new();
        if by == Hand::Linx {
            let stands = key.is_some()
                && self
                    .entries
                    .values()
                    .any(|entry| entry.alive && entry.key.as_ref() == key);
            wrong.extend(
                self.law_7_nothing_is_written_when_nothing_changed(at, id, None)
                    .filter(|_| !stands),
            );
            wrong.extend(self.law_3_what_people_deleted_stays_away(at, id, key, content));
        } else {
            self.stirred = Some(at);
        }
        self.quiet = None;
        let entry = Entry {
            made_by: by,
            key: key.cloned(),
            content: content.clone(),
            written: (by == Hand::Linx).then(|| content.clone()),
            alive: true,
            deleted_by: None,
            back: Back::Never,
            moved: false,
            agreed: None,
            approved: None,
            acted: (by == Hand::Other).then_some(at),
            made: at,
            touched: at,
            base: self.base(),
        };
        self.entries.insert(id, entry);
        wrong
    }

    fn changed(&mut self, at: DateTime<Utc>, id: u64, by: Hand, content: &Content, sent: Sent) -> Vec<String> {
        let mut wrong = Vec::new();
        let Some(before) = self
            .entries
            .get(&id)
            .filter(|entry| entry.alive && entry.content != *content)
            .cloned()
        else {
            return wrong;
        };
        let base = self.base();
        if by == Hand::Linx {
            wrong.extend(self.law_7_nothing_is_written_when_nothing_changed(at, id, Some(sent.left)));
            wrong.extend(self.law_2_people_decide(id, &before, Some(content), sent));
            let kept = if spot(content) == spot(&before.content) {
                content.hours
            } else {
                0
            };
            wrong.extend(self.law_8_removals_need_proof(id, &before, before.content.hours - kept, sent.left));
        }
        self.quiet = None;
        if let Some(entry) = self.entries.get_mut(&id) {
            (entry.content, entry.touched) = (content.clone(), at);
            match by {
                Hand::Linx => (entry.written, entry.base) = (Some(content.clone()), base),
                Hand::Other => {
                    (entry.acted, self.stirred) = (Some(at), Some(at));
                    entry.moved |= spot(content) != spot(&before.content);
                }
            }
        }
        wrong
    }

    fn deleted(&mut self, at: DateTime<Utc>, id: u64, by: Hand, sent: Sent) -> Vec<String> {
        let mut wrong = Vec::new();
        let Some(before) = self.entries.get(&id).filter(|entry| entry.alive).cloned() else {
            return wrong;
        };
        if by == Hand::Linx {
            wrong.extend(self.law_7_nothing_is_written_when_nothing_changed(at, id, Some(sent.left)));
            wrong.extend(self.law_2_people_decide(id, &before, None, sent));
            wrong.extend(self.law_8_removals_need_proof(id, &before, before.content.hours, sent.left));
        }
        self.quiet = None;
        if let Some(entry) = self.entries.get_mut(&id) {
            (entry.alive, entry.deleted_by, entry.touched) = (false, Some(by), at);
            match by {
                Hand::Linx => entry.written = None,
                Hand::Other => (entry.acted, self.stirred) = (Some(at), Some(at)),
            }
        }
        wrong
    }

    fn export_ends(&mut self, run: Run, end: End) -> Vec<String> {
        let sees = end.blind.is_empty();
        self.told.extend(end.told.iter().map(|day| (*day, end.at)));
        self.ended.extend((!end.failed).then_some(end.at));
        if end.told_all {
            self.told_all = Some(end.at);
        }
        let mut wrong = self.law_3_who_puts_back_tells(&run, &end);
        if end.blind.contains(&Blind::LackedRows) {
            self.blinded.extend(self.run_nights(&run));
        }
        // A list that was not read to its end shows of nothing that it is gone; and of those who were not asked for nothing is noted.
        if sees && run.whole && !end.failed && !end.told_all {
            self.looked.push((run.at, run.from, run.to, end.told.clone()));
        }
        if sees {
            wrong.extend(self.law_4_a_day_is_not_paid_twice(&run, &end));
            wrong.extend(self.law_4_what_moved_does_not_stand_twice(&run, &end));
            wrong.extend(self.law_9_what_others_entered_is_weighed(&run));
        }
        if sees && run.whole && !end.failed {
            wrong.extend(self.laws_5_and_6_what_differs_is_told(&run, &end));
            wrong.extend(self.law_5_unknown_people_need_somebody(&run, &end));
            if run.night == self.now() {
                self.read.push((run.night, run.from, run.to));
            }
            if end.needs_nobody && self.stirred.is_none_or(|when| when < run.at) {
                self.quiet = Some((end.at, run.from, run.to));
            }
        }
        if run.whole && !end.failed {
            if let Some(Lost { knows_since }) = &mut self.lost {
                knows_since.get_or_insert(end.at);
            }
            self.last_whole = Some((run, end));
        }
        self.agree();
        wrong
    }

    /// Notes which edited entries say what ExakTime says: both sides agree again, and an export may take that for the new base
    /// (the design, "the *base*: the values both sides agreed on last").
    fn agree(&mut self) {
        let stands = |at: &Spot| {
            self.entries
                .values()
                .filter(|entry| entry.alive && spot(&entry.content) == *at)
                .map(|entry| entry.content.hours)
                .sum::<i64>()
        };
        let equal = |entry: &Entry| stands(&spot(&entry.content)) == self.due_at(self.now(), &spot(&entry.content));
        let ids: Vec<u64> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.alive && equal(entry))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            self.entries
                .entry(id)
                .and_modify(|entry| entry.agreed = Some(entry.content.clone()));
        }
    }
}

impl Entry {
    /// Tells whether people have the last word on it: they made it, put it back, deleted it, or it is not as Linx wrote it.
    fn is_peoples(&self) -> bool {
        let edited = self.acted.is_some() && self.written.as_ref() != Some(&self.content);
        self.made_by == Hand::Other || self.back == Back::Known || edited || self.deleted_by == Some(Hand::Other)
    }

    /// Tells whether it is an edited entry of Linx's that is as it was when both sides agreed.
    fn has_agreed(&self) -> bool {
        self.made_by == Hand::Linx && self.back != Back::Known && self.agreed.as_ref() == Some(&self.content)
    }

    fn stands_at(&self, at: &Spot) -> bool {
        self.alive && spot(&self.content) == *at
    }

    /// Tells whether it stands as Linx wrote it.
    fn is_own(&self) -> bool {
        self.alive && !self.is_peoples()
    }

    /// Tells whether Linx wrote it at a spot and people took it away from there.
    fn was_taken_from(&self, at: &Spot) -> bool {
        let was_there = self.written.as_ref().is_some_and(|written| spot(written) == *at);
        was_there
            && (self.deleted_by == Some(Hand::Other) || self.alive && !self.has_agreed() && spot(&self.content) != *at)
    }

    /// Returns the days it is about: where it stands, and where Linx wrote it.
    fn days(&self) -> BTreeSet<Day> {
        [Some(&self.content), self.written.as_ref()]
            .into_iter()
            .flatten()
            .map(|content| (content.human, content.date))
            .collect()
    }

    /// Returns by how much people changed the hours of a day with it, at the least and at the most: since Linx wrote it, or since both
    /// sides agreed.
    fn account(&self, day: &Day) -> (i64, i64) {
        let of_day = |content: &Content| {
            if (content.human, content.date) == *day {
                content.hours
            } else {
                0
            }
        };
        let stands = if self.alive { of_day(&self.content) } else { 0 };
        let before = [self.written.as_ref().map_or(0, of_day)].into_iter();
        let before = before.chain(self.agreed.as_ref().map(of_day));
        let changes: Vec<i64> = before.map(|before| stands - before).collect();
        let least = changes.iter().min().map_or(0, |least| (*least).min(0));
        let most = changes.iter().max().map_or(0, |most| (*most).max(0));
        (least, most)
    }
}

fn sent_or(sent: Option<Sent>, at: DateTime<Utc>) -> Sent {
    sent.unwrap_or(Sent { left: at, known: at })
}

fn spot(content: &Content) -> Spot {
    (content.human, content.date, content.place.clone(), content.code.clone())
}

fn spot_of_punch(punch: &Punch) -> Option<Spot> {
    Some((punch.human?, punch.date, punch.place.clone(), punch.code.clone()))
}

fn is_at(punch: &Punch, spot: &Spot) -> bool {
    (punch.human, punch.date, &punch.place, &punch.code) == (Some(spot.0), spot.1, &spot.2, &spot.3)
}

fn is_same_line(one: &Punch, other: &Punch) -> bool {
    (one.human, one.date, &one.place, &one.code) == (other.human, other.date, &other.place, &other.code)
}

fn hours_at(hours: &BTreeMap<Spot, i64>, spot: &Spot) -> i64 {
    hours.get(spot).copied().unwrap_or(0)
}

fn sum_of_day(hours: &BTreeMap<Spot, i64>, day: &Day) -> i64 {
    hours
        .iter()
        .filter(|(spot, _)| (spot.0, spot.1) == *day)
        .map(|(_, hours)| hours)
        .sum()
}

fn in_hours(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

fn name(day: &Day) -> String {
    format!("human {} on {}", day.0, day.1)
}

fn about(content: &Content) -> String {
    format!(
        "{} hours of human {} on {} for {} {}",
        in_hours(content.hours),
        content.human,
        content.date,
        content.place,
        content.code
    )
}
