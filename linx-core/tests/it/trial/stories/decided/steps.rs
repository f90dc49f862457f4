//! Time that moves in steps.

use chrono::TimeDelta;
use http::Method;
use linx_http::sandbox::{Arrival, Fault};
use procore_client::timecards::ApprovalStatus;

use crate::harness::{once, two_weeks};
use crate::small_company::exported;
use crate::trial::moves::{Trace, add_like, entry_of, second_week, shift};
use crate::trial::stories::{TUESDAY, approve, comes_to_rest, of};
use crate::trial::{ENTRIES, in_time, stands};

use super::*;

/// Two days of Ben's first week keep hours; a morning goes to the second week, and there to Dan a night later.
#[tokio::test]
async fn d19_a_move_in_two_steps_over_the_week_beside_another_kept_day() {
    for approved in [true, false] {
        let harness = exported().await;
        if approved {
            for date in [TUESDAY, "2026-03-02"] {
                let id = entry_of(&harness, 202, date, 0);
                approve(&harness, id);
            }
        }
        in_time(&harness, "p-202", "2026-03-02", 0, |record| {
            record.regular_hours = "3.00".into();
        });
        in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-12"));
        let mut trace = Trace::default();
        trace.nights(&harness, &second_week(), 1).await;
        in_time(&harness, "p-202", "2026-03-12", 0, |record| {
            record.person = "p-204".into();
        });
        trace.nights(&harness, &second_week(), 2).await;
        trace.judge(108_00);
    }
}

#[tokio::test]
async fn d19_control_with_one_kept_day() {
    let harness = exported().await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-12"));
    let mut trace = Trace::default();
    trace.nights(&harness, &second_week(), 1).await;
    in_time(&harness, "p-202", "2026-03-12", 0, |record| {
        record.person = "p-204".into();
    });
    trace.nights(&harness, &second_week(), 2).await;
    trace.judge(108_00);
}

/// The first step is to a day with an open card, so that nothing of it is held as a line.
#[tokio::test]
async fn d19_a_move_in_two_steps_over_a_day_with_an_open_card() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    add_like(&harness, "p-202", WEDNESDAY, 0, |record| {
        record.start += TimeDelta::hours(8);
        record.stop = None;
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    harness
        .exaktime
        .with_state(|state| state.time_records.retain(|record| record.stop.is_some()));
    in_time(&harness, "p-202", WEDNESDAY, 0, |record| record.person = "p-204".into());
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// Two steps by exports of everybody, then of Dan alone.
#[tokio::test]
async fn d19_a_move_in_two_steps_where_the_second_is_exported_for_one_person() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.run(&harness, &of("00202"), "ben").await;
    harness.next_day();
    in_time(&harness, "p-202", WEDNESDAY, 0, |record| record.person = "p-204".into());
    for _ in 0..2 {
        trace.run(&harness, &of("00204"), "dan").await;
        harness.next_day();
    }
    trace.judge(108_00);
    assert!(stands(&harness, "00204", WEDNESDAY) == 0, "stands for Ben and for Dan");
}

/// Everything of last week is approved; the clerk moves a morning to the next day, and another person has a new one.
#[tokio::test]
async fn d19_an_approved_week_with_a_move_and_a_new_day() {
    let harness = exported().await;
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            entry.status = ApprovalStatus::Approved;
        }
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    add_like(&harness, "p-203", "2026-03-02", 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(112_00);
    assert!(stands(&harness, "00202", TUESDAY) + stands(&harness, "00202", WEDNESDAY) <= 8_00);
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            entry.status = ApprovalStatus::Pending;
        }
    });
    comes_to_rest(&harness, 112_00).await;
}

/// Time moves between two people and back over some nights, while one export of one person runs in between.
#[tokio::test]
async fn d19_there_and_back_between_people_by_parts() {
    let harness = exported().await;
    let mut trace = Trace::default();
    to_dan(&harness);
    trace.run(&harness, &of("00204"), "dan").await;
    harness.next_day();
    trace.run(&harness, &of("00202"), "ben").await;
    harness.next_day();
    trace.run(&harness, &of("00202"), "ben").await;
    in_time(&harness, "p-204", TUESDAY, 0, |record| record.person = "p-202".into());
    harness.next_day();
    trace.silent.clear();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    comes_to_rest(&harness, 108_00).await;
}

/// The first step is to a day on which a foreman typed the same hours.
#[tokio::test]
async fn d19_a_move_in_two_steps_over_a_day_with_a_foremans_entry() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    crate::trial::moves::copy_by_hand(&harness, id, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.status = ApprovalStatus::Pending;
        entry.date = crate::harness::day(WEDNESDAY);
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-202", WEDNESDAY, 0, |record| record.person = "p-204".into());
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(112_00);
}

/// The other way round: first to another person, and from there to another day.
#[tokio::test]
async fn d19_a_move_in_two_steps_first_to_a_person_and_then_to_a_day() {
    for approved in [true, false] {
        let harness = exported().await;
        if approved {
            let id = entry_of(&harness, 202, TUESDAY, 0);
            approve(&harness, id);
        }
        to_dan(&harness);
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 1).await;
        in_time(&harness, "p-204", TUESDAY, 0, |record| shift(record, WEDNESDAY));
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(108_00);
    }
}

/// Three steps: person, another person, each on the same day; then back to the first on another day.
#[tokio::test]
async fn d19_a_move_over_another_person_to_another_day_of_the_first() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    to_dan(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-204", TUESDAY, 0, |record| {
        record.person = "p-202".into();
        shift(record, WEDNESDAY);
    });
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// A day goes on to the next after the run that deleted, before the run that would write: the kept day is gone from the ledger only then.
#[tokio::test]
async fn d19_a_move_that_goes_on_every_night() {
    let harness = exported().await;
    let mut trace = Trace::default();
    let mut from = TUESDAY.to_owned();
    for to in [WEDNESDAY, "2026-03-05", FRIDAY, "2026-03-12", "2026-03-13"] {
        in_time(&harness, "p-202", &from, 0, |record| shift(record, to));
        from = to.to_owned();
        trace.nights(&harness, &two_weeks(), 1).await;
    }
    trace.judge(108_00);
    comes_to_rest(&harness, 108_00).await;
}

/// A night in which the guard refuses, while time moves to another day off an entry; then to another person.
#[tokio::test]
async fn d19_a_move_in_two_steps_over_a_night_with_a_part_of_the_entries() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    // A create of Ben's got no answer and is still unknown that night.
    add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, "2026-03-13"));
    in_time(&harness, "p-202", WEDNESDAY, 0, |_| ());
    harness.procore_faults.order(once(
        Method::POST,
        ENTRIES,
        0,
        Fault::CutThenApplied(Arrival::OnDelivery),
    ));
    let mut trace = Trace::default();
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    in_time(&harness, "p-202", WEDNESDAY, 0, |record| record.person = "p-204".into());
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(112_00);
}

/// Three steps: day, person, day.
#[tokio::test]
async fn d19_a_move_in_three_steps() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-202", WEDNESDAY, 0, |record| record.person = "p-204".into());
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-204", WEDNESDAY, 0, |record| shift(record, "2026-03-12"));
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}
