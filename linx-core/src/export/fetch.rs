//! Everything an export is planned from, read once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use futures_util::StreamExt;
use futures_util::stream;

use super::diff::window;
use crate::digest::{digest, fingerprint};
use crate::hold::{Held, List, Reason, Refusal, Subject};
use crate::ledger::{Direction, Effect, IntentId, JournalEntry, Link, Outcome, RunId, StoredLine, Write, recover};
use crate::linx::{Linx, LinxError};
use crate::model::{
    Approval, Attribute, Classification, CompanyCostCode, Entry, EntryContent, EntryId, Kind, OfficeRef, Project,
    ProjectCostCode, ProjectId, Record, RecordId, SubJob, SubJobId, TaskCode, TimeRecord, TimeSettings, TimeType,
    Worker, WorkerId, entry_parts,
};
use crate::plan::Selection;
use crate::ports::{PortError, Progress, Snapshot, UnreadRow};
use crate::settings::ExportSettings;

/// Lists read side by side.
const AT_ONCE: usize = 8;

/// A project, or one of its sub-jobs.
type Place = (ProjectId, Option<SubJobId>);

/// What both sides and the ledger hold for the days of an export.
#[derive(Debug, Clone)]
pub struct ExportFacts {
    /// The time.
    pub records: Snapshot<TimeRecord>,
    /// Approvals; read only where the settings ask for approved time.
    pub approvals: Vec<Approval>,
    /// ExakTime's employees, active and inactive (hazard C6).
    pub employees: Snapshot<Record>,
    /// ExakTime's locations.
    pub locations: Snapshot<Record>,
    /// Procore's entries of these days.
    pub entries: Snapshot<Entry>,
    /// Procore's workers.
    pub workers: Snapshot<Worker>,
    /// Procore's projects.
    pub projects: Snapshot<Project>,
    /// Sub-jobs of the projects that the time is about.
    pub sub_jobs: Vec<SubJob>,
    /// The company's cost codes.
    pub cost_codes: Snapshot<CompanyCostCode>,
    /// The cost codes of each place that the time is about, or why they could not be read.
    pub project_codes: BTreeMap<Place, Result<Vec<ProjectCostCode>, String>>,
    /// The task codes of each project that uses them, or why they could not be read.
    pub task_codes: BTreeMap<ProjectId, Result<Vec<TaskCode>, String>>,
    /// Work classifications; read only where some time has one or needs one.
    pub classifications: Vec<Classification>,
    /// ExakTime's cost codes; read only where the settings name some for leave.
    pub codes: Vec<Record>,
    /// Who is in the directory of each project, where the company does not track everybody everywhere (hazard C15). A
    /// directory that could not be read is left out: Procore judges then.
    pub members: BTreeMap<ProjectId, BTreeSet<WorkerId>>,
    /// Today, for how settled a day is.
    pub today: NaiveDate,
    /// Time types.
    pub time_types: Vec<TimeType>,
    /// Settings that bear on time.
    pub settings: TimeSettings,
    /// Links of all kinds.
    pub links: Vec<Link>,
    /// The lines that the ledger knows of these days.
    pub lines: Vec<StoredLine>,
    /// Writes whose outcome is not known.
    pub open_intents: Vec<JournalEntry>,
    /// The newest export run.
    pub last_run: Option<RunId>,
}

impl ExportFacts {
    /// A digest of all that may change between a plan and its use.
    pub(super) fn fingerprint(&self) -> String {
        let rows = [fingerprint(&self.records.rows), fingerprint(&self.entries.rows)];
        digest(&(rows, &self.last_run))
    }

