//! The rows of the imitated company's tables.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::ids::{
    CostCodeId, LineItemTypeId, ListId, PersonId, ProjectId, ProjectStageId, StandardCostCodeId, SubJobId, TimeTypeId,
    TimecardEntryId, TimesheetId, UserId, WbsCodeId, WorkClassificationId,
};
use crate::timecards::ApprovalStatus;
use crate::timesheets::TimesheetStatus;

/// A timesheet: one project's folder of entries for one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Timesheet {
    /// The project that it belongs to.
    pub project: ProjectId,
    /// The day of its entries.
    pub date: NaiveDate,
    /// Its number among those of the project's day, from 1.
    pub number: usize,
    /// How far it is approved.
    pub status: TimesheetStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// One changed field of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedChange {
    /// The entry that was changed.
    pub entry: TimecardEntryId,
    /// The field, as Procore names it.
    pub column: &'static str,
    /// The value before, as text; `None` where it was empty.
    pub old: Option<String>,
    /// The value after, as text; `None` where it was emptied.
    pub new: Option<String>,
    /// When it was changed.
    pub at: DateTime<Utc>,
}

/// The company's settings about time.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// The first day of the work week; 0 is Sunday.
    pub week_start_day: u8,
    /// Whether every employee can stand on every project's timecards. Where not, only members of its directory can.
    pub employees_see_all_projects: bool,
    /// The projects that take start and stop times; every other takes total hours.
    pub start_stop_projects: Vec<ProjectId>,
    /// Whether timecards take task codes.
    pub task_codes: bool,
    /// The direction (`up`, `down`, or anything else for the nearest) and the step in minutes to which clock times are
    /// rounded.
    pub rounding: Option<(String, u32)>,
    /// The cost type that the settings name for hours without one. Entries keep what they were sent with.
    pub default_cost_type: Option<LineItemTypeId>,
}

/// A person of the directory.
#[derive(Debug, Clone)]
pub struct Person {
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The number that payroll knows.
    pub employee_id: Option<String>,
    /// Whether the person is an employee.
    pub is_employee: bool,
    /// Whether the person is active.
    pub is_active: bool,
    /// The user that the person logs in as; `None` for people without a login.
    pub user_id: Option<UserId>,
    /// The email address.
    pub email: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
}

/// A work classification.
#[derive(Debug, Clone)]
pub struct WorkClassification {
    /// Its name.
    pub name: String,
    /// Its abbreviation.
    pub abbreviation: String,
    /// The projects that have it; all of them when empty.
    pub projects: BTreeSet<ProjectId>,
}

/// A project.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Whether it is active.
    pub active: bool,
    /// Its stage, with the stage's id.
    pub stage: Option<(ProjectStageId, String)>,
    /// Whether it is a demonstration.
    pub demo: bool,
    /// Whether it is a template.
    pub template: bool,
    /// The street address.
    pub address: String,
    /// The city.
    pub city: String,
    /// The state's code.
    pub state: String,
    /// The postal code.
    pub zip: String,
    /// Degrees north and east.
    pub position: (f64, f64),
    /// The time zone's Rails name.
    pub time_zone: String,
    /// The time zone's IANA name.
    pub tz_name: String,
}

/// A sub job.
#[derive(Debug, Clone)]
pub struct SubJob {
    /// The project that it is a part of.
    pub project: ProjectId,
    /// Its code, unique in the project.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A cost code of the company: a division or a leaf.
#[derive(Debug, Clone)]
pub struct CompanyCode {
    /// The list that it is in.
    pub list: ListId,
    /// The last part of its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The division; `None` for a division itself.
    pub parent: Option<StandardCostCodeId>,
    /// Whether it is in use. The older, deprecated lists do not tell.
    pub active: bool,
}

/// A cost code of a project or of a sub job.
#[derive(Debug, Clone)]
pub struct ProjectCode {
    /// The project that it belongs to.
    pub project: ProjectId,
    /// The sub job that owns it; `None` where the project does.
    pub sub_job: Option<SubJobId>,
    /// The company code that it was made from, which gives it its code and name.
    pub standard: StandardCostCodeId,
    /// The cost types that it offers.
    pub line_item_types: BTreeSet<LineItemTypeId>,
}

/// A time type.
#[derive(Debug, Clone)]
pub struct TimeType {
    /// Its label.
    pub label: String,
    /// Its abbreviation.
    pub abbreviation: String,
}

/// A timecard entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The entry's id.
    pub id: TimecardEntryId,
    /// The project that the hours are booked to.
    pub project: ProjectId,
    /// The work day.
    pub date: NaiveDate,
    /// Decimal hours without needless zeros but with one decimal, such as `8.0` or `0.33`. `None` on a project of start
    /// and stop where one of them is missing.
    pub hours: Option<String>,
    /// When the work began, by the clock at the work place labelled UTC (trap 22); on projects that take start and
    /// stop.
    pub time_in: Option<DateTime<Utc>>,
    /// When the work ended, in the same form as `time_in`.
    pub time_out: Option<DateTime<Utc>>,
    /// Minutes of unpaid meal that were taken off.
    pub lunch_minutes: Option<u32>,
    /// Who worked.
    pub party: Option<PersonId>,
    /// The sub job.
    pub sub_job: Option<SubJobId>,
    /// The cost code.
    pub cost_code: Option<CostCodeId>,
    /// The cost type.
    pub line_item_type: Option<LineItemTypeId>,
    /// The task code.
    pub wbs_code: Option<WbsCodeId>,
    /// The time type.
    pub time_type: Option<TimeTypeId>,
    /// The work classification.
    pub classification: Option<WorkClassificationId>,
    /// Whether it is billable.
    pub billable: bool,
    /// The text for people.
    pub description: Option<String>,
    /// How far it is approved.
    pub status: ApprovalStatus,
    /// Whether the worker signed it. An edit removes the signature (procore-api.md section 7.1).
    pub signed: bool,
    /// The timesheet that holds it; `None` for an individual entry.
    pub timesheet: Option<TimesheetId>,
    /// The entry that the overtime rule split this one off; `None` for one that was sent.
    pub split_of: Option<TimecardEntryId>,
    /// The key that its writer gave it.
    pub origin_id: Option<String>,
    /// Text that its writer keeps with it.
    pub origin_data: Option<String>,
    /// The user who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; `None` for one that is there.
    pub deleted_at: Option<DateTime<Utc>>,
}
