//! Deeds that meet one another.

use std::sync::Arc;
use std::time::Duration as Seconds;

use chrono::TimeDelta;
use http::Method;
use linx_core::plan::Selection;
use linx_core::settings::Removals;
use linx_http::sandbox::{Arrival, Deed, Fault};

use super::super::moves::{
    Trace, add_like, copy_by_hand, days, delete, entry_of, give, lack, list_again, office, second_week, shift, take,
};
use super::super::{ENTRIES, in_time, stands};
use super::{TUESDAY, approve, comes_to_rest, of, recode, told};
use crate::harness::{day, once, two_weeks};
use crate::small_company::{OTHER_HANDS, all_hours, exported, hours_of};

/// Removed at once, approved, moved to another person, and merged into one person afterwards.
#[tokio::test]
async fn c17_people_who_are_merged_while_an_entry_is_approved_are_paid_once() {
    for rule in [Removals::SecondRefresh, Removals::AtOnce] {
        let mut harness = exported().await;
        harness.export.removals = rule;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        approve(&harness, id);
        in_time(&harness, "p-202", TUESDAY, 0, |record| record.person = "p-204".into());
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 2).await;
        harness.export.same_person = [("00204".to_owned(), "00202".to_owned())].into();
        trace.nights(&harness, &two_weeks(), 2).await;
        harness.export.same_person = [("00202".to_owned(), "00204".to_owned())].into();
        trace.nights(&harness, &two_weeks(), 2).await;
        harness.export.same_person.clear();
        trace.nights(&harness, &two_weeks(), 2).await;
        trace.judge(108_00);
    }
}

/// Exports of one employee after the other, while time moves between them off an entry that waits.
#[tokio::test]
async fn d19_exports_of_one_person_after_the_other_pay_once() {
    for first in ["00202", "00204"] {
        let harness = exported().await;
        in_time(&harness, "p-202", TUESDAY, 0, |record| record.person = "p-204".into());
        let second = if first == "00202" { "00204" } else { "00202" };
        let mut trace = Trace::default();
        for _ in 0..3 {
            for who in [first, second] {
                trace.run(&harness, &of(who), who).await;
                trace.silent.clear();
            }
            harness.next_day();
        }
        trace.run(&harness, &two_weeks(), "all").await;
        trace.judge(108_00);
    }
}

/// A project begins to take start and stop while an entry of it is approved and the other's time has moved.
#[tokio::test]
async fn d19_start_and_stop_with_an_approved_entry_pay_once() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    harness.procore.with_state(|state| {
        state.configuration.start_stop_projects = state.projects.keys().copied().collect();
    });
    in_time(&harness, "p-202", TUESDAY, 1, |record| shift(record, "2026-03-04"));
    let mut trace = Trace::default();
    for consent in [false, true, false, false] {
        let selection = Selection {
            allow_mass_change: consent,
            ..two_weeks()
        };
        trace.nights(&harness, &selection, 1).await;
    }
    trace.judge(108_00);
}

/// A word on a day gets old: others' hours beside ours were right, then ours move away and new time comes.
#[tokio::test]
async fn d26_an_old_word_on_a_day_covers_nothing_new() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    copy_by_hand(&harness, id, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.hours = Some("2.0".into());
    });
    harness.try_export().await.unwrap();
    harness.linx().set_beside("00202", day(TUESDAY), true).await.unwrap();
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report), all_hours(&harness)), (vec![], 110_00));
    // Ours is approved, its time moves off, and new time comes on that day on the foreman's code.
    approve(&harness, id);
    let moved = take(&harness, "p-202", TUESDAY, 0);
    let mut back = moved.clone();
    shift(&mut back, "2026-03-04");
    give(&harness, back);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    let ours: i64 = crate::small_company::by_our_hand(&harness).iter().map(hours_of).sum();
    assert!(ours <= 108_00, "{ours}");
    trace.judge(110_00);
}

