//! The tables of the imitated company.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::ids::{
    CompanyId, CostCodeId, LineItemTypeId, ListId, PersonId, ProjectId, ProjectStageId, SegmentId, StandardCostCodeId,
    SubJobId, TimeTypeId, TimecardEntryId, TimesheetId, UserId, WbsCodeId, WorkClassificationId,
};
use crate::line_item_types::{BaseType, LineItemType};
use crate::timecards::ApprovalStatus;
use crate::timesheets::TimesheetStatus;

use super::SANDBOX_COMPANY_ID;
use super::limits::Window;

/// The segment of cost codes in the work breakdown structure.
pub const CODE_SEGMENT: SegmentId = SegmentId::new(6601);
/// The one list of company cost codes.
pub const CODE_LIST: ListId = ListId::new(5501);

/// How long a token lives (reference section 1.2).
pub(super) const TOKEN_LIFE: Duration = Duration::seconds(5400);

/// Everything that the sandbox knows. Tables are public: a test changes them as people would.
#[derive(Debug)]
pub struct State {
    /// The company.
    pub company: CompanyId,
    /// The company's name.
    pub company_name: String,
    /// The settings about time.
    pub configuration: Configuration,
    /// The directory.
    pub people: BTreeMap<PersonId, Person>,
    /// Who is in which project's directory.
    pub members: BTreeSet<(ProjectId, PersonId)>,
    /// The projects whose Timesheets tool is off: 403 for everything of timesheets.
    pub timesheets_off: BTreeSet<ProjectId>,
    /// The work classifications.
    pub work_classifications: BTreeMap<WorkClassificationId, WorkClassification>,
    /// Whether the application is installed; without, tokens are given and everything but companies is refused.
    pub installed: bool,
    /// The projects.
    pub projects: BTreeMap<ProjectId, Project>,
    /// The sub jobs of all projects.
    pub sub_jobs: BTreeMap<SubJobId, SubJob>,
    /// The company's lists of cost codes, by name.
    pub code_lists: BTreeMap<ListId, String>,
    /// The company's cost codes, divisions and leaves.
    pub company_codes: BTreeMap<StandardCostCodeId, CompanyCode>,
    /// The cost codes of all projects and sub jobs.
    pub project_codes: BTreeMap<CostCodeId, ProjectCode>,
    /// The cost types.
    pub line_item_types: BTreeMap<LineItemTypeId, LineItemType>,
    /// The time types.
    pub time_types: BTreeMap<TimeTypeId, TimeType>,
    /// The timecard entries, deleted ones too.
    pub entries: BTreeMap<TimecardEntryId, Entry>,
    /// The timesheets of all projects.
    pub timesheets: BTreeMap<TimesheetId, Timesheet>,
    /// What was changed in the entries, in order.
    pub changes: Vec<Change>,
    /// The company's overtime rule, where Procore's time types are to be set by it (hazard D16).
    pub overtime: Option<OvertimeRule>,
    /// Whether the company is enrolled for the experimental bulk create; 403 otherwise.
    pub bulk_create_enabled: bool,
    /// Whether the two bulk creates keep the good entries beside a bad one. What Procore does is not documented:
    /// `false` refuses all of them with 422.
    pub bulk_create_keeps_good_ones: bool,
    /// The most rows that any page holds, where that is lowered below what the list allows (hazard A4).
    pub max_per_page: Option<usize>,
    /// How many requests an hour allows.
    pub hourly_limit: u32,
    /// How many ten seconds allow; as many as there are without (hazard A8).
    pub ten_second_limit: Option<u32>,
    /// Projects that the credential may not see, with the 403 or 404 that answers whatever lies beneath them (reference
    /// section 1.3). They are in no list of projects.
    pub hidden_projects: BTreeMap<ProjectId, http::StatusCode>,
    /// What is wrong with the lists whose path holds the text.
    pub list_faults: Vec<(String, ListFault)>,
    /// What people do between two pages of a list, each once, in order (hazard A3).
    pub between_pages: Vec<Between>,
    /// What a page of a list without `per_page` holds.
    pub(super) default_per_page: usize,
    pub(super) tokens: BTreeMap<String, GivenToken>,
    /// Codes that wait to be turned into tokens, and when they end.
    pub(super) codes: BTreeMap<String, DateTime<Utc>>,
    pub(super) tokens_given: u32,
    pub(super) next_entry: u64,
    pub(super) requests: u64,
    pub(super) windows: [Window; 2],
}

