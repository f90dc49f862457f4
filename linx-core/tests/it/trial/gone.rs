//! Entries of ours that are not there: one list lacks them, or another hand took their place; and time that went elsewhere
//! meanwhile (hazards A3, B7, C18, D19, D26, D28).

use chrono::TimeDelta;
use exaktime_client::sandbox::TimeRecord;
use procore_client::TimecardEntryId;
use procore_client::timecards::ApprovalStatus;

use super::moves::{Trace, copy_by_hand, delete, entry_of, lack, list_again, make_ben_anew, shift};
use super::removals::rename_code;
use super::{because, in_procore, in_time, link, settles};
use crate::harness::{Harness, two_weeks};
use crate::small_company::{OTHER_HANDS, all_hours, exported};

const TUESDAY: &str = "2026-03-03";

/// Where Ben's morning of Tuesday goes.
const MOVES: [&str; 5] = ["day", "week", "code", "person", "person and code"];

fn move_morning(harness: &Harness, to: &str) {
    let mut code = None;
    in_time(harness, "p-201", TUESDAY, 1, |record| {
        code.clone_from(&record.cost_code);
    });
    in_time(harness, "p-202", TUESDAY, 0, |record: &mut TimeRecord| {
        match to {
            "day" => shift(record, "2026-03-04"),
            "week" => shift(record, "2026-03-12"),
            _ => {}
        }
        if to.contains("person") {
            record.person = "p-204".into();
            record.start -= TimeDelta::hours(5);
            record.stop = record.stop.map(|stop| stop - TimeDelta::hours(5));
        } else if to != "code" {
            record.start += TimeDelta::hours(12);
            record.stop = record.stop.map(|stop| stop + TimeDelta::hours(12));
        }
        if to.contains("code") {
            record.cost_code = code;
        }
    });
}

/// One list lacks an entry of ours, in the night in which its time moves.
#[tokio::test]
async fn a3_time_of_an_entry_that_one_list_lacks_is_not_written_elsewhere() {
    for to in MOVES {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        lack(&harness, id);
        move_morning(&harness, to);
        let mut trace = Trace::default();
        let report = harness.try_export().await;
        list_again(&harness);
        trace.note(&harness, to, report.as_ref().map_err(ToString::to_string));
        harness.next_day();
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(108_00);
        let last = harness.try_export().await.unwrap();
        assert_eq!((last.held.len(), all_hours(&harness)), (0, 108_00), "{to}");
    }
}

/// The same where two runs a minute apart both get such a list.
#[tokio::test]
async fn a3_two_lists_of_one_minute_that_lack_an_entry_are_one_look() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    lack(&harness, id);
    move_morning(&harness, "day");
    let mut trace = Trace::default();
    let first = harness.try_export().await;
    harness.wait_seconds(60);
    let second = harness.try_export().await;
    list_again(&harness);
    trace.note(&harness, "first", first.as_ref().map_err(ToString::to_string));
    trace.note(&harness, "second", second.as_ref().map_err(ToString::to_string));
    trace.judge(108_00);
}

/// An entry that the office deleted keeps nothing from other days: its time is written there.
#[tokio::test]
async fn b7_time_that_moved_off_a_deleted_entry_to_another_day_is_written() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    move_morning(&harness, "day");
    let report = harness.try_export().await.unwrap();
    assert_eq!(report.held, []);
    assert_eq!(all_hours(&harness), 108_00);
}

/// One list lacks an entry whose time is as it was: nobody has deleted it.
#[tokio::test]
async fn a3_an_entry_that_one_list_lacks_is_not_called_deleted_by_the_office() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    lack(&harness, id);
    let report = harness.try_export().await.unwrap();
    assert_eq!(because(&report.held, "incomplete_list").len(), 1, "{:?}", report.held);
    assert!(because(&report.left_out, "deleted_in_office").is_empty());
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (report.held.len(), because(&report.left_out, "deleted_in_office").len()),
        (0, 1)
    );
    list_again(&harness);
    settles(&harness).await;
}

/// A worker is made anew, and one list lacks an entry of the old one.
#[tokio::test]
async fn a3_c17_time_of_an_old_workers_entry_that_one_list_lacks_is_not_written_for_the_new_one() {
    let harness = exported().await;
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    lack(&harness, id);
    let mut trace = Trace::default();
    let report = harness.try_export().await;
    trace.note(&harness, "lacks it", report.as_ref().map_err(ToString::to_string));
    list_again(&harness);
    trace.nights(&harness, &two_weeks(), 3).await;
    assert!(trace.held > 0, "both are held");
    trace.judge(108_00);
}

