//! Lists that each project, or sub-job, has of its own: read only of those that the time is about, side by side.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use futures_util::future::try_join4;
use futures_util::stream;

use super::gaps::Gaps;
use crate::export::facts::{PlaceId, place_of};
use crate::hold::List;
use crate::ledger::Link;
use crate::linx::{Linx, LinxError};
use crate::model::{
    Project, ProjectCostCode, ProjectId, RecordId, SubJob, TaskCode, TimeRecord, TimeSettings, WorkerId,
};
use crate::ports::{PortError, Snapshot};

/// Lists read side by side: as many as requests of an account are under way.
const AT_ONCE: usize = 16;

/// Lists of the projects and sub-jobs that the time is about.
pub(super) struct OfPlaces {
    pub(super) sub_jobs: Vec<SubJob>,
    pub(super) members: Members,
    pub(super) task_codes: TaskCodes,
    pub(super) codes: ProjectCodes,
}

/// Who is in the directory of each project.
type Members = BTreeMap<ProjectId, BTreeSet<WorkerId>>;

/// The task codes of each project, or why they are not known.
type TaskCodes = BTreeMap<ProjectId, Result<Vec<TaskCode>, String>>;

/// The cost codes of each place, or why they are not known.
type ProjectCodes = BTreeMap<PlaceId, Result<Snapshot<ProjectCostCode>, String>>;

impl Linx {
    /// What only some projects have, each list only where Procore uses it.
    pub(super) async fn fetch_of_places(
        &self,
        places: BTreeSet<PlaceId>,
        settings: &TimeSettings,
    ) -> Result<(OfPlaces, Gaps), LinxError> {
        let all: BTreeSet<ProjectId> = places.iter().map(|(project, _)| *project).collect();
        let where_used = |is_used: bool| if is_used { all.clone() } else { BTreeSet::new() };
        let sub_jobs = self.fetch_sub_jobs_of(&places);
        let members = self.fetch_members(where_used(!settings.employees_on_all_projects));
        let task_codes = self.fetch_task_codes(where_used(settings.task_codes));
        let codes = self.fetch_project_codes(&places);
        let lists = try_join4(sub_jobs, members, task_codes, codes).await;
        let (sub_jobs, members, task_codes, codes) = lists.map_err(LinxError::Office)?;
        let mut gaps = Gaps::default();
        gaps.extend([sub_jobs.1, members.1, task_codes.1, codes.1]);
        let lists = OfPlaces {
            sub_jobs: sub_jobs.0,
            members: members.0,
            task_codes: task_codes.0,
            codes: codes.0,
        };
        Ok((lists, gaps))
    }

    async fn fetch_sub_jobs_of(&self, places: &BTreeSet<PlaceId>) -> Result<(Vec<SubJob>, Gaps), PortError> {
        let of_sub_jobs = places.iter().filter(|(_, sub_job)| sub_job.is_some());
        let projects: BTreeSet<ProjectId> = of_sub_jobs.map(|(project, _)| *project).collect();
        let lists: Vec<(ProjectId, Result<Snapshot<SubJob>, PortError>)> = stream::iter(projects)
            .map(|project| async move { (project, self.office.sub_jobs(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let (mut sub_jobs, mut gaps) = (Vec::new(), Gaps::default());
        for (project, list) in lists {
            sub_jobs.extend(gaps.rows_of(project, List::SubJobs, list?));
        }
        Ok((sub_jobs, gaps))
    }

    /// A project without task codes does not use them; a list that fails holds the time of its project only.
    async fn fetch_task_codes(&self, projects: BTreeSet<ProjectId>) -> Result<(TaskCodes, Gaps), PortError> {
        let lists: Vec<(ProjectId, Result<Snapshot<TaskCode>, PortError>)> = stream::iter(projects)
            .map(|project| async move { (project, self.office.task_codes(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let (mut codes, mut gaps) = (BTreeMap::new(), Gaps::default());
        for (project, list) in lists {
            match list {
                Ok(list) if list.rows.is_empty() && list.proves_absence() => {}
                Ok(list) => {
                    codes.insert(project, Ok(gaps.rows_of(project, List::TaskCodes, list)));
                }
                Err(error) if error.is_about_one_place() => {
                    codes.insert(project, Err(error.words().to_owned()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((codes, gaps))
    }

    async fn fetch_members(&self, projects: BTreeSet<ProjectId>) -> Result<(Members, Gaps), PortError> {
        let lists: Vec<(ProjectId, Result<Snapshot<WorkerId>, PortError>)> = stream::iter(projects)
            .map(|project| async move { (project, self.office.project_workers(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let (mut members, mut gaps) = (BTreeMap::new(), Gaps::default());
        for (project, list) in lists {
            match list {
                Ok(list) => {
                    let is_whole = list.proves_absence();
                    let workers = gaps.rows_of(project, List::Members, list);
                    if is_whole {
                        members.insert(project, workers.into_iter().collect());
                    }
                }
                Err(error) if error.is_about_one_place() => {}
                Err(error) => return Err(error),
            }
        }
        Ok((members, gaps))
    }

    /// A list that fails for one place holds the time of that place only (hazard C16).
    async fn fetch_project_codes(&self, places: &BTreeSet<PlaceId>) -> Result<(ProjectCodes, Gaps), PortError> {
        let lists: Vec<(PlaceId, Result<Snapshot<ProjectCostCode>, PortError>)> = stream::iter(places.iter().copied())
            .map(|place| async move { (place, self.office.project_cost_codes(place.0, place.1).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let (mut codes, mut gaps) = (BTreeMap::new(), Gaps::default());
        for (place, list) in lists {
            let answer = match list {
                Ok(list) => {
                    gaps.note_of(place.0, List::ProjectCodes, &list);
                    Ok(list)
                }
                Err(error) if error.is_about_one_place() => Err(error.words().to_owned()),
                Err(error) => return Err(error),
            };
            codes.insert(place, answer);
        }
        Ok((codes, gaps))
    }
}

/// The open places that the time is about.
pub(super) fn places(records: &[TimeRecord], links: &[Link], projects: &[Project]) -> BTreeSet<PlaceId> {
    let open: BTreeSet<ProjectId> = projects
        .iter()
        .filter(|project| project.active)
        .map(|project| project.id)
        .collect();
    let linked: BTreeMap<&RecordId, PlaceId> = links
        .iter()
        .filter_map(|link| Some((&link.record, place_of(link)?)))
        .collect();
    records
        .iter()
        .filter_map(|record| linked.get(record.location.as_ref()?).copied())
        .filter(|(project, _)| open.contains(project))
        .collect()
}
