//! Entries as Procore tells them, by any of its answers.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use procore_client::bulk::{BulkOutcome, StoredEntry};
use procore_client::timecards::{self, TimecardEntry};
use procore_client::timesheets::WrittenEntry;
use procore_client::wire::ClockTime;

use crate::adapters::http::port_error;
use crate::ledger::recover;
use crate::model::{
    ApprovalStatus, CentiHours, ClassificationId, Coding, Entry, EntryContent, EntryId, LineItemTypeId, Pool,
    ProjectCodeId, ProjectId, Span, SubJobId, TimeTypeId, UserId, WbsCodeId, WorkerId, entry_parts,
};
use crate::ports::{FailureKind, PortError};

/// An entry before it is known to be whole. Each of Procore's three forms of answer becomes this, and this becomes an
/// entry.
pub(super) struct EntryAnswer {
    id: EntryId,
    worker: Option<WorkerId>,
    date: Option<NaiveDate>,
    /// What it is booked to; `None` where the project is not told.
    coding: Option<Coding>,
    hours: Option<String>,
    span: Option<Box<Span>>,
    description: Option<String>,
    billable: Option<bool>,
    status: Option<timecards::ApprovalStatus>,
    signed: bool,
    origin: Option<String>,
    author: Option<UserId>,
    created: Option<DateTime<Utc>>,
    updated: Option<DateTime<Utc>>,
    parts: Vec<EntryId>,
}

impl EntryAnswer {
    /// Returns the entry, unless it lacks the worker, project or date that every entry of ours has.
    pub(super) fn entry(self, codings: &mut Pool<Arc<Coding>>) -> Option<Entry> {
        Some(Entry {
            id: self.id,
            content: EntryContent {
                worker: self.worker?,
                date: self.date?,
                coding: codings.share(Arc::new(self.coding?)),
                hours: self.hours.and_then(|text| text.parse().ok()).unwrap_or_default(),
                span: self.span,
                description: self.description.filter(|text| !text.trim().is_empty()).map(Into::into),
                billable: self.billable.unwrap_or(false),
            },
            status: self.status.map_or(ApprovalStatus::Pending, status),
            signed: self.signed,
            origin: self.origin.map(Into::into),
            author: self.author,
            created: self.created,
            updated: self.updated,
            parts: self.parts,
        })
    }

    /// Takes the worker, date and project that the answer leaves out as Linx wrote them, by what was sent or else by the
    /// mark: of a worker who was deleted in Procore the entries stand, and tell nobody.
    pub(super) fn known_as(mut self, sent: Option<&EntryContent>) -> Self {
        if self.worker.is_some() && self.date.is_some() && self.coding.is_some() {
            return self;
        }
        let key = self.origin.as_deref().and_then(recover::marked_key);
        let key = key.as_ref();
        let worker = sent.map(|sent| sent.worker).or(key.map(|key| key.worker));
        let date = sent.map(|sent| sent.date).or(key.map(|key| key.date));
        let coding = sent.map(|sent| (*sent.coding).clone()).or_else(|| {
            key.map(|key| Coding {
                sub_job: key.sub_job,
                ..Coding::of(key.project)
            })
        });
        self.worker = self.worker.or(worker);
        self.date = self.date.or(date);
        self.coding = self.coding.or(coding);
        self
    }

    /// Returns whether its hours have a form that is not understood. Read as no hours they would look like an edit by the
    /// office.
    pub(super) fn has_unreadable_hours(&self) -> bool {
        self.hours
            .as_ref()
            .is_some_and(|text| text.parse::<CentiHours>().is_err())
    }

    /// Converts an entry of the company's bulk answer. What that answer never has is taken as it was sent.
    pub(super) fn written(entry: WrittenEntry, sent: &EntryContent) -> Self {
        Self {
            id: EntryId(entry.id.get()),
            worker: entry.party.map(|party| WorkerId(party.id.get())),
            date: entry.date,
            coding: Some(Coding {
                cost_code: entry.cost_code.map(|code| ProjectCodeId(code.id.get())),
                line_item_type: entry.line_item_type_id.map(|id| LineItemTypeId(id.get())),
                time_type: entry.timecard_time_type.map(|kind| TimeTypeId(kind.id.get())),
                ..(*sent.coding).clone()
            }),
            hours: entry.hours,
            span: sent.span.clone(),
            description: entry.description,
            billable: entry.billable,
            status: None,
            signed: false,
            origin: entry.origin_data,
            author: None,
            created: None,
            updated: None,
            parts: Vec::new(),
        }
    }
}

