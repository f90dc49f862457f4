//! The ledger in one SQLite file.
//!
//! Records are kept as JSON beside the few columns that are searched. Every write is one transaction, on disk before it
//! returns. The file is made readable for its owner only: the agreed values hold names.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ledger::{
    Direction, Effect, IntentId, JournalEntry, Lease, Ledger, LedgerError, Link, Outcome, Pair, Run, RunEnd, RunId,
    RunStart, StoredLine, Write,
};
use crate::model::{OfficeRef, Pool};

/// What each format adds to the one before it. A released one is never changed.
const FORMATS: [&str; 2] = [
    "
    CREATE TABLE pair (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        pair TEXT NOT NULL
    );
    CREATE TABLE links (
        office TEXT PRIMARY KEY,
        link TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE lines (
        key TEXT PRIMARY KEY,
        date TEXT NOT NULL,
        line TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX lines_by_date ON lines (date);
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        start TEXT NOT NULL,
        ending TEXT
    );
    CREATE TABLE intents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run INTEGER NOT NULL REFERENCES runs (id),
        direction TEXT NOT NULL,
        write TEXT NOT NULL,
        at TEXT NOT NULL,
        outcome TEXT,
        settled_at TEXT,
        open INTEGER NOT NULL DEFAULT 1
    );
    CREATE INDEX intents_by_run ON intents (run);
    CREATE INDEX open_intents ON intents (direction) WHERE open = 1;
",
    "
    CREATE TABLE ignored (
        office TEXT PRIMARY KEY
    ) WITHOUT ROWID;
",
];

/// Marks a file as a ledger of Linx (SQLite's `application_id`): the letters of its name.
const MARK: u32 = 0x4C69_6E78;

/// How long another process may keep the file locked for one write.
const PATIENCE: Duration = Duration::from_secs(5);

/// A ledger in a file. Several processes may open it; a lease keeps all but one from writing in a direction.
///
/// A call works for a moment on the caller's thread: the file is local.
pub struct SqliteLedger {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl SqliteLedger {
    /// Opens the ledger at `path`, which is created or brought to the present format where needed.
    ///
    /// # Errors
    ///
    /// When the file is another program's, is of a newer format ([`LedgerError::Newer`]), or cannot be opened.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        create_for_owner(path).map_err(|error| LedgerError::Store("opened", error.into()))?;
        let mut connection = Connection::open(path).map_err(opened)?;
        prepare(&mut connection)?;
        Ok(Self {
            path: path.to_owned(),
            connection: Mutex::new(connection),
        })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rows of one JSON column.
    fn rows<T: DeserializeOwned>(&self, sql: &str, params: impl Params) -> Result<Vec<T>, LedgerError> {
        self.read(sql, params, |row| json(row, 0))
    }

    fn read<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(sql).map_err(failed_reading)?;
        let rows = statement.query_map(params, read).map_err(failed_reading)?;
        rows.collect::<Result<_, _>>().map_err(failed_reading)
    }

    /// Runs one statement for each entity, all or none.
    fn for_each(&self, entities: &[OfficeRef], sql: &str) -> Result<(), LedgerError> {
        self.write(|transaction| {
            let mut statement = transaction.prepare_cached(sql)?;
            entities
                .iter()
                .try_for_each(|office| statement.execute([office.to_string()]).map(drop))
        })
    }

    /// All of `act` or nothing of it.
    fn write<T>(&self, act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, LedgerError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed_writing)?;
        let value = act(&transaction).map_err(failed_writing)?;
        transaction.commit().map_err(failed_writing)?;
        Ok(value)
    }
}

