//! Name sub-jobs as phases: crews who clock in see "Phase 02: Tower (24-002)" and find the number that they know.
//!
//! A [`Layer`] stands over other rules in a [`Chain`]: it answers for what it knows and leaves the rest to those beneath.
//!
//!     cargo run -p linx-examples --example phases

use std::error::Error;
use std::sync::Arc;

use linx_core::change::RecordAction;
use linx_core::mapping::{Chain, Layer, LocationDraft, MappingRules, Ruling, StandardRules};
use linx_core::model::{Kind, Project, SubJob};
use linx_core::sync::SyncOptions;

/// Names a sub-job by its phase; identifier and all else stay as the standard rules have them.
struct Phases {
    rules: StandardRules,
}

impl Layer for Phases {
    fn sub_job_location(&self, project: &Project, sub_job: &SubJob) -> Option<Ruling<LocationDraft>> {
        let number = project.number.as_deref()?;
        let name = format!("Phase {}: {} ({number})", sub_job.code, sub_job.name);
        let standard = self.rules.sub_job_location(project, sub_job);
        Some(standard.map(|draft| LocationDraft { name, ..draft }))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let linx = linx_examples::both_sandboxes()?
        .rules(|standard| {
            let rules = standard.clone();
            Arc::new(Chain::of(standard).with(Phases { rules }))
        })
        .build()?;
    let plan = linx.plan_sync(&SyncOptions::default()).await?;
    let places = plan.changes.iter().filter(|change| change.kind == Kind::Location);
    for place in places.filter(|change| change.action == RecordAction::Create) {
        println!("create {}: {}", place.identifier, place.base.title());
    }
    Ok(())
}
