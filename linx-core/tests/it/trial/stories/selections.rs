//! Exports of a part of the time, beside hours that will not stand (hazard D19).

use std::collections::BTreeMap;

use chrono::TimeDelta;
use linx_core::plan::Selection;

use super::super::moves::{Trace, add_like, delete, entry_of, shift};
use super::super::{in_time, synced};
use super::{TUESDAY, approve, facilities, of, told};
use crate::harness::{Harness, two_weeks};
use crate::small_company::{all_hours, exported};

async fn with_leave() -> (Harness, i64) {
    let mut harness = synced().await;
    harness.export.leave = BTreeMap::from([("01-500".to_owned(), String::new())]);
    let report = harness.try_export().await.unwrap();
    assert_eq!(told(&report), Vec::<String>::new());
    let due = all_hours(&harness);
    assert_eq!(due, 108_00 - 22_00);
    (harness, due)
}

/// Ben's time became Ada's, and Ben has leave instead, which is left out by rule; only Ada is asked for.
#[tokio::test]
async fn d19_leave_of_a_person_who_was_not_asked_for_hides_no_hours_that_moved() {
    let (harness, due) = with_leave().await;
    let code = facilities(&harness);
    // Leave of Ben on Tuesday, and his morning is Ada's.
    add_like(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = code);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.person = "p-201".into();
        record.start -= TimeDelta::hours(5);
        record.stop = record.stop.map(|stop| stop - TimeDelta::hours(5));
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &of("00201"), 3).await;
    trace.judge(due);
}

/// The same, where the places that were asked for do not have the leave.
#[tokio::test]
async fn d19_leave_at_another_place_hides_no_hours_that_moved() {
    let (harness, due) = with_leave().await;
    let code = facilities(&harness);
    add_like(&harness, "p-202", TUESDAY, 0, |record| {
        record.cost_code = code;
        record.location = None;
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.person = "p-201".into();
        record.start -= TimeDelta::hours(5);
        record.stop = record.stop.map(|stop| stop - TimeDelta::hours(5));
    });
    let mut trace = Trace::default();
    let place = Selection {
        locations: vec!["26-101.01".into()],
        ..two_weeks()
    };
    trace.nights(&harness, &place, 3).await;
    trace.judge(due);
}

/// The office deleted Ben's afternoon, which ExakTime still has; his morning is Ada's by now, and only she is asked for.
#[tokio::test]
async fn d19_hours_that_the_office_deleted_of_one_who_was_not_asked_for_hide_none_that_moved() {
    let harness = exported().await;
    let afternoon = entry_of(&harness, 202, TUESDAY, 1);
    delete(&harness, afternoon);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.silent.clear();
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.person = "p-201".into();
        record.start -= TimeDelta::hours(5);
        record.stop = record.stop.map(|stop| stop - TimeDelta::hours(5));
    });
    for _ in 0..3 {
        trace.run(&harness, &of("00201"), "ada").await;
        assert_eq!(
            all_hours(&harness),
            104_00,
            "Ben's morning stands for Ben and for Ada: {:?}",
            trace.silent
        );
        harness.next_day();
    }
}

/// Shifts may reach over midnight by a setting; Ben's morning is Ada's by now, and only she is asked for.
#[tokio::test]
async fn d19_days_beside_hide_no_hours_that_moved_where_shifts_may_reach_over() {
    use linx_core::settings::Overnight;
    for overnight in [Overnight::StartDay, Overnight::SplitAtMidnight] {
        let mut harness = synced().await;
        harness.export.overnight = overnight;
        let report = harness.try_export().await.unwrap();
        assert_eq!((told(&report), all_hours(&harness)), (vec![], 108_00));
        in_time(&harness, "p-202", TUESDAY, 0, |record| {
            record.person = "p-201".into();
            record.start -= TimeDelta::hours(5);
            record.stop = record.stop.map(|stop| stop - TimeDelta::hours(5));
        });
        let mut trace = Trace::default();
        trace.nights(&harness, &of("00201"), 3).await;
        trace.judge(108_00);
    }
}

/// Ben's approved morning is on another day, and Ben has as much leave there, which is left out by rule; only places are asked for.
#[tokio::test]
async fn d19_leave_of_a_day_hides_no_hours_of_the_same_person() {
    let (harness, due) = with_leave().await;
    let code = facilities(&harness);
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    add_like(&harness, "p-202", TUESDAY, 0, |record| {
        record.cost_code = code;
        record.location = None;
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    for selection in [
        two_weeks(),
        Selection {
            locations: vec!["26-101.01".into()],
            ..two_weeks()
        },
    ] {
        let mut trace = Trace::default();
        trace.nights(&harness, &selection, 2).await;
        trace.judge(due);
    }
}
