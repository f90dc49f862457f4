//! What a hold is about.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::NaiveDate;

use crate::change::LineKey;
use crate::model::{IdError, Kind, OfficeRef, ProjectId, RecordId, WorkerId};

/// What is held or left out. In JSON and in plans it is a kind and an id, both text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An entity of Procore's, under the kind that it becomes: a worker, project, sub-job or company cost code.
    Entity(OfficeRef),
    /// The directory of a project, whose people were to be chosen.
    Directory(ProjectId),
    /// A time record of ExakTime's, by its id.
    TimeRecord(String),
    /// A time record that came without an id, by whose and of which day it is.
    EmployeeDay(RecordId, NaiveDate),
    /// A timesheet line.
    Line(Box<LineKey>),
    /// A worker's work week, named by its first day.
    Week(WorkerId, NaiveDate),
    /// A work week of an ExakTime employee who counts as no worker, named by its first day.
    EmployeeWeek(RecordId, NaiveDate),
    /// A row of a list that could not be read; its id where that much was readable.
    Row(List, Option<String>),
    /// A list as a whole, of which some may not have been seen.
    List(List),
}

/// A list of one of the sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Procore's people.
    Workers,
    /// Procore's projects.
    Projects,
    /// The sub-jobs of a project.
    SubJobs,
    /// The company's cost codes.
    CostCodes,
    /// ExakTime's records of a kind.
    Records(Kind),
    /// ExakTime's time.
    TimeRecords,
    /// Procore's timecard entries.
    Entries,
    /// The cost codes of a project or sub-job.
    ProjectCodes,
    /// The task codes of a project.
    TaskCodes,
    /// Procore's work classifications.
    Classifications,
    /// Procore's time types.
    TimeTypes,
    /// The people of a project.
    Members,
    /// ExakTime's approvals.
    Approvals,
}

impl List {
    /// Procore's lists, with the word before the ids of their rows.
    const OF_THE_OFFICE: [(Self, &'static str); 9] = [
        (Self::Workers, "worker"),
        (Self::Projects, "project"),
        (Self::SubJobs, "sub-job"),
        (Self::CostCodes, "cost-code"),
        (Self::ProjectCodes, "project-code"),
        (Self::TaskCodes, "task-code"),
        (Self::Classifications, "classification"),
        (Self::TimeTypes, "time-type"),
        (Self::Members, "member"),
    ];

    const ALL: [Self; 15] = [
        Self::Workers,
        Self::Projects,
        Self::SubJobs,
        Self::CostCodes,
        Self::Records(Kind::Employee),
        Self::Records(Kind::Location),
        Self::Records(Kind::CostCode),
        Self::TimeRecords,
        Self::Entries,
        Self::ProjectCodes,
        Self::TaskCodes,
        Self::Classifications,
        Self::TimeTypes,
        Self::Members,
        Self::Approvals,
    ];

    /// The id of the whole list.
    fn id(self) -> &'static str {
        match self {
            Self::Workers => "list:procore:workers",
            Self::Projects => "list:procore:projects",
            Self::SubJobs => "list:procore:sub-jobs",
            Self::CostCodes => "list:procore:cost-codes",
            Self::Records(Kind::Employee) => "list:exaktime:employees",
            Self::Records(Kind::Location) => "list:exaktime:locations",
            Self::Records(Kind::CostCode) => "list:exaktime:cost-codes",
            Self::TimeRecords => "list:exaktime:time-records",
            Self::Entries => "list:procore:entries",
            Self::ProjectCodes => "list:procore:project-codes",
            Self::TaskCodes => "list:procore:task-codes",
            Self::Classifications => "list:procore:classifications",
            Self::TimeTypes => "list:procore:time-types",
            Self::Members => "list:procore:project-people",
            Self::Approvals => "list:exaktime:approvals",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Workers | Self::Members => Kind::Employee.as_str(),
            Self::Projects | Self::SubJobs => Kind::Location.as_str(),
            Self::CostCodes | Self::ProjectCodes | Self::TaskCodes | Self::Classifications | Self::TimeTypes => {
                Kind::CostCode.as_str()
            }
            Self::Records(kind) => kind.as_str(),
            Self::TimeRecords => "time_record",
            Self::Entries => "entry",
            Self::Approvals => "approval",
        }
    }
}

/// What stands before the id of an employee whose week it is.
const EMPLOYEE: &str = "employee:";

/// The id of a row whose id could not be read either.
const UNKNOWN: &str = "unknown";

