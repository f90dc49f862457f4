//! Procore at its port.

use std::ops::RangeInclusive;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use linx_core::model::{
    CompanyCostCode, Entry, EntryContent, EntryEndpoint, EntryId, LineItemType, LineItemTypeId, Project, ProjectCodeId,
    ProjectCostCode, ProjectId, SubJob, SubJobId, TimeSettings, TimeType, Timesheet, TimesheetId, Worker, WorkerId,
};
use linx_core::ports::{FailureKind, NewEntry, Office, PortError, SentEntries, Snapshot};

use crate::calls::Caller;
use crate::world::{Applied, Request};

/// As a run calls it, with how far its clock is ahead of the run's.
pub struct SimOffice(pub Arc<Caller>, pub TimeDelta);

#[async_trait]
impl Office for SimOffice {
    async fn workers(&self) -> Result<Snapshot<Worker>, PortError> {
        let rows = |world: &crate::world::World| world.workers.values().cloned().collect();
        self.0.read("workers", rows, |worker| worker.id.to_string()).await
    }

    async fn projects(&self) -> Result<Snapshot<Project>, PortError> {
        let rows = |world: &crate::world::World| world.projects.values().cloned().collect();
        self.0.read("projects", rows, |project| project.id.to_string()).await
    }

    async fn sub_jobs(&self, project: ProjectId) -> Result<Snapshot<SubJob>, PortError> {
        let rows = |world: &crate::world::World| {
            let of_project = world.sub_jobs.iter().filter(|one| one.project == project);
            of_project.cloned().collect()
        };
        self.0.read("sub-jobs", rows, |one| one.id.to_string()).await
    }

    async fn company_cost_codes(&self) -> Result<Snapshot<CompanyCostCode>, PortError> {
        let rows = |world: &crate::world::World| world.codes.values().cloned().collect();
        self.0.read("cost codes", rows, |code| code.id.to_string()).await
    }

    async fn project_cost_codes(
        &self,
        project: ProjectId,
        sub_job: Option<SubJobId>,
    ) -> Result<Snapshot<ProjectCostCode>, PortError> {
        let rows = |world: &crate::world::World| {
            let codes = world.codes.values();
            let of_project = codes.map(|code| ProjectCostCode {
                id: ProjectCodeId(project.0 * 1_000_000 + sub_job.map_or(0, |id| id.0) * 1000 + code.id.0),
                full_code: code.full_code.clone(),
                company_code: Some(code.id),
                line_item_types: vec![LineItemType {
                    id: LineItemTypeId(50),
                    base_type: "labor".into(),
                }],
            });
            of_project.collect()
        };
        self.0.read("project codes", rows, |code| code.id.to_string()).await
    }

    async fn time_types(&self) -> Result<Snapshot<TimeType>, PortError> {
        let rows = |_: &crate::world::World| {
            let kinds = crate::world::TIME_TYPES.into_iter();
            let kinds = kinds.map(|(id, label, _)| TimeType {
                id,
                label: label.into(),
            });
            kinds.collect()
        };
        self.0.read("time types", rows, |kind| kind.id.to_string()).await
    }

    async fn time_settings(&self) -> Result<TimeSettings, PortError> {
        let rows = |world: &crate::world::World| {
            let start_stop = world.company.takes_start_stop.then_some(ProjectId(301));
            vec![TimeSettings {
                start_stop_projects: start_stop.into_iter().collect(),
                employees_on_all_projects: true,
                ..TimeSettings::default()
            }]
        };
        let read = self.0.read("time settings", rows, |_| String::new()).await?;
        let missing = || PortError::not_applied(FailureKind::Unreadable, "no settings");
        read.rows.into_iter().next().ok_or_else(missing)
    }

    async fn entries(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        worker: Option<WorkerId>,
        sent: &SentEntries<'_>,
    ) -> Result<Snapshot<Entry>, PortError> {
        let is_of = |entry: &Entry| {
            let content = &entry.content;
            (from..=to).contains(&content.date) && worker.is_none_or(|worker| worker == content.worker)
        };
        let rows = |world: &crate::world::World| {
            let all = world.live().map(|stored| &stored.entry);
            all.filter(|entry| is_of(entry)).cloned().collect()
        };
        if worker.is_some() {
            self.0.looks_again(is_of);
        }
        let mut list = self.0.read("entries", rows, |entry| entry.id.to_string()).await?;
        list.rows = sent.complete(list.rows);
        Ok(list)
    }

    async fn deleted_entries(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        deleted: RangeInclusive<NaiveDate>,
    ) -> Result<Snapshot<Entry>, PortError> {
        if self.0.world.lock().company.hides_deleted {
            return Err(PortError::not_applied(FailureKind::Unsupported, "deleted entries"));
        }
        let rows = |world: &crate::world::World| {
            let all = world.entries.values().filter(|stored| {
                let is_gone = stored.deleted.is_some_and(|at| deleted.contains(&at.date_naive()));
                is_gone && (from..=to).contains(&stored.entry.content.date)
            });
            all.map(|stored| stored.entry.clone()).collect()
        };
        self.0.read("deleted entries", rows, |entry| entry.id.to_string()).await
    }

    async fn create_entries(&self, _by: EntryEndpoint, entries: &[NewEntry]) -> Result<Vec<Option<Entry>>, PortError> {
        let entries = entries.iter().map(|new| (new.content.clone(), new.mark.clone()));
        match self.0.write(Request::Create(entries.collect())).await? {
            Applied::Entries(made) => Ok(made.into_iter().map(Some).collect()),
            _ => Ok(Vec::new()),
        }
    }

    async fn timesheets(&self, project: ProjectId, date: NaiveDate) -> Result<Snapshot<Timesheet>, PortError> {
        let rows = |world: &crate::world::World| {
            let of_day = world.timesheets.get(&(project, date));
            of_day.into_iter().flatten().cloned().collect()
        };
        self.0.read("timesheets", rows, |sheet| sheet.id.to_string()).await
    }

    async fn create_timesheet(&self, project: ProjectId, date: NaiveDate) -> Result<TimesheetId, PortError> {
        match self.0.write(Request::OpenTimesheet(project, date)).await? {
            Applied::Timesheet(id) => Ok(id),
            _ => Err(PortError::unknown(FailureKind::Unreadable, "no id")),
        }
    }

    async fn update_entry(&self, id: EntryId, content: &EntryContent, mark: &str) -> Result<Entry, PortError> {
        match self
            .0
            .write(Request::Update(id, content.clone(), mark.to_owned()))
            .await?
        {
            Applied::Entries(made) => Ok(made.into_iter().next().unwrap()),
            _ => Err(PortError::unknown(FailureKind::Unreadable, "no entry")),
        }
    }

    async fn delete_entry(&self, id: EntryId) -> Result<(), PortError> {
        match self.0.write(Request::Delete(id)).await {
            // Gone is gone: a deletion may be repeated.
            Err(error) if error.kind() == FailureKind::NotFound => Ok(()),
            result => result.map(drop),
        }
    }

    fn clock_difference(&self) -> Option<TimeDelta> {
        Some(self.1)
    }
}
