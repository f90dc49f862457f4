//! How far a run has come.

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A list is being read; its name is for a person.
    Reading(&'a str),
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
