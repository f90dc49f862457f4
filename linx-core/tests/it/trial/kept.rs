//! Time that moved away from an entry that is not taken away: whatever keeps the entry and wherever the time went, nobody is
//! paid it twice (hazards B7, B13, C17, D8, D18, D19, D24).

use std::collections::BTreeSet;

use chrono::Duration;
use exaktime_client::sandbox::TimeRecord;
use linx_core::model::RecordId;
use linx_core::plan::Selection;
use linx_http::sandbox::Fault;
use procore_client::timecards::ApprovalStatus;

use super::moves::entry_of;
use super::{because, exported, in_procore, in_time};
use crate::harness::{Harness, day, once, two_weeks};
use crate::small_company::{all_hours, judge_days, judge_our_hand, worked_now};

/// Ben's morning of 3 March is what moves.
const FROM: &str = "2026-03-03";

/// What keeps the entry.
const KEEPERS: [&str; 6] = [
    "nothing",
    "approved",
    "hours edited",
    "note edited",
    "open record",
    "unlinked",
];

async fn keep(harness: &Harness, keeper: &str) {
    match keeper {
        "approved" => in_procore(harness, 202, FROM, |entry| entry.status = ApprovalStatus::Approved),
        "hours edited" => in_procore(harness, 202, FROM, |entry| entry.hours = Some("5.0".into())),
        "note edited" => in_procore(harness, 202, FROM, |entry| entry.description = Some("checked".into())),
        "open record" => in_time(harness, "p-202", FROM, 1, |record| {
            (record.stop, record.regular_hours) = (None, "0".into());
        }),
        "unlinked" => {
            let ben = harness.link_to("p-202").await.unwrap().office;
            harness.linx().unlink(&[ben]).await.unwrap();
        }
        _ => {}
    }
}

/// Where the time goes, and who and which place then have more of it.
const MOVES: [(&str, &str, &str); 6] = [
    ("another day", "00202", "2026-03-04"),
    ("another day of the next week", "00202", "2026-03-12"),
    ("another code", "00202", FROM),
    ("another person", "00204", FROM),
    ("another person and code", "00204", FROM),
    ("another place", "00202", FROM),
];

fn move_time(harness: &Harness, to: &str, date: &str) {
    let mut facilities = None;
    in_time(harness, "p-201", "2026-03-03", 1, |record| {
        facilities.clone_from(&record.cost_code);
    });
    let mut bridge = None;
    in_time(harness, "p-201", "2026-03-04", 0, |record| {
        bridge.clone_from(&record.location);
    });
    in_time(harness, "p-202", FROM, 0, |record: &mut TimeRecord| {
        let days = day(date).signed_duration_since(record.work_date);
        record.work_date += days;
        record.start += days;
        record.stop = record.stop.map(|stop| stop + days);
        if to.contains("person") {
            record.person = "p-204".into();
            // Dan does not work at that hour.
            record.start -= Duration::hours(5);
            record.stop = record.stop.map(|stop| stop - Duration::hours(5));
        } else if days != Duration::zero() {
            record.start += Duration::hours(12);
            record.stop = record.stop.map(|stop| stop + Duration::hours(12));
        }
        if to.contains("code") {
            record.cost_code.clone_from(&facilities);
        }
        if to.contains("place") {
            record.location.clone_from(&bridge);
        }
    });
}

/// Everything, or as little as has the time by now.
fn selections(employee: &str, date: &str) -> [Selection; 3] {
    let monday = day(date) - Duration::days(i64::from(chrono::Datelike::weekday(&day(date)).num_days_from_monday()));
    [
        two_weeks(),
        Selection {
            employees: vec![employee.to_owned()],
            ..two_weeks()
        },
        Selection::days(monday, monday + Duration::days(6)),
    ]
}

