//! `linx export`.

use linx_core::export::ExportReport;
use linx_core::plan::{AnyPlan, SavedPlan, Selection};

use crate::args::ExportArgs;
use crate::compose::Sides;
use crate::config::{Environment, Loaded};
use crate::error::{CliError, Status};
use crate::file;
use crate::print::contract::ExportDocument;
use crate::print::{Printer, csv, export, json};

pub async fn run(
    args: &ExportArgs,
    loaded: &Loaded,
    environment: &Environment,
    printer: &Printer,
) -> Result<Status, CliError> {
    if args.to < args.from {
        return Err(
            CliError::usage(format!("--to {} lies before --from {}", args.to, args.from))
                .hint("Both days are included; one day is --from and --to the same."),
        );
    }
    let selection = Selection {
        from: args.from,
        to: args.to,
        employees: args.employee.clone(),
        locations: args.location.clone(),
        allow_mass_change: args.allow_mass_change,
    };
    let mut sides = Sides::new(loaded, environment)?;
    if let Some(path) = &args.time_csv {
        let told;
        (sides, told) = sides.with_time_of(path, loaded, &selection)?;
        printer.note(&told);
    }
    let linx = sides.join(loaded, !args.no_wait, printer.progress()).await?;
    for path in args.csv.iter().chain(&args.save) {
        file::check(path)?;
    }
    let plan = linx.plan_export(&selection).await?;
    if let Some(path) = &args.save {
        file::replace(path, &json::render(&SavedPlan::new(AnyPlan::Export(plan.clone())))?)?;
    }
    let report = if args.apply {
        linx.apply_export(&plan).await?
    } else {
        ExportReport::planned(&plan)
    };
    if let Some(path) = &args.csv {
        file::replace(path, &csv::lines(&report)?)?;
    }
    print(&report, loaded, printer)
}

/// Prints a report and returns how the run went.
pub fn print(report: &ExportReport, loaded: &Loaded, printer: &Printer) -> Result<Status, CliError> {
    let week_start = loaded.config.export.week_start.weekday();
    printer.report(&export::document(report, week_start), &ExportDocument::from(report))?;
    Ok(Status::of_run(report.refused.len(), report.held.len()))
}
