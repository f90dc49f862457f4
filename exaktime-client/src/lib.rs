//! A typed client for ExakTime data on the Arcoro API, of which only half is published.
//!
//! It reads and keeps up what a time integration needs (persons and employees, locations, jobs, cost codes) over REST,
//! and reads time out of the OData data warehouse, or out of a CSV export. There is no way to write time, and none to
//! delete anything. What nobody has published is a guess with a name: every path, parameter, property, header and word
//! stands in [`wire`], with a default and an override, and the [`probe`] asks a real account which of them hold. The
//! sections that comments name are those of [`guide::exaktime_api`], their hazards those of linx-core's guide.
//!
//! A [`Client`] acts for one account. Updates read the whole record, change what they name and put the whole back: what
//! this client knows nothing of survives, and a record that would not change is not written. A list is a
//! [`linx_http::List`]: stream its rows, or collect them with proof that they are all. Errors are [`linx_http::Error`],
//! which tells whether a write may have been applied. The [`guide`] explains each of these by topic.
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
//! use exaktime_client::Client;
//! use exaktime_client::sandbox::{SANDBOX_API_KEY, Sandbox};
//! use linx_http::{ManualClock, sandbox::InProcess};
//!
//! let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
//! let sandbox = Arc::new(Sandbox::contractor());
//! let client = Client::builder()
//!     .api_key(SANDBOX_API_KEY.into())
//!     .transport(Arc::new(InProcess::new(sandbox, clock.clone())))
//!     .clock(clock)
//!     .build()?;
//!
//! let week = client.time_records("2026-03-02".parse()?, "2026-03-08".parse()?).collect().await?;
//! assert!(week.proves_absence());
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```

mod answer;
mod auth;
mod client;
pub mod cost_codes;
pub mod csv;
#[cfg(any(doc, doctest))]
pub mod guide;
pub mod ids;
pub mod jobs;
mod lists;
pub mod locations;
mod locks;
mod object;
pub mod odata;
mod pagination;
pub mod people;
pub mod probe;
mod records;
pub mod reference;
mod request;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod schema;
pub mod time;
pub mod warehouse;
pub mod wire;

pub use client::{API_URL, Client, ClientBuilder, ODATA_URL};
pub use ids::{
    CostCodeId, CostTypeId, DepartmentId, JobCodeId, JobId, LocationId, PayPeriodId, PayScheduleId, PersonId, PunchId,
    ShiftId, TimeRecordId,
};
pub use linx_http::Change;
pub use object::Object;
pub use wire::WireProfile;
