//! The production transport against a service on a loopback socket.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::{Either, select};
use http::{Method, Response};
use linx_http::reqwest::{ReqwestTransport, SystemClock};
use linx_http::sandbox::{Arrival, Fault, Server};
use linx_http::transport::Failure;
use linx_http::{Applied, Clock, Endpoint, Engine, ErrorKind, Sent, Transport};
use serde_json::{Value, json};

use crate::hosts::{Counter, gateway, order, request};
use crate::scripted::{clock, start};

async fn hosted() -> (Arc<Counter>, Server) {
    let service = Arc::new(Counter::default());
    let server = Server::start(service.clone(), clock(), 0).await.unwrap();
    (service, server)
}

fn transport() -> ReqwestTransport {
    ReqwestTransport::new().unwrap()
}

#[tokio::test]
async fn a_request_and_its_answer_come_over_whole() {
    let (service, server) = hosted().await;
    let mut sent = request(
        Method::POST,
        server.address().join("a%2Fb/c?q=x+y&q=%C3%A9").unwrap().as_str(),
    );
    sent.headers_mut().insert("x-thing", "7".parse().unwrap());
    let answer = transport().send(sent).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_ref()),
        (201, b"1".as_slice())
    );
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers().get_all("link").iter().count(), 2);
    let (seen, now) = service.last.lock().unwrap().take().unwrap();
    assert_eq!(
        seen.uri().to_string(),
        format!("{}a%2Fb/c?q=x+y&q=%C3%A9", server.address())
    );
    assert_eq!(
        (seen.headers()["x-thing"].as_bytes(), seen.body().as_ref()),
        (b"7".as_slice(), b"{}".as_slice())
    );
    assert_eq!(
        now,
        start(),
        "the service sees the clock of its host, not of the machine"
    );
    assert_eq!(server.traffic().count(Some(&Method::POST), "/c"), 1);
}

#[tokio::test]
async fn a1_a_cut_connection_is_a_cut_and_nothing_is_sent_twice() {
    for (fault, applied) in [(Fault::Unreachable, 0), (Fault::CutBefore, 0), (Fault::CutAfter, 1)] {
        let (service, server) = hosted().await;
        let transport = transport();
        let address = server.address();
        // So that the cut meets a connection that was used before.
        transport.send(request(Method::GET, address.as_str())).await.unwrap();
        server.faults().order(order(fault.clone()));
        let error = transport
            .send(request(Method::POST, address.as_str()))
            .await
            .unwrap_err();
        assert_eq!(
            (error.sent, error.failure),
            (Sent::Maybe, Failure::Interrupted),
            "{fault:?} {error:?}"
        );
        assert_eq!(service.applied.load(Ordering::SeqCst), 1 + applied, "{fault:?}");
        assert_eq!(
            transport
                .send(request(Method::GET, address.as_str()))
                .await
                .unwrap()
                .status(),
            201
        );
    }
}

#[tokio::test]
async fn answers_to_order_come_over_and_redirects_are_not_followed() {
    let (service, server) = hosted().await;
    server.faults().order(order(Fault::AnswerLost(gateway())));
    let moved = Response::builder()
        .status(302)
        .header("location", "/elsewhere")
        .body(Bytes::new())
        .unwrap();
    server.faults().order(order(Fault::Instead(moved)));
    let transport = transport();
    for (status, applied) in [(502, 1), (302, 1), (201, 2)] {
        let answer = transport
            .send(request(Method::GET, server.address().as_str()))
            .await
            .unwrap();
        assert_eq!(
            (answer.status().as_u16(), service.applied.load(Ordering::SeqCst)),
            (status, applied)
        );
    }
    assert_eq!(server.traffic().count(None, "elsewhere"), 0);
}

#[tokio::test]
async fn a_stalled_answer_can_be_left_behind() {
    let (service, server) = hosted().await;
    server.faults().order(order(Fault::Stall));
    let transport = transport();
    let address = server.address();
    let sending = transport.send(request(Method::POST, address.as_str()));
    let Either::Right(((), sending)) = select(sending, Box::pin(server.faults().stalled())).await else {
        panic!("a stalled request was answered");
    };
    drop(sending);
    assert_eq!(service.applied.load(Ordering::SeqCst), 1);
    assert_eq!(
        transport
            .send(request(Method::GET, address.as_str()))
            .await
            .unwrap()
            .status(),
        201
    );
}

