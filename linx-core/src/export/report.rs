//! The result of an export; its JSON is a contract with those who read it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::change::{LineAction, LineChange};
use crate::hold::Held;
use crate::ledger::{Direction, RunId};
use crate::model::{CentiHours, RecordId, apportion};
use crate::plan::{Account, ByOtherHands, ExportPlan, MassChange, Rounded, Tally};

/// What came of a planned line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineResult {
    /// Only planned.
    Planned,
    /// Written.
    Done,
    /// Not written; held with its reason.
    Failed,
}

impl LineResult {
    /// `planned`, `done` or `failed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A line with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportedLine {
    /// The line.
    #[serde(flatten)]
    pub change: LineChange,
    /// What came of it.
    pub result: LineResult,
}

/// The counts of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The words of the program's contract.
pub struct ExportSummary {
    pub create: usize,
    pub update: usize,
    pub delete: usize,
    pub unchanged: usize,
    pub held: usize,
    pub left_out: usize,
    pub failed: usize,
}

/// Hours by fate, as decimals that add up exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The words of the program's contract.
pub struct ExportHours {
    pub read: CentiHours,
    pub stored: CentiHours,
    pub held: CentiHours,
    pub left_out: CentiHours,
}

impl From<Tally> for ExportHours {
    /// Rounds the parts so that they add up to the rounded sum: 20 minutes each are 0.34, 0.33 and 0.33 of 1.00 h. The
    /// seconds in the account are exact.
    fn from(tally: Tally) -> Self {
        match apportion(&[tally.stored, tally.held, tally.left_out])[..] {
            [stored, held, left_out] => Self {
                read: CentiHours::nearest(tally.read),
                stored,
                held,
                left_out,
            },
            _ => Self::default(),
        }
    }
}

/// The result of a planned or applied export.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportReport {
    /// The run's number in the ledger; `None` for a plan.
    pub run: Option<RunId>,
    /// Always `export`.
    pub direction: Direction,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included.
    pub to: NaiveDate,
    /// Whether the plan was written.
    pub applied: bool,
    /// Counts.
    pub summary: ExportSummary,
    /// Hours by fate. In a plan, `stored` is what would be stored.
    pub hours: ExportHours,
    /// What stands on the same people's days by other hands, beside these hours (hazard D26).
    pub other_hands: ByOtherHands,
    /// Every line to be written, in order.
    pub changes: Vec<ReportedLine>,
    /// What needs a person.
    pub held: Vec<Held>,
    /// What a rule leaves out.
    pub left_out: Vec<Held>,
    /// Hours by fate per employee and day, in seconds.
    pub account: Account,
    /// Employee numbers, for a person who reads the account.
    pub employees: BTreeMap<RecordId, String>,
    /// Why the guard refused to delete and lower lines, if it did.
    pub refused: Vec<MassChange>,
    /// The version of the time zone data (hazard D4).
    pub zone_data: String,
    /// What each employee gains and loses by rounding of ours, in seconds; empty without (hazard D11).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rounded: BTreeMap<RecordId, Rounded>,
    /// What is worth knowing besides.
    pub notes: Vec<String>,
}

impl ExportReport {
    /// The report of a plan that is not applied.
    pub fn planned(plan: &ExportPlan) -> Self {
        let planned = |change: &LineChange| ReportedLine {
            change: change.clone(),
            result: LineResult::Planned,
        };
        Self::new(None, plan, plan.changes.iter().map(planned).collect())
    }

    /// The report of a run; `changes` are the lines that it tried to write.
    pub(super) fn applied(run: Option<RunId>, plan: &ExportPlan, changes: Vec<ReportedLine>) -> Self {
        Self::new(run, plan, changes)
    }

    fn new(run: Option<RunId>, plan: &ExportPlan, changes: Vec<ReportedLine>) -> Self {
        let (held, account) = (plan.held.clone(), plan.account.clone());
        let count = |action: LineAction| {
            changes
                .iter()
                .filter(|line| line.change.action == action && line.result != LineResult::Failed)
                .count()
        };
        let summary = ExportSummary {
            create: count(LineAction::Create),
            update: count(LineAction::Update),
            delete: count(LineAction::Delete),
            unchanged: plan.unchanged,
            held: held.len(),
            left_out: plan.left_out.len(),
            failed: changes.iter().filter(|line| line.result == LineResult::Failed).count(),
        };
        Self {
            run,
            direction: Direction::Export,
            from: plan.selection.from,
            to: plan.selection.to,
            applied: run.is_some(),
            summary,
            hours: account.total().into(),
            other_hands: plan.other_hands,
            changes,
            held,
            left_out: plan.left_out.clone(),
            account,
            employees: plan.employees.clone(),
            refused: plan.refused.iter().cloned().collect(),
            zone_data: plan.zone_data.clone(),
            rounded: plan.rounded.clone(),
            notes: plan.notes.clone(),
        }
    }

    /// How many lines were written.
    pub fn written(&self) -> usize {
        self.changes
            .iter()
            .filter(|line| line.result == LineResult::Done)
            .count()
    }
}
