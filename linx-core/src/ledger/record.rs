//! The records of the ledger, as plain data. Their serde form is the stored form: a released ledger holds it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use super::notes::{LineNotes, Notes};
use super::unseen::Unseen;
use crate::change::{LineChange, LineKey, RecordChange};
use crate::model::{Attributes, CentiHours, Entry, EntryContent, EntryId, Kind, OfficeRef, RecordId};

/// The two companies that a ledger belongs to. Their texts are compared byte by byte; the program decides their form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The Procore company, by host and id, such as `api.procore.com company 4711`.
    pub office: String,
    /// The ExakTime account, by host, such as `api.arcoro.com`.
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
    /// Returns `sync` or `export`, which is also how the ledger stores it.
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

/// An entity of Procore and a record of ExakTime that are the same person, place or code, with the values on which both
/// sides last agreed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Link {
    /// The entity in Procore; each has one link at most.
    pub office: OfficeRef,
    /// Which of ExakTime's lists has the record.
    pub kind: Kind,
    /// The record in ExakTime. Stored as `field`.
    #[serde(rename = "field")]
    pub record: RecordId,
    /// The base of the three-way merge: a value that one side has otherwise was changed on that side.
    pub base: Attributes,
}

impl Link {
    /// Returns the link of a change that is stored in `record`.
    pub(crate) fn after(change: &RecordChange, record: RecordId) -> Self {
        Self {
            office: change.office,
            kind: change.kind,
            record,
            base: change.base.clone(),
        }
    }

    /// Returns the link of a record whose change is held: both sides agree on all but what the change would set. `None` for
    /// a record that is yet to be made.
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

/// How the ledger came by a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// A run wrote it.
    #[default]
    Written,
    /// It is another hand's entry that was equal to the line and was taken for it, unchanged (hazard D26).
    Adopted,
    /// It was found by its mark, and no run of this ledger had written it (hazard B10).
    Recovered,
    /// Its entry is a person's: it had been deleted, by Linx or in the office, and was put back; or it is a copy that somebody made, mark
    /// and all (hazard B7).
    Restored,
}

impl Provenance {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
    fn is_written(&self) -> bool {
        *self == Self::Written
    }
}

/// A line that stands in Procore by our hand, and what was written last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLine {
    /// The natural key, under which the ledger holds one line at most.
    pub key: LineKey,
    /// The entry in which it stands.
    pub entry: EntryId,
    /// What was sent. `None` when the ledger was lost and the entry was edited since.
    pub sent: Option<EntryContent>,
    /// Whose time in ExakTime it carries: a worker may be linked to another employee later (hazard C17). Several
    /// employees of one person share a line. Empty where that is not known. Lines of the same people share it.
    #[serde(
        default,
        alias = "employee",
        deserialize_with = "one_or_more",
        skip_serializing_if = "is_nobody"
    )]
    pub employees: Arc<BTreeSet<RecordId>>,
    /// Of how many stretches of work it was when it was sent: one of which fewer are found may be half-read (hazard B13).
    /// `None` where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stretches: Option<u32>,
    /// How the ledger came by it.
    #[serde(default, skip_serializing_if = "Provenance::is_written")]
    pub provenance: Provenance,
    /// What is noted of it since.
    #[serde(flatten)]
    pub notes: Notes,
}

impl StoredLine {
    /// Makes a line of which nothing is known but its entry.
    pub fn of(key: LineKey, entry: EntryId) -> Self {
        Self {
            key,
            entry,
            sent: None,
            employees: Arc::default(),
            stretches: None,
            provenance: Provenance::Written,
            notes: Notes::default(),
        }
    }

    /// Returns the line of a change of whose entry only the id is known. An entry that holds other values than were sent
    /// then counts as edited by a person.
    pub(crate) fn sent(change: &LineChange, entry: EntryId) -> Self {
        let employees: BTreeSet<RecordId> = change.carries.iter().map(|carried| carried.employee.clone()).collect();
        Self {
            sent: Some(change.content.clone()),
            employees: employees.into(),
            stretches: Some(change.carries.iter().map(|carried| carried.stretches).sum()).filter(|count| *count > 0),
            ..Self::of(change.key.clone(), entry)
        }
    }

    /// Returns the line of a change that Procore has just stored as `entry`. What differs from what was sent is Procore's
    /// own doing (hazard A13), and no person's edit.
    pub(crate) fn answered(change: &LineChange, entry: &Entry) -> Self {
        let differs = entry.content != change.content;
        let notes = LineNotes {
            answered: differs.then(|| Box::new(entry.content.clone())),
            ..LineNotes::default()
        };
        Self {
            notes: notes.into(),
            ..Self::sent(change, entry.id)
        }
    }

    /// Returns whether its time may be elsewhere, as what was held tells.
    pub(crate) fn may_be_elsewhere(&self) -> bool {
        let noted = !self.notes.may_be_on.is_empty()
            || !self.notes.may_be_of.is_empty()
            || !self.notes.may_be_of_employees.is_empty();
        noted || self.notes.told != CentiHours::default()
    }

