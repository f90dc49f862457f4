//! Hours that moved are not hidden by other time.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use linx_core::plan::Selection;
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;
use procore_client::timecards::ApprovalStatus;

use crate::harness::two_weeks;
use crate::small_company::{all_hours, exported};
use crate::trial::moves::{Trace, add_like, delete, entry_of, give, office, second_week, shift, take};
use crate::trial::stories::{TUESDAY, approve, comes_to_rest, facilities, of};
use crate::trial::{in_time, stands};

use super::*;

/// Ben's morning is Dan's; Ben has a new day of time besides; only Dan is asked for.
#[tokio::test]
async fn d19_a_new_day_of_one_who_was_not_asked_for_hides_no_hours_that_moved() {
    let harness = exported().await;
    to_dan(&harness);
    add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, WEDNESDAY));
    once_or_told(&harness, &of("00204")).await;
}

/// The same, where Ben has more new time on Tuesday itself, on another code.
#[tokio::test]
async fn d19_new_time_of_the_day_of_one_who_was_not_asked_for_hides_no_hours_that_moved() {
    let harness = exported().await;
    let code = facilities(&harness);
    add_like(&harness, "p-202", TUESDAY, 0, |record| {
        record.cost_code = code;
        record.regular_hours = "5.50".into();
        late_in_the_day(record);
    });
    to_dan(&harness);
    let before = all_hours(&harness);
    for _ in 0..2 {
        let report = harness.try_export_of(&of("00204")).await.unwrap();
        let stands = all_hours(&harness);
        assert_eq!(
            stands,
            before,
            "Dan's hours stand for Ben already: {:#?}",
            told(&report)
        );
        assert!(!report.held.is_empty());
        harness.next_day();
    }
    comes_to_rest(&harness, before + 5_50).await;
}

#[tokio::test]
async fn d19_control_without_a_new_day() {
    let harness = exported().await;
    to_dan(&harness);
    once_or_told(&harness, &of("00204")).await;
}

/// The same, where Ben's Monday is longer by four hours, or cannot be read since two of its records overlap.
#[tokio::test]
async fn d19_a_day_that_is_held_of_one_who_was_not_asked_for_hides_no_hours_that_moved() {
    let harness = exported().await;
    to_dan(&harness);
    add_like(&harness, "p-202", "2026-03-02", 0, |record| {
        record.start += TimeDelta::minutes(10);
    });
    once_or_told(&harness, &of("00204")).await;
}

/// The same, where Ben's Monday has an open record and a new one.
#[tokio::test]
async fn d19_an_open_card_of_one_who_was_not_asked_for_hides_no_hours_that_moved() {
    let harness = exported().await;
    to_dan(&harness);
    add_like(&harness, "p-202", "2026-03-02", 0, |record| {
        record.start += TimeDelta::hours(11);
        record.stop = None;
    });
    once_or_told(&harness, &of("00204")).await;
}

/// By places: Ben's morning in the hall was at the bridge; Ben has new time in the hall on another day; only the bridge is asked for.
#[tokio::test]
async fn d19_new_time_at_a_place_that_was_not_asked_for_hides_no_hours_that_moved() {
    let harness = exported().await;
    let mut bridge = None;
    in_time(&harness, "p-203", TUESDAY, 0, |record| {
        bridge.clone_from(&record.location);
    });
    add_like(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.location = bridge);
    let place = Selection {
        locations: vec!["26-102".into()],
        ..two_weeks()
    };
    once_or_told(&harness, &place).await;
}

