//! All that the imitation keeps, and the switches that a test may turn.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use super::application::SANDBOX_COMPANY_ID;
use super::limits::{Limits, Windows};
use super::tables::{
    CompanyCode, Configuration, Entry, Person, Project, ProjectCode, RecordedChange, SubJob, TimeType, Timesheet,
    WorkClassification,
};
use crate::ids::{
    CompanyId, CostCodeId, LineItemTypeId, ListId, PersonId, ProjectId, SegmentId, StandardCostCodeId, SubJobId,
    TimeTypeId, TimecardEntryId, TimesheetId, WorkClassificationId,
};
use crate::line_item_types::{BaseType, LineItemType};

/// The segment of cost codes in the company's work breakdown structure.
pub const CODE_SEGMENT: SegmentId = SegmentId::new(6601);
/// The list of company cost codes that every project uses.
pub const CODE_LIST: ListId = ListId::new(5501);

/// How long a token lives (procore-api.md section 1.2).
pub(super) const TOKEN_LIFE: Duration = Duration::seconds(5400);

/// What `origin_id` of a timecard entry takes: its pages do not agree (hazard B11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginIds {
    /// Any text.
    Text,
    /// Numbers; a text is refused with 422.
    Numbers,
}

/// Everything that the sandbox knows. The tables are public: a test changes them as people would in Procore's pages.
#[derive(Debug)]
pub struct State {
    /// The company that the application is connected to.
    pub company: CompanyId,
    /// The company's name.
    pub company_name: String,
    /// The settings about time.
    pub configuration: Configuration,
    /// The directory, inactive people among them.
    pub people: BTreeMap<PersonId, Person>,
    /// Who is in which project's directory.
    pub members: BTreeSet<(ProjectId, PersonId)>,
    /// The projects whose Timesheets tool is off: everything of timesheets is answered with 403 there.
    pub timesheets_off: BTreeSet<ProjectId>,
    /// The work classifications.
    pub work_classifications: BTreeMap<WorkClassificationId, WorkClassification>,
    /// Whether the application is installed. Where not, tokens are issued all the same, and everything but the list of
    /// companies is refused.
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
    /// The timecard entries, deleted ones among them.
    pub entries: BTreeMap<TimecardEntryId, Entry>,
    /// Entries that are there and that no list shows, as where rows move while pages are read (hazard A3).
    pub unlisted: BTreeSet<TimecardEntryId>,
    /// The timesheets of all projects.
    pub timesheets: BTreeMap<TimesheetId, Timesheet>,
    /// What was changed in the entries, oldest first.
    pub changes: Vec<RecordedChange>,
    /// The company's overtime rule. `None` leaves every entry's time type as it was sent (hazard D16).
    pub overtime: Option<OvertimeRule>,
    /// Whether the company is enrolled for the experimental bulk create; it is answered with 403 otherwise.
    pub bulk_create_enabled: bool,
    /// What `origin_id` of a timecard entry takes.
    pub origin_ids: OriginIds,
    /// Whether the two bulk creates keep the good entries beside a bad one. What Procore does is not documented:
    /// `false` refuses all of them with 422.
    pub bulk_create_keeps_good_ones: bool,
    /// The most rows that any page holds, where that is lower than what the list allows (hazard A4).
    pub max_per_page: Option<usize>,
    /// How many requests an hour allows.
    pub hourly_limit: u32,
    /// How many requests ten seconds allow; `None` for as many as there are (hazard A8).
    pub ten_second_limit: Option<u32>,
    /// Projects that the credential may not see, with the 403 or 404 that answers whatever is beneath them
    /// (procore-api.md section 1.3). They are in no list of projects.
    pub hidden_projects: BTreeMap<ProjectId, http::StatusCode>,
    /// What is wrong with lists: each fault applies to the lists whose path holds its text.
    pub list_faults: Vec<(String, ListFault)>,
    /// What people do between two pages of a list, each once, in order (hazard A3).
    pub between_pages: Vec<BetweenPages>,
    /// How many rows a page holds where the request does not say.
    pub(super) default_per_page: usize,
    pub(super) tokens: BTreeMap<String, IssuedToken>,
    /// Codes that wait to be turned into tokens, and when they end.
    pub(super) codes: BTreeMap<String, DateTime<Utc>>,
    pub(super) tokens_issued: u32,
    pub(super) next_entry: u64,
    pub(super) requests: u64,
    pub(super) windows: Windows,
}

