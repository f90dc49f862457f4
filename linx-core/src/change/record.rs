//! A change of an employee, a location or a cost code in ExakTime.

use serde::{Deserialize, Serialize};

use crate::model::{Attribute, Attributes, Kind, OfficeRef, RecordId};

/// What a change does to a record in ExakTime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordAction {
    /// Makes a new record.
    Create,
    /// Changes other values than whether it is active.
    Update,
    /// Makes a record active again, with its other values (hazard C3).
    Reactivate,
    /// Makes a record inactive. No record is ever deleted (exaktime-api.md section 5.2).
    Deactivate,
}

impl RecordAction {
    /// Returns `create`, `update`, `reactivate` or `deactivate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Reactivate => "reactivate",
            Self::Deactivate => "deactivate",
        }
    }
}

/// One attribute that a change gives another value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AttributeChange {
    /// The attribute; `field` in JSON.
    #[serde(rename = "field")]
    pub attribute: Attribute,
    /// The value that ExakTime has now; `None` where it has none.
    pub from: Option<String>,
    /// The value that it will have.
    pub to: Option<String>,
}

/// One employee, location or cost code to be written to ExakTime.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordChange {
    /// Whether it is an employee, a location or a cost code.
    pub kind: Kind,
    /// Whether it is created, updated, reactivated or deactivated.
    pub action: RecordAction,
    /// The employee number, location identifier or cost code that it has, or will have when it is new.
    pub identifier: String,
    /// The entity of Procore's that it stands for.
    pub office: OfficeRef,
    /// ExakTime's id of the record; `None` for one to be created.
    pub record: Option<RecordId>,
    /// The attributes that change, in the order of their names; `fields` in JSON.
    #[serde(rename = "fields")]
    pub attributes: Vec<AttributeChange>,
    /// Why, in one sentence.
    pub why: String,
    /// The values that both sides agree on once it is written: what the next sync compares both with, to tell who
    /// changed what (hazard B7).
    pub base: Attributes,
}

impl RecordChange {
    /// Whether it is about a part of a project, which has a place of its own.
    pub(crate) fn is_part(&self) -> bool {
        matches!(self.office, OfficeRef::SubJob(..))
    }
}
