//! What was sent and got no answer (hazards A1, A15). Pure.
//!
//! What ExakTime shows by now has arrived, and both sides agree on what was sent. What it does not show may be held by a
//! gateway and arrive later, in a service where nothing can be deleted: until it cannot any more, nothing is written for its
//! entity, nor is its number given to anybody.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::facts::{Facts, SentChange};
use super::parent_location;
use crate::change::RecordChange;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::{Effect, IntentId, Link, Outcome};
use crate::model::{Attribute, Kind, OfficeRef, Record};
use crate::plan::{SyncPlan, hold_where};
use crate::reconcile::{normal, value_of};

/// What ExakTime's lists tell of each write without an answer, as far as they tell anything.
pub(super) fn resumed(facts: &Facts) -> Vec<(IntentId, Outcome)> {
    let told = facts.sent.iter().filter_map(|sent| {
        let outcome = match arrived(&sent.change, facts) {
            Some(link) => Outcome::Done(Effect::Linked(link)),
            None if sent.is_settled => Outcome::Reread,
            None => return None,
        };
        Some((sent.intent, outcome))
    });
    told.collect()
}

/// The links of the ledger, with those of writes that have arrived: both sides agreed on what was sent.
pub(super) fn links(facts: &Facts, resumed: &[(IntentId, Outcome)]) -> Vec<Link> {
    let mut links: BTreeMap<OfficeRef, &Link> = facts.links.iter().map(|link| (link.office, link)).collect();
    let made = resumed.iter().filter_map(|(_, outcome)| outcome.link());
    links.extend(made.map(|link| (link.office, link)));
    links.into_values().cloned().collect()
}

/// Lets the changes of a plan wait that meet what may still arrive: they are held, and written once that is known.
pub(super) fn hold(plan: &mut SyncPlan, facts: &Facts) {
    let is_told = |sent: &&SentChange| plan.resumed.iter().any(|(told, _)| *told == sent.intent);
    let mut entities: BTreeMap<OfficeRef, DateTime<Utc>> = BTreeMap::new();
    let mut numbers: BTreeMap<(Kind, String), DateTime<Utc>> = BTreeMap::new();
    for sent in facts.sent.iter().filter(|sent| !is_told(sent)) {
        let at = entities.entry(sent.change.office).or_insert(sent.settles_at);
        *at = sent.settles_at.max(*at);
        if let Some(number) = number_given(&sent.change) {
            let at = numbers.entry(number).or_insert(sent.settles_at);
            *at = sent.settles_at.max(*at);
        }
    }
    if entities.is_empty() {
        return;
    }
    let mut waiting = hold_where(&mut plan.changes, &mut plan.held, |change| {
        let of_number = || number_given(change).and_then(|number| numbers.get(&number));
        let settles_at = entities.get(&change.office).or_else(of_number)?;
        Some(Held::new(change.office, until(*settles_at)))
    });
    // One that is not wanted any more is told all the same: it may still turn up.
    let is_waiting = |entity: &OfficeRef| waiting.iter().any(|change| change.office == *entity);
    let untold = entities.iter().filter(|(entity, _)| !is_waiting(entity));
    plan.held
        .extend(untold.map(|(entity, settles_at)| Held::new(*entity, until(*settles_at))));
    let without_place = waiting.iter().filter_map(parent_location::place_of).collect();
    waiting.extend(hold_where(&mut plan.changes, &mut plan.held, |change| {
        parent_location::missing(change, &without_place)
    }));
    plan.held.sort();
    plan.waiting = waiting;
}

/// Why a change waits, and until when.
pub(super) fn until(settles_at: DateTime<Utc>) -> Refusal {
    // Up to a second more, never less.
    let from = (settles_at + TimeDelta::milliseconds(999)).trunc_subsecs(0);
    let from = from.format("%Y-%m-%d %H:%M:%S UTC");
    let detail = format!("it was sent and got no answer; whether it arrived can be known from {from} on");
    Refusal::new(Reason::UnknownOutcome, detail)
}

/// The number or code that a change gives to a record.
fn number_given(change: &RecordChange) -> Option<(Kind, String)> {
    let mut attributes = change.attributes.iter();
    let given = attributes.find(|one| one.attribute == Attribute::Identifier)?;
    Some((change.kind, normal(given.to.as_deref()?).into_owned()))
}

/// The link that a change makes, if ExakTime shows all that it set.
fn arrived(change: &RecordChange, facts: &Facts) -> Option<Link> {
    let lists = facts.current.iter().filter(|(kind, _)| *kind == change.kind);
    let rows = lists.flat_map(|(_, list)| &list.rows);
    let found: Vec<&Record> = rows.filter(|record| shows(change, record)).collect();
    let [record] = found[..] else { return None };
    let linked = facts.links.iter().find(|link| link.office == change.office);
    let is_free = linked.is_none_or(|link| link.record == record.id);
    is_free.then(|| Link::after(change, record.id.clone()))
}

/// Whether a record has all that a change sets, and is the one that it changes.
pub(super) fn shows(change: &RecordChange, record: &Record) -> bool {
    let is_it = change.record.as_ref().is_none_or(|id| *id == record.id);
    let mut sets = change.attributes.iter();
    is_it && sets.all(|one| value_of(&record.attributes, one.attribute) == one.to.as_deref())
}
