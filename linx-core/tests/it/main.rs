//! Whole syncs and exports against both sandboxes, and the ledgers held to one contract.

// A test may stop where it stands.
#![allow(clippy::unwrap_used)]
// Hundredths of hours: 108_00 is 108.00 h.
#![allow(clippy::inconsistent_digit_grouping)]

mod actions;
mod adversary;
mod answers;
mod attack;
mod choices;
#[cfg(feature = "sqlite")]
mod crash;
#[cfg(feature = "sqlite")]
mod damage;
mod doubles;
mod export;
mod export_simulation;
mod files;
mod first_meeting;

mod harness;
mod identity;
mod late;
mod late_sync;
mod late_weeks;
#[cfg(feature = "sqlite")]
mod ledger;
mod limits;
mod links;
mod order;
mod other_hands;
mod part_lists;
mod part_reads;
mod person;
mod places;
mod plans;
mod prerequisites;
mod reference;
mod removal;
mod safety;
mod small_company;
mod sync;
mod sync_simulation;
mod time;
mod trial;
mod weeks;
mod writing;
