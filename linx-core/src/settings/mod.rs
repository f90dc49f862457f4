//! What a company sets: what a sync and what an export need of a configuration, with defaults that work when empty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{ApprovalLevel, Attribute, EntryEndpoint, HourClass, Zone};

/// What a sync brings over. `workers`, `projects`, `sub-jobs`, `cost-codes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Import {
    /// Workers → employees.
    Workers,
    /// Projects → locations.
    Projects,
    /// Sub-jobs → locations.
    SubJobs,
    /// Company cost codes → cost codes.
    CostCodes,
}

impl Import {
    /// Everything.
    pub const ALL: [Self; 4] = [Self::Workers, Self::Projects, Self::SubJobs, Self::CostCodes];

    /// The word in settings and arguments.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Workers => "workers",
            Self::Projects => "projects",
            Self::SubJobs => "sub-jobs",
            Self::CostCodes => "cost-codes",
        }
    }
}

/// Whose value stands when both sides changed a field (hazard B7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// Procore's.
    Procore,
    /// ExakTime's.
    #[serde(rename = "exaktime")]
    ExakTime,
    /// Neither's: a change of one side is taken from there, and when both changed, what they agreed on last stays until
    /// a person decides. So it is for a field that has no owner.
    #[default]
    LatestAgreed,
}

/// Which workers a sync brings over. Lists that are empty choose everybody; words are compared without regard to case
/// and to blanks at the ends.
///
/// Whoever is not chosen is left out with a reason that is counted; an employee who was brought over before and is not
/// chosen any more stays as it is in ExakTime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerChoice {
    /// Only people who are marked as employees of the company.
    pub employees_only: bool,
    /// Only people with one of these job titles.
    pub job_titles: Vec<String>,
    /// Nobody with one of these job titles.
    pub except_job_titles: Vec<String>,
    /// Only people in the directory of one of these projects, by number or id.
    pub projects: Vec<String>,
    /// Only these people, by employee number or id.
    pub only: Vec<String>,
}

impl Default for WorkerChoice {
    fn default() -> Self {
        Self {
            employees_only: true,
            job_titles: Vec::new(),
            except_job_titles: Vec::new(),
            projects: Vec::new(),
            only: Vec::new(),
        }
    }
}

/// Which projects people may clock in at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectStatus {
    /// Those that are active in Procore; a place is deactivated with its project.
    #[default]
    Active,
    /// All: the place of an inactive project stays open.
    All,
}

/// Which projects, and with them which sub-jobs, a sync brings over. Empty lists choose all.
///
/// What is not chosen is left out with a reason that is counted; a place that was brought over before stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectChoice {
    /// Active ones, or all.
    pub status: ProjectStatus,
    /// Only projects of one of these stages.
    pub stages: Vec<String>,
    /// None of these stages.
    pub except_stages: Vec<String>,
    /// Only these, by number or id.
    pub only: Vec<String>,
    /// None of these, by number or id.
    pub except: Vec<String>,
    /// Demonstration projects too.
    pub demo: bool,
    /// Templates too.
    pub templates: bool,
}

/// Which cost codes a sync brings over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CostCodeChoice {
    /// Only codes of these company lists, by name or id; empty means all lists.
    pub lists: Vec<String>,
}

/// The templates by which records get their names and identifiers. Those of places see `project` (`id`, `number`,
/// `name`, `stage`) and `sub_job` (`id`, `code`, `name`), those of employees `worker` (`id`, `number`, `first_name`,
/// `last_name`, `job_title`), those of cost codes `cost_code` (`id`, `full_code`, `name`, `list`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Naming {
    /// Identifier of a project's location.
    pub project_identifier: String,
    /// Name of a project's location.
    pub project_name: String,
    /// Identifier of a sub-job's location.
    pub sub_job_identifier: String,
    /// Name of a sub-job's location.
    pub sub_job_name: String,
    /// Identifier of an employee; one that comes out blank holds the worker.
    pub employee_identifier: String,
    /// Identifier of a cost code.
    pub cost_code_identifier: String,
    /// Name of a cost code.
    pub cost_code_name: String,
}

impl Default for Naming {
    fn default() -> Self {
        Self {
            project_identifier: "{{ project.number }}".into(),
            project_name: "{{ project.number }} - {{ project.name }}".into(),
            sub_job_identifier: "{{ project.number }}.{{ sub_job.code }}".into(),
            sub_job_name: "{{ project.number }}.{{ sub_job.code }} - {{ project.name }} / {{ sub_job.name }}".into(),
            employee_identifier: "{{ worker.number }}".into(),
            cost_code_identifier: "{{ cost_code.full_code }}".into(),
            cost_code_name: "{{ cost_code.name }}".into(),
        }
    }
}

