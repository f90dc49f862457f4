//! Which workers, projects and cost codes a sync brings over.

use serde::{Deserialize, Serialize};

/// Which workers a sync brings over: those who pass every one of these tests. An empty list tests nothing; words are
/// compared without regard to case and to blanks at their ends.
///
/// Whoever is not chosen is left out with a reason that is counted. An employee who was brought over before and is not
/// chosen any more stays in ExakTime as it is: a narrower choice deactivates nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerChoice {
    /// Only people whom Procore marks as employees of the company; the directory holds subcontractors and other
    /// contacts too. On by default.
    pub employees_only: bool,
    /// Only people with one of these job titles; with any given, nobody without a title.
    pub job_titles: Vec<String>,
    /// Nobody with one of these job titles, even if it is among [`job_titles`](Self::job_titles).
    pub except_job_titles: Vec<String>,
    /// Only people in the directory of one of these projects, by project number or Procore id.
    pub projects: Vec<String>,
    /// Only these people, by employee number or Procore id. Numbers keep their zeros: `101` does not name `00101`.
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

/// Whether people may clock in at the place of a project that is inactive in Procore.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectStatus {
    /// They may not: a place is deactivated with its project.
    #[default]
    Active,
    /// They may: the place stays open. Time that is worked there is held until the project is active again, since
    /// Procore takes no entries for a closed one (hazard C10).
    All,
}

/// Which projects, and with them which sub-jobs, a sync brings over: those that pass every one of these tests. An empty
/// list tests nothing; words are compared without regard to case and to blanks at their ends.
///
/// What is not chosen is left out with a reason that is counted. A place that was brought over before stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectChoice {
    /// Whether places of inactive projects are closed (the default) or stay open.
    pub status: ProjectStatus,
    /// Only projects of one of these stages, such as `Course of Construction`; with any given, none without a stage.
    pub stages: Vec<String>,
    /// No projects of one of these stages, such as `Bidding`.
    pub except_stages: Vec<String>,
    /// Only these projects, by project number or Procore id.
    pub only: Vec<String>,
    /// None of these projects, by project number or Procore id, even if they are among [`only`](Self::only).
    pub except: Vec<String>,
    /// Whether the demonstration project comes along that Procore puts into every company. Off by default.
    pub demo: bool,
    /// Whether projects come along that are only templates for others. Off by default.
    pub templates: bool,
}

/// Which cost codes a sync brings over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CostCodeChoice {
    /// Only codes of these company lists, by name or Procore id, without regard to case; empty means all lists. A code
    /// whose list Procore does not tell is in none of them.
    pub lists: Vec<String>,
}
