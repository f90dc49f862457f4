//! The ledger in one SQLite file.
//!
//! Records are kept as JSON beside the few columns that are searched. Every write is one transaction, on disk before it
//! returns. The file is made readable for its owner only: the agreed values hold names.

mod effects;
mod examine;
mod file;
mod journal;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, TransactionBehavior, params};

use self::effects::{number, put_line, put_link};
use self::journal::{conclude, intend};
use self::rows::{damage, failed_reading, failed_writing, json, maybe_json, text, to_json};
use crate::change::LineKey;
use crate::ledger::{
    Beside, Direction, IntentId, JournalEntry, LASTS, Lease, Ledger, LedgerError, Link, Outcome, Owner, Pair, Run,
    RunEnd, RunId, RunStart, StoredLine, Write,
};
use crate::model::{EntryId, OfficeRef, Pool, WorkerId};

/// What an error calls the row of a worker's day on which other hands' time and an export's are both right.
const WORD: &str = "a person's word";

/// What an error calls the row that says whose the ledger is.
const PAIR: &str = "the pair of companies";

/// A ledger in a file. Several processes may open it; a lease keeps all but one from writing in a direction.
///
/// A call works for a moment on the caller's thread: the file is local.
pub struct SqliteLedger {
    path: PathBuf,
    owner: Owner,
    runs: fn(u32) -> bool,
    connection: Arc<Mutex<Connection>>,
}

