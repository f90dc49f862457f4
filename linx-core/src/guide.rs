//! Pages for those who change this code: what goes wrong in the field, and what is known of the programs that Linx succeeds.
//!
//! Code, comments and tests cite them by number. What is known of the two services stands with their clients:
//! procore-api.md in `procore-client`, exaktime-api.md in `exaktime-client`.

#[doc = include_str!("../docs/hazards.md")]
pub mod hazards {}

#[doc = include_str!("../docs/behaviour.md")]
pub mod behaviour {}

#[doc = include_str!("../docs/simulated.md")]
pub mod simulated {}
