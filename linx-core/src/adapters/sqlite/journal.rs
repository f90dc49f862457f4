//! What is about to be written, and what came of it.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, params};

use super::effects::apply;
use super::rows::to_json;
use crate::ledger::{IntentId, LASTS, Outcome, RunId, Write};

/// Stores an intent and renews the lease. `None` where the newest lease of its direction is not that of the run.
pub(super) fn intend(
    transaction: &Transaction<'_>,
    run: RunId,
    write: &Write,
    at: DateTime<Utc>,
) -> rusqlite::Result<Option<IntentId>> {
    let sql = "UPDATE leases SET until = ?3 WHERE direction = ?1 AND run = ?2 AND owner IS NOT NULL";
    let until = (at + LASTS).timestamp_millis();
    let direction = write.direction().as_str();
    let renewed = transaction
        .prepare_cached(sql)?
        .execute(params![direction, run.0, until])?;
    if renewed != 1 {
        return Ok(None);
    }
    transaction
        .prepare_cached("INSERT INTO intents (run, direction, write, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![run.0, direction, to_json(write)?, to_json(&at)?])?;
    Ok(Some(IntentId(transaction.last_insert_rowid())))
}

/// Stores what came of an intent, with its effect on links and lines.
pub(super) fn conclude(
    transaction: &Transaction<'_>,
    intent: IntentId,
    outcome: &Outcome,
    at: DateTime<Utc>,
) -> rusqlite::Result<()> {
    if let Outcome::Done(effect) = outcome {
        apply(transaction, effect)?;
    }
    transaction
        .prepare_cached("UPDATE intents SET outcome = ?2, settled_at = ?3, open = ?4 WHERE id = ?1")?
        .execute(params![intent.0, to_json(outcome)?, to_json(&at)?, !outcome.is_final()])
        .map(drop)
}
