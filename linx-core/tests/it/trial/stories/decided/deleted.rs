//! What the office deleted or lowered does not come back under another key.

use chrono::TimeDelta;
use exaktime_client::sandbox::TimeRecord;
use linx_core::plan::Selection;
use procore_client::sandbox::Entry;
use procore_client::timecards::ApprovalStatus;

use crate::harness::two_weeks;
use crate::small_company::{all_hours, exported};
use crate::trial::moves::{
    Trace, add_like, delete, entry_of, give, lack, list_again, office, second_week, shift, take,
};
use crate::trial::stories::{TUESDAY, comes_to_rest, facilities, told};
use crate::trial::{enter_by_another_hand, in_time};

use super::*;

/// The office deleted Dan's Friday morning. Later his week turns into overtime: the same four hours are overtime now.
#[tokio::test]
async fn d19_deleted_hours_do_not_come_back_as_overtime() {
    let harness = exported().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    delete(&harness, id);
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!((told(&report), all_hours(&harness)), (vec![], 104_00));
        harness.next_day();
    }
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    stays_deleted(&harness, 104_00).await;
}

/// The same where only a half becomes overtime.
#[tokio::test]
async fn d19_half_of_deleted_hours_does_not_come_back_as_overtime() {
    let harness = exported().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    delete(&harness, id);
    two_nights(&harness).await;
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.regular_hours = "2.00".into();
        record.ot1_hours = "2.00".into();
    });
    stays_deleted(&harness, 104_00).await;
}

/// Projects of start and stop: the office deleted an entry, and the clerk sets the start right by five minutes.
#[tokio::test]
async fn d19_a_deleted_entry_does_not_come_back_with_another_start() {
    let harness = with_start_stop().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    delete(&harness, id);
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!((told(&report), all_hours(&harness)), (vec![], 104_00));
        harness.next_day();
    }
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.start += TimeDelta::minutes(5);
        record.stop = record.stop.map(|stop| stop + TimeDelta::minutes(5));
    });
    stays_deleted(&harness, 104_00).await;
}

/// A project begins to take start and stop after the office deleted an entry of it.
#[tokio::test]
async fn d19_a_deleted_entry_does_not_come_back_when_start_and_stop_are_switched_on() {
    let harness = exported().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    delete(&harness, id);
    two_nights(&harness).await;
    harness.procore.with_state(|state| {
        state.configuration.start_stop_projects = state.projects.keys().copied().collect();
    });
    let mut trace = Trace::default();
    for _ in 0..4 {
        let selection = Selection {
            allow_mass_change: true,
            ..two_weeks()
        };
        trace.run(&harness, &selection, "night").await;
        harness.next_day();
    }
    trace.judge(104_00);
}

/// The office set an entry to no hours instead of deleting it; then the hours turn into overtime.
#[tokio::test]
async fn d19_hours_that_the_office_set_to_zero_do_not_come_back_as_overtime() {
    let harness = exported().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    office(&harness, id, |entry| entry.hours = Some("0.0".into()));
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!((told(&report), all_hours(&harness)), (vec![], 104_00));
        harness.next_day();
    }
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    stays_deleted(&harness, 104_00).await;
}

/// The office lowered an entry to one hour; the four hours turn into overtime.
#[tokio::test]
async fn d19_hours_that_the_office_lowered_do_not_come_back_as_overtime() {
    let harness = exported().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    office(&harness, id, |entry| entry.hours = Some("1.0".into()));
    two_nights(&harness).await;
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.regular_hours = "1.00".into();
        record.ot1_hours = "3.00".into();
    });
    stays_deleted(&harness, 105_00).await;
}

/// Deleted and overtime in one night: told once at least, and not written after that by itself.
#[tokio::test]
async fn d19_deleted_hours_that_turn_into_overtime_in_the_same_night() {
    let harness = exported().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    delete(&harness, id);
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    stays_deleted(&harness, 104_00).await;
}

/// A code is renamed after the office deleted an entry on it.
#[tokio::test]
async fn d19_a_deleted_entry_does_not_come_back_under_a_renamed_code() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    two_nights(&harness).await;
    crate::trial::removals::rename_code(&harness);
    harness.apply_sync().await;
    let mut trace = Trace::default();
    for _ in 0..4 {
        let selection = Selection {
            allow_mass_change: true,
            ..two_weeks()
        };
        trace.run(&harness, &selection, "night").await;
        harness.next_day();
    }
    trace.judge(104_00);
}

