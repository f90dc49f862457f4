//! What the office has: workers, projects, sub-jobs, cost codes, time types and settings.

use serde::{Deserialize, Serialize};

use chrono::NaiveDate;

use super::called;
use super::ids::{
    ClassificationId, CodeListId, CompanyCodeId, LineItemTypeId, ProjectCodeId, ProjectId, SubJobId, TimeTypeId,
    TimesheetId, WbsCodeId, WorkerId,
};

/// A person of the company directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// The person's id, which is the `party_id` of timecards.
    pub id: WorkerId,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The employee number, with its leading zeros (hazard C7).
    pub number: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Whether the person is marked as an employee of the company.
    pub is_employee: bool,
    /// Whether the person is active in the directory.
    pub active: bool,
}

impl Worker {
    /// Makes an active employee of whom only this is known.
    pub fn of(id: WorkerId, number: &str, last_name: &str) -> Self {
        Self {
            id,
            first_name: None,
            last_name: Some(last_name.to_owned()),
            number: Some(number.to_owned()),
            email: None,
            job_title: None,
            is_employee: true,
            active: true,
        }
    }
}

/// A postal address; any part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number.
    pub line1: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province code.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country code.
    pub country: Option<String>,
}

/// A project of the company, which becomes a location in ExakTime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Procore's id, unique in the company.
    pub id: ProjectId,
    /// The customer's project number, such as `24-002`; without one, a project has no place in ExakTime.
    pub number: Option<String>,
    /// The name without the number.
    pub name: String,
    /// Whether it is open; a closed project refuses new entries (hazard C10).
    pub active: bool,
    /// Whether it is Procore's demonstration project.
    pub demo: bool,
    /// Whether it is a template.
    pub template: bool,
    /// The label of its stage, such as `Bidding`; companies make their own.
    pub stage: Option<String>,
    /// The address of the site.
    pub address: Address,
    /// Degrees north, as decimal text.
    pub latitude: Option<String>,
    /// Degrees east, as decimal text.
    pub longitude: Option<String>,
    /// The name of its time zone, IANA's or Procore's own; see [`Zone`](super::Zone).
    pub time_zone: Option<String>,
}

impl Project {
    /// Whether a person means this project by a word: its number or its id, exactly as written.
    pub fn is_called(&self, word: &str) -> bool {
        let id = self.id.to_string();
        called::is_called(word, [self.number.as_deref()], Some(&id), called::exact)
    }

    /// Makes an active project of which only this is known.
    pub fn of(id: ProjectId, number: &str, name: &str) -> Self {
        Self {
            id,
            number: Some(number.to_owned()),
            name: name.to_owned(),
            active: true,
            demo: false,
            template: false,
            stage: None,
            address: Address::default(),
            latitude: None,
            longitude: None,
            time_zone: None,
        }
    }
}

/// A part of a project with a code of its own, which becomes a location of its own in ExakTime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubJob {
    /// The project that it is a part of.
    pub project: ProjectId,
    /// Procore's id, unique in the project only (hazard C9).
    pub id: SubJobId,
    /// Its code, unique in the project only (hazard C9).
    pub code: String,
    /// The name without the code.
    pub name: String,
}

/// A list of company cost codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeList {
    /// Procore's id of the list.
    pub id: CodeListId,
    /// The name by which people know it, such as `Master list`.
    pub name: String,
}

/// A code of the company's own list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyCostCode {
    /// Procore's id; no timecard takes it (procore-api.md trap 5).
    pub id: CompanyCodeId,
    /// The full code with its parents' codes, such as `03-300`.
    pub full_code: String,
    /// The name without the code, such as `Concrete`.
    pub name: String,
    /// The list it is in, where the company's structure tells.
    pub list: Option<CodeList>,
    /// Whether it has no codes beneath it; only such codes take time.
    pub leaf: bool,
    /// Whether it is in use; one that is not is closed in ExakTime too.
    pub active: bool,
}

/// A cost type: what sort of cost an amount on a code is, such as labor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineItemType {
    /// Procore's id of the cost type.
    pub id: LineItemTypeId,
    /// What it is at bottom: `labor`, `materials`, or another text.
    pub base_type: String,
}

impl LineItemType {
    /// Whether hours of this type reach the budget as labor.
    pub fn is_labor(&self) -> bool {
        self.base_type.eq_ignore_ascii_case("labor")
    }
}

/// A code of one project or sub-job, as timecards want it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectCostCode {
    /// Procore's id, as timecards take it.
    pub id: ProjectCodeId,
    /// The full code, such as `03-300`.
    pub full_code: String,
    /// The company code it was copied from.
    pub company_code: Option<CompanyCodeId>,
    /// The cost types allowed for it.
    pub line_item_types: Vec<LineItemType>,
}

/// A task code of a project: a cost code with a cost type, where the company's timecards take such codes
/// (procore-api.md section 6.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskCode {
    /// Procore's id, as timecards take it instead of a cost code.
    pub id: WbsCodeId,
    /// Its cost code in full, such as `03-300`.
    pub cost_code: String,
    /// What its cost type is at bottom, such as `labor`; empty where nothing tells.
    pub base_type: String,
    /// The code of its sub-job, where it has one.
    pub sub_job: Option<String>,
    /// Whether it is in use; hours are booked to no other.
    pub active: bool,
}

impl TaskCode {
    /// Whether hours on it reach the budget as labor.
    pub fn is_labor(&self) -> bool {
        self.base_type.eq_ignore_ascii_case("labor")
    }
}

/// A work classification, such as a trade on a certified payroll (hazard D20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classification {
    /// Procore's id of the classification.
    pub id: ClassificationId,
    /// The name, by which settings and rules name it.
    pub name: String,
    /// The abbreviation, by which settings and rules may name it as well.
    pub abbreviation: Option<String>,
    /// The projects that have it; `None` means all.
    pub projects: Option<Vec<ProjectId>>,
    /// Whether it is in use. Procore deletes those that are not, so that what is listed is.
    pub active: bool,
}

/// A timesheet: the folder of one project's day (procore-api.md section 7.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timesheet {
    /// Procore's id of the timesheet.
    pub id: TimesheetId,
    /// The day whose entries it holds.
    pub date: NaiveDate,
    /// Whether it is pending. Only then are entries added to it.
    pub pending: bool,
}

/// A time type: how payroll pays hours, such as regular time or overtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeType {
    /// Procore's id, as timecards take it.
    pub id: TimeTypeId,
    /// Its label, such as `Regular Time`; companies rename them.
    pub label: String,
}

/// The company's settings that bear on time (procore-api.md section 4.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeSettings {
    /// Projects that take start and stop instead of hours.
    pub start_stop_projects: Vec<ProjectId>,
    /// Whether every employee may be put on every project's timecards.
    pub employees_on_all_projects: bool,
    /// The cost type that hours get where a code offers several for labor.
    pub default_cost_type: Option<LineItemTypeId>,
    /// Whether timecards take task codes instead of cost code and cost type.
    #[serde(default)]
    pub task_codes: bool,
    /// The rounding Procore applies, in words, when it applies any (hazard D12).
    pub rounding: Option<String>,
}