/// An update whose answer is cut while the office edits, and the same time moves meanwhile.
#[tokio::test]
async fn b16_an_edit_while_an_answer_is_cut_stays_and_nothing_is_paid_twice() {
    let harness = exported().await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "2.00".into();
    });
    add_like(&harness, "p-202", TUESDAY, 0, |record| {
        record.person = "p-204".into();
        record.regular_hours = "2.00".into();
        record.start += TimeDelta::hours(2);
    });
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let procore = Arc::clone(&harness.procore);
    let deed = Deed::new(move || {
        procore.with_state(|state| state.entries.get_mut(&id).unwrap().hours = Some("4.0".into()));
    });
    harness
        .procore_faults
        .order(once(Method::PATCH, ENTRIES, 0, Fault::CutAfterThen(deed)));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    assert_eq!(
        harness
            .procore
            .with_state(|state| state.entries[&id].hours.clone())
            .as_deref(),
        Some("4.0")
    );
    // The office made two hours more of it: they are its own.
    trace.silent.clear();
    trace.judge(110_00);
}

/// Every request of a night in which time moves to another person is cut short, one night after the other.
#[tokio::test]
async fn a1_a_move_between_people_over_kills_at_every_write_is_paid_once() {
    for (method, after) in [(Method::DELETE, 0), (Method::POST, 0)] {
        for late in [false, true] {
            let harness = exported().await;
            in_time(&harness, "p-202", TUESDAY, 0, |record| record.person = "p-204".into());
            let mut trace = Trace::default();
            trace.nights(&harness, &two_weeks(), 1).await;
            let fault = if late {
                Fault::StallThenApplied(Arrival::AfterTime(Seconds::from_secs(100)))
            } else {
                Fault::Stall
            };
            harness
                .procore_faults
                .order(once(method.clone(), ENTRIES, after, fault));
            harness.killed_export().await;
            // Meanwhile the time goes back to Ben.
            in_time(&harness, "p-204", TUESDAY, 0, |record| record.person = "p-202".into());
            let report = harness.export_at_once().await;
            trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
            harness.wait_seconds(130);
            harness.procore_faults.deliver();
            trace.nights(&harness, &two_weeks(), 3).await;
            trace.judge(108_00);
            comes_to_rest(&harness, 108_00).await;
        }
    }
}

/// A saved plan of a day, applied after somebody approved, recoded and moved meanwhile.
#[tokio::test]
async fn b6_a_saved_plan_that_is_old_pays_once() {
    let harness = exported().await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "2.00".into();
    });
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.regular_hours = "6.00".into();
    });
    let plan = harness.plan_export().await;
    harness.next_day();
    harness.apply_sync().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert!(all_hours(&harness) <= 108_00, "{:#?}", told(&report));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// A copy of an entry of ours, mark and all, and one list that lacks the original; then the time moves.
#[tokio::test]
async fn b15_a_copy_and_a_list_that_lacks_the_original_pay_once() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let copy = copy_by_hand(&harness, id, |_| {});
    lack(&harness, id);
    harness.try_export().await.unwrap();
    list_again(&harness);
    harness.next_day();
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    let ours: i64 = crate::small_company::by_our_hand(&harness).iter().map(hours_of).sum();
    assert!(ours <= 108_00, "{ours}");
    assert!(
        harness
            .procore
            .with_state(|state| state.entries[&copy].deleted_at.is_none()),
        "a person's copy went"
    );
    assert!(copy.get() >= OTHER_HANDS);
    trace.judge(112_00);
}

/// Only the second week is exported, night after night, while the first one is edited by office and clerk at once.
#[tokio::test]
async fn d24_a_first_week_that_changes_while_the_second_is_exported_pays_once() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    // The office lowers by two hours, the clerk moves all four to the second week, and enters two new ones in the first.
    office(&harness, id, |entry| entry.hours = Some("2.0".into()));
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-12"));
    let mut trace = Trace::default();
    trace.nights(&harness, &second_week(), 3).await;
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// One day after the other is exported alone, while time moves from the one to the other.
#[tokio::test]
async fn d19_exports_of_single_days_in_either_order_pay_once_and_come_to_rest() {
    for order in [[TUESDAY, "2026-03-04"], ["2026-03-04", TUESDAY]] {
        let harness = exported().await;
        in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
        let mut trace = Trace::default();
        for _ in 0..3 {
            for date in order {
                trace.run(&harness, &days(date, date), date).await;
            }
            harness.next_day();
        }
        trace.judge(108_00);
        comes_to_rest(&harness, 108_00).await;
    }
}

