//! Entries to create, one at a time (procore-api.md section 7.2). Many at once go by [`crate::bulk`], or across
//! projects by [`crate::timesheets`].
//!
//! A project takes either total hours or start and stop, never both (trap 11), so [`Worked`] cannot say both.

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

/// How long somebody worked, in the way that the project takes. [`crate::configuration::CompanyConfiguration`] names
/// the projects that take start and stop (trap 11).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Worked {
    /// Total hours, for a project that takes those.
    Hours {
        /// Decimal hours as text, such as `8.0`, from 0 to 24.
        hours: String,
    },
    /// Start and stop. Procore computes the hours and rounds by the company's rule.
    Clock {
        /// When the work began.
        time_in: ClockTime,
        /// When the work ended; on the next day where it went past midnight.
        time_out: ClockTime,
        /// Minutes of unpaid meal to take off.
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

/// An entry to create. A field that is `None` is not sent. Make one with [`EntryDraft::new`] and fill in the rest.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EntryDraft {
    /// The project that the hours are booked to.
    #[serde(skip)]
    pub project_id: ProjectId,
    /// The work day.
    pub date: NaiveDate,
    /// How long, by total hours or by the clock.
    #[serde(flatten)]
    pub worked: Worked,
    /// Who worked: a person's id, never a user's (trap 1).
    pub party_id: PersonId,
    /// The cost code of the project, or with a sub job of that sub job. The company's own code does not fit (traps 5
    /// and 6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_code_id: Option<CostCodeId>,
    /// The cost type, one of base type labor that the cost code offers. Without it the hours miss the budget, unless
    /// the company has a default (trap 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// The sub job of the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_job_id: Option<SubJobId>,
    /// The time type, such as regular or overtime.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timecard_time_type_id: Option<TimeTypeId>,
    /// `Some(true)` lets Procore's overtime rules set the time type and split the entry; `Some(false)` keeps the given
    /// one (trap 12, hazard D16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_timecard_time_type_automatically: Option<bool>,
    /// Whether the hours can be charged to the owner. It is always sent, because Procore's own default depends on where
    /// an entry is made (trap 10).
    pub billable: bool,
    /// Text for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where on the project the work was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<LocationId>,
    /// The crew whose time it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crew_id: Option<CrewId>,
    /// The task code, which excludes cost code and cost type. Only a bulk request of one project takes it:
    /// [`crate::bulk`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wbs_code_id: Option<WbsCodeId>,
    /// The work classification, such as a union's grade. Only requests for many entries take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_classification_id: Option<WorkClassificationId>,
    /// The timesheet to put it in. With `None` it is an individual entry, which can be approved all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timesheet_id: Option<TimesheetId>,
    /// How far it is approved. With `None` it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_status: Option<ApprovalStatus>,
    /// A key of the writer's own, unique in the company: a second entry with it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// Text that the writer keeps with the entry, such as a mark to find it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_data: Option<String>,
}

impl EntryDraft {
    /// An entry with project, day, person and time. It is not billable, and everything else is left out.
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

    /// Returns the key by which its entry is found in the answer to a request for many.
    pub(crate) fn key(&self) -> Option<&str> {
        key(self.origin_id.as_deref(), self.origin_data.as_deref())
    }
}

/// Returns the key of an entry: its `origin_id`, or where it has none its `origin_data`, which unlike the id is text
/// wherever it is documented (hazard B11).
pub(crate) fn key<'a>(origin_id: Option<&'a str>, origin_data: Option<&'a str>) -> Option<&'a str> {
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

/// Requests a new entry. Never repeated blindly: a repeat would pay twice (hazard A1).
pub fn create(company: CompanyId, draft: &EntryDraft) -> Endpoint<TimecardEntry> {
    timecards::of(Endpoint::post, company).json(&Envelope {
        project_id: draft.project_id,
        timecard_entry: draft,
    })
}

impl Client {
    /// Creates an entry and returns it as Procore stored it: compare it with what was meant, since a value in a wrong
    /// form may be dropped in silence (hazard A13).
    ///
    /// It is sent again only where it surely never left. After an error whose
    /// [`was_applied`](linx_http::Error::was_applied) is unknown, read the day before sending it again (hazard A1).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rejected`] where Procore refuses it, and without sending it where it has a task code or a work
    /// classification, which would be lost; otherwise as [every request](crate::guide::errors).
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
