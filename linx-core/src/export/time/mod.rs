//! When work was done: instants of clock times, deductions, the days of a shift, start and stop, rounding.

pub(super) mod deductions;
pub(super) mod overnight;
pub(super) mod rounding;
pub(super) mod start_stop;
pub(super) mod timing;
pub(super) mod wall_clock;
