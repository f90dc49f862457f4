//! The three-way merge, field by field (hazard B7).

use std::collections::BTreeMap;

use crate::change::FieldChange;
use crate::model::{FieldName, Fields};
use crate::settings::Owner;

/// What comes of merging two records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merge {
    /// What has to change in ExakTime.
    pub changes: Vec<FieldChange>,
    /// What both sides agree on once that is done: the next base.
    pub base: Fields,
    /// Fields that both sides changed, with base and both values, held.
    pub conflicts: Vec<String>,
    /// Fields that only ExakTime changed: a person's, kept (hazard B7).
    pub kept: Vec<FieldName>,
    /// Why the changes are made.
    pub why: String,
}

/// Merges what Procore wants into what ExakTime has, given what both agreed on last.
///
/// A value that Procore does not have is not managed: a blank never erases (hazard C14). Without a base the two were
/// never linked; then Procore's value stands, unless ExakTime owns the field. Someone who is to be inactive keeps all
/// other values: a leaver's record is not renamed (hazard C2).
pub fn merge(ours: &Fields, theirs: &Fields, base: Option<&Fields>, owners: &BTreeMap<FieldName, Owner>) -> Merge {
    let mut merged = Merge {
        base: base.cloned().unwrap_or_default(),
        ..Merge::default()
    };
    let mut reasons: Vec<&'static str> = Vec::new();
    for (field, our) in ours.iter() {
        let their = value_of(theirs, field);
        if same(field, Some(our), their) {
            merged.base.set(field, our);
            continue;
        }
        if !ours.is_active() && field != FieldName::Active {
            continue;
        }
        let verdict = judge(field, our, their, base, owners.get(&field).copied());
        match verdict {
            Verdict::Take(why) => {
                merged.changes.push(FieldChange {
                    field,
                    from: their.map(Into::into),
                    to: Some(our.to_owned()),
                });
                merged.base.set(field, our);
                reasons.push(why);
            }
            Verdict::Keep => {
                merged.kept.push(field);
                if base.and_then(|base| base.get(field)).is_none() {
                    merged.base.set(field, our);
                }
            }
            Verdict::Conflict => merged.conflicts.push(format!(
                "{field}: was \"{}\", is \"{our}\" in Procore and \"{}\" in ExakTime",
                base.and_then(|base| base.get(field)).unwrap_or_default(),
                their.unwrap_or_default(),
            )),
        }
    }
    reasons.dedup();
    merged.why = reasons.join("; ");
    merged
}

/// The values that Procore has a say in: of someone who is to be inactive, that alone.
fn managed(ours: &Fields) -> impl Iterator<Item = (FieldName, &str)> {
    let active = ours.is_active();
    ours.iter()
        .filter(move |(field, _)| active || *field == FieldName::Active)
}

/// Whether both sides and the base say the same, so that there is nothing to merge and nothing to remember.
pub(super) fn is_settled(ours: &Fields, theirs: &Fields, base: &Fields) -> bool {
    managed(ours).all(|(field, our)| base.get(field) == Some(our) && same(field, Some(our), value_of(theirs, field)))
}

enum Verdict {
    /// ExakTime gets Procore's value.
    Take(&'static str),
    /// ExakTime's value stays.
    Keep,
    /// Nobody can tell.
    Conflict,
}

fn judge(field: FieldName, our: &str, their: Option<&str>, base: Option<&Fields>, owner: Option<Owner>) -> Verdict {
    let Some(base) = base else {
        return if owner == Some(Owner::ExakTime) {
            Verdict::Keep
        } else {
            Verdict::Take(if field == FieldName::Active && our == "false" {
                "inactive in Procore"
            } else {
                "the values differ"
            })
        };
    };
    let base = base.get(field);
    let we_changed = !same(field, Some(our), base);
    let they_changed = !same(field, their, base);
    match (we_changed, they_changed, owner) {
        // A value that was never managed before, such as an e-mail address that Procore now has.
        _ if base.is_none() && their.is_none() => Verdict::Take("new in Procore"),
        (true, false, _) if field == FieldName::Active && our == "false" => Verdict::Take("inactive in Procore"),
        (true, false, _) => Verdict::Take("changed in Procore"),
        (false, _, _) | (true, true, Some(Owner::ExakTime)) => Verdict::Keep,
        (true, true, Some(Owner::Procore)) => Verdict::Take("changed on both sides, and Procore owns it"),
        (true, true, None | Some(Owner::LatestAgreed)) => Verdict::Conflict,
    }
}

/// What ExakTime has; a record that says nothing of its state is active.
pub(crate) fn value_of(fields: &Fields, field: FieldName) -> Option<&str> {
    fields.get(field).or((field == FieldName::Active).then_some("true"))
}

/// Whether two values mean the same: coordinates by number, all others by text.
fn same(field: FieldName, one: Option<&str>, other: Option<&str>) -> bool {
    if one == other {
        return true;
    }
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    let number = |text: &str| text.parse::<rust_decimal::Decimal>().ok();
    matches!(field, FieldName::Latitude | FieldName::Longitude)
        && number(one).is_some_and(|one| number(other) == Some(one))
}
