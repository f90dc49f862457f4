//! The plan of an export.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::account::{Account, Rounded};
use super::{MassChange, ReadAt};
use crate::change::{LineAction, LineChange};
use crate::hold::{Held, Reason};
use crate::ledger::{IntentId, Outcome, Pair, RunId, StoredLine};
use crate::model::{CentiHours, EntryEndpoint, RecordId, WorkerId};
use crate::settings::Timesheets;

/// The days, employees and places that an export is asked for. Other days of the same weeks are compared too where they
/// depend on these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The first work date.
    pub from: NaiveDate,
    /// The last work date, included.
    pub to: NaiveDate,
    /// Employees by number or ExakTime id; empty means all.
    pub employees: Vec<String>,
    /// Locations by identifier or ExakTime id; empty means all.
    pub locations: Vec<String>,
    /// Whether a person has consented to more changes than the guard lets pass (hazard B5).
    #[serde(default)]
    pub allow_mass_change: bool,
}

impl Selection {
    /// Selects the time of all employees and places on these days, the last one included.
    pub fn days(from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from,
            to,
            employees: Vec::new(),
            locations: Vec::new(),
            allow_mass_change: false,
        }
    }
}

/// What stands in Procore on the days of an export by other hands: beside the hours of the account, not among them (hazard
/// D26).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByOtherHands {
    /// The sum of their hours.
    pub hours: CentiHours,
    /// In how many entries.
    pub entries: usize,
}

/// Workers' weeks that were sent, each by its first day, against their time as it is now (hazard D24).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateWeeks {
    /// Those whose time is another. Each later run looks at them again and tells of them, until they agree.
    pub differ: BTreeSet<(WorkerId, NaiveDate)>,
    /// Those that differed when they were looked at last, and do not any more.
    pub agree: BTreeSet<(WorkerId, NaiveDate)>,
}

/// What an export would write, what it leaves alone, and the account of every hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportPlan {
    /// The format it was saved in; [`super::FORMAT`] for a plan of this version.
    pub format: u32,
    /// Digest of the records, entries and links it was made from: two plans with the same one saw the same facts.
    pub digest: String,
    /// The companies that it was made for; it is applied to no others (hazard B17).
    pub pair: Pair,
    /// The digest of the file that its time comes from; `None` where it comes from ExakTime itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The newest export run when it was made, if there was any. Once a later run has written, the plan is refused.
    pub after: Option<RunId>,
    /// The days, employees and places that were asked for.
    pub selection: Selection,
    /// The lines to write, in the order of writing.
    pub changes: Vec<LineChange>,
    /// Lines of workers to whom something was sent that may still arrive (hazard A15): written once that is known, and held
    /// until then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<LineChange>,
    /// Lines that Procore has as they should be and that the ledger does not know so: they are remembered, and nothing
    /// is written.
    pub agreed: Vec<StoredLine>,
    /// What intents that were cut off came to, as read from Procore (hazard A1).
    pub resumed: Vec<(IntentId, Outcome)>,
    /// How many lines stand in Procore as they should.
    pub unchanged: usize,
    /// Time that is kept back until a person acts, each with the reason.
    pub held: Vec<Held>,
    /// Time that a rule leaves out for good, each with the reason.
    pub left_out: Vec<Held>,
    /// What becomes of every hour that was read, once the plan is applied.
    pub account: Account,
    /// What other hands entered for the same people and days, of the time types that are written.
    #[serde(default)]
    pub other_hands: ByOtherHands,
    /// The number of each employee in the account, by ExakTime's id, for a person who reads it.
    pub employees: BTreeMap<RecordId, String>,
    /// Weeks that were sent and are not asked for, as they were found: remembered when the plan is applied (hazard D24).
    #[serde(default)]
    pub late_weeks: LateWeeks,
    /// Why the guard refuses to delete and lower lines, if it does (hazard B5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<MassChange>,
    /// The version of the time zone data that it was made with, such as `2025b` (hazard D4).
    #[serde(default)]
    pub zone_data: String,
    /// What each employee gains and loses by Linx's own rounding; empty where nothing is rounded (hazard D11).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rounded: BTreeMap<RecordId, Rounded>,
    /// By which of Procore's endpoints new lines are written, as the settings said when it was made.
    #[serde(default)]
    pub endpoint: EntryEndpoint,
    /// Whether new lines are gathered in timesheets, as the settings said when it was made.
    #[serde(default)]
    pub timesheets: Timesheets,
    /// Sentences for a person about what is worth knowing besides, such as words of the settings that fit nothing.
    pub notes: Vec<String>,
    /// When its lists were read; a plan that was saved and read back does not know.
    #[serde(skip)]
    pub(crate) read_at: ReadAt,
}

impl ExportPlan {
    /// The first and the last day that it is about: those asked for, and those that they brought up (hazard D17).
    pub(crate) fn days(&self) -> (NaiveDate, NaiveDate) {
        let dates = || self.changes.iter().chain(&self.waiting).map(|change| change.key.date);
        (
            dates().fold(self.selection.from, NaiveDate::min),
            dates().fold(self.selection.to, NaiveDate::max),
        )
    }

    /// Returns how many lines would be created, updated or deleted.
    pub fn count(&self, action: LineAction) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }

    /// Whether applying it has nothing to do: nothing to write, to wait for or to remember.
    pub(crate) fn is_idle(&self) -> bool {
        let weeks = &self.late_weeks;
        let nothing_to_remember =
            self.agreed.is_empty() && self.resumed.is_empty() && weeks.differ.is_empty() && weeks.agree.is_empty();
        self.changes.is_empty() && self.awaiting_outcome() == 0 && nothing_to_remember
    }

    /// How many lines wait until it is known what became of what was sent, with those of which nothing is to be written any more.
    pub(crate) fn awaiting_outcome(&self) -> usize {
        let waits = |held: &&Held| held.reason == Reason::UnknownOutcome;
        self.held.iter().filter(waits).count()
    }

    /// Whether nothing would be written to Procore. The ledger may still have something to remember.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
