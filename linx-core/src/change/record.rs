//! A change of an employee, a location or a cost code in ExakTime.

use serde::{Deserialize, Serialize};

use crate::model::{Attribute, Attributes, Kind, OfficeRef, RecordId};

/// What a change does to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordAction {
    /// Makes it.
    Create,
    /// Changes values.
    Update,
    /// Makes it active again (hazard C3).
    Reactivate,
    /// Makes it inactive; nothing is ever deleted (exaktime-api.md section 5.2).
    Deactivate,
}

impl RecordAction {
    /// `create`, `update`, `reactivate` or `deactivate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Reactivate => "reactivate",
            Self::Deactivate => "deactivate",
        }
    }
}

/// One value of a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AttributeChange {
    /// Which value.
    #[serde(rename = "field")]
    pub attribute: Attribute,
    /// What ExakTime has now.
    pub from: Option<String>,
    /// What it will have.
    pub to: Option<String>,
}

/// One record to be written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordChange {
    /// What it is.
    pub kind: Kind,
    /// What happens to it.
    pub action: RecordAction,
    /// Its number or code.
    pub identifier: String,
    /// Procore's entity.
    pub office: OfficeRef,
    /// ExakTime's record; `None` for one to be made.
    pub record: Option<RecordId>,
    /// The values that change.
    #[serde(rename = "fields")]
    pub attributes: Vec<AttributeChange>,
    /// Why, in one sentence.
    pub why: String,
    /// What both sides will agree on once it is written.
    pub base: Attributes,
}

impl RecordChange {
    /// Whether it is about a part of a project, which has a place of its own.
    pub(crate) fn is_part(&self) -> bool {
        matches!(self.office, OfficeRef::SubJob(..))
    }
}
