//! How hours become lines of a timesheet.

use serde::{Deserialize, Serialize};

use crate::model::HourClass;

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