    /// Notes that its time is its own: what was held elsewhere was not that.
    pub(crate) fn found_again(&mut self) {
        self.notes.may_be_on.clear();
        self.notes.may_be_of.clear();
        self.notes.may_be_of_employees.clear();
        self.notes.told = CentiHours::default();
    }

    /// Returns how many of an entry's hours are ours: what the office made more of it is its own. Where it is not known what was
    /// sent, they all are.
    pub(crate) fn ours_of(&self, stands: CentiHours) -> CentiHours {
        self.sent.as_ref().map_or(stands, |sent| sent.hours.min(stands))
    }

    /// Returns whether `content` is what was sent last, or what Procore made of it; otherwise a person has edited it.
    pub fn is_untouched(&self, content: &EntryContent) -> bool {
        self.sent.as_ref() == Some(content) || self.notes.answered.as_deref() == Some(content)
    }
}

fn is_nobody(employees: &BTreeSet<RecordId>) -> bool {
    employees.is_empty()
}

/// Reads the employees of a line: a list, or the one alone that older ledgers hold.
fn one_or_more<'de, D: Deserializer<'de>>(stored: D) -> Result<Arc<BTreeSet<RecordId>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        One(RecordId),
        All(BTreeSet<RecordId>),
    }
    Ok(match Stored::deserialize(stored)? {
        Stored::One(employee) => BTreeSet::from([employee]).into(),
        Stored::All(employees) => employees.into(),
    })
}

/// The number of a run. A later run has a greater one, in either direction; none is used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of an intent. A later intent has a greater one, over all runs; none is used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(pub i64);

/// What is known of a run when it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStart {
    /// Which side it writes to.
    pub direction: Direction,
    /// When it began, by the clock of the machine that ran it.
    pub at: DateTime<Utc>,
    /// The first and the last day that an export was asked for; `None` for a sync.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The digest of the plan that it applies; `links` for a change of links by a person, `beside` for a word on a worker's day.
    pub plan: String,
}

/// How a run ended that reached its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    /// When it ended, by the clock of the machine that ran it.
    pub at: DateTime<Utc>,
    /// How many changes the target has stored.
    pub written: usize,
    /// How many things wait for a person, the failed changes among them.
    pub held: usize,
    /// How many changes were refused, or have an outcome that is still unknown.
    pub failed: usize,
}

/// A run as the history shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The number by which its journal is found.
    pub id: RunId,
    /// What was known of it when it began.
    pub start: RunStart,
    /// How it ended; `None` for a run that was cut off, or is still at work.
    pub end: Option<RunEnd>,
}

/// One write, as it was intended before it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// A change of an employee, location or cost code in ExakTime.
    Record(RecordChange),
    /// A change of a timesheet line in Procore.
    Line(Box<LineChange>),
}

impl Write {
    /// Returns the direction of the runs that make such writes.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Record(_) => Direction::Sync,
            Self::Line(_) => Direction::Export,
        }
    }
}

/// What is known of a write after it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is stored, and the ledger follows with this effect.
    Done(Effect),
    /// It was refused with these words, and nothing was stored.
    Refused(String),
    /// It may be stored (hazard A1); the words say what was seen. The intent stays open until the target was read.
    Unknown(String),
    /// The target was read after the write and did not show it, which proves nothing yet (hazard A15). The intent stays open
    /// until it is seen, or another look misses it as well.
    Unseen(Unseen),
    /// The target was read twice after the write and did not have it.
    Absent,
    /// A later sync read the lists of ExakTime afresh: its plan has whatever is still to be written.
    Reread,
}

impl Outcome {
    /// Returns the link that a write made; `None` where it made none.
    pub(crate) fn link(&self) -> Option<&Link> {
        match self {
            Self::Done(Effect::Linked(link)) => Some(link),
            _ => None,
        }
    }

    /// Returns whether nothing is left to find out.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Unknown(_) | Self::Unseen(_))
    }
}

/// What a stored write changes in the ledger, in one transaction with its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// This link takes the place of any other of its office entity.
    Linked(Link),
    /// This line takes the place of any other with its key, and of any other in its entry.
    LineStored(Box<StoredLine>),
    /// The line with this key is gone from Procore, and is forgotten. How older versions said [`Effect::EntryRemoved`].
    LineRemoved(LineKey),
    /// This entry is gone from Procore. The line with this key is forgotten if it stands in the entry, and stays if the
    /// entry was a double of it (hazard B15).
    EntryRemoved(LineKey, EntryId),
}

impl Effect {
    /// Returns what follows from the deletion of a line's entry.
    pub(crate) fn of_deletion(key: LineKey, entry: Option<EntryId>) -> Self {
        match entry {
            Some(entry) => Self::EntryRemoved(key, entry),
            None => Self::LineRemoved(key),
        }
    }
}

/// One write of a run as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// The number by which its outcome is recorded.
    pub id: IntentId,
    /// The run that intended it.
    pub run: RunId,
    /// What was about to be written.
    pub write: Write,
    /// When it was recorded, just before it was sent.
    pub at: DateTime<Utc>,
    /// When it was last heard of: when its outcome was recorded, else when it was.
    pub heard: DateTime<Utc>,
    /// What came of it; `None` while it is under way, and after a crash.
    pub outcome: Option<Outcome>,
}

#[cfg(test)]
mod tests;
