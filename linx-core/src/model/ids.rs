//! Ids as types that cannot be mixed up, and references that name one entity of either side.

use std::fmt;
use std::str::FromStr;

use super::shared_text::SharedText;
use serde::{Deserialize, Serialize};

/// A text that is not the id or reference it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct IdError {
    /// The text as it was given.
    pub text: String,
    /// What it should have been, to follow "is not": `a Procore id (a whole number)`.
    pub expected: &'static str,
}

macro_rules! office_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self).map_err(|_| IdError { text: text.to_owned(), expected: "a Procore id (a whole number)" })
            }
        }
    )+};
}

office_id! {
    /// A person of the company directory; the `party_id` of timecards, not the user id (procore-api.md section 3.1).
    WorkerId,
    /// A project, unique in the company.
    ProjectId,
    /// A sub-job; unique in its project only (hazard C9).
    SubJobId,
    /// A company (standard) cost code. Never fits a timecard (procore-api.md trap 5).
    CompanyCodeId,
    /// A list of company cost codes.
    CodeListId,
    /// A project's own cost code, as timecards want it.
    ProjectCodeId,
    /// A task code of a project's work breakdown structure; it stands for cost code and cost type at once.
    WbsCodeId,
    /// A work classification, such as a trade on a certified payroll.
    ClassificationId,
    /// A timesheet: the folder of one project's day.
    TimesheetId,
    /// A cost type, such as labor.
    LineItemTypeId,
    /// A time type, such as overtime.
    TimeTypeId,
    /// A timecard entry.
    EntryId,
    /// A user of Procore's: who makes an entry, not whose time it is.
    UserId,
}

/// An id of ExakTime's, unique within its [`Kind`]; opaque text. Clones share it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub SharedText);

impl RecordId {
    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What ExakTime keeps of the office's entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An activity code. First, since places may name the codes they allow (hazard C12).
    CostCode,
    /// A place where people clock in.
    Location,
    /// A person who clocks in.
    Employee,
}

impl Kind {
    /// Every kind, in the order in which they are written (hazard C12).
    pub const IN_ORDER: [Self; 3] = [Self::CostCode, Self::Location, Self::Employee];

    /// Returns `cost_code`, `location` or `employee`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CostCode => "cost_code",
            Self::Location => "location",
            Self::Employee => "employee",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::IN_ORDER
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| IdError {
                text: text.to_owned(),
                expected: "employee, location or cost_code",
            })
    }
}

/// One entity of the office, with its scope (hazard C9). Written as `worker:12`, `project:3`, `sub-job:3/9`,
/// `cost-code:77`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficeRef {
    /// A worker.
    Worker(WorkerId),
    /// A project.
    Project(ProjectId),
    /// A sub-job of a project.
    SubJob(ProjectId, SubJobId),
    /// A company cost code.
    CostCode(CompanyCodeId),
}

impl OfficeRef {
    /// Returns the kind of the record that it becomes in ExakTime.
    pub fn kind(self) -> Kind {
        match self {
            Self::Worker(_) => Kind::Employee,
            Self::Project(_) | Self::SubJob(..) => Kind::Location,
            Self::CostCode(_) => Kind::CostCode,
        }
    }
}

impl fmt::Display for OfficeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worker(id) => write!(f, "worker:{id}"),
            Self::Project(id) => write!(f, "project:{id}"),
            Self::SubJob(project, id) => write!(f, "sub-job:{project}/{id}"),
            Self::CostCode(id) => write!(f, "cost-code:{id}"),
        }
    }
}

impl FromStr for OfficeRef {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError {
            text: text.to_owned(),
            expected: "a reference such as worker:12, project:3, sub-job:3/9 or cost-code:77",
        };
        let (what, id) = text.split_once(':').ok_or_else(error)?;
        let reference = match what {
            "worker" => Self::Worker(id.parse()?),
            "project" => Self::Project(id.parse()?),
            "cost-code" => Self::CostCode(id.parse()?),
            "sub-job" => {
                let (project, id) = id.split_once('/').ok_or_else(error)?;
                Self::SubJob(project.parse()?, id.parse()?)
            }
            _ => return Err(error()),
        };
        Ok(reference)
    }
}

impl Serialize for OfficeRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OfficeRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_survive_their_text() {
        for reference in [
            OfficeRef::Worker(WorkerId(562_949_953_430_001)),
            OfficeRef::Project(ProjectId(3)),
            OfficeRef::SubJob(ProjectId(3), SubJobId(9)),
            OfficeRef::CostCode(CompanyCodeId(77)),
        ] {
            assert_eq!(reference.to_string().parse(), Ok(reference));
        }
        assert!("worker:x".parse::<OfficeRef>().is_err());
        assert!("sub-job:3".parse::<OfficeRef>().is_err());
        assert!("crew:3".parse::<OfficeRef>().is_err());
    }
}
