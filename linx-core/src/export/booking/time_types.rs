//! Which of Procore's time types a class of hours is, by the settings; and a proposal where they do not fit.

use crate::model::called::{but_for_ascii_case, is_called};
use crate::model::{HourClass, TimeType, TimeTypeId};

/// Returns the time type with this label or id; of several, the first.
pub(in crate::export) fn find(wanted: &str, known: &[TimeType]) -> Option<TimeTypeId> {
    let is_wanted = |kind: &&TimeType| {
        let (label, id) = (kind.label.as_str(), kind.id.to_string());
        is_called(wanted, [Some(label)], Some(&id), but_for_ascii_case)
    };
    known.iter().find(is_wanted).map(|kind| kind.id)
}

/// Why a class has no time type, with the setting that would give it one.
pub(in crate::export) fn missing(class: HourClass, wanted: &str, known: &[TimeType]) -> String {
    let labels: Vec<&str> = known.iter().map(|kind| kind.label.as_str()).collect();
    let said = format!(
        "{} is set to `{wanted}`, and Procore has {}",
        class.as_str(),
        labels.join(", ")
    );
    match propose(class, known) {
        Some(proposal) => format!("{said}; likely meant: {} = \"{}\"", key(class), proposal.label),
        None => said,
    }
}

/// The time type that the words of its label speak for, if there is only one: companies rename them, and a guess is
/// never used by itself.
fn propose(class: HourClass, known: &[TimeType]) -> Option<&TimeType> {
    let words: &[&str] = match class {
        HourClass::Regular => &["regular", "straight", "reg", "st"],
        HourClass::Overtime => &["overtime", "ot", "1.5x"],
        HourClass::DoubleTime => &["double", "doubletime", "dt", "2x"],
    };
    let speaks = |kind: &&TimeType| {
        let label = kind.label.to_lowercase();
        let mut said = label.split(|c: char| !c.is_alphanumeric() && c != '.');
        // Double overtime is double time.
        let double = class == HourClass::Overtime && label.contains("double");
        !double && said.any(|word| words.contains(&word))
    };
    let mut likely = known.iter().filter(speaks);
    likely.next().filter(|_| likely.next().is_none())
}

fn key(class: HourClass) -> &'static str {
    match class {
        HourClass::Regular => "regular",
        HourClass::Overtime => "overtime",
        HourClass::DoubleTime => "double_time",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(labels: &[&str]) -> Vec<TimeType> {
        (1..)
            .zip(labels)
            .map(|(id, label)| TimeType {
                id: TimeTypeId(id),
                label: (*label).to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_time_type_is_found_by_label_or_id_and_never_by_likeness() {
        let known = types(&["Regular Time", "OT 1.5x"]);
        assert_eq!(find(" regular time", &known), Some(TimeTypeId(1)));
        assert_eq!(find("2", &known), Some(TimeTypeId(2)));
        assert_eq!(find("Overtime", &known), None);
    }

    #[test]
    fn what_does_not_fit_is_told_with_the_likely_setting() {
        let known = types(&["Straight time", "OT 1.5x", "Double Overtime", "PTO"]);
        let said = missing(HourClass::Overtime, "Overtime", &known);
        assert!(said.ends_with("likely meant: overtime = \"OT 1.5x\""), "{said}");
        let said = missing(HourClass::DoubleTime, "Double Time", &known);
        assert!(said.ends_with("double_time = \"Double Overtime\""), "{said}");
        let several = types(&["Regular day", "Regular night"]);
        assert!(!missing(HourClass::Regular, "Regular Time", &several).contains("likely"));
    }
}
