//! What has to change on the field side: matching, three-way merge per field, and the guard. Pure.

mod guard;
mod kind;
mod matching;
mod merge;
mod suggest;

use std::collections::{BTreeMap, BTreeSet, HashSet};

pub use kind::{Desired, Input, KindPlan};
pub(crate) use matching::normal;
use merge::agrees;
pub(crate) use merge::value_of;
pub use merge::{Merge, merge};
pub use suggest::{accepted, suggest};

use crate::change::{AttributeChange, RecordAction, RecordChange};
use crate::hold::{Disposition, Held, List, Reason, Refusal, Subject};
use crate::ledger::Link;
use crate::mapping::Ruling;
use crate::model::{Attribute, Attributes, Kind, OfficeRef, Record, RecordId};
use crate::plan::{Adopted, hold_where};
use crate::settings::{Deactivate, LikelyMatch};
use matching::{Match, Matches};

/// The longest text that ExakTime takes (exaktime-api.md section 5.1).
const LONGEST_TEXT: usize = 200;

/// Works out what has to change for one kind. The order of the input does not matter.
pub fn reconcile(input: &Input<'_>) -> KindPlan {
    let mut plan = KindPlan::default();
    let matches = Matches::new(input);
    for desired in input.desired {
        judge(input, &matches, desired, &mut plan);
    }
    judge_vanished(input, &matches, &mut plan);
    judge_unreadable(input, &mut plan);
    judge_likely(input, &mut plan);
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

impl KindPlan {
    fn hold(&mut self, office: OfficeRef, refusal: impl Into<Refusal>) {
        self.held.push(Held::new(office, refusal));
    }

    fn leave_out(&mut self, office: OfficeRef, refusal: impl Into<Refusal>) {
        self.left_out.push(Held::new(office, refusal));
    }
}

fn judge(input: &Input<'_>, matches: &Matches<'_>, desired: &Desired, plan: &mut KindPlan) {
    let (kind, office) = (input.kind, desired.office);
    let attributes = match &desired.ruling {
        Ruling::Becomes(attributes) => attributes,
        Ruling::Not(refusal) => {
            match refusal.reason.fate() {
                Disposition::Held => plan.hold(office, refusal.clone()),
                Disposition::LeftOut => plan.leave_out(office, refusal.clone()),
            }
            return;
        }
    };
    let found = matches.find(office, attributes);
    let linked = matches!(found, Match::Linked(..));
    if let Err(refusal) = writable(kind, attributes, linked) {
        return plan.hold(office, refusal);
    }
    if let Some(others) = matches.namesakes(office, attributes) {
        return plan.hold(office, Refusal::new(Reason::DuplicateName, others));
    }
    match found {
        // A link that a person made has no agreed values yet.
        Match::Linked(link, record) => {
            let base = Some(&link.base).filter(|base| !base.is_empty());
            compare(input, office, attributes, record, base, plan);
        }
        Match::Identified(record) => compare(input, office, attributes, record, None, plan),
        Match::Gone(record) => plan.hold(office, Refusal::new(Reason::LinkTargetGone, format!("{kind} {record}"))),
        Match::Ambiguous(detail) => plan.hold(office, Refusal::new(Reason::DuplicateIdentifier, detail)),
        Match::Nobody if !attributes.is_active() => plan.leave_out(office, Reason::Inactive),
        // A row that could not be read may be the very record.
        Match::Nobody if !input.current.unreadable.is_empty() => {
            let why = format!("{} rows of the list could not be read", input.current.unreadable.len());
            plan.hold(office, Refusal::new(Reason::IncompleteList, why));
        }
        Match::Nobody => match &input.current.incomplete {
            Some(why) => plan.hold(office, Refusal::new(Reason::IncompleteList, why.clone())),
            None => plan.changes.push(creation(kind, office, attributes)),
        },
    }
}

/// Whether ExakTime can take these values as they are. What is linked needs no number: the blank changes nothing
/// (hazard C14).
fn writable(kind: Kind, attributes: &Attributes, linked: bool) -> Result<(), Refusal> {
    let name = if kind == Kind::Employee {
        Attribute::LastName
    } else {
        Attribute::Name
    };
    if attributes.get(Attribute::Identifier).is_none() && !linked {
        return Err(Reason::NoIdentifier.into());
    }
    if attributes.get(name).is_none() && !linked {
        return Err(Refusal::new(Reason::MissingName, name.to_string()));
    }
    match attributes
        .iter()
        .find(|(_, value)| value.chars().count() > LONGEST_TEXT)
    {
        Some((name, value)) => Err(Refusal::new(
            Reason::TextTooLong,
            format!("{name} has {} characters", value.chars().count()),
        )),
        None => Ok(()),
    }
}

fn creation(kind: Kind, office: OfficeRef, attributes: &Attributes) -> RecordChange {
    let changes = attributes
        .iter()
        .map(|(attribute, value)| AttributeChange {
            attribute,
            from: None,
            to: Some(value.to_owned()),
        })
        .collect();
    RecordChange {
        kind,
        action: RecordAction::Create,
        identifier: attributes.get(Attribute::Identifier).unwrap_or_default().to_owned(),
        office,
        record: None,
        attributes: changes,
        why: "ExakTime has no record with this identifier".into(),
        base: attributes.clone(),
    }
}

fn compare(
    input: &Input<'_>,
    office: OfficeRef,
    attributes: &Attributes,
    record: &Record,
    base: Option<&Attributes>,
    plan: &mut KindPlan,
) {
    if let Some(base) = base.filter(|base| may_be_another(input.kind, attributes, &record.attributes, base)) {
        let was = base.get(Attribute::Identifier).unwrap_or_default();
        return plan.hold(
            office,
            Refusal::new(Reason::AnotherPerson, format!("{} {was}", record.id)),
        );
    }
    if base.is_some_and(|base| agrees(attributes, &record.attributes, base)) {
        plan.unchanged += 1;
        return;
    }
    let identifier = attributes.get(Attribute::Identifier).unwrap_or_default();
    let merged = merge(attributes, &record.attributes, base, &input.settings.owners);
    plan.kept += merged.kept.len();
    for conflict in &merged.conflicts {
        plan.hold(office, Refusal::new(Reason::AttributeConflict, conflict.clone()));
    }
    if base.is_none() {
        plan.adopted.push(Adopted {
            kind: input.kind,
            identifier: identifier.to_owned(),
            office,
            record: record.id.clone(),
        });
    }
    let link = Link {
        office,
        kind: input.kind,
        record: record.id.clone(),
        base: merged.base,
    };
    if merged.changes.is_empty() {
        if merged.conflicts.is_empty() {
            plan.unchanged += 1;
        }
        if base != Some(&link.base) {
            plan.agreed.push(link);
        }
        return;
    }
    let is_new = base.is_none();
    let change = change_of(link, identifier, merged.changes, merged.why, is_new);
    propose_or_plan(input, change, is_new, plan);
}

/// The change that makes a record agree. `link` is how the pair stands after it, with the values that both sides have then.
fn change_of(
    link: Link,
    identifier: &str,
    attributes: Vec<AttributeChange>,
    why: String,
    is_new: bool,
) -> RecordChange {
    RecordChange {
        kind: link.kind,
        action: action_of(&attributes),
        identifier: identifier.to_owned(),
        office: link.office,
        record: Some(link.record),
        attributes,
        why: if is_new {
            format!("linked for the first time; {why}")
        } else {
            why
        },
        base: link.base,
    }
}

/// Who is found for the first time is linked also where its change is only proposed: without, its time could not be
/// exported.
fn propose_or_plan(input: &Input<'_>, change: RecordChange, is_new: bool, plan: &mut KindPlan) {
    if change.action != RecordAction::Deactivate || input.settings.deactivate == Deactivate::Apply {
        return plan.changes.push(change);
    }
    plan.agreed.extend(Link::without(&change).filter(|_| is_new));
    let record = change.record.as_ref().map(ToString::to_string).unwrap_or_default();
    let detail = format!("{} {record}", change.kind);
    plan.leave_out(change.office, Refusal::new(Reason::OnlyProposed, detail));
}

/// Whether a linked employee may be somebody else by now, on either side (hazard C2).
fn may_be_another(kind: Kind, ours: &Attributes, theirs: &Attributes, base: &Attributes) -> bool {
    kind == Kind::Employee && (ours.is_active() && is_replaced(ours, theirs, base) || is_replaced(theirs, ours, base))
}

/// Whether name and number of one side both changed since they were agreed, and the other side did not follow.
fn is_replaced(one: &Attributes, other: &Attributes, base: &Attributes) -> bool {
    let differs =
        |one: &str, other: Option<&str>| Some(one) != other && other.is_none_or(|other| normal(one) != normal(other));
    let changed = |attribute| {
        let value = one.get(attribute);
        value.is_some_and(|value| differs(value, base.get(attribute)) && differs(value, other.get(attribute)))
    };
    base.get(Attribute::Identifier).is_some()
        && changed(Attribute::Identifier)
        && (changed(Attribute::FirstName) || changed(Attribute::LastName))
}

fn action_of(changes: &[AttributeChange]) -> RecordAction {
    match changes
        .iter()
        .find(|change| change.attribute == Attribute::Active)
        .and_then(|change| change.to.as_deref())
    {
        Some("false") => RecordAction::Deactivate,
        Some(_) => RecordAction::Reactivate,
        None => RecordAction::Update,
    }
}

/// Linked records whose office entity is not in the list any more.
fn judge_vanished(input: &Input<'_>, matches: &Matches<'_>, plan: &mut KindPlan) {
    let listed: HashSet<OfficeRef> = input.desired.iter().map(|desired| desired.office).collect();
    for link in input
        .links
        .iter()
        .copied()
        .filter(|link| (input.in_scope)(link.office) && !listed.contains(&link.office))
    {
        if !(input.proves_absence)(link.office) {
            plan.notes.push(format!(
                "{} is not in a list that was not read completely: left as it is",
                link.office
            ));
            continue;
        }
        let Some(record) = matches.record(&link.record) else {
            continue;
        };
        // A person who made it inactive, or active again after us, has decided.
        if !record.attributes.is_active() || !link.base.is_active() {
            plan.unchanged += 1;
            continue;
        }
        // A link that a person made and that was never compared: what it names was perhaps never there.
        if link.base.is_empty() {
            plan.hold(link.office, Refusal::new(Reason::LinkNeverMet, record.id.to_string()));
            continue;
        }
        if input.kind == Kind::Employee && is_replaced(&record.attributes, &link.base, &link.base) {
            plan.hold(link.office, Refusal::new(Reason::AnotherPerson, record.id.to_string()));
            continue;
        }
        if let Some(heirs) = matches.heirs(record) {
            plan.hold(link.office, Refusal::new(Reason::DuplicateIdentifier, heirs));
            continue;
        }
        let change = deactivation(input.kind, link, &record.id, &record.attributes);
        propose_or_plan(input, change, false, plan);
    }
}

fn deactivation(kind: Kind, link: &Link, id: &RecordId, attributes: &Attributes) -> RecordChange {
    RecordChange {
        kind,
        action: RecordAction::Deactivate,
        identifier: attributes.get(Attribute::Identifier).unwrap_or_default().to_owned(),
        office: link.office,
        record: Some(id.clone()),
        attributes: vec![AttributeChange {
            attribute: Attribute::Active,
            from: Some("true".into()),
            to: Some("false".into()),
        }],
        why: "it is gone from Procore".into(),
        base: link.base.clone().with_active(false),
    }
}

/// Looks for records that are likely the same as what is to be made, and as what has no number to be found by. What is
/// all too likely there already is not made, unless the company says so.
fn judge_likely(input: &Input<'_>, plan: &mut KindPlan) {
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
    plan.likely = suggest(sought, &input.current.rows, input.links);
    if input.settings.likely_match == LikelyMatch::Create {
        return;
    }
    // Best first for each, so that the best is what the reason tells.
    let strong: BTreeMap<OfficeRef, String> = plan
        .likely
        .iter()
        .rev()
        .filter(|likely| likely.is_strong())
        .map(|likely| (likely.office, likely.to_string()))
        .collect();
    hold_where(&mut plan.changes, &mut plan.held, |change| {
        let detail = strong
            .get(&change.office)
            .filter(|_| change.action == RecordAction::Create)?;
        Some(Held::new(
            change.office,
            Refusal::new(Reason::LikelyMatch, detail.clone()),
        ))
    });
}

fn judge_unreadable(input: &Input<'_>, plan: &mut KindPlan) {
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
