//! What was sent and may still arrive (hazard A15).

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, Utc};

use super::comparison::Comparison;
use super::kept::Kept;
use crate::change::{LineChange, LineKey};
use crate::export::tally::PlanTally;
use crate::hold::{Held, Reason, Refusal};
use crate::model::{CentiHours, RecordId, WorkerId};
use crate::plan::hold_where;

/// When it can be known what became of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::export) enum Known {
    /// From this moment on.
    From(DateTime<Utc>),
    /// By the next look: this list lacks what stood otherwise.
    ByAnotherLook,
    /// Once the list of deleted entries has no gaps, or by a person's word.
    ByTheDeleted,
}

/// Lines that were sent, that Procore does not show, and whose request may still arrive: they are neither stored nor absent.
#[derive(Debug, Default)]
pub(in crate::export) struct Unsettled {
    /// When each can be known.
    lines: BTreeMap<LineKey, Known>,
    /// What they would gain.
    gaining: Vec<LineChange>,
}

impl Unsettled {
    pub(super) fn add(&mut self, change: &LineChange, known: Known) {
        let at = self.lines.entry(change.key.clone()).or_insert(known);
        *at = known.max(*at);
        self.gaining
            .extend(Some(change).filter(|change| change.gains()).cloned());
    }

    /// The hours that may still arrive and that no line of the plan gains any more: what others gain may be these. `counts_as` tells
    /// as whom somebody counts by now.
    pub(in crate::export) fn kept(
        &self,
        planned: &[LineChange],
        counts_as: impl Fn(&RecordId) -> Option<WorkerId>,
    ) -> Vec<Kept> {
        let more = |change: &LineChange| {
            let of_plan = planned.iter().filter(|planned| planned.key == change.key);
            change.gained() - of_plan.map(LineChange::gained).sum()
        };
        let left = self
            .gaining
            .iter()
            .filter(|change| more(change) > CentiHours::default());
        left.map(|change| {
            let whose = change.carries.iter().filter_map(|carried| counts_as(&carried.employee));
            Kept::that_may_arrive(change, more(change), whose)
        })
        .collect()
    }

    /// Takes what would be written for these workers out of a plan and returns it. Nothing at all is written for such a
    /// worker: what was sent may turn up beside it. Its hours are held until it is known.
    pub(in crate::export) fn hold(&self, found: &mut Comparison, tally: &mut PlanTally) -> Vec<LineChange> {
        let mut workers: BTreeMap<WorkerId, Known> = BTreeMap::new();
        for (key, known) in &self.lines {
            let at = workers.entry(key.worker).or_insert(*known);
            *at = (*at).max(*known);
        }
        let account = &mut tally.account;
        let mut held = Vec::new();
        let waiting = hold_where(&mut found.changes, &mut held, |change| {
            let known = workers.get(&change.key.worker)?;
            account.hold_line(change);
            let refusal = until(*known, self.lines.contains_key(&change.key));
            Some(Held::new(&change.key, refusal).keeping(change.hours_carried()))
        });
        // One whose time is gone, or is held, is told all the same: its entry may still turn up.
        let untold = self
            .lines
            .iter()
            .filter(|(key, _)| waiting.iter().all(|change| change.key != **key));
        held.extend(untold.map(|(key, known)| Held::new(key, until(*known, true))));
        tally.held.extend(held);
        found.note_waiting(&waiting);
        waiting
    }
}

/// Why a line waits, and until when: itself, or one of the same worker.
pub(in crate::export) fn until(known: Known, itself: bool) -> Refusal {
    let when = match known {
        Known::From(moment) => {
            // Up to a second more, never less.
            let from = (moment + chrono::TimeDelta::milliseconds(999)).trunc_subsecs(0);
            format!("from {} on", from.format("%Y-%m-%d %H:%M:%S UTC"))
        }
        Known::ByAnotherLook => "by the next look, since this list of entries lacks others that stood".to_owned(),
        Known::ByTheDeleted => {
            "once Procore's list of deleted entries has no gaps; or say by `linx beside` that it is to be written"
                .to_owned()
        }
    };
    let what = if itself {
        "it was sent"
    } else {
        "another line of this worker was sent"
    };
    let detail = format!("{what} and got no answer; whether it arrived can be known {when}");
    Refusal::new(Reason::UnknownOutcome, detail)
}
