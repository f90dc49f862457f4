//! Timecard entries: one person, one day, one cost code, some hours (procore-api.md section 7).
//!
//! They are read and deleted here, made by [`crate::drafts`] and changed by [`crate::edits`].
//!
//! There is no upsert and no filter by `origin_id`: after an unknown outcome the day is read back and compared before
//! anything is sent again (trap 14, hazard A1).

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
    /// How far an entry is approved. Approved and completed ones refuse edits and deletes (trap 16).
    ApprovalStatus {
        /// Nobody looked at it yet.
        Pending = "pending",
        /// Looked at.
        Reviewed = "reviewed",
        /// Approved.
        Approved = "approved",
        /// Done with.
        Completed = "completed",
    }
}

/// A timecard entry. `Debug` shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct TimecardEntry {
    /// Its id.
    pub id: TimecardEntryId,
    /// Its day. `None` where Procore dropped one that it could not read (hazard A13).
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Decimal hours as text, such as `8.0`.
    #[serde(default, deserialize_with = "text")]
    pub hours: Option<String>,
    /// The place's clock time labelled UTC, where the project takes start and stop (trap 22).
    #[serde(default)]
    pub time_in: Option<DateTime<Utc>>,
    /// The same for the end.
    #[serde(default)]
    pub time_out: Option<DateTime<Utc>>,
    /// Minutes, as text.
    #[serde(default, deserialize_with = "text")]
    pub lunch_time: Option<String>,
    /// Whether it is billable.
    #[serde(default)]
    pub billable: Option<bool>,
    /// What was written about it.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether somebody is still clocked in on it.
    #[serde(default)]
    pub in_progress: Option<bool>,
    /// How far it is approved.
    #[serde(default)]
    pub approval_status: Option<ApprovalStatus>,
    /// Who worked.
    #[serde(default, deserialize_with = "association")]
    pub party: Option<Named<PersonId>>,
    /// On which project.
    #[serde(default, deserialize_with = "association")]
    pub project: Option<Named<ProjectId>>,
    /// On which sub job.
    #[serde(default, deserialize_with = "association")]
    pub sub_job: Option<Named<SubJobId>>,
    /// On what.
    #[serde(default, deserialize_with = "association")]
    pub cost_code: Option<Named<CostCodeId>>,
    /// Under which cost type.
    #[serde(default)]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// As which kind of time. It carries no name here.
    #[serde(default, deserialize_with = "association")]
    pub timecard_time_type: Option<Named<TimeTypeId>>,
    /// The timesheet that it lies in; `None` for an individual entry.
    #[serde(default, deserialize_with = "association")]
    pub timesheet: Option<Named<TimesheetId>>,
    /// The crew that it was entered for.
    #[serde(default, deserialize_with = "association")]
    pub crew: Option<Named<CrewId>>,
    /// Where on the project (the project's list only).
    #[serde(default, deserialize_with = "association")]
    pub location: Option<Named<LocationId>>,
    /// The login of who worked; `None` for people without.
    #[serde(default, deserialize_with = "association")]
    pub login_information: Option<Named<UserId>>,
    /// The login that made it.
    #[serde(default, deserialize_with = "association")]
    pub created_by: Option<Named<UserId>>,
    /// Whether the worker signed it (the project's list only; the company's has the signature). An edit removes it.
    #[serde(default)]
    pub signed: Option<bool>,
    /// The worker's signature (the company's entries only).
    #[serde(default, deserialize_with = "association")]
    pub procore_signature: Option<Named<SignatureId>>,
    /// On which task code. Not documented here; answers were seen that tell it (procore-api.md section 7.3).
    #[serde(default)]
    pub wbs_code_id: Option<WbsCodeId>,
    /// As what. Not documented here either.
    #[serde(default)]
    pub work_classification_id: Option<WorkClassificationId>,
    /// What kind of entry it is; the values are not documented.
    #[serde(default)]
    pub timecard_type: Option<String>,
    /// The entries that Procore's overtime rules made of the same hours (trap 12, hazard D16): this one is then a part.
    #[serde(default, deserialize_with = "or_default")]
    pub automatically_split_timecard_entries: Vec<TimecardEntry>,
    /// The id that its writer gave it, unique in the company.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
    /// What its writer kept with it.
    #[serde(default, deserialize_with = "text")]
    pub origin_data: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was deleted.
    #[serde(default)]
    pub deleted_at: Option<DateTime<Utc>>,
}

