//! Which record is which: link → identifier → nothing. A name alone never links (hazard C4).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::input::Input;
use crate::ledger::Link;
use crate::mapping::Ruling;
use crate::model::{Attribute, Attributes, Kind, OfficeRef, Record, RecordId};

/// What an office entity was matched with.
pub(super) enum Match<'a> {
    /// With this record, by a link.
    Linked(&'a Link, &'a Record),
    /// With this record, by its identifier.
    Identified(&'a Record),
    /// With a record that is no longer there.
    Gone(RecordId),
    /// With several, or several with one; the sentence names them by id.
    Ambiguous(String),
    /// With nothing.
    Nobody,
}

pub(super) struct Matches<'a> {
    links: HashMap<OfficeRef, &'a Link>,
    linked_to: HashMap<&'a RecordId, OfficeRef>,
    records: HashMap<&'a RecordId, &'a Record>,
    by_identifier: HashMap<Cow<'a, str>, Vec<&'a Record>>,
    /// The active records whose number was changed in ExakTime alone, by the number that both sides had agreed on.
    renumbered: HashMap<Cow<'a, str>, Vec<&'a Link>>,
    wanted: HashMap<Cow<'a, str>, Vec<OfficeRef>>,
    /// Those that are left alone, by their numbers.
    left_alone: HashMap<Cow<'a, str>, Vec<OfficeRef>>,
    places: HashMap<Cow<'a, str>, Vec<OfficeRef>>,
}

/// Identifiers are compared exactly, but for blanks at the ends and letter case (hazards C7, C8).
pub(crate) fn normal(identifier: &str) -> Cow<'_, str> {
    let identifier = identifier.trim();
    let is_lower = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if identifier.bytes().all(is_lower) {
        Cow::Borrowed(identifier)
    } else {
        Cow::Owned(identifier.to_lowercase())
    }
}

fn key(attributes: &Attributes) -> Option<Cow<'_, str>> {
    attributes.get(Attribute::Identifier).map(normal)
}

impl<'a> Matches<'a> {
    pub(super) fn new(input: &Input<'a>) -> Self {
        let mut by_identifier: HashMap<Cow<'_, str>, Vec<&Record>> = HashMap::with_capacity(input.current.rows.len());
        for record in &input.current.rows {
            if let Some(identifier) = key(&record.attributes) {
                by_identifier.entry(identifier).or_default().push(record);
            }
        }
        let mut wanted: HashMap<Cow<'_, str>, Vec<OfficeRef>> = HashMap::with_capacity(input.desired.len());
        for desired in input.desired {
            if let Ruling::Becomes(attributes) = &desired.ruling
                && let Some(identifier) = key(attributes)
            {
                wanted.entry(identifier).or_default().push(desired.office);
            }
        }
        let mut left_alone: HashMap<Cow<'_, str>, Vec<OfficeRef>> = HashMap::new();
        for (office, attributes) in input.left_alone {
            if let Some(identifier) = key(attributes) {
                left_alone.entry(identifier).or_default().push(*office);
            }
        }
        Self {
            places: places_by_name(input),
            renumbered: renumbered(input),
            links: input.links.iter().map(|&link| (link.office, link)).collect(),
            linked_to: input.links.iter().map(|link| (&link.record, link.office)).collect(),
            records: input.current.rows.iter().map(|record| (&record.id, record)).collect(),
            by_identifier,
            wanted,
            left_alone,
        }
    }

    /// The places that would have the same name as this one, by id; `None` when it is alone.
    pub(super) fn namesakes(&self, office: OfficeRef, attributes: &Attributes) -> Option<String> {
        let places = self.places.get(&normal(attributes.get(Attribute::Name)?))?;
        (places.len() > 1 && places.contains(&office)).then(|| format!("in Procore: {}", join(places.iter())))
    }

    /// Who carries the number of a record whose own entity is gone or inactive: it was merged or made anew in Procore (hazard C5). The
    /// number is that of the record, or the one that both sides had agreed on. Who is left alone counts: he is there.
    pub(super) fn heirs(&self, record: &Record, link: &Link) -> Option<String> {
        let numbers = [key(&record.attributes), key(&link.base)];
        let heirs = numbers
            .iter()
            .flatten()
            .flat_map(|number| [self.wanted.get(number), self.left_alone.get(number)])
            .flatten()
            .flatten();
        let heirs: BTreeSet<OfficeRef> = heirs.copied().filter(|heir| *heir != link.office).collect();
        (!heirs.is_empty()).then(|| format!("in Procore: {} has its number now", join(heirs.iter())))
    }

