//! Rows as records. What is stored twice has to agree with itself: a row that does not is damage, and is never guessed at.
//!
//! A flipped bit in a key would let its line be looked for in vain and be made a second time. Errors name the row by
//! numbers, codes and ids, never by what stands in it.

use std::fmt;

use chrono::NaiveDate;
use rusqlite::types::{FromSqlError, Type, ValueRef};
use rusqlite::{ErrorCode, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::change::LineAction;
use crate::ledger::{IntentId, JournalEntry, LedgerError, Link, Run, RunId, StoredLine, Write};
use crate::model::WorkerId;

/// Why a row is damaged, on its way through SQLite's error.
#[derive(Debug)]
struct Damage(String);

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Damage {}

/// The error of a damaged row. Of a key that is damaged no control gets into it, and not more than a line.
pub(super) fn damage(what: impl fmt::Display) -> rusqlite::Error {
    const LONGEST: usize = 300;
    let visible = |sign: char| {
        if sign.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            sign
        }
    };
    let what = what.to_string().chars().take(LONGEST).map(visible).collect();
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(Damage(what)))
}

/// The ledger's error of one of SQLite's: damage that a row or SQLite itself tells of, or what could not be done.
pub(super) fn failed(to_be: &'static str, error: rusqlite::Error) -> LedgerError {
    match error {
        rusqlite::Error::FromSqlConversionFailure(_, _, source) => match source.downcast::<Damage>() {
            Ok(damage) => LedgerError::Damaged(damage.0),
            Err(source) => LedgerError::Store(to_be, source),
        },
        error if matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt)) => {
            LedgerError::Damaged("SQLite finds a page of the file malformed".into())
        }
        error => LedgerError::Store(to_be, error.into()),
    }
}

pub(super) fn failed_reading(error: rusqlite::Error) -> LedgerError {
    failed("read", error)
}

pub(super) fn failed_writing(error: rusqlite::Error) -> LedgerError {
    failed("written", error)
}

/// A text of a column; its own words are not told where it is none.
pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a str> {
    let not_text = |_: FromSqlError| damage(format_args!("column {column} of a row is no text"));
    row.get_ref(column)?.as_str().map_err(not_text)
}

/// The JSON of a column. `what` names the row.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize, what: impl fmt::Display) -> rusqlite::Result<T> {
    // The parser's words may hold the value that it stumbled over.
    serde_json::from_str(text(row, column)?).map_err(|_| damage(format_args!("{what} cannot be read")))
}

/// The JSON of a column that may be null.
pub(super) fn maybe_json<T: DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
    what: impl fmt::Display,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        _ => json(row, column, what).map(Some),
    }
}

pub(super) fn to_json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// A link, out of `link, office`.
pub(super) fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let link: Link = json(row, 0, format_args!("the link of {}", text(row, 1)?))?;
    if link.office.to_string() != text(row, 1)? {
        return Err(damage(format_args!(
            "the link of {} is stored under {}",
            link.office,
            text(row, 1)?
        )));
    }
    Ok(link)
}

/// A line, out of `line, key, date`.
pub(super) fn line(row: &Row<'_>) -> rusqlite::Result<StoredLine> {
    let (key, date) = (text(row, 1)?, text(row, 2)?);
    let line: StoredLine = json(row, 0, format_args!("the line {key}"))?;
    if line.key.to_string() != key {
        return Err(damage(format_args!("the line {} is stored under {key}", line.key)));
    }
    if line.key.date.to_string() != date {
        return Err(damage(format_args!("the line {key} is stored under the day {date}")));
    }
    Ok(line)
}

/// A run, out of `id, start, ending`.
pub(super) fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    let id = row.get(0)?;
    Ok(Run {
        id: RunId(id),
        start: json(row, 1, format_args!("run {id}"))?,
        end: maybe_json(row, 2, format_args!("run {id}"))?,
    })
}

/// An intent with its outcome, out of `id, run, direction, write, at, outcome`.
pub(super) fn intent(row: &Row<'_>) -> rusqlite::Result<JournalEntry> {
    let id = row.get(0)?;
    let what = format!("intent {id}");
    let at = json(row, 4, &what)?;
    let entry = JournalEntry {
        id: IntentId(id),
        run: RunId(row.get(1)?),
        write: json(row, 3, &what)?,
        at,
        heard: maybe_json(row, 6, &what)?.unwrap_or(at),
        outcome: maybe_json(row, 5, &what)?,
    };
    let direction = text(row, 2)?;
    if entry.write.direction().as_str() != direction {
        return Err(damage(format_args!("{what} is stored under the direction {direction}")));
    }
    if let Write::Line(change) = &entry.write
        && change.action == LineAction::Create
        && (change.key.worker, change.key.date) != (change.content.worker, change.content.date)
    {
        return Err(damage(format_args!(
            "{what} creates a line {} of another worker or day",
            change.key
        )));
    }
    Ok(entry)
}

/// A worker and a day, in two columns. `what` names the row.
pub(super) fn workers_day(row: &Row<'_>, what: &str) -> rusqlite::Result<(WorkerId, NaiveDate)> {
    let date = text(row, 1)?;
    let date = date
        .parse()
        .map_err(|_| damage(format_args!("{what} is of the day {date}")))?;
    let worker = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(u64::MAX);
    Ok((WorkerId(worker), date))
}