/// The file only.
impl std::fmt::Debug for SqliteLedger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteLedger")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Makes the file for its owner alone, unless it is there.
fn create_for_owner(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Sets the file up for durable writes and brings it to the present format.
fn prepare(connection: &mut Connection) -> Result<(), LedgerError> {
    connection.busy_timeout(PATIENCE).map_err(opened)?;
    // A run that was cut off by a power failure must find its last intent: every commit reaches the disk.
    for (name, value) in [("journal_mode", "wal"), ("synchronous", "full"), ("foreign_keys", "on")] {
        connection.pragma_update(None, name, value).map_err(opened)?;
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(opened)?;
    let number = |name: &str| transaction.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let (mark, found) = (
        number("application_id").map_err(opened)?,
        number("user_version").map_err(opened)?,
    );
    let known = u32::try_from(FORMATS.len()).unwrap_or(u32::MAX);
    if mark != MARK && !is_empty(&transaction).map_err(opened)? {
        return Err(LedgerError::Store("opened", "the file is not a ledger of Linx".into()));
    }
    if found > known {
        return Err(LedgerError::Newer { found, known });
    }
    for format in FORMATS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        transaction.execute_batch(format).map_err(opened)?;
    }
    transaction
        .pragma_update(None, "application_id", MARK)
        .map_err(opened)?;
    transaction.pragma_update(None, "user_version", known).map_err(opened)?;
    transaction.commit().map_err(opened)
}

fn is_empty(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    transaction.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}

fn opened(error: rusqlite::Error) -> LedgerError {
    LedgerError::Store("opened", error.into())
}

fn failed_reading(error: rusqlite::Error) -> LedgerError {
    LedgerError::Store("read", error.into())
}

fn failed_writing(error: rusqlite::Error) -> LedgerError {
    LedgerError::Store("written", error.into())
}

/// The JSON of a column.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into()))
}

/// The JSON of a column that may be null.
fn maybe_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => json(row, column).map(Some),
    }
}

fn to_json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn put_link(transaction: &Transaction<'_>, link: &Link) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO links (office, link) VALUES (?1, ?2)")?
        .execute(params![link.office.to_string(), to_json(link)?])
        .map(drop)
}

fn put_line(transaction: &Transaction<'_>, line: &StoredLine) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO lines (key, date, line) VALUES (?1, ?2, ?3)")?
        .execute(params![line.key.to_string(), line.key.date.to_string(), to_json(line)?])
        .map(drop)
}

