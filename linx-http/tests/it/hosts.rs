//! A service hosted in-process, and what can be ordered to go wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::{Either, select};
use http::{Method, Request, Response};
use linx_http::sandbox::{Arrival, Deed, Fault, InProcess, Order, Service};
use linx_http::transport::Failure;
use linx_http::{Clock, Sent, Transport};

use crate::scripted::{clock, start};

/// Counts what it applies and keeps the last request and its time.
#[derive(Default)]
pub struct Counter {
    pub applied: AtomicUsize,
    pub last: Mutex<Option<(Request<Bytes>, DateTime<Utc>)>>,
}

impl Service for Counter {
    fn answer(&self, request: &Request<Bytes>, now: DateTime<Utc>) -> Response<Bytes> {
        let number = self.applied.fetch_add(1, Ordering::SeqCst) + 1;
        *self.last.lock().unwrap() = Some((request.clone(), now));
        let answer = Response::builder()
            .status(201)
            .header("content-type", "application/json")
            .header("link", "</a>; rel=\"prev\"")
            .header("link", "</b>; rel=\"next\"");
        answer.body(Bytes::from(number.to_string())).unwrap()
    }
}

pub fn request(method: Method, address: &str) -> Request<Bytes> {
    let request = Request::builder().method(method).uri(address);
    request.body(Bytes::from_static(b"{}")).unwrap()
}

pub fn order(fault: Fault) -> Order {
    Order {
        method: None,
        path: String::new(),
        after: 0,
        times: 1,
        fault,
    }
}

pub fn gateway() -> Response<Bytes> {
    Response::builder()
        .status(502)
        .body(Bytes::from_static(b"<html>"))
        .unwrap()
}

fn things() -> Request<Bytes> {
    request(Method::POST, "https://api.example/things?q=1")
}

#[tokio::test]
async fn every_fault_does_what_it_says() {
    let cases = [
        (Fault::Unreachable, 0, 0, Err((Sent::No, Failure::Connect))),
        (Fault::CutBefore, 0, 1, Err((Sent::Maybe, Failure::Interrupted))),
        (Fault::CutAfter, 1, 1, Err((Sent::Maybe, Failure::Interrupted))),
        (Fault::Instead(gateway()), 0, 1, Ok(502)),
        (Fault::AnswerLost(gateway()), 1, 1, Ok(502)),
    ];
    for (fault, applied, seen, expected) in cases {
        let service = Arc::new(Counter::default());
        let host = InProcess::new(service.clone(), clock());
        host.faults().order(order(fault.clone()));
        let answer = host.send(things()).await;
        assert_eq!(
            answer
                .map(|answer| answer.status().as_u16())
                .map_err(|error| (error.sent, error.failure)),
            expected,
            "{fault:?}"
        );
        assert_eq!(service.applied.load(Ordering::SeqCst), applied, "{fault:?}");
        assert_eq!(host.traffic().count(None, ""), seen, "{fault:?}");
        assert_eq!(host.send(things()).await.unwrap().status(), 201, "an order is used up");
    }
}

#[tokio::test]
async fn a_slow_answer_takes_its_time_on_the_clock() {
    let clock = clock();
    let host = InProcess::new(Arc::new(Counter::default()), clock.clone());
    host.faults().order(order(Fault::Slow(Duration::from_secs(40))));
    host.send(request(Method::GET, "https://api.example/slow"))
        .await
        .unwrap();
    assert_eq!((clock.now() - start()).num_seconds(), 40);
}

#[tokio::test]
async fn an_order_meets_the_requests_that_it_names() {
    let host = InProcess::new(Arc::new(Counter::default()), clock());
    host.faults().order(Order {
        method: Some(Method::POST),
        path: "/things".to_owned(),
        after: 1,
        times: 2,
        fault: Fault::CutBefore,
    });
    let mut outcomes = Vec::new();
    for (method, path) in [
        (Method::POST, "things"),
        (Method::GET, "things"),
        (Method::POST, "others"),
        (Method::POST, "things/7"),
        (Method::POST, "things"),
        (Method::POST, "things"),
    ] {
        let sent = host.send(request(method, &format!("https://api.example/{path}"))).await;
        outcomes.push(sent.is_ok());
    }
    assert_eq!(outcomes, [true, true, true, false, false, true]);
    let traffic = host.traffic();
    assert_eq!(traffic.count(Some(&Method::POST), "/things"), 4);
    assert_eq!(traffic.count(None, "/things"), 5);
    assert_eq!(traffic.count(Some(&Method::DELETE), ""), 0);
    traffic.clear();
    assert_eq!(traffic.count(None, ""), 0);
}

#[tokio::test]
async fn the_first_order_that_is_due_applies() {
    let host = InProcess::new(Arc::new(Counter::default()), clock());
    host.faults().order(order(Fault::Unreachable));
    host.faults().order(order(Fault::CutBefore));
    assert_eq!(host.send(things()).await.unwrap_err().sent, Sent::No);
    assert_eq!(host.send(things()).await.unwrap_err().sent, Sent::Maybe);
}

