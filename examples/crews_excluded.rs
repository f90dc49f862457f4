//! Leave people out by a rule of your own: here labourers, who are booked under their foreman.
//!
//! A [`Filter`] answers with the reason why it leaves something out, and the plan lists it under that reason.
//!
//!     cargo run -p linx-examples --example crews_excluded

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use linx_core::mapping::{Chain, Filter};
use linx_core::sync::SyncOptions;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // An error is the reason, as people will read it.
    let crews = Filter::default().workers(|worker| match worker.job_title.as_deref() {
        Some("Laborer") => Err("booked under the foreman".into()),
        _ => Ok(()),
    });
    let linx = linx_examples::both_sandboxes()?
        .rules(|standard| Arc::new(Chain::of(standard).with(crews)))
        .build()?;
    let plan = linx.plan_sync(&SyncOptions::default()).await?;

    // What is left out stands in the plan: by this rule, and by the standard ones beneath it.
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for left_out in &plan.left_out {
        reasons
            .entry(left_out.reason.code())
            .or_default()
            .push(left_out.subject.id().into_owned());
    }
    for (reason, ids) in reasons {
        println!("{} left out, {reason}: {}", ids.len(), ids.join(", "));
    }
    Ok(())
}
