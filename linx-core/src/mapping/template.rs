//! Naming templates of the configuration: `{{ project.number }} - {{ project.name }}`.

use minijinja::{Environment, UndefinedBehavior, context};
use serde::{Deserialize, Serialize};

use crate::model::{CompanyCostCode, Project, SubJob, Worker};

/// How much work one template may do; a hostile loop ends with an error.
const FUEL: u64 = 20_000;

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

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the template {name} cannot be used")]
pub struct TemplateError {
    /// The key in `[sync.naming]`.
    pub name: &'static str,
    #[source]
    source: minijinja::Error,
}

/// The templates, parsed.
pub(super) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    pub(super) fn new(naming: &Naming) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_fuel(Some(FUEL));
        for (name, source) in [
            ("project_identifier", &naming.project_identifier),
            ("project_name", &naming.project_name),
            ("sub_job_identifier", &naming.sub_job_identifier),
            ("sub_job_name", &naming.sub_job_name),
            ("employee_identifier", &naming.employee_identifier),
            ("cost_code_identifier", &naming.cost_code_identifier),
            ("cost_code_name", &naming.cost_code_name),
        ] {
            environment
                .add_template_owned(name, source.clone())
                .map_err(|source| TemplateError { name, source })?;
        }
        Ok(Self { environment })
    }

    pub(super) fn place(
        &self,
        name: &'static str,
        project: &Project,
        sub_job: Option<&SubJob>,
    ) -> Result<String, TemplateError> {
        let project = context! {
            id => project.id.0,
            number => project.number.as_deref().unwrap_or_default(),
            name => project.name.as_str(),
            stage => project.stage.as_deref().unwrap_or_default(),
        };
        let sub_job = sub_job.map(|sub_job| {
            context! { id => sub_job.id.0, code => sub_job.code.as_str(), name => sub_job.name.as_str() }
        });
        self.render(name, context! { project, sub_job })
    }

    pub(super) fn employee(&self, name: &'static str, worker: &Worker) -> Result<String, TemplateError> {
        let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let worker = context! {
            id => worker.id.0,
            number => text(&worker.number),
            first_name => text(&worker.first_name),
            last_name => text(&worker.last_name),
            job_title => text(&worker.job_title),
        };
        self.render(name, context! { worker })
    }

    pub(super) fn cost_code(&self, name: &'static str, code: &CompanyCostCode) -> Result<String, TemplateError> {
        let cost_code = context! {
            id => code.id.0,
            full_code => code.full_code.as_str(),
            name => code.name.as_str(),
            list => code.list.as_ref().map_or("", |list| list.name.as_str()),
        };
        self.render(name, context! { cost_code })
    }

    fn render(&self, name: &'static str, values: minijinja::Value) -> Result<String, TemplateError> {
        let text = self
            .environment
            .get_template(name)
            .and_then(|template| template.render(values))
            .map_err(|source| TemplateError { name, source })?;
        Ok(text.trim().to_owned())
    }
}
