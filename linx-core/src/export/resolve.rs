//! Looks each part of a line up in Procore. What cannot be found is held with the missing piece named (hazard C11).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arcstr::ArcStr;

use super::fetch::ExportFacts;
use crate::hold::Reason;
use crate::ledger::Link;
use crate::mapping::{MappingRules, Ruling, TimeAtPlace};
use crate::model::{
    Coding, CompanyCodeId, FieldId, FieldName, HourClass, Hours, Kind, LineItemTypeId, OfficeRef, Project,
    ProjectCostCode, ProjectId, SubJob, SubJobId, TimeRecord, TimeTypeId, Worker, WorkerId,
};
use crate::plan::LineKey;
use crate::settings::{ExportSettings, UnresolvedCostCode};

/// Why hours become no line, and what is particular to them.
pub(super) type Missing = (Reason, String);

/// A line's parts, found.
#[derive(Debug)]
pub(super) struct Resolved<'a> {
    pub(super) key: LineKey,
    pub(super) coding: Arc<Coding>,
    pub(super) description: Option<String>,
    pub(super) billable: bool,
    /// For a person.
    pub(super) employee_number: &'a str,
    /// The location's identifier, for a person.
    pub(super) location: &'a str,
}

/// Whose time it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Employee<'a> {
    worker: &'a Worker,
    number: &'a str,
}

#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    project: &'a Project,
    sub_job: Option<&'a SubJob>,
    identifier: &'a str,
}

#[derive(Debug, Clone, Copy)]
struct CompanyCode<'a> {
    id: CompanyCodeId,
    full_code: &'a str,
}

/// What decides about a coding.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Target {
    project: ProjectId,
    sub_job: Option<SubJobId>,
    company_code: CompanyCodeId,
    /// The full code that the rule wants.
    wanted: String,
    class: HourClass,
}

/// A coding, with the code as it stands in the keys of its lines.
type Booked = (ArcStr, Arc<Coding>);

