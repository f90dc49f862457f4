//! Timesheets, their approval, and entries of many projects written at once (procore-api.md sections 7.2 and 7.5).
//!
//! A timesheet is one project's folder of entries for one day; a day may have several. What writes entries of many
//! projects is the company's Timesheets tool, which takes fewer fields than the other ways.

use chrono::{DateTime, NaiveDate, Utc};
use linx_http::{Change, Endpoint, Error, ErrorKind, List};
use serde::{Deserialize, Serialize};

use crate::bulk::{BulkOutcome, Drafts, distinct_keys, outcomes};
use crate::client::Client;
use crate::drafts::{EntryDraft, Worked, key};
use crate::ids::{
    CompanyId, CostCodeId, LineItemTypeId, PersonId, ProjectId, SubJobId, TimeTypeId, TimecardEntryId, TimesheetId,
    UserId,
};
use crate::timecards::{ApprovalStatus, TimecardEntry};
use crate::wire::{Named, association, debug_by_id, open_enum, or_default, text};

/// The most entries of one request. Procore names no bound; this one keeps an unknown outcome small (procore-api.md
/// section 10).
pub const MAX_ENTRIES: usize = 100;

open_enum! {
    /// How far a timesheet is approved. It has fewer values than its entries.
    TimesheetStatus {
        /// Not approved.
        Pending = "pending",
        /// Approved.
        Approved = "approved",
    }
}

/// A timesheet. `Debug` shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Timesheet {
    /// The timesheet's id.
    pub id: TimesheetId,
    /// The day of its entries.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Its number among those of the project's day, from 1.
    #[serde(default)]
    pub number: Option<u64>,
    /// Day and number, such as `2026-03-02 - 01`.
    #[serde(default)]
    pub name: Option<String>,
    /// How far it is approved.
    #[serde(default)]
    pub status: Option<TimesheetStatus>,
    /// The user who made it.
    #[serde(default, deserialize_with = "association")]
    pub created_by: Option<Named<UserId>>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime<Utc>>,
    /// The entries in it, with neither person, status nor cost type. Read [`crate::timecards`] for those.
    #[serde(default, deserialize_with = "or_default")]
    pub timecard_entries: Vec<TimecardEntry>,
}

debug_by_id!(Timesheet);

/// The timesheets whose approval was set, as they are now.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "ApprovalAnswer")]
#[non_exhaustive]
pub struct UpdatedTimesheets {
    /// In the order of the answer.
    pub timesheets: Vec<Timesheet>,
}

/// The two shapes of the answer: the tutorial shows a list, the reference one object (procore-api.md section 7.5).
#[derive(Deserialize)]
#[serde(untagged)]
enum ApprovalAnswer {
    Many(Vec<Timesheet>),
    One(Box<Timesheet>),
}

impl From<ApprovalAnswer> for UpdatedTimesheets {
    fn from(answer: ApprovalAnswer) -> Self {
        Self {
            timesheets: match answer {
                ApprovalAnswer::Many(timesheets) => timesheets,
                ApprovalAnswer::One(timesheet) => vec![*timesheet],
            },
        }
    }
}

/// The same new values for several entries. A field that is kept is not sent; one that is
/// cleared is sent as null.
#[derive(Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SharedChanges {
    /// How far they are approved. Only here can an approved entry be lowered, which opens it for a correction (trap
    /// 16).
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub approval_status: Change<ApprovalStatus>,
    /// The work day.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub date: Change<NaiveDate>,
    /// Decimal hours as text, such as `7.5`, of each.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub hours: Change<String>,
    /// The cost code of their project.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub cost_code_id: Change<CostCodeId>,
    /// The sub job of their project.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub sub_job_id: Change<SubJobId>,
    /// The time type, such as regular or overtime.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub timecard_time_type_id: Change<TimeTypeId>,
    /// Whether the hours can be charged to the owner.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub billable: Change<bool>,
    /// Text for people.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub description: Change<String>,
    /// The timesheet to put them in.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub timesheet_id: Change<TimesheetId>,
}

/// Shows status, day and hours only.
impl std::fmt::Debug for SharedChanges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedChanges")
            .field("approval_status", &self.approval_status)
            .field("date", &self.date)
            .field("hours", &self.hours)
            .finish_non_exhaustive()
    }
}

