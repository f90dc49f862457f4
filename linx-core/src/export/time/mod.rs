//! When work was done: instants of clock times, deductions joined to their shifts, the days of a shift, start and stop,
//! and rounding.
//!
//! Records come in as ExakTime has them, with the clock of each place; shifts go out that lines can be made of. What Procore
//! is, and what hours are charged to, is not known here.

mod deductions;
mod overnight;
mod rounding;
mod start_stop;
mod timing;
mod wall_clock;

pub(super) use rounding::{day as round_day, span as round_span};
pub(super) use start_stop::hours_of;
pub(super) use timing::{PlaceClock, Shift, Timing, longest_shift};
pub(super) use wall_clock::resolve_instants;

#[cfg(test)]
mod tests;
