//! What a sync is planned from: everything that was read, as plain data, and what can be asked of it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::change::RecordChange;
use crate::hold::{Held, List, Reason, Refusal, Subject};
use crate::ledger::{IntentId, Link, Outcome, Pair, RunId, StoredLine};
use crate::model::{
    CompanyCostCode, Kind, OfficeRef, Project, ProjectId, Record, SubJob, TimeRecord, Worker, WorkerId,
};
use crate::ports::{Snapshot, UnreadRow};
use crate::settings::{ProjectChoice, ProjectStatus};

/// Everything that a plan is made from.
///
/// The last two are read only when a plan that was made without them asks for them: see [`super::plan`].
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The companies that it was read of.
    pub pair: Pair,
    /// The newest run that wrote to ExakTime, or changed links. A plan is refused once there is a newer one (hazard B6).
    pub after: Option<RunId>,
    /// What Procore has.
    pub office: OfficeLists,
    /// What ExakTime has, of the kinds that are planned and in the order of planning.
    pub current: Vec<(Kind, Snapshot<Record>)>,
    /// Every link of the ledger.
    pub links: Vec<Link>,
    /// Entities that are left alone until that is lifted.
    pub ignored: BTreeSet<OfficeRef>,
    /// Procore's lists, read a second time; needed once something is to be deactivated for its absence (hazard A3).
    pub second_reading: Option<OfficeLists>,
    /// What was sent and has no outcome in the journal, oldest first (hazards A1, A15).
    pub sent: Vec<SentChange>,
    /// The time of the last days; needed once an employee or a place is to be deactivated (hazard C6).
    pub time: Option<TimeReading>,
}

/// A change that was sent and got no answer.
#[derive(Debug, Clone)]
pub struct SentChange {
    /// The journal's number for it.
    pub intent: IntentId,
    /// What was to be changed.
    pub change: RecordChange,
    /// From when on another look may conclude that it did not arrive.
    pub known_from: DateTime<Utc>,
    /// What follows where these lists do not show it: a note of this look, or that it did not arrive, if this is the second.
    /// `None` where an earlier look is noted, and this one comes too soon after it.
    pub unseen: Option<Outcome>,
}

/// The time of the last days, or one line that says why it could not be read.
pub type TimeReading = Result<RecentTime, String>;

/// The time of the last days as ExakTime shows it, and what of it was exported.
#[derive(Debug, Clone)]
pub struct RecentTime {
    /// ExakTime's records, of active and inactive employees.
    pub records: Snapshot<TimeRecord>,
    /// The ledger's lines of the same days.
    pub exported: Vec<StoredLine>,
}

/// Procore's lists, as far as they were asked for. What was not asked for is a complete and empty list.
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

impl Default for OfficeLists {
    fn default() -> Self {
        Self {
            workers: Snapshot::complete(Vec::new()),
            members: None,
            projects: Snapshot::complete(Vec::new()),
            sub_jobs: BTreeMap::new(),
            cost_codes: Snapshot::complete(Vec::new()),
            hidden: BTreeSet::new(),
            notes: Vec::new(),
            failed: Vec::new(),
        }
    }
}

/// Whether people may clock in at a project's sub-jobs, so that they are worth reading.
fn takes_time(project: &Project, choice: &ProjectChoice) -> bool {
    choice.admits(project).is_ok() && (project.active || choice.status == ProjectStatus::All)
}

impl OfficeLists {
    /// The projects whose sub-jobs are worth reading: where people may clock in, and where a sub-job is linked already.
    pub(super) fn projects_with_sub_jobs(&self, choice: &ProjectChoice, links: &[Link]) -> Vec<ProjectId> {
        let linked: BTreeSet<ProjectId> = links
            .iter()
            .filter_map(|link| match link.office {
                OfficeRef::SubJob(project, _) => Some(project),
                _ => None,
            })
            .collect();
        let rows = self.projects.rows.iter();
        rows.filter(|project| takes_time(project, choice) || linked.contains(&project.id))
            .map(|project| project.id)
            .collect()
    }

    /// The projects with an open place that are in no list: gone, or hidden (hazard C16).
    pub(super) fn missing_projects(&self, links: &[Link]) -> BTreeSet<ProjectId> {
        let listed: BTreeSet<ProjectId> = self.projects.rows.iter().map(|project| project.id).collect();
        // A place that was closed already needs no answer.
        let open = links.iter().filter(|link| link.base.is_active());
        open.filter_map(|link| match link.office {
            OfficeRef::Project(project) | OfficeRef::SubJob(project, _) => Some(project),
            OfficeRef::Worker(_) | OfficeRef::CostCode(_) => None,
        })
        .filter(|project| !listed.contains(project))
        .collect()
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

    /// Why the lists in which others like such an entity stand may lack some; `None` where they were read to their ends.
    pub(crate) fn incomplete(&self, reference: OfficeRef) -> Option<&str> {
        match reference {
            OfficeRef::Worker(_) => self.workers.incomplete.as_deref(),
            OfficeRef::Project(_) => self.projects.incomplete.as_deref(),
            OfficeRef::SubJob(project, _) => {
                let of_project = self.sub_jobs.get(&project).and_then(|list| list.incomplete.as_deref());
                of_project.or(self.projects.incomplete.as_deref())
            }
            OfficeRef::CostCode(_) => self.cost_codes.incomplete.as_deref(),
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

    /// Lists that failed or were not read to their ends, projects that Procore hides, and rows that could not be read.
    pub(super) fn held(&self) -> Vec<Held> {
        let incomplete = |subject: Subject, why: String| Held::new(subject, Refusal::new(Reason::IncompleteList, why));
        let mut held = self.failed.clone();
        let hidden = self.hidden.iter().map(|project| OfficeRef::Project(*project).into());
        held.extend(hidden.map(|project| incomplete(project, "Procore refuses to show it".to_owned())));
        let mut add = |list: List, unreadable: &[UnreadRow], why: Option<&String>| {
            held.extend(why.map(|why| incomplete(Subject::List(list), why.clone())));
            for row in unreadable {
                let refusal = Refusal::new(Reason::UnreadableRow, row.reason.clone());
                held.push(Held::new(Subject::Row(list, row.id.clone()), refusal));
            }
        };
        add(
            List::Workers,
            &self.workers.unreadable,
            self.workers.incomplete.as_ref(),
        );
        add(
            List::Projects,
            &self.projects.unreadable,
            self.projects.incomplete.as_ref(),
        );
        add(
            List::CostCodes,
            &self.cost_codes.unreadable,
            self.cost_codes.incomplete.as_ref(),
        );
        for list in self.sub_jobs.values() {
            add(List::SubJobs, &list.unreadable, None);
        }
        let in_part = |(project, list): (&ProjectId, &Snapshot<SubJob>)| {
            let why = list.incomplete.as_ref()?;
            Some(incomplete(
                OfficeRef::Project(*project).into(),
                format!("sub-jobs: {why}"),
            ))
        };
        held.extend(self.sub_jobs.iter().filter_map(in_part));
        held
    }
}
