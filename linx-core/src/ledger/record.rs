//! The records of the ledger, as plain data.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::change::{LineChange, LineKey, RecordChange};
use crate::model::{Attributes, Entry, EntryContent, EntryId, Kind, OfficeRef, RecordId};

/// The two companies that a ledger belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The Procore company, by host and id.
    pub office: String,
    /// The ExakTime account, by host.
    pub field: String,
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {}", self.office, self.field)
    }
}

/// Which way a run writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Procore → ExakTime.
    Sync,
    /// ExakTime → Procore.
    Export,
}

impl Direction {
    /// `sync` or `export`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Export => "export",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Two records that are the same thing, and the values on which both sides last agreed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Link {
    /// Procore's entity.
    pub office: OfficeRef,
    /// What it is in ExakTime.
    pub kind: Kind,
    /// ExakTime's record.
    #[serde(rename = "field")]
    pub record: RecordId,
    /// The base of the three-way merge.
    pub base: Attributes,
}

impl Link {
    /// The link of a record whose change is held: both sides agree on all but that. `None` for a record to be made.
    pub(crate) fn without(change: &RecordChange) -> Option<Self> {
        let mut base = change.base.clone();
        for attribute in &change.attributes {
            base.set(attribute.attribute, attribute.from.as_deref().unwrap_or_default());
        }
        Some(Self {
            office: change.office,
            kind: change.kind,
            record: change.record.clone()?,
            base,
        })
    }
}

/// A line that Linx wrote, and what it wrote last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLine {
    /// Its natural key.
    pub key: LineKey,
    /// Procore's entry.
    pub entry: EntryId,
    /// What was sent. `None` when the ledger was lost and the entry was edited since.
    pub sent: Option<EntryContent>,
    /// What Procore stored of it, where that differs (hazard A13): not a person's edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Box<EntryContent>>,
    /// Whose time in ExakTime it carries, where that is known: a worker may be linked to another employee later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<RecordId>,
    /// The day of the run that first did not find its time in ExakTime (hazard B13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_since: Option<NaiveDate>,
}

impl StoredLine {
    /// The line of a change that stands in an entry of which only the id is known to be ours: what the entry holds beyond
    /// that counts as edited when it differs from what was sent.
    pub(crate) fn sent(change: &LineChange, entry: EntryId) -> Self {
        Self {
            key: change.key.clone(),
            entry,
            sent: Some(change.content.clone()),
            answered: None,
            employee: change.carries.first().map(|carried| carried.employee.clone()),
            missing_since: None,
        }
    }

    /// The line of a change that Procore has just stored as `entry`: what differs from what was sent is Procore's own
    /// doing (hazard A13), and no person's edit.
    pub(crate) fn answered(change: &LineChange, entry: &Entry) -> Self {
        let differs = entry.content != change.content;
        Self {
            answered: differs.then(|| Box::new(entry.content.clone())),
            ..Self::sent(change, entry.id)
        }
    }

    /// Whether an entry still says what Procore made of our last write.
    pub fn is_untouched(&self, content: &EntryContent) -> bool {
        self.sent.as_ref() == Some(content) || self.answered.as_deref() == Some(content)
    }
}

/// The number of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(pub i64);

/// What a run is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStart {
    /// Which way.
    pub direction: Direction,
    /// When it began.
    pub at: DateTime<Utc>,
    /// The first and last day, for an export.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The digest of the plan it applies.
    pub plan: String,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    /// When.
    pub at: DateTime<Utc>,
    /// How many changes were written.
    pub written: usize,
    /// How many things are held.
    pub held: usize,
    /// How many changes failed.
    pub failed: usize,
}

/// A run as history tells it. A run without an end was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// What it was about.
    pub start: RunStart,
    /// How it ended.
    pub end: Option<RunEnd>,
}

/// One write, as it was intended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// To an employee, location or cost code.
    Record(RecordChange),
    /// To a timesheet line.
    Line(Box<LineChange>),
}

impl Write {
    /// Which way it goes.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Record(_) => Direction::Sync,
            Self::Line(_) => Direction::Export,
        }
    }
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is stored.
    Done(Effect),
    /// It was refused, in these words; nothing was stored.
    Refused(String),
    /// It may be stored (hazard A1). Stays open until the target was read.
    Unknown(String),
    /// The target was read later and did not have it.
    Absent,
    /// The next sync read the lists afresh, so that its plan speaks for it.
    Reread,
}

impl Outcome {
    /// Whether nothing has to be found out any more.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

/// What a stored write means for the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Two records are linked, and agree on these values.
    Linked(Link),
    /// A line stands in Procore.
    LineStored(Box<StoredLine>),
    /// A line is gone from Procore.
    LineRemoved(LineKey),
}

/// One write of a run, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Its number.
    pub id: IntentId,
    /// The run.
    pub run: RunId,
    /// What was to be written.
    pub write: Write,
    /// When it was about to be written.
    pub at: DateTime<Utc>,
    /// What came of it; `None` after a crash.
    pub outcome: Option<Outcome>,
}
