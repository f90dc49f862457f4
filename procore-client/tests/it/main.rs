//! The client against the sandbox, in one process and on a clock that nobody waits for.

#![allow(clippy::unwrap_used)]

mod conformance;
mod directory_and_structure;
mod drafts;
mod entries;
mod harness;
mod hazards;
mod list_hazards;
mod lists;
mod login;
mod openapi;
mod operations;
#[cfg(all(feature = "http", feature = "sandbox-server"))]
mod socket;
mod timesheets;
mod tokens;
