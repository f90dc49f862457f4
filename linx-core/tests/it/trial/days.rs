//! Days of which a part is held, and weeks that were sent before (hazards D8, D24).

use linx_core::export::ExportReport;
use linx_core::plan::Selection;
use procore_client::timecards::ApprovalStatus;

use super::{codes, exported, in_procore, in_time};
use crate::harness::{Harness, day};
use crate::small_company::{all_hours, judge_by, worked};

/// The second week.
fn second_week() -> Selection {
    Selection::days(day("2026-03-09"), day("2026-03-15"))
}

/// The second week is exported for three nights.
async fn second_weeks(harness: &Harness) -> Vec<ExportReport> {
    let mut reports = Vec::new();
    for _ in 0..3 {
        reports.push(harness.try_export_of(&second_week()).await.unwrap());
        harness.next_day();
    }
    reports
}

/// Whether something held speaks of a worker (the end of Procore's id) and of a day or its week.
fn tells(report: &ExportReport, worker: &str, dates: &[&str]) -> bool {
    report.held.iter().any(|held| {
        let text = format!("{} {}", held.subject.id(), held.detail);
        (text.contains(worker) || text.contains(&format!("p-{}", &worker[worker.len() - 3..])))
            && dates.iter().any(|date| text.contains(date))
    })
}

const BEN: &str = "562949953430202";

#[tokio::test]
async fn d24_a_correction_to_an_approved_week_is_told() {
    let harness = exported().await;
    in_procore(&harness, 202, "2026-03-03", |entry| {
        entry.status = ApprovalStatus::Approved
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into()
    });
    in_time(&harness, "p-202", "2026-03-03", 1, |record| {
        record.regular_hours = "3.00".into()
    });
    for report in second_weeks(&harness).await {
        assert!(tells(&report, BEN, &["2026-03-03", "2026-03-02"]), "{:?}", report.held);
    }
}

#[tokio::test]
async fn d24_an_entry_that_the_office_edited_in_a_sent_week_and_time_that_changed_is_told() {
    let harness = exported().await;
    in_procore(&harness, 202, "2026-03-03", |entry| entry.hours = Some("5.0".into()));
    for half in [0, 1] {
        in_time(&harness, "p-202", "2026-03-03", half, |record| {
            record.regular_hours = "3.00".into()
        });
    }
    for report in second_weeks(&harness).await {
        assert!(tells(&report, BEN, &["2026-03-03", "2026-03-02"]), "{:?}", report.held);
    }
}

#[tokio::test]
async fn d17_hours_that_moved_between_two_lines_of_a_day_are_paid_once_in_the_end() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "6.00".into()
    });
    in_time(&harness, "p-202", "2026-03-03", 1, |record| {
        record.regular_hours = "2.00".into()
    });
    let result = harness.try_export().await;
    judge_by(&worked(), &harness, &result);
    assert_eq!((codes(&result.unwrap().held).len(), all_hours(&harness)), (0, 108_00));
}
