//! Hosts an imitation of a service: in-process as a [`Transport`], or on a loopback socket; with faults to order.
//!
//! A sandbox is a [`Service`]: a state machine without I/O. What can go wrong between it and a client is the same for
//! every service and stands here once.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request, Response};

use crate::clock::Clock;
use crate::transport::{Transport, TransportError};

pub mod answer;
#[cfg(feature = "sandbox-server")]
mod server;
#[cfg(feature = "sandbox-server")]
pub use server::Server;

/// A service as a state machine: one request in, one response out, at a given instant. It locks its own state.
pub trait Service: Send + Sync {
    /// Answers `request`, which arrived at `now`. The address in it is absolute.
    fn answer(&self, request: &Request<Bytes>, now: DateTime<Utc>) -> Response<Bytes>;
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
    Instead(Response<Bytes>),
    /// The service applies the request; this is answered instead.
    AnswerLost(Response<Bytes>),
    /// The service applies the request, and its answer takes this long.
    Slow(Duration),
    /// The service applies the request and no answer ever comes.
    Stall,
}

/// Which requests a fault meets.
#[derive(Debug, Clone)]
pub struct Order {
    /// The method, or any.
    pub method: Option<Method>,
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
    state: Arc<Mutex<FaultState>>,
}

#[derive(Debug, Default)]
struct FaultState {
    orders: Vec<Order>,
    /// Stalls that nobody waited for yet.
    stalls: usize,
    waiting: Vec<Waker>,
}

impl Faults {
    /// Orders a fault. Several orders are looked at in the order given; the first that is due applies.
    pub fn order(&self, order: Order) {
        self.lock().orders.push(order);
    }

    /// Takes back every order that is not used up.
    pub fn clear(&self) {
        let mut state = self.lock();
        state.orders.clear();
        state.stalls = 0;
    }

    /// Resolves when a request has met a [`Fault::Stall`], after the service applied it: the moment to kill a client.
    /// Each stall ends one wait, also one that begins later.
    pub fn stalled(&self) -> impl Future<Output = ()> + Send + use<> {
        let faults = self.clone();
        poll_fn(move |context| {
            let mut state = faults.lock();
            if state.stalls > 0 {
                state.stalls -= 1;
                return Poll::Ready(());
            }
            state.waiting.push(context.waker().clone());
            Poll::Pending
        })
    }

    /// The fault that meets this request, if one is due.
    fn due(&self, method: &Method, path: &str) -> Option<Fault> {
        let mut state = self.lock();
        let meets =
            |order: &Order| order.method.as_ref().is_none_or(|wanted| wanted == method) && path.contains(&order.path);
        for order in state.orders.iter_mut().filter(|order| meets(order) && order.times > 0) {
            if order.after > 0 {
                order.after -= 1;
                continue;
            }
            order.times -= 1;
            return Some(order.fault.clone());
        }
        None
    }

    fn note_stall(&self) {
        let mut state = self.lock();
        state.stalls += 1;
        state.waiting.drain(..).for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, FaultState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts the requests that reached a host, also those that a fault met there.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    seen: Arc<Mutex<HashMap<(Method, String), usize>>>,
}

impl Traffic {
    /// How many requests of this method (`None` for any) had `path_part` in their path since the start or the last
    /// [`Traffic::clear`].
    pub fn count(&self, method: Option<&Method>, path_part: &str) -> usize {
        self.lock()
            .iter()
            .filter(|((seen, path), _)| method.is_none_or(|wanted| wanted == seen) && path.contains(path_part))
            .map(|(_, count)| count)
            .sum()
    }

    /// Begins again from nothing.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn note(&self, method: &Method, path: &str) {
        *self.lock().entry((method.clone(), path.to_owned())).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Method, String), usize>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A service with its faults and its traffic, whatever hosts it.
struct Desk {
    service: Arc<dyn Service>,
    clock: Arc<dyn Clock>,
    faults: Faults,
    traffic: Traffic,
}

/// What a client gets to see.
enum Reply {
    Answer(Response<Bytes>),
    Slow(Response<Bytes>, Duration),
    Unreachable,
    Cut,
    Silence,
}

impl Desk {
    fn new(service: Arc<dyn Service>, clock: Arc<dyn Clock>) -> Self {
        Self {
            service,
            clock,
            faults: Faults::default(),
            traffic: Traffic::default(),
        }
    }

    fn reply(&self, request: &Request<Bytes>) -> Reply {
        let (method, path) = (request.method(), request.uri().path());
        let fault = self.faults.due(method, path);
        if matches!(fault, Some(Fault::Unreachable)) {
            return Reply::Unreachable;
        }
        self.traffic.note(method, path);
        let apply = || self.service.answer(request, self.clock.now());
        match fault {
            None => Reply::Answer(apply()),
            Some(Fault::Unreachable) => Reply::Unreachable,
            Some(Fault::CutBefore) => Reply::Cut,
            Some(Fault::CutAfter) => {
                apply();
                Reply::Cut
            }
            Some(Fault::Instead(answer)) => Reply::Answer(answer),
            Some(Fault::AnswerLost(answer)) => {
                apply();
                Reply::Answer(answer)
            }
            Some(Fault::Slow(span)) => Reply::Slow(apply(), span),
            Some(Fault::Stall) => {
                apply();
                self.faults.note_stall();
                Reply::Silence
            }
        }
    }
}

/// A service hosted in the same process, as a [`Transport`].
pub struct InProcess {
    desk: Desk,
}

impl InProcess {
    /// Hosts `service`, which sees the time of `clock`.
    pub fn new(service: Arc<dyn Service>, clock: Arc<dyn Clock>) -> Self {
        Self {
            desk: Desk::new(service, clock),
        }
    }

    /// The faults of this host.
    pub fn faults(&self) -> Faults {
        self.desk.faults.clone()
    }

    /// The requests that came.
    pub fn traffic(&self) -> Traffic {
        self.desk.traffic.clone()
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        match self.desk.reply(&request) {
            Reply::Answer(answer) => Ok(answer),
            Reply::Slow(answer, span) => {
                self.desk.clock.sleep(span).await;
                Ok(answer)
            }
            Reply::Unreachable => Err(TransportError::connect("the host is unreachable")),
            Reply::Cut => Err(TransportError::interrupted("the connection was cut")),
            Reply::Silence => std::future::pending().await,
        }
    }
}
