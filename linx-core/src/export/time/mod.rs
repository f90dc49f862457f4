//! When work was done: instants of clock times, deductions joined to their shifts, the days of a shift, start and stop,
//! and rounding.

mod deductions;
mod overnight;
mod rounding;
mod start_stop;
mod timing;
mod wall_clock;

pub(super) use rounding::{day as round_day, span as round_span};
pub(super) use start_stop::hours_of;
pub(super) use timing::{Shift, Timing, with_instants};
