//! An imitation of the service: a state machine that keeps what is written and refuses what the service would refuse.
//!
//! [`Sandbox`] is a [`linx_http::host::Service`]. Host it in-process ([`linx_http::host::InProcess`]) or on a loopback
//! socket (`linx_http::host::Server`); both take orders for faults. It answers REST and, beneath `/odata`, the data
//! warehouse, on any host. Ids come from counters: the same requests give the same answers.
//!
//! It follows the project's assumptions (`exaktime-wire-profile.md`) and enforces what is known: keys, paging, unique
//! identifiers, whole-object updates, whole addresses, no delete.

mod odata;
mod rest;
mod routes;
mod seed;
mod state;

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use linx_http::host::Service;

pub use state::{Approval, State, TimeRecord};

/// The key that the sandbox knows. Not a secret at all: it opens nothing but this imitation.
pub const SANDBOX_API_KEY: &str = "linx-sandbox-key";
/// A key that may only read.
pub const SANDBOX_READ_ONLY_KEY: &str = "linx-sandbox-read-only-key";

/// The imitation. Share it by `Arc` between its host and the test that looks into it.
pub struct Sandbox {
    state: Mutex<State>,
}

impl Sandbox {
    /// An account with nothing but the service's own cost codes in it.
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State::new()),
        }
    }

    /// An invented contractor: people, places and codes that were entered by hand, and two weeks of time.
    pub fn contractor() -> Self {
        Self {
            state: Mutex::new(seed::contractor()),
        }
    }

    /// Looks at the tables or changes them, as people do in ExakTime's pages: no rule is checked.
    pub fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Service for Sandbox {
    fn answer(&self, request: &http::Request<Bytes>, _now: DateTime<Utc>) -> http::Response<Bytes> {
        self.with_state(|state| routes::answer(state, request))
    }
}
