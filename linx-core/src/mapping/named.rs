//! What a template names, and the variables by which it is named.

use std::borrow::Cow;

use minijinja::context;

use crate::model::{CompanyCostCode, Project, SubJob, Worker};

/// An entity that gets its name or identifier from a template.
#[derive(Clone, Copy)]
pub(super) enum Named<'a> {
    Place(&'a Project, Option<&'a SubJob>),
    Employee(&'a Worker),
    CostCode(&'a CompanyCostCode),
}

impl<'a> Named<'a> {
    /// Returns the text of a variable such as `project.number`, as the engine would print it; `None` for one that this
    /// entity does not have.
    pub(super) fn text(self, variable: &str) -> Option<Cow<'a, str>> {
        let given = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        let text = match (self, variable) {
            (Self::Place(project, _), "project.number") => given(&project.number),
            (Self::Place(project, _), "project.name") => &project.name,
            (Self::Place(project, _), "project.stage") => given(&project.stage),
            (Self::Place(_, Some(sub_job)), "sub_job.code") => &sub_job.code,
            (Self::Place(_, Some(sub_job)), "sub_job.name") => &sub_job.name,
            (Self::Employee(worker), "worker.number") => given(&worker.number),
            (Self::Employee(worker), "worker.first_name") => given(&worker.first_name),
            (Self::Employee(worker), "worker.last_name") => given(&worker.last_name),
            (Self::Employee(worker), "worker.job_title") => given(&worker.job_title),
            (Self::CostCode(code), "cost_code.full_code") => &code.full_code,
            (Self::CostCode(code), "cost_code.name") => &code.name,
            (Self::CostCode(code), "cost_code.list") => code.list.as_ref().map_or("", |list| &list.name),
            (Self::Place(project, _), "project.id") => return Some(project.id.to_string().into()),
            (Self::Place(_, Some(sub_job)), "sub_job.id") => return Some(sub_job.id.to_string().into()),
            (Self::Employee(worker), "worker.id") => return Some(worker.id.to_string().into()),
            (Self::CostCode(code), "cost_code.id") => return Some(code.id.to_string().into()),
            _ => return None,
        };
        Some(text.into())
    }

    /// Returns all variables of this entity in the form that the engine takes.
    pub(super) fn values(self) -> minijinja::Value {
        let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Place(project, sub_job) => {
                let project = context! {
                    id => project.id.0,
                    number => text(&project.number),
                    name => project.name.as_str(),
                    stage => text(&project.stage),
                };
                let sub_job = sub_job.map(|sub_job| {
                    context! { id => sub_job.id.0, code => sub_job.code.as_str(), name => sub_job.name.as_str() }
                });
                context! { project, sub_job }
            }
            Self::Employee(worker) => {
                let worker = context! {
                    id => worker.id.0,
                    number => text(&worker.number),
                    first_name => text(&worker.first_name),
                    last_name => text(&worker.last_name),
                    job_title => text(&worker.job_title),
                };
                context! { worker }
            }
            Self::CostCode(code) => {
                let cost_code = context! {
                    id => code.id.0,
                    full_code => code.full_code.as_str(),
                    name => code.name.as_str(),
                    list => code.list.as_ref().map_or("", |list| list.name.as_str()),
                };
                context! { cost_code }
            }
        }
    }
}
