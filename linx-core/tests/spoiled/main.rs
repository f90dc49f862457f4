//! Whatever the core reads that others wrote, spoiled in thousands of ways: saved plans, keys, hours, dates, rows of the ledger,
//! and the services' answers in the midst of a run. Each becomes a value or an error, within a bound.

// A test may stop where it stands.
#![allow(clippy::unwrap_used)]

#[cfg(feature = "sqlite")]
mod ledgers;
mod pair;
mod plans;
mod runs;
mod texts;

fn measured(run: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(run).bytes_max
}
