//! How hours become lines of a timesheet.

use serde::{Deserialize, Serialize};

use crate::model::HourClass;

/// Which Procore time type each of ExakTime's hour classes is sent with: a label, compared without regard to case and
/// to blanks at its ends, or an id.
///
/// Companies rename their time types. Hours of a class whose type is not found are held with the likely setting named;
/// nothing is guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeTypes {
    /// For regular time; `Regular Time` by default.
    pub regular: String,
    /// For overtime; `Overtime` by default.
    pub overtime: String,
    /// For double time; `Double Time` by default.
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
    /// Returns the label or id that is set for a class.
    pub fn of(&self, class: HourClass) -> &str {
        match class {
            HourClass::Regular => &self.regular,
            HourClass::Overtime => &self.overtime,
            HourClass::DoubleTime => &self.double_time,
        }
    }
}

/// Whether new entries are gathered in timesheets, Procore's folders of a project's day (procore-api.md section 7.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timesheets {
    /// Each entry stands by itself; Procore shows it under "Individual Entries".
    #[default]
    Individual,
    /// All entries of a project's day lie in one timesheet. One that is there already is added to while it is pending.
    Shared,
}

/// When a line is deleted because ExakTime does not show its time any more (hazard B13).
///
/// ExakTime's data for reports is filled anew once a night, and may lack time for a day that is there again the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Removals {
    /// When another refresh of the source does not have the time either: what is first missed on Tuesday is deleted after
    /// the night to Wednesday at the earliest, and held until then. It is deleted at once where other time of the same
    /// person's day is new.
    #[default]
    SecondRefresh,
    /// By the first export that misses the time.
    AtOnce,
}

/// Which time records are added up into one line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// Those of one employee, day, place, cost code and hour class. Two stretches of 4.00 h with the same coding are
    /// one line of 8.00 h.
    #[default]
    Day,
}

/// What happens to time whose cost code the project does not have (hazard C11).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnresolvedCostCode {
    /// It is held, and the report names the code and the project. It is not paid until a person acts.
    #[default]
    Hold,
    /// It is sent without a cost code: it is paid, and no budget is charged.
    Omit,
}

/// What happens to a line where another hand has entered time for the same worker's day in Procore: the old program in the
/// week of the cutover, a foreman who typed a crew's hours (hazard D26).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherHands {
    /// It is held where their entry has the same project, sub-job, cost code and time type, or where the day would come to
    /// more than the hours that were read. Of 8.00 h that were read with 3.00 h of theirs on another code, lines of 5.00 h
    /// are written, and those of 8.00 h are held.
    #[default]
    Hold,
    /// As [`Hold`](Self::Hold); but an entry with equal hours on the same codes is taken for the line's own, unchanged, and
    /// later corrections of ExakTime's go into it.
    AdoptEqual,
    /// It is written beside theirs, and nothing is weighed.
    Beside,
}
