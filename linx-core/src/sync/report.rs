//! The result of a sync; its JSON is a contract with those who read it.

use serde::Serialize;

use crate::change::{RecordAction, RecordChange};
use crate::hold::Held;
use crate::ledger::{Direction, RunId};
use crate::model::Kind;
use crate::plan::{Adopted, KindTally, MassChange, Suggestion, SyncPlan};

/// What came of a planned change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordResult {
    /// Only planned.
    Planned,
    /// Written.
    Done,
    /// Not sent; held with its reason.
    Held,
    /// Sent and not written; held with its reason.
    Failed,
}

/// The counts of a sync.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SyncSummary {
    /// Workers → employees.
    pub employees: KindTally,
    /// Projects and sub-jobs → locations.
    pub locations: KindTally,
    /// Company cost codes → cost codes.
    pub cost_codes: KindTally,
}

impl SyncSummary {
    /// The counts of one kind.
    pub fn of(&self, kind: Kind) -> &KindTally {
        match kind {
            Kind::Employee => &self.employees,
            Kind::Location => &self.locations,
            Kind::CostCode => &self.cost_codes,
        }
    }

    fn of_mut(&mut self, kind: Kind) -> &mut KindTally {
        match kind {
            Kind::Employee => &mut self.employees,
            Kind::Location => &mut self.locations,
            Kind::CostCode => &mut self.cost_codes,
        }
    }
}

/// A change with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportedChange {
    /// The change.
    #[serde(flatten)]
    pub change: RecordChange,
    /// What came of it.
    pub result: RecordResult,
}

/// The result of a planned or applied sync.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SyncReport {
    /// The run's number in the ledger; `None` for a plan.
    pub run: Option<RunId>,
    /// Always `sync`.
    pub direction: Direction,
    /// Whether the plan was written.
    pub applied: bool,
    /// Counts by kind.
    pub summary: SyncSummary,
    /// Every change, in order.
    pub changes: Vec<ReportedChange>,
    /// What is linked for the first time, also where a change of it was held or failed.
    pub adopted: Vec<Adopted>,
    /// What needs a person.
    pub held: Vec<Held>,
    /// What a rule leaves alone.
    pub left_out: Vec<Held>,
    /// Records of ExakTime's that are likely the same as one that is to be made or has no number.
    pub likely: Vec<Suggestion>,
    /// Why the guard refused a group, if it did.
    pub refused: Vec<MassChange>,
    /// What is worth knowing besides.
    pub notes: Vec<String>,
}

impl SyncReport {
    /// The report of a plan that is not applied.
    pub fn planned(plan: &SyncPlan) -> Self {
        let planned = plan.changes.iter().map(|change| ReportedChange {
            change: change.clone(),
            result: RecordResult::Planned,
        });
        Self::new(None, false, plan, planned.collect())
    }

    /// The report of a run by its last plan, whose held are all that are held.
    pub(super) fn applied(run: Option<RunId>, last: &SyncPlan, changes: Vec<ReportedChange>) -> Self {
        Self::new(run, true, last, changes)
    }

    /// Each change counts once: under what it did, under `held` or under `failed`.
    fn new(run: Option<RunId>, applied: bool, plan: &SyncPlan, changes: Vec<ReportedChange>) -> Self {
        let mut summary = SyncSummary::default();
        for kind in Kind::IN_ORDER {
            *summary.of_mut(kind) = KindTally {
                create: 0,
                update: 0,
                deactivate: 0,
                reactivate: 0,
                ..plan.tally(kind)
            };
        }
        for one in &changes {
            let tally = summary.of_mut(one.change.kind);
            let counted = match (one.result, one.change.action) {
                (RecordResult::Held, _) => continue,
                (RecordResult::Failed, _) => {
                    tally.held -= 1;
                    &mut tally.failed
                }
                (_, RecordAction::Create) => &mut tally.create,
                (_, RecordAction::Update) => &mut tally.update,
                (_, RecordAction::Deactivate) => &mut tally.deactivate,
                (_, RecordAction::Reactivate) => &mut tally.reactivate,
            };
            *counted += 1;
        }
        Self {
            run,
            direction: Direction::Sync,
            applied,
            summary,
            changes,
            adopted: plan.adopted.clone(),
            held: plan.held.clone(),
            left_out: plan.left_out.clone(),
            likely: plan.likely.clone(),
            refused: plan.refused.clone(),
            notes: plan.notes.clone(),
        }
    }

    /// How many changes were written.
    pub fn written(&self) -> usize {
        self.counted(RecordResult::Done)
    }

    /// How many changes were sent and are not known to be written.
    pub fn failed(&self) -> usize {
        self.counted(RecordResult::Failed)
    }

    fn counted(&self, result: RecordResult) -> usize {
        self.changes.iter().filter(|change| change.result == result).count()
    }
}
