//! Faults to order: what goes wrong between a client and a service.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderName;
use http::{Method, Response};

use super::late::{Arrival, Late};

/// What goes wrong with one request.
#[derive(Debug, Clone)]
#[non_exhaustive]
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
    /// The connection breaks, and the service applies the request later (hazard A15).
    CutThenApplied(Arrival),
    /// No answer ever comes, and the service applies the request later, also when the client is gone by then (hazard
    /// A15).
    StallThenApplied(Arrival),
    /// The service applies the request twice, as when a gateway repeats it. The answer is the second one.
    Twice,
    /// The service applies the request, and these headers are missing from its answer, as behind a proxy that lost
    /// them (hazard A17).
    Stripped(Vec<HeaderName>),
    /// The request is answered as ever, and then somebody does something before the next one comes: an edit between
    /// what a client reads and what it writes (hazard B16).
    Then(Deed),
    /// The service applies the request, somebody does something, and the connection breaks before the answer: an edit of
    /// what a client has yet to find.
    CutAfterThen(Deed),
}

/// What somebody does beside the client, such as a change of the service's tables.
#[derive(Clone)]
pub struct Deed(Arc<dyn Fn() + Send + Sync>);

impl Deed {
    /// A deed that is done each time its order is met.
    pub fn new(act: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(act))
    }

    pub(super) fn act(&self) {
        (self.0)();
    }
}

impl std::fmt::Debug for Deed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Deed")
    }
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
#[derive(Clone)]
pub struct Faults {
    state: Arc<Mutex<FaultState>>,
    late: Arc<Late>,
}

#[derive(Debug, Default)]
struct FaultState {
    orders: Vec<Order>,
    /// Stalls that nobody waited for yet.
    stalls: usize,
    waiting: Vec<Waker>,
}

impl Faults {
    pub(super) fn new(late: Arc<Late>) -> Self {
        Self {
            state: Arc::default(),
            late,
        }
    }

    /// Orders a fault. Several orders are looked at in the order given; the first that is due applies.
    pub fn order(&self, order: Order) {
        self.lock().orders.push(order);
    }

    /// Takes back every order that is not used up. What is on its way already stays there.
    pub fn clear(&self) {
        let mut state = self.lock();
        state.orders.clear();
        state.stalls = 0;
    }

    /// Delivers every request that is on its way: the service applies them in the order in which they were sent. Returns
    /// how many they were.
    pub fn deliver(&self) -> usize {
        self.late.deliver()
    }

    /// Resolves when a request has met a [`Fault::Stall`], after the service applied it, or a
    /// [`Fault::StallThenApplied`], before it does: the moment to kill a client. Each stall ends one wait, also one that begins later.
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
    pub(super) fn due(&self, method: &Method, path: &str) -> Option<Fault> {
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

    pub(super) fn note_stall(&self) {
        let mut state = self.lock();
        state.stalls += 1;
        state.waiting.drain(..).for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, FaultState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Faults")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
