//! An imitation of the service: a state machine that keeps what is written and refuses what Procore refuses.
//!
//! [`Sandbox`] is a [`linx_http::sandbox::Service`]. Host it in-process ([`linx_http::sandbox::InProcess`]) or on a loopback
//! socket (`linx_http::sandbox::Server`); both take orders for faults. It answers on any host, for the API and the login
//! alike. Ids come from counters, times from the clock of the host: the same requests give the same answers.
//!
//! Its rules are those of the reference; where that is silent it chooses, and says so where it does.

mod answer;
mod directory;
mod hours;
mod jobs;
mod limits;
mod login;
mod projects;
mod routes;
mod seed;
mod state;
mod timecards;
mod timesheets;

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use linx_http::sandbox::Service;

use crate::ids::CompanyId;

pub use state::{
    Between, CODE_LIST, CODE_SEGMENT, Change, CompanyCode, Configuration, Entry, ListFault, OvertimeRule, Person,
    Project, ProjectCode, State, SubJob, TimeType, Timesheet, WorkClassification,
};

/// The application id that the sandbox knows.
pub const SANDBOX_CLIENT_ID: &str = "linx-sandbox";
/// Its secret. Not a secret at all: it opens nothing but this imitation.
pub const SANDBOX_CLIENT_SECRET: &str = "linx-sandbox-secret";
/// The only company that the sandbox's application is connected to.
pub const SANDBOX_COMPANY_ID: CompanyId = CompanyId::new(562_949_953_421_001);

/// The imitation. Share it by `Arc` between its host and the test that looks into it.
pub struct Sandbox {
    state: Mutex<State>,
}

impl Sandbox {
    /// A company with nothing but cost types and time types in it.
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State::new()),
        }
    }

    /// An invented contractor: people, projects in five time zones, sub jobs, cost codes; no time yet.
    pub fn contractor() -> Self {
        Self {
            state: Mutex::new(seed::contractor()),
        }
    }

    /// Looks at the tables or changes them, as people do in Procore's pages: no rule is checked.
    pub fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The entries that are not deleted, by id.
    pub fn entries(&self) -> Vec<Entry> {
        self.with_state(|state| state.live_entries().cloned().collect())
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Service for Sandbox {
    fn answer(&self, request: &http::Request<Bytes>, now: DateTime<Utc>) -> http::Response<Bytes> {
        self.with_state(|state| routes::answer(state, request, now))
    }
}
