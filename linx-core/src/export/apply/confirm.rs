//! What of a given plan would be planned now too (hazards B6, B17). Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::conclusion::{Conclusion, Conclusions};
use crate::change::{LineAction, LineChange, LineKey};
use crate::export::diff::{Changes, Kept, beside};
use crate::hold::{Held, Reason, Refusal, Subject};
use crate::ledger::{Effect, Outcome};
use crate::plan::{ExportPlan, hold_where};

/// Returns the plan of `now` without what `given` does not show: whoever looked at that has seen all that will be written.
/// Everything else is that of `now`: what a kept plan says of the ledger, of hours or of limits is not believed.
///
/// What failed earlier in the same run is not tried again. What `given` shows and would not be planned any more is concluded
/// as stale, and held unless `now` tells of it already.
pub(super) fn confirm(mut now: ExportPlan, given: &ExportPlan, concluded: &mut Conclusions) -> ExportPlan {
    keep_what_is_shown(&mut now, given, concluded);
    conclude_what_is_stale(&mut now, given, concluded);
    now.held.sort();
    now
}

/// Holds what `given` does not show, and what has failed already.
fn keep_what_is_shown(now: &mut ExportPlan, given: &ExportPlan, concluded: &Conclusions) {
    let shown: BTreeSet<&LineChange> = given.changes.iter().chain(&given.waiting).collect();
    let account = &mut now.account;
    let mut hold = |change: &LineChange, refusal: Refusal| {
        account.hold_line(change);
        Held::new(&change.key, refusal).keeping(change.hours_carried())
    };
    let mut taken = hold_where(&mut now.changes, &mut now.held, |change| {
        let refusal = match concluded.failure(&change.key) {
            Some(refusal) => refusal.clone(),
            None if shown.contains(change) => return None,
            None => Refusal::new(Reason::StalePlan, "it is not as the plan shows it"),
        };
        Some(hold(change, refusal))
    });
    // What goes may go for what is held of its day: nobody is paid less for that (hazard D8).
    let day = |change: &LineChange| (change.key.worker, change.key.date);
    let gaining = taken.iter().filter(|change| change.gains());
    let short: BTreeSet<_> = gaining.map(day).collect();
    taken.extend(hold_where(&mut now.changes, &mut now.held, |change| {
        let goes = !change.gains() && short.contains(&day(change)) && change.double_of.is_none();
        let refusal = || Refusal::new(Reason::StalePlan, "it would go for a line of that day that is held");
        goes.then(|| hold(change, refusal()))
    }));
    // Hours that stay and were to go may be what others gain.
    let kept: Vec<Kept> = taken
        .iter()
        .filter(|change| !change.gains())
        .map(Kept::of_change)
        .collect();
    let changes: Vec<&LineChange> = now.changes.iter().collect();
    let beside = beside(&kept, Changes::of_any_day(&changes));
    hold_where(&mut now.changes, &mut now.held, |change| {
        Some(hold(change, beside.get(&change.key)?.clone()))
    });
}

/// Concludes what `given` shows and would not be planned any more: as done where it stands by now, else as stale.
fn conclude_what_is_stale(now: &mut ExportPlan, given: &ExportPlan, concluded: &mut Conclusions) {
    let planned = now.changes.iter().chain(&now.waiting);
    let planned: BTreeSet<LineKey> = planned.map(|change| change.key.clone()).collect();
    let told: BTreeSet<LineKey> = now
        .held
        .iter()
        .filter_map(|held| match &held.subject {
            Subject::Line(key) => Some(key.as_ref().clone()),
            _ => None,
        })
        .collect();
    let is_offices = |left: &&Held| matches!(left.reason, Reason::DeletedInOffice | Reason::AdjustedInOffice);
    let decided: BTreeSet<&Subject> = now
        .left_out
        .iter()
        .filter(is_offices)
        .map(|left| &left.subject)
        .collect();
    let mut found: BTreeMap<&LineKey, Vec<&Effect>> = BTreeMap::new();
    for (_, outcome) in &now.resumed {
        if let Outcome::Done(effect) = outcome
            && let Some(key) = effect.line_key()
        {
            found.entry(key).or_default().push(effect);
        }
    }
    for change in given.changes.iter().chain(&given.waiting) {
        let key = &change.key;
        // What the office has decided of meanwhile is told as left out, whatever was sent before.
        if decided.contains(&Subject::Line(Box::new(key.clone()))) && concluded.is_open(key) {
            concluded.forget(key);
            continue;
        }
        if planned.contains(key) || !concluded.is_open(key) {
            continue;
        }
        if found
            .get(key)
            .into_iter()
            .flatten()
            .any(|effect| leaves(effect, change))
        {
            concluded.conclude(change, Conclusion::Done);
            continue;
        }
        let stale = Refusal::new(
            Reason::StalePlan,
            "its time or its entry changed after the plan was made",
        );
        if !told.contains(key) {
            now.held.push(Held::new(key, stale.clone()));
        }
        concluded.conclude(change, Conclusion::Failed(stale));
    }
}

/// Whether what came of a write of the same line that was cut off is what a change would leave.
fn leaves(effect: &Effect, change: &LineChange) -> bool {
    let is_deletion = change.action == LineAction::Delete;
    match effect {
        Effect::LineStored(line) => !is_deletion && line.sent.as_ref() == Some(&change.content),
        Effect::LineRemoved(_) => is_deletion,
        Effect::EntryRemoved(_, entry) => is_deletion && change.entry == Some(*entry),
        Effect::Linked(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::test_world::{plan_of, record, world};
    use crate::model::EntryId;

    #[test]
    fn a1_a_deletion_of_another_entry_of_the_line_is_not_this_one() {
        let mut facts = world();
        facts.records.rows = vec![record(2, 13, 3600)];
        let mut change = plan_of(&facts).changes.remove(0);
        (change.action, change.entry) = (LineAction::Delete, Some(EntryId(1)));
        let gone = |entry| Effect::EntryRemoved(change.key.clone(), EntryId(entry));
        assert!(leaves(&gone(1), &change));
        assert!(!leaves(&gone(2), &change), "a double went, and the line stands");
        assert!(
            leaves(&Effect::LineRemoved(change.key.clone()), &change),
            "an older version did not say which"
        );
    }
}
