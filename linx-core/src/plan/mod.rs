//! The plan as data: what a run would write, what it leaves alone, and why. Serialisable, in a fixed order, stamped
//! with a digest of what it was made from.

mod account;
mod export;
mod hold_where;
mod mass_change;
mod saved;
mod suggestion;
mod sync;

pub use account::{Account, DayTally, Rounded, Tally};
pub use export::{ByOtherHands, ExportPlan, LateWeeks, Selection};
pub(crate) use hold_where::hold_where;
pub use mass_change::{Becoming, MassChange};
pub use saved::{AnyPlan, SavedPlan, SavedPlanError};
pub use suggestion::{Evidence, Suggestion};
pub use sync::{Adopted, KindTally, SyncOptions, SyncPlan};

/// The format of a saved plan; a plan of another format is refused.
///
/// 4: a plan names its companies, and what waits for an outcome.
pub const FORMAT: u32 = 4;
