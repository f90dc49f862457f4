//! Days that were sent, are not asked for, and are not as they were sent: late punches, a card that was opened again, a record
//! that moved to another week or was deleted (hazard D24). Nothing of them is written; they are told by worker and week.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::baseline::Baseline;
use super::comparison::Comparison;
use super::entry_index::EntryIndex;
use crate::change::{LineAction, LineChange, LineKey};
use crate::export::days;
use crate::export::facts::ExportFacts;
use crate::export::tally::PlanTally;
use crate::hold::{Held, Reason, Refusal, Subject};
use crate::ledger::StoredLine;
use crate::model::{CentiHours, Hours, RecordId, WorkerId, first_of_week};
use crate::plan::Selection;
use crate::settings::ExportSettings;

/// The weeks to look at: those of which lines of anybody were sent, and those that differed when they were looked at last.
///
/// Every day of a week that is over was to be sent. Of the newest week that was sent only the days of which there are lines
/// were: the others may be yet to come.
pub(in crate::export) struct SentWeeks<'a> {
    /// The days that were read and of which lines of anybody were sent.
    sent: BTreeSet<NaiveDate>,
    /// The first days of their weeks.
    weeks: BTreeSet<NaiveDate>,
    /// The first week that is not over.
    newest: NaiveDate,
    /// The weeks that differed when they were looked at last.
    late: &'a BTreeSet<(WorkerId, NaiveDate)>,
    asked: RangeInclusive<NaiveDate>,
}

impl<'a> SentWeeks<'a> {
    pub(in crate::export) fn new(
        baseline: &Baseline<'_>,
        facts: &'a ExportFacts,
        selection: &Selection,
        settings: &ExportSettings,
    ) -> Self {
        let week_start = settings.week_start.weekday();
        let read = days::read(selection, settings, &facts.late_weeks, &facts.lines);
        let mut sent = BTreeSet::new();
        for date in baseline.lines.iter().map(|line| line.key.date) {
            if !sent.contains(&date) && read.iter().any(|days| days.contains(&date)) {
                sent.insert(date);
            }
        }
        let weeks: BTreeSet<NaiveDate> = sent.iter().map(|date| first_of_week(*date, week_start)).collect();
        let first_asked = first_of_week(selection.from, week_start);
        Self {
            newest: weeks.last().map_or(first_asked, |week| first_asked.max(*week)),
            sent,
            weeks,
            late: &facts.late_weeks,
            asked: selection.from..=selection.to,
        }
    }

    /// The weeks to look at of one worker, or of people who count as nobody, by their first days, with those of their days that
    /// were to be sent and were not asked for.
    pub(in crate::export) fn of(&self, worker: Option<WorkerId>) -> BTreeMap<NaiveDate, BTreeSet<NaiveDate>> {
        let late = self.late.iter().filter(|(late, _)| Some(*late) == worker);
        let weeks: BTreeSet<NaiveDate> = late
            .map(|(_, first)| *first)
            .chain(self.weeks.iter().copied())
            .collect();
        let days = |first: NaiveDate| {
            let is_over = first < self.newest;
            let (first, last) = days::week(first).into_inner();
            let days = first.iter_days().take_while(move |day| *day <= last);
            days.filter(|day| (is_over || self.sent.contains(day)) && !self.asked.contains(day))
                .collect()
        };
        let weeks = weeks.into_iter().map(|first| (first, days(first)));
        weeks.filter(|(_, days): &(_, BTreeSet<_>)| !days.is_empty()).collect()
    }

    /// The workers of weeks that differed when they were looked at last: whether anything is left of them or not.
    pub(in crate::export) fn late_workers(&self) -> impl Iterator<Item = WorkerId> {
        self.late.iter().map(|(worker, _)| *worker)
    }

    /// Whether a week differed when it was looked at last.
    pub(in crate::export) fn was_late(&self, worker: WorkerId, first: NaiveDate) -> bool {
        self.late.contains(&(worker, first))
    }
}

/// How a week differs from what was sent, if it does: by what would be changed, and by what would be held. `stands` tells
/// the hours that a line has in Procore.
pub(in crate::export) fn difference(
    changes: &[LineChange],
    held: &[Held],
    stands: impl Fn(&LineKey) -> Option<CentiHours>,
) -> Option<String> {
    let planned = changes.iter().map(|change| {
        let after = match change.action {
            LineAction::Delete => CentiHours::default(),
            LineAction::Create | LineAction::Update => change.content.hours,
        };
        (change.before.unwrap_or_default(), after)
    });
    let held = held.iter().filter(|held| tells_of_time(held.reason)).map(|held| {
        let before = match &held.subject {
            Subject::Line(key) => stands(key),
            _ => None,
        };
        let after = held.hours.map(CentiHours::nearest);
        (before.unwrap_or_default(), after.unwrap_or_default())
    });
    let all: Vec<(CentiHours, CentiHours)> = planned.chain(held).collect();
    let sum = |side: fn(&(CentiHours, CentiHours)) -> CentiHours| all.iter().map(side).sum::<CentiHours>();
    (!all.is_empty()).then(|| {
        format!(
            "{} of its lines differ, {} h in Procore and {} h in ExakTime",
            all.len(),
            sum(|(before, _)| *before),
            sum(|(_, after)| *after)
        )
    })
}

/// Whether what is held for a reason is another time than was sent. What Procore made of it is not, and a list that was not
/// read completely tells nothing.
fn tells_of_time(reason: Reason) -> bool {
    !matches!(reason, Reason::StoredDifferently | Reason::IncompleteList)
}

/// A week that differs, as it is told.
pub(in crate::export) fn late_change(subject: Subject, how: impl Into<String>) -> Held {
    Held::new(subject, Refusal::new(Reason::LateChange, how))
}

/// The hours of a week that count as nobody's, as they are told: what was `held` of it, if anything was.
pub(in crate::export) fn late_of_nobody(employee: &RecordId, first: NaiveDate, held: &[Held]) -> Option<Held> {
    let of_time = || held.iter().filter(|held| tells_of_time(held.reason));
    let hours: Hours = of_time().filter_map(|held| held.hours).sum();
    let reasons: BTreeSet<&str> = of_time().map(|held| held.reason.code()).collect();
    let reasons: Vec<&str> = reasons.into_iter().collect();
    let how = format!("{} h are held: {}", CentiHours::nearest(hours), reasons.join(", "));
    let subject = Subject::EmployeeWeek(employee.clone(), first);
    (!reasons.is_empty()).then(|| late_change(subject, how))
}

/// Whether time was read of every line that was `sent` of these days and stands, but for those that are left out by rule.
pub(in crate::export) fn has_all_that_stands(
    sent: &[&StoredLine],
    entries: &EntryIndex<'_>,
    days: &BTreeSet<NaiveDate>,
    look: &Comparison,
    aside: &PlanTally,
) -> bool {
    let is_left_out = |key: &LineKey| {
        let mut left_out = aside.left_out.iter();
        left_out.any(|left| matches!(&left.subject, Subject::Line(line) if **line == *key))
    };
    let sent = sent.iter().filter(|line| days.contains(&line.key.date));
    let stands = sent.filter(|line| entries.get(line.entry).is_some() && !is_left_out(&line.key));
    look.unchanged > 0 && look.unchanged == stands.count()
}
