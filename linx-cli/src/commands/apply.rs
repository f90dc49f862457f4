//! `linx apply`.

use linx_core::LinxError;
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
    let mut sides = Sides::new(loaded, environment)?;
    if let (Some(path), AnyPlan::Export(plan)) = (&args.time_csv, &saved.plan) {
        let told;
        (sides, told) = sides.with_time_of(path, loaded, &plan.selection)?;
        printer.note(&told);
    }
    let linx = sides.join(loaded, !args.no_wait, printer.progress()).await?;
    match &saved.plan {
        AnyPlan::Sync(plan) => {
            let report = linx.apply_sync(plan).await.map_err(|error| not_applied(args, error))?;
            super::sync::print(&report, printer)
        }
        AnyPlan::Export(plan) => {
            let report = linx
                .apply_export(plan)
                .await
                .map_err(|error| not_applied(args, error))?;
            super::export::print(&report, loaded, printer)
        }
    }
}

/// What is wrong with using this plan here is wrong usage, and names the file.
fn not_applied(args: &ApplyArgs, error: LinxError) -> CliError {
    let hint = match &error {
        LinxError::OtherPair { .. } => "Name the configuration it was made with by --config.",
        LinxError::OtherSource { from_file: true } => "Name the file that it was made from by --time-csv.",
        LinxError::OtherSource { from_file: false } => "Leave --time-csv away.",
        _ => return error.into(),
    };
    CliError::usage(format!("{} is not applied", args.file.display()))
        .caused_by(error)
        .hint(hint)
}