/// What happens to a worker, project or code that ExakTime seems to have already under another number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LikelyMatch {
    /// It is not created until a person has linked it, or said that it is another: a record of ExakTime's can never be
    /// deleted again (exaktime-api.md section 5.2).
    #[default]
    Hold,
    /// It is created, and the likely match is reported.
    Create,
}

/// What happens to employees and places that left Procore.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deactivate {
    /// They are deactivated, within the guard.
    #[default]
    Apply,
    /// They are shown in the plan and left as they are.
    Propose,
}

/// How much one run may change before it needs consent: more than `percent` *and* more than `count` (hazard B5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guard {
    /// Share of the linked and active records of a kind, in percent; of an export, of the lines.
    pub percent: u32,
    /// Number of records.
    pub count: u32,
}

impl Guard {
    /// Lets everything pass.
    pub const OPEN: Self = Self {
        percent: u32::MAX,
        count: u32::MAX,
    };

    /// Whether `count` of `population` records is more than the share *and* more than the number.
    pub fn is_exceeded(self, count: usize, population: usize) -> bool {
        let limit = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
        // Compared as products of whole numbers; a list is far too short to overflow them.
        count.saturating_mul(100) > limit(self.percent).saturating_mul(population) && count > limit(self.count)
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self { percent: 10, count: 10 }
    }
}

/// What a company sets for its syncs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncSettings {
    /// What to import.
    pub import: Vec<Import>,
    /// Which workers.
    pub workers: WorkerChoice,
    /// Which projects and sub-jobs.
    pub projects: ProjectChoice,
    /// Which cost codes.
    pub cost_codes: CostCodeChoice,
    /// Whether headings among the cost codes stay out.
    pub leaf_codes_only: bool,
    /// What happens to a record that ExakTime seems to have already.
    pub likely_match: LikelyMatch,
    /// Names and identifiers of places.
    pub naming: Naming,
    /// Whose value stands when both sides changed a field; a field not named here is [`Owner::LatestAgreed`].
    pub owners: BTreeMap<Attribute, Owner>,
    /// What happens to what left Procore.
    pub deactivate: Deactivate,
    /// How many days back time is looked for that is not exported yet: who or what has such time is not deactivated
    /// (hazard C6). Nothing is looked for when it is 0.
    pub unsent_days: u16,
    /// How much one run may change.
    pub guard: Guard,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            import: Import::ALL.to_vec(),
            workers: WorkerChoice::default(),
            projects: ProjectChoice::default(),
            cost_codes: CostCodeChoice::default(),
            leaf_codes_only: true,
            likely_match: LikelyMatch::Hold,
            naming: Naming::default(),
            owners: BTreeMap::new(),
            deactivate: Deactivate::Apply,
            unsent_days: 35,
            guard: Guard::default(),
        }
    }
}

/// Rounding of our own: to the nearest, which averages out (hazards D11, D12; 29 CFR 785.48).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rounding {
    /// What ExakTime computed is sent.
    #[default]
    #[serde(rename = "none")]
    None,
    /// To five minutes.
    #[serde(rename = "5")]
    FiveMinutes,
    /// To a tenth of an hour.
    #[serde(rename = "6")]
    Tenth,
    /// To a quarter of an hour.
    #[serde(rename = "15")]
    Quarter,
}

/// Which day a shift across midnight belongs to (hazard D6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overnight {
    /// The work date that ExakTime gives.
    #[default]
    #[serde(rename = "exaktime")]
    ExakTime,
    /// The day on which it begins. What lies in the next work week stands there (hazard D7).
    StartDay,
    /// Each part to its own day.
    SplitAtMidnight,
}

/// Where entries lie (procore-api.md section 7.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timesheets {
    /// Each by itself, under "Individual Entries".
    #[default]
    Individual,
    /// In one timesheet per project and day, which is added to while it is pending.
    Shared,
}

/// When the line of time that ExakTime does not show any more is deleted (hazard B13).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Removals {
    /// When it is missing on a second day too, unless other time of the same person's day or week shows that it was
    /// corrected.
    #[default]
    SecondRefresh,
    /// At once.
    AtOnce,
}

/// How records become lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// One line per employee, day, place, code and hour class.
    #[default]
    Day,
}

/// What happens to time whose cost code the project does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnresolvedCostCode {
    /// It is held with the missing code named.
    #[default]
    Hold,
    /// It is sent without a cost code: it is paid, and no budget is charged.
    Omit,
}

