//! What pairs name: the entity and the record that carry a number or code. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::error::LinkError;
use crate::mapping::{Desired, Ruling};
use crate::model::{Attribute, Kind, OfficeRef, Record, RecordId};
use crate::reconcile::normal;

/// A pair as a company has it written down: by the numbers and codes that people know, or by ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPair {
    /// What it is.
    pub kind: Kind,
    /// The number or code in Procore, as the rules name it, or a reference such as `worker:12`.
    pub office: String,
    /// The identifier in ExakTime, or ExakTime's id.
    pub field: String,
}

/// Who carries which number or code, of one kind.
pub(super) struct Names {
    office: BTreeMap<String, Vec<OfficeRef>>,
    field: BTreeMap<String, Vec<RecordId>>,
    ids: BTreeSet<RecordId>,
}

impl Names {
    pub(super) fn new(desired: &[Desired], current: &[Record]) -> Self {
        let mut names = Self {
            office: BTreeMap::new(),
            field: BTreeMap::new(),
            ids: current.iter().map(|record| record.id.clone()).collect(),
        };
        for one in desired {
            if let Ruling::Becomes(attributes) = &one.ruling
                && let Some(identifier) = attributes.get(Attribute::Identifier)
            {
                names
                    .office
                    .entry(normal(identifier).into_owned())
                    .or_default()
                    .push(one.office);
            }
        }
        for record in current {
            if let Some(identifier) = record.attributes.get(Attribute::Identifier) {
                names
                    .field
                    .entry(normal(identifier).into_owned())
                    .or_default()
                    .push(record.id.clone());
            }
        }
        names
    }

    pub(super) fn office(&self, pair: &NamedPair) -> Result<OfficeRef, LinkError> {
        if let Ok(reference) = pair.office.parse::<OfficeRef>() {
            return Ok(reference);
        }
        only("Procore", pair.kind, &pair.office, &self.office)
    }

    pub(super) fn field(&self, pair: &NamedPair) -> Result<RecordId, LinkError> {
        let id = RecordId(pair.field.as_str().into());
        if self.ids.contains(&id) {
            return Ok(id);
        }
        only("ExakTime", pair.kind, &pair.field, &self.field)
    }
}

/// The one that carries a number or code.
fn only<T: Clone>(
    side: &'static str,
    kind: Kind,
    given: &str,
    carriers: &BTreeMap<String, Vec<T>>,
) -> Result<T, LinkError> {
    let carriers = carriers
        .get(normal(given).as_ref())
        .map(Vec::as_slice)
        .unwrap_or_default();
    match carriers {
        [one] => Ok(one.clone()),
        _ => Err(LinkError::NotOne {
            side,
            kind,
            given: given.to_owned(),
            found: carriers.len(),
        }),
    }
}
