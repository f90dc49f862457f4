//! What a ledger of 1,000,000 lines and 100,000 runs costs: to open it, and to ask it what every run asks.

use std::time::Instant;

use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::ledger::{Direction, Ledger, Owner};
use rusqlite::{Connection, params};

use crate::Figure;

const LINES: u64 = 1_000_000;
const RUNS: u64 = 100_000;

fn owner() -> Owner {
    Owner {
        name: "a benchmark".into(),
        host: "here".into(),
        boot: None,
        process: std::process::id(),
    }
}

/// Fills the tables at once: by the ledger each run would wait for the disk.
fn fill(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut line = transaction.prepare("INSERT INTO lines (key, date, line) VALUES (?1, ?2, ?3)")?;
        for nth in 0..LINES {
            let (worker, day) = (nth % 1000, nth / 1000);
            let date = chrono::NaiveDate::from_ymd_opt(2023, 1, 1).unwrap_or_default() + chrono::Days::new(day);
            let key = format!("{worker}:{date}:3:-:03-300:REG");
            let json = format!(
                r#"{{"key":"{key}","entry":{nth},"sent":{{"worker":{worker},"date":"{date}","project":3,"hours":"8.00","billable":true}},"employees":["p-{worker}"],"stretches":1}}"#
            );
            line.execute(params![key, date.to_string(), json])?;
        }
        let mut run = transaction.prepare("INSERT INTO runs (start, ending) VALUES (?1, ?2)")?;
        for nth in 0..RUNS {
            let direction = if nth % 2 == 0 { "sync" } else { "export" };
            let start =
                format!(r#"{{"direction":"{direction}","at":"2026-01-01T00:00:00Z","days":null,"plan":"{nth:024}"}}"#);
            run.execute(params![
                start,
                r#"{"at":"2026-01-01T00:01:00Z","written":1,"held":0,"failed":0}"#
            ])?;
        }
    }
    transaction.commit()
}

pub fn figures() -> Vec<Figure> {
    let folder = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = folder.path().join("linx.db");
    drop(SqliteLedger::open(&path, owner(), |_| true).expect("a ledger"));
    let mut connection = Connection::open(&path).expect("the file");
    fill(&mut connection).expect("rows");
    drop(connection);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let began = Instant::now();
    let ledger = SqliteLedger::open(&path, owner(), |_| true).expect("a ledger");
    let opened = began.elapsed();
    let began = Instant::now();
    let first = "2025-06-02".parse().expect("a day");
    let lines = runtime.block_on(async {
        let newest = ledger.newest_run(Direction::Export).await.expect("runs");
        assert_eq!(newest.map(|run| run.id.0), i64::try_from(RUNS).ok());
        assert!(
            ledger
                .open_intents(Direction::Export)
                .await
                .expect("intents")
                .is_empty()
        );
        assert_eq!(ledger.runs(None, 100).await.expect("runs").len(), 100);
        ledger.lines(first, first + chrono::Days::new(6)).await.expect("lines")
    });
    assert_eq!(lines.len(), 7 * 1000);
    vec![
        Figure::time(
            "a ledger of 1,000,000 lines and 100,000 runs, opened",
            "",
            "0.050 s",
            opened,
        ),
        Figure::time(
            "newest run, open intents, a page of history, 7,000 lines of it",
            "",
            "",
            began.elapsed(),
        ),
    ]
}