#[tokio::test]
async fn d19_control_without_new_time() {
    let harness = exported().await;
    let mut bridge = None;
    in_time(&harness, "p-203", TUESDAY, 0, |record| {
        bridge.clone_from(&record.location);
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.location = bridge);
    let place = Selection {
        locations: vec!["26-102".into()],
        ..two_weeks()
    };
    once_or_told(&harness, &place).await;
}

/// Dan's morning goes to Ben, exported by days: the days asked for are of this week, and Ben's last week has a late punch and his
/// Friday of last week went to this Tuesday.
#[tokio::test]
async fn d19_a_late_punch_in_a_week_that_was_not_asked_for_hides_no_hours_that_moved_over_the_week() {
    let harness = exported().await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-12"));
    add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.nights(&harness, &second_week(), 2).await;
    let ben = stands(&harness, "00202", TUESDAY) + stands(&harness, "00202", "2026-03-12");
    assert_eq!(ben, 8_00, "a morning stands on two days");
}

/// Every night a person alone is exported, the others in turn, while time goes about and entries are approved.
#[tokio::test]
async fn d19_new_time_of_one_who_was_not_asked_for_and_an_approved_entry_that_moved() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    to_dan(&harness);
    add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.run(&harness, &of("00204"), "dan").await;
    trace.run(&harness, &of("00203"), "cleo").await;
    trace.run(&harness, &of("00201"), "ada").await;
    harness.next_day();
    // The card of Wednesday is taken out again: it was a mistake.
    harness.exaktime.with_state(|state| {
        state.time_records.retain(|record| !record.id.starts_with("tr-foe"));
    });
    trace.run(&harness, &of("00204"), "dan").await;
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// New time on a day that was not asked for and is not yet exported: a nightly export of a place and a single day.
#[tokio::test]
async fn d19_two_new_days_and_two_moves_by_places() {
    let harness = exported().await;
    let mut bridge = None;
    in_time(&harness, "p-203", TUESDAY, 0, |record| {
        bridge.clone_from(&record.location);
    });
    // Both halves of Ben's Tuesday in the hall were at the bridge, for Dan; Ben has eight new hours in the hall.
    for half in 0..2 {
        add_like(&harness, "p-202", TUESDAY, half, |record| shift(record, WEDNESDAY));
    }
    for _ in 0..2 {
        let bridge = bridge.clone();
        in_time(&harness, "p-202", TUESDAY, 0, |record| {
            record.location = bridge;
            record.person = "p-204".into();
        });
    }
    let place = Selection {
        locations: vec!["26-102".into()],
        ..two_weeks()
    };
    once_or_told(&harness, &place).await;
}

/// By place and day: time of Cleo's approved bridge moves to the hall for Ada; only the hall is asked for, and Cleo has a week that was not sent.
#[tokio::test]
async fn d19_control_by_places_between_two_people() {
    let harness = exported().await;
    let mut bridge = None;
    in_time(&harness, "p-203", TUESDAY, 0, |record| {
        bridge.clone_from(&record.location);
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.location = bridge;
        record.person = "p-204".into();
    });
    let place = Selection {
        locations: vec!["26-102".into()],
        ..two_weeks()
    };
    once_or_told(&harness, &place).await;
}

/// A late punch of the same day hides nothing: Ben's approved morning is Dan's, and Ben has four new hours that evening.
#[tokio::test]
async fn d19_a_late_punch_of_that_day_hides_no_morning_that_moved() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    to_dan(&harness);
    add_like(&harness, "p-202", "2026-03-09", 1, |record| {
        shift(record, TUESDAY);
        late_in_the_day(record);
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    assert!(trace.silent.is_empty());
    assert!(all_hours(&harness) <= 112_00);
    assert!(tuesdays(&harness) <= 12_00, "{}", tuesdays(&harness));
}

/// The same code, so that the evening fills up the approved entry.
#[tokio::test]
async fn d19_a_late_punch_on_the_same_code_fills_an_approved_entry() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    let mut moved = take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    moved.person = "p-204".into();
    shift(&mut moved, WEDNESDAY);
    let mut evening = moved.clone();
    evening.id = "tr-evening".into();
    evening.person = "p-202".into();
    evening.regular_hours = "2.00".into();
    shift(&mut evening, TUESDAY);
    late_in_the_day(&mut evening);
    give(&harness, evening);
    trace.nights(&harness, &two_weeks(), 2).await;
    let _ = moved;
    trace.judge(108_00);
}

/// Only the second week is exported; in the first an approved entry has no time any more.
#[tokio::test]
async fn d24_a_week_that_was_not_asked_for_with_an_approved_entry_without_time_is_told() {
    for far in [false, true] {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        if far {
            office(&harness, id, |entry| entry.date = crate::harness::day("2026-04-07"));
        } else {
            approve(&harness, id);
        }
        take(&harness, "p-202", TUESDAY, 0);
        let mut trace = Trace::default();
        trace.nights(&harness, &second_week(), 3).await;
        assert!(trace.silent.is_empty(), "far {far}: 108 h stand for 104 in silence");
    }
}

/// A place of work that is exported alone by its own clerk every night, while another clerk exports the other: time goes from one to the other.
#[tokio::test]
async fn d19_two_clerks_who_each_export_a_place() {
    let harness = exported().await;
    let hall = Selection {
        locations: vec!["26-101".into(), "26-101.01".into(), "26-101.02".into()],
        ..two_weeks()
    };
    let bridge = Selection {
        locations: vec!["26-102".into()],
        ..two_weeks()
    };
    let mut place = None;
    in_time(&harness, "p-203", TUESDAY, 0, |record| {
        place.clone_from(&record.location);
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.location = place);
    let mut trace = Trace::default();
    for night in 0..4 {
        trace.run(&harness, &bridge, &format!("bridge {night}")).await;
        trace.run(&harness, &hall, &format!("hall {night}")).await;
        harness.next_day();
    }
    trace.judge(108_00);
}

/// The same, and every day there is new time in the hall, as there is at any work place.
#[tokio::test]
async fn d19_two_clerks_who_each_export_a_place_with_new_time_every_day() {
    let harness = exported().await;
    let hall = Selection {
        locations: vec!["26-101".into(), "26-101.01".into(), "26-101.02".into()],
        ..two_weeks()
    };
    let bridge = Selection {
        locations: vec!["26-102".into()],
        ..two_weeks()
    };
    let mut place = None;
    in_time(&harness, "p-203", TUESDAY, 0, |record| {
        place.clone_from(&record.location);
    });
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    add_like(&harness, "p-202", TUESDAY, 1, |record| shift(record, "2026-03-12"));
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.location = place);
    let mut trace = Trace::default();
    for night in 0..3 {
        trace.run(&harness, &bridge, &format!("bridge {night}")).await;
        trace.run(&harness, &hall, &format!("hall {night}")).await;
        harness.next_day();
    }
    assert!(
        stands(&harness, "00202", TUESDAY) <= 8_00,
        "{} h of Tuesday stand for 8, silent after {:?}",
        stands(&harness, "00202", TUESDAY),
        trace.silent
    );
}

/// Ben's afternoon is on a code that nobody knows, so that it is held; its entry was deleted. His approved morning goes to Dan: what is
/// held is the afternoon, and does not stand for the morning as well.
#[tokio::test]
async fn d19_held_hours_stand_for_kept_ones_once() {
    for approved in [true, false] {
        let harness = exported().await;
        if approved {
            approve(&harness, entry_of(&harness, 202, TUESDAY, 0));
        }
        delete(&harness, entry_of(&harness, 202, TUESDAY, 1));
        in_time(&harness, "p-202", TUESDAY, 1, |record| {
            record.cost_code = Some("cc-nobody".into());
        });
        to_dan(&harness);
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(104_00);
    }
}

/// The project loses the code of Ben's afternoon, so that it is held, and its entry stands. His morning was deleted, and is Dan's: the
/// afternoon's own entry has what is held, and Dan's morning hides nothing.
#[tokio::test]
async fn d19_held_hours_stand_for_their_own_entry_first() {
    let harness = exported().await;
    let (morning, afternoon) = (entry_of(&harness, 202, TUESDAY, 0), entry_of(&harness, 202, TUESDAY, 1));
    harness.procore.with_state(|state| {
        let code = state.entries[&afternoon].cost_code;
        state.project_codes.retain(|id, _| Some(*id) != code);
    });
    delete(&harness, morning);
    to_dan(&harness);
    let report = harness.try_export().await.unwrap();
    assert_eq!(stands(&harness, "00204", TUESDAY), 4_00, "{:#?}", told(&report));
    let reasons: BTreeSet<&str> = report.held.iter().map(|held| held.reason.code()).collect();
    assert_eq!(
        reasons,
        BTreeSet::from(["cost_code_not_in_project"]),
        "{:#?}",
        told(&report)
    );
}

/// Ben's approved morning of the first week is Dan's while only the second week is exported; then it is Dan's of a day of the second week
/// on which nobody has had anything. What a look showed is not forgotten.
#[tokio::test]
async fn d19_time_that_moves_on_from_a_week_that_was_only_looked_at() {
    for whole in [false, true] {
        let harness = exported().await;
        approve(&harness, entry_of(&harness, 202, TUESDAY, 0));
        let mut trace = Trace::default();
        let first = if whole { two_weeks() } else { second_week() };
        to_dan(&harness);
        trace.nights(&harness, &first, 1).await;
        in_time(&harness, "p-204", TUESDAY, 0, |record| shift(record, "2026-03-13"));
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(108_00);
    }
}

/// Ben's approved morning is Dan's, and held there since a foreman has time on Dan's day; then it is Dan's of a day on which nobody has
/// had anything.
#[tokio::test]
async fn d19_time_that_moves_on_from_where_it_was_held_for_another_reason() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    let dan = entry_of(&harness, 204, FRIDAY, 0);
    harness.procore.with_state(|state| {
        let party = state.entries[&dan].party;
        let foremans = Entry {
            id: TimecardEntryId::new(99_000_000),
            party,
            status: ApprovalStatus::Pending,
            origin_id: None,
            origin_data: None,
            ..state.entries[&id].clone()
        };
        state.entries.insert(foremans.id, foremans);
    });
    to_dan(&harness);
    two_nights(&harness).await;
    in_time(&harness, "p-204", TUESDAY, 0, |record| shift(record, "2026-03-13"));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.silent.clear();
    trace.judge(112_00);
}

