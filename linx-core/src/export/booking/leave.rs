//! Paid time off, which ExakTime has as a cost code (hazard D22).

use rustc_hash::FxHashMap;
use std::sync::Arc;

use super::linked::Place;
use super::time_types;
use crate::export::facts::ExportFacts;
use crate::hold::{Reason, Refusal};
use crate::model::{Attribute, Coding, Record, RecordId, TimeType};
use crate::settings::ExportSettings;

/// Paid time off, by its cost code in ExakTime (hazard D22).
#[derive(Debug, Clone, Copy)]
pub(super) struct Leave<'a> {
    pub(super) code: &'a str,
    /// The time type it is sent with; blank leaves it out.
    pub(super) time_type: &'a str,
}

impl Leave<'_> {
    /// What leave is booked to: the place and its time type, and no cost code.
    pub(super) fn coding(self, place: Place<'_>, known: &[TimeType]) -> Result<Arc<Coding>, Refusal> {
        let time_type = time_types::find(self.time_type, known).ok_or_else(|| {
            let detail = format!("export.leave.{} is `{}`", self.code, self.time_type);
            Refusal::new(Reason::NoTimeType, detail)
        })?;
        Ok(Arc::new(Coding {
            sub_job: place.sub_job.map(|sub_job| sub_job.id),
            time_type: Some(time_type),
            ..Coding::of(place.project.id)
        }))
    }
}

/// ExakTime's ids of the cost codes that stand for leave.
pub(super) fn leave_codes<'a>(
    facts: &'a ExportFacts,
    settings: &'a ExportSettings,
) -> FxHashMap<&'a RecordId, Leave<'a>> {
    let leave = |record: &'a Record| {
        let identifier = record.attributes.get(Attribute::Identifier)?;
        let (code, time_type) = settings.leave.get_key_value(identifier)?;
        Some((
            &record.id,
            Leave {
                code,
                time_type: time_type.trim(),
            },
        ))
    };
    facts.codes.iter().filter_map(leave).collect()
}
