//! Time that moved to another person and another day at once (hazard D19).

use chrono::TimeDelta;
use exaktime_client::sandbox::TimeRecord;
use linx_core::model::OfficeRef;
use linx_core::plan::Selection;
use procore_client::timecards::ApprovalStatus;

use super::moves::{Trace, add_like, entry_of, office, shift, take};
use super::stories::{TUESDAY, approve, comes_to_rest, facilities, of};
use super::{ENTRIES, in_time, link};
use crate::harness::{Harness, day, two_weeks};
use crate::small_company::{all_hours, exported, synced};

const THURSDAY: &str = "2026-03-05";

/// Ben's morning of Tuesday is Cleo's of Thursday.
fn to_cleos_thursday(harness: &Harness) {
    in_time(harness, "p-202", TUESDAY, 0, |record| {
        record.person = "p-203".into();
        shift(record, THURSDAY);
    });
}

/// In the evening: whoever has it by now works that day.
fn later(record: &mut TimeRecord) {
    record.start += TimeDelta::hours(10);
    record.stop = record.stop.map(|stop| stop + TimeDelta::hours(10));
}

/// Takes somebody's link away; returns the worker.
async fn unlink(harness: &Harness, employee: &str) -> OfficeRef {
    let worker = harness.link_to(employee).await.unwrap().office;
    harness.linx().unlink(&[worker]).await.unwrap();
    worker
}

#[tokio::test]
async fn d19_time_that_moved_to_another_person_and_day_in_one_night_never_stands_twice() {
    let harness = exported().await;
    to_cleos_thursday(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    comes_to_rest(&harness, 108_00).await;
}

#[tokio::test]
async fn d19_the_same_on_another_code() {
    let harness = exported().await;
    let code = facilities(&harness);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = code);
    to_cleos_thursday(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    comes_to_rest(&harness, 108_00).await;
}

#[tokio::test]
async fn d19_the_same_off_an_approved_entry_is_paid_once_and_told_until_it_is_open_again() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    to_cleos_thursday(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
    office(&harness, id, |entry| {
        entry.status = ApprovalStatus::Pending;
    });
    comes_to_rest(&harness, 108_00).await;
}

#[tokio::test]
async fn d19_the_same_where_the_deletion_fails_is_paid_once() {
    let harness = exported().await;
    to_cleos_thursday(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    harness.procore_faults.order(linx_http::sandbox::Order {
        method: Some(http::Method::DELETE),
        path: ENTRIES.into(),
        after: 0,
        times: 1,
        fault: linx_http::sandbox::Fault::Instead(http::Response::builder().status(403).body("{}".into()).unwrap()),
    });
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// First to Cleo, with other hours, and then to a day of hers that is newer than all that was sent.
#[tokio::test]
async fn d19_a_move_in_two_steps_to_another_person_and_then_to_another_day_is_paid_once() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.person = "p-203".into();
        record.regular_hours = "3.50".into();
        later(record);
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter_mut();
        let moved = records.find(|record| record.person == "p-203" && record.regular_hours == "3.50");
        shift(moved.unwrap(), "2026-03-15");
    });
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// First to Dan, who counts as nobody; then Dan is linked again, it is on a day of his that is newer than all that was sent, and
/// he alone is exported.
#[tokio::test]
async fn c17_time_that_moved_to_somebody_who_is_linked_later_is_paid_once() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    let dan = unlink(&harness, "p-204").await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.person = "p-204".into();
        later(record);
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    link(&harness, dan, "p-204").await;
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter_mut();
        let moved = records.find(|record| record.person == "p-204" && record.work_date == day(TUESDAY));
        shift(moved.unwrap(), "2026-03-15");
    });
    trace.nights(&harness, &of("00204"), 2).await;
    trace.judge(108_00);
    office(&harness, id, |entry| entry.status = ApprovalStatus::Pending);
    comes_to_rest(&harness, 108_00).await;
}

#[tokio::test]
async fn d19_as_many_hours_of_a_day_that_was_not_sent_yet_are_new() {
    let harness = synced().await;
    let first = Selection::days(day("2026-03-02"), day("2026-03-06"));
    harness.try_export_of(&first).await.unwrap();
    let stood = all_hours(&harness);
    assert!(0 < stood && stood < 108_00);
    approve(&harness, entry_of(&harness, 202, TUESDAY, 0));
    take(&harness, "p-202", TUESDAY, 0);
    harness.next_day();
    harness.try_export().await.unwrap();
    assert_eq!(
        all_hours(&harness),
        104_00,
        "the second week is written, but for the hours of Ben's own that stand in the approved entry"
    );
}

#[tokio::test]
async fn d19_late_time_of_other_hours_than_are_kept_is_written() {
    let harness = exported().await;
    approve(&harness, entry_of(&harness, 202, TUESDAY, 0));
    take(&harness, "p-202", TUESDAY, 0);
    add_like(&harness, "p-201", TUESDAY, 0, |record| {
        record.regular_hours = "1.50".into();
        shift(record, THURSDAY);
    });
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 109_50);
}
