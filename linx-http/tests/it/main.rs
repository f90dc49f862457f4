//! The engine over a scripted transport: what it sends, what it repeats, what it tells.

// A test may stop where it stands, and every answer of a script has one type.
#![allow(clippy::unwrap_used, clippy::unnecessary_wraps)]

#[cfg(feature = "sandbox")]
mod departing;
mod hosts;
mod lists;
mod proof;
mod scripted;
mod sending;
#[cfg(all(feature = "sandbox-server", feature = "reqwest"))]
mod socket;
