//! A typed client for Procore's REST API: lists that prove completeness, writes that are never repeated blindly.
//!
//! It reads what a time integration needs (people, users, projects and their directories and tools, sub jobs, cost
//! codes, cost types, the work breakdown structure, time types, settings, installations) and reads and writes timecard
//! entries and timesheets, one at a time or many at once. Facts about the service are told with their source: sections and traps are
//! those of [`guide::procore_api`], hazards those of linx-core's guide.
//!
//! A [`Client`] acts for one company. Each resource has a module with its types, its requests as values
//! ([`linx_http::Endpoint`], built and tested without I/O) and its methods on the client. A list is a
//! [`linx_http::List`]: stream its rows, or collect them with proof that they are all. Errors are
//! [`linx_http::Error`], which tells whether a write may have been applied.
//!
//! Nothing here asks the machine for the time or opens a connection: give the builder a [`linx_http::Transport`] and a
//! [`linx_http::Clock`]. With the feature `http`, `linx_http::reqwest` has the real ones. With the feature `sandbox`
//! there is an imitation of the service to try things on:
//!
//! ```
//! # #[cfg(feature = "sandbox")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use linx_http::{ManualClock, sandbox::InProcess};
//! use procore_client::people::PeopleQuery;
//! use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};
//! use procore_client::Client;
//!
//! let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
//! let sandbox = Arc::new(Sandbox::contractor());
//! let client = Client::builder(SANDBOX_COMPANY_ID)
//!     .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
//!     .transport(Arc::new(InProcess::new(sandbox, clock.clone())))
//!     .clock(clock)
//!     .build()?;
//!
//! let employees = client.people(&PeopleQuery::employees()).collect().await?;
//! assert!(employees.proves_absence());
//! assert_eq!(employees.rows.len(), 23);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```

pub mod app_installations;
pub mod auth;
pub mod bulk;
mod client;
pub mod companies;
pub mod configuration;
pub mod cost_codes;
pub mod drafts;
pub mod edits;
#[cfg(any(doc, doctest))]
pub mod guide;
mod hosts;
pub mod ids;
pub mod line_item_types;
pub mod me;
pub mod memberships;
pub mod people;
pub mod permissions;
pub mod projects;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod standard_cost_codes;
pub mod sub_jobs;
pub mod time_types;
pub mod timecards;
pub mod timesheets;
pub mod tools;
pub mod users;
pub mod wbs;
pub mod wire;
pub mod work_classifications;

pub use client::{Client, ClientBuilder};
pub use hosts::{API_URL, LOGIN_URL};
pub use ids::{
    CompanyId, CostCodeId, CrewId, IdError, LineItemTypeId, ListId, LocationId, MembershipId, PersonId, ProjectId,
    ProjectItemId, SegmentId, SegmentItemId, StandardCostCodeId, SubJobId, TimeTypeId, TimecardEntryId, TimesheetId,
    UserId, WbsCodeId, WorkClassificationId,
};
pub use wire::Named;
