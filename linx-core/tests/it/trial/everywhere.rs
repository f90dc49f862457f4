//! The same fault at every request of a run in turn: however it ends, the next runs set it right (hazards A1, A15, B1).

use std::time::Duration;

use bytes::Bytes;
use linx_core::settings::Removals;
use linx_http::sandbox::{Arrival, Fault, Order};
use procore_client::sandbox::OriginIds;

use super::{exported, in_time, synced};
use crate::harness::Harness;
use crate::small_company::{Hundredths, all_hours, judge_by, judge_our_hand, worked};

/// More requests than an export of the small company makes.
const REQUESTS: u32 = 90;
/// Each fault meets every so-many-th request, and begins at another one than the fault before it.
const STEP: usize = 11;

fn faults() -> Vec<Fault> {
    let seconds = |seconds| Arrival::AfterTime(Duration::from_secs(seconds));
    let gateway = http::Response::builder()
        .status(502)
        .body(Bytes::from_static(b"<html>"));
    vec![
        Fault::Stall,
        Fault::CutAfter,
        Fault::CutThenApplied(seconds(62)),
        Fault::StallThenApplied(seconds(100)),
        Fault::CutBefore,
        Fault::AnswerLost(gateway.unwrap()),
        Fault::StallThenApplied(seconds(1)),
        Fault::Unreachable,
    ]
}

/// A run that meets a fault at one of its requests: it ends, or is killed where the request stalls.
async fn disturbed(harness: &Harness, number: u32, fault: Fault) {
    harness.procore_faults.order(Order {
        method: None,
        path: String::new(),
        after: number,
        times: 1,
        fault,
    });
    tokio::select! {
        biased;
        _ = harness.try_export() => {}
        () = harness.procore_faults.stalled() => {}
    }
    harness.procore_faults.clear();
}

/// Two runs later everything stands as it was worked, and nobody needs to look.
async fn ends_well(harness: &Harness, due: &Hundredths, told: &str) {
    for _ in 0..2 {
        let result = harness.try_export().await;
        judge_by(due, harness, &result);
    }
    let last = harness.try_export().await.unwrap();
    assert_eq!((last.changes.len(), last.held.len()), (0, 0), "{told}: {:?}", last.held);
    assert_eq!(all_hours(harness), due.values().sum::<i64>(), "{told}");
    // What was still on its way has arrived by the time of another run.
    harness.wait_seconds(300);
    let later = harness.try_export().await.unwrap();
    assert_eq!(
        (later.changes.len(), later.held.len()),
        (0, 0),
        "{told}: {:?}",
        later.held
    );
    assert_eq!(all_hours(harness), due.values().sum::<i64>(), "{told}");
}

#[tokio::test]
async fn b1_a_first_export_that_is_disturbed_at_any_request_ends_like_one_that_was_not() {
    for (turn, fault) in faults().into_iter().enumerate() {
        for number in (0..REQUESTS).skip(turn % STEP).step_by(STEP) {
            let harness = synced().await;
            harness.procore.with_state(|state| {
                state.origin_ids = if number % 2 == 1 {
                    OriginIds::Numbers
                } else {
                    OriginIds::Text
                }
            });
            disturbed(&harness, number, fault.clone()).await;
            judge_our_hand(108_00, &harness);
            ends_well(&harness, &worked(), &format!("{fault:?} at request {number}")).await;
        }
    }
}

#[tokio::test]
async fn b1_corrections_that_are_disturbed_at_any_request_end_like_ones_that_were_not() {
    let tuesday = |number: &str, date: &str| (number.to_owned(), date.parse().unwrap());
    let mut due = worked();
    due.insert(tuesday("00202", "2026-03-03"), 7_00);
    due.insert(tuesday("00204", "2026-03-05"), 4_00);
    due.insert(tuesday("00203", "2026-03-12"), 4_00);
    for (turn, fault) in faults().into_iter().enumerate() {
        for number in (0..REQUESTS / 2).skip(turn % STEP).step_by(STEP) {
            let mut harness = exported().await;
            harness.export.removals = Removals::AtOnce;
            // One line is lowered, one goes, one is new, and the hours of two trade places.
            in_time(&harness, "p-202", "2026-03-03", 0, |record| {
                record.regular_hours = "3.00".into();
            });
            in_time(&harness, "p-201", "2026-03-02", 0, |record| {
                record.regular_hours = "2.00".into();
            });
            in_time(&harness, "p-201", "2026-03-02", 1, |record| {
                record.regular_hours = "6.00".into();
            });
            harness.exaktime.with_state(|state| {
                let gone = state
                    .time_records
                    .iter()
                    .position(|record| record.person == "p-204" && record.work_date.to_string() == "2026-03-05");
                let mut new = state.time_records.remove(gone.unwrap());
                new.person = "p-203".into();
                new.id = "tr-new".into();
                new.start += chrono::Duration::days(7);
                new.stop = new.stop.map(|stop| stop + chrono::Duration::days(7));
                new.work_date = "2026-03-12".parse().unwrap();
                state.time_records.push(new);
            });
            disturbed(&harness, number, fault.clone()).await;
            ends_well(&harness, &due, &format!("{fault:?} at request {number}")).await;
        }
    }
}