/// An entry as the company's Timesheets tool answers it, without project, status and clock times. `Debug` shows the id
/// only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct WrittenEntry {
    /// The entry's id.
    pub id: TimecardEntryId,
    /// The work day. `None` where Procore dropped a date that it could not read (hazard A13).
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Decimal hours as text, such as `8.0`.
    #[serde(default, deserialize_with = "text")]
    pub hours: Option<String>,
    /// Whether the hours can be charged to the owner.
    #[serde(default)]
    pub billable: Option<bool>,
    /// Text for people.
    #[serde(default)]
    pub description: Option<String>,
    /// Who worked.
    #[serde(default, deserialize_with = "association")]
    pub party: Option<Named<PersonId>>,
    /// The cost code, which this answer has under `full_cost_code`: its `cost_code` is a text.
    #[serde(rename = "full_cost_code", default, deserialize_with = "association")]
    pub cost_code: Option<Named<CostCodeId>>,
    /// The cost type.
    #[serde(default)]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// The time type.
    #[serde(default, deserialize_with = "association")]
    pub timecard_time_type: Option<Named<TimeTypeId>>,
    /// The key that its writer gave it.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
    /// Text that its writer keeps with it.
    #[serde(default, deserialize_with = "text")]
    pub origin_data: Option<String>,
}

debug_by_id!(WrittenEntry);

impl WrittenEntry {
    fn key(&self) -> Option<&str> {
        key(self.origin_id.as_deref(), self.origin_data.as_deref())
    }
}

/// The answer to a change of several entries. Those that refused are missing from it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct UpdatedEntries {
    /// The entries that were changed, as they are now.
    #[serde(default, deserialize_with = "or_default")]
    pub updated_timecard_entries: Vec<WrittenEntry>,
}

/// Requests the timesheets of one project and of the days `start` to `end`, both included.
pub fn list(project: ProjectId, start: NaiveDate, end: NaiveDate) -> Endpoint<Vec<Timesheet>> {
    of_project(Endpoint::get, project).query("filters[date]", format!("{start}...{end}"))
}

/// Requests a new timesheet. Never repeated blindly: a repeat makes a second one (trap 15).
pub fn create(project: ProjectId, date: NaiveDate) -> Endpoint<Timesheet> {
    of_project(Endpoint::post, project).json(&serde_json::json!({"timesheet": {"date": date}}))
}

/// Requests the approval of timesheets, which may be repeated. One that is unknown refuses all of them.
pub fn update_approval(project: ProjectId, statuses: &[(TimesheetId, TimesheetStatus)]) -> Endpoint<UpdatedTimesheets> {
    let row = |(id, status): &(TimesheetId, TimesheetStatus)| serde_json::json!({"id": id, "status": status});
    let rows: Vec<_> = statuses.iter().map(row).collect();
    of_project(Endpoint::patch, project)
        .segment("update_approval")
        .json(&serde_json::json!({ "timesheets": rows }))
        .carrying(statuses.len())
}

/// Requests new entries of any projects. Never repeated blindly: a repeat would pay twice (hazard A1).
pub fn bulk_create(company: CompanyId, entries: &[EntryDraft]) -> Endpoint<Vec<WrittenEntry>> {
    of_company(Endpoint::post, company)
        .json(&Drafts::of(entries))
        .carrying(entries.len())
}

/// Requests the same new values for several entries, which may be repeated.
pub fn bulk_update(
    company: CompanyId,
    entries: &[TimecardEntryId],
    changes: &SharedChanges,
) -> Endpoint<UpdatedEntries> {
    #[derive(Serialize)]
    struct Update {
        id: TimecardEntryId,
    }
    #[derive(Serialize)]
    struct Body<'a> {
        updates: Vec<Update>,
        #[serde(flatten)]
        changes: &'a SharedChanges,
    }
    let body = Body {
        updates: entries.iter().map(|id| Update { id: *id }).collect(),
        changes,
    };
    of_company(Endpoint::patch, company).json(&body).carrying(entries.len())
}