/// The same where Dan's time cannot be written for want of a code, or is of an entry of his that is approved.
#[tokio::test]
async fn d19_time_that_moves_on_from_where_it_could_become_no_line() {
    let harness = exported().await;
    approve(&harness, entry_of(&harness, 202, TUESDAY, 0));
    let mut code = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        code = record.cost_code.replace("cc-nobody".into());
    });
    to_dan(&harness);
    two_nights(&harness).await;
    in_time(&harness, "p-204", TUESDAY, 0, |record| {
        record.cost_code = code;
        shift(record, "2026-03-13");
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// The first step is in a week that was only looked at, on a day on which a foreman has time.
#[tokio::test]
async fn d19_time_that_moves_on_from_a_foremans_day_that_was_only_looked_at() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    let dan = entry_of(&harness, 204, FRIDAY, 0);
    harness.procore.with_state(|state| {
        let foremans = Entry {
            id: TimecardEntryId::new(99_000_000),
            party: state.entries[&dan].party,
            hours: Some("1.0".into()),
            status: ApprovalStatus::Pending,
            origin_id: None,
            origin_data: None,
            ..state.entries[&id].clone()
        };
        state.entries.insert(foremans.id, foremans);
    });
    to_dan(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &second_week(), 1).await;
    in_time(&harness, "p-204", TUESDAY, 0, |record| shift(record, "2026-03-12"));
    trace.nights(&harness, &second_week(), 2).await;
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.silent.clear();
    trace.judge(109_00);
}
