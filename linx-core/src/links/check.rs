//! Whether pairs can be linked, all of them. Pure.

use std::collections::BTreeMap;

use super::error::LinkError;
use crate::ledger::Link;
use crate::model::{Attributes, Kind, OfficeRef, Record, RecordId};

/// The links to be stored, without those that stand.
pub(super) fn checked(
    pairs: &[(OfficeRef, RecordId)],
    links: &[Link],
    records: &BTreeMap<(Kind, RecordId), Record>,
) -> Result<Vec<Link>, LinkError> {
    let mut taken: BTreeMap<(Kind, &RecordId), OfficeRef> = links
        .iter()
        .map(|link| ((link.kind, &link.record), link.office))
        .collect();
    // A link whose record is gone may be replaced.
    let standing = links
        .iter()
        .filter(|link| records.contains_key(&(link.kind, link.record.clone())));
    let mut linked: BTreeMap<OfficeRef, &RecordId> = standing.map(|link| (link.office, &link.record)).collect();
    let mut made = Vec::new();
    for (office, field) in pairs {
        let (office, kind) = (*office, office.kind());
        let field_of = || field.clone();
        match records.get(&(kind, field.clone())) {
            None => {
                return Err(LinkError::NoRecord {
                    office,
                    field: field_of(),
                });
            }
            Some(record) if record.protected => {
                return Err(LinkError::Protected {
                    office,
                    field: field_of(),
                });
            }
            Some(_) => {}
        }
        if let Some(other) = linked.insert(office, field).filter(|other| *other != field) {
            return Err(LinkError::Linked {
                office,
                field: field_of(),
                other: other.clone(),
            });
        }
        match taken.insert((kind, field), office) {
            Some(other) if other == office => {}
            Some(other) => {
                return Err(LinkError::Taken {
                    office,
                    field: field_of(),
                    other,
                });
            }
            None => made.push(Link {
                office,
                kind,
                record: field_of(),
                base: Attributes::default(),
            }),
        }
    }
    Ok(made)
}
