//! Hosts an imitation of a service: in-process as a [`Transport`], or on a loopback socket; with faults to order.
//!
//! A sandbox is a [`Service`]: a state machine without I/O. What can go wrong between it and a client is the same for
//! every service and stands here once.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::transport::{Transport, TransportError};

/// A service as a state machine: one request in, one response out, at a given instant. It locks its own state.
pub trait Service: Send + Sync {
    /// Answers `request`, which arrived at `now`. The address in it is absolute.
    fn answer(&self, request: &http::Request<Bytes>, now: DateTime<Utc>) -> http::Response<Bytes>;
}

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The connection cannot be made; the service never sees the request.
    Unreachable,
    /// The connection breaks before the service sees the request; the client cannot know that.
    CutBefore,
    /// The service applies the request and the connection breaks before the answer (hazard A1).
    CutAfter,
    /// The service never sees the request; this is answered instead.
    Instead(http::Response<Bytes>),
    /// The service applies the request; this is answered instead.
    AnswerLost(http::Response<Bytes>),
    /// The service applies the request and no answer ever comes.
    Stall,
}

/// Which requests a fault meets.
#[derive(Debug, Clone)]
pub struct Order {
    /// The method, or any.
    pub method: Option<http::Method>,
    /// A part of the path; empty meets every path.
    pub path: String,
    /// How many matching requests pass unharmed first.
    pub after: u32,
    /// How many are then met.
    pub times: u32,
    /// What happens to them.
    pub fault: Fault,
}

/// The faults that are ordered and not used up yet, shared by a host and the test that orders them.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    _orders: Arc<Mutex<Vec<Order>>>,
}

impl Faults {
    /// Orders a fault. Several orders are looked at in the order given; the first that is due applies.
    pub fn order(&self, _order: Order) {
        todo!()
    }
}

/// A service hosted in the same process, as a [`Transport`].
pub struct InProcess {
    _service: Arc<dyn Service>,
    _clock: Arc<dyn Clock>,
    _faults: Faults,
}

impl InProcess {
    /// Hosts `service`, which sees the time of `clock`.
    pub fn new(_service: Arc<dyn Service>, _clock: Arc<dyn Clock>) -> Self {
        todo!()
    }

    /// The faults of this host.
    pub fn faults(&self) -> Faults {
        todo!()
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, _request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        todo!()
    }
}

#[cfg(feature = "sandbox-server")]
pub use server::Server;

#[cfg(feature = "sandbox-server")]
mod server {
    use super::{Arc, Clock, Faults, Service};

    /// A service on a loopback socket, until dropped.
    pub struct Server {
        _private: (),
    }

    impl Server {
        /// Listens on `127.0.0.1:port`; port 0 takes a free one. Errors when the port is taken.
        pub async fn start(_service: Arc<dyn Service>, _clock: Arc<dyn Clock>, _port: u16) -> std::io::Result<Self> {
            todo!()
        }

        /// The base address, such as `http://127.0.0.1:7700`.
        pub fn address(&self) -> url::Url {
            todo!()
        }

        /// The faults of this host.
        pub fn faults(&self) -> Faults {
            todo!()
        }
    }
}
