//! Time that is gone, and mass changes (hazards B5, B13, C18, D27).

use chrono::NaiveDate;
use exaktime_client::sandbox::TimeRecord;

use super::{exported, settles};
use crate::harness::{Harness, day};

fn forget(harness: &Harness, gone: impl Fn(&TimeRecord) -> bool) -> Vec<TimeRecord> {
    harness
        .exaktime
        .with_state(|state| state.time_records.extract_if(.., |record| gone(record)).collect())
}

/// A record of a day after the fortnight: the warehouse was filled anew.
fn refresh(harness: &Harness, date: NaiveDate) {
    harness.exaktime.with_state(|state| {
        let mut record = state.time_records[0].clone();
        record.id = format!("tr-{date}");
        record.start += date - record.work_date;
        record.stop = record.stop.map(|stop| stop + (date - record.work_date));
        record.work_date = date;
        state.time_records.push(record);
    });
}

fn afternoon_of_ben(record: &TimeRecord) -> bool {
    // 11:30 in Chicago, in winter.
    record.person == "p-202" && record.work_date == day("2026-03-03") && record.start.to_string().contains("17:30")
}

#[tokio::test]
async fn b13_a_record_that_comes_back_is_no_removal() {
    let harness = exported().await;
    let gone = forget(&harness, afternoon_of_ben);
    harness.try_export().await.unwrap();
    harness.exaktime.with_state(|state| state.time_records.extend(gone));
    refresh(&harness, day("2026-03-17"));
    harness.next_day();
    settles(&harness).await;
}
