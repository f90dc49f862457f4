//! What the core asks of the outside: the office, the field, the clock and an observer. The ledger's port is in
//! [`crate::ledger`].

use std::error::Error as StdError;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::model::{
    Approval, Attribute, Attributes, Classification, CompanyCostCode, Entry, EntryContent, EntryEndpoint, EntryId,
    Kind, Project, ProjectCostCode, ProjectId, Record, RecordId, SubJob, SubJobId, TaskCode, TimeRecord, TimeSettings,
    TimeType, Timesheet, TimesheetId, Worker, WorkerId,
};

/// What is known about a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was refused, or never left: nothing was written.
    NotApplied,
    /// It may have been applied (hazard A1): the target is read before anything is sent again.
    Unknown,
}

/// What kind of failure it was, as far as it changes what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The service could not be reached or was not able: later may do.
    Unavailable,
    /// The credential was refused.
    Unauthorized,
    /// A permission is missing, a tool is off, or the company is not connected.
    Forbidden,
    /// It is not there, or not visible.
    NotFound,
    /// The service refused this very request.
    Refused,
    /// The service answered in a form nobody knew.
    Unreadable,
}

/// A failed call of a port. `Display` is one line with ids and the service's words, and no secret (hazard A14).
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct PortError {
    /// What kind of failure.
    pub kind: FailureKind,
    /// Whether it may have been applied.
    pub fate: Fate,
    /// One line for a person.
    pub message: String,
    /// The cause beneath.
    #[source]
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl PortError {
    /// A failure that surely changed nothing.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            fate: Fate::NotApplied,
            message: message.into(),
            source: None,
        }
    }

    /// Whether it says something about the one project or place that was asked for, and nothing about the others
    /// (hazard C16).
    pub fn is_about_one_place(&self) -> bool {
        use FailureKind::{Forbidden, NotFound, Refused, Unreadable};
        matches!(self.kind, Forbidden | NotFound | Refused | Unreadable)
    }
}

/// A list as it was read.
#[derive(Debug, Clone)]
pub struct Snapshot<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Rows that could not be read: id where known, and which field was wrong.
    pub unreadable: Vec<(Option<String>, String)>,
    /// Why rows may be missing, if they may.
    pub incomplete: Option<String>,
}

impl<T> Snapshot<T> {
    /// Every row of a list that was read completely.
    pub fn complete(rows: Vec<T>) -> Self {
        Self {
            rows,
            unreadable: Vec::new(),
            incomplete: None,
        }
    }

    /// Whether absence from it means something (hazards A3, B4).
    pub fn proves_absence(&self) -> bool {
        self.incomplete.is_none() && self.unreadable.is_empty()
    }

    /// Takes in another list of the same rows.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self.unreadable.extend(other.unreadable);
        self.incomplete = self.incomplete.or(other.incomplete);
        self
    }
}

/// How one prerequisite stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and something is worth knowing.
    Warn,
    /// It has to be mended before a sync or export can work.
    Fail,
}

/// One checked prerequisite (behaviour.md section 3).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// How it stands.
    pub verdict: Verdict,
    /// What was seen.
    pub saw: String,
    /// What to do; empty when there is nothing.
    pub fix: String,
}

impl Check {
    /// A prerequisite that is met.
    pub fn ok(name: &str, saw: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            verdict: Verdict::Ok,
            saw: saw.into(),
            fix: String::new(),
        }
    }

    /// One that is met in a way worth knowing.
    pub fn warn(name: &str, saw: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            verdict: Verdict::Warn,
            saw: saw.into(),
            fix: fix.into(),
        }
    }

    /// One that is not met.
    pub fn fail(name: &str, saw: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            verdict: Verdict::Fail,
            saw: saw.into(),
            fix: fix.into(),
        }
    }
}

/// An entry to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Its values.
    pub content: EntryContent,
    /// The text by which it is known again, unique among those that are sent together (hazard B10).
    pub mark: String,
    /// The timesheet to lay it in; an individual entry without.
    pub timesheet: Option<TimesheetId>,
}

/// The office side: Procore. A failed list is an error, never an empty list (hazard C16).
#[async_trait]
pub trait Office: Send + Sync {
    /// People of the company directory, active and inactive.
    async fn workers(&self) -> Result<Snapshot<Worker>, PortError>;

    /// Projects, active and inactive.
    async fn projects(&self) -> Result<Snapshot<Project>, PortError>;

    /// Sub-jobs of one project; none where they are switched off.
    async fn sub_jobs(&self, project: ProjectId) -> Result<Snapshot<SubJob>, PortError>;

