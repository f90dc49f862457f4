//! What Linx asks of the outside: the [`Office`], the [`Field`], the time and an observer.
//!
//! An embedder implements these traits, or takes the implementations in [`crate::adapters`]. The port of the ledger is
//! [`crate::ledger::Ledger`].

mod check;
mod failure;
mod field;
mod observer;
mod office;
mod sent_entries;
mod snapshot;
mod time_source;

pub use check::{Check, CheckStatus};
pub use failure::{FailureKind, PortError};
pub use field::{AttributeWrite, Field};
pub use observer::{Awaited, Observer, Progress, Unobserved};
pub use office::{NewEntry, Office};
pub use sent_entries::SentEntries;
pub use snapshot::{Snapshot, UnreadRow};
pub use time_source::TimeSource;