/// The office merges two entries by hand: it deletes the morning and raises the afternoon; the clerk sets the morning's code right in ExakTime to that of the afternoon, and back.
#[tokio::test]
async fn d19_two_entries_that_the_office_merged_are_paid_once() {
    let harness = exported().await;
    let morning = entry_of(&harness, 202, TUESDAY, 0);
    let afternoon = entry_of(&harness, 202, TUESDAY, 1);
    delete(&harness, morning);
    office(&harness, afternoon, |entry| entry.hours = Some("8.0".into()));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    let mut carpentry = None;
    in_time(&harness, "p-202", TUESDAY, 1, |record| {
        carpentry.clone_from(&record.cost_code);
    });
    let mut old = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        old = record.cost_code.clone();
        record.cost_code = carpentry;
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = old);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The office merges two entries by hand, and the morning turns into overtime later.
#[tokio::test]
async fn d19_two_entries_that_the_office_merged_are_paid_once_when_one_turns_into_overtime() {
    let harness = exported().await;
    let morning = entry_of(&harness, 202, TUESDAY, 0);
    let afternoon = entry_of(&harness, 202, TUESDAY, 1);
    delete(&harness, morning);
    office(&harness, afternoon, |entry| entry.hours = Some("8.0".into()));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The office sets the entry of a morning to overtime by hand (another time type); ExakTime's rules do the same a night later.
#[tokio::test]
async fn d19_an_entry_that_the_office_set_to_overtime_is_paid_once() {
    let harness = exported().await;
    let morning = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, morning, |entry| {
        entry.time_type = entry.time_type.map(|id| procore_client::TimeTypeId::new(id.get() + 1));
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The office deletes ours and types the hours as overtime by hand; ExakTime's rules make overtime of them later.
#[tokio::test]
async fn d19_hours_that_the_office_typed_as_overtime_are_paid_once() {
    let harness = exported().await;
    let morning = entry_of(&harness, 202, TUESDAY, 0);
    crate::trial::moves::copy_by_hand(&harness, morning, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.time_type = entry.time_type.map(|id| procore_client::TimeTypeId::new(id.get() + 1));
    });
    delete(&harness, morning);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The office deletes the whole week of somebody who was not there; ExakTime's week goes to overtime since a day of it is longer.
#[tokio::test]
async fn d19_a_deleted_day_of_a_week_that_goes_to_overtime_by_a_late_punch() {
    let harness = exported().await;
    // Dan's Friday is deleted, both halves. Later a late punch of his Thursday comes, and ExakTime's rules call Friday's hours overtime.
    for half in [0, 1] {
        let ids: Vec<_> = harness.procore.with_state(|state| {
            state
                .entries
                .values()
                .filter(|entry| {
                    entry.party.is_some_and(|party| party.get() % 1000 == 204)
                        && entry.date == crate::harness::day(FRIDAY)
                })
                .map(|entry| entry.id)
                .collect::<Vec<_>>()
        });
        delete(&harness, ids[half]);
    }
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!((told(&report), all_hours(&harness)), (vec![], 100_00));
        harness.next_day();
    }
    in_time(&harness, "p-204", "2026-03-05", 0, |record| {
        record.regular_hours = "6.00".into();
    });
    for half in [0, 1] {
        in_time(&harness, "p-204", FRIDAY, half, |record| {
            record.regular_hours = "0.00".into();
            record.ot1_hours = "4.00".into();
        });
    }
    stays_deleted(&harness, 102_00).await;
}

/// The office deletes a morning in the second week, and only the first is exported for a while; then both.
#[tokio::test]
async fn d24_a_deletion_that_is_first_seen_by_a_look_at_another_week() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    let mut trace = Trace::default();
    trace.nights(&harness, &second_week(), 2).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    trace.nights(&harness, &second_week(), 1).await;
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(104_00);
}

/// On a project of start and stop the office clears the stop of an entry.
#[tokio::test]
async fn d19_an_entry_whose_stop_the_office_cleared() {
    let harness = with_start_stop().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    office(&harness, id, |entry| {
        entry.time_out = None;
        entry.hours = None;
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.start += TimeDelta::minutes(5);
        record.stop = record.stop.map(|stop| stop + TimeDelta::minutes(5));
    });
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.silent.clear();
    trace.judge(108_00);
    assert!(all_hours(&harness) == 104_00, "{}", all_hours(&harness));
}

/// By start and stop: the office lowered an entry by its stop; the clerk's start changes.
#[tokio::test]
async fn d19_an_entry_whose_stop_the_office_moved_and_whose_start_the_clerk_moved() {
    let harness = with_start_stop().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    office(&harness, id, |entry| {
        entry.time_out = entry.time_out.map(|out| out - TimeDelta::hours(3));
        entry.hours = Some("1.0".into());
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.start += TimeDelta::minutes(5);
        record.stop = record.stop.map(|stop| stop + TimeDelta::minutes(5));
    });
    trace.nights(&harness, &two_weeks(), 3).await;
    assert!(all_hours(&harness) == 105_00, "{}", all_hours(&harness));
}

/// By start and stop, the start of an untouched entry changes and the office deletes it that same day.
#[tokio::test]
async fn d19_times_that_change_night_after_night() {
    let harness = with_start_stop().await;
    for _ in 0..3 {
        in_time(&harness, "p-204", FRIDAY, 1, |record| {
            record.start += TimeDelta::minutes(5);
            record.stop = record.stop.map(|stop| stop + TimeDelta::minutes(5));
        });
        let report = harness.try_export().await.unwrap();
        assert!(all_hours(&harness) <= 108_00, "{:#?}", told(&report));
        harness.next_day();
    }
    comes_to_rest(&harness, 108_00).await;
}

/// A morning is split by the clerk into two codes at noon after the office deleted its entry: two hours stay, two are on another code.
#[tokio::test]
async fn d19_a_deleted_entry_half_of_which_goes_to_another_code() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    two_nights(&harness).await;
    let code = facilities(&harness);
    add_like(&harness, "p-202", TUESDAY, 0, |record| {
        record.cost_code = code;
        record.start += TimeDelta::hours(2);
        record.regular_hours = "2.00".into();
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "2.00".into();
        record.stop = Some(record.start + TimeDelta::hours(2));
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    assert!(
        !trace.silent.iter().any(|hours| *hours != 104_00),
        "in silence: {:?}",
        trace.silent
    );
}

/// What is held so is written once somebody says that it is right, and what the office deletes after that stays deleted.
#[tokio::test]
async fn d19_deleted_hours_come_back_as_overtime_by_a_persons_word() {
    let harness = exported().await;
    let id = entry_of(&harness, 204, FRIDAY, 0);
    delete(&harness, id);
    harness.try_export().await.unwrap();
    harness.next_day();
    in_time(&harness, "p-204", FRIDAY, 1, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report).len(), all_hours(&harness)), (1, 104_00));
    let friday = crate::harness::day(FRIDAY);
    harness.linx().set_beside("00204", friday, true).await.unwrap();
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report), all_hours(&harness)), (vec![], 108_00));
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report), all_hours(&harness)), (vec![], 108_00));
}