impl Subject {
    /// What it is: `employee`, `location`, `cost_code`, `time_record`, `line`, `week`, `entry` or `approval`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Entity(office) => office.kind().as_str(),
            Self::Directory(_) => Kind::Employee.as_str(),
            Self::TimeRecord(_) | Self::EmployeeDay(..) => "time_record",
            Self::Line(_) => "line",
            Self::Week(..) | Self::EmployeeWeek(..) => "week",
            Self::Row(list, _) | Self::List(list) => list.kind(),
        }
    }

    /// Which one, as text: `worker:12`, `tr-7`, the key of a line, `worker:12 2026-03-02` or `employee:p-7 2026-03-02` for a
    /// week, `list:procore:workers` for a whole list.
    pub fn id(&self) -> Cow<'_, str> {
        match self {
            Self::Entity(office) => office.to_string().into(),
            Self::Directory(project) => OfficeRef::Project(*project).to_string().into(),
            Self::TimeRecord(id) => id.as_str().into(),
            Self::EmployeeDay(employee, date) => format!("{employee} on {date}").into(),
            Self::Line(key) => key.to_string().into(),
            Self::Week(worker, first) => format!("{} {first}", OfficeRef::Worker(*worker)).into(),
            Self::EmployeeWeek(employee, first) => format!("{EMPLOYEE}{employee} {first}").into(),
            Self::List(list) => list.id().into(),
            Self::Row(list, id) => {
                let id = id.as_deref().unwrap_or(UNKNOWN);
                match List::OF_THE_OFFICE.iter().find(|(known, _)| known == list) {
                    Some((_, word)) => format!("{word}:{id}").into(),
                    None => id.into(),
                }
            }
        }
    }

    /// Procore's entity, where it is one.
    pub fn entity(&self) -> Option<OfficeRef> {
        match self {
            Self::Entity(office) => Some(*office),
            _ => None,
        }
    }

    /// Reads what [`Subject::kind`] and [`Subject::id`] wrote.
    pub(super) fn read(kind: &str, id: &str) -> Result<Self, IdError> {
        let error = || IdError {
            text: format!("{kind} {id}"),
            expected: "a kind and an id of something held",
        };
        let row = |list: List, id: &str| Self::Row(list, Some(id.to_owned()).filter(|id| id != UNKNOWN));
        if let Some(list) = List::ALL
            .into_iter()
            .find(|list| list.kind() == kind && list.id() == id)
        {
            return Ok(Self::List(list));
        }
        match kind {
            "line" => Ok(Self::Line(Box::new(id.parse()?))),
            "week" => {
                let (whose, first) = id.rsplit_once(' ').ok_or_else(error)?;
                let first = first.parse().map_err(|_| error())?;
                if let Some(employee) = whose.strip_prefix(EMPLOYEE) {
                    return Ok(Self::EmployeeWeek(RecordId(employee.into()), first));
                }
                match whose.parse()? {
                    OfficeRef::Worker(worker) => Ok(Self::Week(worker, first)),
                    _ => Err(error()),
                }
            }
            "time_record" if id == UNKNOWN => Ok(row(List::TimeRecords, id)),
            "time_record" => {
                let day = id.rsplit_once(" on ");
                let day = day.and_then(|(employee, date)| Some((employee, date.parse().ok()?)));
                Ok(match day {
                    Some((employee, date)) => Self::EmployeeDay(RecordId(employee.into()), date),
                    None => Self::TimeRecord(id.to_owned()),
                })
            }
            "entry" => Ok(row(List::Entries, id)),
            "approval" => Ok(row(List::Approvals, id)),
            _ => {
                let kind: Kind = kind.parse()?;
                if let Ok(office) = id.parse::<OfficeRef>() {
                    return match office {
                        OfficeRef::Project(project) if kind == Kind::Employee => Ok(Self::Directory(project)),
                        office if office.kind() == kind => Ok(Self::Entity(office)),
                        _ => Err(error()),
                    };
                }
                let of_the_office = List::OF_THE_OFFICE.into_iter().find_map(|(list, word)| {
                    let id = id.strip_prefix(word)?.strip_prefix(':')?;
                    (list.kind() == kind.as_str()).then(|| row(list, id))
                });
                Ok(of_the_office.unwrap_or_else(|| row(List::Records(kind), id)))
            }
        }
    }
}

/// By kind and id, as a report lists them.
impl Ord for Subject {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind(), self.id()).cmp(&(other.kind(), other.id()))
    }
}

impl PartialOrd for Subject {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<OfficeRef> for Subject {
    fn from(office: OfficeRef) -> Self {
        Self::Entity(office)
    }
}

impl From<&LineKey> for Subject {
    fn from(key: &LineKey) -> Self {
        Self::Line(Box::new(key.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CompanyCodeId, SubJobId};

    #[test]
    fn a_subject_survives_its_kind_and_id() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let row = |list, id: Option<&str>| Subject::Row(list, id.map(str::to_owned));
        for subject in [
            OfficeRef::Worker(WorkerId(12)).into(),
            OfficeRef::Project(ProjectId(3)).into(),
            OfficeRef::SubJob(ProjectId(3), SubJobId(9)).into(),
            OfficeRef::CostCode(CompanyCodeId(77)).into(),
            Subject::Directory(ProjectId(3)),
            Subject::TimeRecord("tr-1".into()),
            Subject::EmployeeDay(RecordId("p-1".into()), day),
            (&"7:2026-03-02:316:-:03-300:REG".parse::<LineKey>().unwrap()).into(),
            Subject::Week(WorkerId(12), day),
            Subject::EmployeeWeek(RecordId("p 1".into()), day),
            row(List::Workers, None),
            row(List::Workers, Some("x")),
            row(List::SubJobs, None),
            row(List::CostCodes, Some("?")),
            row(List::Records(Kind::Location), Some("loc-1")),
            row(List::Records(Kind::Location), None),
            row(List::TimeRecords, None),
            row(List::Entries, Some("5")),
            row(List::ProjectCodes, Some("900")),
            row(List::Members, None),
            row(List::Approvals, Some("p-1")),
        ]
        .into_iter()
        .chain(List::ALL.map(Subject::List))
        {
            assert_eq!(Subject::read(subject.kind(), &subject.id()), Ok(subject.clone()));
        }
        for (kind, id) in [
            ("crew", "1"),
            ("line", "x"),
            ("week", "worker:1"),
            ("location", "worker:1"),
        ] {
            assert!(Subject::read(kind, id).is_err(), "{kind} {id}");
        }
    }
}