/// The form of the lists, and of the answers to single entries.
impl From<TimecardEntry> for EntryAnswer {
    fn from(entry: TimecardEntry) -> Self {
        let signed = entry.is_signed();
        let parts = entry.automatically_split_timecard_entries.iter();
        let parts = parts.map(|part| EntryId(part.id.get())).collect();
        let coding = entry.project.map(|project| Coding {
            project: ProjectId(project.id.get()),
            sub_job: entry.sub_job.map(|sub_job| SubJobId(sub_job.id.get())),
            cost_code: entry.cost_code.map(|code| ProjectCodeId(code.id.get())),
            line_item_type: entry.line_item_type_id.map(|id| LineItemTypeId(id.get())),
            wbs_code: entry.wbs_code_id.map(|id| WbsCodeId(id.get())),
            classification: entry.work_classification_id.map(|id| ClassificationId(id.get())),
            time_type: entry.timecard_time_type.map(|kind| TimeTypeId(kind.id.get())),
        });
        Self {
            id: EntryId(entry.id.get()),
            worker: entry.party.map(|party| WorkerId(party.id.get())),
            date: entry.date,
            coding,
            hours: entry.hours,
            span: span(entry.time_in, entry.time_out, entry.lunch_time.as_deref()),
            description: entry.description,
            billable: entry.billable,
            status: entry.approval_status,
            signed,
            origin: entry.origin_data,
            author: entry.created_by.map(|user| UserId(user.id.get())),
            created: entry.created_at,
            updated: entry.updated_at,
            parts,
        }
    }
}

/// The form of the project's bulk answer.
impl From<StoredEntry> for EntryAnswer {
    fn from(entry: StoredEntry) -> Self {
        let coding = entry.project_id.map(|project| Coding {
            project: ProjectId(project.get()),
            sub_job: entry.sub_job_id.map(|id| SubJobId(id.get())),
            cost_code: entry.cost_code_id.map(|id| ProjectCodeId(id.get())),
            line_item_type: entry.line_item_type_id.map(|id| LineItemTypeId(id.get())),
            wbs_code: entry.wbs_code_id.map(|id| WbsCodeId(id.get())),
            classification: entry.work_classification_id.map(|id| ClassificationId(id.get())),
            time_type: entry.timecard_time_type_id.map(|id| TimeTypeId(id.get())),
        });
        Self {
            id: EntryId(entry.id.get()),
            worker: entry.party_id.map(|id| WorkerId(id.get())),
            date: entry.date,
            coding,
            hours: entry.hours,
            span: span(entry.time_in, entry.time_out, entry.lunch_time.as_deref()),
            description: entry.description,
            billable: entry.billable,
            status: entry.approval_status,
            signed: false,
            origin: entry.origin_data,
            author: None,
            created: None,
            updated: None,
            parts: Vec::new(),
        }
    }
}

/// Returns what a bulk answer has of an entry, joined where overtime rules split it (hazard D16).
pub(super) fn stored<E>(outcome: BulkOutcome<E>, told: impl Fn(E) -> EntryAnswer) -> Option<Entry> {
    match outcome {
        BulkOutcome::Stored(rows) => {
            let mut codings = Pool::default();
            let entries = rows.into_iter().map(|row| told(row).entry(&mut codings));
            entry_parts::whole(entries.collect::<Option<_>>()?)
        }
        BulkOutcome::Unknown => None,
    }
}

/// Converts the answer to a write, with the parts that overtime rules split off (hazard D16). One without worker,
/// project or date is stored, and not as it was sent (hazard A13).
pub(super) fn answered(answer: Result<TimecardEntry, linx_http::Error>) -> Result<Entry, PortError> {
    let mut entry = answer.map_err(port_error)?;
    let id = entry.id;
    let parts = std::mem::take(&mut entry.automatically_split_timecard_entries);
    let mut codings = Pool::default();
    let all = std::iter::once(entry).chain(parts);
    let entries: Option<Vec<Entry>> = all.map(|entry| EntryAnswer::from(entry).entry(&mut codings)).collect();
    entries.and_then(entry_parts::whole).ok_or_else(|| {
        PortError::unknown(
            FailureKind::Unreadable,
            format!("entry {id} came back without worker, project or date"),
        )
    })
}

/// Returns start and stop, where the answer has both (procore-api.md trap 22).
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
