//! The templates by which records get their names and identifiers.

use serde::{Deserialize, Serialize};

/// The templates by which records get their names and identifiers in ExakTime, in the language of Jinja.
///
/// | templates of | variables |
/// | --- | --- |
/// | projects | `project.id`, `.number`, `.name`, `.stage` |
/// | sub-jobs | those of projects, and `sub_job.id`, `.code`, `.name` |
/// | employees | `worker.id`, `.number`, `.first_name`, `.last_name`, `.job_title` |
/// | cost codes | `cost_code.id`, `.full_code`, `.name`, `.list` |
///
/// A value that Procore does not have is an empty text. Blanks at the ends of the result are taken off. A record whose
/// identifier comes out blank is held, since nothing would tell it from others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Naming {
    /// Identifier of a project's location; by default the project number, such as `24-002`.
    pub project_identifier: String,
    /// Name of a project's location; by default number and name, such as `24-002 - Tower`.
    pub project_name: String,
    /// Identifier of a sub-job's location; by default the project number and the code, such as `24-002.01`, since codes
    /// of sub-jobs are unique in their project only (hazard C9).
    pub sub_job_identifier: String,
    /// Name of a sub-job's location; by default such as `24-002.01 - Tower / Podium`.
    pub sub_job_name: String,
    /// Identifier of an employee; by default the employee number. Its zeros are kept (hazard C7).
    pub employee_identifier: String,
    /// Identifier of a cost code; by default its full code, such as `03-300`.
    pub cost_code_identifier: String,
    /// Name of a cost code; by default its name in Procore.
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
