//! What Linx deleted and the office put back (hazard B7).

use super::exported;
use super::in_time;
use super::set_due;
use super::stands;
use crate::small_company::all_hours;
use crate::small_company::judge_days;
use crate::small_company::worked;
use std::collections::BTreeSet;

/// An entry that Linx deleted and the office put back out of the recycle bin is the office's decision.
#[tokio::test]
async fn b7_an_entry_that_the_office_restored_is_not_deleted_again() {
    let harness = exported().await;
    let mut due = worked();
    harness.exaktime.with_state(|state| state.time_records.remove(0));
    set_due(&mut due, "00201", "2026-03-02", 4_00);
    harness.try_export().await.unwrap();
    harness.next_day();
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 104_00);
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            entry.deleted_at = None;
        }
    });
    assert_eq!(all_hours(&harness), 108_00, "the office has put it back");
    for _ in 0..3 {
        let result = harness.try_export().await;
        judge_days(&due, &BTreeSet::new(), &harness, &result);
        assert_eq!(all_hours(&harness), 108_00, "the office's entry was deleted again");
        harness.next_day();
    }
}

/// The office undoes a correction: it puts the old entry back and deletes the new one.
#[tokio::test]
async fn b7_a_correction_that_the_office_took_back_leaves_somebody_paid() {
    let harness = exported().await;
    let mut facilities = None;
    in_time(&harness, "p-201", "2026-03-03", 1, |record| {
        facilities = record.cost_code.clone();
    });
    in_time(&harness, "p-203", "2026-03-11", 0, |record| {
        record.cost_code = facilities.clone();
    });
    let before: BTreeSet<_> = harness.procore.entries().iter().map(|entry| entry.id).collect();
    harness.try_export().await.unwrap();
    let after: BTreeSet<_> = harness.procore.entries().iter().map(|entry| entry.id).collect();
    harness.procore.with_state(|state| {
        for (id, entry) in &mut state.entries {
            if before.contains(id) {
                entry.deleted_at = None;
            } else if after.contains(id) {
                entry.deleted_at = Some(entry.created_at);
            }
        }
    });

    let stood = stands(&harness, "00203", "2026-03-11");
    for _ in 0..4 {
        let _ = harness.try_export().await;
        assert_eq!(
            stands(&harness, "00203", "2026-03-11"),
            stood,
            "what the office put back is gone"
        );
        harness.next_day();
    }
}
