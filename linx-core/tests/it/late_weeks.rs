//! Weeks that were sent and are another now: told by every run until somebody has dealt with them.

use exaktime_client::csv::{self, CsvFormat};
use exaktime_client::sandbox::TimeRecord;
use linx_core::export::ExportReport;
use linx_core::hold::{Held, Reason, Subject};
use linx_core::plan::Selection;
use linx_http::sandbox::{Fault, Order};
use procore_client::timecards::ApprovalStatus;

use crate::harness::{Harness, day, two_weeks};

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

/// The workers' weeks that are told, with how they differ.
fn late(report: &ExportReport) -> Vec<(String, String)> {
    let is_late = |held: &&Held| held.reason == Reason::LateChange && matches!(held.subject, Subject::Week(..));
    let late = report.held.iter().filter(is_late);
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

/// Time of the first week comes, of somebody whose phone had no network: nothing of that week was sent for this person.
fn time_comes_late(harness: &Harness) {
    let mut late = remove(harness, "2026-03-09")
        .into_iter()
        .chain(remove(harness, "2026-03-10"));
    let mut record = late.next().unwrap();
    (record.person, record.id) = ("p-105".into(), "tr-late".into());
    record.work_date = day("2026-03-04");
    record.start -= chrono::TimeDelta::days(5);
    record.stop = record.stop.map(|stop| stop - chrono::TimeDelta::days(5));
    harness.exaktime.with_state(|state| state.time_records.push(record));
}

/// It is taken away again: nothing of that week is left on either side.
fn late_time_is_removed(harness: &Harness) {
    harness
        .exaktime
        .with_state(|state| state.time_records.retain(|record| record.id != "tr-late"));
}

/// A list of no rows, of which there is one.
fn incomplete(path: &str) -> Order {
    let answer = match path.strip_prefix("Dw") {
        Some(_) => http::Response::new(r#"{"value":[],"@odata.count":1}"#.into()),
        None => http::Response::builder().header("total", 1).body("[]".into()).unwrap(),
    };
    Order {
        method: Some(http::Method::GET),
        path: path.into(),
        after: 0,
        times: 1000,
        fault: Fault::Instead(answer),
    }
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
    assert_eq!(report.summary.create, 0, "its hours stand in the first week still");
    let (beside, late): (Vec<&Held>, Vec<&Held>) =
        report.held.iter().partition(|held| held.reason == Reason::BesideKept);
    assert_eq!((beside.len(), late.len()), (1, 1), "{:?}", report.held);
    assert_eq!(late[0].reason, Reason::LateChange);
    assert!(
        late[0]
            .detail
            .ends_with("1 of its lines differ, 4.00 h in Procore and 0.00 h in ExakTime"),
        "{:?}",
        late[0]
    );
    // Both weeks asked for, and the time missed by two refreshes: it is moved.
    for _ in 0..2 {
        harness.apply_export().await;
        harness.next_day();
    }
    assert_eq!(second_week(&harness).await.held, []);
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
    time_comes_late(&harness);
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
async fn d24_a_week_of_which_nothing_is_left_on_either_side_is_forgotten() {
    let harness = exported().await;
    time_comes_late(&harness);
    only_first_week(&second_week(&harness).await);
    late_time_is_removed(&harness);
    assert_eq!(late(&second_week(&harness).await), []);
    assert!(harness.ledger.late_weeks().await.unwrap().is_empty());
}

#[tokio::test]
async fn d24_a_week_that_nobody_could_look_at_is_not_forgotten() {
    let harness = exported().await;
    time_comes_late(&harness);
    only_first_week(&second_week(&harness).await);
    late_time_is_removed(&harness);
    let not_seen = "it differed when it was looked at last";

    let of_one = Selection {
        employees: vec!["p-103".into()],
        ..Selection::days(day("2026-03-09"), day("2026-03-15"))
    };
    let plan = harness.linx().plan_export(&of_one).await.unwrap();
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(only_first_week(&report), not_seen, "somebody else was asked for");

    for (path, faults) in [
        ("DwTimeRecords", &harness.exaktime_faults),
        ("/timecard_entries", &harness.procore_faults),
    ] {
        faults.order(incomplete(path));
        assert_eq!(only_first_week(&second_week(&harness).await), not_seen, "{path}");
        faults.clear();
    }
    assert_eq!(harness.ledger.late_weeks().await.unwrap().len(), 1);
    assert_eq!(late(&second_week(&harness).await), []);
    assert!(harness.ledger.late_weeks().await.unwrap().is_empty());
}

#[tokio::test]
async fn d24_a_week_with_lines_is_not_forgotten_on_an_incomplete_list_of_time() {
    let harness = exported().await;
    remove(&harness, "2026-03-05");
    only_first_week(&second_week(&harness).await);
    harness.exaktime_faults.order(incomplete("DwTimeRecords"));
    only_first_week(&second_week(&harness).await);
}

#[tokio::test]
async fn d24_the_week_of_a_worker_to_whom_nobody_is_linked_is_forgotten_unless_time_is_nobodys() {
    let harness = exported().await;
    time_comes_late(&harness);
    only_first_week(&second_week(&harness).await);
    let links = harness.ledger.links().await.unwrap();
    let link = links.iter().find(|link| link.record.as_str() == "p-105").unwrap();
    harness.linx().unlink(&[link.office]).await.unwrap();
    assert_eq!(
        only_first_week(&second_week(&harness).await),
        "it differed when it was looked at last",
        "the time that stands there may be this worker's"
    );
    late_time_is_removed(&harness);
    assert_eq!(late(&second_week(&harness).await), []);
    assert!(harness.ledger.late_weeks().await.unwrap().is_empty());
}

#[tokio::test]
async fn d24_a_week_is_not_forgotten_on_account_of_a_file_that_lacks_it() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let export = async |selection: Selection, rows: &[&str]| {
        let head = "udfEmployeeNumber,WorkDate,Regular,udfJobsiteNumber,udfCostCode";
        let text = [&[head], rows].concat().join("\n") + "\n";
        let linx = harness.linx_reading(csv::read(text.as_bytes(), &CsvFormat::default()).unwrap());
        let plan = linx.plan_export(&selection).await.unwrap();
        linx.apply_export(&plan).await.unwrap()
    };
    let sent = "00101,2026-03-03,4.00,24-001,03-300";
    let (corrected, due) = (
        "00101,2026-03-03,5.00,24-001,03-300",
        "00101,2026-03-10,4.00,24-001,03-300",
    );
    let second = || Selection::days(day("2026-03-09"), day("2026-03-15"));
    let report = export(two_weeks(), &[sent, due]).await;
    assert_eq!(report.summary.create, 2, "{:?}", report.held);
    let how = only_first_week(&export(second(), &[corrected, due]).await);
    assert_eq!(how, "1 of its lines differ, 4.00 h in Procore and 5.00 h in ExakTime");
    let how = only_first_week(&export(second(), &[due]).await);
    assert_eq!(how, "it differed when it was looked at last");
    assert_eq!(late(&export(second(), &[sent, due]).await), []);
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
