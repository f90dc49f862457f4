//! Linked records whose entity is in no list of Procore's any more.

use std::collections::HashSet;

use super::identity::is_replaced;
use super::input::Input;
use super::kind_plan::KindPlan;
use super::matching::Matches;
use crate::change::{AttributeChange, RecordAction, RecordChange};
use crate::hold::{Reason, Refusal};
use crate::ledger::Link;
use crate::model::{Attribute, Attributes, Kind, OfficeRef, RecordId};

/// Deactivates the records of what is gone from Procore, and holds or leaves those of which that is not sure.
pub(super) fn judge_absent(input: &Input<'_>, matches: &Matches<'_>, plan: &mut KindPlan) {
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
        // A person who made it active again after us has decided.
        if !link.base.is_active() {
            plan.unchanged += 1;
            continue;
        }
        // Both sides agree that it is not there any more: whoever is hired again later is made active.
        if !record.attributes.is_active() {
            plan.unchanged += 1;
            if !link.base.is_empty() {
                plan.agreed.push(Link {
                    base: link.base.clone().with_active(false),
                    ..link.clone()
                });
            }
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
        if let Some(heirs) = matches.heirs(record, link) {
            plan.hold(link.office, Refusal::new(Reason::DuplicateIdentifier, heirs));
            continue;
        }
        let change = deactivation(input.kind, link, &record.id, &record.attributes);
        plan.plan_or_propose(change, input.settings, false);
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
