//! Timesheets, their approval, and the entries that the company's Timesheets tool writes (procore-api.md section 7.5).

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use http::{Method, Request, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::{Refusal, Routed, absent, bad_parameter, invalid, json, ok};
use super::entry_rows::{row, timesheet_head};
use super::entry_rules::{apply_fields, is_closed};
use super::entry_store::{create_all, store};
use super::fields::{read, rows_of};
use super::page::{CAP, page};
use super::query::Query;
use super::state::State;
use super::tables::{Entry, Timesheet};
use crate::ids::{ProjectId, TimecardEntryId, TimesheetId};
use crate::timecards::ApprovalStatus;
use crate::timesheets::TimesheetStatus;

const FIRST: u64 = 4_100_001;

/// What the company's tool takes; other fields are ignored in silence, cost types among them.
const TAKEN: [&str; 19] = [
    "approval_status",
    "billable",
    "cost_code_id",
    "crew_id",
    "date",
    "description",
    "hours",
    "location_id",
    "origin_id",
    "origin_data",
    "party_id",
    "project_id",
    "set_timecard_time_type_automatically",
    "sub_job_id",
    "time_in",
    "time_out",
    "timesheet_id",
    "timecard_time_type_id",
    "work_classification_id",
];

/// Answers requests at and below a project's `timesheets`.
pub(super) fn of_project(
    state: &mut State,
    request: &Request<Bytes>,
    query: &Query,
    project: ProjectId,
    below: &[&str],
    now: DateTime<Utc>,
) -> Routed {
    match (request.method(), below) {
        (&Method::GET, []) => list(state, query, project),
        (&Method::POST, []) => create(state, project, request.body(), now),
        (&Method::PATCH, ["update_approval"]) => approve(state, project, request.body(), now),
        _ => Err(absent()),
    }
}

fn list(state: &State, query: &Query, project: ProjectId) -> Routed {
    let days = query.text("filters[date]").map(range).transpose()?;
    let rows: Vec<Value> = state
        .timesheets
        .iter()
        .filter(|(_, sheet)| sheet.project == project)
        .filter(|(_, sheet)| days.is_none_or(|(start, end)| (start..=end).contains(&sheet.date)))
        .map(|(id, _)| whole(state, *id))
        .collect();
    page(state, query, CAP, &rows)
}

/// A range `A...B` of days. One day alone is refused (procore-api.md section 8.2).
fn range(text: &str) -> Result<(NaiveDate, NaiveDate), Refusal> {
    let ends = text.split_once("...");
    ends.and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)))
        .ok_or_else(|| bad_parameter("filters[date] must be a range"))
}

/// A repeat makes a second one (trap 15).
fn create(state: &mut State, project: ProjectId, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let body: Value = serde_json::from_slice(body).map_err(|_| bad_parameter("body"))?;
    let date: NaiveDate = body["timesheet"]["date"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| invalid("date", "can't be blank"))?;
    let of_day = |sheet: &&Timesheet| (sheet.project, sheet.date) == (project, date);
    let sheet = Timesheet {
        project,
        date,
        number: state.timesheets.values().filter(of_day).count() + 1,
        status: TimesheetStatus::Pending,
        created_at: now,
        updated_at: now,
    };
    let last = state.timesheets.keys().next_back();
    let id = TimesheetId::new(last.map_or(FIRST, |last| last.get() + 1));
    state.timesheets.insert(id, sheet);
    Ok(json(StatusCode::CREATED, &timesheet_head(state, id)))
}

/// All of them or none. The entries in a timesheet follow it; completed ones stay as they are. That they follow is our
/// reading: procore-api.md says neither.
fn approve(state: &mut State, project: ProjectId, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let mut wanted = Vec::new();
    for fields in rows_of(body, "timesheets")? {
        let id: TimesheetId = read(&fields, "id")?.ok_or_else(|| bad_parameter("id"))?;
        let Some(status @ (TimesheetStatus::Pending | TimesheetStatus::Approved)) = read(&fields, "status")? else {
            return Err(bad_parameter("status"));
        };
        if state.timesheets.get(&id).is_none_or(|sheet| sheet.project != project) {
            return Err(absent());
        }
        wanted.push((id, status));
    }
    for (id, status) in &wanted {
        if let Some(sheet) = state.timesheets.get_mut(id) {
            (sheet.status, sheet.updated_at) = (status.clone(), now);
        }
        let follows = |entry: &&mut Entry| {
            entry.timesheet == Some(*id) && entry.deleted_at.is_none() && entry.status != ApprovalStatus::Completed
        };
        for entry in state.entries.values_mut().filter(follows) {
            (entry.status, entry.updated_at) = (ApprovalStatus::from(status.as_str()), now);
        }
    }
    let rows: Vec<Value> = wanted.iter().map(|(id, _)| whole(state, *id)).collect();
    Ok(ok(&json!(rows)))
}

