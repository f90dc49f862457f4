//! Days of which a part is held, and weeks that were sent before (hazards D8, D24).

use linx_core::export::ExportReport;
use linx_core::plan::Selection;
use procore_client::timecards::ApprovalStatus;

use super::{codes, exported, in_procore, in_time, one_line_of_ben, settles, synced};
use crate::harness::{Harness, day};
use crate::small_company::{all_hours, judge_by, judge_our_hand, standing, worked};

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
async fn d24_time_that_moved_over_the_weeks_end_is_told() {
    // The afternoon of a day, or all of it.
    for halves in [&[1][..], &[1, 0]] {
        let harness = exported().await;
        for &half in halves {
            in_time(&harness, "p-202", "2026-03-03", half, |record| {
                record.work_date = day("2026-03-12");
                record.start += chrono::Duration::days(9);
                record.stop = record.stop.map(|stop| stop + chrono::Duration::days(9));
            });
        }
        for report in second_weeks(&harness).await {
            let sum = all_hours(&harness);
            assert!(
                sum == 108_00 || tells(&report, BEN, &["2026-03-03", "2026-03-02"]),
                "{sum} stand, and nobody is told: {:?}",
                report.held
            );
        }
    }
}

#[tokio::test]
async fn d24_a_correction_to_an_approved_week_is_told() {
    let harness = exported().await;
    in_procore(&harness, 202, "2026-03-03", |entry| {
        entry.status = ApprovalStatus::Approved;
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    in_time(&harness, "p-202", "2026-03-03", 1, |record| {
        record.regular_hours = "3.00".into();
    });
    for report in second_weeks(&harness).await {
        assert!(tells(&report, BEN, &["2026-03-03", "2026-03-02"]), "{:?}", report.held);
    }
}

#[tokio::test]
async fn d24_a_record_that_was_deleted_in_a_sent_week_is_told() {
    let harness = exported().await;
    harness.exaktime.with_state(|state| {
        let of = |record: &exaktime_client::sandbox::TimeRecord| {
            record.person == "p-202" && record.work_date == day("2026-03-03")
        };
        state.time_records.retain(|record| !of(record));
    });
    for report in second_weeks(&harness).await {
        assert!(tells(&report, BEN, &["2026-03-03", "2026-03-02"]), "{:?}", report.held);
    }
    assert_eq!(
        all_hours(&harness),
        108_00,
        "told and not written: that week was not asked for"
    );
}

#[tokio::test]
async fn d24_an_entry_that_the_office_edited_in_a_sent_week_and_time_that_changed_is_told() {
    let harness = exported().await;
    in_procore(&harness, 202, "2026-03-03", |entry| entry.hours = Some("5.0".into()));
    for half in [0, 1] {
        in_time(&harness, "p-202", "2026-03-03", half, |record| {
            record.regular_hours = "3.00".into();
        });
    }
    for report in second_weeks(&harness).await {
        assert!(tells(&report, BEN, &["2026-03-03", "2026-03-02"]), "{:?}", report.held);
    }
}

#[tokio::test]
async fn d8_a_line_is_not_lowered_while_a_part_of_its_time_is_held() {
    type Deed = fn(&mut exaktime_client::sandbox::TimeRecord);
    let deeds: [(&str, Deed); 4] = [
        ("open", |record| {
            (record.stop, record.regular_hours) = (None, "0".into());
        }),
        ("without a place", |record| record.location = None),
        ("without a code", |record| record.cost_code = None),
        ("unreadable", |record| record.regular_hours = "4 hours".into()),
    ];
    for (what, deed) in deeds {
        let harness = one_line_of_ben().await;
        in_time(&harness, "p-202", "2026-03-03", 1, deed);
        for _ in 0..3 {
            let report = harness.try_export().await;
            let tuesday = ("00202".to_owned(), day("2026-03-03"));
            assert_eq!(standing(&harness)[&tuesday], 8_00, "{what}: {report:?}");
            if let Ok(report) = report {
                assert!(!report.held.is_empty(), "{what}");
            }
            harness.next_day();
        }
    }
}

#[tokio::test]
async fn d8_what_is_held_of_one_line_does_not_lower_another_of_the_day() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "2.00".into();
    });
    in_time(&harness, "p-202", "2026-03-03", 1, |record| record.location = None);
    let report = harness.try_export().await.unwrap();
    judge_our_hand(108_00, &harness);
    assert!(!report.held.is_empty());
    let tuesday = ("00202".to_owned(), day("2026-03-03"));
    assert_eq!(standing(&harness)[&tuesday], 8_00, "{:?}", report.held);
}

#[tokio::test]
async fn d17_hours_that_moved_between_two_lines_of_a_day_are_paid_once_in_the_end() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "6.00".into();
    });
    in_time(&harness, "p-202", "2026-03-03", 1, |record| {
        record.regular_hours = "2.00".into();
    });
    let result = harness.try_export().await;
    judge_by(&worked(), &harness, &result);
    assert_eq!((codes(&result.unwrap().held).len(), all_hours(&harness)), (0, 108_00));
}

#[tokio::test]
async fn d22_a_stretch_without_computed_hours_is_held_and_told() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "0.00".into();
    });
    for _ in 0..3 {
        let report = harness.judged_export().await.unwrap();
        assert_eq!(codes(&report.held), ["hours_not_computed"].into());
        assert_eq!(all_hours(&harness), 108_00, "what was sent of it stays");
        harness.next_day();
    }
}

#[tokio::test]
async fn d22_a_stretch_is_sent_once_its_hours_are_computed() {
    let harness = synced().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "0.00".into();
    });
    let report = harness.judged_export().await.unwrap();
    assert_eq!(codes(&report.held), ["hours_not_computed"].into());
    assert_eq!(all_hours(&harness), 104_00);
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "4.00".into();
    });
    settles(&harness).await;
}
