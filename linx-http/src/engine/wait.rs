//! Waits before a request leaves, as an embedder gets to see them.

use std::sync::Arc;
use std::time::Duration;

/// A wait before a request leaves. It is told when it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait {
    /// Method and path of the request, such as `GET /rest/v1.0/companies`.
    pub operation: String,
    /// Why it waits.
    pub reason: WaitReason,
    /// How long the wait will take.
    pub span: Duration,
}

/// Why a request waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// The rate limit is used up for now, or the server asked for a pause (hazard A8).
    RateLimit,
    /// The attempt before failed.
    Retry,
}

/// A callback that is told of each [`Wait`]. It must return at once: the request waits for it too.
pub type OnWait = Arc<dyn Fn(&Wait) + Send + Sync>;