/// A token that was given.
#[derive(Debug)]
pub(super) struct IssuedToken {
    pub(super) ends_at: DateTime<Utc>,
    /// The refresh token that came with it.
    pub(super) refresh: Option<String>,
}

/// Hours over so many a day become an entry of their own.
///
/// The rule applies to entries that ask for it, to entries without a time type, and where it is `always` applied, to
/// all. What Procore does in that case is not documented.
#[derive(Debug, Clone, Copy)]
pub struct OvertimeRule {
    /// Whole hours of a person's day that are regular.
    pub daily_hours: u32,
    /// The time type of regular hours.
    pub regular: TimeTypeId,
    /// The time type of the hours over.
    pub overtime: TimeTypeId,
    /// Whether it applies to entries with a time type as well.
    pub always: bool,
}

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListFault {
    /// It has no total (hazard A6).
    NoTotal,
    /// It claims this total, whatever it holds (hazard A6).
    WrongTotal(usize),
    /// Every page has the rows of the first and a link to a next one (hazard A6).
    Endless,
    /// Its links lead to this origin (hazard A7).
    ForeignLinks(url::Url),
}

/// What people do after a page of a list was answered.
pub struct BetweenPages {
    pub(super) path: String,
    pub(super) page: usize,
    pub(super) act: Box<dyn FnOnce(&mut State) + Send>,
}

impl BetweenPages {
    /// Does `act` once, as soon as this page of a list whose path holds `path` has been answered.
    pub fn new(path: &str, page: usize, act: impl FnOnce(&mut State) + Send + 'static) -> Self {
        Self {
            path: path.to_owned(),
            page,
            act: Box::new(act),
        }
    }
}

impl std::fmt::Debug for BetweenPages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BetweenPages")
            .field("path", &self.path)
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
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
            origin_ids: OriginIds::Text,
            bulk_create_keeps_good_ones: false,
            max_per_page: None,
            hourly_limit: 3600,
            ten_second_limit: None,
            hidden_projects: BTreeMap::new(),
            list_faults: Vec::new(),
            unlisted: BTreeSet::new(),
            between_pages: Vec::new(),
            default_per_page: 100,
            tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
            tokens_issued: 0,
            next_entry: 91_000_001,
            requests: 0,
            windows: Windows::default(),
        }
    }

    /// The id of the next entry: one that no entry has, also none that a test put into the table.
    pub(super) fn next_entry_id(&self) -> TimecardEntryId {
        let mut id = TimecardEntryId::new(self.next_entry);
        while self.entries.contains_key(&id) {
            id = TimecardEntryId::new(id.get() + 1);
        }
        id
    }

    pub(super) fn limits(&self) -> Limits {
        [Some(self.hourly_limit), self.ten_second_limit]
    }

    /// Makes every token that was issued invalid.
    pub fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    /// Returns how many tokens were issued so far.
    pub fn tokens_issued(&self) -> u32 {
        self.tokens_issued
    }

    /// Returns the entries that are not deleted, by id.
    pub fn live_entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(|entry| entry.deleted_at.is_none())
    }

    /// Returns whether a person is in a project's directory.
    pub fn is_member(&self, project: ProjectId, person: PersonId) -> bool {
        self.members.contains(&(project, person))
    }

    /// Returns the whole code of a company code, such as `03-300`.
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
