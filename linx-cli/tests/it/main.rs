//! The program as a user runs it: over sockets, by its arguments, its output and its exit status.

// A test may stop where it stands.
#![allow(clippy::unwrap_used)]

mod answers;
mod apply;
mod beside;
mod between_runs;
mod configuration;
mod explain;
mod failures;
mod files;
mod harness;
mod late_sync;
mod links;
mod login;
mod profile;
mod proof;
mod resume;
mod small_company;
mod terminals;
mod words;
