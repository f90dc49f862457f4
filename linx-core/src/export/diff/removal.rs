//! Lines that were sent and have no time any more: removed, missing for a night, or kept (hazards B13, D19).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::comparison::Comparison;
use super::entry_index::EntryIndex;
use super::evidence::Evidence;
use super::marked::refuse_another_mark;
use crate::change::{LineAction, LineChange, LineKey, LineView};
use crate::export::facts::ExportFacts;
use crate::export::tally::PlanTally;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Gone, Missing, StoredLine, recover};
use crate::model::{CentiHours, Entry};
use crate::settings::Removals;

/// Judges lines without time.
pub(super) struct Removal<'a> {
    facts: &'a ExportFacts,
    entries: &'a EntryIndex<'a>,
    pub(super) evidence: Evidence,
    /// When a line may be deleted whose time is missing.
    rule: Removals,
}

impl<'a> Removal<'a> {
    pub(super) fn new(facts: &'a ExportFacts, entries: &'a EntryIndex<'a>, evidence: Evidence, rule: Removals) -> Self {
        Self {
            facts,
            entries,
            evidence,
            rule,
        }
    }

    /// Judges a line that was sent and has no time any more: its entry is deleted where that is certain and nobody has
    /// touched it. Where the entry stays, its hours are kept, and nothing gains them beside it (see [`super::kept`]).
    ///
    /// Time that is missing while nothing else speaks for a correction may be a night that the warehouse has not read
    /// yet. It is noted, and deleted only when another refresh does not have it either (hazard B13).
    ///
    /// ```text
    /// 8.00 h of Monday were sent, and ExakTime has no time of that Monday any more:
    ///   its newest time is Friday's    held, and not noted: it has not come to Monday
    ///   export on Thursday             noted as missing at Thursday's refresh; held, and nothing is deleted
    ///   another export on Thursday     held
    ///   export after the next refresh  deleted, if the time is still missing
    /// ExakTime has them on another code of that Monday: deleted at once, since the day was corrected
    /// ExakTime has 1.00 h more on another code of that Monday: held; that hour says nothing of the other seven
    /// Other time of that Monday stands, or is less: held; a day of which half was read looks the same
    /// The list of records is incomplete: neither deleted nor noted
    /// ```
    pub(super) fn judge(
        &self,
        stored: &StoredLine,
        corrected: &mut CorrectedDays,
        held_days: &BTreeSet<NaiveDate>,
        found: &mut Comparison,
        tally: &mut PlanTally,
    ) {
        let key = &stored.key;
        let may_be_there = self.may_be_there(stored, held_days, found);
        let Some(entry) = self.entries.get(stored.entry) else {
            if !held_days.contains(&key.date) {
                self.agree_gone(stored, found);
            }
            self.tell_where_it_may_stand(stored, tally);
            return;
        };
        if may_be_there {
            return;
        }
        if !self.evidence.shows_removed(key) {
            if self.facts.records.proves_absence() && self.evidence.asks_place(key) {
                tally.withhold(Held::new(key, self.gone_in_part(stored)), []);
            }
            return;
        }
        if let Err(refusal) = refuse_another_mark(stored, entry) {
            tally.withhold(Held::new(key, refusal), []);
            return;
        }
        // Whether somebody moved hours between the parts of a split entry, nobody can tell (hazard D16).
        let is_ours = recover::holds_ours(entry, stored) && !self.entries.is_put_back(stored) && entry.parts.is_empty();
        if is_ours && entry.is_open() {
            let is_proved = self.rule == Removals::AtOnce || self.was_missed(stored);
            if !is_proved && corrected.stand_for(key.date, entry.content.hours) {
                found.corrected.insert(key.clone());
            } else if !is_proved {
                let refusal = self.note_missing(stored, entry, found);
                tally.withhold(Held::new(key, refusal), []);
                return;
            }
            found.changes.push(LineChange {
                key: key.clone(),
                action: LineAction::Delete,
                entry: Some(entry.id),
                content: entry.content.clone(),
                before: Some(entry.content.hours),
                view: view_of(key, self.facts),
                why: "ExakTime does not have this time any more".into(),
                carries: Vec::new(),
                zone: None,
                double_of: None,
                touched: entry.updated,
            });
        } else {
            let detail = format!("{} h in entry {}", entry.content.hours, entry.id);
            tally.withhold(Held::new(key, Refusal::new(Reason::RemovedButEdited, detail)), []);
        }
    }

