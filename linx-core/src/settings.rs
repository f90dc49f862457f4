//! What a company sets: the `[sync]` and `[export]` parts of a configuration, with defaults that work when empty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::export::zones::Zone;
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

/// How lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// One entry per request at company level: the widest set of fields (procore-api.md 7.2 a).
    #[default]
    SingleEntries,
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
    /// Which day a shift across midnight belongs to.
    pub overnight: Overnight,
    /// How many hours a shift may last; a longer one is held (hazard D6).
    pub longest_shift_hours: u16,
    /// The company's time zone, by IANA's or Procore's name, for projects that name none (hazard D3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Zone>,
    /// How lines are written.
    pub endpoint: Endpoint,
    /// Whether lines are billed.
    pub billable: bool,
    /// Whether notes are sent.
    pub notes: bool,
    /// The first day of the work week, for the sums and for shifts that cross its end (hazard D7).
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
            overnight: Overnight::ExakTime,
            longest_shift_hours: 16,
            time_zone: None,
            endpoint: Endpoint::SingleEntries,
            billable: true,
            notes: true,
            week_start: WeekStart::Monday,
            guard: Guard::default(),
        }
    }
}