/// A timesheet with its entries, which show neither person nor status here.
fn whole(state: &State, id: TimesheetId) -> Value {
    let entry = |entry: &Entry| {
        let mut row = row(state, entry);
        if let Some(fields) = row.as_object_mut() {
            for name in [
                "party",
                "project",
                "sub_job",
                "timesheet",
                "approval_status",
                "line_item_type_id",
                "work_classification_id",
                "procore_signature",
            ] {
                fields.remove(name);
            }
            fields.remove("automatically_split_timecard_entries");
        }
        row
    };
    let entries = state.live_entries().filter(|entry| entry.timesheet == Some(id));
    let mut sheet = timesheet_head(state, id);
    sheet["timecard_entries"] = entries.map(entry).collect();
    sheet
}

/// Creates entries of any projects.
pub(super) fn bulk_create(state: &mut State, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let rows: Vec<Map<String, Value>> = rows_of(body, "timecard_entries")?.into_iter().map(taken).collect();
    let ids = create_all(state, &rows, None, now)?;
    Ok(ok(&written(state, &ids)))
}

/// Gives the same values to several entries. Those that refuse are left out of the answer. Here, and only here, the
/// status of an approved or completed entry can be lowered (trap 16); together with it anything else.
pub(super) fn bulk_update(state: &mut State, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let updates = rows_of(body, "updates")?;
    let fields = taken(serde_json::from_slice(body).map_err(|_| bad_parameter("body"))?);
    let mut ids = Vec::new();
    for update in updates {
        let id: TimecardEntryId = read(&update, "id")?.ok_or_else(|| bad_parameter("id"))?;
        if let Some(entry) = updated(state, id, &fields, now) {
            ids.extend(store(state, entry, &fields, now));
        }
    }
    Ok(ok(&json!({"updated_timecard_entries": written(state, &ids)})))
}

/// The entry with these values; `None` when it is gone, closed, or a rule forbids it.
fn updated(state: &State, id: TimecardEntryId, fields: &Map<String, Value>, now: DateTime<Utc>) -> Option<Entry> {
    let stored = state.entries.get(&id).filter(|entry| entry.deleted_at.is_none())?;
    let mut entry = Entry {
        project: read(fields, "project_id").ok()?.unwrap_or(stored.project),
        date: read(fields, "date").ok()?.unwrap_or(stored.date),
        signed: false,
        updated_at: now,
        ..stored.clone()
    };
    apply_fields(state, &mut entry, fields).ok()?;
    let open = !is_closed(stored) || fields.contains_key("approval_status");
    open.then_some(entry)
}

fn taken(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.retain(|name, _| TAKEN.contains(&name.as_str()));
    fields
}

/// The field set of the company's tool: the cost code is a text, and stands in full beside it.
fn written(state: &State, ids: &[TimecardEntryId]) -> Value {
    let row = |entry: &Entry| {
        let mut row = row(state, entry);
        let code = row["cost_code"].take();
        row["cost_code"] = code["name"].clone();
        row["full_cost_code"] = code;
        if let Some(fields) = row.as_object_mut() {
            for name in [
                "time_in",
                "time_out",
                "lunch_time",
                "project",
                "sub_job",
                "timesheet",
                "approval_status",
                "wbs_code_id",
                "work_classification_id",
                "procore_signature",
            ] {
                fields.remove(name);
            }
            fields.remove("automatically_split_timecard_entries");
        }
        row
    };
    ids.iter().filter_map(|id| state.entries.get(id)).map(row).collect()
}
