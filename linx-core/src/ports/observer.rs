//! How far a run has come.

use chrono::{DateTime, Utc};

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A list is being read; its name is for a person.
    Reading(&'a str),
    /// Nothing is read or written until `until`: a limit is used up (hazard A8), or a request that got no answer may still
    /// arrive (hazard A15).
    Waiting {
        /// Until when, by the clock of the run.
        until: DateTime<Utc>,
        /// How many changes wait for it.
        changes: usize,
    },
    /// Changes are being written.
    Writing {
        /// How many changes of the plan are written, refused or held so far.
        done: usize,
        /// How many changes the plan has.
        of: usize,
    },
}

/// Is told how far a run has come.
pub trait Observer: Send + Sync {
    /// Takes note of the progress. Must return at once: the run waits for it.
    fn progress(&self, progress: Progress<'_>);
}

/// An observer that takes note of nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn progress(&self, _: Progress<'_>) {}
}
