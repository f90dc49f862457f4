//! How far a run has come.

use chrono::{DateTime, Utc};

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A list is being read; its name is for a person.
    Reading(&'a str),
    /// Nothing is read or written until `until`.
    Waiting {
        /// What it waits for.
        awaited: Awaited,
        /// Until when, by the clock of the run.
        until: DateTime<Utc>,
        /// How many changes wait for it; none while the sides are read.
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

/// What a run waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Awaited {
    /// A limit of a service is used up, and lets requests pass again (hazard A8).
    Limit,
    /// A request that got no answer cannot arrive any more (hazard A15).
    Outcome,
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
