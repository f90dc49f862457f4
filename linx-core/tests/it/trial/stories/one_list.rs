//! One list that lacks an entry, and what might believe it (hazards A3, B7, B12, C17).

use std::sync::Arc;

use http::Method;
use linx_http::sandbox::{Arrival, Fault};

use super::super::moves::{Trace, entry_of, give, lack, list_again, make_ben_anew, take};
use super::super::{ENTRIES, link, one_line_of_ben, synced};
use super::{TUESDAY, consent};
use crate::harness::{Harness, day, once, two_weeks};
use crate::small_company::{all_hours, exported};

/// A worker was made anew; one list lacks the old entry of a day.
#[tokio::test]
async fn a3_c17_one_list_that_lacks_an_old_workers_entry_does_not_write_it_for_the_new_one() {
    let harness = one_line_of_ben().await;
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    lack(&harness, id);
    let report = harness.try_export().await;
    list_again(&harness);
    trace.note(&harness, "one list", report.as_ref().map_err(ToString::to_string));
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// A wrong link was mended; one list lacks the entries of a day under the wrong worker.
#[tokio::test]
async fn a3_c17_one_list_that_lacks_a_wrong_workers_entries_does_not_write_them_for_the_right_one() {
    let harness = exported().await;
    let anew = harness.hire_in_procore("00201", |person| person.employee_id = Some("00299".into()));
    link(&harness, anew, "p-202").await;
    let ids: Vec<_> = (0..2).map(|half| entry_of(&harness, 202, TUESDAY, half)).collect();
    for id in &ids {
        lack(&harness, *id);
    }
    let mut trace = Trace::default();
    let report = harness.try_export().await;
    list_again(&harness);
    trace.note(&harness, "one list", report.as_ref().map_err(ToString::to_string));
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// A deletion of ours was never applied, and its time came back; a person said that others' time on that day is right; one
/// list lacks the entry.
#[tokio::test]
async fn a3_b7_one_list_that_lacks_an_entry_we_once_would_have_deleted_does_not_write_it_again() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let record = take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    let never = Fault::StallThenApplied(Arrival::OnDelivery);
    harness.procore_faults.order(once(Method::DELETE, ENTRIES, 0, never));
    harness.killed_export().await;
    harness.procore_faults.clear();
    give(&harness, record);
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    harness.linx().set_beside("00202", day(TUESDAY), true).await.unwrap();
    lack(&harness, id);
    let report = harness.try_export().await;
    list_again(&harness);
    trace.note(&harness, "one list", report.as_ref().map_err(ToString::to_string));
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// The ledger was lost, and its lines were found by their marks.
async fn found_by_marks() -> (Harness, Trace) {
    let mut harness = exported().await;
    harness.ledger = Arc::new(linx_core::ledger::MemoryLedger::new());
    harness.apply_sync().await;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    (harness, trace)
}

/// The ledger was lost, and its lines were found by their marks; in the run that has a person's consent one list lacks an entry.
#[tokio::test]
async fn a3_b12_one_list_that_lacks_an_entry_in_the_run_of_consent_does_not_write_it_again() {
    let (harness, mut trace) = found_by_marks().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    lack(&harness, id);
    // A plan was looked at that held the line for the lost ledger, and consent is given to it.
    let held = harness.try_export().await;
    trace.note(&harness, "held", held.as_ref().map_err(ToString::to_string));
    let report = harness.try_export_of(&consent()).await;
    list_again(&harness);
    trace.note(&harness, "consent", report.as_ref().map_err(ToString::to_string));
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// The same with only one list that lacks it.
#[tokio::test]
async fn a3_b12_the_same_where_only_the_run_of_consent_has_such_a_list() {
    let (harness, mut trace) = found_by_marks().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    lack(&harness, id);
    let report = harness.try_export_of(&consent()).await;
    list_again(&harness);
    trace.note(&harness, "consent", report.as_ref().map_err(ToString::to_string));
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// The same where the entry is not even in the list of what was deleted.
#[tokio::test]
async fn a3_b12_one_list_that_lacks_an_entry_in_the_run_of_consent_and_no_list_of_deleted_ones() {
    let (harness, mut trace) = found_by_marks().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let entry = harness.procore.with_state(|state| state.entries.remove(&id).unwrap());
    let report = harness.try_export_of(&consent()).await;
    harness.procore.with_state(|state| state.entries.insert(id, entry));
    trace.note(&harness, "consent", report.as_ref().map_err(ToString::to_string));
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// A worker is made anew; the entry of the old one is in neither list for a night.
#[tokio::test]
async fn a3_c17_an_old_workers_entry_that_is_in_neither_list_for_a_night() {
    let harness = one_line_of_ben().await;
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let entry = harness.procore.with_state(|state| state.entries.remove(&id).unwrap());
    let report = harness.try_export().await;
    harness.procore.with_state(|state| state.entries.insert(id, entry));
    trace.note(&harness, "one list", report.as_ref().map_err(ToString::to_string));
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// The same where the old worker has that one entry only.
#[tokio::test]
async fn a3_c17_the_only_entry_of_an_old_worker_that_one_list_lacks_is_not_written_for_the_new_one() {
    let harness = synced().await;
    harness.exaktime.with_state(|state| {
        state
            .time_records
            .retain(|record| record.person == "p-202" && record.work_date == day(TUESDAY));
        state.time_records.truncate(1);
    });
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 4_00);
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let entry = harness.procore.with_state(|state| state.entries.remove(&id).unwrap());
    let report = harness.try_export().await;
    harness.procore.with_state(|state| state.entries.insert(id, entry));
    trace.note(&harness, "one list", report.as_ref().map_err(ToString::to_string));
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(4_00);
}
