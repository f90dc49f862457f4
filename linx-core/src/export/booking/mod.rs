//! What hours are booked to: a place, a cost code or a task code, a time type, a work classification, or leave.
//!
//! A record names things by ExakTime's ids; here they become Procore's. What cannot be found is held with the missing
//! piece named. When the hours were worked is not known here.

mod classification;
mod codes;
mod leave;
mod linked;
mod resolve;
mod time_types;
mod work;

pub(super) use linked::Employee;
pub(super) use resolve::{Resolved, Resolver};
pub(super) use work::Work;

#[cfg(test)]
mod tests;
