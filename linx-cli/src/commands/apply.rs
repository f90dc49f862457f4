//! `linx apply`.

use linx_core::plan::{AnyPlan, SavedPlan, SavedPlanError};

use crate::args::ApplyArgs;
use crate::compose::Sides;
use crate::config::{Environment, Loaded};
use crate::error::{CliError, Status};
use crate::print::Printer;

/// Applies a plan that was saved, once.
///
/// # Errors
///
/// Wrong usage when the file is no saved plan, or one of other companies; a failure when another run has overtaken it.
pub async fn run(
    args: &ApplyArgs,
    loaded: &Loaded,
    environment: &Environment,
    printer: &Printer,
) -> Result<Status, CliError> {
    let refused = |what: &str| CliError::usage(format!("{} {what}", args.file.display()));
    let text = std::fs::read_to_string(&args.file).map_err(|error| refused("cannot be read").caused_by(error))?;
    let saved = SavedPlan::read(&text).map_err(|error| {
        let hint = match &error {
            SavedPlanError::Altered => "Apply the file as it was saved, or make a new plan.",
            _ => "`linx sync --save FILE` and `linx export ... --save FILE` make one.",
        };
        refused("is not applied").caused_by(error).hint(hint)
    })?;
    let linx = Sides::new(loaded, environment)?
        .join(loaded, !args.no_wait, printer.progress())
        .await?;
    if saved.pair != *linx.pair() {
        return Err(refused(&format!(
            "was made for {}, and the configuration names {}",
            saved.pair,
            linx.pair()
        ))
        .hint("Name the configuration it was made with by --config."));
    }
    match &saved.plan {
        AnyPlan::Sync(plan) => {
            let plan = linx.confirm_sync(plan).await?;
            let report = linx.apply_sync(&plan).await?;
            super::sync::print(&report, printer)
        }
        AnyPlan::Export(plan) => {
            let plan = linx.confirm_export(plan).await?;
            let report = linx.apply_export(&plan).await?;
            super::export::print(&report, loaded, printer)
        }
    }
}