/// A token that was given.
#[derive(Debug)]
pub(super) struct GivenToken {
    pub(super) ends_at: DateTime<Utc>,
    /// The refresh token that came with it.
    pub(super) refresh: Option<String>,
}

/// A timesheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Timesheet {
    /// The project.
    pub project: ProjectId,
    /// The day.
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
pub struct Change {
    /// The entry.
    pub entry: TimecardEntryId,
    /// The field, as Procore names it.
    pub column: &'static str,
    /// What it was.
    pub old: Option<String>,
    /// What it became.
    pub new: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Hours over so many a day become an entry of their own. It applies to entries that ask for it, to those that tell no
/// time type, and where it is `always` applied to all: what Procore does then is not documented.
#[derive(Debug, Clone, Copy)]
pub struct OvertimeRule {
    /// Whole hours of a person's day that are regular.
    pub daily_hours: u32,
    /// The time type of those.
    pub regular: TimeTypeId,
    /// The time type of the hours over.
    pub overtime: TimeTypeId,
    /// Whether it applies to entries that tell their time type, too.
    pub always: bool,
}

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListFault {
    /// It does not tell its total (hazard A6).
    NoTotal,
    /// It tells this total, whatever it holds (hazard A6).
    WrongTotal(usize),
    /// Every page has the rows of the first and a link to a next one (hazard A6).
    ForEver,
    /// Its links lead to this origin (hazard A7).
    ForeignLinks(url::Url),
}

/// What people do after a page was answered.
pub struct Between {
    pub(super) path: String,
    pub(super) page: usize,
    pub(super) act: Box<dyn FnOnce(&mut State) + Send>,
}

impl Between {
    /// `act`, as soon as this page of a list whose path holds `path` was answered.
    pub fn new(path: &str, page: usize, act: impl FnOnce(&mut State) + Send + 'static) -> Self {
        Self {
            path: path.to_owned(),
            page,
            act: Box::new(act),
        }
    }
}

impl std::fmt::Debug for Between {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Between")
            .field("path", &self.path)
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}

/// The company's settings about time.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// 0 is Sunday.
    pub week_start_day: u8,
    /// Whether every employee can be put on every project's timecards.
    pub employees_see_all_projects: bool,
    /// The projects that take start and stop times.
    pub start_stop_projects: Vec<ProjectId>,
    /// Whether timecards take task codes.
    pub task_codes: bool,
    /// The rule and the minutes by which clock times are rounded.
    pub rounding: Option<(String, u32)>,
    /// The cost type that hours get where none is given.
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
    /// The login.
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
}

