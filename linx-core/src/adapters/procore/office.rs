//! The questions of the office port, asked of Procore's client.

use std::ops::RangeInclusive;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use procore_client::drafts::EntryDraft;
use procore_client::ids;
use procore_client::people::{PeopleQuery, Person};
use procore_client::projects::ProjectStatus;
use procore_client::timesheets::TimesheetStatus;

use super::company::ProcoreOffice;
use super::cost_codes::{task_code, unseen};
use super::entries::{EntryAnswer, answered, stored};
use super::{doctor, drafts};
use crate::adapters::http::{port_error, snapshot};
use crate::model::{
    Address, Classification, ClassificationId, CompanyCodeId, CompanyCostCode, Entry, EntryContent, EntryEndpoint,
    EntryId, LineItemType, LineItemTypeId, Pool, Project, ProjectCodeId, ProjectCostCode, ProjectId, SubJob, SubJobId,
    TaskCode, TimeSettings, TimeType, TimeTypeId, Timesheet, TimesheetId, Worker, WorkerId,
};
use crate::ports::{Check, FailureKind, NewEntry, Office, PortError, SentEntries, Snapshot};

#[async_trait]
impl Office for ProcoreOffice {
    async fn workers(&self) -> Result<Snapshot<Worker>, PortError> {
        let query = PeopleQuery::default();
        let active = snapshot(self.client.people(&query).collect().await, |person| {
            Ok(worker(person, true))
        })?;
        let inactive = snapshot(self.client.inactive_people(&query).collect().await, |person| {
            Ok(worker(person, false))
        })?;
        Ok(active.and(inactive))
    }

    async fn projects(&self) -> Result<Snapshot<Project>, PortError> {
        snapshot(self.client.projects(ProjectStatus::All).collect().await, |project| {
            let missing = |what: &str| (project.id.to_string(), format!("{what} is missing"));
            Ok(Project {
                id: ProjectId(project.id.get()),
                name: project.name.clone().ok_or_else(|| missing("name"))?,
                active: project.active.ok_or_else(|| missing("active"))?,
                number: project.project_number,
                demo: project.is_demo.unwrap_or(false),
                template: project.template.unwrap_or(false),
                stage: project.project_stage.and_then(|stage| stage.name),
                address: Address {
                    line1: project.address,
                    city: project.city,
                    state: project.state_code,
                    postal_code: project.zip,
                    country: project.country_code,
                },
                latitude: project.latitude.map(|degrees| degrees.to_string()),
                longitude: project.longitude.map(|degrees| degrees.to_string()),
                // The second is Procore's own name, which the extended view alone would spare us.
                time_zone: project.tz_name.filter(|name| !name.is_empty()).or(project.time_zone),
            })
        })
    }

    async fn sub_jobs(&self, project: ProjectId) -> Result<Snapshot<SubJob>, PortError> {
        snapshot(
            self.client.sub_jobs(ids::ProjectId::new(project.0)).collect().await,
            |sub_job| {
                let missing = |what: &str| (sub_job.id.to_string(), format!("{what} is missing"));
                Ok(SubJob {
                    project,
                    id: SubJobId(sub_job.id.get()),
                    code: sub_job.code.clone().ok_or_else(|| missing("code"))?,
                    name: sub_job.name.clone().ok_or_else(|| missing("name"))?,
                })
            },
        )
    }

    async fn project_workers(&self, project: ProjectId) -> Result<Snapshot<WorkerId>, PortError> {
        let (project, everybody) = (ids::ProjectId::new(project.0), PeopleQuery::default());
        let worker = |person: Person| Ok(WorkerId(person.id.get()));
        let active = self.client.project_people(project, &everybody).collect().await;
        let inactive = self.client.inactive_project_people(project, &everybody).collect().await;
        Ok(snapshot(active, worker)?.and(snapshot(inactive, worker)?))
    }

    async fn company_cost_codes(&self) -> Result<Snapshot<CompanyCostCode>, PortError> {
        match self.wbs_cost_codes().await {
            Ok(codes) if !codes.rows.is_empty() || !codes.proves_absence() => Ok(codes),
            Ok(_) => self.standard_cost_codes().await,
            Err(error) if matches!(error.kind(), FailureKind::Forbidden | FailureKind::NotFound) => {
                self.standard_cost_codes().await
            }
            Err(error) => Err(error),
        }
    }

