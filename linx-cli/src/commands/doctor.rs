//! `linx doctor`.

use linx_core::ledger::Ledger;
use linx_core::ports::{Check, CheckStatus};

use crate::compose::{Sides, open_ledger};
use crate::config::{Environment, Loaded};
use crate::error::{CliError, Status};
use crate::print::contract::CheckItem;
use crate::print::{Printer, checks};

pub async fn run(loaded: &Loaded, environment: &Environment, printer: &Printer) -> Result<Status, CliError> {
    let sides = Sides::new(loaded, environment)?;
    let mut all = vec![configuration(loaded), ledger(loaded, &sides).await];
    all.extend(sides.office.check().await);
    all.extend(sides.field.check().await);
    let items: Vec<CheckItem<'_>> = all.iter().map(CheckItem::from).collect();
    printer.report(&checks::document(&all), &items)?;
    Ok(status(&all))
}

/// A check that fails is a failure; one that warns is not.
pub fn status(checks: &[Check]) -> Status {
    if checks.iter().any(|check| check.status == CheckStatus::Fail) {
        Status::Failed
    } else {
        Status::Done
    }
}

/// Where the values come from, so that a forgotten variable is seen.
fn configuration(loaded: &Loaded) -> Check {
    let file = match &loaded.file {
        Some(file) => format!("read from {}", file.display()),
        None => "no file".to_owned(),
    };
    let variables: Vec<&str> = loaded.variables().collect();
    let saw = match variables.as_slice() {
        [] => file,
        names => format!("{file}; the environment sets {}", names.join(", ")),
    };
    Check::ok("Configuration", saw)
}

async fn ledger(loaded: &Loaded, sides: &Sides) -> Check {
    match usable(loaded, sides).await {
        Ok(()) => Check::ok("Ledger", format!("{} can be written", loaded.config.ledger.url)),
        Err(error) => Check::fail("Ledger", error.message, error.hints.join(" ")),
    }
}

async fn usable(loaded: &Loaded, sides: &Sides) -> Result<(), CliError> {
    let ledger = open_ledger(loaded)?;
    ledger.examine().await?;
    Ok(sides.check_pair(ledger.pair().await?)?)
}
