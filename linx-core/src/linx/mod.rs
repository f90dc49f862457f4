//! A pair of companies: the two sides, the ledger, the clock, the settings and the rules, joined.
//!
//! `company` holds them; `builder` joins them. What every run does, whichever way it writes, is here too: `run` takes the
//! lease, refuses a plan that is not for here or was overtaken, begins and ends in the ledger, and waits; `rounds` decides whether
//! another round follows; `availability` tells a limit, which is waited for, from a service that is gone.

mod availability;
mod builder;
mod company;
mod error;
mod rounds;
mod run;

pub(crate) use availability::{Availability, is_away};
pub use builder::LinxBuilder;
pub use company::Linx;
pub use error::LinxError;
pub(crate) use rounds::{Left, Rounds};
pub(crate) use run::broken_off;
