//! Changes to timecard entries, one entry at a time (procore-api.md section 7.4).

use chrono::NaiveDate;
use linx_http::{Endpoint, Error};
use serde::Serialize;

use crate::client::Client;
use crate::ids::{
    CompanyId, CostCodeId, LineItemTypeId, PersonId, ProjectId, SubJobId, TimeTypeId, TimecardEntryId, TimesheetId,
};
use crate::timecards::{self, ApprovalStatus, Envelope, TimecardEntry};
use crate::wire::{ClockTime, minutes};

/// Changes to an entry. What is `None` stays as it is.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TimecardEntryChanges {
    /// The project. Required even when it stays (trap 4).
    #[serde(skip)]
    pub project_id: ProjectId,
    /// The day. Required even when it stays (trap 4).
    pub date: NaiveDate,
    /// Decimal hours as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    /// When the work began, on a project that takes start and stop (trap 11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_in: Option<ClockTime>,
    /// When it ended, there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_out: Option<ClockTime>,
    /// Minutes of meal to take off, there.
    #[serde(
        rename = "lunch_time",
        serialize_with = "minutes",
        skip_serializing_if = "Option::is_none"
    )]
    pub lunch_minutes: Option<u32>,
    /// Who worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party_id: Option<PersonId>,
    /// The cost code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_code_id: Option<CostCodeId>,
    /// The cost type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// The sub job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_job_id: Option<SubJobId>,
    /// The kind of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timecard_time_type_id: Option<TimeTypeId>,
    /// Whether Procore's overtime rules set the kind of time, and may split the entry (trap 12, hazard D16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_timecard_time_type_automatically: Option<bool>,
    /// The timesheet to lay it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timesheet_id: Option<TimesheetId>,
    /// Whether it is billable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billable: Option<bool>,
    /// The text for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How far it is approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_status: Option<ApprovalStatus>,
    /// The key of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// What else is kept with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_data: Option<String>,
}

impl TimecardEntryChanges {
    /// No change yet to an entry of this project and day.
    pub fn new(project_id: ProjectId, date: NaiveDate) -> Self {
        Self {
            project_id,
            date,
            hours: None,
            time_in: None,
            time_out: None,
            lunch_minutes: None,
            party_id: None,
            cost_code_id: None,
            line_item_type_id: None,
            sub_job_id: None,
            timecard_time_type_id: None,
            set_timecard_time_type_automatically: None,
            timesheet_id: None,
            billable: None,
            description: None,
            approval_status: None,
            origin_id: None,
            origin_data: None,
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

/// Changes an entry to given values.
pub fn change(company: CompanyId, entry: TimecardEntryId, changes: &TimecardEntryChanges) -> Endpoint<TimecardEntry> {
    timecards::of(Endpoint::patch, company).segment(entry).json(&Envelope {
        project_id: changes.project_id,
        timecard_entry: changes,
    })
}

impl Client {
    /// Changes an entry and gives it as it is now. Approved and completed entries refuse.
    pub async fn change_timecard_entry(
        &self,
        entry: TimecardEntryId,
        changes: &TimecardEntryChanges,
    ) -> Result<TimecardEntry, Error> {
        self.send(&change(self.company(), entry, changes)).await
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
            hours: Some("7.5".to_owned()),
            ..TimecardEntryChanges::new(ProjectId::new(3), day("2026-03-02"))
        };
        let request = change(COMPANY, TimecardEntryId::new(7), &changes);
        assert_eq!(request.operation(), "PATCH /rest/v1.0/companies/8/timecard_entries/7");
        assert_eq!(request.retry_safety(), RetrySafety::Idempotent);
        let expected = json!({"project_id": 3, "timecard_entry": {"date": "2026-03-02", "hours": "7.5"}});
        assert_eq!(*request.body(), Body::Json(expected));
    }

    #[test]
    fn a_change_of_clock_times_is_labelled_utc() {
        let at = |text: &str| Some(ClockTime::at(text.parse().unwrap()));
        let changes = TimecardEntryChanges {
            time_in: at("2026-03-07T22:00:00"),
            time_out: at("2026-03-08T06:30:00"),
            lunch_minutes: Some(30),
            ..TimecardEntryChanges::new(ProjectId::new(3), day("2026-03-07"))
        };
        let request = change(COMPANY, TimecardEntryId::new(7), &changes);
        let expected = json!({"project_id": 3, "timecard_entry": {"date": "2026-03-07",
            "time_in": "2026-03-07T22:00:00Z", "time_out": "2026-03-08T06:30:00Z", "lunch_time": "30"}});
        assert_eq!(*request.body(), Body::Json(expected));
    }
}
