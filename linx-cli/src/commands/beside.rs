//! `linx beside`.

use chrono::NaiveDate;
use linx_core::model::{OfficeRef, WorkerId};
use serde::Serialize;

use crate::args::BesideArgs;
use crate::compose::Sides;
use crate::config::{Environment, Loaded};
use crate::error::{CliError, Status};
use crate::print::{Printer, beside};

/// Whose day it is about and what holds from now on, as a script reads it.
#[derive(Serialize)]
struct Said<'a> {
    employee: &'a str,
    worker: OfficeRef,
    date: NaiveDate,
    beside: bool,
}

pub async fn run(
    args: &BesideArgs,
    loaded: &Loaded,
    environment: &Environment,
    printer: &Printer,
) -> Result<Status, CliError> {
    let both = !args.undo;
    let sides = Sides::new(loaded, environment)?;
    let linx = sides.join(loaded, true, printer.progress()).await?;
    let worker: WorkerId = linx.set_beside(&args.employee, args.date, both).await?;
    let said = Said {
        employee: &args.employee,
        worker: OfficeRef::Worker(worker),
        date: args.date,
        beside: both,
    };
    printer.report(&beside::said(&args.employee, said.worker, args.date, both), &said)?;
    Ok(Status::Done)
}
