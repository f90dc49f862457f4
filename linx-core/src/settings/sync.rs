//! What a company sets for its syncs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::choice::{CostCodeChoice, ProjectChoice, WorkerChoice};
use super::guard::Guard;
use super::naming::Naming;
use crate::model::Attribute;

/// A list of Procore's that a sync brings over: `workers`, `projects`, `sub-jobs` or `cost-codes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Import {
    /// Procore's workers become ExakTime's employees.
    Workers,
    /// Procore's projects become ExakTime's locations.
    Projects,
    /// Procore's sub-jobs become locations of their own.
    SubJobs,
    /// The company's cost codes become ExakTime's cost codes.
    CostCodes,
}

impl Import {
    /// Every list.
    pub const ALL: [Self; 4] = [Self::Workers, Self::Projects, Self::SubJobs, Self::CostCodes];

    /// Returns the word for it in settings and arguments, such as `sub-jobs`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Workers => "workers",
            Self::Projects => "projects",
            Self::SubJobs => "sub-jobs",
            Self::CostCodes => "cost-codes",
        }
    }
}

/// Whose value of an attribute stands when both sides changed it since they last agreed, or when the two differ and meet
/// for the first time (hazard B7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// Procore's value is written to ExakTime.
    Procore,
    /// ExakTime's value stays.
    #[serde(rename = "exaktime")]
    ExakTime,
    /// Neither's: the difference is held until a person decides, and nothing is written meanwhile.
    #[default]
    LatestAgreed,
}

/// What happens to a worker, project or code that ExakTime seems to have already under another number, as `101` and
/// `00101` with the same name.
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

/// What happens to the records of what left Procore, such as a worker who is inactive there. Records are never deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deactivate {
    /// They are deactivated, as many as the [`Guard`] allows.
    #[default]
    Apply,
    /// They are named in the plan and stay active.
    Propose,
}

/// What a company sets for its syncs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncSettings {
    /// Which of Procore's lists are brought over; all four by default. Records of a list that is not named here stay as
    /// they are.
    pub import: Vec<Import>,
    /// Which workers are brought over; by default all who are employees of the company.
    pub workers: WorkerChoice,
    /// Which projects are brought over, and with them their sub-jobs; by default all but demonstrations and templates.
    pub projects: ProjectChoice,
    /// Which cost codes are brought over; by default those of every list.
    pub cost_codes: CostCodeChoice,
    /// Whether codes that have others beneath them stay out, since hours can be booked to the lowest ones only. On by
    /// default.
    pub leaf_codes_only: bool,
    /// Whether a record that ExakTime seems to have already is held (the default) or created.
    pub likely_match: LikelyMatch,
    /// The templates of names and identifiers.
    pub naming: Naming,
    /// Whose value stands when both sides changed an attribute; one that is not named here is [`Owner::LatestAgreed`].
    pub owners: BTreeMap<Attribute, Owner>,
    /// Whether records of what left Procore are deactivated (the default) or only named.
    pub deactivate: Deactivate,
    /// How many days back time is looked for that is not exported yet; 35 by default, and 0 looks for none.
    ///
    /// Whoever or whatever has such time is not deactivated: hours that were worked are owed, and a phone may still
    /// deliver more of them (hazard C6). Nobody is deactivated either while that time cannot be read: an account whose time
    /// cannot be read at all sets 0.
    pub unsent_days: u16,
    /// How many records of a kind one run may change or deactivate without consent.
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
