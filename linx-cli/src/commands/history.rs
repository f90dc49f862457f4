//! `linx history`.

use linx_core::ledger::{JournalEntry, Ledger, Run, RunId};
use serde::Serialize;

use crate::args::HistoryArgs;
use crate::compose::open_ledger;
use crate::config::Loaded;
use crate::error::{CliError, Status};
use crate::print::{Printer, history};

/// A run with what it wrote, as a script reads it.
#[derive(Serialize)]
struct RunWithJournal<'a> {
    #[serde(flatten)]
    run: &'a Run,
    journal: &'a [JournalEntry],
}

pub async fn run(args: &HistoryArgs, loaded: &Loaded, printer: &Printer) -> Result<Status, CliError> {
    let ledger = open_ledger(loaded)?;
    let Some(number) = args.run else {
        let limit = usize::from(args.limit);
        let runs = ledger.runs(args.before.map(RunId), limit).await?;
        printer.report(&history::runs(&runs, limit), &runs)?;
        return Ok(Status::Done);
    };
    let newest = ledger.runs(number.checked_add(1).map(RunId), 1).await?.pop();
    let Some(run) = newest.filter(|run| run.id == RunId(number)) else {
        return Err(
            CliError::usage(format!("there is no run {number} in {}", loaded.config.ledger.url))
                .hint("`linx history` lists them."),
        );
    };
    let journal = ledger.journal(run.id).await?;
    let value = RunWithJournal {
        run: &run,
        journal: &journal,
    };
    printer.report(&history::journal(&run, &journal), &value)?;
    Ok(Status::Done)
}
