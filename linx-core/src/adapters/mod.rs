//! The two clients and stores as ports, behind features. Translate, never decide.

#[cfg(feature = "exaktime")]
pub mod csv;
#[cfg(feature = "exaktime")]
pub mod exaktime;
#[cfg(any(feature = "procore", feature = "exaktime"))]
mod http;
#[cfg(feature = "procore")]
pub mod procore;
#[cfg(feature = "sqlite")]
pub mod sqlite;

#[cfg(any(feature = "procore", feature = "exaktime"))]
pub use http::ClientClock;
