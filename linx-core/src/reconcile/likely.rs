//! What is all too likely in ExakTime already is not made again (hazards C3, C7).

use std::collections::{BTreeMap, BTreeSet};

use super::input::Input;
use super::kind_plan::KindPlan;
use super::suggest::{alike, suggest};
use crate::change::RecordAction;
use crate::hold::{Held, Reason, Refusal};
use crate::mapping::{Desired, Ruling};
use crate::model::{Attribute, OfficeRef};
use crate::plan::hold_where;
use crate::settings::LikelyMatch;

/// Tells of an entity whether it is gone from these lists, or inactive in them.
pub(crate) fn has_left(desired: &[Desired]) -> impl Fn(OfficeRef) -> bool + use<> {
    let stays = |one: &&Desired| match &one.ruling {
        Ruling::Becomes(attributes) => attributes.is_active(),
        Ruling::Not(..) => true,
    };
    let staying: BTreeSet<OfficeRef> = desired.iter().filter(stays).map(|one| one.office).collect();
    move |office| !staying.contains(&office)
}

/// Looks for records that are likely the same as what is to be made, and as what has no number to be found by. What is
/// all too likely there already is not made, unless the company says so.
pub(super) fn hold_likely(input: &Input<'_>, plan: &mut KindPlan) {
    if input.settings.likely_match != LikelyMatch::Create {
        keep_likely_leavers(input, plan);
    }
    let unmatched: BTreeSet<OfficeRef> = plan
        .changes
        .iter()
        .filter(|change| change.action == RecordAction::Create)
        .map(|change| change.office)
        .collect();
    let without_number = |one: &&Desired| match &one.ruling {
        Ruling::Becomes(attributes) => attributes.get(Attribute::Identifier).is_none(),
        Ruling::Not(..) => false,
    };
    let sought: Vec<&Desired> = input
        .desired
        .iter()
        .filter(|one| unmatched.contains(&one.office) || without_number(one))
        .collect();
    if sought.is_empty() {
        return;
    }
    plan.likely = suggest(sought, &input.current.rows, input.links, has_left(input.desired));
    if input.settings.likely_match == LikelyMatch::Create {
        return;
    }
    // Best first for each, so that the best is what the reason tells.
    let strong = || plan.likely.iter().rev().filter(|likely| likely.is_strong());
    let of_new: BTreeMap<OfficeRef, String> = strong().map(|likely| (likely.office, likely.to_string())).collect();
    hold_as_likely(plan, RecordAction::Create, &of_new);
}

/// Who is all too likely there under another entity that is not linked, whatever becomes of that one, is not made inactive (hazard C3).
fn keep_likely_leavers(input: &Input<'_>, plan: &mut KindPlan) {
    if !plan
        .changes
        .iter()
        .any(|change| change.action == RecordAction::Deactivate)
    {
        return;
    }
    let is_active = |one: &&Desired| matches!(&one.ruling, Ruling::Becomes(attributes) if attributes.is_active());
    let sought = input.desired.iter().filter(is_active);
    let likely = alike(
        sought,
        &input.current.rows,
        input.links,
        has_left(input.desired),
        |_| false,
    );
    let strong = likely.iter().rev().filter(|likely| likely.is_strong());
    let of_leavers =
        strong.filter_map(|likely| Some((likely.linked?, format!("{} is likely {}", likely.record, likely.office))));
    hold_as_likely(plan, RecordAction::Deactivate, &of_leavers.collect());
}

fn hold_as_likely(plan: &mut KindPlan, action: RecordAction, likely: &BTreeMap<OfficeRef, String>) {
    hold_where(&mut plan.changes, &mut plan.held, |change| {
        let detail = likely.get(&change.office).filter(|_| change.action == action)?;
        Some(Held::new(
            change.office,
            Refusal::new(Reason::LikelyMatch, detail.clone()),
        ))
    });
}