/// The office moves an entry to a day far away, and deletes it there weeks later: that is a deletion, and nobody is told for ever.
#[tokio::test]
async fn b7_an_entry_that_was_moved_far_away_and_deleted_there_is_deleted() {
    for (day, follows) in [("2026-06-15", false), ("2025-06-15", false), ("2026-06-15", true)] {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        office(&harness, id, |entry| entry.date = crate::harness::day(day));
        two_nights(&harness).await;
        delete(&harness, id);
        if follows {
            take(&harness, "p-202", TUESDAY, 0);
        }
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 4).await;
        assert_eq!(trace.held, 0, "{day}: held for ever");
        trace.judge(104_00);
    }
}

/// What keeps a day from being whole, and what ends that.
type Obstacle = (fn(&mut TimeRecord), fn(&mut TimeRecord));

/// The office deleted Ben's morning. For some nights his day is not whole in ExakTime: nobody agrees by that that the morning is gone.
#[tokio::test]
async fn d19_what_the_office_deleted_does_not_come_back_after_a_day_that_was_held() {
    let open: Obstacle = (
        |record| {
            record.stop = None;
            record.regular_hours = "0.00".into();
        },
        |record| {
            record.stop = Some(record.start + TimeDelta::hours(4));
            record.regular_hours = "4.00".into();
        },
    );
    let unknown_place: Obstacle = (
        |record| record.location = Some("loc-nowhere".into()),
        |record| record.location = None,
    );
    for (half, (begins, ends)) in [(1, open), (0, unknown_place)] {
        let harness = exported().await;
        let place = crate::trial::location_of(&harness, "p-202", TUESDAY, half);
        delete(&harness, entry_of(&harness, 202, TUESDAY, 0));
        in_time(&harness, "p-202", TUESDAY, half, begins);
        two_nights(&harness).await;
        two_nights(&harness).await;
        in_time(&harness, "p-202", TUESDAY, half, |record| {
            ends(record);
            record.location = place;
        });
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(104_00);
        assert_eq!(trace.held, 0, "the office's deletion stands");
    }
}

