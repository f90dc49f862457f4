//! The client against the sandbox, in one process and on a clock that nobody waits for.

#![allow(clippy::unwrap_used)]

mod conformance;
mod drafts;
mod entries;
mod hazards;
mod lists;
mod login;
mod places;
#[cfg(all(feature = "http", feature = "sandbox-server"))]
mod socket;
mod stage;
mod timesheets;
mod tokens;
mod tour;
