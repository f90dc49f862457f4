//! What ExakTime's answer to a change proves: a status alone proves nothing (hazard A16).

use http::{Method, Response};
use linx_core::hold::Reason;
use linx_core::model::{Kind, RecordId};
use linx_core::ports::{FailureKind, Field};
use linx_core::sync::SyncReport;
use linx_http::Clock;
use linx_http::sandbox::{Fault, Order};

use crate::actions::counted;
use crate::harness::Harness;

/// What a portal or a proxy may answer to a change, and a service that does not tell the record as well.
const TELLING_NOTHING: [(u16, &str); 3] = [(200, "<html>please log in</html>"), (204, ""), (200, "{}")];

fn told(status: u16, body: &'static str) -> Response<bytes::Bytes> {
    Response::builder().status(status).body(body.into()).unwrap()
}

/// What becomes of the next changes in ExakTime, so many of them.
fn next(times: u32, fault: Fault) -> Order {
    Order {
        method: Some(Method::PUT),
        path: "/v1/".into(),
        after: 0,
        times,
        fault,
    }
}

/// A company in step, and after it one worker with another name, one with another title, and one who left.
async fn changed() -> Harness {
    let mut harness = Harness::small_company();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.person_in_procore("00202", |person| person.last_name = "Neu".into());
    harness.person_in_procore("00203", |person| person.job_title = Some("Rigger".into()));
    harness.dismiss_in_procore("00204");
    harness
}

/// Whether all that changed in Procore stands in ExakTime, for each of the three.
fn standing(harness: &Harness) -> [bool; 3] {
    [
        harness.in_exaktime("p-202", "lastName") == "Neu",
        harness.in_exaktime("p-203", "jobTitle") == "Rigger",
        harness.in_exaktime("p-204", "status") == "Inactive",
    ]
}

async fn assert_in_step(harness: &Harness, report: &SyncReport) {
    assert!(report.held.is_empty(), "{:?}", report.held);
    assert_eq!((report.written(), standing(harness)), (3, [true; 3]));
    let after = harness.plan_sync().await;
    assert!(after.is_empty() && after.notes.is_empty(), "{:?}", after.notes);
}

#[tokio::test]
async fn a16_a_change_whose_answer_tells_nothing_is_looked_for_and_sent_again() {
    for (status, body) in TELLING_NOTHING {
        let harness = changed().await;
        let instead = Fault::Instead(told(status, body));
        harness.exaktime_faults.order(next(3, instead));
        let report = harness.apply_sync().await;
        assert_in_step(&harness, &report).await;
    }
}

#[tokio::test]
async fn a16_without_waiting_a_change_whose_answer_tells_nothing_is_held() {
    for (status, body) in TELLING_NOTHING {
        let mut harness = changed().await;
        harness.settle.wait = false;
        let instead = Fault::Instead(told(status, body));
        harness.exaktime_faults.order(next(3, instead));
        let report = harness.apply_sync().await;
        assert_eq!(counted(&report.held, Reason::UnknownOutcome), 3, "{:?}", report.held);
        assert_eq!((report.written(), standing(&harness)), (0, [false; 3]));
        // Nobody takes what was not stored for an edit of ExakTime's.
        harness.wait_seconds(121);
        let report = harness.apply_sync().await;
        assert_in_step(&harness, &report).await;
    }
}

#[tokio::test]
async fn a16_a_service_that_never_tells_the_record_is_read_back_at_once() {
    for (status, body) in TELLING_NOTHING {
        let harness = changed().await;
        let lost = Fault::AnswerLost(told(status, body));
        harness.exaktime_faults.order(next(100, lost));
        let before = harness.our_clock.now();
        let report = harness.apply_sync().await;
        assert_in_step(&harness, &report).await;
        assert_eq!(harness.our_clock.now(), before, "nothing had to be waited for");
    }
}

#[tokio::test]
async fn b4_a_record_that_is_not_there_is_none_and_one_that_was_not_shown_is_an_error() {
    let harness = Harness::contractor();
    for kind in [Kind::Employee, Kind::Location, Kind::CostCode] {
        let known = harness.field.records(kind).await.unwrap().rows.remove(0);
        let read = harness.field.record(kind, &known.id).await.unwrap().unwrap();
        assert_eq!(read.id, known.id);
        let missing = RecordId("no-such-record".into());
        assert_eq!(harness.field.record(kind, &missing).await.unwrap(), None, "{kind}");
        let refusal = Response::builder().status(403).body("{}".into()).unwrap();
        harness.exaktime_faults.order(Order {
            method: Some(Method::GET),
            path: String::new(),
            after: 0,
            times: 1,
            fault: Fault::Instead(refusal),
        });
        let refused = harness.field.record(kind, &known.id).await.unwrap_err();
        assert_eq!(refused.kind(), FailureKind::Forbidden, "{kind}");
    }
}
