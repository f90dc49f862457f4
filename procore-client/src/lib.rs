//! A typed client for Procore's REST API: lists that prove completeness, writes that are never repeated blindly.
//!
//! It reads what a time integration needs: people, users, projects with their directories and tools, sub jobs, cost
//! codes, cost types, the work breakdown structure, time types, settings and installations. It reads and writes
//! timecard entries and timesheets, one at a time or many at once.
//!
//! A [`Client`] acts for one company. Each resource has a module with its types, its requests as values
//! ([`linx_http::Endpoint`], built and tested without I/O) and its methods on the client. A list is a
//! [`linx_http::List`]: stream its rows, or collect them with proof that they are all. An error is a
//! [`linx_http::Error`], which says whether a write was applied.
//!
//! # First steps
//!
//! Nothing here asks the machine for the time or opens a connection: the builder is given a [`linx_http::Transport`]
//! and a [`linx_http::Clock`]. With the feature `http`, `linx_http::reqwest` has the real ones. With the feature
//! `sandbox` there is an imitation of the service, on which this example reads who works for a company and books eight
//! hours:
//!
//! ```
//! # #[cfg(feature = "sandbox")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use linx_http::{ManualClock, sandbox::InProcess};
//! use procore_client::Client;
//! use procore_client::drafts::{EntryDraft, Worked};
//! use procore_client::people::PeopleQuery;
//! use procore_client::projects::ProjectStatus;
//! use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};
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
//! // Only a list that is proved complete says of somebody who is missing that they are gone.
//! assert!(employees.proves_absence());
//! assert_eq!(employees.rows.len(), 23);
//!
//! let projects = client.projects(ProjectStatus::Active).collect().await?;
//! let (project, person) = (projects.rows[0].id, employees.rows[0].id);
//! let mut draft = EntryDraft::new(project, "2026-03-13".parse()?, person, Worked::hours("8.0"));
//! draft.origin_data = Some("payroll week 11".to_owned());
//! let stored = client.create_timecard_entry(&draft).await?;
//! assert_eq!(stored.hours.as_deref(), Some("8.0"));
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```
//!
//! # Where to read on
//!
//! [`guide`] has a page for each topic: tokens, lists, limits, errors, the sandbox. What is known of Procore, and how
//! surely, is in [`guide::procore_api`]: comments cite its sections and traps, such as "trap 22". "Hazard A1" is an
//! entry of the list in linx-core's guide of what goes wrong between two services.
//!
//! # Guarantees
//!
//! - A list is complete, or says that it is not and why.
//! - A request is repeated only where a repeat does no harm; a create, and a change of an
//!   entry, is sent again only where it surely never left.
//! - What Procore adds does not break reading: unknown fields are let pass, unknown values are kept as they are
//!   written, and one row that cannot be read does not cost the others.
//! - No error, log or `Debug` shows a token, a secret, a name or an address.

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
    ProjectItemId, ProjectStageId, SegmentId, SegmentItemId, SignatureId, StandardCostCodeId, SubJobId, TimeTypeId,
    TimecardEntryId, TimesheetId, UserId, WbsCodeId, WorkClassificationId,
};
pub use wire::Named;
