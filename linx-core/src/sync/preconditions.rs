//! ExakTime as it is when a plan is applied: what moved since the plan was made is not written (hazard B6).

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{RecordAction, RecordChange};
use crate::linx::{Linx, LinxError};
use crate::model::{Attribute, Attributes, Kind, Record, RecordId};
use crate::plan::SyncPlan;
use crate::reconcile::{normal, value_of};

/// The records of the kinds that a plan changes.
pub(super) struct CurrentRecords {
    records: BTreeMap<(Kind, RecordId), Record>,
    identifiers: BTreeMap<(Kind, String), RecordId>,
    /// Kinds whose list may lack rows.
    in_part: BTreeSet<Kind>,
}

impl CurrentRecords {
    /// Reads each kind that the plan changes, once.
    pub(super) async fn read(linx: &Linx, plan: &SyncPlan) -> Result<Self, LinxError> {
        let kinds: BTreeSet<Kind> = plan.changes.iter().map(|change| change.kind).collect();
        let (mut rows, mut in_part) = (Vec::new(), BTreeSet::new());
        for kind in kinds {
            let list = linx.field.records(kind).await.map_err(LinxError::Field)?;
            if !list.proves_absence() {
                in_part.insert(kind);
            }
            rows.extend(list.rows);
        }
        Ok(Self::of(rows, in_part))
    }

    fn of(rows: Vec<Record>, in_part: BTreeSet<Kind>) -> Self {
        let identifier = |record: &Record| {
            let identifier = record.attributes.get(Attribute::Identifier)?;
            Some(((record.kind, normal(identifier).into_owned()), record.id.clone()))
        };
        Self {
            in_part,
            identifiers: rows.iter().filter_map(identifier).collect(),
            records: rows
                .into_iter()
                .map(|record| ((record.kind, record.id.clone()), record))
                .collect(),
        }
    }

    /// How the record of a change is not what the plan saw; `None` when it is. Values stay out of the sentence, which
    /// goes where ids go (hazard A14).
    pub(super) fn moved(&self, change: &RecordChange) -> Option<String> {
        if let Some(other) = self.taken(change) {
            return Some(format!("{} {other} has its identifier now", change.kind));
        }
        if change.action == RecordAction::Create && self.in_part.contains(&change.kind) {
            return Some("the list could not be read completely, so that it may be there by now".to_owned());
        }
        let id = change
            .record
            .as_ref()
            .filter(|_| change.action != RecordAction::Create)?;
        match self.records.get(&(change.kind, id.clone())) {
            None => Some(format!("{} {id} is not in the list any more", change.kind)),
            Some(record) => differing(change, &record.attributes)
                .map(|attributes| format!("{} {id}: {attributes} changed since the plan", change.kind)),
        }
    }

    /// The record that has the identifier which a change is to give.
    fn taken(&self, change: &RecordChange) -> Option<&RecordId> {
        let mut attributes = change.attributes.iter();
        let given = attributes
            .find(|one| one.attribute == Attribute::Identifier)?
            .to
            .as_deref()?;
        let carrier = self.identifiers.get(&(change.kind, normal(given).into_owned()))?;
        (Some(carrier) != change.record.as_ref()).then_some(carrier)
    }
}

fn differing(change: &RecordChange, attributes: &Attributes) -> Option<String> {
    let differing: Vec<&str> = change
        .attributes
        .iter()
        .filter(|planned| value_of(attributes, planned.attribute) != planned.from.as_deref())
        .map(|planned| planned.attribute.as_str())
        .collect();
    (!differing.is_empty()).then(|| differing.join(", "))
}
