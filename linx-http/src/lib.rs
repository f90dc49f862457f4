//! A request engine for writes that must not happen twice.
//!
//! Some requests can be sent again when no answer came, and some would pay a person twice. This crate has that
//! difference in its types. A request is an [`Endpoint`]: a value that says what it asks, what it answers, and whether
//! it may be repeated. An [`Engine`] sends it: credentials, rate limits, waits, tries and errors are in that one place.
//! An [`Error`] says whether the request [was applied](Error::was_applied): no, yes, or unknown.
//!
//! A [`List`] is read page after page and says whether it is [complete](Completeness), so that absence from it can mean
//! something.
//!
//! The crate stands beneath `procore-client` and `exaktime-client` and knows no vendor. It asks the machine for nothing:
//! the network comes in through a [`Transport`], time and chance through a [`Clock`]. So a test of retries needs neither
//! a network nor a real second. With the feature `reqwest` there are the real ones.
//!
//! ```
//! # #[cfg(feature = "sandbox")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use bytes::Bytes;
//! use chrono::{DateTime, Utc};
//! use http::{Request, Response};
//! use linx_http::sandbox::{Fault, InProcess, Order, Service};
//! use linx_http::{Applied, Endpoint, Engine, ManualClock};
//!
//! /// An imitation of a service that makes things.
//! struct Things;
//!
//! impl Service for Things {
//!     fn answer(&self, _: &Request<Bytes>, _: DateTime<Utc>) -> Response<Bytes> {
//!         Response::new(r#"{"id": 7}"#.into())
//!     }
//! }
//!
//! let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
//! let host = InProcess::new(Arc::new(Things), clock.clone());
//! // The service makes the thing, and the connection breaks before its answer comes.
//! host.faults().order(Order { method: None, path: String::new(), after: 0, times: 1, fault: Fault::CutAfter });
//!
//! let engine = Engine::builder("https://things.example".parse()?, Arc::new(host), clock).build()?;
//! let create: Endpoint<serde_json::Value> = Endpoint::post("things").json(&"a thing");
//! let error = engine.send(&create).await.unwrap_err();
//!
//! assert_eq!(error.was_applied(), Applied::Unknown);
//! assert_eq!(error.attempts(), 1, "a create is not sent again");
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```
//!
//! | room | holds |
//! | --- | --- |
//! | [`transport`] | the port to the network, and whether a failed request may have been sent |
//! | [`clock`] | the port to time and chance, and clocks for tests |
//! | [`endpoint`] | requests as values |
//! | [`engine`] | the one loop: credentials, rate limit, send, judge, wait, again |
//! | [`retry`] | how often and how long to try again |
//! | [`rate_limit`] | what the server's headers tell of its limits |
//! | [`pagination`] | lists that prove completeness |
//! | [`credentials`] | fixed headers, and tokens renewed one at a time |
//! | [`login`] | a person's login: refreshed once for all processes, stored before it is used |
//! | `token_file` | feature `token-file`: that store in a file for its owner alone |
//! | [`address`] | base addresses, and which of them may be sent to |
//! | [`error`] | the one error type |
//! | `reqwest` | feature `reqwest`: the real transport and the system's clock |
//! | `sandbox` | feature `sandbox`: hosts an imitation of a service, in-process or on a socket, with faults to order |
//! | `testing` | feature `testing`: spoils good inputs, for tests of whatever reads foreign ones |
//!
//! What the clients built on it have in common is here too: [`ClientOptions`] for their builders, and [`Change`] for
//! their partial updates. Hazards such as "hazard A1" are those of the catalogue in `linx-core`'s documentation.

pub mod address;
mod change;
mod client_options;
pub mod clock;
pub mod credentials;
pub mod endpoint;
pub mod engine;
pub mod error;
mod error_messages;
mod json;
pub mod login;
pub mod pagination;
pub mod rate_limit;
#[cfg(feature = "reqwest")]
pub mod reqwest;
pub mod retry;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "token-file")]
pub mod token_file;
pub mod transport;

pub use change::Change;
pub use client_options::{ClientOptions, Engines};
pub use clock::{Clock, ManualClock, WrongClock};
pub use credentials::{Credentials, Grant, StaticHeader, Token, TokenCache};
pub use endpoint::{Carries, Endpoint, Raw, RetrySafety};
pub use engine::{Answer, Engine, EngineBuilder, OnWait, Wait, WaitReason};
pub use error::{Applied, Error, ErrorKind};
pub use login::{MemoryTokenStore, Refresh, StoredLogin, TokenPair, TokenStore};
pub use pagination::{Completeness, Guarded, List, ListBounds, Listing, Page, Paging, UnreadableRow};
pub use rate_limit::RateLimiter;
pub use retry::RetryPolicy;
pub use transport::{Sent, Transport, TransportError};
