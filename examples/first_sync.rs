//! The whole job in one file: plan a sync, look at it, apply it; then export two weeks of time.
//!
//! Start here. It runs against both sandboxes in this process; `lib.rs` beside it says what is different against real
//! accounts.
//!
//!     cargo run -p linx-examples --example first_sync

use std::error::Error;

use linx_core::model::{CentiHours, Kind};
use linx_core::plan::Selection;
use linx_core::sync::SyncOptions;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let linx = linx_examples::both_sandboxes()?.build()?;

    // A plan is data: look at it, show it to somebody, save it. Nothing is written yet.
    let plan = linx.plan_sync(&SyncOptions::default()).await?;
    for change in plan.changes.iter().filter(|change| change.kind != Kind::CostCode) {
        println!(
            "{:<10} {:<10} {:<12} {}",
            change.action.as_str(),
            change.kind,
            change.identifier,
            change.why
        );
    }
    // Applying writes the plan to ExakTime, record by record. One that cannot be written is held and stops nothing.
    let report = linx.apply_sync(&plan).await?;
    println!("{} records written, {} held", report.written(), report.held.len());

    // Time goes the other way, for days that you choose: both ends are included.
    let two_weeks = Selection::days("2026-03-02".parse()?, "2026-03-15".parse()?);
    let plan = linx.plan_export(&two_weeks).await?;
    let report = linx.apply_export(&plan).await?;
    println!("{} timesheet lines written", report.written());
    for held in &report.held {
        println!(
            "held: {} {} ({}) {}",
            held.subject.kind(),
            held.subject.id(),
            held.reason,
            held.reason.fix()
        );
    }

    // Every hour is accounted for, to the second: what was read is stored, held or left out by rule.
    let total = report.account.total();
    assert!(total.adds_up());
    println!(
        "read {} = stored {} + held {} + left out {}",
        CentiHours::nearest(total.read),
        report.hours.stored,
        report.hours.held,
        report.hours.left_out,
    );
    Ok(())
}