/// The office deleted Ben's morning; then the first week is missing in ExakTime for two nights, which the guard refuses to follow.
#[tokio::test]
async fn d19_what_the_office_deleted_does_not_come_back_after_a_feed_that_was_refused() {
    let harness = exported().await;
    delete(&harness, entry_of(&harness, 202, TUESDAY, 0));
    two_nights(&harness).await;
    let monday = crate::harness::day("2026-03-09");
    let lost = harness.exaktime.with_state(|state| {
        let all = std::mem::take(&mut state.time_records);
        let (lost, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|record| record.work_date < monday);
        state.time_records = left;
        lost
    });
    two_nights(&harness).await;
    two_nights(&harness).await;
    assert_eq!(all_hours(&harness), 104_00, "the guard refuses it");
    for record in lost {
        give(&harness, record);
    }
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(104_00);
    assert_eq!(trace.held, 0);
}

/// The deleted morning is overtime by now, and is held since a foreman has time on that day; he deletes his.
#[tokio::test]
async fn d19_what_the_office_deleted_does_not_come_back_after_it_was_held_for_another_reason() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    two_nights(&harness).await;
    let foremans = harness.procore.with_state(|state| state.entries[&id].clone());
    let foremans = Entry {
        deleted_at: None,
        ..foremans
    };
    enter_by_another_hand(&harness, [foremans]);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    two_nights(&harness).await;
    two_nights(&harness).await;
    let newest = harness
        .procore
        .with_state(|state| *state.entries.keys().next_back().unwrap());
    delete(&harness, newest);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(104_00);
}

/// A person says that a day is right while an entry of ours is on another month's day, or in no list: it is not written again.
#[tokio::test]
async fn d26_a_word_on_a_day_writes_nothing_again_that_stands_elsewhere() {
    for is_lacked in [false, true] {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        if is_lacked {
            lack(&harness, id);
        } else {
            office(&harness, id, |entry| entry.date = crate::harness::day("2026-04-07"));
        }
        let tuesday = crate::harness::day(TUESDAY);
        harness.try_export().await.unwrap();
        harness.next_day();
        harness.linx().set_beside("00202", tuesday, true).await.unwrap();
        list_again(&harness);
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.silent.clear();
        trace.judge(108_00);
    }
}

/// The office lowered an entry. What it took off is overtime by now and is held; a person's word lets it be written, and not what is
/// lowered after that.
#[tokio::test]
async fn d19_hours_that_were_taken_off_are_written_by_a_persons_word() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.hours = Some("2.0".into()));
    two_nights(&harness).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "2.00".into();
        record.ot1_hours = "2.00".into();
    });
    two_nights(&harness).await;
    assert_eq!(all_hours(&harness), 106_00, "held");
    let tuesday = crate::harness::day(TUESDAY);
    harness.linx().set_beside("00202", tuesday, true).await.unwrap();
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    assert_eq!(trace.held, 0);
}

/// The deleted morning is overtime by now, while only the next week is exported: a look at its week agrees on nothing.
#[tokio::test]
async fn d19_what_the_office_deleted_does_not_come_back_after_its_week_was_only_looked_at() {
    for before in [0, 2] {
        let harness = exported().await;
        delete(&harness, entry_of(&harness, 202, TUESDAY, 0));
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), before).await;
        in_time(&harness, "p-202", TUESDAY, 0, |record| {
            record.regular_hours = "0.00".into();
            record.ot1_hours = "4.00".into();
        });
        trace.nights(&harness, &two_weeks(), before).await;
        trace.nights(&harness, &second_week(), 3).await;
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.silent.clear();
        trace.judge(if before == 0 { 108_00 } else { 104_00 });
        assert_eq!(all_hours(&harness), 104_00);
    }
}

/// A word that was said while an entry was deleted says nothing of a later deletion of it.
#[tokio::test]
async fn d26_a_word_covers_no_later_deletion_of_an_entry_that_was_put_back() {
    for nights in [0, 2] {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        delete(&harness, id);
        for _ in 0..nights {
            harness.try_export().await.unwrap();
            harness.next_day();
        }
        let tuesday = crate::harness::day(TUESDAY);
        harness.linx().set_beside("00202", tuesday, true).await.unwrap();
        office(&harness, id, |entry| entry.deleted_at = None);
        two_nights(&harness).await;
        assert_eq!(all_hours(&harness), 108_00, "put back");
        delete(&harness, id);
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(104_00);
    }
}

