//! The pure core of Linx: it keeps Procore (the office) and ExakTime (the field) in step, and accounts for every hour.
//!
//! Start with [`Linx`]: give it the two sides, a ledger, a clock and rules; plan, look at the plan, apply it.
//!
//! | room | holds |
//! | --- | --- |
//! | [`model`] | the nouns of both sides, ids, hours as whole seconds |
//! | [`mapping`] | what becomes what: the arrows, the standard rules, overrides |
//! | [`reconcile`] | what has to change: matching, three-way merge, guard |
//! | [`plan`] | plans as data |
//! | [`hold`] | why something is held or left out, and the way out |
//! | [`settings`] | what a company sets |
//! | [`ports`] | what is asked of the outside |
//! | [`sync`] | Procore → ExakTime: fetch, plan, apply |
//! | [`export`] | ExakTime time → Procore timesheets: fetch, plan, apply |
//! | [`ledger`] | links, agreed values, lines, journal |
//! | [`links`] | links by hand, suggestions, what is ignored |
//! | [`adapters`] | the two clients and stores as ports, behind features |
//!
//! Nothing here names a runtime, reads a clock or a file, or prints.
//!
//! Comments cite pages by number. "Hazard D17" is what goes wrong in the field and what is done about it:
//! [`guide::hazards`]; "behaviour.md section 6" is what is known of the programs that Linx succeeds:
//! [`guide::behaviour`]. What is known of the services is in the guides of their clients.

pub mod adapters;
pub mod change;
mod digest;
pub mod export;
#[cfg(any(doc, doctest))]
pub mod guide;
pub mod hold;
pub mod ledger;
pub mod links;
pub mod mapping;
pub mod model;
pub mod plan;
pub mod ports;
pub mod reconcile;
pub mod settings;
pub mod sync;

mod linx;

pub use linx::{Linx, LinxError};