    async fn project_cost_codes(
        &self,
        project: ProjectId,
        sub_job: Option<SubJobId>,
    ) -> Result<Snapshot<ProjectCostCode>, PortError> {
        let sub_job = sub_job.map(|id| ids::SubJobId::new(id.0));
        let codes = self
            .client
            .cost_codes(ids::ProjectId::new(project.0), sub_job)
            .collect()
            .await;
        let codes = snapshot(codes, |code| {
            let deleted = code.deleted_at.is_some();
            let full_code = code
                .full_code
                .ok_or_else(|| (code.id.to_string(), "full_code is missing".to_owned()))?;
            let types = code.line_item_types.into_iter().map(|kind| LineItemType {
                id: LineItemTypeId(kind.id.get()),
                base_type: kind.base_type.map(|base| base.as_str().to_owned()).unwrap_or_default(),
            });
            let code = ProjectCostCode {
                id: ProjectCodeId(code.id.get()),
                full_code,
                company_code: code.standard_cost_code_id.map(|id| CompanyCodeId(id.get())),
                line_item_types: types.collect(),
            };
            Ok((!deleted).then_some(code))
        })?;
        Ok(codes.flatten())
    }

    async fn task_codes(&self, project: ProjectId) -> Result<Snapshot<TaskCode>, PortError> {
        let types = self.client.line_item_types().collect().await.map_err(port_error)?;
        let codes = self.client.wbs_codes(ids::ProjectId::new(project.0)).collect().await;
        let mut codes = snapshot(codes, |code| task_code(&code, &types.rows))?;
        codes.incomplete = codes.incomplete.or_else(|| unseen("cost types", &types));
        Ok(codes)
    }

    async fn classifications(&self) -> Result<Snapshot<Classification>, PortError> {
        snapshot(self.client.work_classifications().collect().await, |one| {
            let visible = one.company_visible.unwrap_or(one.project_ids.is_empty());
            let projects = one.project_ids.iter().map(|id| ProjectId(id.get())).collect();
            Ok(Classification {
                id: ClassificationId(one.id.get()),
                name: one
                    .name
                    .ok_or_else(|| (one.id.to_string(), "name is missing".to_owned()))?,
                abbreviation: one.abbreviation,
                projects: (!visible).then_some(projects),
                active: true,
            })
        })
    }

    async fn time_types(&self) -> Result<Snapshot<TimeType>, PortError> {
        let types = snapshot(self.client.time_types().collect().await, |kind| {
            let id = TimeTypeId(kind.id.get());
            Ok(kind.time_type.map(|label| TimeType { id, label }))
        })?;
        Ok(types.flatten())
    }

    async fn time_settings(&self) -> Result<TimeSettings, PortError> {
        let settings = self.client.company_configuration().await.map_err(port_error)?;
        let rounding = settings.rounding_configuration.as_ref().and_then(|rounding| {
            let minutes = rounding.time_increment.filter(|minutes| *minutes > 1)?;
            Some(format!(
                "{} to {minutes} minutes",
                rounding.rule.as_deref().unwrap_or("rounded")
            ))
        });
        Ok(TimeSettings {
            start_stop_projects: settings
                .projects_timecard_in_out_enabled
                .iter()
                .map(|id| ProjectId(id.get()))
                .collect(),
            employees_on_all_projects: settings.timecard_employees_see_all_projects.unwrap_or(false),
            default_cost_type: settings
                .timesheet_default_cost_type_id
                .map(|id| LineItemTypeId(id.get())),
            task_codes: settings.task_codes_enabled.unwrap_or(false),
            rounding,
        })
    }

    async fn entries(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        worker: Option<WorkerId>,
        sent: &SentEntries<'_>,
    ) -> Result<Snapshot<Entry>, PortError> {
        let listing = self.client.timecard_entries(from, to, None).collect().await;
        let mut codings = Pool::default();
        let mut entries = snapshot(listing, |entry| {
            let (id, told) = (entry.id, EntryAnswer::from(entry));
            if told.has_unreadable_hours() {
                return Err((id.to_string(), "`hours` is not a decimal".to_owned()));
            }
            let told = told.known_as(sent.get(EntryId(id.get())));
            let missing = || (id.to_string(), "it has no worker, project or date".to_owned());
            told.entry(&mut codings).ok_or_else(missing)
        })?;
        entries.rows = sent.complete(entries.rows);
        entries
            .rows
            .retain(|entry| worker.is_none_or(|worker| entry.content.worker == worker));
        Ok(entries)
    }

    async fn deleted_entries(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        deleted: RangeInclusive<NaiveDate>,
    ) -> Result<Snapshot<Entry>, PortError> {
        let listing = self.client.deleted_timecard_entries(from, to, deleted).collect().await;
        let (mut codings, mut is_filtered) = (Pool::default(), true);
        let entries = snapshot(listing, |entry| {
            is_filtered &= entry.deleted_at.is_some();
            let id = entry.id.to_string();
            let told = EntryAnswer::from(entry).known_as(None).entry(&mut codings);
            told.ok_or_else(|| (id, "it has no worker, project or date".to_owned()))
        })?;
        if !is_filtered {
            // A service that does not know the filter lists what is there.
            return Err(PortError::unsupported("deleted entries"));
        }
        Ok(entries)
    }

