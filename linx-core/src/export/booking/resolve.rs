//! Looks each part of a line up in Procore. What cannot be found is held with the missing piece named (hazard C11).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arcstr::ArcStr;

use super::codes::{self, Offered, Wanted};
use super::time_types;
use crate::change::LineKey;
use crate::export::facts::ExportFacts;
use crate::hold::{Reason, Refusal};
use crate::ledger::Link;
use crate::mapping::{MappingRules, Ruling, TimeAtPlace};
use crate::model::{
    Attribute, Classification, ClassificationId, Coding, CompanyCodeId, HourClass, Hours, Kind, OfficeRef, Project,
    ProjectId, Record, RecordId, SubJob, SubJobId, TimeRecord, TimeTypeId, Worker, WorkerId,
};
use crate::settings::ExportSettings;

/// A line's parts, found.
#[derive(Debug, Clone)]
pub(in crate::export) struct Resolved<'a> {
    pub(in crate::export) key: LineKey,
    pub(in crate::export) coding: Arc<Coding>,
    pub(in crate::export) description: Option<String>,
    pub(in crate::export) billable: bool,
    /// For a person.
    pub(in crate::export) employee_number: &'a str,
    /// The location's identifier, for a person.
    pub(in crate::export) location: &'a str,
    /// The class of work in ExakTime's words.
    pub(in crate::export) class_said: Option<&'a str>,
}

/// Whose time it is.
#[derive(Debug, Clone, Copy)]
pub(in crate::export) struct Employee<'a> {
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
    classification: Option<ClassificationId>,
    class: HourClass,
}

/// Paid time off, by its cost code in ExakTime (hazard D22).
#[derive(Debug, Clone, Copy)]
struct Leave<'a> {
    code: &'a str,
    /// The time type it is sent with; blank leaves it out.
    time_type: &'a str,
}

/// A coding, with the code as it stands in the keys of its lines.
type Booked = (ArcStr, Arc<Coding>);

/// What the ids of time records stand for. Each place, code and coding is looked up once and then remembered.
pub(in crate::export) struct Resolver<'a> {
    facts: &'a ExportFacts,
    rules: &'a dyn MappingRules,
    settings: &'a ExportSettings,
    links: BTreeMap<(Kind, &'a RecordId), &'a Link>,
    workers: BTreeMap<WorkerId, &'a Worker>,
    projects: BTreeMap<ProjectId, &'a Project>,
    sub_jobs: BTreeMap<(ProjectId, SubJobId), &'a SubJob>,
    full_codes: BTreeMap<CompanyCodeId, &'a str>,
    time_types: BTreeMap<HourClass, Result<TimeTypeId, String>>,
    places: HashMap<&'a RecordId, Result<Place<'a>, Refusal>>,
    company_codes: HashMap<&'a RecordId, Result<CompanyCode<'a>, Refusal>>,
    codings: HashMap<Target, Result<Booked, Refusal>>,
    leave: HashMap<&'a RecordId, Leave<'a>>,
    /// Employees whose time is that of another one.
    same_person: BTreeMap<&'a RecordId, &'a RecordId>,
}

impl<'a> Resolver<'a> {
    pub(in crate::export) fn new(
        facts: &'a ExportFacts,
        rules: &'a dyn MappingRules,
        settings: &'a ExportSettings,
    ) -> Self {
        let time_type = |class: HourClass| {
            let wanted = settings.time_types.of(class);
            let found = time_types::find(wanted, &facts.time_types);
            found.ok_or_else(|| time_types::missing(class, wanted, &facts.time_types))
        };
        Self {
            facts,
            rules,
            settings,
            links: facts
                .links
                .iter()
                .map(|link| ((link.kind, &link.record), link))
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
            leave: leave_codes(facts, settings),
            same_person: same_person(facts, settings),
        }
    }

