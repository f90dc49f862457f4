//! What a company sets: what a sync and what an export need of a configuration, with defaults that work when empty.
//!
//! Both are plain data with the names of the configuration, and an unknown key is an error when they are read. More
//! settings come with minor versions: build them with `..SyncSettings::default()` or `..ExportSettings::default()`.

mod choice;
mod export;
mod guard;
mod lines;
mod naming;
mod settle;
mod sync;
mod time;

pub use choice::{CostCodeChoice, ProjectChoice, ProjectStatus, WorkerChoice};
pub use export::ExportSettings;
pub use guard::Guard;
pub use lines::{Grouping, OtherHands, Removals, TimeTypes, Timesheets, UnresolvedCostCode};
pub use naming::Naming;
pub use settle::Settle;
pub use sync::{Deactivate, Import, LikelyMatch, Owner, SyncSettings};
pub use time::{Overnight, Rounding, WeekStart};
