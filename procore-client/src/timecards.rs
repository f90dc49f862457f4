//! Timecard entries: one person, one day, one cost code, some hours (procore-api.md section 7).
//!
//! This module reads and deletes entries. [`crate::drafts`] and [`crate::bulk`] create them, [`crate::edits`] changes
//! them, and [`crate::timesheets`] writes several at once across projects.
//!
//! Procore has no upsert and no filter by `origin_id`. After an unknown outcome the day is read back and compared
//! before anything is sent again (trap 14, hazard A1).

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use linx_http::{Endpoint, Error, List};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::ids::{
    CompanyId, CostCodeId, CrewId, LineItemTypeId, LocationId, PersonId, ProjectId, SignatureId, SubJobId, TimeTypeId,
    TimecardEntryId, TimesheetId, UserId, WbsCodeId, WorkClassificationId,
};
use crate::wire::{Named, association, debug_by_id, open_enum, or_default, text};

open_enum! {
    /// How far an entry is approved. Procore refuses to edit or delete approved and completed entries (trap 16).
    ApprovalStatus {
        /// Nobody has looked at it yet; what a new entry is.
        Pending = "pending",
        /// Somebody has looked at it. It can still be edited.
        Reviewed = "reviewed",
        /// Approved. Only administrators of the company's Timesheets tool can edit it still.
        Approved = "approved",
        /// Closed to the project (procore-api.md section 7.1).
        Completed = "completed",
    }
}

/// A timecard entry as Procore stores it. Every field but the id may be absent: the company's and a project's list have
/// different ones (procore-api.md section 7.3). `Debug` shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct TimecardEntry {
    /// The entry's id, unique in the company. A deleted entry keeps it.
    pub id: TimecardEntryId,
    /// The work day. `None` where Procore dropped a date that it could not read (hazard A13).
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Decimal hours as text, such as `8.0` or `0.33`. Procore computes them where the project takes start and stop.
    #[serde(default, deserialize_with = "text")]
    pub hours: Option<String>,
    /// When the work began, by the clock at the work place but labelled UTC (trap 22): read it with
    /// [`ClockTime`](crate::wire::ClockTime). `None` where the project takes total hours.
    #[serde(default)]
    pub time_in: Option<DateTime<Utc>>,
    /// When the work ended, in the same form as `time_in`.
    #[serde(default)]
    pub time_out: Option<DateTime<Utc>>,
    /// Unpaid meal in minutes, as text such as `30`.
    #[serde(default, deserialize_with = "text")]
    pub lunch_time: Option<String>,
    /// Whether the hours can be charged to the owner.
    #[serde(default)]
    pub billable: Option<bool>,
    /// Free text of a person's.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether somebody is still clocked in on it, so that its hours are not final.
    #[serde(default)]
    pub in_progress: Option<bool>,
    /// How far it is approved. Absent in a timesheet's own list of entries.
    #[serde(default)]
    pub approval_status: Option<ApprovalStatus>,
    /// Who worked: a person of the directory, never a user (trap 1).
    #[serde(default, deserialize_with = "association")]
    pub party: Option<Named<PersonId>>,
    /// The project. Absent in a project's own list.
    #[serde(default, deserialize_with = "association")]
    pub project: Option<Named<ProjectId>>,
    /// The sub job, where the hours are booked to one.
    #[serde(default, deserialize_with = "association")]
    pub sub_job: Option<Named<SubJobId>>,
    /// The cost code of the project or of its sub job; `None` where a task code stands instead.
    #[serde(default, deserialize_with = "association")]
    pub cost_code: Option<Named<CostCodeId>>,
    /// The cost type. Without one of base type labor the hours miss the budget, unless the company has a default (trap
    /// 7).
    #[serde(default)]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// The time type, such as regular or overtime. Only its id: the label is in [`crate::time_types`].
    #[serde(default, deserialize_with = "association")]
    pub timecard_time_type: Option<Named<TimeTypeId>>,
    /// The timesheet that holds it; `None` for an individual entry.
    #[serde(default, deserialize_with = "association")]
    pub timesheet: Option<Named<TimesheetId>>,
    /// The crew that it was entered for.
    #[serde(default, deserialize_with = "association")]
    pub crew: Option<Named<CrewId>>,
    /// Where on the project the work was; in a project's list only.
    #[serde(default, deserialize_with = "association")]
    pub location: Option<Named<LocationId>>,
    /// The user of the person who worked; `None` for people without a login.
    #[serde(default, deserialize_with = "association")]
    pub login_information: Option<Named<UserId>>,
    /// The user who made the entry, which may be an application's.
    #[serde(default, deserialize_with = "association")]
    pub created_by: Option<Named<UserId>>,
    /// Whether the worker signed it; in a project's list only. Use [`TimecardEntry::is_signed`].
    #[serde(default)]
    pub signed: Option<bool>,
    /// The worker's signature; in the company's list only. Use [`TimecardEntry::is_signed`].
    #[serde(default, deserialize_with = "association")]
    pub procore_signature: Option<Named<SignatureId>>,
    /// The task code. Not documented for reading, though live answers have it (procore-api.md section 7.3).
    #[serde(default)]
    pub wbs_code_id: Option<WbsCodeId>,
    /// The work classification, such as a union's grade. Not documented for reading either.
    #[serde(default)]
    pub work_classification_id: Option<WorkClassificationId>,
    /// The kind of entry. Its values are not documented.
    #[serde(default)]
    pub timecard_type: Option<String>,
    /// The other entries into which Procore's overtime rules split the same hours; this one then holds a part of them
    /// (trap 12, hazard D16).
    #[serde(default, deserialize_with = "or_default")]
    pub automatically_split_timecard_entries: Vec<TimecardEntry>,
    /// The key that its writer gave it, unique in the company.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
    /// Text that its writer keeps with it.
    #[serde(default, deserialize_with = "text")]
    pub origin_data: Option<String>,
    /// When Procore made it.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When anybody last changed it.
    #[serde(default)]
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was deleted; `None` for one that is there.
    #[serde(default)]
    pub deleted_at: Option<DateTime<Utc>>,
}

