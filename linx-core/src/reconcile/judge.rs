//! What becomes of one entity of Procore's: a record is made, changed or left, or the entity is held.

use super::identity::may_be_another;
use super::input::Input;
use super::kind_plan::KindPlan;
use super::matching::{Match, Matches};
use super::merge::{Merge, agrees, merge, value_of};
use crate::change::{AttributeChange, RecordAction, RecordChange};
use crate::hold::{Disposition, Reason, Refusal};
use crate::ledger::Link;
use crate::mapping::{Desired, Ruling};
use crate::model::{Attribute, Attributes, Kind, OfficeRef, Record, RecordId};
use crate::plan::Adopted;

/// The longest text that ExakTime takes (exaktime-api.md section 5.1).
const LONGEST_TEXT: usize = 200;

/// Judges one entity of Procore's, and adds to the plan what becomes of it.
pub(super) fn judge(input: &Input<'_>, matches: &Matches<'_>, desired: &Desired, plan: &mut KindPlan) {
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
        Match::Linked(link, record) => match stays_active(input, matches, attributes, record, link) {
            Some(refusal) => plan.hold(office, refusal),
            None => compare(input, office, attributes, record, Some(link), plan),
        },
        Match::Identified(record) => match unseen(input, office) {
            Some(why) => plan.hold(office, Refusal::new(Reason::IncompleteList, why)),
            None => compare(input, office, attributes, record, None, plan),
        },
        Match::Gone(record) if !input.current.proves_absence() => {
            let why = input.current.doubt().unwrap_or_default();
            plan.hold(
                office,
                Refusal::new(Reason::IncompleteList, format!("{kind} {record}: {why}")),
            );
        }
        Match::Gone(record) => plan.hold(office, Refusal::new(Reason::LinkTargetGone, format!("{kind} {record}"))),
        Match::Ambiguous(detail) => plan.hold(office, Refusal::new(Reason::DuplicateIdentifier, detail)),
        Match::Nobody if !attributes.is_active() => plan.leave_out(office, Reason::Inactive),
        // A row of ExakTime's that could not be read may be the very record.
        Match::Nobody => match unseen(input, office).or_else(|| input.current.doubt()) {
            Some(why) => plan.hold(office, Refusal::new(Reason::IncompleteList, why)),
            None => plan.changes.push(creation(kind, office, attributes)),
        },
    }
}

/// Why a record may not be made inactive although its entity is, if it may not: somebody else has its number by now, or may have it
/// unseen: who was hired again as another one is there still (hazards A11, C17).
fn stays_active(
    input: &Input<'_>,
    matches: &Matches<'_>,
    attributes: &Attributes,
    record: &Record,
    link: &Link,
) -> Option<Refusal> {
    if attributes.is_active() || !record.attributes.is_active() {
        return None;
    }
    if let Some(heirs) = matches.heirs(record, link) {
        return Some(Refusal::new(Reason::DuplicateIdentifier, heirs));
    }
    let unread = || "a row of the list could not be read".to_owned();
    let is_seen = (input.proves_absence)(link.office);
    let why = || (input.incomplete)(link.office).unwrap_or_else(unread);
    (!is_seen).then(|| {
        let detail = format!("in Procore: {}, and whoever has its number by now may be there", why());
        Refusal::new(Reason::IncompleteList, detail)
    })
}

/// Why a number may be carried by somebody who was not seen, on either side: then nothing is created or linked by it, and
/// nobody is given it (hazards A6, C4).
fn unseen(input: &Input<'_>, office: OfficeRef) -> Option<String> {
    let in_exaktime = || Some(format!("in ExakTime: {}", input.current.incomplete.as_ref()?));
    let in_procore = || Some(format!("in Procore: {}", (input.incomplete)(office)?));
    in_exaktime().or_else(in_procore)
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

/// Compares an entity with the record that it was matched with.
fn compare(
    input: &Input<'_>,
    office: OfficeRef,
    attributes: &Attributes,
    record: &Record,
    link: Option<&Link>,
    plan: &mut KindPlan,
) {
    // A link that a person made has no agreed values yet.
    let base = link.map(|link| &link.base).filter(|base| !base.is_empty());
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
    let as_linked = link.map(|_| number_and_state(&record.attributes));
    let met = base.or(as_linked.as_ref());
    let merged = merge(attributes, &record.attributes, met, &input.settings.owners);
    let mut changes = merged.changes.iter();
    if changes.any(|change| change.attribute == Attribute::Identifier)
        && let Some(why) = unseen(input, office)
    {
        return plan.hold(office, Refusal::new(Reason::IncompleteList, why));
    }
    let identifier = attributes.get(Attribute::Identifier).unwrap_or_default();
    if base.is_none() {
        plan.adopted.push(Adopted {
            kind: input.kind,
            identifier: identifier.to_owned(),
            office,
            record: record.id.clone(),
        });
    }
    enter(input, (office, identifier), &record.id, base, merged, plan);
}

/// Adds to the plan what comes of comparing an entity, given with its number, with a record.
fn enter(
    input: &Input<'_>,
    (office, identifier): (OfficeRef, &str),
    record: &RecordId,
    base: Option<&Attributes>,
    merged: Merge,
    plan: &mut KindPlan,
) {
    plan.kept += merged.kept.len();
    if !merged.conflicts.is_empty() {
        let detail = merged.conflicts.join("; ");
        plan.hold(office, Refusal::new(Reason::AttributeConflict, detail));
    }
    let link = Link {
        office,
        kind: input.kind,
        record: record.clone(),
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
    plan.plan_or_propose(change, input.settings, is_new);
}

/// What follows Procore when a person links a record by hand: its number, by which it was perhaps not found, and whether it
/// is active, as of somebody who was hired again.
fn number_and_state(record: &Attributes) -> Attributes {
    Attributes::default()
        .with(Attribute::Identifier, record.get(Attribute::Identifier))
        .with(Attribute::Active, value_of(record, Attribute::Active))
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