/// What the ids of time records stand for. Each place, code and coding is looked up once and then remembered.
pub(super) struct Resolver<'a> {
    facts: &'a ExportFacts,
    rules: &'a dyn MappingRules,
    settings: &'a ExportSettings,
    links: BTreeMap<(Kind, &'a FieldId), &'a Link>,
    workers: BTreeMap<WorkerId, &'a Worker>,
    projects: BTreeMap<ProjectId, &'a Project>,
    sub_jobs: BTreeMap<(ProjectId, SubJobId), &'a SubJob>,
    full_codes: BTreeMap<CompanyCodeId, &'a str>,
    time_types: BTreeMap<HourClass, Result<TimeTypeId, String>>,
    places: HashMap<&'a FieldId, Result<Place<'a>, Missing>>,
    company_codes: HashMap<&'a FieldId, Result<CompanyCode<'a>, Missing>>,
    codings: HashMap<Target, Result<Booked, Missing>>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(facts: &'a ExportFacts, rules: &'a dyn MappingRules, settings: &'a ExportSettings) -> Self {
        let time_type = |class: HourClass| {
            let wanted = settings.time_types.of(class);
            let found = facts
                .time_types
                .iter()
                .find(|known| known.label.eq_ignore_ascii_case(wanted) || known.id.to_string() == wanted);
            found.map(|known| known.id).ok_or_else(|| {
                let known: Vec<&str> = facts.time_types.iter().map(|known| known.label.as_str()).collect();
                format!(
                    "{} is set to `{wanted}`, and Procore has {}",
                    class.as_str(),
                    known.join(", ")
                )
            })
        };
        Self {
            facts,
            rules,
            settings,
            links: facts
                .links
                .iter()
                .map(|link| ((link.kind, &link.field), link))
                .collect(),
            workers: facts.workers.rows.iter().map(|worker| (worker.id, worker)).collect(),
            projects: facts
                .projects
                .rows
                .iter()
                .map(|project| (project.id, project))
                .collect(),
            sub_jobs: facts
                .sub_jobs
                .iter()
                .map(|sub_job| ((sub_job.project, sub_job.id), sub_job))
                .collect(),
            full_codes: facts
                .cost_codes
                .rows
                .iter()
                .map(|code| (code.id, code.full_code.as_str()))
                .collect(),
            time_types: HourClass::ALL
                .into_iter()
                .map(|class| (class, time_type(class)))
                .collect(),
            places: HashMap::new(),
            company_codes: HashMap::new(),
            codings: HashMap::new(),
        }
    }

    /// The worker that an employee is linked to, whether or not Procore still has it.
    pub(super) fn worker_of(&self, employee: &FieldId) -> Option<WorkerId> {
        match self.link(Kind::Employee, employee)?.office {
            OfficeRef::Worker(worker) => Some(worker),
            _ => None,
        }
    }

    /// Finds the parts of the line that hours of one class belong to.
    pub(super) fn resolve(
        &mut self,
        record: &'a TimeRecord,
        employee: &Result<Employee<'a>, Missing>,
        class: HourClass,
        hours: Hours,
    ) -> Result<Resolved<'a>, Missing> {
        let Employee { worker, number } = employee.clone()?;
        let place = self.place(record)?;
        let code = self.company_code(record)?;
        let time = TimeAtPlace {
            record,
            class,
            hours,
            worker,
            project: place.project,
            sub_job: place.sub_job,
            cost_code: code.full_code,
        };
        let draft = match self.rules.timesheet_line(&time) {
            Ruling::Becomes(draft) => draft,
            Ruling::Not(reason, detail) => return Err((reason, detail)),
        };
        self.check_membership(worker.id, place.project.id)?;
        let (cost_code, coding) = self.coding(place, code, draft.cost_code, class)?;
        Ok(Resolved {
            key: LineKey {
                worker: worker.id,
                date: draft.date,
                project: coding.project,
                sub_job: coding.sub_job,
                cost_code,
                class,
                classification: coding.classification,
                start: None,
            },
            coding,
            description: draft.description,
            billable: draft.billable,
            employee_number: number,
            location: place.identifier,
        })
    }

    /// What hours at a place are booked to.
    fn coding(
        &mut self,
        place: Place<'a>,
        code: CompanyCode<'a>,
        wanted: String,
        class: HourClass,
    ) -> Result<Booked, Missing> {
        let target = Target {
            project: place.project.id,
            sub_job: place.sub_job.map(|sub_job| sub_job.id),
            company_code: code.id,
            wanted,
            class,
        };
        if let Some(known) = self.codings.get(&target) {
            return known.clone();
        }
        let found = self.find_coding(place, code, &target);
        self.codings.insert(target, found.clone());
        found
    }

    fn find_coding(&self, place: Place<'a>, code: CompanyCode<'a>, target: &Target) -> Result<Booked, Missing> {
        let cost_code = match self.project_code(place, code, &target.wanted) {
            Ok(code) => Some(code),
            // It is paid, and no budget is charged.
            Err(_) if self.settings.unresolved_cost_code == UnresolvedCostCode::Omit => None,
            Err(missing) => return Err(missing),
        };
        let coding = Coding {
            project: target.project,
            sub_job: target.sub_job,
            cost_code: cost_code.map(|code| code.id),
            line_item_type: cost_code.map(|code| self.labor_type(code)).transpose()?,
            wbs_code: None,
            classification: None,
            time_type: Some(
                self.time_types[&target.class]
                    .clone()
                    .map_err(|detail| (Reason::NoTimeType, detail))?,
            ),
        };
        Ok((target.wanted.as_str().into(), Arc::new(coding)))
    }

    /// Procore takes time only of those whom the project knows, unless the company tracks everybody everywhere.
    fn check_membership(&self, worker: WorkerId, project: ProjectId) -> Result<(), Missing> {
        match self.facts.members.get(&project) {
            Some(members) if !members.contains(&worker) => Err((
                Reason::NotInProject,
                format!("worker:{worker} is not in the directory of project:{project}"),
            )),
            _ => Ok(()),
        }
    }

    /// The labor type of a code; the company's default where there are several. "Take the first" is not a rule
    /// (hazard C11).
    fn labor_type(&self, code: &ProjectCostCode) -> Result<LineItemTypeId, Missing> {
        let labor: Vec<LineItemTypeId> = code
            .line_item_types
            .iter()
            .filter(|kind| kind.is_labor())
            .map(|kind| kind.id)
            .collect();
        let default = self.facts.settings.default_cost_type;
        match labor.as_slice() {
            [one] => Ok(*one),
            [] => Err((Reason::NoLaborType, format!("{} (code {})", code.full_code, code.id))),
            several => default.filter(|default| several.contains(default)).ok_or_else(|| {
                let detail = format!(
                    "{} offers {} labor types and none of them is the company's default",
                    code.full_code,
                    several.len()
                );
                (Reason::NoLaborType, detail)
            }),
        }
    }

    fn link(&self, kind: Kind, id: &FieldId) -> Option<&'a Link> {
        self.links.get(&(kind, id)).copied()
    }

    /// The worker behind an employee.
    pub(super) fn employee(&self, id: &FieldId) -> Result<Employee<'a>, Missing> {
        let missing = |detail: &str| (Reason::EmployeeNotLinked, detail.to_owned());
        let link = self.link(Kind::Employee, id).ok_or_else(|| missing(""))?;
        let OfficeRef::Worker(id) = link.office else {
            return Err(missing("the link is not to a worker"));
        };
        let worker = self
            .workers
            .get(&id)
            .ok_or_else(|| missing(&format!("worker:{id} is not in Procore's directory any more")))?;
        Ok(Employee {
            worker,
            number: link.base.get(FieldName::Identifier).unwrap_or_default(),
        })
    }

    fn place(&mut self, record: &'a TimeRecord) -> Result<Place<'a>, Missing> {
        let location = record.location.as_ref().ok_or((Reason::NoLocation, String::new()))?;
        if let Some(known) = self.places.get(location) {
            return known.clone();
        }
        let found = self.find_place(location);
        self.places.insert(location, found.clone());
        found
    }

    fn find_place(&self, location: &FieldId) -> Result<Place<'a>, Missing> {
        let missing = |detail: String| (Reason::LocationNotLinked, detail);
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
            return Err((Reason::ProjectClosed, format!("project:{}", project.id)));
        }
        if self.facts.settings.start_stop_projects.contains(&project.id) {
            return Err((Reason::StartStopProject, format!("project:{}", project.id)));
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
            identifier: link.base.get(FieldName::Identifier).unwrap_or_default(),
        })
    }

    fn company_code(&mut self, record: &'a TimeRecord) -> Result<CompanyCode<'a>, Missing> {
        let code = record.cost_code.as_ref().ok_or((Reason::NoCostCode, String::new()))?;
        if let Some(known) = self.company_codes.get(code) {
            return known.clone();
        }
        let found = self.find_company_code(code);
        self.company_codes.insert(code, found.clone());
        found
    }

    fn find_company_code(&self, code: &FieldId) -> Result<CompanyCode<'a>, Missing> {
        let missing = |detail: String| (Reason::CostCodeNotLinked, detail);
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

    /// The project's own code: by the company code it was copied from, then by full code; among the sub-job's codes
    /// where the place is one (procore-api.md, trap 6).
    fn project_code(
        &self,
        place: Place<'a>,
        company_code: CompanyCode<'a>,
        wanted: &str,
    ) -> Result<&'a ProjectCostCode, Missing> {
        let scope = (place.project.id, place.sub_job.map(|sub_job| sub_job.id));
        let detail = || format!("{wanted} in {}", place.describe());
        let codes = match self.facts.project_codes.get(&scope) {
            Some(Ok(codes)) => codes,
            Some(Err(why)) => return Err((Reason::CostCodeNotInProject, format!("{}: {why}", detail()))),
            None => return Err((Reason::CostCodeNotInProject, detail())),
        };
        let copied = codes
            .iter()
            .find(|code| wanted == company_code.full_code && code.company_code == Some(company_code.id));
        let same_code = |code: &&ProjectCostCode| code.full_code.trim().eq_ignore_ascii_case(wanted.trim());
        copied
            .or_else(|| codes.iter().find(same_code))
            .ok_or_else(|| (Reason::CostCodeNotInProject, detail()))
    }
}

impl Place<'_> {
    fn describe(&self) -> String {
        match self.sub_job {
            Some(sub_job) => OfficeRef::SubJob(self.project.id, sub_job.id).to_string(),
            None => OfficeRef::Project(self.project.id).to_string(),
        }
    }
}
