//! What is in no list any more: gone, or skipped between two pages (hazards A3, C16). Pure.
//!
//! A row that is taken away while pages are read hides another one, and when a row is added in the same moment no count
//! tells. So what is to be deactivated for its absence has to be absent from two readings.

use super::facts::OfficeLists;
use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::Link;
use crate::plan::{SyncPlan, hold_where};

/// Whether a plan deactivates something for its absence from `lists`, or notes that both sides agree on it.
pub(super) fn is_planned(plan: &SyncPlan, lists: &OfficeLists) -> bool {
    let is_noted = |link: &Link| !lists.lists(link.office);
    plan.changes.iter().any(|change| is_for_absence(change, lists)) || plan.agreed.iter().any(is_noted)
}

fn is_for_absence(change: &RecordChange, lists: &OfficeLists) -> bool {
    change.action == RecordAction::Deactivate && !lists.lists(change.office)
}

/// Holds what was absent from one reading only: whether it is gone is known when two whole lists agree.
pub(super) fn confirm(plan: &mut SyncPlan, first: &OfficeLists, second: &OfficeLists) {
    let is_there = |office| !second.proves_absence(office) || second.lists(office);
    plan.agreed
        .retain(|link| first.lists(link.office) || !is_there(link.office));
    let is_doubtful = |change: &RecordChange| is_for_absence(change, first) && is_there(change.office);
    hold_where(&mut plan.changes, &mut plan.held, |change| {
        let detail = "it was in one reading and not in the other";
        let held = || Held::new(change.office, Refusal::new(Reason::IncompleteList, detail));
        is_doubtful(change).then(held)
    });
}
