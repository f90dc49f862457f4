//! What is a refresh of the source of time, and what a look at it says of a line (hazards B13, D27).

use chrono::NaiveDate;
use exaktime_client::sandbox::TimeRecord;
use linx_core::LinxError;
use linx_core::export::ExportReport;

use super::{because, exported, settles};
use crate::harness::{Harness, day};
use crate::small_company::all_hours;

const TWENTY_MINUTES: u64 = 20 * 60;

/// Takes records out of the warehouse.
fn take(harness: &Harness, gone: impl Fn(&TimeRecord) -> bool) -> Vec<TimeRecord> {
    harness
        .exaktime
        .with_state(|state| state.time_records.extract_if(.., |record| gone(record)).collect())
}

fn afternoon_of_ben(record: &TimeRecord) -> bool {
    // 11:30 in Chicago, in winter.
    record.person == "p-202" && record.work_date == day("2026-03-03") && record.start.to_string().contains("17:30")
}

/// Somebody types a work date.
fn type_date(harness: &Harness, date: NaiveDate) {
    harness.exaktime.with_state(|state| {
        let mut typed = state.time_records[0].clone();
        (typed.id, typed.work_date) = (format!("tr-typed-{date}"), date);
        state.time_records.push(typed);
    });
}

/// One line waits, and all that was sent stands.
async fn one_waits(harness: &Harness, when: &str) -> ExportReport {
    let report = harness.judged_export().await.unwrap();
    assert_eq!(all_hours(harness), 108_00, "{when}");
    assert_eq!(
        because(&report.held, "awaits_refresh").len(),
        1,
        "{when}: {:?}",
        report.held
    );
    report
}

/// A second refresh does not have Ben's afternoon either.
async fn goes_after_another_refresh(harness: &Harness) {
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (all_hours(harness), because(&report.held, "awaits_refresh").len()),
        (104_00, 0),
        "{:?}",
        report.held
    );
}

#[tokio::test]
async fn b13_a_work_date_in_the_future_does_not_hide_a_feed_that_stopped() {
    let mut harness = exported().await;
    harness.export.oldest_feed_days = 10;
    type_date(&harness, day("2036-03-02"));
    let report = harness.judged_export().await.unwrap();
    assert!(
        report.notes.iter().any(|note| note.contains("2036-03-02")),
        "{:?}",
        report.notes
    );
    harness.wait_days(20);
    let refused = harness.try_export().await;
    let Err(LinxError::OldFeed { newest, .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(newest, Some(day("2026-03-11")));
}

#[tokio::test]
async fn b13_a_work_date_in_the_future_is_no_second_refresh() {
    let harness = exported().await;
    assert_eq!(take(&harness, afternoon_of_ben).len(), 1);
    one_waits(&harness, "first missed").await;
    harness.wait_seconds(TWENTY_MINUTES);
    type_date(&harness, day("2036-03-02"));
    let report = one_waits(&harness, "the same night's data").await;
    assert!(
        report.notes.iter().any(|note| note.contains("2036-03-02")),
        "{:?}",
        report.notes
    );
    harness.wait_days(1);
    one_waits(&harness, "no refresh since").await;
    goes_after_another_refresh(&harness).await;
}

#[tokio::test]
async fn b13_a_record_dated_a_day_ahead_is_no_refresh_when_its_day_comes() {
    for typed_before in [true, false] {
        let harness = exported().await;
        // The company begins on the 17th.
        let tomorrow = day("2026-03-18");
        if typed_before {
            type_date(&harness, tomorrow);
        }
        take(&harness, afternoon_of_ben);
        one_waits(&harness, "first missed").await;
        if !typed_before {
            harness.wait_seconds(TWENTY_MINUTES);
            type_date(&harness, tomorrow);
            one_waits(&harness, "the same night's data").await;
        }
        for _ in 0..3 {
            harness.wait_days(1);
            one_waits(&harness, "nothing but the calendar moved").await;
        }
        goes_after_another_refresh(&harness).await;
    }
}

#[tokio::test]
async fn b13_a_source_that_is_filled_by_date_takes_nothing_along() {
    for pause in [TWENTY_MINUTES, 24 * 60 * 60] {
        let harness = exported().await;
        let mut to_come = take(&harness, |record| record.work_date > day("2026-03-05"));
        for filled_to in ["2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10", "2026-03-11"] {
            let comes = to_come.extract_if(.., |record| record.work_date <= day(filled_to));
            let comes: Vec<TimeRecord> = comes.collect();
            harness.exaktime.with_state(|state| state.time_records.extend(comes));
            let report = harness.judged_export().await.unwrap();
            assert_eq!(all_hours(&harness), 108_00, "{filled_to}: {:?}", report.changes);
            harness.wait_seconds(pause);
        }
        settles(&harness).await;
    }
}

#[tokio::test]
async fn d27_a_newer_date_on_the_same_day_of_the_company_is_the_same_refresh() {
    let harness = exported().await;
    take(&harness, afternoon_of_ben);
    let late = take(&harness, |record| record.work_date == day("2026-03-11"));
    harness.judged_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    harness.wait_seconds(TWENTY_MINUTES);
    harness.exaktime.with_state(|state| state.time_records.extend(late));
    one_waits(&harness, "filled to its end").await;
    harness.wait_days(1);
    one_waits(&harness, "no refresh since").await;
    goes_after_another_refresh(&harness).await;
}
