//! Timecard entries: what is taken, what is refused, and how they are shown (procore-api.md section 7).

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use http::{Method, Request, StatusCode};
use serde_json::{Map, Value, json};

use super::access::visible_project;
use super::answer::{Refusal, Routed, absent, bad_parameter, instant, invalid, json, ok, refusal};
use super::entry_rows::{flat_row, project_row, row};
use super::entry_rules::{apply_fields, is_closed, new_entry};
use super::entry_store::{create_all, store};
use super::fields::{day, envelope, rows_of};
use super::page::{CAP, page};
use super::query::Query;
use super::state::State;
use super::tables::Entry;
use crate::bulk::MAX_ENTRIES;
use crate::ids::{PersonId, ProjectId, TimecardEntryId};

/// Answers requests at and below `timecard_entries`.
pub(super) fn answer(
    state: &mut State,
    request: &Request<Bytes>,
    query: &Query,
    below: &[&str],
    now: DateTime<Utc>,
) -> Routed {
    match (request.method(), below) {
        (&Method::GET, []) => list(state, query, now),
        (&Method::POST, []) => create(state, request.body(), now),
        (&Method::GET, [id]) => Ok(ok(&row(state, live(state, id)?))),
        (&Method::GET, [id, "change_history"]) => change_history(state, id),
        (&Method::PATCH, [id]) => change(state, id, request.body(), now),
        (&Method::DELETE, [id]) => delete(state, id, now),
        _ => Err(absent()),
    }
}

/// Today's only, unless the query names days (trap 13).
fn list(state: &State, query: &Query, now: DateTime<Utc>) -> Routed {
    let start: NaiveDate = query.read("start_date")?.unwrap_or_else(|| now.date_naive());
    let end: NaiveDate = query.read("end_date")?.unwrap_or_else(|| now.date_naive());
    let parties: Vec<PersonId> = query.filter("party_id")?;
    let ids: Vec<TimecardEntryId> = query.filter("id")?;
    let deleted = query.text("filters[deleted_at]").map(days_of).transpose()?;
    let is_listed = |entry: &&Entry| match (&deleted, entry.deleted_at) {
        (None, gone) => gone.is_none(),
        (Some(days), gone) => gone.is_some_and(|gone| days.contains(&gone.date_naive())),
    };
    let rows: Vec<Value> = state
        .entries
        .values()
        .filter(is_listed)
        .filter(|entry| !state.unlisted.contains(&entry.id))
        .filter(|entry| (start..=end).contains(&entry.date))
        .filter(|entry| !state.hidden_projects.contains_key(&entry.project))
        .filter(|entry| parties.is_empty() || entry.party.is_some_and(|party| parties.contains(&party)))
        .filter(|entry| ids.is_empty() || ids.contains(&entry.id))
        .map(|entry| row(state, entry))
        .collect();
    page(state, query, CAP, &rows)
}

/// The days of a range such as `2026-03-02...2026-03-08`.
fn days_of(range: &str) -> Result<std::ops::RangeInclusive<NaiveDate>, Refusal> {
    let days = range
        .split_once("...")
        .and_then(|(from, to)| Some(from.parse().ok()?..=to.parse().ok()?));
    days.ok_or_else(|| bad_parameter("filters[deleted_at]"))
}

/// The entries of one project: today's only, unless the query names days (trap 13).
pub(super) fn of_project(state: &State, query: &Query, project: ProjectId, now: DateTime<Utc>) -> Routed {
    let today = now.date_naive();
    let day: Option<NaiveDate> = query.read("log_date")?;
    let start: NaiveDate = query.read("start_date")?.or(day).unwrap_or(today);
    let end: NaiveDate = query.read("end_date")?.or(day).unwrap_or(today);
    let rows: Vec<Value> = state
        .live_entries()
        .filter(|entry| entry.project == project && (start..=end).contains(&entry.date))
        .map(|entry| project_row(state, entry))
        .collect();
    page(state, query, CAP, &rows)
}

fn create(state: &mut State, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let (project, mut fields) = envelope(body)?;
    ignore(&mut fields);
    let entry = new_entry(state, project, &fields, now)?;
    let id = entry.id;
    store(state, entry, &fields, now);
    Ok(json(StatusCode::CREATED, &row(state, live(state, &id.to_string())?)))
}

/// What an entry alone does not take is dropped in silence (procore-api.md section 7.2).
fn ignore(fields: &mut Map<String, Value>) {
    fields.retain(|name, _| name != "wbs_code_id" && name != "work_classification_id");
}

/// Up to 25 entries of one project.
pub(super) fn bulk_create(state: &mut State, project: ProjectId, body: &Bytes, now: DateTime<Utc>) -> Routed {
    if !state.bulk_create_enabled {
        let message = "The company is not enrolled in this beta.";
        return Err(refusal(StatusCode::FORBIDDEN, message));
    }
    let rows: Vec<Map<String, Value>> = rows_of(body, "timecard_entries")?;
    if rows.len() > MAX_ENTRIES {
        return Err(invalid("timecard_entries", "are more than 25"));
    }
    let ids = create_all(state, &rows, Some(project), now)?;
    let stored = ids.iter().filter_map(|id| state.entries.get(id)).map(flat_row);
    Ok(json(
        StatusCode::CREATED,
        &json!({"timecard_entries": stored.collect::<Vec<_>>()}),
    ))
}

fn change(state: &mut State, id: &str, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let stored = live(state, id)?;
    if is_closed(stored) {
        let message = format!("an entry that is {} cannot be edited", stored.status);
        return Err(invalid("base", &message));
    }
    let (project, mut fields) = envelope(body)?;
    ignore(&mut fields);
    let mut entry = Entry {
        project,
        date: day(&fields)?,
        signed: false,
        updated_at: now,
        ..stored.clone()
    };
    apply_fields(state, &mut entry, &fields)?;
    store(state, entry, &fields, now);
    Ok(ok(&row(state, live(state, id)?)))
}

/// Kept as deleted.
fn delete(state: &mut State, id: &str, now: DateTime<Utc>) -> Routed {
    let stored = live(state, id)?;
    if is_closed(stored) {
        let message = format!("an entry that is {} cannot be deleted", stored.status);
        return Err(refusal(StatusCode::FORBIDDEN, &message));
    }
    let entry = Entry {
        deleted_at: Some(now),
        updated_at: now,
        ..stored.clone()
    };
    let answer = ok(&row(state, &entry));
    state.entries.insert(entry.id, entry);
    Ok(answer)
}

fn change_history(state: &State, id: &str) -> Routed {
    let id = live(state, id)?.id;
    let rows: Vec<Value> = state
        .changes
        .iter()
        .filter(|change| change.entry == id)
        .map(|change| {
            json!({
                "column": change.column,
                "old_value": change.old,
                "new_value": change.new,
                "created_at": instant(change.at),
                "created_by": "Linx",
            })
        })
        .collect();
    Ok(ok(&json!(rows)))
}

fn live<'a>(state: &'a State, id: &str) -> Result<&'a Entry, Refusal> {
    let id: TimecardEntryId = id.parse().map_err(|_| absent())?;
    let stored = state.entries.get(&id).filter(|entry| entry.deleted_at.is_none());
    let entry = stored.ok_or_else(absent)?;
    visible_project(state, entry.project).map(|_| entry)
}
