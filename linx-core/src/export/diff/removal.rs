//! Lines that were sent and have no time any more: removed, missing for a night, or kept (hazards B13, D19).

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};

use super::baseline::EntryIndex;
use super::comparison::Comparison;
use super::evidence::Evidence;
use crate::change::{LineAction, LineChange, LineKey, LineView};
use crate::export::facts::ExportFacts;
use crate::export::lines::Line;
use crate::export::tally::PlanTally;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::StoredLine;
use crate::model::{Entry, first_of_week};
use crate::settings::Removals;

/// Judges lines without time.
pub(super) struct Removal<'a> {
    facts: &'a ExportFacts,
    entries: &'a EntryIndex<'a>,
    evidence: Evidence,
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
    /// touched it. Returns whether the entry stays although its time may have become another line's.
    ///
    /// Time that is missing while nothing else speaks for a correction may be a night that the warehouse has not read
    /// yet. It is noted, and deleted only when a later day's data does not have it either (hazard B13).
    ///
    /// ```text
    /// 8.00 h of Monday were sent, and ExakTime has no time of that Monday any more:
    ///   export on Thursday  noted as missing since Thursday; nothing is deleted
    ///   export on Friday    deleted, if the time is still missing
    /// ExakTime has them on another code of that Monday: deleted at once, since the day was corrected
    /// The list of records is incomplete: neither deleted nor noted
    /// ```
    pub(super) fn judge(
        &self,
        stored: &StoredLine,
        recalculated: &Recalculated,
        held_days: &BTreeSet<NaiveDate>,
        found: &mut Comparison,
        tally: &mut PlanTally,
    ) -> bool {
        let key = &stored.key;
        let Some(entry) = self.entries.get(stored.entry) else {
            return false;
        };
        if !self.evidence.shows_removed(key) {
            return false;
        }
        if held_days.contains(&key.date) {
            return true;
        }
        if stored.is_untouched(&entry.content) && entry.is_open() {
            let missed_before = stored.missing_since.is_some_and(|since| since < self.facts.today);
            if self.rule == Removals::SecondRefresh && !recalculated.speaks_for(key) && !missed_before {
                self.note_missing(stored, entry, found, tally);
                return false;
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
            });
            false
        } else {
            let detail = format!("{} h in entry {}", entry.content.hours, entry.id);
            tally.withhold(Held::new(key, Refusal::new(Reason::RemovedButEdited, detail)), []);
            true
        }
    }

    /// Notes that a line's time is missing for the first time.
    fn note_missing(&self, stored: &StoredLine, entry: &Entry, found: &mut Comparison, tally: &mut PlanTally) {
        let since = stored.missing_since.unwrap_or(self.facts.today);
        let missing = StoredLine {
            missing_since: Some(since),
            ..stored.clone()
        };
        found.agreed.insert(missing.key.clone(), missing);
        let detail = format!("{} h in entry {}, missing since {since}", entry.content.hours, entry.id);
        tally.withhold(Held::new(&stored.key, Refusal::new(Reason::AwaitsRefresh, detail)), []);
    }
}

/// Evidence that a worker's time was computed anew, so that a line without time was corrected and is not merely unread:
/// its day still has time, or something else of its week changed.
pub(super) struct Recalculated {
    week_start: Weekday,
    /// Days that still have time.
    days: BTreeSet<NaiveDate>,
    /// Weeks of which something else changed.
    weeks: BTreeSet<NaiveDate>,
}

impl Recalculated {
    pub(super) fn new(lines: &[Line<'_>], changes: &[LineChange], week_start: Weekday) -> Self {
        Self {
            week_start,
            days: lines.iter().map(|line| line.key.date).collect(),
            weeks: changes
                .iter()
                .map(|change| first_of_week(change.key.date, week_start))
                .collect(),
        }
    }

    fn speaks_for(&self, key: &LineKey) -> bool {
        self.days.contains(&key.date) || self.weeks.contains(&first_of_week(key.date, self.week_start))
    }
}

/// How a person reads a line that has no record any more: by Procore's numbers.
fn view_of(key: &LineKey, facts: &ExportFacts) -> LineView {
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
