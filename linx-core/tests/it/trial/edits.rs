//! What people change while a run writes (hazard B16).

use std::sync::Arc;

use http::Method;
use linx_http::sandbox::{Deed, Fault};
use procore_client::TimecardEntryId;

use super::{ENTRIES, exported, in_time};
use crate::harness::{Harness, once};

fn hours_of_entry(harness: &Harness, id: TimecardEntryId) -> Option<String> {
    harness.procore.with_state(|state| state.entries[&id].hours.clone())
}

#[tokio::test]
async fn b16_an_entry_that_the_office_approves_while_a_run_writes_is_left_alone() {
    let harness = exported().await;
    for (person, date) in [("p-201", "2026-03-02"), ("p-203", "2026-03-02")] {
        in_time(&harness, person, date, 0, |record| record.regular_hours = "3.00".into());
    }
    let plan = harness.plan_export().await;
    let id = TimecardEntryId::new(plan.changes.last().unwrap().entry.unwrap().0);
    let procore = Arc::clone(&harness.procore);
    let approve = Deed::new(move || {
        procore.with_state(|state| {
            let entry = state.entries.get_mut(&id).unwrap();
            entry.hours = Some("5.0".into());
            entry.status = procore_client::timecards::ApprovalStatus::Approved;
        });
    });
    harness
        .procore_faults
        .order(once(Method::PATCH, ENTRIES, 0, Fault::Then(approve)));
    let report = harness.try_export().await.unwrap();
    assert_eq!(hours_of_entry(&harness, id).as_deref(), Some("5.0"));
    assert!(!report.held.is_empty());
}
