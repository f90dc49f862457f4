//! One line on stderr that says how far a run has come, on a terminal only.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use linx_core::ports::{Awaited, Observer, Progress};

/// The line of a terminal that shows how far a run has come.
#[derive(Debug)]
pub struct ProgressLine {
    wanted: bool,
    shown: Mutex<bool>,
}

impl ProgressLine {
    /// A line that shows itself only where stderr is a terminal and nobody asked for quiet.
    pub fn new(quiet: bool) -> Self {
        Self {
            wanted: !quiet && std::io::stderr().is_terminal(),
            shown: Mutex::new(false),
        }
    }

    /// Takes the line away before something else is printed.
    pub fn clear(&self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut *shown) {
            rewrite("");
        }
    }
}

impl Observer for ProgressLine {
    fn progress(&self, progress: Progress<'_>) {
        if self.wanted {
            *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = true;
            rewrite(&words(progress));
        }
    }
}

fn words(progress: Progress<'_>) -> String {
    match progress {
        Progress::Reading(what) => format!("reading {what} ..."),
        Progress::Writing { done, of } => format!("writing {} of {of} ...", done + 1),
        Progress::Waiting {
            awaited,
            until,
            changes,
        } => {
            let until = until.format("%H:%M:%S UTC");
            match awaited {
                Awaited::Outcome => format!("waiting until {until} for {changes} without an answer ..."),
                _ if changes == 0 => format!("waiting until {until}: the service's limit is used up ..."),
                _ => format!("waiting until {until}: the service's limit is used up, {changes} to go ..."),
            }
        }
    }
}

/// Back to the first column, clear the line, and the new words. Nobody misses a line that cannot be written.
fn rewrite(words: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "\r\x1b[K{words}");
    let _ = stderr.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_counts_from_one() {
        assert_eq!(words(Progress::Writing { done: 0, of: 3 }), "writing 1 of 3 ...");
        assert_eq!(
            words(Progress::Reading("Procore projects")),
            "reading Procore projects ..."
        );
    }

    #[test]
    fn a_wait_says_for_what_and_until_when() {
        let told = |awaited, changes| {
            let until = "2026-03-17T12:02:00Z".parse().unwrap();
            words(Progress::Waiting {
                awaited,
                until,
                changes,
            })
        };
        assert_eq!(
            told(Awaited::Outcome, 2),
            "waiting until 12:02:00 UTC for 2 without an answer ..."
        );
        assert_eq!(
            told(Awaited::Limit, 2),
            "waiting until 12:02:00 UTC: the service's limit is used up, 2 to go ..."
        );
        assert_eq!(
            told(Awaited::Limit, 0),
            "waiting until 12:02:00 UTC: the service's limit is used up ..."
        );
    }
}
