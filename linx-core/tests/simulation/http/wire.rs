//! The wire between a client and its service: each request waits for its turn, and meets what a history has in store for it.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use http::{Method, Request, Response, StatusCode};
use linx_http::sandbox::answer::json;
use linx_http::{Sent, Transport, TransportError};
use serde_json::json;

use super::{Sandboxes, Service, dated, spoil};
use crate::calls::{Caller, Fault, of_fault};
use crate::world::{Letter, World};

/// After so many seconds a client does not wait any more.
const PATIENCE: u16 = 60;
/// For so many seconds a write may wait in the engine, for a limit or to be tried again.
const WAITS: i64 = 15;
/// For so many seconds a path is out of order: longer than a client tries.
const OUTAGE: i64 = 20;

pub struct Wire {
    pub caller: Arc<Caller>,
    pub sandboxes: Arc<Sandboxes>,
    pub service: Service,
}

type Answer = Result<Response<Bytes>, TransportError>;

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        let fault = self.caller.turn().await;
        let is_login = request.uri().path().starts_with("/oauth/");
        if request.method() == Method::GET || is_login {
            self.read(&request, fault)
        } else {
            self.caller.written(fault, |fault| self.write(request, fault)).await
        }
    }
}

impl Wire {
    fn read(&self, request: &Request<Bytes>, fault: Option<Fault>) -> Answer {
        let mut world = self.caller.world.lock();
        let (path, list) = (request.uri().path(), list_of(request));
        let fault = fault.or_else(|| world.ailing.get(list?).copied());
        self.caller.tell_fault(&mut world, list.unwrap_or(path), fault);
        let lacks = matches!(fault, Some(Fault::Stale | Fault::Empty));
        world.is_fooled |= lacks && list == Some("entries") && (world.is_forgetful || world.has_just_arrived());
        if self.sandboxes.is_down(path, world.now) {
            return Ok(busy(&world));
        }
        if let Some(refusal) = self.sandboxes.over_limit(self.service, world.now) {
            return Ok(refusal);
        }
        match fault {
            Some(Fault::LostBefore) => return cut(),
            Some(Fault::AnswerLost | Fault::Later(_)) => {
                let until = world.now + TimeDelta::seconds(OUTAGE);
                self.sandboxes.down.lock().unwrap().insert(path.to_owned(), until);
                return Ok(busy(&world));
            }
            Some(Fault::WrongAnswer) => {
                let refusal = json(StatusCode::FORBIDDEN, &json!({"message": "not permitted"}));
                return Ok(dated(refusal, world.now));
            }
            Some(Fault::Limit(seconds)) => return Ok(self.limit(&world, seconds)),
            Some(Fault::Slow(seconds)) => {
                world.pass(TimeDelta::seconds(seconds.min(PATIENCE).into()));
                if seconds > PATIENCE {
                    return timeout();
                }
            }
            _ => {}
        }
        if is_further_page(request) {
            world.meet("http further page");
        }
        let sent = self.caller.sent(&world, TimeDelta::zero());
        let answer = self.sandboxes.answer(self.service, &mut world, request, sent);
        spoil::spoiled(answer, fault)
    }

