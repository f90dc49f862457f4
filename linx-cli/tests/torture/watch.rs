//! Both services as the torture sees them: it stands before them, counts and holds back what comes, and looks at the books
//! after each request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request, Response, StatusCode};
use linx_http::sandbox::Service;

use crate::judge::Books;
use crate::story::Phase;

/// What is done at a request, once.
pub type Blow = Box<dyn FnOnce() + Send>;

/// At which request.
pub struct Strike {
    pub number: u32,
    /// Whether only those count that change something.
    pub writes_only: bool,
    pub phase: Phase,
    pub blow: Blow,
}

/// What the torture and both services share.
pub struct Watch {
    pub books: Books,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    strike: Option<Strike>,
    writes: usize,
    breaches: Vec<String>,
}

impl Watch {
    pub fn new(books: Books) -> Self {
        Self {
            books,
            seen: Mutex::default(),
        }
    }

    /// Strikes once, from now on.
    pub fn strike(&self, strike: Strike) {
        self.seen().strike = Some(strike);
    }

    /// Does this as well, and first, at the strike that is set, if there is one.
    pub fn also(&self, act: impl FnOnce() + Send + 'static) {
        if let Some(strike) = self.seen().strike.as_mut() {
            let then = std::mem::replace(&mut strike.blow, Box::new(|| {}));
            strike.blow = Box::new(move || {
                act();
                then();
            });
        }
    }

    /// Strikes no more, and returns whether it still would have.
    pub fn calm(&self) -> bool {
        self.seen().strike.take().is_some()
    }

    /// How many requests that change something have come to either service, late ones when they came.
    pub fn writes(&self) -> usize {
        self.seen().writes
    }

    /// What was wrong at any moment until now.
    pub fn breaches(&self) -> Vec<String> {
        self.seen().breaches.clone()
    }

    /// The strike that is due with this request.
    fn due(&self, is_write: bool) -> Option<Strike> {
        let mut seen = self.seen();
        let strike = seen.strike.as_mut()?;
        if is_write || !strike.writes_only {
            strike.number -= 1;
        }
        if strike.number == 0 { seen.strike.take() } else { None }
    }

    fn note(&self, is_write: bool) {
        if is_write {
            let breach = self.books.breach();
            let mut seen = self.seen();
            seen.writes += 1;
            if let Some(breach) = breach.filter(|breach| !seen.breaches.contains(breach)) {
                seen.breaches.push(breach);
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A service behind the torture.
pub struct Watched {
    pub service: Arc<dyn Service>,
    pub watch: Arc<Watch>,
    /// What is on its way, and ahead of which of the next requests it arrives.
    pub late: Mutex<Vec<(u32, Request<Bytes>)>>,
}

impl Watched {
    fn apply(&self, request: &Request<Bytes>, now: DateTime<Utc>) -> Response<Bytes> {
        let answer = self.service.answer(request, now);
        self.watch.note(is_write(request));
        answer
    }

    fn deliver(&self, now: DateTime<Utc>) {
        let comes = |(ahead, _): &mut (u32, Request<Bytes>)| {
            *ahead -= 1;
            *ahead == 0
        };
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, request) in late.extract_if(.., comes) {
            self.apply(&request, now);
        }
    }
}

impl Service for Watched {
    fn answer(&self, request: &Request<Bytes>, now: DateTime<Utc>) -> Response<Bytes> {
        self.deliver(now);
        let Some(strike) = self.watch.due(is_write(request)) else {
            return self.apply(request, now);
        };
        match strike.phase {
            Phase::Before => {
                (strike.blow)();
                self.apply(request, now)
            }
            Phase::After => {
                let answer = self.apply(request, now);
                (strike.blow)();
                answer
            }
            Phase::Late(more) => {
                (strike.blow)();
                self.late
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((more, request.clone()));
                // Nobody is there to read it.
                let mut answer = Response::new(Bytes::new());
                *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                answer
            }
        }
    }
}

/// Whether a request changes something. Asking for a token changes nothing.
fn is_write(request: &Request<Bytes>) -> bool {
    request.method() != Method::GET && !request.uri().path().contains("token")
}
