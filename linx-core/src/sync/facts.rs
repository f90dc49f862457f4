//! What ExakTime should hold: the office's lists through the rules.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use futures_util::stream;

use crate::hold::{Held, List, Reason, Refusal, Subject};
use crate::ledger::Link;
use crate::linx::{Linx, LinxError};
use crate::mapping::{MappingRules, Ruling, named_projects};
use crate::model::{Attributes, CompanyCostCode, Kind, OfficeRef, Project, ProjectId, SubJob, Worker, WorkerId};
use crate::ports::{PortError, Progress, Snapshot, UnreadRow};
use crate::reconcile::Desired;
use crate::settings::{Import, ProjectChoice, ProjectStatus, SyncSettings};

/// Sub-job lists read side by side.
const AT_ONCE: usize = 8;

/// The office's lists, as far as they were asked for.
#[derive(Debug, Clone)]
pub struct OfficeLists {
    /// People.
    pub workers: Snapshot<Worker>,
    /// Who is in the directory of a project whose people are chosen; `None` where people are not chosen so.
    pub members: Option<BTreeSet<WorkerId>>,
    /// Projects.
    pub projects: Snapshot<Project>,
    /// Sub-jobs of the projects whose list could be read.
    pub sub_jobs: BTreeMap<ProjectId, Snapshot<SubJob>>,
    /// Company cost codes.
    pub cost_codes: Snapshot<CompanyCostCode>,
    /// Linked projects that are in no list and that Procore refuses to show: hidden, not gone (hazard C16).
    pub hidden: BTreeSet<ProjectId>,
    /// What could not be read, and what that means.
    pub notes: Vec<String>,
    /// Lists that failed for one project (hazard C16).
    pub failed: Vec<Held>,
}

/// Whether such an entity is among the imports.
pub(super) fn in_scope(reference: OfficeRef, imports: &BTreeSet<Import>) -> bool {
    imports.contains(&match reference {
        OfficeRef::Worker(_) => Import::Workers,
        OfficeRef::Project(_) => Import::Projects,
        OfficeRef::SubJob(..) => Import::SubJobs,
        OfficeRef::CostCode(_) => Import::CostCodes,
    })
}

/// Whether people may clock in at a project's sub-jobs, so that they are worth reading.
fn takes_time(project: &Project, choice: &ProjectChoice) -> bool {
    choice.admits(project).is_ok() && (project.active || choice.status == ProjectStatus::All)
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

    /// Whether such an entity would have been seen if it were there (hazards A3, B4, C16).
    pub fn proves_absence(&self, reference: OfficeRef) -> bool {
        match reference {
            OfficeRef::Worker(_) => self.workers.proves_absence(),
            OfficeRef::Project(project) => self.projects.proves_absence() && !self.hidden.contains(&project),
            OfficeRef::SubJob(project, _) => {
                let place = OfficeRef::Project(project);
                // A project that is gone took its sub-jobs along; one whose list failed did not.
                let gone = || self.proves_absence(place) && !self.lists(place);
                self.sub_jobs.get(&project).map_or_else(gone, Snapshot::proves_absence)
            }
            OfficeRef::CostCode(_) => self.cost_codes.proves_absence(),
        }
    }

    /// Whether the list that such an entity would stand in was read and is empty (hazard B5).
    pub(super) fn is_emptied(&self, reference: OfficeRef) -> bool {
        match reference {
            OfficeRef::Worker(_) => self.workers.rows.is_empty(),
            OfficeRef::Project(_) => self.projects.rows.is_empty(),
            OfficeRef::SubJob(project, _) => match self.sub_jobs.get(&project) {
                Some(list) => list.rows.is_empty(),
                None => self.projects.rows.is_empty(),
            },
            OfficeRef::CostCode(_) => self.cost_codes.rows.is_empty(),
        }
    }

    /// Whether such an entity is in the lists.
    pub(super) fn lists(&self, reference: OfficeRef) -> bool {
        match reference {
            OfficeRef::Worker(worker) => self.workers.rows.iter().any(|listed| listed.id == worker),
            OfficeRef::Project(project) => self.projects.rows.iter().any(|listed| listed.id == project),
            OfficeRef::SubJob(project, sub_job) => {
                let list = self.sub_jobs.get(&project);
                list.is_some_and(|list| list.rows.iter().any(|listed| listed.id == sub_job))
            }
            OfficeRef::CostCode(code) => self.cost_codes.rows.iter().any(|listed| listed.id == code),
        }
    }

    /// Rows that could not be read, and lists that failed.
    pub(super) fn held(&self) -> Vec<Held> {
        let mut held = self.failed.clone();
        let mut add = |list: List, unreadable: &[UnreadRow]| {
            for row in unreadable {
                let refusal = Refusal::new(Reason::UnreadableRow, row.reason.clone());
                held.push(Held::new(Subject::Row(list, row.id.clone()), refusal));
            }
        };
        add(List::Workers, &self.workers.unreadable);
        add(List::Projects, &self.projects.unreadable);
        for list in self.sub_jobs.values() {
            add(List::SubJobs, &list.unreadable);
        }
        add(List::CostCodes, &self.cost_codes.unreadable);
        held
    }
}