debug_by_id!(TimecardEntry);

impl TimecardEntry {
    /// Whether the worker signed it, by whichever field the answer has (hazard D18).
    pub fn is_signed(&self) -> bool {
        self.signed == Some(true) || self.procore_signature.is_some()
    }
}

/// One changed field of an entry. `Debug` shows which field and when: the values may name people.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RecordedChange {
    /// The field.
    #[serde(default)]
    pub column: Option<String>,
    /// What it was.
    #[serde(default, deserialize_with = "text")]
    pub old_value: Option<String>,
    /// What it became.
    #[serde(default, deserialize_with = "text")]
    pub new_value: Option<String>,
    /// When, as Procore writes it; the form is not documented.
    #[serde(default)]
    pub created_at: Option<String>,
    /// Who did it: a name, not an id.
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

/// The entries of the days `start` to `end`, both included, of everyone or of one person. The days are always told,
/// since Procore has a default of its own (hazard A13).
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

/// The entries of one project and of the days `start` to `end`, both included. They carry no project, and the days are
/// always told, since Procore would list today's only (trap 13).
pub fn of_project(project: ProjectId, start: NaiveDate, end: NaiveDate) -> Endpoint<Vec<TimecardEntry>> {
    Endpoint::get("rest/v1.0/projects")
        .segment(project)
        .segment("timecard_entries")
        .query("start_date", start)
        .query("end_date", end)
}

/// What was changed in an entry. Not paged.
pub fn change_history(company: CompanyId, entry: TimecardEntryId) -> Endpoint<Vec<RecordedChange>> {
    of(Endpoint::get, company).segment(entry).segment("change_history")
}

/// One entry.
pub fn show(company: CompanyId, entry: TimecardEntryId) -> Endpoint<TimecardEntry> {
    of(Endpoint::get, company).segment(entry)
}

/// Deletes an entry; Procore keeps it as deleted.
pub fn delete(company: CompanyId, entry: TimecardEntryId) -> Endpoint<TimecardEntry> {
    of(Endpoint::delete, company).segment(entry)
}

pub(crate) fn of<T>(method: fn(&'static str) -> Endpoint<T>, company: CompanyId) -> Endpoint<T> {
    method("rest/v1.0/companies")
        .segment(company)
        .segment("timecard_entries")
}

impl Client {
    /// The entries of the days `start` to `end`, both included, of everyone or of one person.
    pub fn timecard_entries(&self, start: NaiveDate, end: NaiveDate, party: Option<PersonId>) -> List<TimecardEntry> {
        self.list(list(self.company(), start, end, party), |entry| entry.id.to_string())
    }

    /// The entries of one project and of the days `start` to `end`, both included.
    pub fn project_timecard_entries(
        &self,
        project: ProjectId,
        start: NaiveDate,
        end: NaiveDate,
    ) -> List<TimecardEntry> {
        self.list(of_project(project, start, end), |entry| entry.id.to_string())
    }

    /// What was changed in an entry, in Procore's order.
    pub async fn timecard_entry_history(&self, entry: TimecardEntryId) -> Result<Vec<RecordedChange>, Error> {
        self.send(&change_history(self.company(), entry)).await
    }

    /// One entry.
    pub async fn timecard_entry(&self, entry: TimecardEntryId) -> Result<TimecardEntry, Error> {
        self.send(&show(self.company(), entry)).await
    }

    /// Deletes an entry and gives it as it was last. Approved and completed entries refuse. One that is gone already
    /// is an error of [`linx_http::ErrorKind::NotFound`].
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
