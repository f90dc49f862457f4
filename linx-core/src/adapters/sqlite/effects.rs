//! What writes leave in the tables of links and lines.

use rusqlite::{Transaction, params};

use super::rows::to_json;
use crate::ledger::{Effect, Link, StoredLine};

pub(super) fn put_link(transaction: &Transaction<'_>, link: &Link) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO links (office, link) VALUES (?1, ?2)")?
        .execute(params![link.office.to_string(), to_json(link)?])
        .map(drop)
}

pub(super) fn put_line(transaction: &Transaction<'_>, line: &StoredLine) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("DELETE FROM lines WHERE json_extract(line, '$.entry') = ?1 AND key <> ?2")?
        .execute(params![number(line.entry.0), line.key.to_string()])?;
    transaction
        .prepare_cached("INSERT OR REPLACE INTO lines (key, date, line) VALUES (?1, ?2, ?3)")?
        .execute(params![line.key.to_string(), line.key.date.to_string(), to_json(line)?])
        .map(drop)
}

pub(super) fn apply(transaction: &Transaction<'_>, effect: &Effect) -> rusqlite::Result<()> {
    match effect {
        Effect::Linked(link) => put_link(transaction, link),
        Effect::LineStored(line) => put_line(transaction, line),
        Effect::LineRemoved(key) => transaction
            .execute("DELETE FROM lines WHERE key = ?1", [key.to_string()])
            .map(drop),
        Effect::EntryRemoved(key, entry) => transaction
            .prepare_cached("DELETE FROM lines WHERE key = ?1 AND json_extract(line, '$.entry') = ?2")?
            .execute(params![key.to_string(), number(entry.0)])
            .map(drop),
    }
}

/// An id of Procore's as SQLite has numbers. None is so great that it would not fit.
pub(super) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}
