//! Reads of a part: some places only, a record or a list that cannot be read (hazards A12, C14, C16, D19).

use super::because;
use super::exported;
use super::in_time;
use super::location_of;
use super::settles;
use super::synced;
use crate::harness::{Harness, two_weeks};
use crate::small_company::all_hours;
use crate::small_company::judge_by;
use crate::small_company::judge_our_hand;
use crate::small_company::worked;
use http::Method;
use linx_core::hold::Held;
use linx_core::plan::Selection;
use linx_http::sandbox::Fault;
use linx_http::sandbox::Order;

#[tokio::test]
async fn d19_time_that_moved_to_another_place_is_not_paid_twice_by_an_export_of_that_place() {
    let harness = exported().await;
    // Ada's morning of 2 March was at the bridge and not at the depot.
    let bridge = location_of(&harness, "p-201", "2026-03-04", 0);
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.location = bridge.clone();
    });
    let selection = Selection {
        locations: vec!["26-102".into()],
        ..two_weeks()
    };
    let result = harness.try_export_of(&selection).await;

    judge_by(&worked(), &harness, &result);
}

/// One record of somebody else cannot be read; Ben's morning was corrected to another code.
#[tokio::test]
async fn a12_a_correction_beside_an_unreadable_record_of_another_is_not_paid_twice() {
    let harness = exported().await;
    in_time(&harness, "p-204", "2026-03-05", 1, |record| {
        record.regular_hours = "4,00 h".into();
    });
    let mut facilities = None;
    in_time(&harness, "p-201", "2026-03-03", 1, |record| {
        facilities = record.cost_code.clone();
    });
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.cost_code = facilities.clone();
    });
    let result = harness.try_export().await;

    judge_by(&worked(), &harness, &result);
}

/// The same with ExakTime's own data, while one record of somebody else cannot be read.
#[tokio::test]
async fn a12_hours_that_went_to_another_code_beside_an_unreadable_record_are_not_paid_twice() {
    let harness = exported().await;
    in_time(&harness, "p-204", "2026-03-05", 1, |record| {
        record.regular_hours = "4,00 h".into();
    });
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.regular_hours = "2.00".into();
    });
    in_time(&harness, "p-202", "2026-03-02", 1, |record| {
        record.regular_hours = "6.00".into();
    });
    let _ = harness.try_export().await;
    judge_our_hand(108_00, &harness);
}

/// A project's codes cannot be read for a while; the company sends time without a code where there is none.
#[tokio::test]
async fn c14_c16_codes_that_cannot_be_read_do_not_erase_the_codes_of_what_was_sent() {
    let mut harness = synced().await;
    harness.export.unresolved_cost_code = linx_core::settings::UnresolvedCostCode::Omit;
    harness.judged_export().await.unwrap();
    let without = |harness: &Harness| {
        harness
            .procore
            .entries()
            .iter()
            .filter(|entry| entry.cost_code.is_none())
            .count()
    };
    assert_eq!(without(&harness), 0);
    harness.procore_faults.order(codes_answer(hidden()));
    let _ = harness.try_export().await;
    assert_eq!(without(&harness), 0, "codes were erased");
}

/// Every list of a project's cost codes is answered so.
fn codes_answer(answer: http::Response<bytes::Bytes>) -> Order {
    Order {
        method: Some(Method::GET),
        path: "/cost_codes".into(),
        after: 0,
        times: 40,
        fault: Fault::Instead(answer),
    }
}

fn hidden() -> http::Response<bytes::Bytes> {
    http::Response::builder()
        .status(403)
        .header("content-type", "application/json")
        .body(bytes::Bytes::from_static(b"{\"errors\":\"Forbidden\"}"))
        .unwrap()
}

/// A list of no rows, of which there is one.
fn none_of_one() -> http::Response<bytes::Bytes> {
    http::Response::builder().header("total", 1).body("[]".into()).unwrap()
}

#[tokio::test]
async fn c16_time_is_not_sent_without_its_code_because_a_list_could_not_be_read() {
    for answer in [hidden(), none_of_one()] {
        let mut harness = synced().await;
        harness.export.unresolved_cost_code = linx_core::settings::UnresolvedCostCode::Omit;
        harness.procore_faults.order(codes_answer(answer));
        let report = harness.judged_export().await.unwrap();
        assert_eq!(all_hours(&harness), 0, "sent without their codes: {:?}", report.changes);
        // Two of the 26 stretches have overtime besides.
        let records = |held: &&&Held| held.subject.kind() == "time_record";
        assert_eq!(
            because(&report.held, "incomplete_list").iter().filter(records).count(),
            28
        );

        harness.procore_faults.clear();
        settles(&harness).await;
        assert!(harness.procore.entries().iter().all(|entry| entry.cost_code.is_some()));
    }
}

/// Only the place is asked for from which the time went.
#[tokio::test]
async fn d19_time_that_is_gone_from_the_place_that_was_asked_for_is_told() {
    let harness = exported().await;
    let bridge = location_of(&harness, "p-201", "2026-03-04", 0);
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.location = bridge.clone();
    });
    let depot = Selection {
        locations: vec!["26-101".into()],
        ..two_weeks()
    };
    for _ in 0..3 {
        let report = harness.try_export_of(&depot).await.unwrap();
        assert_eq!(because(&report.held, "gone_in_part").len(), 1, "{:?}", report.held);
        assert_eq!((report.held.len(), report.changes.len()), (1, 0), "{:?}", report.held);
        harness.next_day();
    }
    settles(&harness).await;
}
