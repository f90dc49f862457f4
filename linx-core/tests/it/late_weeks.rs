//! Weeks that were sent and are another now: told by every run until somebody has dealt with them.

use exaktime_client::sandbox::TimeRecord;
use linx_core::export::ExportReport;
use linx_core::hold::Reason;
use linx_core::plan::Selection;
use procore_client::timecards::ApprovalStatus;

use crate::harness::{Harness, day};

/// Both weeks of two people, exported.
async fn exported() -> Harness {
    let harness = Harness::contractor();
    harness.exaktime.with_state(|state| {
        let kept = |record: &TimeRecord| ["p-103", "p-104"].contains(&record.person.as_str());
        state.time_records.retain(kept);
    });
    harness.apply_sync().await;
    let report = harness.apply_export().await;
    assert!(
        report.held.is_empty() && report.summary.create > 20,
        "{:?}",
        report.held
    );
    harness
}

async fn export(harness: &Harness, from: &str, to: &str) -> ExportReport {
    let plan = harness
        .linx()
        .plan_export(&Selection::days(day(from), day(to)))
        .await
        .unwrap();
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(report.account.check(), Ok(()));
    report
}

/// The second week, which is the one that is due.
async fn second_week(harness: &Harness) -> ExportReport {
    export(harness, "2026-03-09", "2026-03-15").await
}

/// The weeks that are told, with how they differ.
fn late(report: &ExportReport) -> Vec<(String, String)> {
    let late = report.held.iter().filter(|held| held.reason == Reason::LateChange);
    late.map(|held| (held.subject.id().into_owned(), held.detail.clone()))
        .collect()
}

/// The weeks of one report, which must be that of one worker's first week.
fn only_first_week(report: &ExportReport) -> String {
    match &late(report)[..] {
        [(week, how)] => {
            assert!(week.ends_with(" 2026-03-02"), "{week}");
            how.clone()
        }
        other => panic!("{other:?}"),
    }
}

fn with_first(harness: &Harness, date: &str, act: impl FnOnce(&mut TimeRecord)) {
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter_mut();
        act(records
            .find(|record| record.person == "p-103" && record.work_date == day(date))
            .unwrap());
    });
}

fn remove(harness: &Harness, date: &str) -> Vec<TimeRecord> {
    harness.exaktime.with_state(|state| {
        let of_day = |record: &TimeRecord| record.person == "p-103" && record.work_date == day(date);
        let (gone, kept) = std::mem::take(&mut state.time_records).into_iter().partition(of_day);
        state.time_records = kept;
        gone
    })
}

#[tokio::test]
async fn d24_a_record_that_moved_over_the_weeks_end_is_told_in_both_weeks() {
    let harness = exported().await;
    with_first(&harness, "2026-03-06", |record| {
        record.work_date = day("2026-03-14");
        record.start += chrono::TimeDelta::days(8);
        record.stop = record.stop.map(|stop| stop + chrono::TimeDelta::days(8));
    });
    let report = second_week(&harness).await;
    assert_eq!(report.summary.create, 1, "it is sent in its new week");
    assert_eq!(
        only_first_week(&report),
        "1 of its lines differ, 4.00 h in Procore and 0.00 h in ExakTime"
    );
}

#[tokio::test]
async fn d24_a_correction_of_an_approved_week_is_told() {
    let harness = exported().await;
    harness.procore.with_state(|state| {
        for entry in state
            .entries
            .values_mut()
            .filter(|entry| entry.date <= day("2026-03-08"))
        {
            entry.status = ApprovalStatus::Approved;
        }
    });
    assert!(second_week(&harness).await.held.is_empty());
    with_first(&harness, "2026-03-05", |record| record.regular_hours = "9.75".into());
    assert_eq!(
        only_first_week(&second_week(&harness).await),
        "1 of its lines differ, 4.00 h in Procore and 9.75 h in ExakTime"
    );
}

#[tokio::test]
async fn d24_a_late_punch_that_is_held_is_told() {
    let harness = exported().await;
    with_first(&harness, "2026-03-05", |record| {
        record.location = Some("loc-YARD".into());
    });
    let how = only_first_week(&second_week(&harness).await);
    assert!(how.ends_with(" and 4.00 h in ExakTime"), "{how}");
}

#[tokio::test]
async fn d24_late_time_of_somebody_without_any_in_that_week_is_told() {
    let harness = exported().await;
    let mut late = remove(&harness, "2026-03-09")
        .into_iter()
        .chain(remove(&harness, "2026-03-10"));
    // Somebody whose phone had no network: nothing of that week was sent for this person.
    let mut record = late.next().unwrap();
    (record.person, record.id) = ("p-105".into(), "tr-late".into());
    record.work_date = day("2026-03-04");
    record.start -= chrono::TimeDelta::days(5);
    record.stop = record.stop.map(|stop| stop - chrono::TimeDelta::days(5));
    harness.exaktime.with_state(|state| state.time_records.push(record));
    assert_eq!(
        only_first_week(&second_week(&harness).await),
        "1 of its lines differ, 0.00 h in Procore and 4.00 h in ExakTime"
    );
}

#[tokio::test]
async fn d24_a_deletion_is_told_until_its_week_is_exported_after_a_second_refresh() {
    let mut harness = exported().await;
    harness.export.reread_weeks = 1;
    remove(&harness, "2026-03-05");
    let how = only_first_week(&second_week(&harness).await);
    assert!(how.starts_with("2 of its lines differ, 8.00 h in Procore"), "{how}");
    assert_eq!(only_first_week(&second_week(&harness).await), how, "by every run");
    // That it was missed is remembered: the next refresh is the second.
    harness.next_day();
    let later = export(&harness, "2026-03-23", "2026-03-29").await;
    assert_eq!(
        only_first_week(&later),
        how,
        "also when the weeks that are read again are past it"
    );
    let report = export(&harness, "2026-03-02", "2026-03-08").await;
    assert_eq!(
        (report.summary.delete, late(&report).len(), report.held.len()),
        (2, 0, 0)
    );
    let asked = |harness: &Harness| harness.exaktime_traffic.count(None, "DwTimeRecords");
    let before = asked(&harness);
    assert_eq!(late(&export(&harness, "2026-03-23", "2026-03-29").await), []);
    let with_late_week = asked(&harness) - before;
    let before = asked(&harness);
    assert_eq!(late(&export(&harness, "2026-03-23", "2026-03-29").await), []);
    assert!(
        asked(&harness) - before < with_late_week,
        "what agrees is not read any more"
    );
}

#[tokio::test]
async fn d24_a_week_that_is_mended_in_exaktime_is_forgotten() {
    let harness = exported().await;
    let gone = remove(&harness, "2026-03-05");
    only_first_week(&second_week(&harness).await);
    assert_eq!(harness.ledger.late_weeks().await.unwrap().len(), 1);
    harness.exaktime.with_state(|state| state.time_records.extend(gone));
    assert!(second_week(&harness).await.held.is_empty());
    assert!(harness.ledger.late_weeks().await.unwrap().is_empty());
}

#[tokio::test]
async fn d24_what_the_office_decided_in_a_week_that_was_sent_is_not_told_as_late() {
    let harness = exported().await;
    harness.procore.with_state(|state| {
        let mut entries = state
            .entries
            .values_mut()
            .filter(|entry| entry.date <= day("2026-03-08"));
        entries.next().unwrap().hours = Some("3.25".into());
        entries.next().unwrap().deleted_at = Some("2026-03-17T12:00:00Z".parse().unwrap());
    });
    assert!(second_week(&harness).await.held.is_empty());
}