fn of_project<T>(method: fn(&'static str) -> Endpoint<T>, project: ProjectId) -> Endpoint<T> {
    method("rest/v1.0/projects").segment(project).segment("timesheets")
}

fn of_company<T>(method: fn(&'static str) -> Endpoint<T>, company: CompanyId) -> Endpoint<T> {
    method("rest/v1.0/companies").segment(company).segment("timesheets")
}

impl Client {
    /// The timesheets of one project and of the days `start` to `end`, both included.
    pub fn timesheets(&self, project: ProjectId, start: NaiveDate, end: NaiveDate) -> List<Timesheet> {
        self.list(list(project, start, end), |timesheet| timesheet.id.to_string())
    }

    /// Makes a timesheet and returns it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Forbidden`] where the project's Timesheets tool is off; otherwise as [every
    /// request](crate::guide::errors). Where [`was_applied`](linx_http::Error::was_applied) is unknown, list the day
    /// before making it again (trap 15).
    pub async fn create_timesheet(&self, project: ProjectId, date: NaiveDate) -> Result<Timesheet, Error> {
        self.send(&create(project, date)).await
    }

    /// Sets how far timesheets are approved and returns them as they are now. It is repeated after an unknown outcome.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] where one of them is unknown: none is changed then. Otherwise as [every
    /// request](crate::guide::errors).
    pub async fn approve_timesheets(
        &self,
        project: ProjectId,
        statuses: &[(TimesheetId, TimesheetStatus)],
    ) -> Result<Vec<Timesheet>, Error> {
        Ok(self.send(&update_approval(project, statuses)).await?.timesheets)
    }

    /// Creates up to [`MAX_ENTRIES`] entries of any projects and returns what became of each, in their order. The
    /// answer has neither project, sub job nor clock times.
    ///
    /// Each entry is found in the answer by its `origin_id`, or where it has none by its `origin_data`, so each needs
    /// one of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rejected`] without sending anything where entries share a key, have none, or are none or too many,
    /// and where one has a cost type, a meal or a task code, which would be lost. Where
    /// [`was_applied`](linx_http::Error::was_applied) is unknown, read the days before sending any of them again
    /// (hazard A1).
    pub async fn create_sheet_entries(&self, entries: &[EntryDraft]) -> Result<Vec<BulkOutcome<WrittenEntry>>, Error> {
        let request = bulk_create(self.company(), entries);
        if entries.iter().any(would_lose_fields) {
            let message = "the company's Timesheets tool takes neither cost type, meal nor task code";
            return Err(Error::not_applied(ErrorKind::Rejected, message).during(request.operation()));
        }
        let keys = distinct_keys(entries, MAX_ENTRIES).map_err(|objection| objection.during(request.operation()))?;
        let stored = self.send(&request).await?;
        let by_key = stored.into_iter().map(|entry| (entry.key().map(str::to_owned), entry));
        Ok(outcomes(&keys, by_key))
    }

    /// Gives the same values to up to [`MAX_ENTRIES`] entries and returns what became of each, in their order. An entry
    /// that refused is missing from the answer and so unknown.
    ///
    /// This is the way to approve many, or to lower their status before a correction (trap 16). It is repeated after an
    /// unknown outcome.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rejected`] without sending anything where entries are named twice or are none or too many;
    /// otherwise as [every request](crate::guide::errors).
    pub async fn update_entries_alike(
        &self,
        entries: &[TimecardEntryId],
        changes: &SharedChanges,
    ) -> Result<Vec<BulkOutcome<WrittenEntry>>, Error> {
        let request = bulk_update(self.company(), entries, changes);
        let keys: Vec<String> = entries.iter().map(ToString::to_string).collect();
        check_ids(&keys).map_err(|objection| objection.during(request.operation()))?;
        let updated = self.send(&request).await?.updated_timecard_entries;
        let by_key = updated.into_iter().map(|entry| (Some(entry.id.to_string()), entry));
        Ok(outcomes(&keys, by_key))
    }
}

/// Whether it has something that the company's Timesheets tool does not take (procore-api.md section 7.2): without a
/// cost type hours may miss the budget (trap 7).
fn would_lose_fields(draft: &EntryDraft) -> bool {
    let meal = matches!(&draft.worked, Worked::Clock { lunch_minutes, .. } if lunch_minutes.is_some());
    meal || draft.line_item_type_id.is_some() || draft.wbs_code_id.is_some()
}

/// Refuses entries that could not be found again in the answer.
fn check_ids(keys: &[String]) -> Result<(), Error> {
    let distinct: std::collections::HashSet<&String> = keys.iter().collect();
    let objection = if keys.is_empty() || keys.len() > MAX_ENTRIES {
        "a bulk request takes 1 to 100 entries"
    } else if distinct.len() < keys.len() {
        "two entries of a bulk request share their key and could not be told apart in the answer"
    } else {
        return Ok(());
    };
    Err(Error::not_applied(ErrorKind::Rejected, objection))
}

#[cfg(test)]
mod tests {
    use linx_http::RetrySafety;
    use linx_http::endpoint::Body;
    use serde_json::json;

    use super::*;

    const PROJECT: ProjectId = ProjectId::new(3);
    const COMPANY: CompanyId = CompanyId::new(8);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a13_the_days_of_a_list_are_told_as_a_range() {
        let request = list(PROJECT, day("2026-03-02"), day("2026-03-08"));
        assert_eq!(request.operation(), "GET /rest/v1.0/projects/3/timesheets");
        let range = ("filters[date]".to_owned(), "2026-03-02...2026-03-08".to_owned());
        assert_eq!(request.query_pairs(), [range]);
    }

    #[test]
    fn a1_a_timesheet_is_made_once() {
        let request = create(PROJECT, day("2026-03-02"));
        assert_eq!(request.operation(), "POST /rest/v1.0/projects/3/timesheets");
        assert_eq!(request.retry_safety(), RetrySafety::Once);
        let expected = json!({"timesheet": {"date": "2026-03-02"}});
        assert_eq!(*request.body(), Body::Json(expected));
    }

    #[test]
    fn a_status_is_set_and_an_unknown_one_written_back() {
        let statuses = [
            (TimesheetId::new(1), TimesheetStatus::Approved),
            (TimesheetId::new(2), TimesheetStatus::from("locked")),
        ];
        let request = update_approval(PROJECT, &statuses);
        assert_eq!(
            request.operation(),
            "PATCH /rest/v1.0/projects/3/timesheets/update_approval"
        );
        assert_eq!(request.retry_safety(), RetrySafety::Idempotent);
        let expected = json!({"timesheets": [{"id": 1, "status": "approved"}, {"id": 2, "status": "locked"}]});
        assert_eq!(*request.body(), Body::Json(expected));
    }

    #[test]
    fn approving_answers_a_list_or_one() {
        let read = |answer| serde_json::from_value::<UpdatedTimesheets>(answer).unwrap().timesheets;
        let one = json!({"id": 1, "status": "approved", "timecard_entries": null});
        assert_eq!(read(json!([one.clone()])), read(one));
    }

    #[test]
    fn a1_entries_are_created_once_and_leave_out_what_is_not_told() {
        let entry = EntryDraft {
            origin_id: Some("linx-1".to_owned()),
            ..EntryDraft::new(PROJECT, day("2026-03-02"), PersonId::new(5), Worked::hours("8.0"))
        };
        let request = bulk_create(COMPANY, &[entry]);
        assert_eq!(request.operation(), "POST /rest/v1.0/companies/8/timesheets");
        assert_eq!(request.retry_safety(), RetrySafety::Once);
        let expected = json!({"timecard_entries": [{"project_id": 3, "date": "2026-03-02", "party_id": 5,
            "hours": "8.0", "billable": false, "origin_id": "linx-1"}]});
        assert_eq!(*request.body(), Body::Json(expected));
    }

    #[test]
    fn the_same_values_go_to_every_entry() {
        let changes = SharedChanges {
            approval_status: Change::Set(ApprovalStatus::Approved),
            ..SharedChanges::default()
        };
        let request = bulk_update(COMPANY, &[TimecardEntryId::new(1), TimecardEntryId::new(2)], &changes);
        assert_eq!(request.operation(), "PATCH /rest/v1.0/companies/8/timesheets");
        let expected = json!({"updates": [{"id": 1}, {"id": 2}], "approval_status": "approved"});
        assert_eq!(*request.body(), Body::Json(expected));
    }

    #[test]
    fn a10_keys_must_tell_entries_apart() {
        let keys = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
        assert!(check_ids(&keys(100)).is_ok());
        assert!(check_ids(&keys(101)).is_err());
        assert!(check_ids(&[]).is_err());
        assert!(check_ids(&vec!["a".to_owned(); 2]).is_err());
    }

    #[test]
    fn a12_a_timesheet_is_read_with_a_status_that_nobody_knew() {
        let timesheet: Timesheet = serde_json::from_value(json!({"id": 1, "date": "2026-03-02", "number": 1,
            "name": "2026-03-02 - 01", "status": "locked", "created_by": {"id": 7, "name": "Ana Delgado"},
            "timecard_entries": [{"id": 9, "hours": "8.0", "crew": {"id": null, "name": null}}]}))
        .unwrap();
        assert_eq!(timesheet.status, Some(TimesheetStatus::Unknown("locked".to_owned())));
        assert_eq!(timesheet.timecard_entries[0].id, TimecardEntryId::new(9));
        assert_eq!(format!("{timesheet:?}"), "Timesheet { id: TimesheetId(1), .. }");
    }

    #[test]
    fn a14_debug_shows_no_text_of_people() {
        let changes = SharedChanges {
            description: Change::Set("asked by Ana".to_owned()),
            ..SharedChanges::default()
        };
        let written: WrittenEntry = serde_json::from_value(
            json!({"id": 1, "cost_code": "05-120 Steel", "full_cost_code": {"id": 2}, "description": "asked by Ana"}),
        )
        .unwrap();
        assert_eq!(written.cost_code.as_ref().map(|code| code.id), Some(CostCodeId::new(2)));
        assert!(!format!("{changes:?} {written:?}").contains("Ana"));
    }
}
