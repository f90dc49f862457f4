//! How far a list is read before it is given up (hazard A18).

use std::time::Duration;

/// The bounds of one reading of a list. Beyond them it is an
/// [`EndlessList`](crate::ErrorKind::EndlessList), whatever the server says of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListBounds {
    /// The most pages.
    pub pages: usize,
    /// The most rows.
    pub rows: usize,
    /// The longest time from the first page to the last, the waits for rate limits included.
    pub time: Duration,
}

/// 100,000 pages, 10,000,000 rows, six hours: an hourly limit of 600 requests lets the longest list of a large company
/// through.
impl Default for ListBounds {
    fn default() -> Self {
        Self {
            pages: 100_000,
            rows: 10_000_000,
            time: Duration::from_hours(6),
        }
    }
}

impl ListBounds {
    /// Returns these bounds: pages, rows and time.
    pub fn new(pages: usize, rows: usize, time: Duration) -> Self {
        Self { pages, rows, time }
    }
}