/// The deleted morning is overtime by now, and as many other hours of the evening are on a code that nobody knows.
#[tokio::test]
async fn d19_hours_that_are_held_hide_no_deleted_ones() {
    let harness = exported().await;
    delete(&harness, entry_of(&harness, 202, TUESDAY, 0));
    two_nights(&harness).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    add_like(&harness, "p-202", TUESDAY, 1, |record| {
        late_in_the_day(record);
        record.cost_code = Some("cc-nobody".into());
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(104_00);
}

/// The office deleted Ben's morning. For some nights the first week is missing in ExakTime while only the second is exported, or while
/// all that stands is approved, so that the guard has nothing to refuse.
#[tokio::test]
async fn d19_a_feed_that_lacks_a_week_agrees_on_nothing_though_nothing_is_to_go() {
    for approved in [false, true] {
        let harness = exported().await;
        delete(&harness, entry_of(&harness, 202, TUESDAY, 0));
        two_nights(&harness).await;
        if approved {
            harness.procore.with_state(|state| {
                for entry in state.entries.values_mut() {
                    entry.status = ApprovalStatus::Approved;
                }
            });
        }
        let monday = crate::harness::day("2026-03-09");
        let lost = harness.exaktime.with_state(|state| {
            let all = std::mem::take(&mut state.time_records);
            let (lost, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|record| record.work_date < monday);
            state.time_records = left;
            lost
        });
        let of = if approved { two_weeks() } else { second_week() };
        for _ in 0..3 {
            harness.try_export_of(&of).await.unwrap();
            harness.next_day();
        }
        for record in lost {
            give(&harness, record);
        }
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(104_00);
    }
}

/// Lowered, said to be right, raised, and lowered again: the word was for the first time.
#[tokio::test]
async fn d19_a_word_on_a_lowered_entry_is_for_as_it_was() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let set = |hours: &str| {
        let now = linx_http::Clock::now(&*harness.our_clock);
        office(&harness, id, |entry| {
            entry.hours = Some(hours.into());
            entry.updated_at = now;
        });
    };
    set("2.0");
    two_nights(&harness).await;
    let tuesday = crate::harness::day(TUESDAY);
    harness.linx().set_beside("00202", tuesday, true).await.unwrap();
    set("4.0");
    two_nights(&harness).await;
    set("2.0");
    two_nights(&harness).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "2.00".into();
        record.ot1_hours = "2.00".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(106_00);
}

/// A foreman's time and ours are both right; then the office deletes ours, and he types it anew: the word says nothing of that.
#[tokio::test]
async fn d26_a_word_is_not_for_what_others_type_after_it() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let entry = harness.procore.with_state(|state| state.entries[&id].clone());
    let other = harness
        .procore
        .with_state(|state| state.entries.values().next_back().and_then(|one| one.cost_code));
    enter_by_another_hand(
        &harness,
        [Entry {
            cost_code: other,
            ..entry.clone()
        }],
    );
    harness.try_export().await.unwrap();
    harness.next_day();
    let tuesday = crate::harness::day(TUESDAY);
    harness.linx().set_beside("00202", tuesday, true).await.unwrap();
    two_nights(&harness).await;
    assert_eq!(all_hours(&harness), 112_00, "both are right");
    delete(&harness, id);
    enter_by_another_hand(&harness, [entry]);
    two_nights(&harness).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.silent.clear();
    trace.judge(112_00);
}

/// The deleted morning is overtime by now, and its code is called otherwise: it is the same work.
#[tokio::test]
async fn d19_deleted_hours_do_not_come_back_as_overtime_on_a_code_that_is_renamed() {
    let harness = exported().await;
    delete(&harness, entry_of(&harness, 202, TUESDAY, 0));
    two_nights(&harness).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    crate::trial::removals::rename_code(&harness);
    harness.apply_sync().await;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(104_00);
}

/// An approved entry whose time went to Dan is deleted, as the advice says; then the clerk sees that the time was Ben's after all.
#[tokio::test]
async fn d19_time_that_comes_back_to_an_entry_that_was_deleted_for_its_going_is_written() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.status = ApprovalStatus::Approved);
    to_dan(&harness);
    two_nights(&harness).await;
    delete(&harness, id);
    two_nights(&harness).await;
    in_time(&harness, "p-204", TUESDAY, 0, |record| record.person = "p-202".into());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}
