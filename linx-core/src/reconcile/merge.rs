//! The three-way merge, attribute by attribute (hazard B7).

use std::collections::BTreeMap;

use crate::change::AttributeChange;
use crate::model::{Attribute, Attributes};
use crate::settings::Owner;

/// What comes of merging two records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Merge {
    /// What has to change in ExakTime.
    pub changes: Vec<AttributeChange>,
    /// What both sides agree on once that is done: the next base.
    pub base: Attributes,
    /// Attributes that both sides changed, or have otherwise at their first meeting, with all values that are known; held.
    pub conflicts: Vec<String>,
    /// Attributes that only ExakTime changed: a person's, kept (hazard B7).
    pub kept: Vec<Attribute>,
    /// Why the changes are made.
    pub why: String,
}

/// Merges what Procore wants into what ExakTime has, given what both agreed on last.
///
/// A value that Procore does not have is not managed: a blank never erases (hazard C14). Someone who is to be inactive keeps
/// all other values: a leaver's record is not renamed (hazard C2).
///
/// Without a base the two meet for the first time, or the ledger was lost, and nobody can tell which (hazard B7). What
/// ExakTime lacks is filled, and two values that differ are a conflict: the one in ExakTime may be somebody's correction. Two
/// are Procore's all the same: the number, by which the two were linked, and that somebody is inactive, for a record is
/// active unless somebody says otherwise.
pub(super) fn merge(
    ours: &Attributes,
    theirs: &Attributes,
    base: Option<&Attributes>,
    owners: &BTreeMap<Attribute, Owner>,
) -> Merge {
    let mut merged = Merge {
        base: base.cloned().unwrap_or_default(),
        ..Merge::default()
    };
    let mut reasons: Vec<&'static str> = Vec::new();
    for (attribute, our) in ours.iter() {
        let their = value_of(theirs, attribute);
        if same(attribute, Some(our), their) {
            merged.base.set(attribute, our);
            continue;
        }
        if !ours.is_active() && attribute != Attribute::Active {
            continue;
        }
        let verdict = judge(attribute, our, their, base, owners.get(&attribute).copied());
        match verdict {
            Resolution::Take(why) => {
                merged.changes.push(AttributeChange {
                    attribute,
                    from: their.map(Into::into),
                    to: Some(our.to_owned()),
                });
                merged.base.set(attribute, our);
                reasons.push(why);
            }
            Resolution::Keep => {
                merged.kept.push(attribute);
                if base.and_then(|base| base.get(attribute)).is_none() {
                    merged.base.set(attribute, our);
                }
            }
            Resolution::Conflict => {
                let was = match base.and_then(|base| base.get(attribute)) {
                    Some(was) => format!("was \"{was}\", "),
                    None => String::new(),
                };
                let their = their.unwrap_or_default();
                merged.conflicts.push(format!(
                    "{attribute}: {was}is \"{our}\" in Procore and \"{their}\" in ExakTime"
                ));
            }
        }
    }
    reasons.dedup();
    merged.why = reasons.join("; ");
    merged
}

/// The values that Procore has a say in: of someone who is to be inactive, that alone.
fn managed(ours: &Attributes) -> impl Iterator<Item = (Attribute, &str)> {
    let active = ours.is_active();
    ours.iter()
        .filter(move |(attribute, _)| active || *attribute == Attribute::Active)
}

/// Whether both sides and the base say the same, so that there is nothing to merge and nothing to remember.
pub(super) fn agrees(ours: &Attributes, theirs: &Attributes, base: &Attributes) -> bool {
    managed(ours).all(|(attribute, our)| {
        base.get(attribute) == Some(our) && same(attribute, Some(our), value_of(theirs, attribute))
    })
}

enum Resolution {
    /// ExakTime gets Procore's value.
    Take(&'static str),
    /// ExakTime's value stays.
    Keep,
    /// Nobody can tell.
    Conflict,
}

fn judge(
    attribute: Attribute,
    our: &str,
    their: Option<&str>,
    base: Option<&Attributes>,
    owner: Option<Owner>,
) -> Resolution {
    let Some(base) = base else {
        let is_inactive = attribute == Attribute::Active && our == "false";
        return match owner {
            Some(Owner::ExakTime) => Resolution::Keep,
            _ if is_inactive => Resolution::Take("inactive in Procore"),
            _ if their.is_none() => Resolution::Take("ExakTime has no value"),
            _ if attribute == Attribute::Identifier => Resolution::Take("the number differs"),
            Some(Owner::Procore) => Resolution::Take("the values differ, and Procore owns them"),
            None | Some(Owner::LatestAgreed) => Resolution::Conflict,
        };
    };
    let base = base.get(attribute);
    let we_changed = !same(attribute, Some(our), base);
    let they_changed = !same(attribute, their, base);
    match (we_changed, they_changed, owner) {
        // A value that was never managed before, such as an e-mail address that Procore now has.
        _ if base.is_none() && their.is_none() => Resolution::Take("new in Procore"),
        (true, false, _) if attribute == Attribute::Active && our == "false" => Resolution::Take("inactive in Procore"),
        (true, false, _) => Resolution::Take("changed in Procore"),
        (false, _, _) | (true, true, Some(Owner::ExakTime)) => Resolution::Keep,
        (true, true, Some(Owner::Procore)) => Resolution::Take("changed on both sides, and Procore owns it"),
        (true, true, None | Some(Owner::LatestAgreed)) => Resolution::Conflict,
    }
}

/// What ExakTime has; a record that says nothing of its state is active.
pub(crate) fn value_of(attributes: &Attributes, attribute: Attribute) -> Option<&str> {
    attributes
        .get(attribute)
        .or((attribute == Attribute::Active).then_some("true"))
}

/// Whether two values mean the same: coordinates by number, all others by text.
fn same(attribute: Attribute, one: Option<&str>, other: Option<&str>) -> bool {
    if one == other {
        return true;
    }
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    let number = |text: &str| text.parse::<rust_decimal::Decimal>().ok();
    matches!(attribute, Attribute::Latitude | Attribute::Longitude)
        && number(one).is_some_and(|one| number(other) == Some(one))
}
