//! What is noted of a line beside how it was sent. Almost no line has any notes: those of a line take the room of a pointer.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Deref, DerefMut};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::missing::Missing;
use super::unseen::Moment;
use crate::model::{CentiHours, EntryContent, RecordId, WorkerId};

/// What is known of an entry that is not in the list of its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// Somebody deleted it: Procore lists it as deleted, or, where it does not tell, two lists lacked it.
    Deleted,
    /// Procore does not list it as deleted: it stands on another day, or in a project that is not shown.
    Elsewhere,
    /// It was deleted, and what ExakTime has for it was left out for that: the office has decided.
    LeftOut,
    /// It was deleted, and ExakTime does not have its time any more either: time that comes again is new.
    Agreed,
}

impl Gone {
    /// Whether somebody deleted it.
    pub(crate) fn is_deleted(self) -> bool {
        self != Self::Elsewhere
    }

    /// Whether it is settled that it is gone: the office decided so, or both sides agree.
    pub(crate) fn is_settled(self) -> bool {
        matches!(self, Self::LeftOut | Self::Agreed)
    }
}

/// What is noted of a line that stands in Procore by our hand. As JSON these are fields of the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineNotes {
    /// What Procore stored of it, where that differs from what was sent (hazard A13): not a person's edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Box<EntryContent>>,
    /// When its time, or a part of it, was first not found in ExakTime, if it was not found last (hazard B13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// When a list of Procore that was read to its end first lacked its entry, if the last one did: one list may lack a row that
    /// is there (hazard A3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacked: Option<Moment>,
    /// What is known of its entry, while no list has it (hazards A3, B7). `None` where it is listed, or nothing is known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
    /// Days on which the same person gained hours that were held, since this line had as many more than ExakTime: its time may be
    /// there, whoever has it by now (hazard D19).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub may_be_on: BTreeSet<NaiveDate>,
    /// Other workers who gained hours that were held since this line had as many more than ExakTime: its time may be theirs,
    /// on whatever day by now (hazard D19).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub may_be_of: BTreeSet<WorkerId>,
    /// Employees who counted as nobody and had as many hours, or hours of the same place and code, on one of its days: its time may
    /// be theirs, as whomever they count by now (hazards C17, D19).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub may_be_of_employees: BTreeSet<RecordId>,
    /// How many of the hours that the office deleted or took off were held on another place or code of the line's day, so that
    /// somebody was told: so many may be written there (hazard D19).
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub told: CentiHours,
    /// Whether a report asked somebody to delete its entry or to set it to another worker, since none of its employees counts as its
    /// worker any more: that it is gone then is no decision of the office's (hazard C17).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked: bool,
}

impl LineNotes {
    const NONE: Self = Self {
        answered: None,
        missing: None,
        lacked: None,
        gone: None,
        may_be_on: BTreeSet::new(),
        may_be_of: BTreeSet::new(),
        may_be_of_employees: BTreeSet::new(),
        told: CentiHours::from_hundredths(0),
        asked: false,
    };
}

impl Default for LineNotes {
    fn default() -> Self {
        Self::NONE
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_nothing(hours: &CentiHours) -> bool {
    *hours == CentiHours::default()
}

/// The notes of one line. Reads and changes like [`LineNotes`]; without any it holds no memory of its own.
#[derive(Clone, Default)]
pub struct Notes(Option<Box<LineNotes>>);

impl Notes {
    /// Returns whether nothing is noted.
    pub fn is_empty(&self) -> bool {
        self.0.as_deref().is_none_or(|notes| *notes == LineNotes::NONE)
    }
}

impl From<LineNotes> for Notes {
    fn from(notes: LineNotes) -> Self {
        Self((notes != LineNotes::NONE).then(|| Box::new(notes)))
    }
}

impl Deref for Notes {
    type Target = LineNotes;

    fn deref(&self) -> &LineNotes {
        static NONE: LineNotes = LineNotes::NONE;
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Notes {
    fn deref_mut(&mut self) -> &mut LineNotes {
        self.0.get_or_insert_default()
    }
}

/// Notes that say nothing are none.
impl PartialEq for Notes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Notes {}

impl Serialize for Notes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Notes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        LineNotes::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
