//! Plans that are old, altered, or in the wrong hands (hazards B6, B17).

use linx_core::change::LineAction;

use super::{exported, in_time, synced};
use crate::small_company::all_hours;

#[tokio::test]
async fn b17_a_line_that_somebody_put_into_a_plan_is_not_written() {
    let harness = exported().await;
    let entry = harness.procore.entries()[0].clone();
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into()
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
async fn b17_a_plan_is_applied_once() {
    let harness = synced().await;
    let plan = harness.plan_export().await;
    harness.linx().apply_export(&plan).await.unwrap();
    assert!(harness.linx().apply_export(&plan).await.is_err());
    assert_eq!(all_hours(&harness), 108_00);
}