    /// Whether the time of a line may be there, and notes it as seen then: something of its day is held, or its people have time there
    /// and count as nobody.
    fn may_be_there(&self, stored: &StoredLine, held_days: &BTreeSet<NaiveDate>, found: &mut Comparison) -> bool {
        let date = stored.key.date;
        let may_be = held_days.contains(&date) || self.evidence.has_time_of_nobody(&stored.employees, date);
        if may_be {
            note_seen(stored, found);
        }
        may_be
    }

    /// Why a line stays of whose time only a part was looked at, and that part has none.
    pub(super) fn gone_in_part(&self, stored: &StoredLine) -> Refusal {
        let hours = self.entries.get(stored.entry).map(|entry| entry.content.hours);
        let detail = format!("{} h in entry {}", hours.unwrap_or_default(), stored.entry);
        Refusal::new(Reason::GoneInPart, detail)
    }

    /// Notes of a line whose entry was deleted that its time is missing too; once two refreshes lack it both sides agree, unless
    /// something of that day is not written ([`Comparison::agree_on_written_days`]): that may be this very time.
    fn agree_gone(&self, stored: &StoredLine, found: &mut Comparison) {
        let is_nobodys = self.evidence.has_nobody_on(stored.key.date);
        if stored.notes.gone == Some(Gone::Agreed)
            || !self.entries.is_gone(stored)
            || !self.evidence.shows_removed(&stored.key)
            || is_nobodys
        {
            return;
        }
        if self.is_missed_twice(stored, found) {
            found.remember(stored, |line| line.notes.gone = Some(Gone::Agreed));
        }
    }

    /// Whether hours of a line that is not to be changed were missed at two refreshes; the first is noted.
    pub(super) fn is_missed_twice(&self, stored: &StoredLine, found: &mut Comparison) -> bool {
        if self.rule == Removals::AtOnce || self.was_missed(stored) {
            return true;
        }
        let missing = self.missing_since(stored);
        if missing != stored.notes.missing {
            found.remember(stored, |line| line.notes.missing = missing);
        }
        false
    }

    /// At which refresh the time of a line was first seen to be missing.
    fn missing_since(&self, stored: &StoredLine) -> Option<Missing> {
        match self.facts.refresh {
            Some(refresh) => Missing::noted(stored.notes.missing, stored.key.date, refresh, self.facts.today),
            None => stored.notes.missing,
        }
    }

    /// Tells of a line without time whose entry is not in the list of its days, and is not known to be gone.
    fn tell_where_it_may_stand(&self, stored: &StoredLine, tally: &mut PlanTally) {
        let is_known = self.facts.entries.proves_absence() && self.evidence.shows_removed(&stored.key);
        if is_known && !self.entries.is_gone(stored) {
            let sent = stored
                .sent
                .as_ref()
                .map_or_else(String::new, |sent| format!("{} h in ", sent.hours));
            let detail = format!(
                "{sent}entry {}, which is not on its day and is not known to be deleted",
                stored.entry
            );
            tally.withhold(
                Held::new(&stored.key, Refusal::new(Reason::RemovedButEdited, detail)),
                [],
            );
        }
    }

    /// Holds lines that would be lowered since some of their stretches are not found: as long as nothing else shows that the day
    /// was corrected, a half-read day looks the same. They are lowered when another refresh lacks them too.
    pub(super) fn hold_half_read(
        &self,
        in_part: &[&StoredLine],
        corrected: &mut CorrectedDays,
        found: &mut Comparison,
        tally: &mut PlanTally,
    ) {
        for stored in in_part {
            let is_proved = self.rule == Removals::AtOnce || self.was_missed(stored);
            let is_lowered = |change: &LineChange| change.key == stored.key && !change.gains();
            let lowered = found
                .changes
                .iter()
                .find(|change| is_lowered(change))
                .map(LineChange::lost);
            let Some((entry, lost)) = self.entries.get(stored.entry).zip(lowered) else {
                continue;
            };
            if is_proved {
                continue;
            }
            if corrected.stand_for(stored.key.date, lost) {
                found.corrected.insert(stored.key.clone());
            } else {
                let refusal = self.note_missing(stored, entry, found);
                found.hold(tally, |change| is_lowered(change).then(|| refusal.clone()));
            }
        }
    }

