//! Override one rule of the mapping and keep the rest: the names of locations carry the prefix of their region.
//!
//! What a project becomes is one method of [`MappingRules`]. [`Overrides`] takes a closure in its place, which may ask the
//! standard rules first and change their answer.
//!
//!     cargo run -p linx-examples --example custom_mapping

use std::error::Error;
use std::sync::Arc;

use linx_core::hold::{Reason, Refusal};
use linx_core::mapping::{LocationDraft, MappingRules, Overrides, Ruling, StandardRules};
use linx_core::model::{Kind, Project};
use linx_core::sync::SyncOptions;

/// Returns the region of a project by its state. A project in no region is held with a reason; nothing is guessed.
fn region(project: &Project) -> Result<&'static str, String> {
    match project.address.state.as_deref() {
        Some("AZ" | "CA" | "CO") => Ok("WEST"),
        Some("IL" | "NY") => Ok("EAST"),
        Some(state) => Err(format!("the state {state} is in no region")),
        None => Err("the project has no state".into()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let by_region = |standard: StandardRules| -> Arc<dyn MappingRules> {
        let rules = Overrides::of(standard).project_location(|standard, project| match region(project) {
            Ok(region) => standard.project_location(project).map(|draft| LocationDraft {
                name: format!("{region} {}", draft.name),
                ..draft
            }),
            Err(why) => Ruling::not(Refusal::new(Reason::HeldByRule, why)),
        });
        Arc::new(rules)
    };

    let linx = linx_examples::both_sandboxes()?.rules(by_region).build()?;
    let plan = linx.plan_sync(&SyncOptions::default()).await?;
    for change in plan.changes.iter().filter(|change| change.kind == Kind::Location) {
        for attribute in &change.attributes {
            let from = attribute.from.as_deref().unwrap_or("nothing");
            let to = attribute.to.as_deref().unwrap_or("nothing");
            println!(
                "{} {}: {} from {from} to {to}",
                change.action.as_str(),
                change.identifier,
                attribute.attribute
            );
        }
    }
    Ok(())
}
