//! What was read for an export, and what follows from it alone. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::deleted::Deleted;
use crate::digest::{digest, fingerprint};
use crate::hold::{Held, List, Reason, Refusal};
use crate::ledger::{Beside, JournalEntry, Link, Look, Pair, RunId, StoredLine};
use crate::model::{
    Approval, Attribute, Classification, CompanyCostCode, Entry, Kind, OfficeRef, Project, ProjectCostCode, ProjectId,
    Record, RecordId, Refresh, SubJob, SubJobId, TaskCode, TimeRecord, TimeSettings, TimeType, Worker, WorkerId,
};
use crate::ports::Snapshot;
use crate::settings::ExportSettings;

/// A project, or one of its sub-jobs: what the lists of codes are read for.
pub(super) type PlaceId = (ProjectId, Option<SubJobId>);

/// The place of a link, if it is one of a place.
pub(super) fn place_of(link: &Link) -> Option<PlaceId> {
    match link.office {
        OfficeRef::Project(project) => Some((project, None)),
        OfficeRef::SubJob(project, sub_job) => Some((project, Some(sub_job))),
        OfficeRef::Worker(_) | OfficeRef::CostCode(_) => None,
    }
}

/// What both sides and the ledger hold for the days of an export.
#[derive(Debug, Clone)]
pub struct ExportFacts {
    /// The companies that it was read of.
    pub pair: Pair,
    /// The digest of the file that the time comes from, if it does.
    pub file: Option<String>,
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
    pub project_codes: BTreeMap<PlaceId, Result<Snapshot<ProjectCostCode>, String>>,
    /// The task codes of each project that uses them, or why they could not be read.
    pub task_codes: BTreeMap<ProjectId, Result<Vec<TaskCode>, String>>,
    /// Work classifications; read only where some time has one or needs one.
    pub classifications: Vec<Classification>,
    /// What was not read of the lists of which only the rows are kept here (hazard A6).
    pub gaps: Vec<Held>,
    /// ExakTime's cost codes; read only where the settings name some for leave.
    pub codes: Vec<Record>,
    /// Who is in the directory of each project, where the company does not track everybody everywhere (hazard C15). A
    /// directory that could not be read is left out: Procore judges then.
    pub members: BTreeMap<ProjectId, BTreeSet<WorkerId>>,
    /// When it was read.
    pub now: DateTime<Utc>,
    /// The look at Procore's entries, as which it counts for writes without an answer (hazard A15).
    pub look: Look,
    /// The company's day (hazard D27): for how settled a day is, since when time is missing, and the year in which zones
    /// are compared.
    pub today: NaiveDate,
    /// What the source of the time held when it was read; `None` where it cannot tell or was not asked.
    pub refresh: Option<Refresh>,
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
    /// What was deleted of the days of lines that may be sent again.
    pub deleted: Deleted,
    /// What the journal has of lines whose mark stands in an entry that is no line of the ledger's: a ledger was lost
    /// (hazard B12), or the line stands twice (hazard B15). And of lines that are not as they were sent: one of our own requests
    /// may have arrived late (hazard A15).
    pub line_writes: Vec<JournalEntry>,
    /// The workers' days of which a person has said that time by other hands and the export's are both right (hazard D26).
    pub beside: BTreeMap<(WorkerId, NaiveDate), Beside>,
    /// The workers' weeks that differed from what was sent when they were looked at last, each by its first day.
    pub late_weeks: BTreeSet<(WorkerId, NaiveDate)>,
    /// The newest export run.
    pub last_run: Option<RunId>,
}

impl ExportFacts {
    /// A digest of all that may change between a plan and its use.
    pub(super) fn fingerprint(&self) -> String {
        let rows = [fingerprint(&self.records.rows), fingerprint(&self.entries.rows)];
        digest(&(rows, &self.last_run))
    }

    /// What was not read of any list: a person has to know of it, whatever it is a list of (hazards A6, A11).
    pub(super) fn unread(&self) -> Vec<Held> {
        let mut held = self.gaps.clone();
        held.extend(self.records.unread(List::TimeRecords));
        held.extend(self.employees.unread(List::Records(Kind::Employee)));
        held.extend(self.locations.unread(List::Records(Kind::Location)));
        held.extend(self.entries.unread(List::Entries));
        held.extend(self.workers.unread(List::Workers));
        held.extend(self.projects.unread(List::Projects));
        held.extend(self.cost_codes.unread(List::CostCodes));
        held
    }

    /// Why nothing may be written, if nothing may: time or people may be missing. Two people may carry one number unseen,
    /// and what is missing of a day may be the other half of a correction (hazards A6, C4).
    pub(super) fn may_lack_time_or_people(&self, settings: &ExportSettings) -> Option<Refusal> {
        let named = |list: &str, why: &String| Refusal::new(Reason::IncompleteList, format!("{list}: {why}"));
        // Who is the same person as who is found in this list, by number.
        let unseen = self.employees.doubt().filter(|_| !settings.same_person.is_empty());
        let employees = self.employees.incomplete.as_ref().or(unseen.as_ref());
        let records = self.records.incomplete.as_ref();
        records
            .map(|why| named("ExakTime's time records", why))
            .or_else(|| Some(named("ExakTime's employees", employees?)))
            .or_else(|| Some(named("Procore's workers", self.workers.incomplete.as_ref()?)))
    }

    /// What is worth knowing of work dates in the future: nothing is exported of them, and each may be a typing error.
    pub(super) fn days_to_come(&self) -> Option<String> {
        let ahead = self.refresh?.ahead?;
        Some(format!(
            "ExakTime has time of days to come, the newest of {ahead}: it says nothing of how fresh the data is; where a work date is mistyped, correct it there, since its hours are missing on the right day"
        ))
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
