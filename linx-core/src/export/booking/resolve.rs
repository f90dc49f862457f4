//! Looks each part of a line up in Procore. What cannot be found is held with the missing piece named (hazard C11).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::classification;
use super::codes::{self, Offered, Wanted};
use super::leave::{Leave, leave_codes};
use super::linked::{CompanyCode, Employee, Linked, Place};
use super::time_types;
use super::work::Work;
use crate::change::LineKey;
use crate::export::facts::ExportFacts;
use crate::hold::{Reason, Refusal};
use crate::mapping::{MappingRules, Ruling, TimeAtPlace};
use crate::model::{
    ClassificationId, Coding, CompanyCodeId, HourClass, Hours, Project, ProjectId, RecordId, SharedText, SubJobId,
    TimeRecord, TimeTypeId, WorkerId,
};
use crate::settings::ExportSettings;

/// Everything that a line needs of Procore, found: its key, its coding and the words a person reads.
#[derive(Debug, Clone)]
pub(in crate::export) struct Resolved<'a> {
    pub(in crate::export) key: LineKey,
    pub(in crate::export) coding: Arc<Coding>,
    pub(in crate::export) description: Option<String>,
    pub(in crate::export) billable: bool,
    /// The employee number as ExakTime has it, for a person who reads the plan.
    pub(in crate::export) employee_number: &'a str,
    /// The location's identifier, for a person.
    pub(in crate::export) location: &'a str,
    /// The class of work in ExakTime's words.
    pub(in crate::export) class_said: Option<&'a str>,
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

/// A coding, with the code as it stands in the keys of its lines.
type Booked = (SharedText, Arc<Coding>);

/// What hours of a record are charged to.
#[derive(Debug, Clone, Copy)]
enum Charge<'a> {
    Work(CompanyCode<'a>),
    Leave(Leave<'a>),
}

impl<'a> Charge<'a> {
    /// The full code that the rules see.
    fn code(self) -> &'a str {
        match self {
            Self::Work(code) => code.full_code,
            Self::Leave(leave) => leave.code,
        }
    }
}

/// Looks up what lines need. Each coding is looked up once and then remembered.
pub(in crate::export) struct Resolver<'a> {
    facts: &'a ExportFacts,
    rules: &'a dyn MappingRules,
    settings: &'a ExportSettings,
    linked: Linked<'a>,
    time_types: BTreeMap<HourClass, Result<TimeTypeId, String>>,
    codings: FxHashMap<Target, Result<Booked, Refusal>>,
    leave: FxHashMap<&'a RecordId, Leave<'a>>,
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
            linked: Linked::new(facts, rules, settings),
            time_types: HourClass::ALL
                .into_iter()
                .map(|class| (class, time_type(class)))
                .collect(),
            codings: FxHashMap::default(),
            leave: leave_codes(facts, settings),
        }
    }

    /// Every employee who counts as some worker, and as which.
    pub(in crate::export) fn employees(&self) -> impl Iterator<Item = (&'a RecordId, WorkerId)> {
        self.linked.employees()
    }

    /// The time types that lines are sent with.
    pub(in crate::export) fn time_types_written(&self) -> BTreeSet<TimeTypeId> {
        let known = &self.facts.time_types;
        let leave = self
            .settings
            .leave
            .values()
            .filter_map(|label| time_types::find(label.trim(), known));
        let work = self.time_types.values().filter_map(|found| found.as_ref().ok());
        work.copied().chain(leave).collect()
    }

    /// The worker behind an employee. Errors with why its time cannot be booked.
    pub(in crate::export) fn employee(&self, id: &RecordId) -> Result<Employee<'a>, Refusal> {
        self.linked.employee(id)
    }

    /// The words of the settings that fit nothing in Procore: mistyped, most likely.
    pub(in crate::export) fn unmatched(&self) -> Vec<String> {
        let has_project = |word: &&String| {
            let mut projects = self.facts.projects.rows.iter();
            projects.any(|project| project.is_called(word))
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

    /// What the hours of a record would be charged to, whatever else is missing; `None` where its place or its code cannot be found.
    pub(in crate::export) fn work(&mut self, record: &'a TimeRecord) -> Option<Work> {
        let place = self.linked.place(record).ok()?;
        let leave = record.cost_code.as_ref().and_then(|code| self.leave.get(code));
        let code = match leave {
            Some(leave) => leave.code,
            None => self.linked.company_code(record).ok()?.full_code,
        };
        let sub_job = place.sub_job.map(|sub_job| sub_job.id);
        Some(Work::new(place.project.id, sub_job, code.into()))
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
        let place = self.linked.place(record)?;
        let charge = match leave {
            Some(leave) => Charge::Leave(leave),
            None => Charge::Work(self.linked.company_code(record)?),
        };
        let time = TimeAtPlace {
            record: time,
            class,
            hours,
            worker,
            project: place.project,
            sub_job: place.sub_job,
            cost_code: charge.code(),
        };
        let draft = match self.rules.timesheet_line(&time) {
            Ruling::Becomes(draft) => draft,
            Ruling::Not(refusal) => return Err(refusal),
        };
        self.check_membership(worker.id, place.project.id)?;
        let classification = self.classification(place.project, draft.classification.as_deref())?;
        let (cost_code, coding) = match charge {
            Charge::Leave(leave) => (leave.code.into(), leave.coding(place, &self.facts.time_types)?),
            Charge::Work(code) => self.coding(place, code, draft.cost_code, classification, class)?,
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

    /// The work classification that the rule wants, checked against what the project demands.
    fn classification(&self, project: &Project, wanted: Option<&str>) -> Result<Option<ClassificationId>, Refusal> {
        let mut demanding = self.settings.classified_projects.iter();
        let is_demanded = || demanding.any(|word| project.is_called(word));
        classification::find(wanted, project, is_demanded, &self.facts.classifications)
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
}