#[tokio::test]
async fn a_test_knows_when_a_client_stalls() {
    let service = Arc::new(Counter::default());
    let host = InProcess::new(service.clone(), clock());
    let faults = host.faults();
    faults.order(order(Fault::Stall));
    let sending = host.send(things());
    assert!(faults.stalled().now_or_never().is_none(), "nothing was sent yet");
    let Either::Right(((), sending)) = select(sending, Box::pin(faults.stalled())).await else {
        panic!("a stalled request was answered");
    };
    drop(sending);
    assert_eq!(service.applied.load(Ordering::SeqCst), 1);
    assert!(faults.stalled().now_or_never().is_none(), "each stall ends one wait");
}

fn applied(service: &Counter) -> usize {
    service.applied.load(Ordering::SeqCst)
}

fn reading() -> Request<Bytes> {
    request(Method::GET, "https://api.example/things")
}

#[tokio::test]
async fn a15_a_request_whose_sender_was_cut_off_arrives_after_others() {
    let service = Arc::new(Counter::default());
    let host = InProcess::new(service.clone(), clock());
    let faults = host.faults();
    faults.order(order(Fault::CutThenApplied(Arrival::AfterRequests(2))));
    let error = host.send(things()).await.unwrap_err();
    assert_eq!((error.sent, error.failure), (Sent::Maybe, Failure::Interrupted));
    assert_eq!(applied(&service), 0, "not yet");
    for answered in 1..=2 {
        host.send(reading()).await.unwrap();
        assert_eq!(applied(&service), answered, "two others pass it");
    }
    host.send(reading()).await.unwrap();
    assert_eq!(applied(&service), 4, "it came before the third");
    assert_eq!(host.traffic().count(Some(&Method::POST), ""), 1, "it was sent once");
    assert_eq!(faults.deliver(), 0, "it comes once");
}

#[tokio::test]
async fn a15_a_request_arrives_when_its_time_has_come_on_the_clock() {
    let service = Arc::new(Counter::default());
    let clock = clock();
    let host = InProcess::new(service.clone(), clock.clone());
    let span = Duration::from_secs(62);
    host.faults()
        .order(order(Fault::CutThenApplied(Arrival::AfterTime(span))));
    host.send(things()).await.unwrap_err();
    clock.advance(Duration::from_secs(61));
    host.send(reading()).await.unwrap();
    assert_eq!(applied(&service), 1);
    clock.advance(Duration::from_secs(1));
    host.send(reading()).await.unwrap();
    assert_eq!(applied(&service), 3);
}

#[tokio::test]
async fn a15_a_request_outlives_its_sender_and_a_test_delivers_it() {
    let service = Arc::new(Counter::default());
    let host = InProcess::new(service.clone(), clock());
    let faults = host.faults();
    faults.order(order(Fault::StallThenApplied(Arrival::OnDelivery)));
    let Either::Right(((), sending)) = select(host.send(things()), Box::pin(faults.stalled())).await else {
        panic!("a stalled request was answered");
    };
    drop(sending);
    for _ in 0..100 {
        host.send(reading()).await.unwrap();
    }
    faults.clear();
    assert_eq!(applied(&service), 100, "nobody delivered it");
    assert_eq!(faults.deliver(), 1);
    assert_eq!(applied(&service), 101);
    let (delivered, _) = service.last.lock().unwrap().take().unwrap();
    assert_eq!(delivered.method(), Method::POST);
}

#[tokio::test]
async fn a_repeated_request_is_applied_twice_and_answered_once() {
    let service = Arc::new(Counter::default());
    let host = InProcess::new(service.clone(), clock());
    host.faults().order(order(Fault::Twice));
    let answer = host.send(things()).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (201, &b"2"[..]));
    assert_eq!(applied(&service), 2);
    assert_eq!(host.traffic().count(None, ""), 1);
}

#[tokio::test]
async fn a17_headers_are_lost_and_the_rest_of_the_answer_comes() {
    let host = InProcess::new(Arc::new(Counter::default()), clock());
    host.faults().order(order(Fault::Stripped(vec![
        http::header::LINK,
        "total".parse().unwrap(),
    ])));
    let answer = host.send(things()).await.unwrap();
    assert!(!answer.headers().contains_key("link"), "every line of it");
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(
        host.send(things())
            .await
            .unwrap()
            .headers()
            .get_all("link")
            .iter()
            .count(),
        2
    );
}

#[tokio::test]
async fn b16_somebody_acts_between_an_answer_and_the_next_request() {
    let service = Arc::new(Counter::default());
    let host = InProcess::new(service.clone(), clock());
    let counter = service.clone();
    let edit = Deed::new(move || {
        counter.applied.fetch_add(10, Ordering::SeqCst);
    });
    host.faults().order(order(Fault::Then(edit)));
    assert_eq!(
        host.send(things()).await.unwrap().body().as_ref(),
        b"1",
        "answered before"
    );
    assert_eq!(host.send(things()).await.unwrap().body().as_ref(), b"12");
}

#[tokio::test]
async fn a_service_sees_the_whole_request_and_the_time_of_the_clock() {
    let service = Arc::new(Counter::default());
    let clock = clock();
    let host = InProcess::new(service.clone(), clock.clone());
    clock.sleep(std::time::Duration::from_secs(7)).await;
    host.send(things()).await.unwrap();
    let (request, now) = service.last.lock().unwrap().take().unwrap();
    assert_eq!(request.uri(), "https://api.example/things?q=1");
    assert_eq!(now, start() + chrono::TimeDelta::seconds(7));
}
