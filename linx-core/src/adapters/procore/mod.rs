//! Procore as the office.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use linx_http::Change;
use procore_client::bulk::{BulkOutcome, StoredEntry};
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::edits::TimecardEntryChanges;
use procore_client::people::{PeopleQuery, Person};
use procore_client::permissions::Access;
use procore_client::projects::ProjectStatus;
use procore_client::timecards::{self, TimecardEntry};
use procore_client::timesheets::{TimesheetStatus, WrittenEntry};
use procore_client::wbs::{ItemStatus, SegmentItem, SegmentType, WbsCode};
use procore_client::wire::ClockTime;
use procore_client::{Client, ids, line_item_types};

use super::http::{port_error, snapshot};
use crate::model::{
    Address, ApprovalStatus, CentiHours, Classification, ClassificationId, CodeList, CodeListId, Coding, CompanyCodeId,
    CompanyCostCode, Entry, EntryContent, EntryEndpoint, EntryId, LineItemType, LineItemTypeId, Pool, Project,
    ProjectCodeId, ProjectCostCode, ProjectId, Span, SubJob, SubJobId, TaskCode, TimeSettings, TimeType, TimeTypeId,
    Timesheet, TimesheetId, WbsCodeId, Worker, WorkerId, entry_parts,
};
use crate::ports::{Check, FailureKind, NewEntry, Office, PortError, SentEntries, Snapshot};

/// A Procore company through its client.
#[derive(Clone)]
pub struct ProcoreOffice {
    client: Client,
}

impl ProcoreOffice {
    /// The company of `client`.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The codes of the cost code segment's lists (procore-api.md section 6.3).
    async fn wbs_cost_codes(&self) -> Result<Snapshot<CompanyCostCode>, PortError> {
        let segments = self.client.segments().collect().await.map_err(port_error)?;
        let mut codes = Snapshot::complete(Vec::new());
        for segment in segments
            .rows
            .iter()
            .filter(|segment| segment.kind == Some(SegmentType::CostCode))
        {
            let delimiter = segment.delimiter.as_deref().unwrap_or("-");
            let lists = self
                .client
                .segment_lists(segment.id)
                .collect()
                .await
                .map_err(port_error)?;
            for list in &lists.rows {
                let items = self.client.segment_items(segment.id, Some(list.id)).collect().await;
                let list = code_list(list.id, list.name.as_deref());
                codes = codes.and(snapshot(items, |item| company_code(item, delimiter, &list))?);
            }
        }
        Ok(codes)
    }

