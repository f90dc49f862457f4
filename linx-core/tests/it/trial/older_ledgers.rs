//! A ledger that is not the newest: a copy of yesterday, two that take turns, or two side by side (hazards B12, B14).

use std::collections::BTreeSet;
use std::sync::Arc;

use exaktime_client::sandbox::TimeRecord;
use linx_core::ledger::{Ledger, MemoryLedger};
use linx_core::plan::Selection;

use super::moves::{add_like, shift};
use super::{because, codes, exported, in_time, stands, synced};
use crate::harness::{Harness, day, pair, two_weeks};
use crate::small_company::{all_hours, judge, judge_our_hand};

/// The ledger as it is now, as a copy of its file would be: what comes later is not in it.
async fn copy_of(ledger: &Arc<dyn Ledger>) -> Arc<dyn Ledger> {
    let copy = MemoryLedger::new();
    copy.bind(&pair()).await.unwrap();
    copy.remember_links(&ledger.links().await.unwrap()).await.unwrap();
    let weeks = two_weeks();
    copy.remember_lines(&ledger.lines(weeks.from, weeks.to).await.unwrap())
        .await
        .unwrap();
    Arc::new(copy)
}

/// Today's ledger is lost and yesterday's copy put in its place: what Linx itself wrote meanwhile is no edit of the office's.
#[tokio::test]
async fn b12_yesterdays_ledger_does_not_take_our_own_update_for_the_offices_decision() {
    let mut harness = exported().await;
    let yesterday = copy_of(&harness.ledger).await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    harness.try_export().await.unwrap();
    assert_eq!(stands(&harness, "00201", "2026-03-02"), 7_00);
    harness.ledger = yesterday;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "4.00".into();
    });
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert!(
            stands(&harness, "00201", "2026-03-02") == 8_00 || !report.held.is_empty(),
            "7 h stand for 8 h, and the run ends with 0: {:?}",
            report.left_out
        );
        harness.next_day();
    }
}

/// Two machines, each with its own ledger, take turns; ExakTime's time goes down and up again.
#[tokio::test]
async fn b14_two_ledgers_that_take_turns_leave_no_hour_out_in_silence() {
    let mut harness = exported().await;
    let laptop = Arc::clone(&harness.ledger);
    let server: Arc<dyn Ledger> = Arc::new(MemoryLedger::new());
    server.bind(&pair()).await.unwrap();
    server.remember_links(&laptop.links().await.unwrap()).await.unwrap();
    harness.ledger = Arc::clone(&server);
    harness.try_export().await.unwrap();
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 107_00);
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "4.00".into();
    });
    harness.ledger = laptop;
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert!(
            all_hours(&harness) == 108_00 || !report.held.is_empty(),
            "107 h stand for 108 h, and the run ends with 0: {:?}",
            report.left_out
        );
        harness.next_day();
    }
}

/// Two machines, each with its own ledger, plan side by side; then one plan is applied after the other.
#[tokio::test]
async fn b14_two_plans_made_side_by_side_from_two_ledgers_pay_nothing_twice() {
    let mut harness = synced().await;
    let one = Arc::clone(&harness.ledger);
    let other = copy_of(&one).await;
    let first = harness.plan_export().await;
    harness.ledger = Arc::clone(&other);
    let second = harness.plan_export().await;
    assert_eq!((first.changes.len(), second.changes.len()), (28, 28));
    harness.ledger = one;
    let result = harness.linx().apply_export(&first).await;
    judge(&harness, &result);
    assert_eq!(result.unwrap().held, []);
    harness.ledger = other;
    let report = harness.linx().apply_export(&second).await.unwrap();
    assert_eq!(codes(&report.held), BTreeSet::from(["stale_plan"]));
    assert_eq!((report.held.len(), report.written()), (28, 0));
    judge(&harness, &Ok(report));
    assert_eq!(all_hours(&harness), 108_00);
}

/// The lost ledger wrote the second week, and the office deleted what it wrote of the last day: nothing else of that day
/// tells that it was ever sent.
#[tokio::test]
async fn b12_what_the_office_deleted_of_the_last_day_is_not_put_back_by_an_older_ledger() {
    let mut harness = synced().await;
    let first_week = Selection::days(day("2026-03-02"), day("2026-03-08"));
    harness.try_export_of(&first_week).await.unwrap();
    let yesterday = copy_of(&harness.ledger).await;
    harness.try_export().await.unwrap();
    harness.ledger = yesterday;
    harness.procore.with_state(|state| {
        let last = state.entries.values().map(|entry| entry.date).max();
        for entry in state.entries.values_mut().filter(|entry| Some(entry.date) == last) {
            entry.deleted_at = Some(entry.created_at);
        }
    });
    let left = all_hours(&harness);
    assert!(left < 108_00);
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), left, "what the office deleted is put back");
        assert!(!because(&report.held, "lost_ledger").is_empty(), "{:?}", report.held);
        harness.next_day();
    }
}

/// Ben's morning of Tuesday goes to another code, or comes back.
fn swap_codes(harness: &Harness) {
    let (mut one, mut other) = (None, None);
    in_time(harness, "p-202", "2026-03-03", 0, |record| {
        one.clone_from(&record.cost_code);
    });
    in_time(harness, "p-201", "2026-03-03", 1, |record| {
        other.clone_from(&record.cost_code);
    });
    in_time(harness, "p-202", "2026-03-03", 0, |record| {
        record.cost_code.clone_from(&other);
    });
    in_time(harness, "p-201", "2026-03-03", 1, |record| record.cost_code = one);
}

