//! What a company sets for its syncs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::choice::{CostCodeChoice, ProjectChoice, WorkerChoice};
use super::guard::Guard;
use super::naming::Naming;
use crate::model::Attribute;

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

/// Whose value stands when both sides changed a field (hazard B7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// Procore's.
    Procore,
    /// ExakTime's.
    #[serde(rename = "exaktime")]
    ExakTime,
    /// Neither's: a change of one side is taken from there, and when both changed, what they agreed on last stays until
    /// a person decides. So it is for a field that has no owner.
    #[default]
    LatestAgreed,
}

/// What happens to a worker, project or code that ExakTime seems to have already under another number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LikelyMatch {
    /// It is not created until a person has linked it, or said that it is another: a record of ExakTime's can never be
    /// deleted again (exaktime-api.md section 5.2).
    #[default]
    Hold,
    /// It is created, and the likely match is reported.
    Create,
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

/// What a company sets for its syncs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncSettings {
    /// What to import.
    pub import: Vec<Import>,
    /// Which workers.
    pub workers: WorkerChoice,
    /// Which projects and sub-jobs.
    pub projects: ProjectChoice,
    /// Which cost codes.
    pub cost_codes: CostCodeChoice,
    /// Whether headings among the cost codes stay out.
    pub leaf_codes_only: bool,
    /// What happens to a record that ExakTime seems to have already.
    pub likely_match: LikelyMatch,
    /// Names and identifiers of places.
    pub naming: Naming,
    /// Whose value stands when both sides changed a field; a field not named here is [`Owner::LatestAgreed`].
    pub owners: BTreeMap<Attribute, Owner>,
    /// What happens to what left Procore.
    pub deactivate: Deactivate,
    /// How many days back time is looked for that is not exported yet: who or what has such time is not deactivated
    /// (hazard C6). Nothing is looked for when it is 0.
    pub unsent_days: u16,
    /// How much one run may change.
    pub guard: Guard,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            import: Import::ALL.to_vec(),
            workers: WorkerChoice::default(),
            projects: ProjectChoice::default(),
            cost_codes: CostCodeChoice::default(),
            leaf_codes_only: true,
            likely_match: LikelyMatch::Hold,
            naming: Naming::default(),
            owners: BTreeMap::new(),
            deactivate: Deactivate::Apply,
            unsent_days: 35,
            guard: Guard::default(),
        }
    }
}