    /// Rows that could not be read. Hours of such a record are not known, so that nothing can be said of its day.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = Held> + '_ {
        let held =
            |subject, row: &UnreadRow| Held::new(subject, Refusal::new(Reason::UnreadableRow, row.reason.clone()));
        let records = self.records.unreadable.iter().map(move |row| match &row.id {
            Some(id) => held(Subject::TimeRecord(id.clone()), row),
            None => held(Subject::Row(List::TimeRecords, None), row),
        });
        let entries = self.entries.unreadable.iter();
        records.chain(entries.map(move |row| held(Subject::Row(List::Entries, row.id.clone()), row)))
    }

    /// What each open intent came to.
    pub(super) fn resumed(&self) -> Vec<(IntentId, Outcome)> {
        if self.open_intents.is_empty() {
            return Vec::new();
        }
        let mut recorded: BTreeSet<EntryId> = self.lines.iter().map(|line| line.entry).collect();
        // What one intent came to is no longer free for another.
        let outcome = |intent: &JournalEntry| {
            let outcome = recover::outcome(intent, &self.entries.rows, &recorded);
            if let Outcome::Done(Effect::LineStored(line)) = &outcome {
                recorded.insert(line.entry);
            }
            (intent.id, outcome)
        };
        self.open_intents
            .iter()
            .map(outcome)
            // What is not in a list that may lack rows is not known to be absent.
            .filter(|(_, outcome)| *outcome != Outcome::Absent || self.entries.proves_absence())
            .collect()
    }

    /// Employee numbers, where there are any.
    pub(super) fn employee_numbers(&self) -> BTreeMap<RecordId, String> {
        self.employees
            .rows
            .iter()
            .filter_map(|employee| {
                Some((
                    employee.id.clone(),
                    employee.attributes.get(Attribute::Identifier)?.to_owned(),
                ))
            })
            .collect()
    }

    /// How a person finds a location: by its identifier, else its id.
    pub(super) fn location_label(&self, id: &RecordId) -> String {
        let known = self.locations.rows.iter().find(|location| location.id == *id);
        known
            .and_then(|location| location.attributes.get(Attribute::Identifier))
            .unwrap_or(id.as_str())
            .to_owned()
    }
}

impl Linx {
    pub(super) async fn fetch_export(
        &self,
        settings: &ExportSettings,
        selection: &Selection,
    ) -> Result<ExportFacts, LinxError> {
        let window = window::window(selection, settings);
        let (first, last) = window::around(&window).into_inner();
        let (from, to) = window.into_inner();
        let last_run = self.last_run(Direction::Export).await?;
        let links = self.ledger.links().await?;
        let open_intents = self.ledger.open_intents(Direction::Export).await?;
        let elsewhere = days_elsewhere(from, to, &open_intents);
        let mut known = self.ledger.lines(from, to).await?;
        for date in elsewhere.iter().map(|(date, _)| *date).collect::<BTreeSet<_>>() {
            known.extend(self.ledger.lines(date, date).await?);
        }

        self.observer.progress(Progress::Reading("ExakTime time records"));
        let records = self.field.time_records(first, last).await.map_err(LinxError::Field)?;
        let approvals = if settings.approved_only {
            self.field.approvals(first, last).await.map_err(LinxError::Field)?.rows
        } else {
            Vec::new()
        };
        let employees = self.field.records(Kind::Employee).await.map_err(LinxError::Field)?;
        let locations = self.field.records(Kind::Location).await.map_err(LinxError::Field)?;

        self.observer.progress(Progress::Reading("Procore timecard entries"));
        let entries = self
            .fetch_entries(from, to, elsewhere, &known)
            .await
            .map_err(LinxError::Office)?;
        self.observer
            .progress(Progress::Reading("Procore workers, projects and codes"));
        let workers = self.office.workers().await.map_err(LinxError::Office)?;
        let projects = self.office.projects().await.map_err(LinxError::Office)?;
        let cost_codes = self.office.company_cost_codes().await.map_err(LinxError::Office)?;
        let time_types = self.office.time_types().await.map_err(LinxError::Office)?;
        let time_settings = self.office.time_settings().await.map_err(LinxError::Office)?;

        let places = places(&records.rows, &links, &projects.rows);
        let sub_jobs = self.fetch_sub_jobs_of(&places).await.map_err(LinxError::Office)?;
        let members = if time_settings.employees_on_all_projects {
            BTreeMap::new()
        } else {
            self.fetch_members(&places).await.map_err(LinxError::Office)?
        };
        let task_codes = if time_settings.task_codes {
            self.fetch_task_codes(&places).await.map_err(LinxError::Office)?
        } else {
            BTreeMap::new()
        };
        let classifications = self.fetch_classifications(settings, &records.rows).await?;
        let codes = if settings.leave.is_empty() {
            Vec::new()
        } else {
            self.field.records(Kind::CostCode).await.map_err(LinxError::Field)?.rows
        };
        let project_codes = self.fetch_project_codes(places).await.map_err(LinxError::Office)?;
        Ok(ExportFacts {
            records,
            approvals,
            employees,
            locations,
            entries,
            workers,
            projects,
            sub_jobs,
            cost_codes,
            project_codes,
            task_codes,
            classifications,
            codes,
            members,
            today: self.clock.now().date_naive(),
            time_types,
            settings: time_settings,
            links,
            lines: known,
            open_intents,
            last_run,
        })
    }