impl SqliteLedger {
    /// Opens the ledger at `path`, which is created or brought to the present format where needed.
    ///
    /// `owner` is this process, and stands in the ledger while it holds a lease. `runs` says whether a process of this host
    /// runs; where that cannot be told it says yes, and the lease of a process that was killed runs out by the clock.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Newer`] if the file is of a newer format, [`LedgerError::Damaged`] if SQLite finds it so (looked for in
    /// files up to 16 MiB; in greater ones by [`Ledger::lease`], before a run may write), and [`LedgerError::Store`] if it
    /// is another program's or has a second name (a hard link), which are left as they are, or cannot be opened.
    pub fn open(path: &Path, owner: Owner, runs: fn(u32) -> bool) -> Result<Self, LedgerError> {
        let connection = file::open(path)?;
        Ok(Self {
            path: path.to_owned(),
            owner,
            runs,
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// What `act` does while a lease of `direction` stands. `None` says that it does not, and undoes all.
    fn fenced<T>(
        &self,
        direction: Direction,
        act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Option<T>>,
    ) -> Result<T, LedgerError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed_writing)?;
        let value = act(&transaction).map_err(failed_writing)?;
        // Dropped without a commit it is rolled back.
        let value = value.ok_or(LedgerError::LeaseLost(direction))?;
        transaction.commit().map_err(failed_writing)?;
        Ok(value)
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

#[async_trait]
impl Ledger for SqliteLedger {
    async fn pair(&self) -> Result<Option<Pair>, LedgerError> {
        Ok(self.read("SELECT pair FROM pair", [], |row| json(row, 0, PAIR))?.pop())
    }

    async fn bind(&self, pair: &Pair) -> Result<(), LedgerError> {
        let bound: Option<Pair> = self.write(|transaction| {
            let bound = transaction
                .query_row("SELECT pair FROM pair", [], |row| json(row, 0, PAIR))
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

    async fn lease(&self, direction: Direction, now: DateTime<Utc>) -> Result<Lease, LedgerError> {
        examine::pages(&self.connection())?;
        let number = self.write(|transaction| {
            let newest = transaction
                .query_row(
                    "SELECT number, owner, until FROM leases WHERE direction = ?1",
                    [direction.as_str()],
                    |row| {
                        Ok((
                            row.get::<_, i64>(0)?,
                            maybe_json::<Owner>(row, 1, "the lease")?,
                            row.get::<_, i64>(2)?,
                        ))
                    },
                )
                .optional()?;
            let (before, holder, until) = newest.unwrap_or((0, None, 0));
            let stands = |holder: &Owner| now.timestamp_millis() < until && !self.owner.proves_dead(holder, self.runs);
            if holder.as_ref().is_some_and(stands) {
                return Ok(None);
            }
            let sql = "INSERT OR REPLACE INTO leases (direction, number, owner, until) VALUES (?1, ?2, ?3, ?4)";
            let until = (now + LASTS).timestamp_millis();
            let owner = to_json(&self.owner)?;
            transaction.execute(sql, params![direction.as_str(), before + 1, owner, until])?;
            Ok(Some(before + 1))
        })?;
        let number = number.ok_or(LedgerError::Busy(direction))?;
        let release = Release {
            connection: Arc::clone(&self.connection),
            direction,
            number,
        };
        Ok(Lease::new(direction, number, release))
    }

    async fn renew(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), LedgerError> {
        self.fenced(lease.direction(), |transaction| {
            let sql = "UPDATE leases SET until = ?3 WHERE direction = ?1 AND number = ?2 AND owner IS NOT NULL";
            let until = (now + LASTS).timestamp_millis();
            let renewed = transaction.execute(sql, params![lease.direction().as_str(), lease.number(), until])?;
            Ok((renewed == 1).then_some(()))
        })
    }

    async fn links(&self) -> Result<Vec<Link>, LedgerError> {
        let mut links = self.read("SELECT link, office FROM links", [], rows::link)?;
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
            let text = text(row, 0)?;
            let unknown = |_| damage(format_args!("{text} is left alone, and is no entity of Procore"));
            text.parse().map_err(unknown)
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
        let sql = "SELECT line, key, date FROM lines WHERE date BETWEEN ?1 AND ?2";
        let (mut codings, mut codes, mut employees) = (Pool::default(), Pool::default(), Pool::default());
        let mut lines: Vec<StoredLine> = self.read(sql, params![from.to_string(), to.to_string()], |row| {
            let mut line = rows::line(row)?;
            line.key.cost_code = codes.share(line.key.cost_code);
            line.employees = employees.share(line.employees);
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

    async fn beside(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<(WorkerId, NaiveDate), Beside>, LedgerError> {
        let sql = "SELECT worker, date, word FROM beside WHERE date BETWEEN ?1 AND ?2";
        let days = self.read(sql, params![from.to_string(), to.to_string()], |row| {
            let (worker, date) = rows::workers_day(row, WORD)?;
            let word = maybe_json(row, 2, format_args!("{WORD} on {date} of worker {worker}"))?;
            Ok(((worker, date), word.unwrap_or_default()))
        })?;
        Ok(days.into_iter().collect())
    }

    async fn set_beside(&self, worker: WorkerId, date: NaiveDate, word: Option<&Beside>) -> Result<(), LedgerError> {
        let (worker, date) = (number(worker.0), date.to_string());
        self.write(|transaction| {
            let keep = "INSERT OR REPLACE INTO beside (worker, date, word) VALUES (?1, ?2, ?3)";
            let take_back = "DELETE FROM beside WHERE worker = ?1 AND date = ?2";
            match word {
                Some(word) => transaction.execute(keep, params![worker, date, to_json(word)?]),
                None => transaction.execute(take_back, params![worker, date]),
            }
            .map(drop)
        })
    }

    async fn late_weeks(&self) -> Result<BTreeSet<(WorkerId, NaiveDate)>, LedgerError> {
        let weeks = self.read("SELECT worker, first FROM late_weeks", [], |row| {
            rows::workers_day(row, "a late week")
        })?;
        Ok(weeks.into_iter().collect())
    }

    async fn set_late_weeks(
        &self,
        differ: &BTreeSet<(WorkerId, NaiveDate)>,
        agree: &BTreeSet<(WorkerId, NaiveDate)>,
    ) -> Result<(), LedgerError> {
        let add = "INSERT OR IGNORE INTO late_weeks (worker, first) VALUES (?1, ?2)";
        let remove = "DELETE FROM late_weeks WHERE worker = ?1 AND first = ?2";
        self.write(|transaction| {
            for (sql, weeks) in [(add, differ), (remove, agree)] {
                let mut statement = transaction.prepare_cached(sql)?;
                for (worker, first) in weeks {
                    statement.execute(params![number(worker.0), first.to_string()])?;
                }
            }
            Ok(())
        })
    }

    async fn begin_run(&self, lease: &Lease, start: &RunStart) -> Result<RunId, LedgerError> {
        self.fenced(lease.direction(), |transaction| {
            transaction.execute("INSERT INTO runs (start) VALUES (?1)", [to_json(start)?])?;
            let run = transaction.last_insert_rowid();
            let sql = "UPDATE leases SET run = ?3 WHERE direction = ?1 AND number = ?2 AND owner IS NOT NULL";
            let changed = transaction.execute(sql, params![lease.direction().as_str(), lease.number(), run])?;
            Ok((changed == 1).then_some(RunId(run)))
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

    async fn examine(&self) -> Result<(), LedgerError> {
        examine::whole(&self.connection())
    }

    async fn newest_run(&self, direction: Direction) -> Result<Option<Run>, LedgerError> {
        let sql =
            "SELECT id, start, ending FROM runs WHERE json_extract(start, '$.direction') = ?1 ORDER BY id DESC LIMIT 1";
        Ok(self.read(sql, [direction.as_str()], rows::run)?.pop())
    }

    async fn runs(&self, before: Option<RunId>, most: usize) -> Result<Vec<Run>, LedgerError> {
        let sql = "SELECT id, start, ending FROM runs WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
        let before = before.map_or(i64::MAX, |before| before.0);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.read(sql, [before, most], rows::run)
    }

    async fn journal(&self, run: RunId) -> Result<Vec<JournalEntry>, LedgerError> {
        let sql = "SELECT id, run, direction, write, at, outcome, settled_at FROM intents WHERE run = ?1 ORDER BY id";
        self.read(sql, [run.0], rows::intent)
    }

    async fn record_intent(&self, run: RunId, write: &Write, at: DateTime<Utc>) -> Result<IntentId, LedgerError> {
        self.fenced(write.direction(), |transaction| intend(transaction, run, write, at))
    }

    async fn record_intents(
        &self,
        run: RunId,
        writes: &[Write],
        at: DateTime<Utc>,
    ) -> Result<Vec<IntentId>, LedgerError> {
        let Some(first) = writes.first() else {
            return Ok(Vec::new());
        };
        self.fenced(first.direction(), |transaction| {
            writes.iter().map(|write| intend(transaction, run, write, at)).collect()
        })
    }

    async fn record_outcome(&self, intent: IntentId, outcome: &Outcome, at: DateTime<Utc>) -> Result<(), LedgerError> {
        self.write(|transaction| conclude(transaction, intent, outcome, at))
    }

    async fn record_outcomes(&self, outcomes: &[(IntentId, Outcome)], at: DateTime<Utc>) -> Result<(), LedgerError> {
        self.write(|transaction| {
            let mut outcomes = outcomes.iter();
            outcomes.try_for_each(|(intent, outcome)| conclude(transaction, *intent, outcome, at))
        })
    }

    async fn line_writes(
        &self,
        keys: &BTreeSet<LineKey>,
        entries: &BTreeSet<EntryId>,
    ) -> Result<Vec<JournalEntry>, LedgerError> {
        let of = |what: &str| {
            format!(
                "SELECT id, run, direction, write, at, outcome, settled_at FROM intents \
                 WHERE json_extract(write, '$.line.{what}') = ?1"
            )
        };
        let (of_key, of_entry) = (of("key"), of("entry"));
        let mut writes = BTreeMap::new();
        for key in keys {
            let of_these = self.read(&of_key, [key.to_string()], rows::intent)?;
            writes.extend(of_these.into_iter().map(|write| (write.id, write)));
        }
        for entry in entries {
            let of_these = self.read(&of_entry, [number(entry.0)], rows::intent)?;
            writes.extend(of_these.into_iter().map(|write| (write.id, write)));
        }
        Ok(writes.into_values().collect())
    }

    async fn open_intents(&self, direction: Direction) -> Result<Vec<JournalEntry>, LedgerError> {
        let sql = "SELECT id, run, direction, write, at, outcome, settled_at FROM intents WHERE open = 1 ORDER BY id";
        // All of them: one under a damaged direction would be missed in both.
        let mut open = self.read(sql, [], rows::intent)?;
        open.retain(|intent| intent.write.direction() == direction);
        Ok(open)
    }
}

/// Gives a lease up, unless another has taken it since.
struct Release {
    connection: Arc<Mutex<Connection>>,
    direction: Direction,
    number: i64,
}

impl Drop for Release {
    fn drop(&mut self) {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let sql = "UPDATE leases SET owner = NULL, run = NULL WHERE direction = ?1 AND number = ?2";
        // One that cannot be given up is free when this process has ended.
        let _ = connection.execute(sql, params![self.direction.as_str(), self.number]);
    }
}
