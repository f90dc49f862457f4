//! Which workers, projects and cost codes a sync brings over.

use serde::{Deserialize, Serialize};

/// Which workers a sync brings over. Lists that are empty choose everybody; words are compared without regard to case
/// and to blanks at the ends.
///
/// Whoever is not chosen is left out with a reason that is counted; an employee who was brought over before and is not
/// chosen any more stays as it is in ExakTime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerChoice {
    /// Only people who are marked as employees of the company.
    pub employees_only: bool,
    /// Only people with one of these job titles.
    pub job_titles: Vec<String>,
    /// Nobody with one of these job titles.
    pub except_job_titles: Vec<String>,
    /// Only people in the directory of one of these projects, by number or id.
    pub projects: Vec<String>,
    /// Only these people, by employee number or id.
    pub only: Vec<String>,
}

impl Default for WorkerChoice {
    fn default() -> Self {
        Self {
            employees_only: true,
            job_titles: Vec::new(),
            except_job_titles: Vec::new(),
            projects: Vec::new(),
            only: Vec::new(),
        }
    }
}

/// Which projects people may clock in at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectStatus {
    /// Those that are active in Procore; a place is deactivated with its project.
    #[default]
    Active,
    /// All: the place of an inactive project stays open.
    All,
}

/// Which projects, and with them which sub-jobs, a sync brings over. Empty lists choose all.
///
/// What is not chosen is left out with a reason that is counted; a place that was brought over before stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectChoice {
    /// Active ones, or all.
    pub status: ProjectStatus,
    /// Only projects of one of these stages.
    pub stages: Vec<String>,
    /// None of these stages.
    pub except_stages: Vec<String>,
    /// Only these, by number or id.
    pub only: Vec<String>,
    /// None of these, by number or id.
    pub except: Vec<String>,
    /// Demonstration projects too.
    pub demo: bool,
    /// Templates too.
    pub templates: bool,
}

/// Which cost codes a sync brings over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CostCodeChoice {
    /// Only codes of these company lists, by name or id; empty means all lists.
    pub lists: Vec<String>,
}
