//! The same time by two hands, or twice by ours (hazards B12, B15, D26).

use std::sync::Arc;

use linx_core::ledger::MemoryLedger;
use procore_client::sandbox::Entry;

use super::{enter_by_another_hand, exported, in_procore, synced};
use crate::small_company::{all_hours, by_our_hand};

/// What the fortnight comes to in Procore, as somebody may have entered it.
async fn fortnight() -> Vec<Entry> {
    by_our_hand(&exported().await)
}

#[tokio::test]
async fn d26_leave_by_another_hand_is_no_work() {
    let harness = synced().await;
    let mut leave = fortnight().await[7].clone();
    leave.time_type = Some(procore_client::TimeTypeId::new(9188));
    enter_by_another_hand(&harness, [leave]);
    let report = harness.judged_export().await.unwrap();
    assert_eq!((report.written(), report.held.len()), (28, 0), "{:?}", report.held);
}

#[tokio::test]
async fn b12_a_lost_ledger_is_built_again_from_the_marks() {
    let mut harness = exported().await;
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    let report = harness.judged_export().await.unwrap();
    assert_eq!((report.written(), report.held.len()), (0, 0), "{:?}", report.held);
}

#[tokio::test]
async fn b14_what_a_second_ledger_wrote_is_not_written_again() {
    let mut harness = exported().await;
    // A copy of the ledger from before the export, on another machine.
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    in_procore(&harness, 201, "2026-03-02", |entry| entry.hours = Some("5.0".into()));
    let report = harness.try_export().await.unwrap();
    assert_eq!(report.written(), 0, "{:?}", report.changes);
    assert_eq!(all_hours(&harness), 109_00, "the office's hour stands");
}