/// A day of the week on which the work week begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // Their names say it.
pub enum WeekStart {
    #[default]
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl WeekStart {
    /// The day as the calendar knows it.
    pub fn weekday(self) -> chrono::Weekday {
        match self {
            Self::Monday => chrono::Weekday::Mon,
            Self::Tuesday => chrono::Weekday::Tue,
            Self::Wednesday => chrono::Weekday::Wed,
            Self::Thursday => chrono::Weekday::Thu,
            Self::Friday => chrono::Weekday::Fri,
            Self::Saturday => chrono::Weekday::Sat,
            Self::Sunday => chrono::Weekday::Sun,
        }
    }
}

/// Which Procore time type each hour class becomes: a label, compared without regard to case, or an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeTypes {
    /// Regular time.
    pub regular: String,
    /// Overtime.
    pub overtime: String,
    /// Double time.
    pub double_time: String,
}

impl Default for TimeTypes {
    fn default() -> Self {
        Self {
            regular: "Regular Time".into(),
            overtime: "Overtime".into(),
            double_time: "Double Time".into(),
        }
    }
}

impl TimeTypes {
    /// The label or id for a class.
    pub fn of(&self, class: HourClass) -> &str {
        match class {
            HourClass::Regular => &self.regular,
            HourClass::Overtime => &self.overtime,
            HourClass::DoubleTime => &self.double_time,
        }
    }
}

/// What a company sets for its exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExportSettings {
    /// Whether only approved days are sent; the others are held.
    pub approved_only: bool,
    /// How far the approval must go.
    pub approval_level: ApprovalLevel,
    /// How many days ExakTime's newest time may be past before nothing is exported any more; 0 sets no limit (hazard B13).
    pub oldest_feed_days: u16,
    /// How many days a work date has to be past before its time is sent (hazard D8).
    pub settled_days: u16,
    /// What happens to time whose cost code the project does not have (hazard C11).
    pub unresolved_cost_code: UnresolvedCostCode,
    /// How records become lines.
    pub grouping: Grouping,
    /// Hour classes → time types.
    pub time_types: TimeTypes,
    /// Employees of ExakTime's whose time is that of another one, who was merged with them in Procore: number or id → number
    /// or id of the one who is linked (hazard C5).
    pub same_person: BTreeMap<String, String>,
    /// ExakTime's cost codes that stand for leave → the time type that it is sent with; blank leaves it out (hazard D22).
    pub leave: BTreeMap<String, String>,
    /// What ExakTime calls a class of work → Procore's work classification, by name, abbreviation or id. What is not here is
    /// looked for by its own name (hazard D20).
    pub classifications: BTreeMap<String, String>,
    /// Projects whose time needs a classification, by number or id.
    pub classified_projects: Vec<String>,
    /// Rounding of our own.
    pub rounding: Rounding,
    /// Which day a shift across midnight belongs to.
    pub overnight: Overnight,
    /// How many hours a shift may last; a longer one is held (hazard D6).
    pub longest_shift_hours: u16,
    /// The company's time zone, by IANA's or Procore's name, for projects that name none (hazard D3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Zone>,
    /// How lines are written.
    pub endpoint: EntryEndpoint,
    /// Where new lines lie.
    pub timesheets: Timesheets,
    /// Whether lines are billed.
    pub billable: bool,
    /// Whether notes are sent.
    pub notes: bool,
    /// The first day of the work week, for the sums and for shifts that cross its end (hazard D7).
    pub week_start: WeekStart,
    /// How many weeks before those asked for are looked at again: what differs from what was sent is told and not written
    /// (hazard D24).
    pub reread_weeks: u16,
    /// When lines of time that is gone are deleted.
    pub removals: Removals,
    /// How many lines one run may delete.
    pub guard: Guard,
}

impl Default for ExportSettings {
    fn default() -> Self {
        Self {
            approved_only: false,
            approval_level: ApprovalLevel::Supervisor,
            oldest_feed_days: 0,
            settled_days: 0,
            unresolved_cost_code: UnresolvedCostCode::Hold,
            grouping: Grouping::Day,
            time_types: TimeTypes::default(),
            same_person: BTreeMap::new(),
            leave: BTreeMap::new(),
            classifications: BTreeMap::new(),
            classified_projects: Vec::new(),
            rounding: Rounding::None,
            overnight: Overnight::ExakTime,
            longest_shift_hours: 16,
            time_zone: None,
            endpoint: EntryEndpoint::SingleEntries,
            timesheets: Timesheets::Individual,
            billable: true,
            notes: true,
            week_start: WeekStart::Monday,
            reread_weeks: 2,
            removals: Removals::SecondRefresh,
            guard: Guard::default(),
        }
    }
}
