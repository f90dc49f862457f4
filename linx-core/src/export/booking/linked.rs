//! Whom and what the ids of time records are linked to: workers, places, cost codes of the company.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::export::facts::ExportFacts;
use crate::hold::{Reason, Refusal};
use crate::ledger::Link;
use crate::mapping::{MappingRules, Ruling};
use crate::model::{
    Attribute, CompanyCodeId, Kind, OfficeRef, Project, ProjectId, RecordId, SubJob, SubJobId, TimeRecord, Worker,
    WorkerId,
};
use crate::reconcile::{is_replaced, may_be_another};
use crate::settings::ExportSettings;

/// The worker in Procore behind an employee of ExakTime.
#[derive(Debug, Clone, Copy)]
pub(in crate::export) struct Employee<'a> {
    pub(super) worker: &'a Worker,
    /// The employee number as ExakTime has it, for a person who reads the plan.
    pub(super) number: &'a str,
}

/// Where hours were worked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) project: &'a Project,
    pub(super) sub_job: Option<&'a SubJob>,
    /// The location's identifier, for a person who reads the plan.
    pub(super) identifier: &'a str,
}

/// A cost code of the company's list.
#[derive(Debug, Clone, Copy)]
pub(super) struct CompanyCode<'a> {
    pub(super) id: CompanyCodeId,
    pub(super) full_code: &'a str,
}

/// Everything that is linked. Each place and code is looked up once and then remembered.
pub(super) struct Linked<'a> {
    facts: &'a ExportFacts,
    rules: &'a dyn MappingRules,
    links: BTreeMap<(Kind, &'a RecordId), &'a Link>,
    workers: BTreeMap<WorkerId, &'a Worker>,
    projects: BTreeMap<ProjectId, &'a Project>,
    sub_jobs: BTreeMap<(ProjectId, SubJobId), &'a SubJob>,
    full_codes: BTreeMap<CompanyCodeId, &'a str>,
    places: FxHashMap<&'a RecordId, Result<Place<'a>, Refusal>>,
    company_codes: FxHashMap<&'a RecordId, Result<CompanyCode<'a>, Refusal>>,
    /// Employees whose time is that of another one.
    same_person: BTreeMap<&'a RecordId, &'a RecordId>,
}

impl<'a> Linked<'a> {
    pub(super) fn new(facts: &'a ExportFacts, rules: &'a dyn MappingRules, settings: &ExportSettings) -> Self {
        let links = facts.links.iter();
        let projects = facts.projects.rows.iter();
        let sub_jobs = facts.sub_jobs.iter();
        let codes = facts.cost_codes.rows.iter();
        Self {
            facts,
            rules,
            links: links.map(|link| ((link.kind, &link.record), link)).collect(),
            workers: facts.workers.rows.iter().map(|worker| (worker.id, worker)).collect(),
            projects: projects.map(|project| (project.id, project)).collect(),
            sub_jobs: sub_jobs
                .map(|sub_job| ((sub_job.project, sub_job.id), sub_job))
                .collect(),
            full_codes: codes.map(|code| (code.id, code.full_code.as_str())).collect(),
            places: FxHashMap::default(),
            company_codes: FxHashMap::default(),
            same_person: same_person(facts, settings),
        }
    }

    /// The worker that an employee is linked to, whether or not Procore still has it.
    pub(super) fn worker_of(&self, employee: &RecordId) -> Option<WorkerId> {
        match self.link(Kind::Employee, employee)?.office {
            OfficeRef::Worker(worker) => Some(worker),
            _ => None,
        }
    }

    /// Every employee who counts as somebody's, and as whose.
    pub(super) fn employees(&self) -> impl Iterator<Item = (&'a RecordId, WorkerId)> {
        let linked = self
            .links
            .keys()
            .filter(|(kind, _)| *kind == Kind::Employee)
            .map(|(_, id)| *id);
        let all = linked.chain(self.same_person.keys().copied());
        all.filter_map(|id| Some((id, self.worker_of(id)?)))
    }

