//! Likely pairs for a person to confirm (hazards C3, C4, C7, C8). A suggestion never links anything by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::normal;
use crate::ledger::Link;
use crate::mapping::{Desired, Ruling};
use crate::model::{Attribute, Attributes, Kind, OfficeRef, Record, RecordId};
use crate::plan::{Evidence, Suggestion};

/// Records by what can agree with another.
type Traits<'a> = BTreeMap<(Evidence, String), Vec<&'a Record>>;

/// Likely pairs among what is neither linked nor found by its exact identifier, best first for each entity. The record of a
/// worker who left counts as well, though it is linked: it may be the same person, hired again (hazard C3).
///
/// `has_left` tells of the entity of a link whether it is gone from Procore, or inactive there.
/// Takes time in proportion to the entities and to the pairs that share something.
pub(crate) fn suggest<'a>(
    desired: impl IntoIterator<Item = &'a Desired>,
    current: &[Record],
    links: &[&Link],
    has_left: impl Fn(OfficeRef) -> bool,
) -> Vec<Suggestion> {
    let linked: BTreeSet<&RecordId> = links.iter().map(|link| &link.record).collect();
    let exact: BTreeSet<String> = current
        .iter()
        .filter(|record| !record.protected && !linked.contains(&record.id))
        .filter_map(|record| identifier(&record.attributes))
        .collect();
    let is_found = |attributes: &Attributes| identifier(attributes).is_some_and(|number| exact.contains(&number));
    alike(desired, current, links, has_left, is_found)
}

/// Likely pairs among what is not linked, whatever becomes of it, as [`suggest`] finds them; `is_found` tells whose record is found
/// without looking for one that is alike.
pub(super) fn alike<'a>(
    desired: impl IntoIterator<Item = &'a Desired>,
    current: &[Record],
    links: &[&Link],
    has_left: impl Fn(OfficeRef) -> bool,
    is_found: impl Fn(&Attributes) -> bool,
) -> Vec<Suggestion> {
    let holders: BTreeMap<&RecordId, OfficeRef> = links.iter().map(|link| (&link.record, link.office)).collect();
    let is_leavers = |office: &OfficeRef| office.kind() == Kind::Employee && has_left(*office);
    let mut by_trait: Traits<'_> = BTreeMap::new();
    let is_open = |record: &&Record| !record.protected && holders.get(&record.id).is_none_or(is_leavers);
    for record in current.iter().filter(is_open) {
        for found in traits(record.kind, &record.attributes) {
            by_trait.entry(found).or_default().push(record);
        }
    }
    let linked: BTreeSet<OfficeRef> = links.iter().map(|link| link.office).collect();
    let mut suggestions = Vec::new();
    for one in desired.into_iter().filter(|one| !linked.contains(&one.office)) {
        let Ruling::Becomes(attributes) = &one.ruling else {
            continue;
        };
        if is_found(attributes) {
            continue;
        }
        suggestions.extend(pairs(one.office, attributes, &by_trait, &holders));
    }
    suggestions.sort_by(|a, b| (a.office, b.score, &a.record).cmp(&(b.office, a.score, &b.record)));
    suggestions
}

fn pairs(
    office: OfficeRef,
    attributes: &Attributes,
    by_trait: &Traits<'_>,
    holders: &BTreeMap<&RecordId, OfficeRef>,
) -> Vec<Suggestion> {
    let mut found: BTreeMap<&RecordId, BTreeSet<Evidence>> = BTreeMap::new();
    for trait_of in traits(office.kind(), attributes) {
        for record in by_trait.get(&trait_of).into_iter().flatten() {
            found.entry(&record.id).or_default().insert(trait_of.0);
        }
    }
    found
        .into_iter()
        .map(|(record, evidence)| Suggestion {
            kind: office.kind(),
            office,
            record: record.clone(),
            linked: holders.get(record).copied(),
            score: evidence.iter().map(|evidence| evidence.weight()).sum::<u8>().min(99),
            evidence,
        })
        .collect()
}

fn identifier(attributes: &Attributes) -> Option<String> {
    let identifier = attributes.get(Attribute::Identifier)?;
    Some(normal(identifier).into_owned())
}

/// What can agree with another record, each as a key that is equal when it does.
fn traits(kind: Kind, attributes: &Attributes) -> Vec<(Evidence, String)> {
    let name = attributes.title().to_lowercase();
    let mut words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    let mut traits = Vec::new();
    let mut add = |evidence, key: String| {
        if !key.is_empty() {
            traits.push((evidence, key));
        }
    };
    add(
        Evidence::NearIdentifier,
        attributes.get(Attribute::Identifier).map(loose).unwrap_or_default(),
    );
    add(Evidence::SameName, words.join(" "));
    add(Evidence::LikelyName, likely(kind, attributes, &words));
    add(
        Evidence::SameEmail,
        attributes.get(Attribute::Email).unwrap_or_default().to_lowercase(),
    );
    traits
}

/// An identifier without separators, and each of its parts without leading zeros: `03-30.10` and `3 30 10` are alike.
fn loose(identifier: &str) -> String {
    let identifier = identifier.to_lowercase();
    let parts = identifier
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts
        .map(|part| match part.trim_start_matches('0') {
            "" => "0",
            rest => rest,
        })
        .collect();
    parts.join(" ")
}

