//! What a person said of one worker's day.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::unseen::Moment;
use crate::model::{CentiHours, Entry, EntryId};

/// A person's word that on a worker's day what other hands entered and what an export writes are both right (hazard D26), with
/// what it was said of: it covers no more than that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// How many hours ExakTime had of the day. `None` in a word of an older ledger: it covers what stands, and no hour more.
    pub read: Option<CentiHours>,
    /// The entries of other hands on the day, with their hours; not known in a word of an older ledger.
    pub entries: BTreeMap<EntryId, CentiHours>,
    /// The entries of ours that had been deleted, with when a list first lacked each ([`LineNotes::lacked`](super::LineNotes::lacked)): what ExakTime has
    /// for them may be written again. One that was put back and is deleted again is not covered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deleted: BTreeMap<EntryId, Moment>,
    /// The entries of ours that had been lowered, as they were: what ExakTime has more may be written in another class or at another
    /// time, until somebody touches the entry again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lowered: BTreeMap<EntryId, Lowered>,
}

/// An entry that the office had lowered, as somebody saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lowered {
    /// The hours that it had.
    pub hours: CentiHours,
    /// When it had been changed last, by the service's clock; `None` where that is not told.
    pub updated: Option<DateTime<Utc>>,
}

impl Lowered {
    pub(crate) fn of(entry: &Entry) -> Self {
        Self {
            hours: entry.content.hours,
            updated: entry.updated,
        }
    }
}