/// The office deletes an entry on a wrong code, and the clerk corrects the code in the same night: somebody is told, and the next
/// night writes it.
#[tokio::test]
async fn b7_time_of_a_deleted_entry_on_another_code_is_told_before_it_is_written() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    move_morning(&harness, "code");
    let report = harness.try_export().await.unwrap();
    let held = because(&report.held, "beside_kept");
    assert_eq!((held.len(), all_hours(&harness)), (1, 104_00), "{:?}", report.held);
    assert!(held[0].detail.contains("were deleted"), "{}", held[0].detail);
    harness.next_day();
    settles(&harness).await;
}

/// A copy of an entry of ours, mark and all, was made and deleted by the office: it is no line.
#[tokio::test]
async fn b12_a_deleted_copy_of_a_line_changes_nothing() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let copy = copy_by_hand(&harness, id, |_| {});
    delete(&harness, copy);
    for with_line in [true, false] {
        if !with_line {
            delete(&harness, id);
        }
        for _ in 0..3 {
            let report = harness.try_export().await.unwrap();
            let left = because(&report.left_out, "deleted_in_office").len();
            assert_eq!(
                (report.held.len(), left),
                (0, usize::from(!with_line)),
                "{:?}",
                report.held
            );
            harness.next_day();
        }
    }
}

/// Another program deletes what we wrote on these days and enters the same without any mark.
fn replace_by_another_program(harness: &Harness, of: impl Fn(&procore_client::sandbox::Entry) -> bool) {
    harness.procore.with_state(|state| {
        let ids: Vec<TimecardEntryId> = state.entries.keys().copied().collect();
        for (at, id) in ids.into_iter().enumerate() {
            let entry = state.entries.get_mut(&id).unwrap();
            if !of(entry) {
                continue;
            }
            let mut copy = entry.clone();
            entry.deleted_at = Some(entry.created_at);
            copy.id = TimecardEntryId::new(OTHER_HANDS + u64::try_from(at).unwrap());
            (copy.origin_id, copy.origin_data) = (None, None);
            state.entries.insert(copy.id, copy);
        }
    });
}

#[tokio::test]
async fn d26_time_of_entries_that_another_program_replaced_is_not_written_elsewhere() {
    for (what, all) in [("the morning", false), ("everything", true)] {
        for to in MOVES {
            let harness = exported().await;
            let morning = entry_of(&harness, 202, TUESDAY, 0);
            replace_by_another_program(&harness, |entry| all || entry.id == morning);
            let mut trace = Trace::default();
            trace.nights(&harness, &two_weeks(), 2).await;
            trace.silent.clear();
            move_morning(&harness, to);
            trace.nights(&harness, &two_weeks(), 3).await;
            let stands = all_hours(&harness);
            assert!(trace.held > 0 || stands == 108_00, "{what} to {to}");
            trace.judge(108_00);
        }
    }
}

/// The code of an approved entry is called otherwise by now, and its time is another person's.
#[tokio::test]
async fn c18_time_of_an_approved_entry_of_a_renamed_code_is_not_written_for_another_person() {
    let harness = exported().await;
    in_procore(&harness, 202, TUESDAY, |entry| entry.status = ApprovalStatus::Approved);
    move_morning(&harness, "person");
    // Shorter by a half hour, so that the hours alone do not show it.
    in_time(&harness, "p-204", TUESDAY, 0, |record| {
        record.stop = record.stop.map(|stop| stop - TimeDelta::minutes(30));
        record.regular_hours = "3.50".into();
    });
    rename_code(&harness);
    harness.apply_sync().await;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// The time of an approved entry is another person's by now, in two pieces.
#[tokio::test]
async fn d19_time_of_an_approved_entry_that_another_person_has_in_pieces_is_not_written() {
    let harness = exported().await;
    in_procore(&harness, 202, TUESDAY, |entry| entry.status = ApprovalStatus::Approved);
    let mut id = String::new();
    in_time(&harness, "p-202", TUESDAY, 0, |record| id.clone_from(&record.id));
    move_morning(&harness, "person and code");
    let mut piece = None;
    let mut other = None;
    in_time(&harness, "p-201", "2026-03-04", 0, |record| {
        other.clone_from(&record.cost_code);
    });
    harness.exaktime.with_state(|state| {
        let moved = state.time_records.iter_mut().find(|record| record.id == id);
        let moved = moved.unwrap();
        let middle = moved.start + TimeDelta::hours(2);
        let mut second = moved.clone();
        (moved.stop, moved.regular_hours) = (Some(middle), "2.00".into());
        (second.id, second.start, second.regular_hours) = ("tr-piece".into(), middle, "2.00".into());
        second.cost_code = other;
        piece = Some(second);
    });
    harness.exaktime.with_state(|state| state.time_records.extend(piece));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}
