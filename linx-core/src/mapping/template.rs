//! Naming templates of the configuration: `{{ project.number }} - {{ project.name }}`.

use std::collections::BTreeMap;

use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use super::named::Named;
use crate::model::{CompanyCodeId, CompanyCostCode, Project, ProjectId, SubJob, SubJobId, Worker, WorkerId};
use crate::settings::Naming;

/// How much work one template may do; a hostile loop ends with an error.
const FUEL: u64 = 20_000;

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the template {name} cannot be used")]
pub struct TemplateError {
    /// Its key in `sync.naming`, such as `project_name`.
    pub name: &'static str,
    #[source]
    source: minijinja::Error,
}

/// A piece of a template that needs no engine.
#[derive(Clone)]
enum Piece {
    Text(String),
    Variable(String),
}

/// The pieces of a template that is made of text and variables alone, as all defaults are: with 100,000 records the
/// engine would be most of a plan's time. `None` for any other.
fn pieces(source: &str) -> Option<Vec<Piece>> {
    let is_variable = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.'))
    };
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((text, after)) = rest.split_once("{{") {
        let (variable, after) = after.split_once("}}")?;
        pieces.push(Piece::Text(text.to_owned()));
        pieces.push(Piece::Variable(
            Some(variable.trim()).filter(|name| is_variable(name))?.to_owned(),
        ));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    let is_plain = |piece: &Piece| !matches!(piece, Piece::Text(text) if text.contains(['{', '}']));
    pieces.iter().all(is_plain).then_some(pieces)
}

/// The templates, parsed.
#[derive(Clone)]
pub(super) struct Templates {
    environment: Environment<'static>,
    plain: BTreeMap<&'static str, Vec<Piece>>,
}

