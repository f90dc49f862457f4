//! Saved plans, spoiled: what is taken for a plan is one that was saved (hazard B6).

use std::sync::Arc;

use futures_util::FutureExt;
use linx_core::ledger::MemoryLedger;
use linx_core::plan::{AnyPlan, SavedPlan};
use linx_core::sync::SyncOptions;
use linx_http::testing::Inputs;

use crate::measured;
use crate::pair::{Company, days};

#[test]
fn b6_a18_a_spoiled_plan_is_refused_or_is_what_was_saved() {
    let company = Company::contractor();
    let linx = company.linx(Arc::new(MemoryLedger::new()));
    let mut sync = linx.plan_sync(&SyncOptions::default()).now_or_never().unwrap().unwrap();
    linx.apply_sync(&sync).now_or_never().unwrap().unwrap();
    let mut export = linx.plan_export(&days()).now_or_never().unwrap().unwrap();
    assert!(export.changes.len() >= 2 && sync.changes.len() >= 2);
    sync.changes.truncate(2);
    export.changes.truncate(2);
    let plans = [AnyPlan::Sync(sync), AnyPlan::Export(export)];
    let saved = plans.map(|plan| serde_json::to_string(&SavedPlan::new(plan)).unwrap());
    Inputs::new("saved plans", saved.clone())
        .usually(300)
        .each(measured, |text| {
            // Their own file, which they see anyway: an error may tell what stands in it.
            if let Ok(read) = SavedPlan::read(&String::from_utf8_lossy(text)) {
                let read = serde_json::to_string(&read).unwrap();
                assert!(saved.contains(&read), "another plan than was saved: {read}");
            }
        });
}
