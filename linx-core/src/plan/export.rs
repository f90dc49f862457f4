//! The plan of an export.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::MassChange;
use super::account::{Account, Rounded};
use crate::change::{LineAction, LineChange};
use crate::hold::Held;
use crate::ledger::{IntentId, Outcome, RunId, StoredLine};
use crate::model::{EntryEndpoint, RecordId};
use crate::settings::Timesheets;

/// The days and people of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included.
    pub to: NaiveDate,
    /// Employees by number or ExakTime id; empty means all.
    pub employees: Vec<String>,
    /// Locations by identifier or ExakTime id; empty means all.
    pub locations: Vec<String>,
}

impl Selection {
    /// Everything of these days.
    pub fn days(from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from,
            to,
            employees: Vec::new(),
            locations: Vec::new(),
        }
    }
}

/// What an export would write, what it leaves alone, and the account of every hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportPlan {
    /// [`super::FORMAT`].
    pub format: u32,
    /// Digest of the records, entries and links it was made from.
    pub digest: String,
    /// The newest export run when it was made. Once another has written, the plan is refused.
    pub after: Option<RunId>,
    /// What was selected.
    pub selection: Selection,
    /// What to write, in the order of writing.
    pub changes: Vec<LineChange>,
    /// Lines found in Procore or agreeing with it again, which only need to be remembered.
    pub agreed: Vec<StoredLine>,
    /// What intents that were cut off came to, as read from Procore (hazard A1).
    pub resumed: Vec<(IntentId, Outcome)>,
    /// Lines that stand in Procore as they should.
    pub unchanged: usize,
    /// What needs a person.
    pub held: Vec<Held>,
    /// What a rule leaves out.
    pub left_out: Vec<Held>,
    /// Hours per worker and week.
    pub account: Account,
    /// Employee numbers, for a person who reads the account.
    pub employees: BTreeMap<RecordId, String>,
    /// Whether every record of its days was read, so that it can be held against ExakTime again.
    #[serde(default)]
    pub whole: bool,
    /// Why the guard refuses to delete lines, if it does (hazard B5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<MassChange>,
    /// The version of the time zone data (hazard D4).
    #[serde(default)]
    pub zone_data: String,
    /// What each employee gains and loses by rounding of ours; empty without (hazard D11).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rounded: BTreeMap<RecordId, Rounded>,
    /// How new lines are written.
    #[serde(default)]
    pub endpoint: EntryEndpoint,
    /// Where they lie.
    #[serde(default)]
    pub timesheets: Timesheets,
    /// What is worth knowing besides.
    pub notes: Vec<String>,
}

impl ExportPlan {
    /// The first and the last day that it is about: those asked for, and those that they brought up (hazard D17).
    pub(crate) fn days(&self) -> (NaiveDate, NaiveDate) {
        let dates = || self.changes.iter().map(|change| change.key.date);
        (
            dates().fold(self.selection.from, NaiveDate::min),
            dates().fold(self.selection.to, NaiveDate::max),
        )
    }

    /// How many changes do this.
    pub fn count(&self, action: LineAction) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }

    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
