//! An imitation of the service: a state machine that keeps what is written and refuses what Procore refuses.
//!
//! Host a [`Sandbox`] in the same process ([`linx_http::sandbox::InProcess`]) or on a loopback socket
//! (`linx_http::sandbox::Server`); both take orders for faults. It answers on any host, for the API and the login
//! alike. Ids come from counters and times from the clock of the host, so that the same requests give the same answers.
//!
//! Resources are grouped by what they are about, each answered in one file: `company` (settings, application,
//! permissions), `directory` (people, users, memberships), `projects` (projects, sub-jobs, tools), `codes` (cost codes, cost
//! types, time types, classifications), `wbs` (segments), `timecards` and `timesheets`. `routes` knows which path goes where,
//! `tables` the rows, `state` where they are kept, `seed` the contractor that a test begins with.
//!
//! Its rules are those of [`guide::procore_api`](crate::guide::procore_api). Where that is silent the sandbox chooses,
//! and says so there.

mod access;
mod answer;
mod application;
mod codes;
mod company;
mod directory;
mod entry_rows;
mod entry_rules;
mod entry_store;
mod fields;
mod hours;
mod limits;
mod login;
mod page;
mod projects;
mod query;
mod routes;
mod seed;
mod small_company;
mod state;
mod tables;
mod timecards;
mod timesheets;
mod wbs;

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use linx_http::sandbox::Service;

pub use application::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, SANDBOX_USER_ID};
pub use state::{BetweenPages, CODE_LIST, CODE_SEGMENT, ListFault, OriginIds, OvertimeRule, State};
pub use tables::{
    CompanyCode, Configuration, Entry, Person, Project, ProjectCode, RecordedChange, SubJob, TimeType, Timesheet,
    WorkClassification,
};

/// The imitation of one company. Share it by `Arc` between its host and the test that inspects it.
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

    /// An invented contractor: 27 people, projects in five time zones, sub jobs and cost codes; no time yet.
    pub fn contractor() -> Self {
        Self {
            state: Mutex::new(seed::contractor()),
        }
    }

    /// An invented company that is small enough to be counted by hand: 4 people, 2 projects, 2 sub jobs and 3 cost codes.
    /// The sandbox of the field client has a fortnight of its time, which comes to 28 timesheet lines and 108.00 hours.
    pub fn small_company() -> Self {
        Self {
            state: Mutex::new(small_company::small_company()),
        }
    }

    /// Reads the tables or changes them, as people do in Procore's pages. No rule is checked.
    pub fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the entries that are not deleted, by id.
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