    pub(super) fn record(&self, id: &RecordId) -> Option<&'a Record> {
        self.records.get(id).copied()
    }

    fn linked(&self, link: &'a Link) -> Match<'a> {
        match self.record(&link.record) {
            Some(record) => Match::Linked(link, record),
            None => Match::Gone(link.record.clone()),
        }
    }

    /// The found of `office`, which should have these values.
    pub(super) fn find(&self, office: OfficeRef, attributes: &Attributes) -> Match<'a> {
        let identifier = key(attributes).unwrap_or_default();
        if identifier.is_empty() {
            return match self.links.get(&office) {
                Some(link) => self.linked(link),
                None => Match::Nobody,
            };
        }
        if let Some(rivals) = self.wanted.get(&identifier).filter(|offices| offices.len() > 1) {
            return Match::Ambiguous(format!("in Procore: {}", join(rivals.iter())));
        }
        let carriers = self
            .by_identifier
            .get(&identifier)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if carriers.len() > 1 {
            return Match::Ambiguous(format!(
                "in ExakTime: {}",
                join(carriers.iter().map(|record| &record.id))
            ));
        }
        if let Some(&link) = self.links.get(&office) {
            return match (self.linked(link), carriers) {
                (Match::Linked(_, record), [other]) if other.id != record.id => {
                    Match::Ambiguous(format!("in ExakTime: {}, and it is linked to {}", other.id, record.id))
                }
                (found, _) => found,
            };
        }
        match carriers {
            [record] if record.protected => Match::Ambiguous(format!(
                "in ExakTime: {}, which the service keeps for itself",
                record.id
            )),
            [record] => match self.linked_to.get(&record.id) {
                Some(other) => Match::Ambiguous(format!("in ExakTime: {}, which is linked to {other}", record.id)),
                None => Match::Identified(record),
            },
            _ => match self.renumbered.get(&identifier) {
                Some(links) => Match::Ambiguous(format!(
                    "in ExakTime: {} had this number, and is linked to {}",
                    join(links.iter().map(|link| &link.record)),
                    join(links.iter().map(|link| link.office))
                )),
                None => Match::Nobody,
            },
        }
    }
}

/// The active employees whose number was changed in ExakTime alone: whoever has their old number in Procore may be they
/// (hazard C5). Of one who is inactive it is free.
fn renumbered<'a>(input: &Input<'a>) -> HashMap<Cow<'a, str>, Vec<&'a Link>> {
    let mut renumbered: HashMap<Cow<'_, str>, Vec<&Link>> = HashMap::new();
    if input.kind != Kind::Employee {
        return renumbered;
    }
    let active = input.current.rows.iter().filter(|record| record.attributes.is_active());
    let numbers: HashMap<&RecordId, Option<Cow<'_, str>>> =
        active.map(|record| (&record.id, key(&record.attributes))).collect();
    for link in input.links.iter().copied() {
        if let Some(agreed) = key(&link.base)
            && numbers
                .get(&link.record)
                .is_some_and(|number| number.as_ref() != Some(&agreed))
        {
            renumbered.entry(agreed).or_default().push(link);
        }
    }
    renumbered
}

/// The open places by the names that they are to have. People and codes may share a name; they are told apart by number.
fn places_by_name<'a>(input: &Input<'a>) -> HashMap<Cow<'a, str>, Vec<OfficeRef>> {
    let mut places: HashMap<Cow<'_, str>, Vec<OfficeRef>> = HashMap::new();
    if input.kind != Kind::Location {
        return places;
    }
    for desired in input.desired {
        if let Ruling::Becomes(attributes) = &desired.ruling
            && attributes.is_active()
            && let Some(name) = attributes.get(Attribute::Name)
        {
            places.entry(normal(name)).or_default().push(desired.office);
        }
    }
    places
}

fn join<T: ToString>(items: impl Iterator<Item = T>) -> String {
    let mut texts: Vec<String> = items.map(|item| item.to_string()).collect();
    texts.sort();
    texts.join(", ")
}