impl Linx {
    /// Reads what the imports need of the office. A failed list of sub-jobs is noted and the others go on; any other
    /// failed list ends the run (hazard C16).
    pub(crate) async fn fetch_office(
        &self,
        settings: &SyncSettings,
        imports: &BTreeSet<Import>,
        links: &[Link],
    ) -> Result<OfficeLists, LinxError> {
        let mut lists = OfficeLists {
            workers: Snapshot::complete(Vec::new()),
            members: None,
            projects: Snapshot::complete(Vec::new()),
            sub_jobs: BTreeMap::new(),
            cost_codes: Snapshot::complete(Vec::new()),
            hidden: BTreeSet::new(),
            notes: Vec::new(),
            failed: Vec::new(),
        };
        if imports.contains(&Import::CostCodes) {
            self.observer.progress(Progress::Reading("Procore cost codes"));
            lists.cost_codes = self.office.company_cost_codes().await.map_err(LinxError::Office)?;
        }
        let by_project = imports.contains(&Import::Workers) && !settings.workers.projects.is_empty();
        if imports.contains(&Import::Projects) || imports.contains(&Import::SubJobs) || by_project {
            self.observer.progress(Progress::Reading("Procore projects"));
            lists.projects = self.office.projects().await.map_err(LinxError::Office)?;
            lists.hidden = self.hidden_projects(&lists, links).await?;
        }
        if imports.contains(&Import::SubJobs) {
            self.observer.progress(Progress::Reading("Procore sub-jobs"));
            self.fetch_sub_jobs(settings, &mut lists, links).await?;
        }
        if imports.contains(&Import::Workers) {
            self.observer.progress(Progress::Reading("Procore workers"));
            lists.workers = self.office.workers().await.map_err(LinxError::Office)?;
        }
        if by_project {
            self.fetch_chosen_people(&mut lists, &settings.workers.projects).await?;
        }
        Ok(lists)
    }

    /// The people of the chosen projects. A directory that cannot be read is told, and its people are not chosen by it.
    async fn fetch_chosen_people(&self, lists: &mut OfficeLists, chosen: &[String]) -> Result<(), LinxError> {
        let projects: Vec<ProjectId> = named_projects(chosen, &lists.projects.rows)
            .map(|project| project.id)
            .collect();
        let answers: Vec<(ProjectId, Result<Snapshot<WorkerId>, PortError>)> = stream::iter(projects)
            .map(|project| async move { (project, self.office.project_workers(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut members = BTreeSet::new();
        for (project, answer) in answers {
            match answer {
                Ok(list) => members.extend(list.rows),
                Err(error) if error.is_about_one_place() => lists.failed.push(Held::new(
                    Subject::Directory(project),
                    Refusal::new(Reason::IncompleteList, format!("directory: {error}")),
                )),
                Err(error) => return Err(LinxError::Office(error)),
            }
        }
        lists.members = Some(members);
        Ok(())
    }

    async fn fetch_sub_jobs(
        &self,
        settings: &SyncSettings,
        lists: &mut OfficeLists,
        links: &[Link],
    ) -> Result<(), LinxError> {
        let linked: BTreeSet<ProjectId> = links
            .iter()
            .filter_map(|link| match link.office {
                OfficeRef::SubJob(project, _) => Some(project),
                _ => None,
            })
            .collect();
        let wanted: Vec<ProjectId> = lists
            .projects
            .rows
            .iter()
            .filter(|project| takes_time(project, &settings.projects) || linked.contains(&project.id))
            .map(|project| project.id)
            .collect();
        let answers: Vec<(ProjectId, Result<Snapshot<SubJob>, PortError>)> = stream::iter(wanted)
            .map(|project| async move { (project, self.office.sub_jobs(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        for (project, answer) in answers {
            match answer {
                Ok(list) => {
                    lists.sub_jobs.insert(project, list);
                }
                Err(error) if error.is_about_one_place() => lists.failed.push(Held::new(
                    OfficeRef::Project(project),
                    Refusal::new(Reason::IncompleteList, format!("sub-jobs: {error}")),
                )),
                Err(error) => return Err(LinxError::Office(error)),
            }
        }
        Ok(())
    }
}
