//! What has a bar, measured: `cargo bench -p linx-cli`. A table at the end has the figure of the first version, the bar and the
//! figure now.
//!
//! Each figure is of a process of its own, so that none finds what another left in memory: `cargo bench -p linx-cli -- plan` runs
//! the one of that name alone. A figure of time is that of the machine it was taken on, idle.

// A benchmark reads the machine's clock, starts processes and prints; the core does none of it.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod files;
mod ledger;
mod plan;
mod plan_sync;
mod services;
mod start_up;

use std::process::{Command, ExitCode};
use std::time::Duration;

/// One figure.
pub struct Figure {
    /// What was measured.
    pub what: &'static str,
    /// What it was on the first version, where that was measured.
    pub before: &'static str,
    /// What it is to be.
    pub bar: &'static str,
    /// What it is.
    pub now: String,
}

impl Figure {
    /// One of time.
    pub fn time(what: &'static str, before: &'static str, bar: &'static str, now: Duration) -> Self {
        let now = format!("{:.3} s", now.as_secs_f64());
        Self { what, before, bar, now }
    }

    /// One of memory, in bytes.
    pub fn memory(what: &'static str, before: &'static str, bar: &'static str, now: u64) -> Self {
        let now = format!("{} MB", now / 1_000_000);
        Self { what, before, bar, now }
    }
}

/// Measures something.
type Measure = fn() -> Vec<Figure>;

/// What can be measured, by the name that it is asked for.
const ALL: [(&str, Measure); 6] = [
    ("plan", plan::figures),
    ("plan_sync", plan_sync::figures),
    ("services", services::figures),
    ("files", files::figures),
    ("ledger", ledger::figures),
    ("start_up", start_up::figures),
];

/// What this process has held at most, in bytes; 0 where the system does not tell.
pub fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// Measures in a process of its own, and returns the rows of the table.
fn apart(name: &str) -> Option<String> {
    let this = std::env::current_exe().ok()?;
    let output = Command::new(this).args(["--alone", name]).output().ok()?;
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn row(cells: [&str; 4]) -> String {
    let [what, before, bar, now] = cells;
    format!("{what:<66} {before:>14} {bar:>10} {now:>12}")
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let asked = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    if arguments.first().is_some_and(|first| first == "--alone") {
        for (_, figures) in ALL.into_iter().filter(|(name, _)| asked(name)) {
            for figure in figures() {
                println!("{}", row([figure.what, figure.before, figure.bar, &figure.now]));
            }
        }
        return ExitCode::SUCCESS;
    }
    let mut table = vec![row(["", "first version", "bar", "now"])];
    for (name, _) in ALL.into_iter().filter(|(name, _)| asked(name)) {
        eprintln!("measuring {name}");
        let Some(rows) = apart(name) else {
            eprintln!("{name} could not be measured");
            return ExitCode::FAILURE;
        };
        table.extend(rows.lines().map(str::to_owned));
    }
    println!("{}", table.join("\n"));
    ExitCode::SUCCESS
}
