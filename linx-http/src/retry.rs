//! Whether to try again, as a pure function of what is known.

use std::time::Duration;

/// How often and how long to try again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// The most tries, the first included.
    pub attempts: u32,
    /// The wait before the second try; doubled each time, with jitter.
    pub first_delay: Duration,
    /// The longest wait of our own.
    pub longest_delay: Duration,
    /// The longest wait that a server may ask for; above it the error says when to come back.
    pub longest_server_delay: Duration,
}
