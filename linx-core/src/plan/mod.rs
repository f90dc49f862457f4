//! The plan as data: what a run would write, what waits until it can be known, what is left alone, and why. Serialisable, in
//! a fixed order, stamped with its companies, the file of its time if there is one, the run it was made after, and a digest of
//! what it was made from.
//!
//! A plan is shown, may be kept ([`SavedPlan`]), and is given to be applied. There it is a permission and not an order: it is
//! made anew, and only what both show is written (hazard B17). [`Account`] has the hours, [`MassChange`] what needs consent.

mod account;
mod export;
mod hold_where;
mod mass_change;
mod read_at;
mod saved;
mod suggestion;
mod sync;

pub use account::{Account, DayTally, Rounded, Tally};
pub use export::{ByOtherHands, ExportPlan, LateWeeks, Selection};
pub(crate) use hold_where::hold_where;
pub use mass_change::{Becoming, MassChange};
pub(crate) use read_at::ReadAt;
pub use saved::{AnyPlan, SavedPlan, SavedPlanError};
pub use suggestion::{Evidence, Suggestion};
pub use sync::{Adopted, KindTally, SyncOptions, SyncPlan};

/// The format of a saved plan; a plan of another format is refused.
///
/// 4: a plan names its companies, and what waits for an outcome.
pub const FORMAT: u32 = 4;
