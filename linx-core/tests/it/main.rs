//! Whole syncs and exports against both sandboxes, and the ledgers held to one contract.

// A test may stop where it stands.
#![allow(clippy::unwrap_used)]

mod choices;
mod deeds;
mod export;
mod identity;
#[cfg(feature = "sqlite")]
mod ledger;
mod links;
mod order;
mod places;
mod safety;
mod simulation;
mod stage;
mod sync;
mod sync_stories;
mod time;
mod weeks;
mod writing;
