//! What hours are booked to: cost codes, time types, classification, leave.

pub(super) mod codes;
pub(super) mod resolve;
pub(super) mod time_types;