    fn write(&self, request: Request<Bytes>, fault: Option<Fault>) -> Answer {
        let mut world = self.caller.world.lock();
        let words = words(&request);
        world.tell(format!("{} sends: {words}{}", self.caller.name, of_fault(fault)));
        self.caller.tell_fault(&mut world, "", fault);
        if let Some(refusal) = self.sandboxes.over_limit(self.service, world.now) {
            return Ok(refusal);
        }
        let (sandboxes, service) = (self.sandboxes.clone(), self.service);
        let sent = self.caller.sent(&world, TimeDelta::seconds(WAITS));
        let apply = move |world: &mut World| sandboxes.answer(service, world, &request, sent);
        let later = |world: &mut World, seconds: u16| {
            let open = apply.clone();
            world.under_way.push(Letter {
                arrives: sent.left + TimeDelta::seconds(seconds.into()),
                words,
                open: Box::new(move |world| drop(open(world))),
            });
        };
        match fault {
            // Of one thing that is asked for nothing is the half.
            Some(Fault::LostBefore | Fault::Half) => cut(),
            Some(Fault::AnswerLost) => {
                drop(apply(&mut world));
                cut()
            }
            Some(Fault::Later(seconds)) => {
                later(&mut world, seconds);
                cut()
            }
            Some(Fault::Twice) => {
                drop(apply(&mut world));
                world.repeats = true;
                let answer = apply(&mut world);
                world.repeats = false;
                Ok(answer)
            }
            Some(Fault::WrongAnswer) => {
                drop(apply(&mut world));
                Ok(anothers(&world))
            }
            Some(Fault::Limit(seconds)) => Ok(self.limit(&world, seconds)),
            Some(Fault::Slow(seconds)) if seconds > PATIENCE => {
                later(&mut world, seconds);
                world.pass(TimeDelta::seconds(PATIENCE.into()));
                timeout()
            }
            Some(Fault::Slow(seconds)) => {
                world.pass(TimeDelta::seconds(seconds.into()));
                Ok(apply(&mut world))
            }
            Some(Fault::Stale | Fault::Partial | Fault::Unreadable | Fault::Empty) | None => Ok(apply(&mut world)),
        }
    }

    /// The limit is used up from now on.
    fn limit(&self, world: &World, seconds: u16) -> Response<Bytes> {
        let until = world.now + TimeDelta::seconds(seconds.into());
        self.sandboxes.limited.lock().unwrap().insert(self.service, until);
        self.sandboxes.over_limit(self.service, world.now).unwrap()
    }
}

fn cut() -> Answer {
    Err(TransportError::interrupted("the connection was cut"))
}

fn timeout() -> Answer {
    Err(TransportError::timeout(Sent::Maybe, "nobody answered"))
}

fn busy(world: &World) -> Response<Bytes> {
    page(StatusCode::SERVICE_UNAVAILABLE, world)
}

/// What something in between answers in place of the service. Which of them goes by the time.
fn anothers(world: &World) -> Response<Bytes> {
    let statuses = [502, 200, 403, 500, 404, 302, 401, 504];
    let nth = usize::try_from(world.now.timestamp_millis() / 40).unwrap() % statuses.len();
    page(StatusCode::from_u16(statuses[nth]).unwrap(), world)
}

fn page(status: StatusCode, world: &World) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from_static(b"<html>Gateway</html>"));
    *answer.status_mut() = status;
    dated(answer, world.now)
}

/// Which list a request reads, by the words of [`crate::calls::LISTS`].
fn list_of(request: &Request<Bytes>) -> Option<&'static str> {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    let ends = |end: &str| path.ends_with(end);
    Some(match path {
        _ if ends("/people") || ends("/people/inactive") => "workers",
        _ if ends("/projects") => "projects",
        _ if ends("/sub_jobs") => "sub-jobs",
        _ if path.contains("/work_breakdown_structure/") || path.contains("/standard_cost_code") => "cost codes",
        _ if ends("/cost_codes") => "project codes",
        _ if ends("/timecard_entries") && query.contains("deleted_at") => "deleted entries",
        _ if ends("/timecard_entries") => "entries",
        _ if ends("/Persons/Employees") => "employees",
        _ if ends("/Locations") => "locations",
        _ if ends("/CostCodes") => "field codes",
        _ if ends("/DwTimeRecords") && query.contains("desc") => "last refresh",
        _ if ends("/DwTimeRecords") => "time",
        _ => return None,
    })
}

fn is_further_page(request: &Request<Bytes>) -> bool {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = query.split('&').filter_map(|pair| pair.rsplit_once('='));
    pairs.any(|(name, value)| {
        let first = if name.ends_with("skip") { "0" } else { "1" };
        matches!(name, "page" | "pageNumber" | "$skip" | "%24skip") && value != first
    })
}

fn words(request: &Request<Bytes>) -> String {
    let body = String::from_utf8_lossy(request.body());
    format!("{} {} {body}", request.method(), request.uri().path())
}
