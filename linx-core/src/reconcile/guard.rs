//! The guard: too many changes at once need a person's consent (hazard B5). Additions always go on.

use std::collections::{BTreeSet, HashSet};

use super::input::Input;
use super::kind_plan::KindPlan;
use crate::change::RecordAction;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::Link;
use crate::model::{OfficeRef, Record, RecordId};
use crate::plan::{Becoming, MassChange, hold_where};

/// Takes changes that need consent out of the plan, and says what would let them pass.
pub(super) fn apply(input: &Input<'_>, plan: &mut KindPlan) {
    if input.allow_mass_change {
        return;
    }
    let population = population(input, plan);
    let groups: [(Becoming, &[RecordAction]); 2] = [
        (Becoming::Deactivated(input.kind), &[RecordAction::Deactivate]),
        (
            Becoming::Changed(input.kind),
            &[RecordAction::Update, RecordAction::Reactivate],
        ),
    ];
    for (becoming, actions) in groups {
        let of_group = || plan.changes.iter().filter(|change| actions.contains(&change.action));
        let count = of_group().count();
        // A list that is empty takes what stood in it along: one project's sub-jobs as well as everybody.
        let emptied =
            || of_group().any(|change| change.action == RecordAction::Deactivate && (input.emptied)(change.office));
        if count > 0 && (input.settings.guard.is_exceeded(count, population) || emptied()) {
            refuse(input, plan, becoming, actions, [count, population]);
        }
    }
}

/// How many records are linked and active, with those that are found for the first time. Neither what people keep in
/// ExakTime alone nor the leavers of many years make a share small.
fn population(input: &Input<'_>, plan: &KindPlan) -> usize {
    let linked = input.links.iter().map(|link| &link.record);
    let linked: HashSet<&RecordId> = linked
        .chain(plan.adopted.iter().map(|adopted| &adopted.record))
        .collect();
    let counted = |record: &&Record| record.attributes.is_active() && linked.contains(&record.id);
    input.current.rows.iter().filter(counted).count()
}

fn refuse(
    input: &Input<'_>,
    plan: &mut KindPlan,
    becoming: Becoming,
    actions: &[RecordAction],
    [count, population]: [usize; 2],
) {
    let guard = input.settings.guard;
    let refused = hold_where(&mut plan.changes, &mut plan.held, |change| {
        let held = || {
            Held::new(
                change.office,
                Refusal::new(Reason::GuardRefused, change.action.as_str()),
            )
        };
        actions.contains(&change.action).then(held)
    });
    // Who is found for the first time is linked all the same: without, the time could not be exported.
    let found: BTreeSet<OfficeRef> = plan.adopted.iter().map(|adopted| adopted.office).collect();
    for change in refused {
        plan.agreed
            .extend(Link::without(&change).filter(|_| found.contains(&change.office)));
    }
    plan.refused.push(MassChange {
        becoming,
        count,
        population,
        limit: Some(guard).filter(|guard| guard.is_exceeded(count, population)),
    });
}
