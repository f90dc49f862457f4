//! What goes wrong between Linx and Procore.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response};
use linx_http::sandbox::{Arrival, Deed, Fault, Order};
use procore_client::sandbox::{Entry, Sandbox};

use super::{Attack, ENTRIES};
use crate::small_company::OTHER_HANDS;

/// Requests an hour where nothing limits them.
const ENOUGH: u32 = 3600;

impl Attack {
    pub(super) fn order_faults(&mut self) {
        for _ in 0..self.rng.usize(0..4) {
            let order = self.fault();
            self.tell(format!("{order:?}"));
            self.harness.procore_faults.order(order);
        }
        if self.once_in(6) {
            let left = self.rng.u32(20..90);
            self.tell(format!("{left} requests an hour"));
            self.harness.procore.with_state(|state| state.hourly_limit = left);
        }
        if self.once_in(6) {
            self.lag();
        }
    }

    pub(super) fn clear_faults(&mut self) {
        self.harness.procore_faults.clear();
        self.harness.procore.with_state(|state| state.hourly_limit = ENOUGH);
        self.end_lag();
    }

    fn fault(&mut self) -> Order {
        let methods = [Method::POST, Method::PATCH, Method::DELETE, Method::GET];
        let method = methods[self.rng.usize(..methods.len())].clone();
        let arrival = self.arrival(&method);
        let fault = match self.rng.u8(0..15) {
            0 => Fault::CutAfter,
            1 => Fault::CutBefore,
            2 | 3 => Fault::CutThenApplied(arrival),
            4 => Fault::StallThenApplied(arrival),
            5 => Fault::Stall,
            6 => Fault::AnswerLost(answer(502, "<html>")),
            7 => Fault::AnswerLost(answer(200, "")),
            8 => Fault::Instead(answer(503, "<html>")),
            9 => Fault::Instead(answer(404, "<html>")),
            10 => Fault::AnswerLost(answer(403, "<html>")),
            11 if method == Method::GET => Fault::Stripped(vec![http::header::LINK, "total".parse().unwrap()]),
            12 | 13 => Fault::Twice,
            _ => Fault::Unreachable,
        };
        Order {
            method: Some(method),
            path: ENTRIES.into(),
            after: self.rng.u32(0..15),
            times: 1,
            fault,
        }
    }

    /// Mostly within the time that is waited for.
    fn arrival(&mut self, method: &Method) -> Arrival {
        match self.rng.u8(0..8) {
            0..=2 => Arrival::AfterRequests(0),
            3 if *method == Method::POST => {
                Arrival::AfterTime(Duration::from_secs(self.rng.u64(1..4) * 24 * 60 * 60 - 1))
            }
            _ => Arrival::AfterTime(Duration::from_secs(self.rng.u64(1..110))),
        }
    }

    /// The first lists of entries of the next run lack one of ours, and nothing of them shows it. One that a person copied, mark and
    /// all, is not seen to stand twice then, whatever is known of it.
    fn lag(&mut self) {
        let mut entries = self.harness.procore.entries();
        entries.retain(|entry| entry.id.get() < OTHER_HANDS);
        let Some(entry) = self.rng.choice(&entries).cloned() else {
            return;
        };
        if entries
            .iter()
            .filter(|other| other.origin_data == entry.origin_data)
            .count()
            > 1
        {
            return;
        }
        let lists = self.rng.u32(0..3);
        self.tell(format!("{} lists lack {entry:?}", lists + 1));
        self.harness.procore.with_state(|state| state.entries.remove(&entry.id));
        *self.lagging.lock().unwrap() = Some(entry);
        let (procore, lagging) = (Arc::clone(&self.harness.procore), Arc::clone(&self.lagging));
        let back = Deed::new(move || put_back(&procore, &lagging));
        self.harness.procore_faults.order(Order {
            method: Some(Method::GET),
            path: ENTRIES.into(),
            after: lists,
            times: 1,
            fault: Fault::Then(back),
        });
    }

    /// The lists are up to date again.
    pub(super) fn end_lag(&mut self) {
        put_back(&self.harness.procore, &self.lagging);
    }
}

/// The lists have the entry that they lacked.
fn put_back(procore: &Sandbox, lagging: &Mutex<Option<Entry>>) {
    if let Some(entry) = lagging.lock().unwrap().take() {
        procore.with_state(|state| {
            state.entries.entry(entry.id).or_insert(entry);
        });
    }
}

fn answer(status: u16, body: &'static str) -> Response<Bytes> {
    let answer = Response::builder().status(status).header("content-type", "text/html");
    answer.body(Bytes::from_static(body.as_bytes())).unwrap()
}
