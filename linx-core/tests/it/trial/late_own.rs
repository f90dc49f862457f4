//! Our own requests that arrive after every wait: what they leave is no decision of the office's (hazards A15, B7).

use http::Method;
use linx_core::settings::Removals;
use linx_http::sandbox::{Arrival, Fault};

use super::{ENTRIES, because, exported, in_time, stands};
use crate::harness::{Harness, day, once};
use crate::small_company::all_hours;

/// A run is killed over a request that is still on its way; ExakTime's time is as before again, and later runs find that the
/// request has not arrived. Then it does.
async fn arrives_after_every_wait(harness: &Harness, method: Method, as_before: impl FnOnce()) {
    let late = Fault::StallThenApplied(Arrival::OnDelivery);
    harness.procore_faults.order(once(method, ENTRIES, 0, late));
    harness.killed_export().await;
    as_before();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (report.held.len(), all_hours(harness)),
        (0, 108_00),
        "{:?}",
        report.held
    );
    harness.wait_seconds(40 * 60);
    assert_eq!(harness.procore_faults.deliver(), 1);
    assert!(all_hours(harness) < 108_00, "it has arrived");
}

fn drop_marks(harness: &Harness) {
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            entry.origin_data = None;
        }
    });
}

#[tokio::test]
async fn a15_an_update_that_arrives_after_every_wait_is_no_adjustment_of_the_offices() {
    for keeps_marks in [true, false] {
        let harness = exported().await;
        let set = |hours: &str| {
            in_time(&harness, "p-201", "2026-03-02", 0, |record| {
                record.regular_hours = hours.into();
            });
        };
        set("1.00");
        arrives_after_every_wait(&harness, Method::PATCH, || set("4.00")).await;
        if !keeps_marks {
            drop_marks(&harness);
        }
        let report = harness.try_export().await.unwrap();
        if keeps_marks {
            assert_eq!(
                (all_hours(&harness), report.held.len()),
                (108_00, 0),
                "{:?}",
                report.held
            );
            continue;
        }
        // Nothing in the entry tells whose value it is: it is told, and a person makes both equal.
        for _ in 0..2 {
            let report = harness.try_export().await.unwrap();
            assert_eq!(
                because(&report.held, "late_or_office").len(),
                1,
                "{:?}",
                report.left_out
            );
            harness.next_day();
        }
        set("1.00");
        let report = harness.try_export().await.unwrap();
        assert_eq!((report.changes.len(), report.held.len()), (0, 0), "{:?}", report.held);
    }
}

#[tokio::test]
async fn a15_a_deletion_that_arrives_after_every_wait_is_no_deletion_of_the_offices() {
    let mut harness = exported().await;
    harness.export.removals = Removals::AtOnce;
    let record = harness.exaktime.with_state(|state| state.time_records.remove(0));
    let as_before = || {
        harness
            .exaktime
            .with_state(|state| state.time_records.insert(0, record));
    };
    arrives_after_every_wait(&harness, Method::DELETE, as_before).await;
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(
            because(&report.held, "late_or_office").len(),
            1,
            "{:?}",
            report.left_out
        );
        assert_eq!(
            stands(&harness, "00201", "2026-03-02"),
            4_00,
            "the office may have deleted it"
        );
        harness.next_day();
    }
    // A person says that what is written on that day is right.
    let said = harness.linx().set_beside("00201", day("2026-03-02"), true).await;
    said.unwrap();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (all_hours(&harness), report.held.len()),
        (108_00, 0),
        "{:?}",
        report.held
    );
    let again = harness.try_export().await.unwrap();
    assert_eq!((again.changes.len(), again.held.len()), (0, 0), "{:?}", again.held);
}

/// What the office deletes itself stays its decision, also of a line that we had changed before.
#[tokio::test]
async fn b7_what_the_office_deletes_itself_is_left_out() {
    let harness = exported().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "1.00".into();
    });
    harness.try_export().await.unwrap();
    harness.procore.with_state(|state| {
        let entry = state
            .entries
            .values_mut()
            .find(|entry| entry.hours.as_deref() == Some("1.0"));
        let entry = entry.unwrap();
        entry.deleted_at = Some(entry.created_at);
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!(report.held, []);
    assert_eq!(
        because(&report.left_out, "deleted_in_office").len(),
        1,
        "{:?}",
        report.left_out
    );
}
