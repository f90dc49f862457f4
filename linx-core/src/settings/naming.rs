//! The templates by which records get their names and identifiers.

use serde::{Deserialize, Serialize};

/// The templates by which records get their names and identifiers. Those of places see `project` (`id`, `number`,
/// `name`, `stage`) and `sub_job` (`id`, `code`, `name`), those of employees `worker` (`id`, `number`, `first_name`,
/// `last_name`, `job_title`), those of cost codes `cost_code` (`id`, `full_code`, `name`, `list`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Naming {
    /// Identifier of a project's location.
    pub project_identifier: String,
    /// Name of a project's location.
    pub project_name: String,
    /// Identifier of a sub-job's location.
    pub sub_job_identifier: String,
    /// Name of a sub-job's location.
    pub sub_job_name: String,
    /// Identifier of an employee; one that comes out blank holds the worker.
    pub employee_identifier: String,
    /// Identifier of a cost code.
    pub cost_code_identifier: String,
    /// Name of a cost code.
    pub cost_code_name: String,
}

impl Default for Naming {
    fn default() -> Self {
        Self {
            project_identifier: "{{ project.number }}".into(),
            project_name: "{{ project.number }} - {{ project.name }}".into(),
            sub_job_identifier: "{{ project.number }}.{{ sub_job.code }}".into(),
            sub_job_name: "{{ project.number }}.{{ sub_job.code }} - {{ project.name }} / {{ sub_job.name }}".into(),
            employee_identifier: "{{ worker.number }}".into(),
            cost_code_identifier: "{{ cost_code.full_code }}".into(),
            cost_code_name: "{{ cost_code.name }}".into(),
        }
    }
}
