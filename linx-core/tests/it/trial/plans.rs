//! Plans that are old, altered, or in the wrong hands (hazards B6, B17).

use super::set_due;
use crate::small_company::judge_days;
use crate::small_company::worked;
use http::Method;
use linx_core::LinxError;
use linx_core::change::LineAction;
use linx_core::export::{LineResult, ReportedLine};
use linx_core::model::CentiHours;
use linx_core::plan::{AnyPlan, SavedPlan, Selection};
use linx_http::sandbox::Fault;
use std::collections::BTreeSet;

use super::moves::{add_like, shift};
use super::{ENTRIES, because, codes, exported, in_time, synced};
use crate::harness::{Harness, day, once, two_weeks};
use crate::small_company::{all_hours, judge_our_hand};

fn unreadable_row(harness: &Harness) {
    in_time(harness, "p-204", "2026-03-05", 1, |record| {
        record.regular_hours = "4,00 h".into();
    });
}

#[tokio::test]
async fn b6_an_old_plan_beside_an_unreadable_record_writes_no_old_hours() {
    let harness = synced().await;
    unreadable_row(&harness);
    let plan = harness.plan_export().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    harness.linx().apply_export(&plan).await.unwrap();
    let old = harness
        .procore
        .entries()
        .into_iter()
        .filter(|entry| entry.party.unwrap().get() % 1000 == 202 && entry.date == day("2026-03-03"));
    let hours: Vec<_> = old.filter_map(|entry| entry.hours).collect();
    assert!(hours.iter().filter(|hours| *hours == "4.0").count() <= 1, "{hours:?}");
}

#[tokio::test]
async fn b17_hours_that_were_altered_in_a_plan_are_not_written() {
    let harness = synced().await;
    let mut plan = harness.plan_export().await;
    plan.changes[3].content.hours = CentiHours::from_hundredths(23_00);
    let result = harness.linx().apply_export(&plan).await;
    judge_our_hand(108_00, &harness);
    assert!(
        harness
            .procore
            .entries()
            .iter()
            .all(|entry| entry.hours.as_deref() != Some("23.0"))
    );
    if let Ok(report) = result {
        assert!(!report.held.is_empty());
    }
}

#[tokio::test]
async fn b17_hours_and_carried_hours_that_were_altered_together_are_not_written() {
    let harness = synced().await;
    let mut plan = harness.plan_export().await;
    plan.changes[3].content.hours = CentiHours::from_hundredths(23_00);
    plan.changes[3].carries[0].hours = CentiHours::from_hundredths(23_00).to_hours();
    let _ = harness.linx().apply_export(&plan).await;
    assert!(
        harness
            .procore
            .entries()
            .iter()
            .all(|entry| entry.hours.as_deref() != Some("23.0"))
    );
}

#[tokio::test]
async fn b17_a_line_that_somebody_put_into_a_plan_is_not_written() {
    let harness = exported().await;
    let entry = harness.procore.entries()[0].clone();
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let mut plan = harness.plan_export().await;
    let mut forged = plan.changes[0].clone();
    forged.action = LineAction::Delete;
    forged.entry = Some(linx_core::model::EntryId(entry.id.get()));
    plan.changes.push(forged);
    let _ = harness.linx().apply_export(&plan).await;
    assert_eq!(harness.procore.entries().len(), 28, "nothing was deleted");
}

#[tokio::test]
async fn b17_what_a_plan_says_of_the_ledger_is_not_believed() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let mut plan = harness.plan_export().await;
    // A forged agreement that another entry is that line's.
    let lines = harness
        .ledger
        .lines(day("2026-03-02"), day("2026-03-15"))
        .await
        .unwrap();
    let mut forged = lines[0].clone();
    forged.entry = linx_core::model::EntryId(7);
    plan.agreed.push(forged.clone());
    let _ = harness.linx().apply_export(&plan).await;
    let lines = harness
        .ledger
        .lines(day("2026-03-02"), day("2026-03-15"))
        .await
        .unwrap();
    assert!(lines.iter().all(|line| line.entry != forged.entry));
}

#[tokio::test]
async fn b17_a_week_old_plan_writes_only_what_is_still_so() {
    let harness = synced().await;
    let plan = harness.plan_export().await;
    harness.wait_days(7);
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    in_time(&harness, "p-201", "2026-03-02", 1, |record| {
        record.work_date = day("2026-03-05");
    });
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert!(all_hours(&harness) <= 107_00, "{}", all_hours(&harness));
    assert!(
        report.held.iter().any(|held| held.reason.code() == "stale_plan"),
        "{:?}",
        report.held
    );
}

#[tokio::test]
async fn b17_a_plan_is_applied_once() {
    let harness = synced().await;
    let plan = harness.plan_export().await;
    harness.linx().apply_export(&plan).await.unwrap();
    assert!(harness.linx().apply_export(&plan).await.is_err());
    assert_eq!(all_hours(&harness), 108_00);
}

