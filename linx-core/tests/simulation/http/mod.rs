//! The same histories through HTTP: the clients, their engine and Linx's own adapters, with both sandboxes behind them.
//!
//! The world stays what is true. Before a request is answered, the sandbox's tables are made what the world has; what the request did
//! to them the world sees afterwards, as if it had been asked at its port. So deeds and judges know nothing of HTTP, and whatever the
//! clients and adapters get wrong is a difference that the judges see.

mod field;
mod office;
mod spoil;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use exaktime_client::sandbox::SANDBOX_API_KEY;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderName, Method, Request, Response, StatusCode};
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::adapters::procore::ProcoreOffice;
use linx_http::sandbox::Service as _;
use linx_http::sandbox::answer::{json, set};
use procore_client::sandbox::{OriginIds, SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};
use serde_json::json;

use crate::calls::Caller;
use crate::clock::OurClock;
use crate::model::events::Sent;
use crate::world::World;
use wire::Wire;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    Procore,
    ExakTime,
}

/// Both services of a history.
pub struct Sandboxes {
    procore: procore_client::sandbox::Sandbox,
    exaktime: exaktime_client::sandbox::Sandbox,
    /// Until when a service refuses all, for its limit is used up.
    limited: Mutex<BTreeMap<Service, DateTime<Utc>>>,
    /// Until when a path is out of order.
    down: Mutex<BTreeMap<String, DateTime<Utc>>>,
}

impl Sandboxes {
    /// Empty ones. How long their pages are, what ids they take and how many requests is drawn from the seed.
    pub fn of(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed ^ 0x477);
        let sandboxes = Self {
            procore: procore_client::sandbox::Sandbox::new(),
            exaktime: exaktime_client::sandbox::Sandbox::new(),
            limited: Mutex::default(),
            down: Mutex::default(),
        };
        sandboxes.procore.with_state(|state| {
            office::begin(state);
            state.max_per_page = rng.bool().then(|| rng.usize(2..6));
            state.origin_ids = [OriginIds::Text, OriginIds::Numbers][rng.usize(..2)];
            state.ten_second_limit = (rng.u8(0..4) == 0).then(|| rng.u32(20..60));
        });
        sandboxes.exaktime.with_state(|state| {
            state.max_page_size = if rng.bool() { rng.usize(2..6) } else { 100 };
            state.max_odata_rows = if rng.bool() { rng.usize(2..6) } else { 1000 };
        });
        sandboxes
    }

    /// Both sides as a run has them: its process is a new one.
    pub fn sides(self: &Arc<Self>, caller: &Arc<Caller>, wrong_by: TimeDelta) -> (ProcoreOffice, ExakTimeField) {
        let clock = Arc::new(OurClock {
            world: caller.world.clone(),
            wrong_by,
        });
        let wire = |service| {
            Arc::new(Wire {
                caller: caller.clone(),
                sandboxes: self.clone(),
                service,
            })
        };
        let procore = procore_client::Client::builder(SANDBOX_COMPANY_ID)
            .client_credentials(SANDBOX_CLIENT_ID.into(), SANDBOX_CLIENT_SECRET.to_owned().into())
            .transport(wire(Service::Procore))
            .clock(clock.clone())
            .build();
        let exaktime = exaktime_client::Client::builder()
            .api_key(SANDBOX_API_KEY.to_owned().into())
            .transport(wire(Service::ExakTime))
            .clock(clock)
            .build();
        (
            ProcoreOffice::new(procore.unwrap()),
            ExakTimeField::new(exaktime.unwrap()),
        )
    }

    /// Answers a request as the service does in the world as it is, and has the world see what came of it.
    fn answer(&self, service: Service, world: &mut World, request: &Request<Bytes>, sent: Sent) -> Response<Bytes> {
        let writes = request.method() != Method::GET;
        let answer = match service {
            Service::Procore => {
                let before = self.procore.with_state(|state| {
                    office::show(world, state);
                    writes.then(|| state.entries.clone())
                });
                let answer = self.procore.answer(request, world.now);
                if let Some(before) = before {
                    self.procore
                        .with_state(|state| office::see(world, &before, state, request, sent));
                }
                answer
            }
            Service::ExakTime => {
                let before = self.exaktime.with_state(|state| {
                    field::show(world, state);
                    writes.then(|| field::records(state))
                });
                let answer = self.exaktime.answer(request, world.now);
                if let Some(before) = before {
                    self.exaktime
                        .with_state(|state| field::see(world, &before, state, sent));
                }
                answer
            }
        };
        world.meet(format!("http {} {}", request.method(), answer.status().as_u16()));
        dated(answer, world.now)
    }

    /// The refusal of a service whose limit is used up.
    fn over_limit(&self, service: Service, now: DateTime<Utc>) -> Option<Response<Bytes>> {
        let until = *self
            .limited
            .lock()
            .unwrap()
            .get(&service)
            .filter(|until| now < **until)?;
        let mut answer = json(StatusCode::TOO_MANY_REQUESTS, &json!({"message": "too many requests"}));
        match service {
            Service::Procore => {
                let reset = until.timestamp().to_string();
                for (name, value) in [("limit", "3600"), ("remaining", "0"), ("reset", &reset)] {
                    let name: HeaderName = format!("x-rate-limit-{name}").parse().unwrap();
                    set(&mut answer, name, value);
                }
            }
            Service::ExakTime => set(&mut answer, RETRY_AFTER, &(until - now).num_seconds().to_string()),
        }
        Some(dated(answer, now))
    }

    fn is_down(&self, path: &str, now: DateTime<Utc>) -> bool {
        self.down.lock().unwrap().get(path).is_some_and(|until| now < *until)
    }
}

/// An answer with the time of the service, as every server sends it.
fn dated(mut answer: Response<Bytes>, now: DateTime<Utc>) -> Response<Bytes> {
    let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    set(&mut answer, DATE, &date);
    answer
}
