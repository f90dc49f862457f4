//! `linx doctor`.

use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::export::check_marks;
use linx_core::ledger::Ledger;
use linx_core::ports::{Check, CheckStatus};

use crate::compose::{Sides, open_ledger};
use crate::config::{Environment, Loaded};
use crate::error::{CliError, Status};
use crate::print::contract::CheckItem;
use crate::print::{Printer, checks};

pub async fn run(loaded: &Loaded, environment: &Environment, printer: &Printer) -> Result<Status, CliError> {
    let sides = Sides::new(loaded, environment)?;
    let (check, ledger) = match usable(loaded, &sides).await {
        Ok(ledger) => (
            Check::ok("Ledger", format!("{} can be written", loaded.config.ledger.url)),
            Some(ledger),
        ),
        Err(error) => (Check::fail("Ledger", error.message, error.hints.join(" ")), None),
    };
    let mut all = vec![configuration(loaded), check];
    let office = sides.office.check().await;
    let answers = office.iter().all(|check| check.status != CheckStatus::Fail);
    all.extend(office);
    if let Some(ledger) = ledger.filter(|_| answers) {
        all.push(check_marks(&*sides.office, &ledger, sides.today()).await);
    }
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

/// The ledger, undamaged and of the two companies.
async fn usable(loaded: &Loaded, sides: &Sides) -> Result<SqliteLedger, CliError> {
    let ledger = open_ledger(loaded)?;
    ledger.examine().await?;
    sides.check_pair(ledger.pair().await?)?;
    Ok(ledger)
}