    /// The words of the settings that fit nothing in Procore: mistyped, most likely.
    pub(in crate::export) fn unmatched(&self) -> Vec<String> {
        let has_project = |word: &&String| {
            let mut projects = self.projects.values();
            projects.any(|project| project.number.as_ref() == Some(*word) || project.id.to_string() == **word)
        };
        let projects = self
            .settings
            .classified_projects
            .iter()
            .filter(|word| !has_project(word));
        let projects =
            projects.map(|word| format!("export.classified_projects names \"{word}\", and Procore has no such"));
        let has_type = |label: &str| label.is_empty() || time_types::find(label, &self.facts.time_types).is_some();
        let leave = self.settings.leave.iter().filter(|(_, label)| !has_type(label.trim()));
        let leave = leave
            .map(|(code, label)| format!("export.leave.{code} names \"{label}\", and Procore has no such time type"));
        projects.chain(leave).collect()
    }

    /// The worker that an employee is linked to, whether or not Procore still has it.
    pub(in crate::export) fn worker_of(&self, employee: &RecordId) -> Option<WorkerId> {
        match self.link(Kind::Employee, employee)?.office {
            OfficeRef::Worker(worker) => Some(worker),
            _ => None,
        }
    }

    /// Finds the parts of the line that hours of one class belong to. `time` is the record as the line sees it.
    pub(in crate::export) fn resolve(
        &mut self,
        record: &'a TimeRecord,
        time: &TimeRecord,
        employee: &Result<Employee<'a>, Refusal>,
        class: HourClass,
        hours: Hours,
    ) -> Result<Resolved<'a>, Refusal> {
        let Employee { worker, number } = employee.clone()?;
        let leave = record.cost_code.as_ref().and_then(|code| self.leave.get(code)).copied();
        if let Some(leave) = leave.filter(|leave| leave.time_type.is_empty()) {
            return Err(Refusal::new(Reason::Leave, leave.code.to_owned()));
        }
        let place = self.place(record)?;
        let code = match leave {
            Some(leave) => CompanyCode {
                id: CompanyCodeId(0),
                full_code: leave.code,
            },
            None => self.company_code(record)?,
        };
        let time = TimeAtPlace {
            record: time,
            class,
            hours,
            worker,
            project: place.project,
            sub_job: place.sub_job,
            cost_code: code.full_code,
        };
        let draft = match self.rules.timesheet_line(&time) {
            Ruling::Becomes(draft) => draft,
            Ruling::Not(refusal) => return Err(refusal),
        };
        self.check_membership(worker.id, place.project.id)?;
        let classification = self.classification(place.project, draft.classification.as_deref())?;
        let (cost_code, coding) = match leave {
            Some(leave) => self.leave_coding(place, leave)?,
            None => self.coding(place, code, draft.cost_code, classification, class)?,
        };
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
            class_said: record.classification.as_deref(),
        })
    }

    /// What hours at a place are booked to.
    fn coding(
        &mut self,
        place: Place<'a>,
        code: CompanyCode<'a>,
        wanted: String,
        classification: Option<ClassificationId>,
        class: HourClass,
    ) -> Result<Booked, Refusal> {
        let target = Target {
            project: place.project.id,
            sub_job: place.sub_job.map(|sub_job| sub_job.id),
            company_code: code.id,
            wanted,
            classification,
            class,
        };
        if let Some(known) = self.codings.get(&target) {
            return known.clone();
        }
        let found = self.find_coding(place, code, &target);
        self.codings.insert(target, found.clone());
        found
    }

    fn find_coding(&self, place: Place<'a>, code: CompanyCode<'a>, target: &Target) -> Result<Booked, Refusal> {
        let wanted = Wanted {
            project: target.project,
            sub_job: place.sub_job,
            company_code: code.id,
            company_full_code: code.full_code,
            full_code: &target.wanted,
        };
        let offered = Offered {
            cost_codes: self.facts.project_codes.get(&(target.project, target.sub_job)),
            task_codes: self.facts.task_codes.get(&target.project),
            default_type: self.facts.settings.default_cost_type,
        };
        let found = codes::find(wanted, offered, self.settings.unresolved_cost_code)?;
        let time_type = self.time_types[&target.class].clone();
        let coding = Coding {
            sub_job: target.sub_job,
            cost_code: found.id,
            line_item_type: found.line_item_type,
            wbs_code: found.task,
            classification: target.classification,
            time_type: Some(time_type.map_err(|detail| Refusal::new(Reason::NoTimeType, detail))?),
            ..Coding::of(target.project)
        };
        Ok((target.wanted.as_str().into(), Arc::new(coding)))
    }

    /// Leave is booked to the place and to its time type, and to no cost code.
    fn leave_coding(&self, place: Place<'a>, leave: Leave<'a>) -> Result<Booked, Refusal> {
        let time_type = time_types::find(leave.time_type, &self.facts.time_types).ok_or_else(|| {
            let detail = format!("export.leave.{} is `{}`", leave.code, leave.time_type);
            Refusal::new(Reason::NoTimeType, detail)
        })?;
        let coding = Coding {
            sub_job: place.sub_job.map(|sub_job| sub_job.id),
            time_type: Some(time_type),
            ..Coding::of(place.project.id)
        };
        Ok((leave.code.into(), Arc::new(coding)))
    }

    /// The work classification that the rule names, by name, abbreviation or id. A project that certifies its payroll
    /// demands one (hazard D20).
    fn classification(&self, project: &Project, wanted: Option<&str>) -> Result<Option<ClassificationId>, Refusal> {
        let Some(wanted) = wanted.map(str::trim).filter(|wanted| !wanted.is_empty()) else {
            let id = project.id.to_string();
            let is_meant = |word: &String| project.number.as_ref() == Some(word) || *word == id;
            return if self.settings.classified_projects.iter().any(is_meant) {
                Err(Refusal::new(
                    Reason::NoClassification,
                    format!("project:{id} demands one"),
                ))
            } else {
                Ok(None)
            };
        };
        let is_wanted = |known: &&Classification| {
            let called = [Some(known.name.as_str()), known.abbreviation.as_deref()];
            let named = called
                .into_iter()
                .flatten()
                .any(|name| name.trim().eq_ignore_ascii_case(wanted));
            let in_project = known
                .projects
                .as_ref()
                .is_none_or(|projects| projects.contains(&project.id));
            known.active && in_project && (named || known.id.to_string() == wanted)
        };
        let found: Vec<&Classification> = self.facts.classifications.iter().filter(is_wanted).collect();
        if let [one] = found[..] {
            return Ok(Some(one.id));
        }
        let detail = format!("{} of project:{} are called `{wanted}`", found.len(), project.id);
        Err(Refusal::new(Reason::NoClassification, detail))
    }

    /// Procore takes time only of those whom the project knows, unless the company tracks everybody everywhere.
    fn check_membership(&self, worker: WorkerId, project: ProjectId) -> Result<(), Refusal> {
        match self.facts.members.get(&project) {
            Some(members) if !members.contains(&worker) => Err(Refusal::new(
                Reason::NotInProject,
                format!("worker:{worker} is not in the directory of project:{project}"),
            )),
            _ => Ok(()),
        }
    }

    /// Every employee who counts as somebody's, and as whose.
    pub(in crate::export) fn employees(&self) -> impl Iterator<Item = (&'a RecordId, WorkerId)> {
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

    /// The worker behind an employee.
    pub(in crate::export) fn employee(&self, id: &RecordId) -> Result<Employee<'a>, Refusal> {
        let missing = |detail: &str| Refusal::new(Reason::EmployeeNotLinked, detail.to_owned());
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
            number: link.base.get(Attribute::Identifier).unwrap_or_default(),
        })
    }

    fn place(&mut self, record: &'a TimeRecord) -> Result<Place<'a>, Refusal> {
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

    fn company_code(&mut self, record: &'a TimeRecord) -> Result<CompanyCode<'a>, Refusal> {
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
        let is_meant = |record: &&Record| {
            record.id.as_str() == given || record.attributes.get(Attribute::Identifier) == Some(given)
        };
        facts.employees.rows.iter().find(is_meant).map(|record| &record.id)
    };
    let pairs = settings.same_person.iter();
    pairs
        .filter_map(|(one, other)| Some((find(one)?, find(other)?)))
        .collect()
}

/// ExakTime's ids of the cost codes that stand for leave.
fn leave_codes<'a>(facts: &'a ExportFacts, settings: &'a ExportSettings) -> HashMap<&'a RecordId, Leave<'a>> {
    let leave = |record: &'a Record| {
        let identifier = record.attributes.get(Attribute::Identifier)?;
        let (code, time_type) = settings.leave.get_key_value(identifier)?;
        Some((
            &record.id,
            Leave {
                code,
                time_type: time_type.trim(),
            },
        ))
    };
    facts.codes.iter().filter_map(leave).collect()
}
