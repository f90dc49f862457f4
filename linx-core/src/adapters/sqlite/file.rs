//! The file of the ledger: whose it is, who may read it, and its format.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::ledger::LedgerError;

/// What each format adds to the one before it. A released one is never changed.
const FORMATS: [&str; 8] = [
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
    "
    CREATE TABLE leases (
        direction TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        owner TEXT,
        until INTEGER NOT NULL,
        run INTEGER
    ) WITHOUT ROWID;
",
    "
    CREATE TABLE beside (
        date TEXT NOT NULL,
        worker INTEGER NOT NULL,
        PRIMARY KEY (date, worker)
    ) WITHOUT ROWID;
    CREATE INDEX intents_by_line ON intents (json_extract(write, '$.line.key'));
",
    "
    CREATE TABLE late_weeks (
        worker INTEGER NOT NULL,
        first TEXT NOT NULL,
        PRIMARY KEY (worker, first)
    ) WITHOUT ROWID;
    CREATE INDEX lines_by_entry ON lines (json_extract(line, '$.entry'));
",
    "
    ALTER TABLE beside ADD COLUMN word TEXT;
",
    "
    CREATE INDEX intents_by_entry ON intents (json_extract(write, '$.line.entry'));
",
    "
    CREATE INDEX runs_by_direction ON runs (json_extract(start, '$.direction'));
",
];

/// Marks a file as a ledger of Linx (SQLite's `application_id`): the letters of its name.
const MARK: u32 = 0x4C69_6E78;

/// How long another process may keep the file locked for one write.
const PATIENCE: Duration = Duration::from_secs(5);

/// Up to this size the pages of a file are looked through whenever it is opened, in about 15 ms. One of a million lines has
/// 570 MB and would take 400 ms: there, a page is judged when it is read, and all of them before a run may write.
const LOOKED_THROUGH: u64 = 16 * 1024 * 1024;

/// Opens the file as a ledger of the present format, and makes it where it is not there.
pub(super) fn open(path: &Path) -> Result<Connection, LedgerError> {
    create_for_owner(path).map_err(|error| LedgerError::Store("opened", error.into()))?;
    let mut connection = Connection::open(path).map_err(opened)?;
    prepare(&mut connection)?;
    if std::fs::metadata(path).is_ok_and(|file| file.len() <= LOOKED_THROUGH) {
        super::examine::pages(&connection)?;
    }
    Ok(connection)
}

/// Makes the file for its owner alone. One that is there is made so, too, unless it is another program's, which is told
/// by its first bytes: to ask SQLite would change what lies beside the file.
fn create_for_owner(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    #[cfg(unix)]
    refuse_second_name(path, &file)?;
    if is_foreign(&mut file)? {
        return Err(std::io::Error::other(FOREIGN));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = file.metadata()?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o600);
            file.set_permissions(permissions)?;
        }
    }
    Ok(())
}

/// SQLite keeps its journal, and the locks on it, beside the name by which a file was opened. Through two names of one
/// file (hard links; a symbolic link is resolved) two runs would each have the lease, and damage it (hazard B14).
#[cfg(unix)]
fn refuse_second_name(path: &Path, file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let names = file.metadata()?.nlink();
    if names <= 1 {
        return Ok(());
    }
    Err(std::io::Error::other(format!(
        "{} has {names} names (hard links). SQLite keeps its journal beside the name by which a file was opened: two names \
         are two journals, and two runs would not see each other. Remove the other name, or copy the file and use the copy",
        path.display()
    )))
}

const FOREIGN: &str = "the file is not a ledger of Linx";

/// Whether a file is certainly no ledger. A ledger whose first transaction is not in the main file yet has one page there
/// at most, and no mark.
fn is_foreign(file: &mut File) -> std::io::Result<bool> {
    let mut header = Vec::with_capacity(100);
    file.take(100).read_to_end(&mut header)?;
    let number = |at: usize| {
        header
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map(u32::from_be_bytes)
    };
    let (pages, mark) = (number(28), number(68));
    let begun =
        header.starts_with(b"SQLite format 3\0") && (mark == Some(MARK) || pages.is_some_and(|pages| pages <= 1));
    Ok(!header.is_empty() && !begun)
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
        return Err(LedgerError::Store("opened", FOREIGN.into()));
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
    super::rows::failed("opened", error)
}