    async fn create_entries(&self, by: EntryEndpoint, entries: &[NewEntry]) -> Result<Vec<Option<Entry>>, PortError> {
        let drafts: Vec<EntryDraft> = entries.iter().map(drafts::draft).collect();
        match (by, drafts.as_slice()) {
            (_, []) => Ok(Vec::new()),
            (EntryEndpoint::SingleEntries, [draft]) => {
                let entry = self.create_single(draft, entries.first()).await?;
                Ok(vec![Some(entry)])
            }
            (EntryEndpoint::SingleEntries, _) => Err(PortError::not_applied(
                FailureKind::Refused,
                "entries go one at a time by this endpoint",
            )),
            (EntryEndpoint::CompanyBulk, drafts) => {
                let outcomes = self.client.create_sheet_entries(drafts).await.map_err(port_error)?;
                let rows = outcomes.into_iter().zip(entries);
                Ok(rows
                    .map(|(outcome, sent)| stored(outcome, |row| EntryAnswer::written(row, &sent.content)))
                    .collect())
            }
            (EntryEndpoint::ProjectBulk, [first, ..]) => {
                let answer = self.client.bulk_create_entries(first.project_id, &drafts).await;
                let outcomes = answer.map_err(port_error)?;
                Ok(outcomes
                    .into_iter()
                    .map(|outcome| stored(outcome, EntryAnswer::from))
                    .collect())
            }
        }
    }

    async fn update_entry(&self, id: EntryId, content: &EntryContent, mark: &str) -> Result<Entry, PortError> {
        let id = ids::TimecardEntryId::new(id.0);
        let answer = self
            .client
            .update_timecard_entry(id, &drafts::changes(content, mark))
            .await;
        answered(answer).map(|entry| entry.filled_from(content))
    }

    async fn delete_entry(&self, id: EntryId) -> Result<(), PortError> {
        self.client
            .delete_timecard_entry(ids::TimecardEntryId::new(id.0))
            .await
            .map_err(port_error)?;
        Ok(())
    }

    async fn timesheets(&self, project: ProjectId, date: NaiveDate) -> Result<Snapshot<Timesheet>, PortError> {
        let list = self.client.timesheets(ids::ProjectId::new(project.0), date, date);
        snapshot(list.collect().await, |sheet| {
            Ok(Timesheet {
                id: TimesheetId(sheet.id.get()),
                date: sheet
                    .date
                    .ok_or_else(|| (sheet.id.to_string(), "date is missing".to_owned()))?,
                pending: sheet.status == Some(TimesheetStatus::Pending),
            })
        })
    }

    async fn create_timesheet(&self, project: ProjectId, date: NaiveDate) -> Result<TimesheetId, PortError> {
        let sheet = self.client.create_timesheet(ids::ProjectId::new(project.0), date).await;
        Ok(TimesheetId(sheet.map_err(port_error)?.id.get()))
    }

    fn clock_difference(&self) -> Option<TimeDelta> {
        self.client.clock_difference()
    }

    async fn check(&self) -> Vec<Check> {
        doctor::check(self).await
    }
}

impl ProcoreOffice {
    /// Makes one entry, with its own id where the company takes one. Where it does not, the refusal of this very entry for
    /// that id proves that nothing was stored, and the entry is sent without (hazard B11). That the id is taken is no refusal: the
    /// line is there, or was, and is to be looked for.
    async fn create_single(&self, draft: &EntryDraft, entry: Option<&NewEntry>) -> Result<Entry, PortError> {
        if let Some(entry) = entry.filter(|_| !self.refuses_text_ids.load(Ordering::Relaxed)) {
            let with_id = self.client.create_timecard_entry(&drafts::with_id(draft, entry)).await;
            match with_id {
                Err(error) if drafts::refuses_text(&error) => self.refuses_text_ids.store(true, Ordering::Relaxed),
                Err(error) if drafts::is_taken(&error) => {
                    let unknown = PortError::unknown(FailureKind::Refused, error.to_string());
                    return Err(unknown.in_words(error.words()));
                }
                answer => return answered(answer),
            }
        }
        answered(self.client.create_timecard_entry(draft).await)
    }
}

fn worker(person: Person, listed_active: bool) -> Worker {
    Worker {
        id: WorkerId(person.id.get()),
        first_name: person.first_name,
        last_name: person.last_name,
        number: person.employee_id,
        email: person.contact.email,
        job_title: person.job_title,
        is_employee: person.is_employee.unwrap_or(false),
        active: person.contact.is_active.unwrap_or(listed_active),
    }
}
