//! What has to change in ExakTime, of one kind of record: matching, three-way merge by attribute, and the guard. Pure.

mod absence;
mod guard;
mod identity;
mod input;
mod judge;
mod kind_plan;
mod likely;
mod matching;
mod merge;
mod suggest;

pub(crate) use identity::{is_replaced, may_be_another};
pub(crate) use input::Input;
pub(crate) use kind_plan::KindPlan;
pub(crate) use likely::has_left;
pub(crate) use matching::normal;
pub(crate) use merge::value_of;
pub use suggest::accepted;
pub(crate) use suggest::suggest;

use crate::hold::{Held, List, Reason, Refusal, Subject};
use matching::Matches;

/// Works out what has to change for one kind. The order of the input does not matter.
pub(crate) fn reconcile(input: &Input<'_>) -> KindPlan {
    let mut plan = KindPlan::default();
    let matches = Matches::new(input);
    for desired in input.desired {
        judge::judge(input, &matches, desired, &mut plan);
    }
    absence::judge_absent(input, &matches, &mut plan);
    hold_unread(input, &mut plan);
    likely::hold_likely(input, &mut plan);
    guard::apply(input, &mut plan);
    // A project's place before those of its sub-jobs (hazard C12).
    plan.changes
        .sort_by(|one, other| (one.action, one.is_part(), one).cmp(&(other.action, other.is_part(), other)));
    plan.agreed.sort_by_key(|link| link.office);
    plan.held.sort();
    plan.left_out.sort();
    plan.adopted.sort();
    plan.notes.sort();
    plan
}

/// Holds ExakTime's list where it was not read to its end, and each of its rows that could not be read.
fn hold_unread(input: &Input<'_>, plan: &mut KindPlan) {
    if let Some(why) = &input.current.incomplete {
        let list = Subject::List(List::Records(input.kind));
        plan.held
            .push(Held::new(list, Refusal::new(Reason::IncompleteList, why.clone())));
    }
    for row in &input.current.unreadable {
        let subject = Subject::Row(List::Records(input.kind), row.id.clone());
        plan.held.push(Held::new(
            subject,
            Refusal::new(Reason::UnreadableRow, row.reason.clone()),
        ));
    }
}

#[cfg(test)]
mod tests;