debug_by_id!(TimecardEntry);

impl TimecardEntry {
    /// Returns whether the worker signed the entry, by whichever field the answer has. An edit removes the signature
    /// (hazard D18).
    pub fn is_signed(&self) -> bool {
        self.signed == Some(true) || self.procore_signature.is_some()
    }
}

/// One changed field in the history of an entry. `Debug` shows which field and when: the values may name people.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RecordedChange {
    /// The field, as Procore names it, such as `hours`.
    #[serde(default)]
    pub column: Option<String>,
    /// The value before, as text; `None` where it was empty.
    #[serde(default, deserialize_with = "text")]
    pub old_value: Option<String>,
    /// The value after, as text; `None` where it was emptied.
    #[serde(default, deserialize_with = "text")]
    pub new_value: Option<String>,
    /// When it was changed, as Procore writes it. The form is not documented: `03/02/26 at 08:00 AM` was seen.
    #[serde(default)]
    pub created_at: Option<String>,
    /// Who changed it: a name for people, not an id.
    #[serde(default)]
    pub created_by: Option<String>,
}

impl std::fmt::Debug for RecordedChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordedChange")
            .field("column", &self.column)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

/// What creating and changing have in common: the project stands beside the entry.
#[derive(Serialize)]
pub(crate) struct Envelope<'a, T> {
    pub(crate) project_id: ProjectId,
    pub(crate) timecard_entry: &'a T,
}

/// Requests the company's entries of the days `start` to `end`, both included, of everyone or of one person. The days
/// are always sent, since without them Procore picks a period of its own (trap 13, hazard A13).
pub fn list(
    company: CompanyId,
    start: NaiveDate,
    end: NaiveDate,
    party: Option<PersonId>,
) -> Endpoint<Vec<TimecardEntry>> {
    let list = of(Endpoint::get, company)
        .query("start_date", start)
        .query("end_date", end);
    match party {
        Some(party) => list.query("filters[party_id][]", party),
        None => list,
    }
}

