//! Entries to create: total hours or clock times (procore-api.md section 7.2). Many at once go by [`crate::bulk`] or
//! [`crate::timesheets`].
//!
//! A project takes either hours or start and stop, never both (trap 11): [`Worked`] cannot say both.

use chrono::NaiveDate;
use linx_http::{Endpoint, Error, ErrorKind};
use serde::Serialize;

use crate::client::Client;
use crate::ids::{
    CompanyId, CostCodeId, CrewId, LineItemTypeId, LocationId, PersonId, ProjectId, SubJobId, TimeTypeId, TimesheetId,
    WbsCodeId, WorkClassificationId,
};
use crate::timecards::{self, ApprovalStatus, Envelope, TimecardEntry};
use crate::wire::{ClockTime, minutes};

/// How long somebody worked, in the way that the project takes (`projects_timecard_in_out_enabled`, trap 11).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Worked {
    /// Total hours.
    Hours {
        /// Decimal hours as text, such as `8.0`; at most 24.
        hours: String,
    },
    /// Start and stop; Procore computes the hours, and rounds by the company's rule.
    Clock {
        /// When the work began.
        time_in: ClockTime,
        /// When it ended, on the next day after midnight.
        time_out: ClockTime,
        /// Minutes of meal to take off.
        #[serde(
            rename = "lunch_time",
            serialize_with = "minutes",
            skip_serializing_if = "Option::is_none"
        )]
        lunch_minutes: Option<u32>,
    },
}

impl Worked {
    /// Total hours, as decimal text such as `8.0`.
    pub fn hours(text: impl Into<String>) -> Self {
        Self::Hours { hours: text.into() }
    }
}

/// An entry to create. What is `None` is left out.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EntryDraft {
    /// The project.
    #[serde(skip)]
    pub project_id: ProjectId,
    /// The day.
    pub date: NaiveDate,
    /// How long.
    #[serde(flatten)]
    pub worked: Worked,
    /// Who worked.
    pub party_id: PersonId,
    /// The project's, or with a sub job that sub job's, own cost code (traps 5 and 6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_code_id: Option<CostCodeId>,
    /// A labor cost type of the cost code; without, the hours miss the budget (trap 7).
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
    /// Whether it is billable. Told always (trap 10).
    pub billable: bool,
    /// A text for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The location on the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<LocationId>,
    /// The crew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crew_id: Option<CrewId>,
    /// The task code; it excludes cost code and cost type. Many at once only: one alone does not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wbs_code_id: Option<WbsCodeId>,
    /// The work classification. Many at once only: one alone does not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_classification_id: Option<WorkClassificationId>,
    /// The timesheet to lay it in; an individual entry without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timesheet_id: Option<TimesheetId>,
    /// How far it is approved; `pending` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_status: Option<ApprovalStatus>,
    /// A key of ours, unique in the company (trap 25).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// What else is to be kept with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_data: Option<String>,
}

impl EntryDraft {
    /// An entry with nothing but project, day, person and time; not billable.
    pub fn new(project_id: ProjectId, date: NaiveDate, party_id: PersonId, worked: Worked) -> Self {
        Self {
            project_id,
            date,
            worked,
            party_id,
            cost_code_id: None,
            line_item_type_id: None,
            sub_job_id: None,
            timecard_time_type_id: None,
            set_timecard_time_type_automatically: None,
            billable: false,
            description: None,
            location_id: None,
            crew_id: None,
            wbs_code_id: None,
            work_classification_id: None,
            timesheet_id: None,
            approval_status: None,
            origin_id: None,
            origin_data: None,
        }
    }

    /// By what it is found in the answer to many: its own key, else what its writer keeps with it (hazard B11: unlike
    /// `origin_id`, `origin_data` is text wherever it is documented).
    pub(crate) fn mark(&self) -> Option<&str> {
        mark(self.origin_id.as_deref(), self.origin_data.as_deref())
    }
}

pub(crate) fn mark<'a>(origin_id: Option<&'a str>, origin_data: Option<&'a str>) -> Option<&'a str> {
    origin_id.or(origin_data)
}

/// Shows ids, day and time only.
impl std::fmt::Debug for EntryDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EntryDraft")
            .field("project_id", &self.project_id)
            .field("date", &self.date)
            .field("worked", &self.worked)
            .field("party_id", &self.party_id)
            .field("origin_id", &self.origin_id)
            .finish_non_exhaustive()
    }
}

/// Creates an entry: never repeated blindly.
pub fn create(company: CompanyId, draft: &EntryDraft) -> Endpoint<TimecardEntry> {
    timecards::of(Endpoint::post, company).json(&Envelope {
        project_id: draft.project_id,
        timecard_entry: draft,
    })
}

impl Client {
    /// Creates an entry of hours or of clock times and gives it as Procore stored it: compare it with what was meant
    /// (hazard A13). After an error of [`linx_http::Applied::Unknown`] read the day before sending it again (hazard A1).
    /// One with a task code or a work classification is not sent, since they would be lost: an error of
    /// [`ErrorKind::Rejected`].
    pub async fn create_timecard_entry(&self, draft: &EntryDraft) -> Result<TimecardEntry, Error> {
        let request = create(self.company(), draft);
        if draft.wbs_code_id.is_some() || draft.work_classification_id.is_some() {
            let message = "an entry created alone takes neither a task code nor a work classification";
            return Err(Error::not_applied(ErrorKind::Rejected, message).during(request.operation()));
        }
        self.send(&request).await
    }
}

#[cfg(test)]
mod tests {
    use linx_http::RetrySafety;
    use linx_http::endpoint::Body;
    use serde_json::json;

    use super::*;

    fn draft(origin: Option<&str>) -> EntryDraft {
        let worked = Worked::Clock {
            time_in: ClockTime::at("2026-03-07T22:00:00".parse().unwrap()),
            time_out: ClockTime::at("2026-03-08T06:30:00".parse().unwrap()),
            lunch_minutes: Some(30),
        };
        EntryDraft {
            origin_id: origin.map(str::to_owned),
            description: Some("asked by Ana".to_owned()),
            ..EntryDraft::new(
                ProjectId::new(3),
                "2026-03-07".parse().unwrap(),
                PersonId::new(5),
                worked,
            )
        }
    }

    #[test]
    fn a1_clock_times_are_sent_once_labelled_utc_and_without_hours() {
        let request = create(CompanyId::new(8), &draft(None));
        assert_eq!(request.operation(), "POST /rest/v1.0/companies/8/timecard_entries");
        assert_eq!(request.retry_safety(), RetrySafety::Once);
        let expected = json!({"project_id": 3, "timecard_entry": {
            "date": "2026-03-07", "time_in": "2026-03-07T22:00:00Z", "time_out": "2026-03-08T06:30:00Z",
            "lunch_time": "30", "party_id": 5, "billable": false, "description": "asked by Ana"}});
        assert_eq!(*request.body(), Body::Json(expected));
    }

    #[test]
    fn a14_debug_shows_no_text_of_people() {
        assert!(!format!("{:?}", draft(None)).contains("Ana"));
    }
}
