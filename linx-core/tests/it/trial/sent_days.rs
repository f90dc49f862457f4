//! Days that were sent, are read and are not asked for: what is another there is told (hazards D24, D26).

use super::moves::{add_like, second_week, somebody_unlinked};
use super::{because, codes, enter_by_another_hand, in_time};
use exaktime_client::csv::{self, CsvFormat};
use linx_core::export::ExportReport;
use linx_core::plan::Selection;
use linx_core::settings::OtherHands;
use procore_client::sandbox::Entry;

use crate::harness::{Harness, day};
use crate::small_company::{all_hours, exported, synced};

async fn export(harness: &Harness, from: &str, to: &str) -> ExportReport {
    let days = Selection::days(day(from), day(to));
    harness.try_export_of(&days).await.unwrap()
}

/// The weeks that a report tells as late, with how they differ.
fn late(report: &ExportReport) -> Vec<(String, String)> {
    let late = because(&report.held, "late_change").into_iter();
    late.map(|held| (held.subject.id().into_owned(), held.detail.clone()))
        .collect()
}

/// A report writes nothing and tells of one week of Ben's.
fn tells_of_bens_week(report: &ExportReport, first: &str) -> String {
    assert_eq!(report.changes.len(), 0);
    let late = late(report);
    let [(week, how)] = &late[..] else {
        panic!("{late:?} {:?}", report.held)
    };
    assert!(week.ends_with(&format!("202 {first}")), "{week}");
    how.clone()
}

fn bens_entry(harness: &Harness, date: &str) -> Entry {
    let mut entries = harness.procore.entries().into_iter();
    let of_the_day =
        |entry: &Entry| entry.party.is_some_and(|party| party.get() % 1000 == 202) && entry.date == day(date);
    entries.find(of_the_day).unwrap()
}

#[tokio::test]
async fn d24_a_correction_on_a_sent_day_of_the_week_whose_other_day_is_asked_for_is_told() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    for asked in ["2026-03-03", "2026-03-04"] {
        let how = tells_of_bens_week(&export(&harness, asked, asked).await, "2026-03-02");
        assert_eq!(how, "1 of its lines differ, 4.00 h in Procore and 3.00 h in ExakTime");
    }
    let report = export(&harness, "2026-03-02", "2026-03-02").await;
    assert_eq!((report.summary.update, report.held.len()), (1, 0), "{:?}", report.held);
    assert_eq!(export(&harness, "2026-03-03", "2026-03-03").await.held, []);
}

#[tokio::test]
async fn d24_what_was_compared_with_the_days_asked_for_is_told_once() {
    let harness = exported().await;
    // Monday and Tuesday of one week: the first is asked for and changes, so that the second is brought up (hazard D17).
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.location = Some("loc-none".into());
    });
    let report = export(&harness, "2026-03-02", "2026-03-02").await;
    assert_eq!(report.summary.update, 1);
    assert_eq!(late(&report), [], "{:?}", report.held);
    assert!(!report.held.is_empty(), "Tuesday's time is held");
}

#[tokio::test]
async fn d24_days_to_come_of_the_newest_week_that_was_sent_are_not_late() {
    let harness = synced().await;
    for date in ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-02"] {
        let report = export(&harness, date, date).await;
        assert_eq!(report.held, [], "{date}: the days after it were never sent");
    }
}

#[tokio::test]
async fn d24_time_that_came_late_on_a_day_that_was_sent_of_others_is_told() {
    let harness = synced().await;
    let bens = harness.exaktime.with_state(|state| {
        let of_ben = |record: &exaktime_client::sandbox::TimeRecord| {
            record.person == "p-202" && record.work_date == day("2026-03-02")
        };
        let (bens, others) = std::mem::take(&mut state.time_records)
            .into_iter()
            .partition::<Vec<_>, _>(of_ben);
        state.time_records = others;
        bens
    });
    export(&harness, "2026-03-02", "2026-03-02").await;
    harness.exaktime.with_state(|state| state.time_records.extend(bens));
    let report = export(&harness, "2026-03-03", "2026-03-03").await;
    let [(week, how)] = &late(&report)[..] else {
        panic!("{:?}", report.held)
    };
    assert!(week.ends_with("202 2026-03-02"), "{week}");
    assert_eq!(how, "2 of its lines differ, 0.00 h in Procore and 8.00 h in ExakTime");
}

#[tokio::test]
async fn d24_a_correction_in_a_sent_week_after_the_days_asked_for_is_told() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-09", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let how = tells_of_bens_week(&export(&harness, "2026-03-02", "2026-03-08").await, "2026-03-09");
    assert_eq!(how, "1 of its lines differ, 4.00 h in Procore and 3.00 h in ExakTime");
}

#[tokio::test]
async fn d24_time_that_moved_out_of_a_later_week_that_was_sent_is_told() {
    let harness = exported().await;
    in_time(&harness, "p-204", "2026-03-10", 0, |record| {
        record.work_date = day("2026-03-04");
        record.start -= chrono::TimeDelta::days(6);
        record.stop = record.stop.map(|stop| stop - chrono::TimeDelta::days(6));
    });
    let report = export(&harness, "2026-03-02", "2026-03-08").await;
    assert!(codes(&report.held).contains("late_change"), "{:?}", report.held);
}