    fn link(&self, kind: Kind, id: &RecordId) -> Option<&'a Link> {
        let id = self
            .same_person
            .get(id)
            .copied()
            .filter(|_| kind == Kind::Employee)
            .unwrap_or(id);
        self.links.get(&(kind, id)).copied()
    }

    /// The worker behind an employee. Errors where none is linked, or where Procore does not have the worker any more.
    pub(super) fn employee(&self, id: &RecordId) -> Result<Employee<'a>, Refusal> {
        let missing = |detail: &str| Refusal::new(Reason::EmployeeNotLinked, detail.to_owned());
        let link = self.link(Kind::Employee, id).ok_or_else(|| missing(""))?;
        let OfficeRef::Worker(id) = link.office else {
            return Err(missing("the link is not to a worker"));
        };
        let worker = *self
            .workers
            .get(&id)
            .ok_or_else(|| missing(&format!("worker:{id} is not in Procore's directory any more")))?;
        self.refuse_another_person(link, worker)?;
        Ok(Employee {
            worker,
            number: link.base.get(Attribute::Identifier).unwrap_or_default(),
        })
    }

    /// Errors where a sync would hold the record as another person's by now, who would inherit the hours (hazard C2).
    fn refuse_another_person(&self, link: &Link, worker: &Worker) -> Result<(), Refusal> {
        let mut employees = self.facts.employees.rows.iter();
        let record = employees.find(|employee| employee.id == link.record);
        // A link that a person made has no agreed values yet.
        let Some(theirs) = record
            .map(|record| &record.attributes)
            .filter(|_| !link.base.is_empty())
        else {
            return Ok(());
        };
        let is_another = match self.rules.employee(worker) {
            Ruling::Becomes(ours) => may_be_another(Kind::Employee, &ours.into(), theirs, &link.base),
            // Nothing is known of Procore's values; ExakTime's may have changed.
            Ruling::Not(_) => is_replaced(theirs, &link.base, &link.base),
        };
        if is_another {
            let was = link.base.get(Attribute::Identifier).unwrap_or_default();
            let detail = format!("{} {was}", link.record);
            return Err(Refusal::new(Reason::AnotherPerson, detail));
        }
        Ok(())
    }

    pub(super) fn place(&mut self, record: &'a TimeRecord) -> Result<Place<'a>, Refusal> {
        let location = record
            .location
            .as_ref()
            .ok_or_else(|| Refusal::from(Reason::NoLocation))?;
        if let Some(known) = self.places.get(location) {
            return known.clone();
        }
        let found = self.find_place(location);
        self.places.insert(location, found.clone());
        found
    }

    fn find_place(&self, location: &RecordId) -> Result<Place<'a>, Refusal> {
        let missing = |detail: String| Refusal::new(Reason::LocationNotLinked, detail);
        let link = self
            .link(Kind::Location, location)
            .ok_or_else(|| missing(format!("location {}", self.facts.location_label(location))))?;
        let (project, sub_job) = match link.office {
            OfficeRef::Project(project) => (project, None),
            OfficeRef::SubJob(project, sub_job) => (project, Some(sub_job)),
            OfficeRef::Worker(_) | OfficeRef::CostCode(_) => {
                return Err(missing(format!("location {location} is linked to {}", link.office)));
            }
        };
        let project = *self
            .projects
            .get(&project)
            .ok_or_else(|| missing(format!("project:{project} is not visible in Procore any more")))?;
        if !project.active {
            return Err(Refusal::new(Reason::ProjectClosed, format!("project:{}", project.id)));
        }
        let sub_job = match sub_job {
            None => None,
            Some(id) => Some(*self.sub_jobs.get(&(project.id, id)).ok_or_else(|| {
                missing(format!(
                    "sub-job:{}/{id} is not visible in Procore any more",
                    project.id
                ))
            })?),
        };
        Ok(Place {
            project,
            sub_job,
            identifier: link.base.get(Attribute::Identifier).unwrap_or_default(),
        })
    }

    pub(super) fn company_code(&mut self, record: &'a TimeRecord) -> Result<CompanyCode<'a>, Refusal> {
        let code = record
            .cost_code
            .as_ref()
            .ok_or_else(|| Refusal::from(Reason::NoCostCode))?;
        if let Some(known) = self.company_codes.get(code) {
            return known.clone();
        }
        let found = self.find_company_code(code);
        self.company_codes.insert(code, found.clone());
        found
    }

    fn find_company_code(&self, code: &RecordId) -> Result<CompanyCode<'a>, Refusal> {
        let missing = |detail: String| Refusal::new(Reason::CostCodeNotLinked, detail);
        let link = self
            .link(Kind::CostCode, code)
            .ok_or_else(|| missing(format!("cost code {code}")))?;
        let OfficeRef::CostCode(id) = link.office else {
            return Err(missing(format!("cost code {code} is linked to {}", link.office)));
        };
        let full_code = self
            .full_codes
            .get(&id)
            .ok_or_else(|| missing(format!("cost-code:{id} is not in the company's list any more")))?;
        Ok(CompanyCode { id, full_code })
    }
}

/// Who counts as whom, by ids.
fn same_person<'a>(facts: &'a ExportFacts, settings: &ExportSettings) -> BTreeMap<&'a RecordId, &'a RecordId> {
    let find = |given: &String| {
        let mut employees = facts.employees.rows.iter();
        employees
            .find(|employee| employee.is_called(given))
            .map(|employee| &employee.id)
    };
    let pairs = settings.same_person.iter();
    pairs
        .filter_map(|(one, other)| Some((find(one)?, find(other)?)))
        .collect()
}
