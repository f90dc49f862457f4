//! `linx sync`.

use linx_core::plan::{AnyPlan, SavedPlan};
use linx_core::sync::{SyncOptions, SyncReport};

use crate::args::SyncArgs;
use crate::compose::Sides;
use crate::config::{Environment, Loaded};
use crate::error::{CliError, Status};
use crate::file;
use crate::print::contract::SyncDocument;
use crate::print::{Printer, json, sync};

pub async fn run(
    args: &SyncArgs,
    loaded: &Loaded,
    environment: &Environment,
    printer: &Printer,
) -> Result<Status, CliError> {
    let linx = Sides::new(loaded, environment)?
        .join(loaded, !args.no_wait, printer.progress())
        .await?;
    let options = SyncOptions {
        only: (!args.only.is_empty()).then(|| args.only.iter().copied().collect()),
        allow_mass_change: args.allow_mass_change,
    };
    let plan = linx.plan_sync(&options).await?;
    if let Some(path) = &args.save {
        file::replace(path, &json::render(&SavedPlan::new(AnyPlan::Sync(plan.clone())))?)?;
    }
    let report = if args.apply {
        linx.apply_sync(&plan).await?
    } else {
        SyncReport::planned(&plan)
    };
    print(&report, printer)
}

/// Prints a report and returns how the run went.
pub fn print(report: &SyncReport, printer: &Printer) -> Result<Status, CliError> {
    printer.report(&sync::document(report), &SyncDocument::from(report))?;
    Ok(Status::of_run(report.refused.len(), report.held.len()))
}