fn apply(transaction: &Transaction<'_>, effect: &Effect) -> rusqlite::Result<()> {
    match effect {
        Effect::Linked(link) => put_link(transaction, link),
        Effect::LineStored(line) => put_line(transaction, line),
        Effect::LineRemoved(key) => transaction
            .execute("DELETE FROM lines WHERE key = ?1", [key.to_string()])
            .map(drop),
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<JournalEntry> {
    Ok(JournalEntry {
        id: IntentId(row.get(0)?),
        run: RunId(row.get(1)?),
        write: json(row, 2)?,
        at: json(row, 3)?,
        outcome: maybe_json(row, 4)?,
    })
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn pair(&self) -> Result<Option<Pair>, LedgerError> {
        Ok(self.rows("SELECT pair FROM pair", [])?.pop())
    }

    async fn bind(&self, pair: &Pair) -> Result<(), LedgerError> {
        let bound: Option<Pair> = self.write(|transaction| {
            let bound = transaction
                .query_row("SELECT pair FROM pair", [], |row| json(row, 0))
                .optional()?;
            if bound.is_none() {
                transaction.execute("INSERT INTO pair (only, pair) VALUES (1, ?1)", [to_json(pair)?])?;
            }
            Ok(bound)
        })?;
        match bound {
            Some(bound) if bound != *pair => Err(LedgerError::WrongPair {
                bound,
                given: pair.clone(),
            }),
            _ => Ok(()),
        }
    }

    async fn lease(&self, direction: Direction) -> Result<Lease, LedgerError> {
        let mut name = self.path.clone().into_os_string();
        name.push(format!("-{direction}.lock"));
        let path = PathBuf::from(name);
        create_for_owner(&path).map_err(|error| LedgerError::Store("leased", error.into()))?;
        let file = OpenOptions::new()
            .append(true)
            .open(&path)
            .map_err(|error| LedgerError::Store("leased", error.into()))?;
        // The system takes the lock back when the file is closed, also by the death of the process.
        match file.try_lock() {
            Ok(()) => Ok(Box::new(LockedFile(file))),
            Err(std::fs::TryLockError::WouldBlock) => Err(LedgerError::Busy(direction)),
            Err(std::fs::TryLockError::Error(error)) => Err(LedgerError::Store("leased", error.into())),
        }
    }

    async fn links(&self) -> Result<Vec<Link>, LedgerError> {
        let mut links: Vec<Link> = self.rows("SELECT link FROM links", [])?;
        links.sort_by_key(|link| link.office);
        Ok(links)
    }

    async fn remember_links(&self, links: &[Link]) -> Result<(), LedgerError> {
        self.write(|transaction| links.iter().try_for_each(|link| put_link(transaction, link)))
    }

    async fn forget_links(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        self.for_each(entities, "DELETE FROM links WHERE office = ?1")
    }

    async fn ignored(&self) -> Result<BTreeSet<OfficeRef>, LedgerError> {
        let read = |row: &Row<'_>| {
            let text = row.get_ref(0)?.as_str()?;
            text.parse().map_err(|error: crate::model::IdError| {
                rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
            })
        };
        let rows: Vec<OfficeRef> = self.read("SELECT office FROM ignored", [], read)?;
        Ok(rows.into_iter().collect())
    }

    async fn ignore(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        self.for_each(entities, "INSERT OR IGNORE INTO ignored (office) VALUES (?1)")
    }

    async fn unignore(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        self.for_each(entities, "DELETE FROM ignored WHERE office = ?1")
    }

    async fn lines(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<StoredLine>, LedgerError> {
        let sql = "SELECT line FROM lines WHERE date BETWEEN ?1 AND ?2";
        let (mut codings, mut codes) = (Pool::default(), Pool::default());
        let mut lines: Vec<StoredLine> = self.read(sql, params![from.to_string(), to.to_string()], |row| {
            let mut line: StoredLine = json(row, 0)?;
            line.key.cost_code = codes.share(line.key.cost_code);
            if let Some(sent) = &mut line.sent {
                sent.coding = codings.share(Arc::clone(&sent.coding));
            }
            Ok(line)
        })?;
        lines.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(lines)
    }

    async fn remember_lines(&self, lines: &[StoredLine]) -> Result<(), LedgerError> {
        self.write(|transaction| lines.iter().try_for_each(|line| put_line(transaction, line)))
    }

    async fn begin_run(&self, start: &RunStart) -> Result<RunId, LedgerError> {
        self.write(|transaction| {
            transaction.execute("INSERT INTO runs (start) VALUES (?1)", [to_json(start)?])?;
            Ok(RunId(transaction.last_insert_rowid()))
        })
    }

    async fn end_run(&self, run: RunId, end: &RunEnd) -> Result<(), LedgerError> {
        self.write(|transaction| {
            transaction
                .execute(
                    "UPDATE runs SET ending = ?2 WHERE id = ?1",
                    params![run.0, to_json(end)?],
                )
                .map(drop)
        })
    }

    async fn runs(&self) -> Result<Vec<Run>, LedgerError> {
        self.read("SELECT id, start, ending FROM runs ORDER BY id DESC", [], |row| {
            Ok(Run {
                id: RunId(row.get(0)?),
                start: json(row, 1)?,
                end: maybe_json(row, 2)?,
            })
        })
    }

    async fn journal(&self, run: RunId) -> Result<Vec<JournalEntry>, LedgerError> {
        let sql = "SELECT id, run, write, at, outcome FROM intents WHERE run = ?1 ORDER BY id";
        self.read(sql, [run.0], entry)
    }

    async fn record_intent(&self, run: RunId, write: &Write, at: DateTime<Utc>) -> Result<IntentId, LedgerError> {
        self.write(|transaction| {
            transaction
                .prepare_cached("INSERT INTO intents (run, direction, write, at) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![
                    run.0,
                    write.direction().as_str(),
                    to_json(write)?,
                    to_json(&at)?
                ])?;
            Ok(IntentId(transaction.last_insert_rowid()))
        })
    }

    async fn record_outcome(&self, intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) -> Result<(), LedgerError> {
        self.write(|transaction| {
            if let Outcome::Done(effect) = outcome {
                apply(transaction, effect)?;
            }
            transaction
                .prepare_cached("UPDATE intents SET outcome = ?2, settled_at = ?3, open = ?4 WHERE id = ?1")?
                .execute(params![intent.0, to_json(outcome)?, to_json(&at)?, !outcome.is_final()])
                .map(drop)
        })
    }

    async fn open_intents(&self, direction: Direction) -> Result<Vec<JournalEntry>, LedgerError> {
        let sql = "SELECT id, run, write, at, outcome FROM intents WHERE open = 1 AND direction = ?1 ORDER BY id";
        self.read(sql, [direction.as_str()], entry)
    }
}

/// An open file that is locked.
struct LockedFile(#[allow(dead_code)] File);
