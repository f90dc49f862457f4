//! Rows of a ledger, spoiled by whoever edits the file: each is read or told as damage (hazard B10).

use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt;
use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::ledger::{Direction, Ledger, LedgerError, Owner};
use linx_core::sync::SyncOptions;
use linx_http::testing::Inputs;
use tempfile::TempDir;

use crate::measured;
use crate::pair::{Company, days};

/// Where the JSON of a ledger stands.
const PLACES: [(&str, &str); 8] = [
    ("links", "link"),
    ("lines", "line"),
    ("lines", "key"),
    ("runs", "start"),
    ("runs", "ending"),
    ("intents", "write"),
    ("intents", "outcome"),
    ("pair", "pair"),
];

fn open(path: &Path) -> Result<SqliteLedger, LedgerError> {
    let owner = Owner {
        name: "a test".into(),
        host: "office-pc".into(),
        boot: None,
        process: 100,
    };
    SqliteLedger::open(path, owner, |_| true)
}

/// Asks a ledger for all that it remembers.
async fn read_all(ledger: &SqliteLedger) -> Result<(), LedgerError> {
    ledger.pair().await?;
    ledger.links().await?;
    ledger.lines(days().from, days().to).await?;
    for run in ledger.runs(None, usize::MAX).await? {
        ledger.journal(run.id).await?;
    }
    ledger.open_intents(Direction::Export).await?;
    ledger.open_intents(Direction::Sync).await?;
    ledger.examine().await
}

#[test]
fn b10_a18_a_spoiled_row_of_the_ledger_is_read_or_told_as_damage() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("linx.db");
    let company = Company::small();
    let linx = company.linx(Arc::new(open(&path).unwrap()));
    let sync = linx.plan_sync(&SyncOptions::default()).now_or_never().unwrap().unwrap();
    linx.apply_sync(&sync).now_or_never().unwrap().unwrap();
    let export = linx.plan_export(&days()).now_or_never().unwrap().unwrap();
    linx.apply_export(&export).now_or_never().unwrap().unwrap();
    drop(linx);
    let (editor, ledger) = (rusqlite::Connection::open(&path).unwrap(), open(&path).unwrap());
    read_all(&ledger).now_or_never().unwrap().unwrap();
    for (table, column) in PLACES {
        let first = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1");
        let good: String = editor.query_row(&first, [], |row| row.get(0)).unwrap();
        // The second showed its control in the error.
        Inputs::new(format!("{column} of {table}"), [good.clone(), format!("{good}\u{12}")])
            .usually(50)
            .each(measured, |text| {
                let spoiled = String::from_utf8_lossy(text).into_owned();
                let change = format!("UPDATE {table} SET {column} = ?1 WHERE {column} = ?2");
                // The schema itself refuses what has no key.
                if editor.execute(&change, [&spoiled, &good]).is_ok() {
                    if let Err(error) = read_all(&ledger).now_or_never().unwrap() {
                        assert!(matches!(error, LedgerError::Damaged(_)), "{error:?}");
                        assert!(!error.to_string().chars().any(char::is_control), "{error:?}");
                    }
                    editor.execute(&change, [&good, &spoiled]).unwrap();
                }
            });
    }
}
