//! What a person's consent and a person's word are for (hazards B5, B12, B17, D26).

use std::collections::BTreeSet;
use std::sync::Arc;

use linx_core::change::LineAction;
use linx_core::ledger::MemoryLedger;
use linx_core::plan::Selection;

use super::{because, codes, exported, in_procore, stands};
use crate::harness::{Harness, two_weeks};
use crate::small_company::all_hours;

fn consent() -> Selection {
    Selection {
        allow_mass_change: true,
        ..two_weeks()
    }
}

/// The ledger was lost after the office had deleted Ben's 3 March.
async fn deleted_and_lost() -> Harness {
    let mut harness = exported().await;
    let now = "2026-03-17T12:00:00Z".parse().unwrap();
    in_procore(&harness, 202, "2026-03-03", |entry| entry.deleted_at = Some(now));
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    let report = harness.try_export().await.unwrap();
    assert_eq!(because(&report.held, "lost_ledger").len(), 2, "{:?}", report.held);
    harness
}

/// Sets the hours of all time that is not Ben's 3 March.
fn set_all(harness: &Harness, hours: &str) {
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            if record.person != "p-202" || record.work_date.to_string() != "2026-03-03" {
                record.regular_hours = hours.into();
            }
        }
    });
}

#[tokio::test]
async fn b5_b12_consent_to_a_mass_change_puts_nothing_back_that_the_office_deleted() {
    let harness = deleted_and_lost().await;
    set_all(&harness, "2.00");
    let report = harness.try_export().await.unwrap();
    assert!(!report.refused.is_empty(), "exit 4");
    assert_eq!(because(&report.held, "lost_ledger").len(), 2);

    let report = harness.try_export_of(&consent()).await.unwrap();
    assert_eq!(stands(&harness, "00202", "2026-03-03"), 0, "the office deleted it");
    assert_eq!(all_hours(&harness), 52_00, "all else was consented to");
    assert_eq!(codes(&report.held), BTreeSet::from(["lost_ledger"]));
    // Nothing else needs consent now: it is for these.
    let report = harness.try_export_of(&consent()).await.unwrap();
    assert_eq!((report.summary.create, report.held.len()), (2, 0), "{:?}", report.held);
    assert_eq!(stands(&harness, "00202", "2026-03-03"), 8_00);
}

#[tokio::test]
async fn b12_b17_consent_that_was_given_to_the_guard_is_none_to_a_lost_ledger_later() {
    let harness = deleted_and_lost().await;
    set_all(&harness, "2.00");
    let plan = harness.linx().plan_export(&consent()).await.unwrap();
    assert_eq!(because(&plan.held, "lost_ledger").len(), 2);
    // The feed is whole again before the plan is applied.
    set_all(&harness, "4.00");
    harness.linx().apply_export(&plan).await.unwrap();
    for _ in 0..2 {
        let plan = harness.plan_export().await;
        assert_eq!(plan.count(LineAction::Create), 0);
        assert_eq!(because(&plan.held, "lost_ledger").len(), 2, "{:?}", plan.held);
        harness.try_export().await.unwrap();
        assert_eq!(stands(&harness, "00202", "2026-03-03"), 0);
    }
}
