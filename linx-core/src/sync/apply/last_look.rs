//! A record as it is directly before it is changed: what somebody changed since the plan read it stays (hazard B16).

use std::collections::{BTreeMap, BTreeSet};

use crate::change::RecordChange;
use crate::hold::{Reason, Refusal};
use crate::linx::{Linx, is_away};
use crate::model::{Attribute, Kind, Record, RecordId};
use crate::ports::PortError;
use crate::reconcile::value_of;
use crate::sync::Facts;
use crate::sync::unsettled::shows;

/// Who a record is, and whether it is at work: compared also where the change leaves it as it is.
const IDENTITY: [Attribute; 5] = [
    Attribute::Identifier,
    Attribute::FirstName,
    Attribute::LastName,
    Attribute::Name,
    Attribute::Active,
];

/// The records that a plan changes, as it saw them.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<(Kind, RecordId), Record>);

impl Seen {
    pub(super) fn new(facts: Facts, changes: &[RecordChange]) -> Self {
        let of = |change: &RecordChange| Some((change.kind, change.record.clone()?));
        let ids: BTreeSet<(Kind, RecordId)> = changes.iter().filter_map(of).collect();
        let rows = facts.current.into_iter().flat_map(|(_, list)| list.rows);
        let seen = rows.map(|record| ((record.kind, record.id.clone()), record));
        Self(seen.filter(|(id, _)| ids.contains(id)).collect())
    }

    /// Compares the record of a change with what the plan saw. Errors with how it differs: by names of values, which go
    /// where ids go (hazard A14).
    pub(super) fn compare(&self, change: &RecordChange, id: &RecordId, now: Option<&Record>) -> Result<(), Refusal> {
        let stale = |detail: String| Err(Refusal::new(Reason::StalePlan, detail));
        let kind = change.kind;
        let (Some(now), Some(seen)) = (now, self.0.get(&(kind, id.clone()))) else {
            return stale(format!("{kind} {id} is not there any more"));
        };
        let compared = change.attributes.iter().map(|one| one.attribute).chain(IDENTITY);
        let mut differing: Vec<&str> = compared
            .filter(|attribute| value_of(&seen.attributes, *attribute) != value_of(&now.attributes, *attribute))
            .map(Attribute::as_str)
            .collect();
        if differing.is_empty() {
            return Ok(());
        }
        differing.sort_unstable();
        differing.dedup();
        stale(format!("{kind} {id}: {} changed since the plan", differing.join(", ")))
    }
}

impl Linx {
    /// Looks for the record that has all that a change is to set: by its id, or in the list where it was to be made.
    pub(super) async fn has_arrived(&self, change: &RecordChange) -> Arrival {
        if let Some(id) = &change.record {
            return match self.field.record(change.kind, id).await {
                Ok(Some(record)) if shows(change, &record) => Arrival::Shown(id.clone()),
                Ok(Some(_)) => Arrival::Missed,
                Ok(None) | Err(_) => Arrival::NotKnown,
            };
        }
        let Ok(list) = self.field.records(change.kind).await else {
            return Arrival::NotKnown;
        };
        let is_whole = list.proves_absence();
        let found: Vec<Record> = list.rows.into_iter().filter(|record| shows(change, record)).collect();
        match found.as_slice() {
            [record] => Arrival::Shown(record.id.clone()),
            [] if is_whole => Arrival::Missed,
            _ => Arrival::NotKnown,
        }
    }
}

/// What a look tells of a change that got no answer.
pub(super) enum Arrival {
    /// It has arrived, in this record.
    Shown(RecordId),
    /// It is not there, which is no proof that it will not come.
    Missed,
    /// The look tells nothing.
    NotKnown,
}

/// Why a record could not be read before it was to be changed.
pub(super) fn unread(error: &PortError) -> Refusal {
    let reason = if is_away(error) {
        Reason::NotSent
    } else {
        Reason::IncompleteList
    };
    Refusal::new(reason, format!("it could not be read again: {}", error.words()))
}