/// An entry goes for time that is on other codes by now, and that is held beside a foreman's own.
#[tokio::test]
async fn d26_an_entry_does_not_go_for_time_that_is_held_beside_anothers() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let project = harness.procore.with_state(|state| {
        let mut projects = state.projects.keys().copied();
        let mine = state.entries[&id].project;
        projects.find(|project| *project != mine).unwrap()
    });
    let copy = copy_by_hand(&harness, id, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        (entry.cost_code, entry.wbs_code, entry.sub_job, entry.project) = (None, None, None, project);
        entry.hours = Some("0.5".into());
    });
    recode(&harness);
    harness.try_export().await.unwrap();
    let ours: i64 = crate::small_company::by_our_hand(&harness).iter().map(hours_of).sum();
    assert_eq!(ours, 108_00, "an entry went, and what took its place is held");
    delete(&harness, copy);
    comes_to_rest(&harness, 108_00).await;
}

/// The ledger was lost; the time of an entry is on another code by now, which is held for that.
#[tokio::test]
async fn b12_an_entry_does_not_go_for_time_that_is_held_for_a_lost_ledger() {
    let mut harness = exported().await;
    harness.ledger = Arc::new(linx_core::ledger::MemoryLedger::new());
    harness.apply_sync().await;
    recode(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    let ours = stands(&harness, "00202", TUESDAY);
    assert_eq!(
        ours, 8_00,
        "an entry went, and what took its place is held ({})",
        trace.held
    );
}

/// An entry of ours is on a project that was closed; its time moves to another place, and the project opens again.
#[tokio::test]
async fn c10_a_project_that_is_closed_while_time_moves_off_it_pays_once() {
    let harness = exported().await;
    let id = entry_of(&harness, 203, TUESDAY, 0);
    let project = harness.procore.with_state(|state| state.entries[&id].project);
    harness
        .procore
        .with_state(|state| state.projects.get_mut(&project).unwrap().active = false);
    harness.apply_sync().await;
    let mut hall = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        hall.clone_from(&record.location);
    });
    in_time(&harness, "p-203", TUESDAY, 0, |record| record.location = hall);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    harness
        .procore
        .with_state(|state| state.projects.get_mut(&project).unwrap().active = true);
    harness.apply_sync().await;
    comes_to_rest(&harness, 108_00).await;
}

/// Rounded days whose lines lose and gain by quarters, while one entry is approved and another's time moves.
#[tokio::test]
async fn d11_rounded_days_with_an_approved_entry_pay_once() {
    use linx_core::settings::Rounding;
    let mut harness = exported().await;
    harness.export.rounding = Rounding::Quarter;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "3.60".into();
    });
    in_time(&harness, "p-202", TUESDAY, 1, |record| {
        record.regular_hours = "4.40".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// Ben's approved morning is on another day by now, and Cleo's approved one of the same day is Ben's: both stay, and neither is
/// written once more.
#[tokio::test]
async fn d19_hours_that_are_held_stand_for_one_entry_that_is_kept_and_not_for_two() {
    let harness = exported().await;
    for number in [202, 203] {
        let id = entry_of(&harness, number, TUESDAY, 0);
        approve(&harness, id);
    }
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    in_time(&harness, "p-203", TUESDAY, 0, |record| record.person = "p-202".into());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// Ben's morning of the first week is in the second by now, and Cleo's of that day is Ben's; only the second week is exported.
#[tokio::test]
async fn d24_time_that_came_from_another_person_hides_no_hours_that_moved_out_of_a_week() {
    for approved in [true, false] {
        let harness = exported().await;
        if approved {
            for number in [202, 203] {
                let id = entry_of(&harness, number, TUESDAY, 0);
                approve(&harness, id);
            }
        }
        in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-12"));
        in_time(&harness, "p-203", TUESDAY, 0, |record| record.person = "p-202".into());
        let mut trace = Trace::default();
        trace.nights(&harness, &second_week(), 2).await;
        trace.nights(&harness, &two_weeks(), 2).await;
        trace.judge(108_00);
    }
}

/// A move in two steps, to another day and then to another person, off an approved entry.
#[tokio::test]
async fn d19_a_move_in_two_steps_off_an_approved_entry_is_paid_once() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    in_time(&harness, "p-202", "2026-03-04", 0, |record| {
        record.person = "p-203".into();
    });
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}
