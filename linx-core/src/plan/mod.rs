//! The plan as data: what a run would write, what it leaves alone, and why. Serialisable, in a fixed order, stamped
//! with a digest of what it was made from.

mod account;
mod export;
mod saved;
mod suggestion;
mod sync;

pub use account::{Account, DayTally, Rounded, Tally};
pub use export::{ExportPlan, Selection};
pub use saved::{AnyPlan, SavedPlan, SavedPlanError};
pub use suggestion::{Evidence, Suggestion};
pub use sync::{Adopted, KindTally, SyncPlan};

/// The format of a saved plan; a plan of another format is refused.
pub const FORMAT: u32 = 2;
