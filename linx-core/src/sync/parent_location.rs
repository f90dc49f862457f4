//! What stands on something else: a sub-job's place is a part of its project's place (hazard C12).

use std::collections::BTreeSet;

use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::Link;
use crate::model::{OfficeRef, ProjectId};
use crate::plan::hold_where;
use crate::reconcile::KindPlan;

/// Holds the new places of sub-jobs whose project is held itself and has no place yet; all others go on.
pub(super) fn hold_parts(plan: &mut KindPlan, links: &[&Link]) {
    let linked: BTreeSet<OfficeRef> = links.iter().map(|link| link.office).collect();
    let without_place: BTreeSet<ProjectId> = plan
        .held
        .iter()
        .filter_map(|held| match held.subject.entity() {
            Some(OfficeRef::Project(project)) if !linked.contains(&OfficeRef::Project(project)) => Some(project),
            _ => None,
        })
        .collect();
    if without_place.is_empty() {
        return;
    }
    hold_where(&mut plan.changes, &mut plan.held, |change| {
        missing(change, &without_place)
    });
}

/// What is held of a change when these projects have no place; `None` when it does not stand on them.
pub(super) fn missing(change: &RecordChange, without_place: &BTreeSet<ProjectId>) -> Option<Held> {
    match change.office {
        OfficeRef::SubJob(project, _) if change.action == RecordAction::Create && without_place.contains(&project) => {
            let detail = OfficeRef::Project(project).to_string();
            Some(Held::new(change.office, Refusal::new(Reason::DependencyHeld, detail)))
        }
        _ => None,
    }
}

/// The project whose place a change was to make.
pub(super) fn place_of(change: &RecordChange) -> Option<ProjectId> {
    match (change.action, change.office) {
        (RecordAction::Create, OfficeRef::Project(project)) => Some(project),
        _ => None,
    }
}
