//! What a company sets for its exports.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::guard::Guard;
use super::lines::{Grouping, OtherHands, Removals, TimeTypes, Timesheets, UnresolvedCostCode};
use super::time::{Overnight, Rounding, WeekStart};
use crate::model::{ApprovalLevel, EntryEndpoint, Zone};

/// What a company sets for its exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExportSettings {
    /// Whether days wait for an approval in ExakTime: those without one are held. Off by default.
    pub approved_only: bool,
    /// How far the approval must go where days wait for one; a higher level is enough too. The supervisor's by default.
    pub approval_level: ApprovalLevel,
    /// How many days old ExakTime's newest time may be before nothing is exported any more; 0, the default, sets no
    /// limit.
    ///
    /// Data that stopped being filled looks like quiet days (hazard B13). With 3, an export on the 16th is refused when
    /// the newest time is of the 12th, and runs when it is of the 13th.
    pub oldest_feed_days: u16,
    /// How many days a work date has to be past before its time is sent; younger days are held, since their records may
    /// still grow (hazard D8). With 3, Monday's time is sent from Thursday on; with 0, the default, from Monday on.
    pub settled_days: u16,
    /// Whether time whose cost code the project does not have is held (the default) or sent without one (hazard C11).
    pub unresolved_cost_code: UnresolvedCostCode,
    /// Which time records are added up into one line.
    pub grouping: Grouping,
    /// The time type that each class of hours is sent with.
    pub time_types: TimeTypes,
    /// Employees of ExakTime's whose time belongs to another one, because Procore merged both into one worker: number
    /// or id → number or id of the employee who is linked, exactly as written (hazard C5). `"00117" = "00102"` books
    /// the hours of 00117 to the worker of 00102.
    pub same_person: BTreeMap<String, String>,
    /// ExakTime's cost codes that stand for leave: the code, exactly as in ExakTime → label or id of the time type that
    /// its hours are sent with, without a cost code (hazard D22). `VAC = "Vacation"` sends vacation; `VAC = ""` leaves
    /// it out.
    pub leave: BTreeMap<String, String>,
    /// What ExakTime calls a class of work, exactly → Procore's work classification, by name, abbreviation or id. A
    /// class that is not named here is looked for by its own name (hazard D20).
    pub classifications: BTreeMap<String, String>,
    /// Projects whose time is held unless it has a work classification, as certified payroll demands: by project number
    /// or Procore id, exactly as written (hazard D20).
    pub classified_projects: Vec<String>,
    /// How Linx itself rounds; by default it does not.
    pub rounding: Rounding,
    /// Which day a shift across midnight belongs to; by default the one that ExakTime gives it (hazard D6).
    pub overnight: Overnight,
    /// How many hours a shift may last, 16 by default; a longer one is held. A stop before its start is meant for the
    /// next day within this: 22:00 to 06:00 is a shift of 8 hours, 07:00 to 06:00 would be one of 23 and is held
    /// (hazard D6).
    pub longest_shift_hours: u16,
    /// The company's time zone, by IANA's or Procore's name, for projects that name none (hazard D3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Zone>,
    /// By which of Procore's endpoints new lines are written; by default one request for each.
    pub endpoint: EntryEndpoint,
    /// Whether new lines are gathered in timesheets; by default each stands by itself.
    pub timesheets: Timesheets,
    /// Whether lines are marked as billable; on by default, as on Procore's own pages.
    pub billable: bool,
    /// Whether the notes of time records are sent as descriptions of the lines; on by default.
    pub notes: bool,
    /// The first day of the work week, Monday by default: weekly sums begin on it, and a shift never carries hours
    /// across it (hazard D7).
    pub week_start: WeekStart,
    /// How many weeks before and after those asked for are looked at again, 2 by default; those after only as far as
    /// something of them was sent. Time that was corrected since it was sent is told and not written (hazard D24).
    pub reread_weeks: u16,
    /// What happens to a line where another hand has entered time for the same worker's day; held by default (hazard D26).
    pub other_hands: OtherHands,
    /// When a line is deleted because ExakTime does not show its time any more.
    pub removals: Removals,
    /// How many lines one run may delete or lower without consent.
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
            other_hands: OtherHands::Hold,
            removals: Removals::SecondRefresh,
            guard: Guard::default(),
        }
    }
}
