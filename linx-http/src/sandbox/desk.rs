//! Where a host takes a request to: it may meet a fault, it is counted, and the service answers it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::DATE;
use http::{Request, Response};

use super::answer::set;
use super::faults::{Fault, Faults};
use super::late::Late;
use super::service::Service;
use super::traffic::Traffic;
use crate::clock::Clock;

/// A service with its faults and its traffic, whatever hosts it.
pub(super) struct Desk {
    service: Arc<dyn Service>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) faults: Faults,
    pub(super) traffic: Traffic,
    late: Arc<Late>,
}

/// What a client gets to see.
pub(super) enum Reply {
    Answer(Response<Bytes>),
    Slow(Response<Bytes>, Duration),
    Unreachable,
    Cut,
    Silence,
}

impl Desk {
    pub(super) fn new(service: Arc<dyn Service>, clock: Arc<dyn Clock>) -> Self {
        let late = Arc::new(Late::new(Arc::clone(&service), Arc::clone(&clock)));
        Self {
            service,
            clock,
            faults: Faults::new(Arc::clone(&late)),
            traffic: Traffic::default(),
            late,
        }
    }

    pub(super) fn reply(&self, request: &Request<Bytes>) -> Reply {
        let (method, path) = (request.method(), request.uri().path());
        let fault = self.faults.due(method, path);
        if matches!(fault, Some(Fault::Unreachable)) {
            return Reply::Unreachable;
        }
        self.traffic.note(method, path);
        self.late.before_next();
        let apply = || self.dated(self.service.answer(request, self.clock.now()));
        match fault {
            None => Reply::Answer(apply()),
            Some(Fault::Unreachable) => Reply::Unreachable,
            Some(Fault::CutBefore) => Reply::Cut,
            Some(Fault::CutAfter) => {
                apply();
                Reply::Cut
            }
            Some(Fault::Instead(answer)) => Reply::Answer(self.dated(answer)),
            Some(Fault::AnswerLost(answer)) => {
                apply();
                Reply::Answer(self.dated(answer))
            }
            Some(Fault::Slow(span)) => Reply::Slow(apply(), span),
            Some(Fault::Stall) => {
                apply();
                self.faults.note_stall();
                Reply::Silence
            }
            Some(Fault::CutThenApplied(arrival)) => {
                self.late.keep(request.clone(), arrival);
                Reply::Cut
            }
            Some(Fault::StallThenApplied(arrival)) => {
                self.late.keep(request.clone(), arrival);
                self.faults.note_stall();
                Reply::Silence
            }
            Some(Fault::Twice) => {
                apply();
                Reply::Answer(apply())
            }
            Some(Fault::Stripped(names)) => {
                let mut answer = apply();
                for name in names {
                    answer.headers_mut().remove(name);
                }
                Reply::Answer(answer)
            }
            Some(Fault::CutAfterThen(deed)) => {
                apply();
                deed.act();
                Reply::Cut
            }
            Some(Fault::Then(deed)) => {
                let answer = apply();
                deed.act();
                Reply::Answer(answer)
            }
        }
    }

    /// The answer with the host's time, as every server sends it, unless it says another itself.
    fn dated(&self, mut answer: Response<Bytes>) -> Response<Bytes> {
        if !answer.headers().contains_key(DATE) {
            let date = self.clock.now().format("%a, %d %b %Y %H:%M:%S GMT");
            set(&mut answer, DATE, &date.to_string());
        }
        answer
    }
}
