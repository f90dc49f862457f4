//! Looking for damage: as much as opening has time for, and all of it when asked.

use rusqlite::{Connection, Row};

use super::rows::{self, damage, failed, failed_reading};
use crate::ledger::LedgerError;

/// Looks through the pages of the file, for what cannot be read or is out of order.
pub(super) fn pages(connection: &Connection) -> Result<(), LedgerError> {
    ask(connection, "quick_check(1)").map_err(|error| failed("opened", error))
}

/// Looks at all there is: every row against itself, then every page, and whether each index finds what its table holds.
pub(super) fn whole(connection: &Connection) -> Result<(), LedgerError> {
    let look = || {
        each(connection, "SELECT line, key, date FROM lines", |row| {
            rows::line(row).map(drop)
        })?;
        each(connection, "SELECT link, office FROM links", |row| {
            rows::link(row).map(drop)
        })?;
        let intents = "SELECT id, run, direction, write, at, outcome, settled_at, open FROM intents";
        each(connection, intents, |row| {
            let intent = rows::intent(row)?;
            let open = !intent.outcome.as_ref().is_some_and(crate::ledger::Outcome::is_final);
            if row.get::<_, bool>(7)? != open {
                return Err(damage(format_args!(
                    "intent {} does not agree with its outcome",
                    intent.id.0
                )));
            }
            Ok(())
        })?;
        ask(connection, "integrity_check(1)")
    };
    look().map_err(failed_reading)
}

/// Asks SQLite to check itself. It answers with one row that says `ok`, or with what is wrong.
fn ask(connection: &Connection, check: &str) -> rusqlite::Result<()> {
    let said: String = connection.query_row(&format!("PRAGMA {check}"), [], |row| row.get(0))?;
    if said == "ok" {
        Ok(())
    } else {
        Err(damage(format_args!("SQLite says: {said}")))
    }
}

fn each(
    connection: &Connection,
    sql: &str,
    mut look: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        look(row)?;
    }
    Ok(())
}
