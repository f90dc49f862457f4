//! An imitation of the service: a state machine that keeps what is written and refuses what the service would refuse.
//!
//! [`Sandbox`] is a [`linx_http::sandbox::Service`]. Host it in-process ([`linx_http::sandbox::InProcess`]) or on a
//! loopback socket (`linx_http::sandbox::Server`); both take orders for faults. It answers REST and, beneath `/odata`,
//! the data warehouse, on any host. Ids come from counters: the same requests give the same answers.
//!
//! It follows the project's assumptions (exaktime-api.md section 8) and enforces what is known: keys, paging, unique
//! identifiers, whole-object updates, whole addresses, no delete. It can speak another [`Dialect`] than the assumed
//! one: what holds for a client on one holds on the other by configuration alone.

mod dialect;
mod login;
mod odata;
mod request;
mod rest;
mod routes;
mod seed;
mod small_company;
mod state;

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use linx_http::sandbox::Service;

pub use dialect::Dialect;
use dialect::Translator;
pub use login::{SANDBOX_API_KEY, SANDBOX_READ_ONLY_KEY};
pub use state::{Approval, ListFaults, PayPeriod, State, TimeRecord};

/// The imitation of one account. Share it by `Arc` between its host and the test that looks into it.
pub struct Sandbox {
    state: Mutex<State>,
    translator: Translator,
}

impl Sandbox {
    /// Returns an account with nothing but the service's own cost codes in it.
    pub fn new() -> Self {
        Self::of(State::new())
    }

    /// Returns an invented contractor: people, places and codes that were entered by hand, and two weeks of time.
    pub fn contractor() -> Self {
        Self::of(seed::contractor())
    }

    /// Returns an invented company that is small enough to be counted by hand: 4 people, 4 places, 3 codes of its own and
    /// the time of 2 to 15 March 2026, 26 records of 108.00 hours. The Procore client's sandbox has the same company.
    pub fn small_company() -> Self {
        Self::of(small_company::small_company())
    }

    fn of(state: State) -> Self {
        Self {
            state: Mutex::new(state),
            translator: Translator::of(Dialect::assumed()),
        }
    }

    /// Returns the same account in another dialect. A client of it needs the dialect's own profile.
    #[must_use]
    pub fn with_dialect(self, dialect: Dialect) -> Self {
        Self {
            translator: Translator::of(dialect),
            ..self
        }
    }

    /// Returns the id that the dialect gives the record that the tables have under `id`, as text.
    pub fn id_in_dialect(&self, id: &str) -> String {
        match self.translator.id_in_dialect(id.into()) {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// Looks at the tables or changes them, as people do in ExakTime's pages, and returns what `act` does: no rule is
    /// checked.
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
    fn answer(&self, request: &http::Request<Bytes>, now: DateTime<Utc>) -> http::Response<Bytes> {
        self.with_state(|state| routes::answer(state, &self.translator, request, now))
    }
}