#[tokio::test]
async fn a15_a_request_arrives_when_its_sender_is_gone() {
    let (service, server) = hosted().await;
    let faults = server.faults();
    faults.order(order(Fault::StallThenApplied(Arrival::OnDelivery)));
    let transport = transport();
    let address = server.address();
    let sending = transport.send(request(Method::POST, address.as_str()));
    let Either::Right(((), sending)) = select(sending, Box::pin(faults.stalled())).await else {
        panic!("a stalled request was answered");
    };
    drop(sending);
    transport.send(request(Method::GET, address.as_str())).await.unwrap();
    assert_eq!(service.applied.load(Ordering::SeqCst), 1, "the one that was answered");
    assert_eq!(faults.deliver(), 1);
    assert_eq!(service.applied.load(Ordering::SeqCst), 2);
    let (delivered, _) = service.last.lock().unwrap().take().unwrap();
    assert_eq!(delivered.method(), Method::POST);
}

#[tokio::test]
async fn a1_what_could_not_connect_was_not_sent() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let address = format!("http://{closed}/things?name=Pat");
    let error = transport().send(request(Method::POST, &address)).await.unwrap_err();
    assert_eq!((error.sent, error.failure), (Sent::No, Failure::Connect));
    assert!(!format!("{error:?}").contains("Pat"), "{error:?}");
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let (service, server) = hosted().await;
    let port = server.address().port().unwrap();
    assert!(Server::start(service, clock(), port).await.is_err());
}

#[tokio::test]
async fn a1_the_engine_leaves_a_cut_create_alone_and_says_so() {
    let (service, server) = hosted().await;
    let engine = Engine::builder(server.address(), Arc::new(transport()), clock())
        .build()
        .unwrap();
    server.faults().order(order(Fault::CutAfter));
    let create: Endpoint<Value> = Endpoint::post("things").json(&json!({"name": "Ana Delgado"}));
    let error = engine.send(&create).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.was_applied()),
        (ErrorKind::Interrupted, Applied::Unknown)
    );
    assert!(!format!("{error:?}").contains("Ana"));
    assert_eq!(service.applied.load(Ordering::SeqCst), 1);
    assert_eq!(engine.send(&create).await.unwrap().value, json!(2));
}

/// An answer of so many bytes of JSON, packed a thousand times smaller.
fn packed(bytes: usize) -> Response<Bytes> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&vec![b' '; bytes - 2]).unwrap();
    gzip.write_all(b"[]").unwrap();
    let answer = Response::builder().status(200).header("content-encoding", "gzip");
    answer.body(gzip.finish().unwrap().into()).unwrap()
}

#[tokio::test]
async fn a18_a_body_that_grows_when_it_is_unpacked_is_cut_at_its_bound() {
    let (service, server) = hosted().await;
    let most = 100_000;
    let bounded = Arc::new(transport().longest_body(most));
    let engine = Engine::builder(server.address(), bounded, clock()).build().unwrap();
    let read: Endpoint<Vec<Value>> = Endpoint::get("things");
    server.faults().order(order(Fault::Instead(packed(most))));
    assert_eq!(engine.send(&read).await.unwrap().value, Vec::<Value>::new());

    server.faults().order(order(Fault::Instead(packed(most + 1))));
    let error = engine.send(&read).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::BodyTooLong, 1), "{error}");
    assert!(error.to_string().contains("100000 bytes"), "{error}");
    assert!(!error.is_transient());

    server.faults().order(order(Fault::AnswerLost(packed(50_000_000))));
    let create: Endpoint<Value> = Endpoint::post("things").json(&json!({"name": "Ana Delgado"}));
    let error = engine.send(&create).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.was_applied(), error.attempts()),
        (ErrorKind::BodyTooLong, Applied::Unknown, 1)
    );
    assert_eq!(service.applied.load(Ordering::SeqCst), 1);
}

#[test]
fn the_systems_clock_draws_within_its_bounds() {
    assert!((0.0..1.0).contains(&SystemClock.chance()));
    assert!(SystemClock.now() > start());
}
