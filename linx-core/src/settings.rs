//! What a company sets: the `[sync]` and `[export]` parts of a configuration, with defaults that work when empty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::mapping::Naming;
use crate::model::{ApprovalLevel, FieldName, HourClass};

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

/// Whose value stands when both sides changed a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// Procore's.
    Procore,
    /// ExakTime's.
    #[serde(rename = "exaktime")]
    ExakTime,
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
    /// Share of the linked records of a kind, in percent.
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

/// The `[sync]` settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncSettings {
    /// What to import.
    pub import: Vec<Import>,
    /// Whether headings among the cost codes stay out.
    pub leaf_codes_only: bool,
    /// Names and identifiers of places.
    pub naming: Naming,
    /// Whose value stands when both sides changed a field; a field not named here is held.
    pub owners: BTreeMap<FieldName, Owner>,
    /// What happens to what left Procore.
    pub deactivate: Deactivate,
    /// How much one run may change.
    pub guard: Guard,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            import: Import::ALL.to_vec(),
            leaf_codes_only: true,
            naming: Naming::default(),
            owners: BTreeMap::new(),
            deactivate: Deactivate::Apply,
            guard: Guard::default(),
        }
    }
}

/// Rounding of our own. There is none (hazards D11, D12).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rounding {
    /// What ExakTime computed is sent.
    #[default]
    None,
}

/// How new lines are written. Another way is taken for a line of which this one would lose something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// One entry per request at company level: the widest set of fields that is generally available
    /// (procore-api.md 7.2 a).
    #[default]
    SingleEntries,
    /// Many of any projects at once: no cost type, no lunch (7.2 f).
    CompanyBulk,
    /// Up to 25 of a project at once: every field, but only for companies that Procore has enrolled (7.2 e).
    ProjectBulk,
}

impl Endpoint {
    /// Every endpoint, the generally available ones first.
    pub const IN_ORDER: [Self; 3] = [Self::SingleEntries, Self::CompanyBulk, Self::ProjectBulk];

    /// The word in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleEntries => "single-entries",
            Self::CompanyBulk => "company-bulk",
            Self::ProjectBulk => "project-bulk",
        }
    }

    /// How many entries one request takes. Procore names no bound for the company's bulk; 100 keep an unknown outcome
    /// small.
    pub fn most(self) -> usize {
        match self {
            Self::SingleEntries => 1,
            Self::CompanyBulk => 100,
            Self::ProjectBulk => 25,
        }
    }
}

/// Where entries lie (procore-api.md 7.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timesheets {
    /// Each by itself, under "Individual Entries".
    #[default]
    Individual,
    /// In one timesheet per project and day, which is added to while it is pending.
    Shared,
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

/// The `[export]` settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExportSettings {
    /// Whether only approved days are sent; the others are held.
    pub approved_only: bool,
    /// How far the approval must go.
    pub approval_level: ApprovalLevel,
    /// How many days a work date has to be past before its time is sent (hazard D8).
    pub settled_days: u16,
    /// What happens to time whose cost code the project does not have (hazard C11).
    pub unresolved_cost_code: UnresolvedCostCode,
    /// How records become lines.
    pub grouping: Grouping,
    /// Hour classes → time types.
    pub time_types: TimeTypes,
    /// Rounding of our own.
    pub rounding: Rounding,
    /// How lines are written.
    pub endpoint: Endpoint,
    /// Where new lines lie.
    pub timesheets: Timesheets,
    /// Whether lines are billed.
    pub billable: bool,
    /// Whether notes are sent.
    pub notes: bool,
    /// The first day of the work week, for the sums.
    pub week_start: WeekStart,
    /// How many lines one run may delete.
    pub guard: Guard,
}

impl Default for ExportSettings {
    fn default() -> Self {
        Self {
            approved_only: false,
            approval_level: ApprovalLevel::Supervisor,
            settled_days: 0,
            unresolved_cost_code: UnresolvedCostCode::Hold,
            grouping: Grouping::Day,
            time_types: TimeTypes::default(),
            rounding: Rounding::None,
            endpoint: Endpoint::SingleEntries,
            timesheets: Timesheets::Individual,
            billable: true,
            notes: true,
            week_start: WeekStart::Monday,
            guard: Guard::default(),
        }
    }
}