#[tokio::test]
async fn b17_consent_is_for_what_was_seen() {
    // Consent to a plan of two deletions is none to a plan of all.
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let consent = Selection {
        allow_mass_change: true,
        ..two_weeks()
    };
    let plan = harness.linx().plan_export(&consent).await.unwrap();
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            record.regular_hours = "1.00".into();
        }
    });
    harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
}

/// A plan in which nothing was to do is kept; time comes; applying it does not say that all is well.
#[tokio::test]
async fn b6_a_kept_plan_without_changes_does_not_end_well_when_time_has_come_since() {
    let harness = exported().await;
    let mut due = worked();
    let plan = harness.plan_export().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "2.00".into();
    });
    set_due(&mut due, "00201", "2026-03-02", 6_00);
    harness.wait_seconds(120);
    let result = harness.linx().apply_export(&plan).await;
    judge_days(&due, &BTreeSet::new(), &harness, &result);
}

/// A saved plan in which nothing was to do is read back within the minute, and Procore has changed: in both directions it
/// is made anew, and what only the new one shows is held.
#[tokio::test]
async fn b6_a_saved_plan_without_changes_is_made_anew_at_once() {
    let harness = exported().await;
    let saved = |plan| serde_json::to_string(&SavedPlan::new(plan)).unwrap();
    let export = saved(AnyPlan::Export(harness.plan_export().await));
    let sync = saved(AnyPlan::Sync(harness.plan_sync().await));
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "2.00".into();
    });
    harness.person_in_procore("00201", |person| person.last_name = "Other".into());
    let AnyPlan::Export(plan) = SavedPlan::read(&export).unwrap().plan else {
        panic!("a plan of an export")
    };
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(codes(&report.held), BTreeSet::from(["stale_plan"]));
    let AnyPlan::Sync(plan) = SavedPlan::read(&sync).unwrap().plan else {
        panic!("a plan of a sync")
    };
    let report = harness.linx().apply_sync(&plan).await.unwrap();
    assert_eq!(codes(&report.held), BTreeSet::from(["stale_plan"]));
}

/// A plan that another version of Linx made may mean something else by the same words: it is not applied, not even where
/// it never was in a file.
#[tokio::test]
async fn b17_a_plan_of_another_format_is_refused_in_memory_too() {
    let harness = synced().await;
    let writes = harness.writes();
    for by in [-1, 1] {
        let mut export = harness.plan_export().await;
        export.format = export.format.checked_add_signed(by).unwrap();
        let refused = harness.linx().apply_export(&export).await;
        assert!(
            matches!(refused, Err(LinxError::OtherFormat { found, .. }) if found == export.format),
            "{refused:?}"
        );
        harness.person_in_procore("00201", |person| person.last_name = format!("Other {by}"));
        let mut sync = harness.plan_sync().await;
        sync.format = sync.format.checked_add_signed(by).unwrap();
        let refused = harness.linx().apply_sync(&sync).await;
        assert!(matches!(refused, Err(LinxError::OtherFormat { .. })), "{refused:?}");
    }
    assert_eq!(harness.writes(), writes);
}

/// Ben's morning of Tuesday went to another code, and between the plan and its writing it became longer: the longer one is not what the plan
/// shows, and what it is for stays.
#[tokio::test]
async fn d8_nothing_goes_for_a_line_that_a_plan_does_not_show() {
    let harness = exported().await;
    let mut code = None;
    in_time(&harness, "p-201", "2026-03-03", 1, |record| {
        code.clone_from(&record.cost_code);
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| record.cost_code = code);
    let plan = harness.plan_export().await;
    assert_eq!(plan.changes.len(), 2, "one goes and one comes");
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "5.00".into();
    });
    harness.next_day();
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(all_hours(&harness), 108_00, "{:?}", report.held);
    assert!(because(&report.held, "stale_plan").len() >= 2, "{:?}", report.held);
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 109_00);
}

/// A create was applied and its run killed; its hours were corrected, and between the plan of that and its writing its code was lost: what
/// stands is not what the plan shows, and the report does not say so.
#[tokio::test]
async fn a1_what_stands_by_a_run_that_was_killed_is_not_what_a_plan_shows() {
    let harness = exported().await;
    add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, "2026-03-11"));
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::Stall));
    harness.killed_export().await;
    assert_eq!(all_hours(&harness), 112_00);
    in_time(&harness, "p-202", "2026-03-11", 0, |record| {
        record.regular_hours = "5.00".into();
    });
    harness.next_day();
    let plan = harness.plan_export().await;
    assert_eq!(plan.changes.len(), 1, "{:?}", plan.held);
    in_time(&harness, "p-202", "2026-03-11", 0, |record| {
        record.cost_code = Some("of nobody".into());
    });
    harness.next_day();
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(all_hours(&harness), 112_00);
    let is_done = |line: &ReportedLine| line.result == LineResult::Done;
    assert!(!report.changes.iter().any(is_done), "{:?}", report.changes);
}
