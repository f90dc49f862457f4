//! Weeks that were sent, are not asked for, and are not as they were sent: late punches, a card that was opened again, a record
//! that moved over the week's end or was deleted (hazard D24). Nothing of them is written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{NaiveDate, Weekday};

use super::baseline::Baseline;
use crate::change::{LineAction, LineChange, LineKey};
use crate::export::days;
use crate::hold::{Held, Reason, Refusal, Subject};
use crate::model::{CentiHours, WorkerId, first_of_week};

/// The weeks to look at.
pub(in crate::export) struct SentWeeks<'a> {
    /// Those before the days asked for of which lines of anybody were sent.
    before: BTreeSet<NaiveDate>,
    /// Those that differed when they were looked at last.
    late: &'a BTreeSet<(WorkerId, NaiveDate)>,
    asked: RangeInclusive<NaiveDate>,
}

impl<'a> SentWeeks<'a> {
    pub(in crate::export) fn new(
        baseline: &Baseline<'_>,
        late: &'a BTreeSet<(WorkerId, NaiveDate)>,
        asked: RangeInclusive<NaiveDate>,
        week_start: Weekday,
    ) -> Self {
        let first = first_of_week(*asked.start(), week_start);
        let weeks = baseline
            .lines
            .iter()
            .map(|line| first_of_week(line.key.date, week_start));
        Self {
            before: weeks.filter(|week| *week < first).collect(),
            late,
            asked,
        }
    }

    /// The weeks to look at of one worker, by their first days, with those of their days that were not asked for.
    pub(in crate::export) fn of(&self, worker: WorkerId) -> BTreeMap<NaiveDate, BTreeSet<NaiveDate>> {
        let late = self.late.iter().filter(|(late, _)| *late == worker);
        let weeks: BTreeSet<NaiveDate> = late
            .map(|(_, first)| *first)
            .chain(self.before.iter().copied())
            .collect();
        let unasked = |first: NaiveDate| {
            let (first, last) = days::week(first).into_inner();
            let days = first.iter_days().take_while(move |day| *day <= last);
            days.filter(|day| !self.asked.contains(day)).collect()
        };
        let weeks = weeks.into_iter().map(|first| (first, unasked(first)));
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
pub(in crate::export) fn late_change(worker: WorkerId, first: NaiveDate, how: impl Into<String>) -> Held {
    Held::new(Subject::Week(worker, first), Refusal::new(Reason::LateChange, how))
}
