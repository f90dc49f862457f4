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
            None if is_listed(sent.change.kind, facts) => sent.unseen.clone()?,
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
    let is_told = |sent: &&SentChange| {
        let mut concluded = plan.resumed.iter().filter(|(_, outcome)| outcome.is_final());
        concluded.any(|(told, _)| *told == sent.intent)
    };
    let mut entities: BTreeMap<OfficeRef, DateTime<Utc>> = BTreeMap::new();
    let mut numbers: BTreeMap<(Kind, String), DateTime<Utc>> = BTreeMap::new();
    // What was not asked for is looked for by a sync of its kind.
    let is_asked = |sent: &&SentChange| facts.current.iter().any(|(kind, _)| *kind == sent.change.kind);
    for sent in facts.sent.iter().filter(|sent| is_asked(sent) && !is_told(sent)) {
        let at = entities.entry(sent.change.office).or_insert(sent.known_from);
        *at = sent.known_from.max(*at);
        if let Some(number) = number_given(&sent.change) {
            let at = numbers.entry(number).or_insert(sent.known_from);
            *at = sent.known_from.max(*at);
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

/// Whether what is not in the list of a kind is not in ExakTime, as far as one look can tell.
fn is_listed(kind: Kind, facts: &Facts) -> bool {
    let mut lists = facts.current.iter().filter(|(of, _)| *of == kind);
    lists.any(|(_, list)| list.proves_absence())
}

/// The link that a change makes, if ExakTime shows all that it set.
fn arrived(change: &RecordChange, facts: &Facts) -> Option<Link> {
    let lists = facts.current.iter().filter(|(kind, _)| *kind == change.kind);
    let rows = lists.flat_map(|(_, list)| &list.rows);
    let found: Vec<&Record> = rows.filter(|record| shows(change, record)).collect();
    let [record] = found[..] else { return None };
    let linked = facts.links.iter().find(|link| link.office == change.office);
    let is_anothers = |link: &&Link| link.record == record.id && link.office != change.office;
    let is_free =
        linked.is_none_or(|link| link.record == record.id) && !facts.links.iter().any(|link| is_anothers(&link));
    is_free.then(|| Link::after(change, record.id.clone()))
}

/// Whether a record has all that a change sets, and is the one that it changes.
pub(super) fn shows(change: &RecordChange, record: &Record) -> bool {
    let is_it = change.record.as_ref().is_none_or(|id| *id == record.id);
    let mut sets = change.attributes.iter();
    is_it && sets.all(|one| value_of(&record.attributes, one.attribute) == one.to.as_deref())
}
