//! Lists that each project, or sub-job, has of its own: read only of those that the time is about, side by side.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
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

/// Lists read side by side.
const AT_ONCE: usize = 8;

/// Lists of the projects and sub-jobs that the time is about.
#[derive(Default)]
pub(super) struct OfPlaces {
    pub(super) sub_jobs: Vec<SubJob>,
    pub(super) members: BTreeMap<ProjectId, BTreeSet<WorkerId>>,
    pub(super) task_codes: BTreeMap<ProjectId, Result<Vec<TaskCode>, String>>,
    pub(super) codes: BTreeMap<PlaceId, Result<Snapshot<ProjectCostCode>, String>>,
}

impl Linx {
    /// What only some projects have, each list only where Procore uses it.
    pub(super) async fn fetch_of_places(
        &self,
        places: BTreeSet<PlaceId>,
        settings: &TimeSettings,
        gaps: &mut Gaps,
    ) -> Result<OfPlaces, LinxError> {
        let mut lists = OfPlaces {
            sub_jobs: self.fetch_sub_jobs_of(&places, gaps).await.map_err(LinxError::Office)?,
            ..OfPlaces::default()
        };
        if !settings.employees_on_all_projects {
            lists.members = self.fetch_members(&places, gaps).await.map_err(LinxError::Office)?;
        }
        if settings.task_codes {
            lists.task_codes = self.fetch_task_codes(&places, gaps).await.map_err(LinxError::Office)?;
        }
        lists.codes = self.fetch_project_codes(places, gaps).await?;
        Ok(lists)
    }

    async fn fetch_sub_jobs_of(&self, places: &BTreeSet<PlaceId>, gaps: &mut Gaps) -> Result<Vec<SubJob>, PortError> {
        let projects: BTreeSet<ProjectId> = places
            .iter()
            .filter(|(_, sub_job)| sub_job.is_some())
            .map(|(project, _)| *project)
            .collect();
        let lists: Vec<(ProjectId, Result<Snapshot<SubJob>, PortError>)> = stream::iter(projects)
            .map(|project| async move { (project, self.office.sub_jobs(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut sub_jobs = Vec::new();
        for (project, list) in lists {
            sub_jobs.extend(gaps.rows_of(project, List::SubJobs, list?));
        }
        Ok(sub_jobs)
    }

    /// A project without task codes does not use them; a list that fails holds the time of its project only.
    async fn fetch_task_codes(
        &self,
        places: &BTreeSet<PlaceId>,
        gaps: &mut Gaps,
    ) -> Result<BTreeMap<ProjectId, Result<Vec<TaskCode>, String>>, PortError> {
        let projects: BTreeSet<ProjectId> = places.iter().map(|(project, _)| *project).collect();
        let lists: Vec<(ProjectId, Result<Snapshot<TaskCode>, PortError>)> = stream::iter(projects)
            .map(|project| async move { (project, self.office.task_codes(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut codes = BTreeMap::new();
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
        Ok(codes)
    }

    async fn fetch_members(
        &self,
        places: &BTreeSet<PlaceId>,
        gaps: &mut Gaps,
    ) -> Result<BTreeMap<ProjectId, BTreeSet<WorkerId>>, PortError> {
        let projects: BTreeSet<ProjectId> = places.iter().map(|(project, _)| *project).collect();
        let lists: Vec<(ProjectId, Result<Snapshot<WorkerId>, PortError>)> = stream::iter(projects)
            .map(|project| async move { (project, self.office.project_workers(project).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut members = BTreeMap::new();
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
        Ok(members)
    }

    /// A list that fails for one place holds the time of that place only (hazard C16).
    async fn fetch_project_codes(
        &self,
        places: BTreeSet<PlaceId>,
        gaps: &mut Gaps,
    ) -> Result<BTreeMap<PlaceId, Result<Snapshot<ProjectCostCode>, String>>, LinxError> {
        let lists: Vec<(PlaceId, Result<Snapshot<ProjectCostCode>, PortError>)> = stream::iter(places)
            .map(|place| async move { (place, self.office.project_cost_codes(place.0, place.1).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut codes = BTreeMap::new();
        for (place, list) in lists {
            let answer = match list {
                Ok(list) => {
                    gaps.note_of(place.0, List::ProjectCodes, &list);
                    Ok(list)
                }
                Err(error) if error.is_about_one_place() => Err(error.words().to_owned()),
                Err(error) => return Err(LinxError::Office(error)),
            };
            codes.insert(place, answer);
        }
        Ok(codes)
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
