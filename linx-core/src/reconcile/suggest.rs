//! Likely pairs for a person to confirm (hazards C3, C4, C7, C8). A suggestion never links anything by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Desired, normal};
use crate::ledger::Link;
use crate::mapping::Ruling;
use crate::model::{FieldId, FieldName, FieldRecord, Fields, Kind, OfficeRef};

/// What speaks for a pair. Says what agrees, never the values (hazard A14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Numbers or codes that differ only in leading zeros, case, blanks and separators.
    NearIdentifier,
    /// The same words in the name, in any order and case.
    SameName,
    /// The same last name and first initial, or the same words but for numbers.
    LikelyName,
    /// The same e-mail address.
    SameEmail,
}

impl Evidence {
    /// For a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::NearIdentifier => "identifiers alike but for zeros, case or separators",
            Self::SameName => "same name",
            Self::LikelyName => "likely name",
            Self::SameEmail => "same e-mail address",
        }
    }

    /// How much it counts, in percent; the sum of a pair stays under 100, since only a person is sure.
    fn weight(self) -> u8 {
        match self {
            Self::NearIdentifier => 50,
            Self::SameName => 30,
            Self::LikelyName => 15,
            Self::SameEmail => 19,
        }
    }
}

/// A likely pair.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Suggestion {
    /// What it is in ExakTime.
    pub kind: Kind,
    /// Procore's entity.
    pub office: OfficeRef,
    /// ExakTime's record.
    pub field: FieldId,
    /// From 1 to 99.
    pub score: u8,
    /// What speaks for it.
    pub evidence: BTreeSet<Evidence>,
}

impl Suggestion {
    /// Whether it is all too likely the same: the numbers differ in zeros and signs only, and the name or the e-mail
    /// address does not differ at all.
    pub fn is_strong(&self) -> bool {
        let has = |evidence| self.evidence.contains(&evidence);
        has(Evidence::NearIdentifier) && (has(Evidence::SameName) || has(Evidence::SameEmail))
    }
}

/// By ids and evidence; no values (hazard A14).
impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let evidence: Vec<&str> = self.evidence.iter().map(|evidence| evidence.words()).collect();
        write!(
            f,
            "{} {}: {} ({}%)",
            self.kind,
            self.field,
            evidence.join(", "),
            self.score
        )
    }
}

/// Likely pairs among what is neither linked nor found by its exact identifier, best first for each entity.
///
/// Takes time in proportion to the entities and to the pairs that share something.
pub fn suggest<'a>(
    desired: impl IntoIterator<Item = &'a Desired>,
    current: &[FieldRecord],
    links: &[&Link],
) -> Vec<Suggestion> {
    let free = free_records(current, links);
    let mut by_trait: BTreeMap<(Evidence, String), Vec<&FieldRecord>> = BTreeMap::new();
    for &record in &free {
        for found in traits(record.kind, &record.fields) {
            by_trait.entry(found).or_default().push(record);
        }
    }
    let exact: BTreeSet<String> = free.iter().filter_map(|record| identifier(&record.fields)).collect();
    let linked: BTreeSet<OfficeRef> = links.iter().map(|link| link.office).collect();
    let mut suggestions = Vec::new();
    for one in desired.into_iter().filter(|one| !linked.contains(&one.office)) {
        let Ruling::Becomes(fields) = &one.ruling else { continue };
        if identifier(fields).is_some_and(|identifier| exact.contains(&identifier)) {
            continue;
        }
        suggestions.extend(pairs(one.office, fields, &by_trait));
    }
    suggestions.sort_by(|a, b| (a.office, b.score, &a.field).cmp(&(b.office, a.score, &b.field)));
    suggestions
}

fn free_records<'a>(current: &'a [FieldRecord], links: &[&Link]) -> Vec<&'a FieldRecord> {
    let taken: BTreeSet<&FieldId> = links.iter().map(|link| &link.field).collect();
    let free = |record: &&FieldRecord| !record.protected && !taken.contains(&record.id);
    current.iter().filter(free).collect()
}

fn pairs(
    office: OfficeRef,
    fields: &Fields,
    by_trait: &BTreeMap<(Evidence, String), Vec<&FieldRecord>>,
) -> Vec<Suggestion> {
    let mut found: BTreeMap<&FieldId, BTreeSet<Evidence>> = BTreeMap::new();
    for trait_of in traits(office.kind(), fields) {
        for record in by_trait.get(&trait_of).into_iter().flatten() {
            found.entry(&record.id).or_default().insert(trait_of.0);
        }
    }
    found
        .into_iter()
        .map(|(field, evidence)| Suggestion {
            kind: office.kind(),
            office,
            field: field.clone(),
            score: evidence.iter().map(|evidence| evidence.weight()).sum::<u8>().min(99),
            evidence,
        })
        .collect()
}

fn identifier(fields: &Fields) -> Option<String> {
    let identifier = fields.get(FieldName::Identifier)?;
    Some(normal(identifier).into_owned())
}

/// What can agree with another record, each as a key that is equal when it does.
fn traits(kind: Kind, fields: &Fields) -> Vec<(Evidence, String)> {
    let name = fields.title().to_lowercase();
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
        fields.get(FieldName::Identifier).map(loose).unwrap_or_default(),
    );
    add(Evidence::SameName, words.join(" "));
    add(Evidence::LikelyName, likely(kind, fields, &words));
    add(
        Evidence::SameEmail,
        fields.get(FieldName::Email).unwrap_or_default().to_lowercase(),
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

fn likely(kind: Kind, fields: &Fields, words: &[&str]) -> String {
    if kind != Kind::Employee {
        let words: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| !word.chars().any(|c| c.is_ascii_digit()))
            .collect();
        return words.join(" ");
    }
    let text = |field| fields.get(field).unwrap_or_default().to_lowercase();
    match text(FieldName::FirstName).chars().next() {
        Some(initial) => format!("{} {initial}", text(FieldName::LastName)),
        None => String::new(),
    }
}

/// The suggestions of at least `score` that stand alone: neither side is in another one as good. Nothing is chosen
/// between two (hazard C4).
pub fn accepted(suggestions: &[Suggestion], score: u8) -> Vec<(OfficeRef, FieldId)> {
    let good: Vec<&Suggestion> = suggestions.iter().filter(|one| one.score >= score).collect();
    let mut of_office: BTreeMap<OfficeRef, usize> = BTreeMap::new();
    let mut of_field: BTreeMap<(Kind, &FieldId), usize> = BTreeMap::new();
    for one in &good {
        *of_office.entry(one.office).or_default() += 1;
        *of_field.entry((one.kind, &one.field)).or_default() += 1;
    }
    good.iter()
        .filter(|one| of_office[&one.office] == 1 && of_field[&(one.kind, &one.field)] == 1)
        .map(|one| (one.office, one.field.clone()))
        .collect()
}
