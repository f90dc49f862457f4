//! Whether a linked record is somebody else by now (hazard C2).

use super::matching::normal;
use crate::model::{Attribute, Attributes, Kind};

/// Whether a linked employee may be somebody else by now, on either side (hazard C2).
pub(crate) fn may_be_another(kind: Kind, ours: &Attributes, theirs: &Attributes, base: &Attributes) -> bool {
    kind == Kind::Employee && (ours.is_active() && is_replaced(ours, theirs, base) || is_replaced(theirs, ours, base))
}

/// Whether name and number of one side both changed since they were agreed, and the other side did not follow.
pub(crate) fn is_replaced(one: &Attributes, other: &Attributes, base: &Attributes) -> bool {
    let differs =
        |one: &str, other: Option<&str>| Some(one) != other && other.is_none_or(|other| normal(one) != normal(other));
    let changed = |attribute| {
        let value = one.get(attribute);
        value.is_some_and(|value| differs(value, base.get(attribute)) && differs(value, other.get(attribute)))
    };
    // A number that is blank by now is another one as well.
    let is_blanked = one.get(Attribute::Identifier).is_none() && other.get(Attribute::Identifier).is_some();
    base.get(Attribute::Identifier).is_some()
        && (is_blanked || changed(Attribute::Identifier))
        && (changed(Attribute::FirstName) || changed(Attribute::LastName))
}
