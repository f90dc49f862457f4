//! What a company sets for its exports.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::guard::Guard;
use super::lines::{Grouping, Removals, TimeTypes, Timesheets, UnresolvedCostCode};
use super::time::{Overnight, Rounding, WeekStart};
use crate::model::{ApprovalLevel, EntryEndpoint, Zone};

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
