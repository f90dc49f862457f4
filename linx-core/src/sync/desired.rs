//! What ExakTime should hold: the office's lists through the rules. Pure.

use std::collections::BTreeSet;

use super::facts::OfficeLists;
use crate::hold::Reason;
use crate::mapping::{Desired, MappingRules, Ruling};
use crate::model::{Attributes, Kind, OfficeRef, Worker};
use crate::settings::Import;

/// Whether such an entity is among the imports.
pub(super) fn in_scope(reference: OfficeRef, imports: &BTreeSet<Import>) -> bool {
    imports.contains(&match reference {
        OfficeRef::Worker(_) => Import::Workers,
        OfficeRef::Project(_) => Import::Projects,
        OfficeRef::SubJob(..) => Import::SubJobs,
        OfficeRef::CostCode(_) => Import::CostCodes,
    })
}

impl OfficeLists {
    /// What the rules make of the entities of one kind.
    pub fn desired(&self, kind: Kind, rules: &dyn MappingRules, imports: &BTreeSet<Import>) -> Vec<Desired> {
        match kind {
            Kind::Employee => self
                .workers
                .rows
                .iter()
                .map(|worker| Desired {
                    office: OfficeRef::Worker(worker.id),
                    ruling: self.employee(worker, rules),
                })
                .collect(),
            Kind::CostCode => self
                .cost_codes
                .rows
                .iter()
                .map(|code| Desired {
                    office: OfficeRef::CostCode(code.id),
                    ruling: rules.cost_code(code).map(Attributes::from),
                })
                .collect(),
            Kind::Location => self.places(rules, imports),
        }
    }

    fn employee(&self, worker: &Worker, rules: &dyn MappingRules) -> Ruling<Attributes> {
        let ruling = rules.employee(worker).map(Attributes::from);
        let is_member = self.members.as_ref().is_none_or(|members| members.contains(&worker.id));
        match ruling {
            Ruling::Becomes(_) if !is_member => Ruling::not(Reason::NotInChosenProjects),
            ruling => ruling,
        }
    }

    fn places(&self, rules: &dyn MappingRules, imports: &BTreeSet<Import>) -> Vec<Desired> {
        let mut places = Vec::new();
        for project in &self.projects.rows {
            if imports.contains(&Import::Projects) {
                places.push(Desired {
                    office: OfficeRef::Project(project.id),
                    ruling: rules.project_location(project).map(Attributes::from),
                });
            }
            for sub_job in self.sub_jobs.get(&project.id).into_iter().flat_map(|list| &list.rows) {
                places.push(Desired {
                    office: OfficeRef::SubJob(project.id, sub_job.id),
                    ruling: rules.sub_job_location(project, sub_job).map(Attributes::from),
                });
            }
        }
        places
    }
}
