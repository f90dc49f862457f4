//! The present time, and waiting.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Tells the present time, for the journal and for what day it is, and lets time pass.
#[async_trait]
pub trait TimeSource: Send + Sync {
    /// The present instant. It need not grow: the order of runs is that of their ids.
    fn now(&self) -> DateTime<Utc>;

    /// Returns when `span` has passed. Dropping the future ends the wait. A run sleeps until a request that got no answer
    /// cannot arrive any more.
    async fn sleep(&self, span: Duration);
}
