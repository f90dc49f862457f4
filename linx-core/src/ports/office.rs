//! The office side: Procore.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};

use super::{Check, PortError, SentEntries, Snapshot};
use crate::model::{
    Classification, CompanyCostCode, Entry, EntryContent, EntryEndpoint, EntryId, Project, ProjectCostCode, ProjectId,
    SubJob, SubJobId, TaskCode, TimeSettings, TimeType, Timesheet, TimesheetId, Worker, WorkerId,
};

/// A timecard entry to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The values that are to stand in it.
    pub content: EntryContent,
    /// The text by which the entry is known again, unique among those that are sent together (hazard B10). It is stored
    /// with the entry and comes back as [`Entry::origin`].
    pub mark: String,
    /// A text that no other entry of the company has, and that both sends of one line in one run share: a company that
    /// keeps such ids refuses the second (hazards A15, B11). Sent where the company takes it; nothing rests on it.
    pub unique_id: Option<String>,
    /// The timesheet that the entry goes into. `None` makes an individual entry, outside of any timesheet.
    pub timesheet: Option<TimesheetId>,
}

/// The office side: Procore, where time is approved and paid.
///
/// A failed list is an error, never an empty list (hazard C16).
///
/// A minor version of this crate may add methods; each will have a default body that answers
/// [`FailureKind::Unsupported`](super::FailureKind::Unsupported), as those below that not every company needs.
///
/// # Errors
///
/// Every method fails with a [`PortError`] that says whether the call may have changed something. A failed read is
/// [`PortError::not_applied`].
#[async_trait]
pub trait Office: Send + Sync {
    /// Returns the people of the company directory, active and inactive.
    async fn workers(&self) -> Result<Snapshot<Worker>, PortError>;

    /// Returns the projects, active and inactive.
    async fn projects(&self) -> Result<Snapshot<Project>, PortError>;

    /// Returns the sub-jobs of one project; an empty list where the project has them switched off.
    async fn sub_jobs(&self, project: ProjectId) -> Result<Snapshot<SubJob>, PortError>;

    /// Returns who is in the directory of one project (hazard C15).
    ///
    /// Asked only where [`TimeSettings::employees_on_all_projects`] is false.
    async fn project_workers(&self, _project: ProjectId) -> Result<Snapshot<WorkerId>, PortError> {
        Err(PortError::unsupported("the people of a project"))
    }

    /// Returns the company's own cost codes.
    async fn company_cost_codes(&self) -> Result<Snapshot<CompanyCostCode>, PortError>;

    /// Returns the cost codes of one project, or of one of its sub-jobs.
    async fn project_cost_codes(
        &self,
        project: ProjectId,
        sub_job: Option<SubJobId>,
    ) -> Result<Snapshot<ProjectCostCode>, PortError>;

    /// Returns the task codes of a project; an empty list where the project does not use them.
    ///
    /// Asked only where [`TimeSettings::task_codes`] is true.
    async fn task_codes(&self, _project: ProjectId) -> Result<Snapshot<TaskCode>, PortError> {
        Err(PortError::unsupported("task codes"))
    }

    /// Returns the work classifications of the company and of its projects.
    ///
    /// Asked only where some time has a classification or needs one.
    async fn classifications(&self) -> Result<Snapshot<Classification>, PortError> {
        Err(PortError::unsupported("work classifications"))
    }

    /// Returns the time types, such as regular time and overtime.
    async fn time_types(&self) -> Result<Snapshot<TimeType>, PortError>;

    /// Returns the company's settings that bear on time.
    async fn time_settings(&self) -> Result<TimeSettings, PortError>;

    /// Returns the timecard entries of the days `from` to `to`, both included; of one worker, or of all.
    ///
    /// Entries arrive whole: [`SentEntries::complete`] does that to entries as the service lists them. Of one that comes
    /// without worker, project or date, whose worker was deleted for instance, they are taken as Linx wrote it; where it is
    /// not known to be ours, it is a row that could not be read (hazard A13).
    ///
    /// No proof may hang on a filter of the service's by worker, which an unknown spelling makes an empty list: whose an
    /// entry is is read from the entry.
    async fn entries(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        worker: Option<WorkerId>,
        sent: &SentEntries<'_>,
    ) -> Result<Snapshot<Entry>, PortError>;

    /// Returns the entries of the days `from` to `to`, both included, that somebody deleted in the days of `deleted`.
    ///
    /// Asked with each plan: an entry that is in no list may have been deleted (hazard B7), and a mark in one that this ledger never
    /// wrote is another ledger's (hazard B12). Where it is not supported, two lists have to lack an entry, and what is sent again
    /// is told.
    async fn deleted_entries(
        &self,
        _from: NaiveDate,
        _to: NaiveDate,
        _deleted: RangeInclusive<NaiveDate>,
    ) -> Result<Snapshot<Entry>, PortError> {
        Err(PortError::unsupported("deleted entries"))
    }

    /// Makes entries, pending, in one request, and returns each as it is stored.
    ///
    /// There are at most [`EntryEndpoint::most`] entries, and by [`EntryEndpoint::ProjectBulk`] all are of one project.
    /// The port itself never repeats the request (hazard A1). The answers are in the order of `entries`; `None` stands
    /// where the service's answer does not tell of the entry (hazard A10). Values that the answer never tells are taken as
    /// they were sent.
    ///
    /// # Errors
    ///
    /// An error is about all of the entries. An entry of which the endpoint would lose a value is refused.
    async fn create_entries(&self, by: EntryEndpoint, entries: &[NewEntry]) -> Result<Vec<Option<Entry>>, PortError>;

    /// Sets an entry's values and mark, and returns it as it is stored. May be repeated.
    ///
    /// The answer is joined and filled from `content`, as [`SentEntries::complete`] does it.
    async fn update_entry(&self, id: EntryId, content: &EntryContent, mark: &str) -> Result<Entry, PortError>;

    /// Deletes an entry. May be repeated.
    async fn delete_entry(&self, id: EntryId) -> Result<(), PortError>;

    /// Returns the timesheets of a project's day.
    ///
    /// Asked only where entries are to go into shared timesheets.
    async fn timesheets(&self, _project: ProjectId, _date: NaiveDate) -> Result<Snapshot<Timesheet>, PortError> {
        Err(PortError::unsupported("timesheets"))
    }

    /// Makes a timesheet for a project's day and returns its id.
    ///
    /// The port itself never repeats the request: a repeat would make a second timesheet (procore-api.md trap 15). Asked
    /// only where entries are to go into shared timesheets.
    async fn create_timesheet(&self, _project: ProjectId, _date: NaiveDate) -> Result<TimesheetId, PortError> {
        Err(PortError::unsupported("timesheets"))
    }

    /// Returns how far the service's clock is ahead of ours, as its last answer told (less than nothing where it is behind).
    /// Whether a request may still arrive is told by both clocks (hazard D27).
    ///
    /// Without a body of its own nothing is told, and ours alone counts.
    fn clock_difference(&self) -> Option<TimeDelta> {
        None
    }

    /// Checks every prerequisite on this side, by reading only. What fails is a check that says so, not an error.
    ///
    /// Without a body of its own there is nothing to check.
    async fn check(&self) -> Vec<Check> {
        Vec::new()
    }
}
