//! The present time.

use chrono::{DateTime, Utc};

/// Tells the present time: for the journal, and for what day it is.
pub trait TimeSource: Send + Sync {
    /// The present instant. It need not grow: the order of runs is that of their ids.
    fn now(&self) -> DateTime<Utc>;
}
