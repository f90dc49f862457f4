//! Looks each part of a line up in Procore. What cannot be found is held with the missing piece named (hazard C11).

use std::collections::BTreeMap;

use super::fetch::ExportFacts;
use crate::hold::Reason;
use crate::ledger::Link;
use crate::mapping::{MappingRules, Ruling, TimeAtPlace};
use crate::model::{
    CompanyCodeId, FieldId, FieldName, HourClass, Hours, Kind, LineItemTypeId, OfficeRef, Project, ProjectCodeId,
    ProjectCostCode, ProjectId, SubJob, SubJobId, TimeRecord, TimeTypeId, Worker, WorkerId,
};
use crate::plan::{LineKey, LineView};
use crate::settings::{ExportSettings, UnresolvedCostCode};

/// Why hours become no line, and what is particular to them.
pub(super) type Missing = (Reason, String);

/// A line's parts, found.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub(super) key: LineKey,
    /// None where the project does not have it and the company sends such time without.
    pub(super) cost_code: Option<ProjectCodeId>,
    pub(super) line_item_type: Option<LineItemTypeId>,
    pub(super) time_type: TimeTypeId,
    pub(super) description: Option<String>,
    pub(super) billable: bool,
    pub(super) view: LineView,
}

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
        }
    }

    pub(super) fn resolve(&self, record: &TimeRecord, class: HourClass, hours: Hours) -> Result<Resolved, Missing> {
        let (worker, number) = self.worker(record)?;
        let place = self.place(record)?;
        let (company_code, full_code) = self.company_code(record)?;
        let time = TimeAtPlace {
            record,
            class,
            hours,
            worker,
            project: place.project,
            sub_job: place.sub_job,
            cost_code: full_code,
        };
        let draft = match self.rules.timesheet_line(&time) {
            Ruling::Becomes(draft) => draft,
            Ruling::Not(reason, detail) => return Err((reason, detail)),
        };
        self.check_membership(worker.id, place.project.id)?;
        let code = match self.project_code(&place, company_code, full_code, &draft.cost_code) {
            Ok(code) => Some(code),
            Err(_) if self.settings.unresolved_cost_code == UnresolvedCostCode::Omit => None,
            Err(missing) => return Err(missing),
        };
        let sub_job = place.sub_job.map(|sub_job| sub_job.id);
        Ok(Resolved {
            key: LineKey {
                worker: worker.id,
                date: draft.date,
                project: place.project.id,
                sub_job,
                cost_code: draft.cost_code,
                class,
                classification: None,
                start: None,
            },
            cost_code: code.map(|code| code.id),
            line_item_type: code.map(|code| self.labor_type(code)).transpose()?,
            time_type: self.time_types[&class]
                .clone()
                .map_err(|detail| (Reason::NoTimeType, detail))?,
            description: draft.description,
            billable: draft.billable,
            view: LineView {
                employee: number,
                location: place.identifier,
            },
        })
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

    fn worker(&self, record: &TimeRecord) -> Result<(&'a Worker, String), Missing> {
        let missing = |detail: &str| (Reason::EmployeeNotLinked, detail.to_owned());
        let link = self.link(Kind::Employee, &record.employee).ok_or_else(|| missing(""))?;
        let OfficeRef::Worker(id) = link.office else {
            return Err(missing("the link is not to a worker"));
        };
        let worker = self
            .workers
            .get(&id)
            .ok_or_else(|| missing(&format!("worker:{id} is not in Procore's directory any more")))?;
        Ok((
            worker,
            link.base.get(FieldName::Identifier).unwrap_or_default().to_owned(),
        ))
    }

    fn place(&self, record: &TimeRecord) -> Result<Place<'a>, Missing> {
        let location = record.location.as_ref().ok_or((Reason::NoLocation, String::new()))?;
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
        let identifier = link.base.get(FieldName::Identifier).unwrap_or_default().to_owned();
        Ok(Place {
            project,
            sub_job,
            identifier,
        })
    }

    fn company_code(&self, record: &TimeRecord) -> Result<(CompanyCodeId, &'a str), Missing> {
        let code = record.cost_code.as_ref().ok_or((Reason::NoCostCode, String::new()))?;
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
        Ok((id, full_code))
    }

    /// The project's own code: by the company code it was copied from, then by full code; among the sub-job's codes
    /// where the place is one (procore-api.md, trap 6).
    fn project_code(
        &self,
        place: &Place<'a>,
        company_code: CompanyCodeId,
        company_full_code: &str,
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
            .find(|code| wanted == company_full_code && code.company_code == Some(company_code));
        let same_code = |code: &&ProjectCostCode| code.full_code.trim().eq_ignore_ascii_case(wanted.trim());
        copied
            .or_else(|| codes.iter().find(same_code))
            .ok_or_else(|| (Reason::CostCodeNotInProject, detail()))
    }
}

struct Place<'a> {
    project: &'a Project,
    sub_job: Option<&'a SubJob>,
    identifier: String,
}

impl Place<'_> {
    fn describe(&self) -> String {
        match self.sub_job {
            Some(sub_job) => OfficeRef::SubJob(self.project.id, sub_job.id).to_string(),
            None => OfficeRef::Project(self.project.id).to_string(),
        }
    }
}
