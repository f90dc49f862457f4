//! Changes to timecard entries, one entry at a time (procore-api.md section 7.4).
//!
//! A change sets fields to given values, and is sent once: repeated, it would overwrite what somebody changed after it had
//! arrived. The same values for many entries go by [`crate::timesheets`].

use chrono::NaiveDate;
use linx_http::{Change, Endpoint, Error};
use serde::Serialize;

use crate::client::Client;
use crate::ids::{
    CompanyId, CostCodeId, LineItemTypeId, PersonId, ProjectId, SubJobId, TimeTypeId, TimecardEntryId, TimesheetId,
};
use crate::timecards::{self, ApprovalStatus, Envelope, TimecardEntry};
use crate::wire::{ClockTime, minutes_set};

/// New values for the fields of an entry. A field that is kept is not sent; one
/// that is cleared is sent as null. Make one with
/// [`TimecardEntryChanges::new`] and fill in what changes.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TimecardEntryChanges {
    /// The project. Procore requires it even where it stays (trap 4).
    #[serde(skip)]
    pub project_id: ProjectId,
    /// The work day. Procore requires it even where it stays (trap 4).
    pub date: NaiveDate,
    /// Decimal hours as text, such as `7.5`; on a project that takes total hours (trap 11).
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub hours: Change<String>,
    /// When the work began; on a project that takes start and stop (trap 11).
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub time_in: Change<ClockTime>,
    /// When the work ended, which may be on the next day; on such a project.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub time_out: Change<ClockTime>,
    /// Minutes of unpaid meal to take off; on such a project.
    #[serde(
        rename = "lunch_time",
        serialize_with = "minutes_set",
        skip_serializing_if = "Change::is_keep"
    )]
    pub lunch_minutes: Change<u32>,
    /// Who worked: a person's id, never a user's (trap 1).
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub party_id: Change<PersonId>,
    /// The cost code of the project, or with a sub job of that sub job (traps 5 and 6).
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub cost_code_id: Change<CostCodeId>,
    /// The cost type, one that the cost code offers (trap 7).
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub line_item_type_id: Change<LineItemTypeId>,
    /// The sub job of the project.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub sub_job_id: Change<SubJobId>,
    /// The time type, such as regular or overtime.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub timecard_time_type_id: Change<TimeTypeId>,
    /// `Set(true)` lets Procore's overtime rules set the time type and split the entry; `Set(false)` keeps the given
    /// one (trap 12, hazard D16).
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub set_timecard_time_type_automatically: Change<bool>,
    /// The timesheet to put it in, of the same project.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub timesheet_id: Change<TimesheetId>,
    /// Whether the hours can be charged to the owner.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub billable: Change<bool>,
    /// Text for people. An empty text removes it.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub description: Change<String>,
    /// How far it is approved. An approved entry cannot be lowered here (trap 16); [`crate::timesheets`] can.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub approval_status: Change<ApprovalStatus>,
    /// A key of the writer's own, unique in the company.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub origin_id: Change<String>,
    /// Text that the writer keeps with the entry.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub origin_data: Change<String>,
}

impl TimecardEntryChanges {
    /// No change yet to an entry of this project and day.
    pub fn new(project_id: ProjectId, date: NaiveDate) -> Self {
        Self {
            project_id,
            date,
            hours: Change::Keep,
            time_in: Change::Keep,
            time_out: Change::Keep,
            lunch_minutes: Change::Keep,
            party_id: Change::Keep,
            cost_code_id: Change::Keep,
            line_item_type_id: Change::Keep,
            sub_job_id: Change::Keep,
            timecard_time_type_id: Change::Keep,
            set_timecard_time_type_automatically: Change::Keep,
            timesheet_id: Change::Keep,
            billable: Change::Keep,
            description: Change::Keep,
            approval_status: Change::Keep,
            origin_id: Change::Keep,
            origin_data: Change::Keep,
        }
    }
}

/// Shows ids, day and hours only.
impl std::fmt::Debug for TimecardEntryChanges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TimecardEntryChanges")
            .field("project_id", &self.project_id)
            .field("date", &self.date)
            .field("hours", &self.hours)
            .finish_non_exhaustive()
    }
}

/// Requests a change of an entry to given values. It is sent once: repeated, it would overwrite what the office changed after
/// it had arrived.
pub fn update(company: CompanyId, entry: TimecardEntryId, changes: &TimecardEntryChanges) -> Endpoint<TimecardEntry> {
    let patch = timecards::of(Endpoint::patch, company).segment(entry).once();
    patch.json(&Envelope {
        project_id: changes.project_id,
        timecard_entry: changes,
    })
}

impl Client {
    /// Changes an entry and returns it as Procore stored it: compare it with what was meant, since a value in a wrong
    /// form may be dropped in silence (hazard A13). It is never repeated: after an unknown outcome read the entry.
    ///
    /// # Errors
    ///
    /// [`linx_http::ErrorKind::NotFound`] where the entry is gone, and [`linx_http::ErrorKind::Rejected`] where it is
    /// approved or completed (trap 16) or its parts do not belong together; otherwise as [every
    /// request](crate::guide::errors).
    pub async fn update_timecard_entry(
        &self,
        entry: TimecardEntryId,
        changes: &TimecardEntryChanges,
    ) -> Result<TimecardEntry, Error> {
        self.send(&update(self.company(), entry, changes)).await
    }
}

#[cfg(test)]
mod tests {
    use linx_http::RetrySafety;
    use linx_http::endpoint::Body;
    use serde_json::json;

    use super::*;

    const COMPANY: CompanyId = CompanyId::new(8);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_change_carries_project_and_day_and_what_changes() {
        let changes = TimecardEntryChanges {
            hours: Change::Set("7.5".to_owned()),
            ..TimecardEntryChanges::new(ProjectId::new(3), day("2026-03-02"))
        };
        let request = update(COMPANY, TimecardEntryId::new(7), &changes);
        assert_eq!(request.operation(), "PATCH /rest/v1.0/companies/8/timecard_entries/7");
        assert_eq!(request.retry_safety(), RetrySafety::Once);
        let expected = json!({"project_id": 3, "timecard_entry": {"date": "2026-03-02", "hours": "7.5"}});
        assert_eq!(*request.body(), Body::Json(expected));
    }

    #[test]
    fn a_change_of_clock_times_is_labelled_utc() {
        let at = |text: &str| Change::Set(ClockTime::at(text.parse().unwrap()));
        let changes = TimecardEntryChanges {
            time_in: at("2026-03-07T22:00:00"),
            time_out: at("2026-03-08T06:30:00"),
            lunch_minutes: Change::Set(30),
            ..TimecardEntryChanges::new(ProjectId::new(3), day("2026-03-07"))
        };
        let request = update(COMPANY, TimecardEntryId::new(7), &changes);
        let expected = json!({"project_id": 3, "timecard_entry": {"date": "2026-03-07",
            "time_in": "2026-03-07T22:00:00Z", "time_out": "2026-03-08T06:30:00Z", "lunch_time": "30"}});
        assert_eq!(*request.body(), Body::Json(expected));
    }
}