    /// The entries of the selected days, and of the days of writes that were cut off; those that Procore split are
    /// joined (hazard D16).
    async fn fetch_entries(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        elsewhere: BTreeSet<(NaiveDate, WorkerId)>,
        known: &[StoredLine],
    ) -> Result<Snapshot<Entry>, PortError> {
        let mut entries = self.office.entries(from, to, None).await?;
        for (date, worker) in elsewhere {
            entries = entries.and(self.office.entries(date, date, Some(worker)).await?);
        }
        let sent: BTreeMap<EntryId, &EntryContent> = known
            .iter()
            .filter_map(|line| Some((line.entry, line.sent.as_ref()?)))
            .collect();
        let filled = |entry: Entry| match sent.get(&entry.id) {
            Some(sent) => entry.filled_from(sent),
            None => entry,
        };
        entries.rows = entry_parts::join(entries.rows).into_iter().map(filled).collect();
        Ok(entries)
    }

    async fn fetch_sub_jobs_of(&self, places: &BTreeSet<Place>) -> Result<Vec<SubJob>, PortError> {
        let projects: BTreeSet<ProjectId> = places
            .iter()
            .filter(|(_, sub_job)| sub_job.is_some())
            .map(|(project, _)| *project)
            .collect();
        let lists: Vec<Result<Snapshot<SubJob>, PortError>> = stream::iter(projects)
            .map(|project| self.office.sub_jobs(project))
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut sub_jobs = Vec::new();
        for list in lists {
            sub_jobs.extend(list?.rows);
        }
        Ok(sub_jobs)
    }

    /// A project without task codes does not use them; a list that fails holds the time of its project only.
    async fn fetch_task_codes(
        &self,
        places: &BTreeSet<Place>,
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
                    codes.insert(project, Ok(list.rows));
                }
                Err(error) if error.is_about_one_place() => {
                    codes.insert(project, Err(error.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(codes)
    }

    async fn fetch_classifications(
        &self,
        settings: &ExportSettings,
        records: &[TimeRecord],
    ) -> Result<Vec<Classification>, LinxError> {
        let classified = records.iter().any(|record| record.classification.is_some());
        if !classified && settings.classified_projects.is_empty() {
            return Ok(Vec::new());
        }
        let list = self.office.classifications().await.map_err(LinxError::Office)?;
        Ok(list.rows)
    }

    async fn fetch_members(
        &self,
        places: &BTreeSet<Place>,
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
                Ok(list) if list.proves_absence() => {
                    members.insert(project, list.rows.into_iter().collect());
                }
                Ok(_) => {}
                Err(error) if error.is_about_one_place() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(members)
    }

    /// A list that fails for one place holds the time of that place only (hazard C16).
    async fn fetch_project_codes(
        &self,
        places: BTreeSet<Place>,
    ) -> Result<BTreeMap<Place, Result<Vec<ProjectCostCode>, String>>, PortError> {
        let lists: Vec<(Place, Result<Snapshot<ProjectCostCode>, PortError>)> = stream::iter(places)
            .map(|place| async move { (place, self.office.project_cost_codes(place.0, place.1).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut codes = BTreeMap::new();
        for (place, list) in lists {
            let answer = match list {
                Ok(list) => Ok(list.rows),
                Err(error) if error.is_about_one_place() => Err(error.to_string()),
                Err(error) => return Err(error),
            };
            codes.insert(place, answer);
        }
        Ok(codes)
    }
}

/// The workers' days outside of the selection of which a write was cut off.
fn days_elsewhere(from: NaiveDate, to: NaiveDate, open: &[JournalEntry]) -> BTreeSet<(NaiveDate, WorkerId)> {
    open.iter()
        .filter_map(|intent| match &intent.write {
            Write::Line(change) => Some((change.key.date, change.key.worker)),
            Write::Record(_) => None,
        })
        .filter(|(date, _)| !(from..=to).contains(date))
        .collect()
}

/// The open places that the time is about.
fn places(records: &[TimeRecord], links: &[Link], projects: &[Project]) -> BTreeSet<Place> {
    let open: BTreeSet<ProjectId> = projects
        .iter()
        .filter(|project| project.active)
        .map(|project| project.id)
        .collect();
    let linked: BTreeMap<&RecordId, Place> = links
        .iter()
        .filter_map(|link| match link.office {
            OfficeRef::Project(project) => Some((&link.record, (project, None))),
            OfficeRef::SubJob(project, sub_job) => Some((&link.record, (project, Some(sub_job)))),
            OfficeRef::Worker(_) | OfficeRef::CostCode(_) => None,
        })
        .collect();
    records
        .iter()
        .filter_map(|record| linked.get(record.location.as_ref()?).copied())
        .filter(|(project, _)| open.contains(project))
        .collect()
}