/// An export that reads Ben's first week only because it differed.
async fn april(harness: &Harness) {
    let report = export(harness, "2026-04-06", "2026-04-12").await;
    assert_eq!(late(&report).len(), 1, "{:?}", report.held);
    assert_eq!(all_hours(harness), 108_00);
}

#[tokio::test]
async fn d24_a_late_week_is_not_forgotten_by_a_run_that_could_not_read_a_record() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.work_date = day("2025-01-06");
    });
    export(&harness, "2026-03-09", "2026-03-15").await;
    april(&harness).await;
    let bad = "4 hours".to_owned();
    in_time(&harness, "p-204", "2026-03-05", 0, |record| {
        record.regular_hours.clone_from(&bad);
    });
    april(&harness).await;
    in_time(&harness, "p-204", "2026-03-05", 0, |record| {
        record.regular_hours = "4.00".into();
    });
    april(&harness).await;
}

#[tokio::test]
async fn d24_d28_a_late_week_is_not_forgotten_because_the_next_file_lacks_it() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.work_date = day("2025-01-06");
    });
    export(&harness, "2026-03-09", "2026-03-15").await;
    april(&harness).await;
    let head = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode,Comment\n";
    let stands = "00202,2026-03-02,4.00,,26-101,06-100,\n";
    for (what, rows) in [
        (
            "nothing of that week",
            "00201,2026-04-06,4.00,,26-101,03-300,\n".to_owned(),
        ),
        ("what stands of that day", stands.to_owned()),
    ] {
        let text = format!("{head}{rows}");
        let linx = harness.linx_reading(csv::read(text.as_bytes(), &CsvFormat::default()).unwrap());
        let plan = linx
            .plan_export(&Selection::days(day("2026-04-06"), day("2026-04-12")))
            .await
            .unwrap();
        let report = linx.apply_export(&plan).await.unwrap();
        assert_eq!(late(&report).len(), 1, "{what}: {:?}", report.held);
        assert_eq!(harness.ledger.late_weeks().await.unwrap().len(), 1, "{what}");
    }
}

#[tokio::test]
async fn d26_what_another_hand_enters_on_a_sent_day_is_told_by_a_run_of_other_days() {
    for (asked, sent) in [
        (("2026-03-09", "2026-03-15"), "2026-03-02"),
        (("2026-03-03", "2026-03-03"), "2026-03-02"),
        (("2026-03-02", "2026-03-08"), "2026-03-09"),
    ] {
        let harness = exported().await;
        enter_by_another_hand(&harness, [bens_entry(&harness, sent)]);
        for _ in 0..2 {
            let report = export(&harness, asked.0, asked.1).await;
            let told = because(&report.held, "entered_by_another");
            assert_eq!((told.len(), report.held.len()), (1, 1), "{asked:?}: {:?}", report.held);
            assert!(told[0].detail.contains("12.00 h would stand"), "{}", told[0].detail);
        }
        // A person says that both are right, also of a day that is only looked at.
        harness.linx().set_beside("00202", day(sent), true).await.unwrap();
        assert_eq!(export(&harness, asked.0, asked.1).await.held, []);
    }
}

#[tokio::test]
async fn d26_beside_an_adopted_entry_a_second_one_that_repeats_a_line_is_told() {
    let mut harness = synced().await;
    harness.export.other_hands = OtherHands::AdoptEqual;
    harness.try_export().await.unwrap();
    let (theirs, ours) = {
        let mut entries = harness.procore.entries();
        entries.retain(|entry| {
            entry.party.is_some_and(|party| party.get() % 1000 == 202) && entry.date == day("2026-03-02")
        });
        (entries.remove(0), entries.remove(0))
    };
    // The morning is another program's and known to no ledger; the afternoon is ours, and stands a second time by another hand.
    harness.procore.with_state(|state| {
        state.entries.remove(&theirs.id);
    });
    harness.ledger = std::sync::Arc::new(linx_core::ledger::MemoryLedger::new());
    harness.apply_sync().await;
    enter_by_another_hand(&harness, [theirs, ours]);
    let report = harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 112_00);
    let told = because(&report.held, "entered_by_another");
    assert_eq!(told.len(), 1, "{:?} {:?}", report.held, report.notes);
    let again = harness.try_export().await.unwrap();
    assert_eq!(because(&again.held, "entered_by_another").len(), 1, "{:?}", again.held);
}

/// Late time of somebody who is linked to nobody, in a week that was sent.
#[tokio::test]
async fn d24_late_time_of_somebody_who_is_linked_to_nobody_is_told_in_a_week_that_was_sent() {
    let harness = exported().await;
    somebody_unlinked(&harness);
    add_like(&harness, "p-203", "2026-03-03", 0, |record| {
        record.person = "p-205".into();
    });
    for _ in 0..3 {
        let report = harness.try_export_of(&second_week()).await.unwrap();
        let told = because(&report.held, "late_change");
        assert_eq!(told.len(), 1, "{:?}", report.held);
        assert!(told[0].detail.contains("4.00 h"), "{told:?}");
        assert_eq!(all_hours(&harness), 108_00);
        harness.next_day();
    }
}