/// A cost code of a project or of a sub job.
#[derive(Debug, Clone)]
pub struct ProjectCode {
    /// The project.
    pub project: ProjectId,
    /// The sub job that owns it, or else the project does.
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
    /// Its id.
    pub id: TimecardEntryId,
    /// The project.
    pub project: ProjectId,
    /// The day.
    pub date: NaiveDate,
    /// Decimal hours, without needless zeros but with one decimal: `8.0`, `0.33`.
    pub hours: Option<String>,
    /// When the work began, by the place's clock labelled UTC (trap 22); on projects that take start and stop.
    pub time_in: Option<DateTime<Utc>>,
    /// When it ended, likewise.
    pub time_out: Option<DateTime<Utc>>,
    /// Minutes of meal that were taken off.
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
    /// Whether the worker signed it; an edit removes the signature (reference section 7.1).
    pub signed: bool,
    /// The timesheet that it lies in.
    pub timesheet: Option<TimesheetId>,
    /// The entry that the overtime rule made this one of.
    pub split_of: Option<TimecardEntryId>,
    /// The key of its writer.
    pub origin_id: Option<String>,
    /// What its writer kept with it.
    pub origin_data: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// The usual cost types; labor is what hours need.
pub(super) const LABOR: LineItemTypeId = LineItemTypeId::new(50_887);
pub(super) const MATERIALS: LineItemTypeId = LineItemTypeId::new(50_888);
pub(super) const EQUIPMENT: LineItemTypeId = LineItemTypeId::new(50_889);

impl State {
    pub(super) fn new() -> Self {
        Self {
            company: SANDBOX_COMPANY_ID,
            company_name: "Mesa Prairie Builders".to_owned(),
            configuration: Configuration {
                week_start_day: 1,
                employees_see_all_projects: true,
                start_stop_projects: Vec::new(),
                task_codes: false,
                rounding: None,
                default_cost_type: None,
            },
            people: BTreeMap::new(),
            members: BTreeSet::new(),
            timesheets_off: BTreeSet::new(),
            work_classifications: BTreeMap::new(),
            installed: true,
            projects: BTreeMap::new(),
            sub_jobs: BTreeMap::new(),
            code_lists: BTreeMap::from([(CODE_LIST, "Master list".to_owned())]),
            company_codes: BTreeMap::new(),
            project_codes: BTreeMap::new(),
            line_item_types: line_item_types(),
            time_types: time_types(),
            entries: BTreeMap::new(),
            timesheets: BTreeMap::new(),
            changes: Vec::new(),
            overtime: None,
            bulk_create_enabled: true,
            bulk_create_keeps_good_ones: false,
            max_per_page: None,
            hourly_limit: 3600,
            ten_second_limit: None,
            hidden_projects: BTreeMap::new(),
            list_faults: Vec::new(),
            between_pages: Vec::new(),
            default_per_page: 100,
            tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
            tokens_given: 0,
            next_entry: 91_000_001,
            requests: 0,
            windows: [Window::default(); 2],
        }
    }

    /// Makes every token that was given invalid.
    pub fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    /// How many tokens were given so far.
    pub fn tokens_given(&self) -> u32 {
        self.tokens_given
    }

    /// The entries that are not deleted, by id.
    pub fn live_entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(|entry| entry.deleted_at.is_none())
    }

    /// Whether a person is in a project's directory.
    pub fn is_member(&self, project: ProjectId, person: PersonId) -> bool {
        self.members.contains(&(project, person))
    }

    /// The whole code of a company code, such as `03-300`.
    pub fn full_code(&self, code: &CompanyCode) -> String {
        let division = code.parent.and_then(|parent| self.company_codes.get(&parent));
        match division {
            Some(division) => format!("{}-{}", division.code, code.code),
            None => code.code.clone(),
        }
    }
}

fn line_item_types() -> BTreeMap<LineItemTypeId, LineItemType> {
    [
        (LABOR, "Labor", "L", BaseType::Labor),
        (MATERIALS, "Materials", "M", BaseType::Materials),
        (EQUIPMENT, "Equipment", "E", BaseType::Equipment),
    ]
    .into_iter()
    .map(|(id, name, code, base_type)| {
        let kind = LineItemType {
            id,
            name: Some(name.to_owned()),
            code: Some(code.to_owned()),
            base_type: Some(base_type),
        };
        (id, kind)
    })
    .collect()
}

fn time_types() -> BTreeMap<TimeTypeId, TimeType> {
    [
        (9185, "Regular Time", "REG"),
        (9186, "Overtime", "OT"),
        (9187, "Double Time", "DT"),
        (9188, "PTO", "PTO"),
    ]
    .into_iter()
    .map(|(id, label, abbreviation)| {
        let kind = TimeType {
            label: label.to_owned(),
            abbreviation: abbreviation.to_owned(),
        };
        (TimeTypeId::new(id), kind)
    })
    .collect()
}
