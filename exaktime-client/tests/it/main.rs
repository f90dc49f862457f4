//! The client against its sandbox: in-process for everything, and once over a socket.

// A test may stop where it stands.
#![allow(clippy::unwrap_used)]

mod harness;
mod hazards;
mod lists;
mod probe;
mod records;
mod reference;
#[cfg(all(feature = "http", feature = "sandbox-server"))]
mod socket;
mod time;
