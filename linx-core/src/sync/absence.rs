//! What is in no list any more: gone, or skipped between two pages (hazards A3, C16). Pure.
//!
//! A row that is taken away while pages are read hides another one, and when a row is added in the same moment no count
//! tells. So what is to be deactivated for its absence has to be absent from two readings.

use super::facts::OfficeLists;
use crate::change::{RecordAction, RecordChange};
use crate::plan::SyncPlan;

/// Whether a plan deactivates something for its absence from `lists`.
pub(super) fn is_planned(plan: &SyncPlan, lists: &OfficeLists) -> bool {
    plan.changes.iter().any(|change| is_for_absence(change, lists))
}

fn is_for_absence(change: &RecordChange, lists: &OfficeLists) -> bool {
    change.action == RecordAction::Deactivate && !lists.lists(change.office)
}

/// Takes out of a plan what was absent from the first reading only, and notes it.
pub(super) fn confirm(plan: &mut SyncPlan, first: &OfficeLists, second: &OfficeLists) {
    let is_doubtful = |change: &mut RecordChange| {
        is_for_absence(change, first) && (!second.proves_absence(change.office) || second.lists(change.office))
    };
    let doubtful = plan.changes.extract_if(.., is_doubtful).map(|change| {
        format!(
            "{} was in one reading and not in the other: left as it is",
            change.office
        )
    });
    plan.notes.extend(doubtful);
    plan.notes.sort();
}