    /// The people of one project's directory (hazard C15).
    async fn project_workers(&self, project: ProjectId) -> Result<Snapshot<WorkerId>, PortError>;

    /// The company's own cost codes.
    async fn company_cost_codes(&self) -> Result<Snapshot<CompanyCostCode>, PortError>;

    /// The cost codes of one project, or of one of its sub-jobs.
    async fn project_cost_codes(
        &self,
        project: ProjectId,
        sub_job: Option<SubJobId>,
    ) -> Result<Snapshot<ProjectCostCode>, PortError>;

    /// The task codes of a project; of use where [`TimeSettings::task_codes`] says so.
    async fn task_codes(&self, project: ProjectId) -> Result<Snapshot<TaskCode>, PortError>;

    /// The work classifications of the company and of its projects.
    async fn classifications(&self) -> Result<Snapshot<Classification>, PortError>;

    /// The time types.
    async fn time_types(&self) -> Result<Vec<TimeType>, PortError>;

    /// The settings that bear on time.
    async fn time_settings(&self) -> Result<TimeSettings, PortError>;

    /// Timecard entries of the days `from` to `to`, both included; of one worker, or of all. Entries without a
    /// worker, project or date cannot be ours and are not told.
    async fn entries(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        worker: Option<WorkerId>,
    ) -> Result<Snapshot<Entry>, PortError>;

    /// Makes entries, pending, in one request; at most [`EntryEndpoint::most`], and of one project by
    /// [`EntryEndpoint::ProjectBulk`]. Never repeated by the port itself (hazard A1).
    ///
    /// Gives each as it is stored, in their order; `None` where the answer does not tell of it (hazard A10). Values that
    /// the answer leaves out are taken as they were sent. An error is about all of them. An entry of which the endpoint
    /// would lose something is refused.
    async fn create_entries(&self, by: EntryEndpoint, entries: &[NewEntry]) -> Result<Vec<Option<Entry>>, PortError>;

    /// Sets an entry's values and mark. May be repeated.
    async fn update_entry(&self, id: EntryId, content: &EntryContent, origin: &str) -> Result<Entry, PortError>;

    /// Deletes an entry. May be repeated.
    async fn delete_entry(&self, id: EntryId) -> Result<(), PortError>;

    /// The timesheets of a project's day.
    async fn timesheets(&self, project: ProjectId, date: NaiveDate) -> Result<Snapshot<Timesheet>, PortError>;

    /// Makes a timesheet for a project's day. Never repeated by the port itself: a repeat makes a second one
    /// (procore-api.md trap 15).
    async fn create_timesheet(&self, project: ProjectId, date: NaiveDate) -> Result<TimesheetId, PortError>;

    /// Checks every prerequisite on this side; reads only. Failures are checks, not errors.
    async fn check(&self) -> Vec<Check>;
}

/// One value to be set in a field-side record. `None` takes the value away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeWrite {
    /// Which value.
    pub attribute: Attribute,
    /// The new value.
    pub to: Option<String>,
}

/// The field side: ExakTime. Time is read only: there is no way to write it (exaktime-api.md section 1).
#[async_trait]
pub trait Field: Send + Sync {
    /// Every record of a kind.
    async fn records(&self, kind: Kind) -> Result<Snapshot<Record>, PortError>;

    /// Makes a record. A person found without employment after a cut is completed, not made again.
    async fn create(&self, kind: Kind, attributes: &Attributes) -> Result<RecordId, PortError>;

    /// Sets some values of a record and keeps all others, also those that Linx does not know. May be repeated.
    async fn update(&self, kind: Kind, id: &RecordId, writes: &[AttributeWrite]) -> Result<(), PortError>;

    /// Time records of the work dates `from` to `to`, both included, of active and inactive employees (hazard C6).
    async fn time_records(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<TimeRecord>, PortError>;

    /// The newest work date with time, by which the age of the data is judged (hazard B13).
    async fn newest_time(&self) -> Result<Option<NaiveDate>, PortError>;

    /// Approvals of the work dates `from` to `to`, both included.
    async fn approvals(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<Approval>, PortError>;

    /// Checks every prerequisite on this side; reads only. Failures are checks, not errors.
    async fn check(&self) -> Vec<Check>;
}

/// Tells the time, for the journal.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Something is being read.
    Reading(&'a str),
    /// So many of so many changes are written.
    Writing {
        /// Written, refused or held so far.
        done: usize,
        /// In the plan.
        of: usize,
    },
}

/// Is told how far a run has come. Must return at once.
pub trait Observer: Send + Sync {
    /// Called as the run goes on.
    fn progress(&self, progress: Progress<'_>);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn progress(&self, _: Progress<'_>) {}
}