fn likely(kind: Kind, attributes: &Attributes, words: &[&str]) -> String {
    if kind != Kind::Employee {
        let words: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| !word.chars().any(|c| c.is_ascii_digit()))
            .collect();
        return words.join(" ");
    }
    let text = |attribute| attributes.get(attribute).unwrap_or_default().to_lowercase();
    match text(Attribute::FirstName).chars().next() {
        Some(initial) => format!("{} {initial}", text(Attribute::LastName)),
        None => String::new(),
    }
}

/// The suggestions of at least `score` that stand alone: neither side is in another one as good. Nothing is chosen
/// between two (hazard C4), and no record is taken from who is linked with it.
pub fn accepted(suggestions: &[Suggestion], score: u8) -> Vec<(OfficeRef, RecordId)> {
    let good: Vec<&Suggestion> = suggestions.iter().filter(|one| one.score >= score).collect();
    let mut of_office: BTreeMap<OfficeRef, usize> = BTreeMap::new();
    let mut of_field: BTreeMap<(Kind, &RecordId), usize> = BTreeMap::new();
    for one in &good {
        *of_office.entry(one.office).or_default() += 1;
        *of_field.entry((one.kind, &one.record)).or_default() += 1;
    }
    good.iter()
        .filter(|one| one.linked.is_none())
        .filter(|one| of_office[&one.office] == 1 && of_field[&(one.kind, &one.record)] == 1)
        .map(|one| (one.office, one.record.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ProjectId, WorkerId};

    fn named(kind: Kind, number: &str, name: &str) -> Attributes {
        let attributes = Attributes::default().with(Attribute::Identifier, number);
        match name.split_once(' ') {
            Some((first, last)) if kind == Kind::Employee => attributes
                .with(Attribute::FirstName, first)
                .with(Attribute::LastName, last),
            _ => attributes.with(Attribute::Name, name),
        }
    }

    /// What speaks for one that is to be made being this record.
    fn evidence(kind: Kind, ours: (&str, &str), theirs: (&str, &str)) -> Vec<Evidence> {
        let office = match kind {
            Kind::Employee => OfficeRef::Worker(WorkerId(1)),
            _ => OfficeRef::Project(ProjectId(1)),
        };
        let desired = Desired {
            office,
            ruling: Ruling::Becomes(named(kind, ours.0, ours.1)),
        };
        let record = Record {
            kind,
            id: RecordId("r-1".into()),
            attributes: named(kind, theirs.0, theirs.1),
            protected: false,
        };
        let found = suggest([&desired], &[record], &[], |_| false);
        found.into_iter().flat_map(|one| one.evidence).collect()
    }

    #[test]
    fn c7_who_is_called_alike_is_suggested_with_what_speaks_for_it() {
        let person = |ours, theirs| evidence(Kind::Employee, ("101", ours), ("777", theirs));
        assert_eq!(person("Ann Berg", "Sue Lind"), []);
        assert_eq!(person("Ann Berg", "Sue Berg"), []);
        assert_eq!(person("Ann Berg", "A. Berg"), [Evidence::LikelyName]);
        assert_eq!(
            person("Ann Berg", "ann berg"),
            [Evidence::SameName, Evidence::LikelyName]
        );
        let place = |ours, theirs| evidence(Kind::Location, ("24-001", ours), ("77", theirs));
        assert_eq!(place("24-001 - Tower", "Yard"), []);
        assert_eq!(place("24-001 - Tower", "Tower 7"), [Evidence::LikelyName]);
        let number = |ours, theirs| evidence(Kind::Employee, (ours, "Ann Berg"), (theirs, "Sue Lind"));
        assert_eq!(number("101", "00101"), [Evidence::NearIdentifier]);
        assert_eq!(number("101", "102"), []);
    }

    #[test]
    fn c7_who_is_found_by_the_number_itself_needs_no_suggestion() {
        let ann = named(Kind::Employee, "101", "Ann Berg");
        let desired = Desired {
            office: OfficeRef::Worker(WorkerId(1)),
            ruling: Ruling::Becomes(ann.clone()),
        };
        let record = |id: &str, number: &str, protected| Record {
            kind: Kind::Employee,
            id: RecordId(id.into()),
            attributes: ann.clone().with(Attribute::Identifier, number),
            protected,
        };
        let suggested = |records: &[Record]| suggest([&desired], records, &[], |_| false).len();
        assert_eq!(
            suggested(&[record("r-1", "101", false), record("r-2", "777", false)]),
            0
        );
        assert_eq!(suggested(&[record("r-2", "777", false)]), 1);
        // What the service keeps for itself is nobody's.
        assert_eq!(suggested(&[record("r-1", "101", true), record("r-2", "777", false)]), 1);
        assert_eq!(suggested(&[record("r-1", "101", true), record("r-2", "777", true)]), 0);
    }

    #[test]
    fn c4_of_two_that_are_as_good_none_is_accepted() {
        let worker = |id| OfficeRef::Worker(WorkerId(id));
        let suggestion = |id, record: &str, score| Suggestion {
            kind: Kind::Employee,
            office: worker(id),
            record: RecordId(record.into()),
            linked: None,
            score,
            evidence: BTreeSet::new(),
        };
        let suggestions = [
            suggestion(1, "alone", 90),
            // A worse one does not stand in the way.
            suggestion(1, "worse", 50),
            suggestion(2, "one", 90),
            suggestion(2, "other", 90),
            suggestion(3, "shared", 90),
            suggestion(4, "shared", 90),
            Suggestion {
                linked: Some(worker(9)),
                ..suggestion(5, "of another", 90)
            },
        ];
        assert_eq!(accepted(&suggestions, 80), [(worker(1), RecordId("alone".into()))]);
    }
}
