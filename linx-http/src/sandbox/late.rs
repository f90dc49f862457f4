//! Requests that lost their sender and are still on their way.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;

use super::service::Service;
use crate::clock::Clock;

/// When a request that was held up reaches the service.
///
/// The service applies it ahead of the first request that comes when it is due. [`super::Faults::deliver`] delivers it
/// at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// When so many further requests to this host were answered.
    AfterRequests(u32),
    /// When so much time has passed on the host's clock.
    AfterTime(Duration),
    /// Only when a test delivers it.
    OnDelivery,
}

/// What is on its way to one service.
pub(super) struct Late {
    service: Arc<dyn Service>,
    clock: Arc<dyn Clock>,
    waiting: Mutex<Vec<Waiting>>,
}

struct Waiting {
    request: Request<Bytes>,
    due: Due,
}

enum Due {
    AfterRequests(u32),
    At(DateTime<Utc>),
    OnDelivery,
}

impl Late {
    pub(super) fn new(service: Arc<dyn Service>, clock: Arc<dyn Clock>) -> Self {
        Self {
            service,
            clock,
            waiting: Mutex::default(),
        }
    }

    /// Keeps a request until it is due.
    pub(super) fn keep(&self, request: Request<Bytes>, arrival: Arrival) {
        let due = match arrival {
            Arrival::AfterRequests(number) => Due::AfterRequests(number),
            Arrival::AfterTime(span) => Due::At(self.clock.now() + span),
            Arrival::OnDelivery => Due::OnDelivery,
        };
        self.lock().push(Waiting { request, due });
    }

    /// Lets the service apply what is due before the next request.
    pub(super) fn before_next(&self) {
        let now = self.clock.now();
        let due: Vec<Waiting> = self.lock().extract_if(.., |waiting| waiting.due.comes(now)).collect();
        self.apply(&due);
    }

    /// Lets the service apply everything, and says how much that was.
    pub(super) fn deliver(&self) -> usize {
        let all = std::mem::take(&mut *self.lock());
        self.apply(&all);
        all.len()
    }

    /// In the order in which it was sent. Nobody gets the answers.
    fn apply(&self, requests: &[Waiting]) {
        for waiting in requests {
            self.service.answer(&waiting.request, self.clock.now());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Due {
    /// Whether it comes ahead of a request of this moment; a request that it lets pass is counted.
    fn comes(&mut self, now: DateTime<Utc>) -> bool {
        match self {
            Self::AfterRequests(0) => true,
            Self::AfterRequests(number) => {
                *number -= 1;
                false
            }
            Self::At(time) => *time <= now,
            Self::OnDelivery => false,
        }
    }
}
