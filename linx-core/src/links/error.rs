//! Why a link cannot be made.

use crate::ledger::LedgerError;
use crate::linx::LinxError;
use crate::model::{Kind, OfficeRef, RecordId};

/// A link that cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// ExakTime has no such record of that kind.
    #[error("{office}: ExakTime has no {} {field}", .office.kind())]
    NoRecord {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: RecordId,
    },
    /// The service keeps that record for itself.
    #[error("{office}: {field} belongs to the service itself")]
    Protected {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: RecordId,
    },
    /// Another entity is linked with it.
    #[error("{office}: {field} is linked with {other}; unlink that first")]
    Taken {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: RecordId,
        /// What is linked with it now.
        other: OfficeRef,
    },
    /// The entity is linked with another record, or another row links it with one.
    #[error("{office}: it is linked with {other}, and {field} would take its place; unlink it first")]
    Linked {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: RecordId,
        /// What it is linked with.
        other: RecordId,
    },
    /// A number or code that not exactly one carries (hazard C4).
    #[error("{side} has {found} {kind} records by the number or code `{given}`, and one is wanted")]
    NotOne {
        /// Which side.
        side: &'static str,
        /// What it is.
        kind: Kind,
        /// The number or code.
        given: String,
        /// How many carry it.
        found: usize,
    },
    /// A list was not read completely, so that another may carry the number or code (hazard C4).
    #[error(
        "the list of {kind} records of {side} was not read completely, and another may carry the same number: {why}"
    )]
    Unseen {
        /// Which side.
        side: &'static str,
        /// What it is.
        kind: Kind,
        /// What is known of the list.
        why: String,
    },
    /// The sides or the ledger could not be used.
    #[error(transparent)]
    Linx(#[from] LinxError),
}

impl From<LedgerError> for LinkError {
    fn from(error: LedgerError) -> Self {
        Self::Linx(error.into())
    }
}