/// What this program deleted itself, after the copy was made, is not the office's deletion.
#[tokio::test]
async fn b12_an_older_ledger_does_not_take_our_own_deletion_for_the_offices() {
    let mut harness = exported().await;
    let yesterday = copy_of(&harness.ledger).await;
    swap_codes(&harness);
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    harness.ledger = yesterday;
    harness.next_day();
    swap_codes(&harness);
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert!(
            all_hours(&harness) == 108_00 || !report.held.is_empty(),
            "{} stand for 108 h, and the run ends with 0: {:?}",
            all_hours(&harness),
            report.left_out
        );
        judge_our_hand(108_00, &harness);
        harness.next_day();
    }
}

/// What this program deleted itself after the copy was made is no decision of the office's either once a person has compared what stands,
/// whether the person said so at the first look or later, and whether something of that day was held then: time that comes back there is paid.
#[tokio::test]
async fn b12_what_the_lost_ledger_deleted_is_written_once_its_time_is_back() {
    for (first, is_held) in [(true, false), (false, false), (true, true), (false, true)] {
        let mut harness = exported().await;
        let yesterday = copy_of(&harness.ledger).await;
        let mut gone = None;
        harness.exaktime.with_state(|state| {
            let of_tuesday = |record: &TimeRecord| record.person == "p-202" && record.work_date == day("2026-03-03");
            let at = state.time_records.iter().position(of_tuesday).unwrap();
            let record = state.time_records.remove(at);
            let mut late = record.clone();
            late.id = "tr-late".into();
            shift(&mut late, "2026-03-11");
            state.time_records.push(late);
            gone = Some(record);
        });
        for _ in 0..3 {
            harness.try_export().await.unwrap();
            harness.next_day();
        }
        assert_eq!(all_hours(&harness), 108_00, "four hours went to another day");
        harness.ledger = yesterday;
        if !first {
            let report = harness.try_export().await.unwrap();
            assert_eq!(report.written(), 0);
        }
        let consent = Selection {
            allow_mass_change: true,
            ..two_weeks()
        };
        if is_held {
            add_like(&harness, "p-202", "2026-03-02", 0, |record| {
                shift(record, "2026-03-03");
                record.cost_code = Some("of nobody".into());
            });
        }
        harness.try_export_of(&consent).await.unwrap();
        harness.next_day();
        let unbookable = |record: &mut TimeRecord| record.cost_code.as_deref() == Some("of nobody");
        harness.exaktime.with_state(|state| {
            state.time_records.extract_if(.., unbookable).for_each(drop);
            state.time_records.extend(gone);
        });
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), 112_00, "{:?} {:?}", report.left_out, report.held);
    }
}

/// The lost ledger deleted an entry of the copy's and made its line anew: that entry is no person's copy, and once a person has compared what
/// stands it follows ExakTime.
#[tokio::test]
async fn b12_what_the_lost_ledger_made_anew_follows_its_time_once_that_was_compared() {
    let mut harness = exported().await;
    let yesterday = copy_of(&harness.ledger).await;
    let morning = |record: &TimeRecord| record.person == "p-202" && record.work_date == day("2026-03-03");
    let gone = harness.exaktime.with_state(|state| {
        let at = state.time_records.iter().position(morning).unwrap();
        state.time_records.remove(at)
    });
    for _ in 0..3 {
        harness.next_day();
        harness.try_export().await.unwrap();
    }
    assert_eq!(all_hours(&harness), 104_00);
    harness.exaktime.with_state(|state| state.time_records.push(gone));
    harness.next_day();
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    harness.ledger = yesterday;
    let consent = Selection {
        allow_mass_change: true,
        ..two_weeks()
    };
    harness.next_day();
    harness.try_export_of(&consent).await.unwrap();
    harness.exaktime.with_state(|state| {
        let record = state.time_records.iter_mut().find(|record| morning(record)).unwrap();
        record.regular_hours = "3.00".into();
    });
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 107_00, "{:?} {:?}", report.left_out, report.held);
    assert_eq!(report.held, []);
}

/// A line was written after the copy was made, and the office deleted it: its entry is in no list, but in that of what was
/// deleted.
#[tokio::test]
async fn b12_a_line_that_an_older_ledger_never_knew_and_the_office_deleted_is_not_put_back() {
    let mut harness = synced().await;
    let mut late = None;
    harness.exaktime.with_state(|state| {
        let at = state
            .time_records
            .iter()
            .position(|record| record.person == "p-202" && record.work_date == day("2026-03-03"));
        late = at.map(|at| state.time_records.remove(at));
    });
    harness.try_export().await.unwrap();
    let yesterday = copy_of(&harness.ledger).await;
    harness.exaktime.with_state(|state| state.time_records.extend(late));
    harness.next_day();
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    harness.procore.with_state(|state| {
        let newest = state.entries.values_mut().next_back().unwrap();
        newest.deleted_at = Some(newest.created_at);
    });
    harness.ledger = yesterday;
    harness.next_day();
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), 104_00, "what the office deleted is put back");
        assert!(!report.held.is_empty(), "4 h are missing, and nobody is told");
        harness.next_day();
    }
}