async fn nobody_is_paid_twice(keeper: &str) {
    for (to, employee, date) in MOVES {
        for (at, selection) in selections(employee, date).into_iter().enumerate() {
            let harness = exported().await;
            keep(&harness, keeper).await;
            move_time(&harness, to, date);
            let due = worked_now(&harness);
            for night in 1..=3 {
                let result = harness.try_export_of(&selection).await;
                let what = format!("{keeper}, to {to}, selection {at}, night {night}");
                // What the office itself made more of it is its own.
                let more = if keeper == "hours edited" { 2_00 } else { 0 };
                let most = due.values().sum::<i64>() + more;
                let stand = all_hours(&harness);
                let held = result.as_ref().map(|report| &report.held);
                assert!(stand <= most.max(108_00 + more), "{what}: {stand} for {most}, {held:?}");
                judge_our_hand(108_00 + more, &harness);
                if at == 0 {
                    judge_days(&due, &BTreeSet::new(), &harness, &result);
                } else if stand != most {
                    assert!(
                        !held.unwrap().is_empty(),
                        "{what}: {stand} for {most}, and nobody is told"
                    );
                }
                harness.next_day();
            }
        }
    }
}

#[tokio::test]
async fn b13_time_that_moved_off_an_entry_that_nobody_touched_is_not_paid_twice() {
    nobody_is_paid_twice(KEEPERS[0]).await;
}

#[tokio::test]
async fn d18_time_that_moved_off_an_approved_entry_is_not_paid_twice() {
    nobody_is_paid_twice(KEEPERS[1]).await;
}

#[tokio::test]
async fn b7_time_that_moved_off_an_entry_whose_hours_were_edited_is_not_paid_twice() {
    nobody_is_paid_twice(KEEPERS[2]).await;
}

#[tokio::test]
async fn b7_time_that_moved_off_an_entry_whose_note_was_edited_is_not_paid_twice() {
    nobody_is_paid_twice(KEEPERS[3]).await;
}

#[tokio::test]
async fn d8_time_that_moved_off_a_day_that_is_held_is_not_paid_twice() {
    nobody_is_paid_twice(KEEPERS[4]).await;
}

#[tokio::test]
async fn c17_time_that_moved_off_somebody_who_was_unlinked_is_not_paid_twice() {
    nobody_is_paid_twice(KEEPERS[5]).await;
}

/// A part of an approved line became another day's: as many hours are held, and what is new besides is written.
#[tokio::test]
async fn d18_as_many_hours_are_held_as_an_approved_entry_keeps_and_no_more() {
    let harness = exported().await;
    in_procore(&harness, 202, FROM, |entry| entry.status = ApprovalStatus::Approved);
    in_time(&harness, "p-202", FROM, 0, |record| {
        record.regular_hours = "2.00".into();
    });
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.regular_hours = "6.00".into();
    });
    in_time(&harness, "p-202", "2026-03-09", 0, |record| {
        record.regular_hours = "7.00".into();
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 111_00, "{:?}", report.held);
    let beside = because(&report.held, "beside_kept");
    assert_eq!(beside.len(), 1, "{:?}", report.held);
    assert!(beside[0].detail.contains("2026-03-03"), "{:?}", beside[0]);
}

/// A deletion that Procore refuses leaves its hours: what somebody else would gain for it is not written.
#[tokio::test]
async fn d19_a_deletion_that_fails_holds_what_another_person_gains_for_it() {
    let harness = exported().await;
    move_time(&harness, "another person", FROM);
    let due = worked_now(&harness);
    harness.try_export().await.unwrap();
    harness.next_day();
    let refused = http::Response::builder()
        .status(422)
        .header("content-type", "application/json")
        .body(bytes::Bytes::from_static(b"{\"errors\":{\"base\":[\"is in use\"]}}"))
        .unwrap();
    let order = once(http::Method::DELETE, "/timecard_entries", 0, Fault::Instead(refused));
    harness.procore_faults.order(order);
    let result = harness.try_export().await;
    judge_days(&due, &BTreeSet::new(), &harness, &result);
    assert_eq!(all_hours(&harness), 108_00, "{:?}", result.unwrap().held);
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!((all_hours(&harness), report.held), (108_00, vec![]));
}

