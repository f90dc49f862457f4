//! The pure core of Linx: it keeps Procore (the office) and ExakTime (the field time clock) in step, and accounts for
//! every hour.
//!
//! *Sync* brings Procore's people, projects and cost codes to ExakTime. *Export* brings ExakTime's time to Procore's
//! timesheets. Each is planned first: a plan is data, says what would be written and why all else would not, and writes
//! nothing. Then it is applied, once.
//!
//! Start with [`Linx`], which joins the two sides, a ledger, a clock, the settings and the rules:
//!
//! ```
//! # async fn example(linx: linx_core::Linx) -> Result<(), linx_core::LinxError> {
//! use linx_core::plan::Selection;
//! use linx_core::sync::SyncOptions;
//!
//! let plan = linx.plan_sync(&SyncOptions::default()).await?;
//! for held in &plan.held {
//!     println!("{} {}: {}", held.subject.kind(), held.subject.id(), held.reason.why());
//! }
//! let report = linx.apply_sync(&plan).await?;
//! println!("{} records written", report.written());
//!
//! let day = |text: &str| text.parse().expect("a date");
//! let days = Selection::days(day("2026-03-02"), day("2026-03-15"));
//! let plan = linx.plan_export(&days).await?;
//! let report = linx.apply_export(&plan).await?;
//! assert!(report.account.total().adds_up());
//! # Ok(())
//! # }
//! ```
//!
//! The repository's `examples/first_sync.rs` is the same with both sandboxes around it, and runs.
//!
//! The rooms, each of which uses only those above it:
//!
//! | room | holds |
//! | --- | --- |
//! | [`model`] | the nouns of both sides, ids, hours as whole seconds |
//! | [`change`] | one record or one line to be written |
//! | [`settings`] | what a company sets |
//! | [`hold`] | why something is held or left out, and the way out |
//! | [`ledger`] | a port: links, agreed values, lines, journal |
//! | [`ports`] | what is asked of the services, the clock, an observer |
//! | [`adapters`] | the two clients and stores as ports, behind features |
//! | [`plan`] | plans as data, and the account of every hour |
//! | [`mapping`] | what becomes what: the arrows, the standard rules, overrides |
//! | `reconcile` | what has to change of one kind: matching, three-way merge, guard |
//! | [`Linx`] | the parts joined, and how a write is journaled |
//! | [`sync`] | Procore → ExakTime: fetch, plan, apply |
//! | [`export`] | ExakTime's time → Procore's timesheets: fetch, plan, apply |
//! | [`links`] | links by hand, suggestions, what is ignored |
//! | `testing` | the contract of a ledger as tests, behind a feature |
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
mod reconcile;
pub mod settings;
pub mod sync;
#[cfg(feature = "testing")]
pub mod testing;

mod linx;

pub use linx::{Linx, LinxBuilder, LinxError};