    /// Whether a line's time was missed at an earlier refresh of the source.
    fn was_missed(&self, stored: &StoredLine) -> bool {
        let (date, today) = (stored.key.date, self.facts.today);
        let is_before = |missing: Missing| Some(missing.is_before(date, self.facts.refresh?, today));
        stored.notes.missing.and_then(is_before).unwrap_or(false)
    }

    /// Notes that a line's time is missing, and at which refresh that was first seen. Returns why it waits.
    fn note_missing(&self, stored: &StoredLine, entry: &Entry, found: &mut Comparison) -> Refusal {
        let (date, today) = (stored.key.date, self.facts.today);
        let missing = self.missing_since(stored);
        if missing != stored.notes.missing {
            found.remember(stored, |noted| noted.notes.missing = missing);
        }
        let how = match (missing, self.facts.refresh) {
            (None, Some(refresh)) if !refresh.reaches(date, today) => match refresh.newest {
                Some(newest) => format!("ExakTime's time has come to {newest} only"),
                None => "ExakTime has no time at all".to_owned(),
            },
            (missing, _) => format!("missing since {}", missing.map_or(today, |missing| missing.since)),
        };
        let detail = format!("{} h in entry {}, {how}", entry.content.hours, entry.id);
        found.waiting += 1;
        Refusal::new(Reason::AwaitsRefresh, detail)
    }
}

/// Notes that the time of a line is there again, or may be, whatever becomes of the line: two looks that lack it must follow one another.
pub(super) fn note_seen(stored: &StoredLine, found: &mut Comparison) {
    if stored.notes.missing.is_some() {
        found.remember(stored, |seen| seen.notes.missing = None);
    }
}

/// The hours of each of a worker's days that are new, or more than was sent: somebody entered them, so that as many hours which
/// a line has no longer were corrected and are not merely unread. Time that merely stands, or is less, says nothing: so it is
/// with a day of which half was read.
pub(super) struct CorrectedDays(BTreeMap<NaiveDate, i64>);

impl CorrectedDays {
    pub(super) fn new(changes: &[LineChange]) -> Self {
        let mut gained: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        // A hundredth may be what rounding gave to another line of the day (hazard D13).
        for change in changes.iter().filter(|change| change.gained().hundredths() > 1) {
            *gained.entry(change.key.date).or_default() += change.gained().hundredths();
        }
        Self(gained)
    }

    /// Whether so many hours that a line of a day has no longer were corrected. Each hour that is new stands for one.
    fn stand_for(&mut self, date: NaiveDate, hours: CentiHours) -> bool {
        let gained = self.0.get_mut(&date);
        gained.is_some_and(|gained| {
            let is_enough = *gained + 1 >= hours.hundredths();
            if is_enough {
                *gained -= hours.hundredths();
            }
            is_enough
        })
    }
}

/// How a person reads a line that has no record any more: by Procore's numbers.
pub(super) fn view_of(key: &LineKey, facts: &ExportFacts) -> LineView {
    let worker = facts.workers.rows.iter().find(|worker| worker.id == key.worker);
    let project = facts.projects.rows.iter().find(|project| project.id == key.project);
    let sub_job = facts.sub_jobs.iter().find(|sub_job| Some(sub_job.id) == key.sub_job);
    let number = project.and_then(|project| project.number.clone());
    let number = number.unwrap_or_else(|| key.project.to_string());
    LineView {
        employee: worker
            .and_then(|worker| worker.number.clone())
            .unwrap_or_else(|| key.worker.to_string()),
        location: sub_job.map_or(number.clone(), |sub_job| format!("{number}.{}", sub_job.code)),
        classification: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b13_each_hour_that_is_new_stands_for_one_that_is_gone() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let mut corrected = CorrectedDays([(date, 800)].into());
        let told = [(100, true), (600, true), (200, false), (100, true), (100, false)];
        for (gone, stands) in told {
            assert_eq!(
                corrected.stand_for(date, CentiHours::from_hundredths(gone)),
                stands,
                "{gone}"
            );
        }
        // A hundredth may be what rounding gave to another line.
        for (gained, stands) in [(799, true), (798, false)] {
            let mut corrected = CorrectedDays([(date, gained)].into());
            assert_eq!(corrected.stand_for(date, CentiHours::from_hundredths(800)), stands);
        }
        let another = date.succ_opt().unwrap();
        assert!(!corrected.stand_for(another, CentiHours::from_hundredths(1)));
    }
}
