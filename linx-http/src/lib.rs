//! Sends request values safely: what may be repeated is declared, what may have been sent is known.
//!
//! The engine beneath `procore-client` and `exaktime-client`. It knows no vendor. A request is an [`Endpoint`], a value
//! that says what it asks, what it answers and whether it may be repeated. An [`Engine`] sends it: credentials, pacing,
//! sending, judging, waiting and trying again are in that one place. I/O enters through the [`Transport`] port, time
//! and chance through the [`Clock`] port, so that everything above runs in a test without a network or a real second.
//!
//! | room | holds |
//! | --- | --- |
//! | [`transport`] | the port to the network, and whether a failed request may have been sent |
//! | [`endpoint`] | requests as values |
//! | [`engine`] | credentials → rate limit → send → judge → wait → again |
//! | [`retry`] | the decision to try again, as a pure function |
//! | [`rate_limit`] | what the servers' rate-limit headers told |
//! | [`pagination`] | lists that prove completeness |
//! | [`credentials`] | static headers, and tokens renewed one at a time |
//! | [`login`] | a login of a person: refreshed once for all processes, stored before it is used |
//! | `token_file` | feature `token-file`: that store in a file for its owner alone |
//! | [`clock`] | now, sleep and chance; a manual one for tests |
//! | [`error`] | the one error type |
//! | `sandbox` | feature `sandbox`: hosts an imitation of a service, in-process or on a socket, with faults to order |

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
#[cfg(feature = "token-file")]
pub mod token_file;
pub mod transport;

pub use change::Change;
pub use client_options::{ClientOptions, Engines};
pub use clock::{Clock, ManualClock};
pub use credentials::{Credentials, Grant, StaticHeader, Token, TokenCache};
pub use endpoint::{Endpoint, Raw, RetrySafety};
pub use engine::{Answer, Engine, EngineBuilder, OnWait, Wait, WaitReason};
pub use error::{Applied, Error, ErrorKind};
pub use login::{MemoryTokenStore, Refresh, StoredLogin, TokenPair, TokenStore};
pub use pagination::{Completeness, Guarded, List, Listing, Page, Paging};
pub use rate_limit::RateLimiter;
pub use retry::RetryPolicy;
pub use transport::{Sent, Transport, TransportError};
