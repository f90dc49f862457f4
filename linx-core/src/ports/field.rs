//! The field side: ExakTime.

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};

use super::{Check, FailureKind, PortError, Snapshot};
use crate::model::{Approval, Attribute, Attributes, Kind, Record, RecordId, Refresh, TimeRecord};

/// One value to be set in a record of the field side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeWrite {
    /// Which value.
    pub attribute: Attribute,
    /// The new value; `None` takes the value away.
    pub to: Option<String>,
}

/// The field side: ExakTime, where people clock in.
///
/// Time is only read: the service has no way to write it (exaktime-api.md section 1). A failed list is an error, never
/// an empty list (hazard C16).
///
/// A minor version of this crate may add methods; each will have a default body that answers
/// [`FailureKind::Unsupported`](super::FailureKind::Unsupported), as those below that not every run needs.
///
/// # Errors
///
/// Every method fails with a [`PortError`] that says whether the call may have changed something. A failed read is
/// [`PortError::not_applied`].
#[async_trait]
pub trait Field: Send + Sync {
    /// Returns every record of a kind, active and inactive.
    async fn records(&self, kind: Kind) -> Result<Snapshot<Record>, PortError>;

    /// Returns the digest of the file that the time comes from; `None` where it comes from the service. A plan of a file is
    /// applied with the same file alone (hazard B17).
    fn file(&self) -> Option<String> {
        None
    }

    /// Returns one record as it is now; `None` where there is none with that id. Asked directly before it is changed.
    ///
    /// Without a body of its own the whole list is read for it.
    async fn record(&self, kind: Kind, id: &RecordId) -> Result<Option<Record>, PortError> {
        let list = self.records(kind).await?;
        let doubt = list.doubt();
        match (list.rows.into_iter().find(|record| record.id == *id), doubt) {
            (None, Some(why)) => Err(PortError::not_applied(FailureKind::Unreadable, why)),
            (found, _) => Ok(found),
        }
    }

    /// Makes a record and returns its id.
    ///
    /// A person whose making was cut off halfway is completed, not made a second time.
    async fn create(&self, kind: Kind, attributes: &Attributes) -> Result<RecordId, PortError>;

    /// Sets some values of a record and keeps all others, also those that Linx does not know. May be repeated.
    async fn update(&self, kind: Kind, id: &RecordId, writes: &[AttributeWrite]) -> Result<(), PortError>;

    /// Returns the time records of the work dates `from` to `to`, both included, of active and inactive employees
    /// (hazard C6).
    async fn time_records(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<TimeRecord>, PortError>;

    /// Returns what the source of the time holds at present, all of it, whatever days are exported: by its newest work date
    /// up to `today`, the company's day, the age of the data is judged (hazard B13), and by that and the number of its
    /// records one refresh is told from another (hazard D27).
    ///
    /// Asked only where the settings limit that age or time of lines is missing. Where it is not supported, no line is
    /// deleted since its time is missing.
    async fn last_refresh(&self, _today: NaiveDate) -> Result<Refresh, PortError> {
        Err(PortError::unsupported("the newest work date"))
    }

    /// Returns the approvals of the work dates `from` to `to`, both included.
    ///
    /// Asked only where the settings ask for approved time.
    async fn approvals(&self, _from: NaiveDate, _to: NaiveDate) -> Result<Snapshot<Approval>, PortError> {
        Err(PortError::unsupported("approvals"))
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