impl Templates {
    pub(super) fn new(naming: &Naming) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_fuel(Some(FUEL));
        let mut plain = BTreeMap::new();
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
            plain.extend(pieces(source).map(|pieces| (name, pieces)));
        }
        Ok(Self { environment, plain })
    }

    /// Names a sample by each template, so that a misspelt variable is told at once and not record by record.
    pub(super) fn try_out(&self) -> Result<(), TemplateError> {
        let sample = || Some("1".to_owned());
        let project = Project {
            stage: sample(),
            ..Project::of(ProjectId(1), "1", "1")
        };
        let sub_job = SubJob {
            project: project.id,
            id: SubJobId(1),
            code: "1".into(),
            name: "1".into(),
        };
        let worker = Worker {
            first_name: sample(),
            job_title: sample(),
            ..Worker::of(WorkerId(1), "1", "1")
        };
        let code = CompanyCostCode {
            id: CompanyCodeId(1),
            full_code: "1".into(),
            name: "1".into(),
            list: None,
            leaf: true,
            active: true,
        };
        for (name, subject) in [
            ("project_identifier", Named::Place(&project, None)),
            ("project_name", Named::Place(&project, None)),
            ("sub_job_identifier", Named::Place(&project, Some(&sub_job))),
            ("sub_job_name", Named::Place(&project, Some(&sub_job))),
            ("employee_identifier", Named::Employee(&worker)),
            ("cost_code_identifier", Named::CostCode(&code)),
            ("cost_code_name", Named::CostCode(&code)),
        ] {
            match self.render(name, subject) {
                Err(error) if error.source.kind() == ErrorKind::UndefinedError => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Returns what a template makes of an entity, without blanks at its ends. `name` is its key in `sync.naming`.
    pub(super) fn render(&self, name: &'static str, subject: Named<'_>) -> Result<String, TemplateError> {
        // A variable that is not known is left to the engine, which tells what is wrong with it.
        match self.plain.get(name).and_then(|pieces| joined(pieces, subject)) {
            Some(text) => Ok(text),
            None => self.by_engine(name, subject),
        }
    }

    fn by_engine(&self, name: &'static str, subject: Named<'_>) -> Result<String, TemplateError> {
        let text = self
            .environment
            .get_template(name)
            .and_then(|template| template.render(subject.values()))
            .map_err(|source| TemplateError { name, source })?;
        Ok(text.trim().to_owned())
    }
}

fn joined(pieces: &[Piece], subject: Named<'_>) -> Option<String> {
    let mut joined = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => joined.push_str(text),
            Piece::Variable(variable) => joined.push_str(&subject.text(variable)?),
        }
    }
    let trimmed = joined.trim();
    Some(if trimmed.len() == joined.len() {
        joined
    } else {
        trimmed.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodeList, CodeListId, CompanyCodeId, ProjectId, SubJobId, WorkerId};

    /// What a template says of these by either way; without the engine only where it needs none.
    fn both_ways(source: &str, subject: Named<'_>) -> (Option<String>, Option<String>) {
        let naming = Naming {
            project_name: source.into(),
            ..Naming::default()
        };
        let templates = Templates::new(&naming).unwrap();
        let plain = templates.plain.get("project_name");
        let plain = plain.and_then(|pieces| joined(pieces, subject));
        (plain, templates.by_engine("project_name", subject).ok())
    }

    /// A template is tried out on somebody of whom everything is known: the first letter of a title is there.
    #[test]
    fn every_variable_of_a_worker_may_be_named_in_a_template() {
        for variable in ["number", "first_name", "last_name", "job_title"] {
            let naming = Naming {
                employee_identifier: format!("{{{{ worker.{variable} | first | upper }}}}"),
                ..Naming::default()
            };
            assert!(Templates::new(&naming).unwrap().try_out().is_ok(), "{variable}");
        }
    }

    #[test]
    fn text_and_variables_alone_say_the_same_without_the_engine() {
        let worker = Worker {
            first_name: Some("Ana".into()),
            ..Worker::of(WorkerId(7), " 00101 ", "O'Brien & <Co>")
        };
        let project = Project::of(ProjectId(3), "24-001", "Tower {{ 1 }}");
        let sub_job = SubJob {
            project: ProjectId(3),
            id: SubJobId(9),
            code: "01".into(),
            name: "Podium".into(),
        };
        let code = CompanyCostCode {
            id: CompanyCodeId(77),
            full_code: "03-300".into(),
            name: "Concrete".into(),
            list: Some(CodeList {
                id: CodeListId(1),
                name: "Master".into(),
            }),
            leaf: true,
            active: true,
        };
        let place = Named::Place(&project, Some(&sub_job));
        for (subject, source) in [
            (
                place,
                "{{ project.number }}.{{sub_job.code}} - {{ project.name }} / {{ sub_job.name }}",
            ),
            (place, "{{ project.id }}/{{ sub_job.id }}{{ project.stage }} \n"),
            (place, "  Yard  "),
            (place, ""),
            (
                Named::Employee(&worker),
                "{{ worker.number }} {{ worker.first_name }} {{ worker.last_name }} {{ worker.job_title }} {{ worker.id }}",
            ),
            (
                Named::CostCode(&code),
                "{{ cost_code.list }} {{ cost_code.full_code }} {{ cost_code.name }} {{ cost_code.id }}",
            ),
        ] {
            let (plain, by_engine) = both_ways(source, subject);
            assert!(
                plain.is_some() && plain == by_engine,
                "{source}: {plain:?} {by_engine:?}"
            );
        }
    }

    #[test]
    fn all_else_is_left_to_the_engine() {
        let project = Project {
            number: None,
            ..Project::of(ProjectId(3), "", "Tower")
        };
        for source in [
            "{{ project.name | upper }}",
            "{{- project.name }}",
            "{# no #}{{ project.name }}",
            "{% if true %}{{ project.name }}{% endif %}",
            "{{ project.nmae }}",
            "{{ sub_job.code }}",
            "{{ \"}}\" }}",
        ] {
            assert_eq!(both_ways(source, Named::Place(&project, None)).0, None, "{source}");
        }
    }

    #[test]
    fn the_defaults_need_no_engine() {
        assert_eq!(Templates::new(&Naming::default()).unwrap().plain.len(), 7);
    }
}