/// Requests the entries of one project and of the days `start` to `end`, both included. They carry no project. The days
/// are always sent, since without them Procore lists today's only (trap 13).
pub fn of_project(project: ProjectId, start: NaiveDate, end: NaiveDate) -> Endpoint<Vec<TimecardEntry>> {
    Endpoint::get("rest/v1.0/projects")
        .segment(project)
        .segment("timecard_entries")
        .query("start_date", start)
        .query("end_date", end)
}

/// Requests the recorded changes of an entry. Not paged.
pub fn change_history(company: CompanyId, entry: TimecardEntryId) -> Endpoint<Vec<RecordedChange>> {
    of(Endpoint::get, company).segment(entry).segment("change_history")
}

/// Requests one entry.
pub fn show(company: CompanyId, entry: TimecardEntryId) -> Endpoint<TimecardEntry> {
    of(Endpoint::get, company).segment(entry)
}

/// Requests the deletion of an entry. It is sent once: repeated, it would take away what the office had put back. Procore keeps the entry and marks it as deleted.
pub fn delete(company: CompanyId, entry: TimecardEntryId) -> Endpoint<TimecardEntry> {
    of(Endpoint::delete, company).segment(entry).once()
}

pub(crate) fn of<T>(method: fn(&'static str) -> Endpoint<T>, company: CompanyId) -> Endpoint<T> {
    method("rest/v1.0/companies")
        .segment(company)
        .segment("timecard_entries")
}

/// Requests the entries of the days `start` to `end` that were deleted in the days of `deleted`, which are Procore's (UTC).
pub fn deleted(
    company: CompanyId,
    start: NaiveDate,
    end: NaiveDate,
    deleted: &RangeInclusive<NaiveDate>,
) -> Endpoint<Vec<TimecardEntry>> {
    let range = format!("{}...{}", deleted.start(), deleted.end());
    list(company, start, end, None).query("filters[deleted_at]", range)
}

impl Client {
    /// The company's entries of the days `start` to `end`, both included, that were deleted in the days of `deleted`. What a
    /// service lists that does not know the filter has no `deleted_at`.
    pub fn deleted_timecard_entries(
        &self,
        start: NaiveDate,
        end: NaiveDate,
        deleted: RangeInclusive<NaiveDate>,
    ) -> List<TimecardEntry> {
        let request = self::deleted(self.company(), start, end, &deleted);
        self.list(request, |entry| entry.id.to_string())
    }

    /// The company's entries of the days `start` to `end`, both included, of everyone or of one person. Deleted entries
    /// are not among them.
    pub fn timecard_entries(&self, start: NaiveDate, end: NaiveDate, party: Option<PersonId>) -> List<TimecardEntry> {
        self.list(list(self.company(), start, end, party), |entry| entry.id.to_string())
    }

    /// The entries of one project and of the days `start` to `end`, both included. They carry no project.
    pub fn project_timecard_entries(
        &self,
        project: ProjectId,
        start: NaiveDate,
        end: NaiveDate,
    ) -> List<TimecardEntry> {
        self.list(of_project(project, start, end), |entry| entry.id.to_string())
    }

    /// Returns what was changed in an entry, in Procore's order.
    ///
    /// # Errors
    ///
    /// [`linx_http::ErrorKind::NotFound`] where the entry is deleted or never was; otherwise as [every
    /// request](crate::guide::errors).
    pub async fn timecard_entry_history(&self, entry: TimecardEntryId) -> Result<Vec<RecordedChange>, Error> {
        self.send(&change_history(self.company(), entry)).await
    }

    /// Returns one entry as it is now.
    ///
    /// # Errors
    ///
    /// [`linx_http::ErrorKind::NotFound`] where it is deleted or never was; otherwise as [every
    /// request](crate::guide::errors).
    pub async fn timecard_entry(&self, entry: TimecardEntryId) -> Result<TimecardEntry, Error> {
        self.send(&show(self.company(), entry)).await
    }

    /// Deletes an entry and returns it as it was last. It is never repeated: after an unknown outcome read the entry.
    ///
    /// # Errors
    ///
    /// [`linx_http::ErrorKind::NotFound`] where it is gone already, and a refusal where it is approved or completed
    /// (trap 16); otherwise as [every request](crate::guide::errors).
    pub async fn delete_timecard_entry(&self, entry: TimecardEntryId) -> Result<TimecardEntry, Error> {
        self.send(&delete(self.company(), entry)).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const COMPANY: CompanyId = CompanyId::new(8);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a13_the_days_are_always_told() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let days = [pair("start_date", "2026-03-02"), pair("end_date", "2026-03-15")];
        let everyone = list(COMPANY, day("2026-03-02"), day("2026-03-15"), None);
        assert_eq!(everyone.operation(), "GET /rest/v1.0/companies/8/timecard_entries");
        assert_eq!(everyone.query_pairs(), days);
        let one = list(COMPANY, day("2026-03-02"), day("2026-03-15"), Some(PersonId::new(5)));
        assert_eq!(one.query_pairs()[..2], days);
        assert_eq!(one.query_pairs()[2], pair("filters[party_id][]", "5"));
    }

    #[test]
    fn a13_a_projects_days_are_always_told() {
        let request = of_project(ProjectId::new(3), day("2026-03-02"), day("2026-03-15"));
        assert_eq!(request.operation(), "GET /rest/v1.0/projects/3/timecard_entries");
        let names: Vec<_> = request.query_pairs().iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["start_date", "end_date"]);
    }

    #[test]
    fn a14_debug_of_a_change_shows_no_values() {
        let request = change_history(COMPANY, TimecardEntryId::new(7));
        let path = "GET /rest/v1.0/companies/8/timecard_entries/7/change_history";
        assert_eq!(request.operation(), path);
        let change: RecordedChange = serde_json::from_value(json!({"column": "hours", "old_value": 7.5,
            "new_value": "8.0", "created_at": "03/02/26 at 08:00 AM", "created_by": "Ana Delgado"}))
        .unwrap();
        assert_eq!(change.old_value.as_deref(), Some("7.5"));
        let text = format!("{change:?}");
        assert!(
            text.contains("hours") && !text.contains("7.5") && !text.contains("Ana"),
            "{text}"
        );
    }

    #[test]
    fn one_entry_is_shown_and_deleted_by_its_id() {
        let id = TimecardEntryId::new(7);
        assert_eq!(
            show(COMPANY, id).operation(),
            "GET /rest/v1.0/companies/8/timecard_entries/7"
        );
        assert_eq!(
            delete(COMPANY, id).operation(),
            "DELETE /rest/v1.0/companies/8/timecard_entries/7"
        );
    }

    #[test]
    fn an_entry_is_read_with_empty_associations_and_unknown_values() {
        let entry: TimecardEntry = serde_json::from_value(json!({
            "id": 91, "date": "2026-03-02", "hours": "8.0", "time_in": "2018-11-01T08:00:00Z", "lunch_time": 30,
            "approval_status": "audited", "origin_id": 5, "party": {"id": 1, "name": "Ana Delgado"},
            "crew": {"id": null, "name": null}, "sub_job": {"id": null, "name": null, "code": null},
            "cost_code": null, "timecard_time_type": {"id": 9185, "time_type": "Regular Time"},
            "created_at": "2026-03-02T15:00:00.000-07:00", "pay_period_id": 4,
        }))
        .unwrap();
        assert_eq!(entry.hours.as_deref(), Some("8.0"));
        assert_eq!(entry.lunch_time.as_deref(), Some("30"));
        assert_eq!(entry.origin_id.as_deref(), Some("5"));
        assert_eq!(
            entry.approval_status,
            Some(ApprovalStatus::Unknown("audited".to_owned()))
        );
        assert_eq!((entry.sub_job.clone(), entry.cost_code.clone()), (None, None));
        assert_eq!(
            entry.timecard_time_type.clone().map(|kind| kind.id),
            Some(TimeTypeId::new(9185))
        );
        assert_eq!(format!("{entry:?}"), "TimecardEntry { id: TimecardEntryId(91), .. }");
    }
}