    /// The same codes by the older, deprecated way, for companies whose structure is not open to the credential.
    async fn standard_cost_codes(&self) -> Result<Snapshot<CompanyCostCode>, PortError> {
        let lists = self
            .client
            .standard_cost_code_lists()
            .collect()
            .await
            .map_err(port_error)?;
        let mut codes = Snapshot::complete(Vec::new());
        for list in &lists.rows {
            let listing = self
                .client
                .standard_cost_codes(list.id)
                .collect()
                .await
                .map_err(port_error)?;
            let list = code_list(list.id, list.name.as_deref());
            let parents: std::collections::BTreeSet<_> =
                listing.rows.iter().filter_map(|code| code.parent_id).collect();
            codes = codes.and(snapshot(Ok(listing), |code| {
                let missing = |what: &str| (code.id.to_string(), format!("{what} is missing"));
                Ok(CompanyCostCode {
                    id: CompanyCodeId(code.id.get()),
                    full_code: code.full_code.clone().ok_or_else(|| missing("full_code"))?,
                    name: code.name.clone().ok_or_else(|| missing("name"))?,
                    list: Some(list.clone()),
                    leaf: !parents.contains(&code.id),
                    active: true,
                })
            })?);
        }
        Ok(codes)
    }
}

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
        let types = self.client.line_item_types().collect().await.map_err(port_error)?.rows;
        let codes = self.client.wbs_codes(ids::ProjectId::new(project.0)).collect().await;
        snapshot(codes, |code| task_code(&code, &types))
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

    async fn time_types(&self) -> Result<Vec<TimeType>, PortError> {
        let types = self.client.time_types().collect().await.map_err(port_error)?;
        Ok(types
            .rows
            .into_iter()
            .filter_map(|kind| {
                Some(TimeType {
                    id: TimeTypeId(kind.id.get()),
                    label: kind.time_type?,
                })
            })
            .collect())
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
        let party = worker.map(|worker| ids::PersonId::new(worker.0));
        let listing = self.client.timecard_entries(from, to, party).collect().await;
        let mut codings = Pool::default();
        let entries = snapshot(listing, |entry| match &entry.hours {
            // Taken for nothing it would look like an edit of the office.
            Some(text) if text.parse::<CentiHours>().is_err() => {
                Err((entry.id.to_string(), "`hours` is not a decimal".to_owned()))
            }
            _ => Ok(to_entry(entry, &mut codings)),
        })?;
        let mut entries = entries.flatten();
        entries.rows = sent.complete(entries.rows);
        Ok(entries)
    }

    async fn create_entries(&self, by: EntryEndpoint, entries: &[NewEntry]) -> Result<Vec<Option<Entry>>, PortError> {
        let drafts: Vec<EntryDraft> = entries.iter().map(draft).collect();
        match (by, drafts.as_slice()) {
            (_, []) => Ok(Vec::new()),
            (EntryEndpoint::SingleEntries, [draft]) => {
                let answer = self.client.create_timecard_entry(draft).await;
                answered(answer).map(|entry| vec![Some(entry)])
            }
            (EntryEndpoint::SingleEntries, _) => Err(PortError::not_applied(
                FailureKind::Refused,
                "entries go one at a time by this endpoint",
            )),
            (EntryEndpoint::CompanyBulk, drafts) => {
                let outcomes = self.client.create_sheet_entries(drafts).await.map_err(port_error)?;
                let rows = outcomes.into_iter().zip(entries);
                Ok(rows
                    .map(|(outcome, sent)| told(outcome, |row| written(row, &sent.content)))
                    .collect())
            }
            (EntryEndpoint::ProjectBulk, [first, ..]) => {
                let answer = self.client.bulk_create_entries(first.project_id, &drafts).await;
                let outcomes = answer.map_err(port_error)?;
                Ok(outcomes.into_iter().map(|outcome| told(outcome, stored)).collect())
            }
        }
    }

    async fn update_entry(&self, id: EntryId, content: &EntryContent, mark: &str) -> Result<Entry, PortError> {
        let id = ids::TimecardEntryId::new(id.0);
        let answer = self.client.update_timecard_entry(id, &changes(content, mark)).await;
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

    async fn check(&self) -> Vec<Check> {
        check(self).await
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

fn code_list(id: ids::ListId, name: Option<&str>) -> CodeList {
    CodeList {
        id: CodeListId(id.get()),
        name: name.unwrap_or_default().to_owned(),
    }
}

fn company_code(item: SegmentItem, delimiter: &str, list: &CodeList) -> Result<CompanyCostCode, (String, String)> {
    let full_code = match item.path_code {
        Some(code) => Some(code),
        None if !item.path_codes.is_empty() => Some(item.path_codes.join(delimiter)),
        None => item.code,
    };
    let missing = |what: &str| (item.id.to_string(), format!("{what} is missing"));
    Ok(CompanyCostCode {
        id: CompanyCodeId(item.id.get()),
        full_code: full_code.ok_or_else(|| missing("path_code"))?,
        name: item.name.ok_or_else(|| missing("name"))?,
        list: Some(list.clone()),
        leaf: !item.is_parent.unwrap_or(false),
        active: item.status != Some(ItemStatus::Inactive),
    })
}

/// A task code by the items that it is made of. Its cost type is found among the company's by id, else by code.
fn task_code(code: &WbsCode, types: &[line_item_types::LineItemType]) -> Result<TaskCode, (String, String)> {
    let cost_code = code.item(&SegmentType::CostCode);
    let cost_code = cost_code.and_then(|item| item.path_code.clone().or_else(|| item.code.clone()));
    let base_type = code.item(&SegmentType::LineItemType).and_then(|item| {
        let same_id = types.iter().find(|kind| kind.id.get() == item.id.get());
        let same_code = || types.iter().find(|kind| item.code.is_some() && kind.code == item.code);
        same_id.or_else(same_code)?.base_type.as_ref()
    });
    Ok(TaskCode {
        id: WbsCodeId(code.id.get()),
        cost_code: cost_code.ok_or_else(|| (code.id.to_string(), "it has no cost code".to_owned()))?,
        base_type: base_type.map(|base| base.as_str().to_owned()).unwrap_or_default(),
        sub_job: code.item(&SegmentType::SubJob).and_then(|item| item.code.clone()),
        active: code.status != Some(ItemStatus::Inactive),
    })
}

/// An entry to make, pending. Its mark goes into `origin_data`, which is text wherever it is documented, while
/// `origin_id` is a number in one place and text in another (hazard B11).
fn draft(entry: &NewEntry) -> EntryDraft {
    let content = &entry.content;
    let worked = match &content.span {
        None => Worked::hours(content.hours.to_string()),
        Some(span) => Worked::Clock {
            time_in: ClockTime::at(span.start),
            time_out: ClockTime::at(span.stop),
            lunch_minutes: (span.lunch_minutes > 0).then_some(span.lunch_minutes),
        },
    };
    let project = ids::ProjectId::new(content.coding.project.0);
    let person = ids::PersonId::new(content.worker.0);
    let mut draft = EntryDraft::new(project, content.date, person, worked);
    draft.cost_code_id = content.coding.cost_code.map(|id| ids::CostCodeId::new(id.0));
    draft.line_item_type_id = content.coding.line_item_type.map(|id| ids::LineItemTypeId::new(id.0));
    draft.sub_job_id = content.coding.sub_job.map(|id| ids::SubJobId::new(id.0));
    draft.timecard_time_type_id = content.coding.time_type.map(|id| ids::TimeTypeId::new(id.0));
    draft.set_timecard_time_type_automatically = automatic(content);
    draft.wbs_code_id = content.coding.wbs_code.map(|id| ids::WbsCodeId::new(id.0));
    draft.work_classification_id = content
        .coding
        .classification
        .map(|id| ids::WorkClassificationId::new(id.0));
    draft.billable = content.billable;
    draft.description = content.description.as_deref().map(str::to_owned);
    draft.approval_status = Some(timecards::ApprovalStatus::Pending);
    draft.timesheet_id = entry.timesheet.map(|id| ids::TimesheetId::new(id.0));
    draft.origin_data = Some(entry.mark.clone());
    draft
}

/// One side computes overtime: where the time type is told, Procore's rules are not to set it (hazard D16).
fn automatic(content: &EntryContent) -> Option<bool> {
    content.coding.time_type.map(|_| false)
}

/// All values of an entry that a change can set: task code and work classification are set when it is made, only.
fn changes(content: &EntryContent, mark: &str) -> TimecardEntryChanges {
    let span = content.span.as_deref();
    let mut changes = TimecardEntryChanges::new(ids::ProjectId::new(content.coding.project.0), content.date);
    changes.hours = span.is_none().then(|| content.hours.to_string()).into();
    changes.time_in = span.map(|span| ClockTime::at(span.start)).into();
    changes.time_out = span.map(|span| ClockTime::at(span.stop)).into();
    changes.lunch_minutes = span.map(|span| span.lunch_minutes).into();
    changes.cost_code_id = content.coding.cost_code.map(|id| ids::CostCodeId::new(id.0)).into();
    changes.line_item_type_id = content
        .coding
        .line_item_type
        .map(|id| ids::LineItemTypeId::new(id.0))
        .into();
    changes.sub_job_id = content.coding.sub_job.map(|id| ids::SubJobId::new(id.0)).into();
    changes.timecard_time_type_id = content.coding.time_type.map(|id| ids::TimeTypeId::new(id.0)).into();
    changes.set_timecard_time_type_automatically = automatic(content).into();
    changes.billable = Change::Set(content.billable);
    // Left out would mean "as it is", and a note that is gone must go.
    changes.description = Change::Set(content.description.as_deref().unwrap_or_default().to_owned());
    changes.origin_data = Change::Set(mark.to_owned());
    changes
}

/// An entry, unless it lacks the worker, project or date that every entry of ours has.
fn to_entry(entry: TimecardEntry, codings: &mut Pool<Arc<Coding>>) -> Option<Entry> {
    let signed = entry.is_signed();
    Some(Entry {
        id: EntryId(entry.id.get()),
        content: EntryContent {
            worker: WorkerId(entry.party?.id.get()),
            date: entry.date?,
            coding: codings.share(Arc::new(Coding {
                project: ProjectId(entry.project?.id.get()),
                sub_job: entry.sub_job.map(|sub_job| SubJobId(sub_job.id.get())),
                cost_code: entry.cost_code.map(|code| ProjectCodeId(code.id.get())),
                line_item_type: entry.line_item_type_id.map(|id| LineItemTypeId(id.get())),
                wbs_code: entry.wbs_code_id.map(|id| WbsCodeId(id.get())),
                classification: entry.work_classification_id.map(|id| ClassificationId(id.get())),
                time_type: entry.timecard_time_type.map(|kind| TimeTypeId(kind.id.get())),
            })),
            hours: hours(entry.hours.as_deref()),
            span: span(entry.time_in, entry.time_out, entry.lunch_time.as_deref()),
            description: entry.description.filter(|text| !text.trim().is_empty()).map(Into::into),
            billable: entry.billable.unwrap_or(false),
        },
        status: entry.approval_status.map_or(ApprovalStatus::Pending, status),
        signed,
        origin: entry.origin_data.map(Into::into),
        parts: entry
            .automatically_split_timecard_entries
            .iter()
            .map(|part| EntryId(part.id.get()))
            .collect(),
    })
}

/// What a bulk answer tells of an entry, joined where overtime rules split it (hazard D16).
fn told<E>(outcome: BulkOutcome<E>, entry: impl Fn(E) -> Option<Entry>) -> Option<Entry> {
    match outcome {
        BulkOutcome::Stored(rows) => entry_parts::whole(rows.into_iter().map(entry).collect::<Option<_>>()?),
        BulkOutcome::Unknown => None,
    }
}

/// An entry as the project's bulk answers it, unless it lacks worker, project or date.
fn stored(entry: StoredEntry) -> Option<Entry> {
    Some(Entry {
        id: EntryId(entry.id.get()),
        content: EntryContent {
            worker: WorkerId(entry.party_id?.get()),
            date: entry.date?,
            coding: Arc::new(Coding {
                project: ProjectId(entry.project_id?.get()),
                sub_job: entry.sub_job_id.map(|id| SubJobId(id.get())),
                cost_code: entry.cost_code_id.map(|id| ProjectCodeId(id.get())),
                line_item_type: entry.line_item_type_id.map(|id| LineItemTypeId(id.get())),
                wbs_code: entry.wbs_code_id.map(|id| WbsCodeId(id.get())),
                classification: entry.work_classification_id.map(|id| ClassificationId(id.get())),
                time_type: entry.timecard_time_type_id.map(|id| TimeTypeId(id.get())),
            }),
            hours: hours(entry.hours.as_deref()),
            span: span(entry.time_in, entry.time_out, entry.lunch_time.as_deref()),
            description: entry.description.filter(|text| !text.trim().is_empty()).map(Into::into),
            billable: entry.billable.unwrap_or(false),
        },
        status: entry.approval_status.map_or(ApprovalStatus::Pending, status),
        signed: false,
        origin: entry.origin_data.map(Into::into),
        parts: Vec::new(),
    })
}

/// An entry as the company's bulk answers it, unless it lacks worker or date; what that answer never tells is taken as
/// it was sent.
fn written(entry: WrittenEntry, sent: &EntryContent) -> Option<Entry> {
    Some(Entry {
        id: EntryId(entry.id.get()),
        content: EntryContent {
            worker: WorkerId(entry.party?.id.get()),
            date: entry.date?,
            coding: Arc::new(Coding {
                cost_code: entry.cost_code.map(|code| ProjectCodeId(code.id.get())),
                line_item_type: entry.line_item_type_id.map(|id| LineItemTypeId(id.get())),
                time_type: entry.timecard_time_type.map(|kind| TimeTypeId(kind.id.get())),
                ..(*sent.coding).clone()
            }),
            hours: hours(entry.hours.as_deref()),
            description: entry.description.filter(|text| !text.trim().is_empty()).map(Into::into),
            billable: entry.billable.unwrap_or(false),
            ..sent.clone()
        },
        status: ApprovalStatus::Pending,
        signed: false,
        origin: entry.origin_data.map(Into::into),
        parts: Vec::new(),
    })
}

fn hours(text: Option<&str>) -> CentiHours {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// From when to when, where both are told (procore-api.md trap 22).
fn span(time_in: Option<DateTime<Utc>>, time_out: Option<DateTime<Utc>>, lunch: Option<&str>) -> Option<Box<Span>> {
    Some(Box::new(Span {
        start: ClockTime::from(time_in?).local(),
        stop: ClockTime::from(time_out?).local(),
        lunch_minutes: lunch.and_then(|minutes| minutes.parse().ok()).unwrap_or(0),
    }))
}

fn status(status: timecards::ApprovalStatus) -> ApprovalStatus {
    match status {
        timecards::ApprovalStatus::Pending => ApprovalStatus::Pending,
        timecards::ApprovalStatus::Reviewed => ApprovalStatus::Reviewed,
        timecards::ApprovalStatus::Approved => ApprovalStatus::Approved,
        timecards::ApprovalStatus::Completed => ApprovalStatus::Completed,
        timecards::ApprovalStatus::Unknown(text) => ApprovalStatus::Other(text.into()),
    }
}

/// The answer to a write, with the parts that overtime rules split off (hazard D16). One without worker, project or date
/// is stored, and not as it was sent (hazard A13).
fn answered(answer: Result<TimecardEntry, linx_http::Error>) -> Result<Entry, PortError> {
    let mut entry = answer.map_err(port_error)?;
    let id = entry.id;
    let parts = std::mem::take(&mut entry.automatically_split_timecard_entries);
    let mut codings = Pool::default();
    let all = std::iter::once(entry).chain(parts);
    let entries: Option<Vec<Entry>> = all.map(|entry| to_entry(entry, &mut codings)).collect();
    entries.and_then(entry_parts::whole).ok_or_else(|| {
        PortError::unknown(
            FailureKind::Unreadable,
            format!("entry {id} came back without worker, project or date"),
        )
    })
}

async fn check(office: &ProcoreOffice) -> Vec<Check> {
    let mut checks = Vec::new();
    let settings = match office.client.company_configuration().await {
        Ok(settings) => settings,
        Err(error) => {
            checks.push(Check::fail(
                "Procore connection",
                error.to_string(),
                way_in(&port_error(error)),
            ));
            return checks;
        }
    };
    checks.push(Check::ok(
        "Procore connection",
        format!("company {} answers", office.client.company()),
    ));
    checks.push(timecard_access(office).await);
    checks.push(match settings.timecard_employees_see_all_projects {
        Some(true) => Check::ok(
            "Employees on all projects",
            "every employee may be put on every project's timecards",
        ),
        _ => Check::warn(
            "Employees on all projects",
            "workers can be put only on projects in whose directory they are",
            "Company Admin > Tool Settings > Time Tracking > Shared Settings, or add the workers to each project",
        ),
    });
    checks.push(start_stop(&settings.projects_timecard_in_out_enabled));
    checks.push(
        match office.time_settings().await.ok().and_then(|settings| settings.rounding) {
            None => Check::ok("Rounding", "Procore does not round"),
            Some(rule) => Check::warn(
                "Rounding",
                rule,
                "Turn rounding off, or compare stored hours with those sent",
            ),
        },
    );
    checks.push(people(office).await);
    checks.push(projects(office).await);
    checks.push(cost_codes(office).await);
    checks
}

fn way_in(error: &PortError) -> &'static str {
    match error.kind() {
        FailureKind::Unauthorized => {
            "Check PROCORE_CLIENT_ID and PROCORE_CLIENT_SECRET; they belong to one environment"
        }
        FailureKind::Forbidden => {
            "Install the app in this company (Company Admin > App Management) and check company_id"
        }
        FailureKind::NotFound => "Check procore.company_id",
        FailureKind::Unavailable => "Check procore.api_url and login_url, and the network",
        _ => "Read Procore's words above",
    }
}

async fn timecard_access(office: &ProcoreOffice) -> Check {
    let name = "Timecard permission";
    match office.client.permissions().await {
        Err(error) => Check::warn(
            name,
            error.to_string(),
            "Give the app's user Admin on the company Timecard tool",
        ),
        Ok(permissions) => match permissions
            .tool("timecard")
            .and_then(|tool| tool.user_access_level.name.clone())
        {
            Some(Access::Admin) => Check::ok(name, "Admin on the company Timecard tool"),
            Some(level) => Check::fail(
                name,
                format!("only {level} on the company Timecard tool"),
                "Give the app's user Admin on it: Company Admin > Permissions",
            ),
            None => Check::fail(
                name,
                "the company Timecard tool is not there for the app's user",
                "Ask Procore to enable the tool, and give the app's user Admin on it",
            ),
        },
    }
}

fn start_stop(projects: &[ids::ProjectId]) -> Check {
    let name = "Time entry by project";
    if projects.is_empty() {
        return Check::ok(name, "every project takes total hours");
    }
    let list: Vec<String> = projects.iter().map(ToString::to_string).collect();
    Check::ok(name, format!("these projects take start and stop: {}", list.join(", ")))
}

async fn people(office: &ProcoreOffice) -> Check {
    let name = "Workers";
    let fix = "Company Directory > person > tick \"Is employee of\" and fill in the employee ID";
    match office.workers().await {
        Err(error) => Check::fail(
            name,
            error.to_string(),
            "Give the app's user Read Only on the company Directory",
        ),
        Ok(list) => {
            let workers: Vec<_> = list
                .rows
                .iter()
                .filter(|worker| worker.active && worker.is_employee)
                .collect();
            let numbered = workers.iter().filter(|worker| worker.number.is_some()).count();
            let saw = format!("{} active employees, {numbered} with a number", workers.len());
            match (workers.len(), numbered) {
                (0, _) => Check::fail(name, saw, fix),
                (all, numbered) if numbered < all => Check::warn(name, saw, fix),
                _ => Check::ok(name, saw),
            }
        }
    }
}

async fn projects(office: &ProcoreOffice) -> Check {
    let name = "Projects";
    match office.projects().await {
        Err(error) => Check::fail(
            name,
            error.to_string(),
            "Permit the projects to the app in App Management",
        ),
        Ok(list) => {
            let active = list.rows.iter().filter(|project| project.active).count();
            let saw = format!("{active} active of {}", list.rows.len());
            match active {
                0 => Check::fail(name, saw, "Permit the projects to the app in App Management"),
                _ => Check::ok(name, saw),
            }
        }
    }
}

async fn cost_codes(office: &ProcoreOffice) -> Check {
    let name = "Company cost codes";
    match office.company_cost_codes().await {
        Err(error) => Check::fail(
            name,
            error.to_string(),
            "Give the app's user Read Only on Company Admin",
        ),
        Ok(list) => match list.rows.iter().filter(|code| code.leaf).count() {
            0 => Check::fail(name, "none", "Company Admin > Work Breakdown Structure > Cost codes"),
            leaves => Check::ok(name, format!("{leaves} codes that take time")),
        },
    }
}