/// Two employees of one person share a line; the time of the one that was unlinked is held, and the line is not lowered.
#[tokio::test]
async fn d8_c17_a_shared_line_is_not_lowered_while_the_other_employee_is_unlinked() {
    let mut harness = crate::small_company::synced().await;
    let mut place = None;
    in_time(&harness, "p-203", "2026-03-11", 0, |record| {
        place = Some((record.location.clone(), record.cost_code.clone()));
    });
    // Dan's morning of that day is Cleo's, under a second number of hers.
    harness.export.same_person = [("00204".to_owned(), "00203".to_owned())].into();
    in_time(&harness, "p-204", "2026-03-10", 0, |record| {
        (record.location, record.cost_code) = place.unwrap();
        record.work_date = day("2026-03-11");
        record.start += Duration::hours(36);
        record.stop = record.stop.map(|stop| stop + Duration::hours(36));
    });
    harness.try_export().await.unwrap();
    let stood = all_hours(&harness);
    assert_eq!(stood, 108_00);
    harness.export.same_person.clear();
    let dan = harness.link_to("p-204").await.unwrap();
    harness.linx().unlink(&[dan.office]).await.unwrap();
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), stood, "{:?}", report.held);
        assert!(!report.held.is_empty());
        harness.next_day();
    }
}

/// All time of somebody who was unlinked is gone from ExakTime; the entries stand, and every run says so.
#[tokio::test]
async fn c17_entries_of_an_employee_who_was_unlinked_and_has_no_time_left_are_told() {
    let harness = exported().await;
    keep(&harness, "unlinked").await;
    harness
        .exaktime
        .with_state(|state| state.time_records.retain(|record| record.person != "p-202"));
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), 108_00);
        let told = because(&report.held, "employee_relinked");
        assert_eq!(told.len(), 6, "{:?}", report.held);
        harness.next_day();
    }
    let id = RecordId("p-202".into());
    assert!(
        harness
            .ledger
            .links()
            .await
            .unwrap()
            .iter()
            .all(|link| link.record != id)
    );
}

/// A wrong date: four hours of the second week belong to the first, and only the first is exported.
#[tokio::test]
async fn d24_time_that_moved_out_of_a_later_week_is_not_paid_twice_by_an_export_of_the_earlier_one() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-09", 0, |record| {
        record.work_date = day("2026-03-04");
        record.start -= Duration::days(5);
        record.stop = record.stop.map(|stop| stop - Duration::days(5));
    });
    let first_week = Selection::days(day("2026-03-02"), day("2026-03-08"));
    for _ in 0..3 {
        let report = harness.try_export_of(&first_week).await.unwrap();
        assert_eq!(all_hours(&harness), 108_00, "{:?}", report.held);
        assert!(!report.held.is_empty());
        harness.next_day();
    }
}

/// One list of entries lacks an entry of ours, in the night in which its time is corrected to another code.
#[tokio::test]
async fn a3_an_entry_that_one_list_lacks_does_not_come_again_under_another_code() {
    let harness = exported().await;
    move_time(&harness, "another code", FROM);
    let id = entry_of(&harness, 202, FROM, 0);
    harness.procore.with_state(|state| state.unlisted.insert(id));
    let report = harness.try_export().await.unwrap();
    harness.procore.with_state(|state| state.unlisted.clear());
    assert_eq!(all_hours(&harness), 108_00, "{:?}", report.held);
    assert!(!report.held.is_empty());
    for _ in 0..3 {
        harness.next_day();
        harness.try_export().await.unwrap();
    }
    let report = harness.try_export().await.unwrap();
    assert_eq!((all_hours(&harness), report.held), (108_00, vec![]));
}

/// Ben's morning went to Dan, as a look told; the next night something else of Ben's Tuesday cannot be booked. That is not what went: Dan
/// waits on.
#[tokio::test]
async fn d19_what_is_held_of_a_day_does_not_stand_for_what_was_seen_with_somebody_else() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.person = "p-204".into();
    });
    let report = harness.try_export().await.unwrap();
    assert!(!because(&report.held, "beside_kept").is_empty(), "{:?}", report.held);
    harness.next_day();
    crate::trial::moves::add_like(&harness, "p-202", "2026-03-02", 0, |record| {
        crate::trial::moves::shift(record, "2026-03-03");
        record.cost_code = Some("of nobody".into());
    });
    for _ in 0..3 {
        harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), 108_00, "four hours stand for Ben and for Dan");
        harness.next_day();
    }
}
