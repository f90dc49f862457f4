//! Timecard entries: what is taken, what is refused, and how they are shown (reference section 7).

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use http::{Method, Request, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::{Query, Refusal, Routed, absent, bad_parameter, invalid, json, ok, page, refusal};
use super::directory::{CAP, instant};
use super::hours;
use super::routes::{nobody, visible};
use super::state::{Change, Entry, OvertimeRule, State};
use super::{projects, timesheets};
use crate::drafts::MOST_AT_ONCE;
use crate::ids::{PersonId, ProjectId, TimecardEntryId};
use crate::timecards::ApprovalStatus;

/// The fields whose changes are kept.
const HISTORY: [&str; 16] = [
    "date",
    "project_id",
    "hours",
    "time_in",
    "time_out",
    "lunch_time",
    "party_id",
    "sub_job_id",
    "cost_code_id",
    "line_item_type_id",
    "wbs_code_id",
    "timecard_time_type_id",
    "work_classification_id",
    "billable",
    "description",
    "approval_status",
];

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

/// Today's only, unless days are told (trap 13).
fn list(state: &State, query: &Query, now: DateTime<Utc>) -> Routed {
    let start: NaiveDate = query.read("start_date")?.unwrap_or_else(|| now.date_naive());
    let end: NaiveDate = query.read("end_date")?.unwrap_or_else(|| now.date_naive());
    let parties: Vec<PersonId> = query.filter("party_id")?;
    let ids: Vec<TimecardEntryId> = query.filter("id")?;
    let rows: Vec<Value> = state
        .live_entries()
        .filter(|entry| (start..=end).contains(&entry.date))
        .filter(|entry| !state.hidden_projects.contains_key(&entry.project))
        .filter(|entry| parties.is_empty() || entry.party.is_some_and(|party| parties.contains(&party)))
        .filter(|entry| ids.is_empty() || ids.contains(&entry.id))
        .map(|entry| row(state, entry))
        .collect();
    page(state, query, CAP, &rows)
}

/// The entries of one project: today's only, unless days are told (trap 13).
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
    let entry = made(state, project, &fields, now)?;
    let id = entry.id;
    settle(state, entry, &fields, now);
    Ok(json(StatusCode::CREATED, &row(state, live(state, &id.to_string())?)))
}

/// What an entry alone does not take is dropped in silence (reference section 7.2).
fn ignore(fields: &mut Map<String, Value>) {
    fields.retain(|name, _| name != "wbs_code_id" && name != "work_classification_id");
}

/// Up to 25 entries of one project.
pub(super) fn bulk_create(state: &mut State, project: ProjectId, body: &Bytes, now: DateTime<Utc>) -> Routed {
    if !state.bulk_create_enabled {
        let words = "The company is not enrolled in this beta.";
        return Err(refusal(StatusCode::FORBIDDEN, words));
    }
    let rows: Vec<Map<String, Value>> = listed(body, "timecard_entries")?;
    if rows.len() > MOST_AT_ONCE {
        return Err(invalid("timecard_entries", "are more than 25"));
    }
    let ids = create_all(state, &rows, Some(project), now)?;
    let stored = ids.iter().filter_map(|id| state.entries.get(id)).map(flat_row);
    Ok(json(
        StatusCode::CREATED,
        &json!({"timecard_entries": stored.collect::<Vec<_>>()}),
    ))
}

/// Creates the entries of `rows`, whose project must be `project` if there is one, and gives the ids of all of them.
/// Whether one bad row spoils the others is a switch of the state.
pub(super) fn create_all(
    state: &mut State,
    rows: &[Map<String, Value>],
    project: Option<ProjectId>,
    now: DateTime<Utc>,
) -> Result<Vec<TimecardEntryId>, Refusal> {
    let before = (state.entries.clone(), state.next_entry);
    let mut ids = Vec::new();
    for fields in rows {
        let stored = read(fields, "project_id").and_then(|named| match named {
            Some(named) if project.is_none_or(|project| project == named) => made(state, named, fields, now),
            _ => Err(invalid("project_id", "must be the project of the path")),
        });
        match stored {
            Ok(entry) => ids.extend(settle(state, entry, fields, now)),
            Err(_) if state.bulk_create_keeps_good_ones => {}
            Err(refusal) => {
                (state.entries, state.next_entry) = before;
                return Err(refusal);
            }
        }
    }
    Ok(ids)
}

/// The objects of a list in the body.
pub(super) fn listed(body: &Bytes, name: &str) -> Result<Vec<Map<String, Value>>, Refusal> {
    let mut body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| bad_parameter("body"))?;
    body.remove(name)
        .and_then(|rows| serde_json::from_value(rows).ok())
        .ok_or_else(|| bad_parameter(name))
}

/// A new entry of these fields, by the rules, not stored yet.
pub(super) fn made(
    state: &State,
    project: ProjectId,
    fields: &Map<String, Value>,
    now: DateTime<Utc>,
) -> Result<Entry, Refusal> {
    let mut entry = Entry {
        id: TimecardEntryId::new(state.next_entry),
        project,
        date: day(fields)?,
        hours: None,
        time_in: None,
        time_out: None,
        lunch_minutes: None,
        party: None,
        sub_job: None,
        cost_code: None,
        line_item_type: None,
        wbs_code: None,
        time_type: None,
        classification: None,
        billable: false,
        description: None,
        status: ApprovalStatus::Pending,
        signed: false,
        timesheet: None,
        split_of: None,
        origin_id: None,
        origin_data: None,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    };
    fill(state, &mut entry, fields)?;
    Ok(entry)
}

/// Takes over the fields and holds the entry to every rule.
pub(super) fn fill(state: &State, entry: &mut Entry, fields: &Map<String, Value>) -> Result<(), Refusal> {
    set_fields(entry, fields)?;
    clocked(state, entry, fields)?;
    check(state, entry)
}

/// The time of the way that the project takes; the fields of the other way are refused (trap 11). Clock times are
/// rounded by the company's rule, told hours are not (reference section 10).
fn clocked(state: &State, entry: &mut Entry, fields: &Map<String, Value>) -> Result<(), Refusal> {
    let told = |names: &[&str]| {
        names
            .iter()
            .any(|name| fields.get(*name).is_some_and(|value| !value.is_null()))
    };
    let configuration = &state.configuration;
    if !configuration.start_stop_projects.contains(&entry.project) {
        return if told(&["time_in", "time_out", "lunch_time"]) {
            Err(invalid("time_in", "is not taken by a project of total hours"))
        } else {
            Ok(())
        };
    }
    if told(&["hours"]) {
        return Err(invalid("hours", "are not taken by a project of start and stop times"));
    }
    for (name, time) in [("time_in", &mut entry.time_in), ("time_out", &mut entry.time_out)] {
        if let Some(value) = fields.get(name) {
            *time =
                hours::clock_time(value, entry.date).map(|time| hours::rounded(time, configuration.rounding.as_ref()));
        }
    }
    if fields.contains_key("lunch_time") {
        let text = number_or_text(fields, "lunch_time");
        entry.lunch_minutes = text.and_then(|text| text.parse().ok());
    }
    entry.hours = match (entry.time_in, entry.time_out) {
        (Some(start), Some(stop)) => {
            let worked = hours::between(start, stop, entry.lunch_minutes.unwrap_or(0));
            Some(worked.ok_or_else(|| invalid("time_out", "must leave 0 to 24 hours after the meal"))?)
        }
        _ => None,
    };
    Ok(())
}

fn change(state: &mut State, id: &str, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let stored = live(state, id)?;
    if is_closed(stored) {
        let words = format!("an entry that is {} cannot be edited", stored.status);
        return Err(invalid("base", &words));
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
    fill(state, &mut entry, &fields)?;
    settle(state, entry, &fields, now);
    Ok(ok(&row(state, live(state, id)?)))
}

/// Kept as deleted.
fn delete(state: &mut State, id: &str, now: DateTime<Utc>) -> Routed {
    let stored = live(state, id)?;
    if is_closed(stored) {
        let words = format!("an entry that is {} cannot be deleted", stored.status);
        return Err(refusal(StatusCode::FORBIDDEN, &words));
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

/// Stores an entry that was checked, notes what changed, and splits it where the overtime rule wants. Gives the ids of
/// all that it is now, its own first.
pub(super) fn settle(
    state: &mut State,
    mut entry: Entry,
    fields: &Map<String, Value>,
    now: DateTime<Utc>,
) -> Vec<TimecardEntryId> {
    let id = entry.id;
    state.next_entry = state.next_entry.max(id.get() + 1);
    let automatic = fields.get("set_timecard_time_type_automatically") == Some(&Value::Bool(true));
    let rule = state
        .overtime
        .filter(|rule| rule.always || automatic || entry.time_type.is_none());
    let over = rule.and_then(|rule| split(state, &mut entry, rule));
    note_changes(state, &entry, now);
    state.entries.insert(id, entry);
    let sibling = over.map(|mut over| {
        over.id = TimecardEntryId::new(state.next_entry);
        state.next_entry += 1;
        let id = over.id;
        state.entries.insert(id, over);
        id
    });
    [id].into_iter().chain(sibling).collect()
}

/// Gives `entry` its time type and takes off the hours over the day's regular ones, which are given back as an entry of
/// their own. It keeps the mark of the writer (`origin_data`) and not its key, which is unique. An entry that was split
/// before counts anew.
fn split(state: &mut State, entry: &mut Entry, rule: OvertimeRule) -> Option<Entry> {
    let id = entry.id;
    state.entries.retain(|_, other| other.split_of != Some(id));
    let of_day = |other: &&Entry| other.id != id && (other.party, other.date) == (entry.party, entry.date);
    let regular: u64 = state
        .live_entries()
        .filter(of_day)
        .filter(|other| other.time_type != Some(rule.overtime))
        .filter_map(|other| hours::parts(other.hours.as_deref()?))
        .sum();
    let worked = hours::parts(entry.hours.as_deref()?)?;
    let room = (u64::from(rule.daily_hours) * hours::PARTS).saturating_sub(regular);
    entry.time_type = Some(if room == 0 { rule.overtime } else { rule.regular });
    if room == 0 || worked <= room {
        return None;
    }
    let over = Entry {
        hours: Some(hours::text(worked - room)),
        time_in: None,
        time_out: None,
        lunch_minutes: None,
        time_type: Some(rule.overtime),
        split_of: Some(id),
        origin_id: None,
        ..entry.clone()
    };
    entry.hours = Some(hours::text(room));
    Some(over)
}

/// Notes every field in which `entry` differs from what is stored.
fn note_changes(state: &mut State, entry: &Entry, now: DateTime<Utc>) {
    let Some(stored) = state.entries.get(&entry.id) else {
        return;
    };
    let told = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let (before, after) = (flat_row(stored), flat_row(entry));
    let changes = HISTORY.iter().filter(|column| before[**column] != after[**column]);
    let changes: Vec<Change> = changes
        .map(|column| Change {
            entry: entry.id,
            column,
            old: told(&before[*column]),
            new: told(&after[*column]),
            at: now,
        })
        .collect();
    state.changes.extend(changes);
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
    visible(state, entry.project).map(|_| entry)
}

/// Approved and completed entries refuse edits and deletes (trap 16), whoever asks: a change through the interface that
/// lowers the status is refused too.
pub(super) fn is_closed(entry: &Entry) -> bool {
    matches!(entry.status, ApprovalStatus::Approved | ApprovalStatus::Completed)
}

/// What creating and changing both need: the project beside the entry (trap 4).
fn envelope(body: &Bytes) -> Result<(ProjectId, Map<String, Value>), Refusal> {
    let mut body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| bad_parameter("body"))?;
    let project = read(&body, "project_id")?.ok_or_else(|| bad_parameter("project_id"))?;
    match body.remove("timecard_entry") {
        Some(Value::Object(fields)) => Ok((project, fields)),
        _ => Err(bad_parameter("timecard_entry")),
    }
}

/// The day, which every way of writing needs.
fn day(fields: &Map<String, Value>) -> Result<NaiveDate, Refusal> {
    read(fields, "date")?.ok_or_else(|| invalid("date", "can't be blank"))
}

/// Takes over the fields that are given; null empties one.
fn set_fields(entry: &mut Entry, fields: &Map<String, Value>) -> Result<(), Refusal> {
    set(fields, "party_id", &mut entry.party)?;
    set(fields, "sub_job_id", &mut entry.sub_job)?;
    set(fields, "cost_code_id", &mut entry.cost_code)?;
    set(fields, "line_item_type_id", &mut entry.line_item_type)?;
    set(fields, "wbs_code_id", &mut entry.wbs_code)?;
    set(fields, "timecard_time_type_id", &mut entry.time_type)?;
    set(fields, "work_classification_id", &mut entry.classification)?;
    set(fields, "timesheet_id", &mut entry.timesheet)?;
    set(fields, "description", &mut entry.description)?;
    set(fields, "origin_data", &mut entry.origin_data)?;
    if fields.contains_key("origin_id") {
        entry.origin_id = number_or_text(fields, "origin_id");
    }
    if fields.contains_key("hours") {
        let text = number_or_text(fields, "hours").unwrap_or_default();
        entry.hours = Some(hours::normal(&text).ok_or_else(|| invalid("hours", "is not a number from 0 to 24"))?);
    }
    if let Some(billable) = read(fields, "billable")? {
        entry.billable = billable;
    }
    if let Some(status) = read(fields, "approval_status")? {
        if matches!(status, ApprovalStatus::Unknown(_)) {
            return Err(invalid("approval_status", "is not included in the list"));
        }
        entry.status = status;
    }
    Ok(())
}

pub(super) fn set<T: serde::de::DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &str,
    field: &mut Option<T>,
) -> Result<(), Refusal> {
    if fields.contains_key(name) {
        *field = read(fields, name)?;
    }
    Ok(())
}

/// A field read; `None` when missing or null, 422 when it is something else than it should be.
pub(super) fn read<T: serde::de::DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &str,
) -> Result<Option<T>, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => T::deserialize(value).map(Some).map_err(|_| invalid(name, "is invalid")),
    }
}

fn number_or_text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The rules between records (reference section 7.7).
fn check(state: &State, entry: &Entry) -> Result<(), Refusal> {
    let ancestry = |what: &str| invalid("base", &format!("{what} ancestry does not match the entry's project"));
    let project = visible(state, entry.project)?;
    if !project.active {
        return Err(invalid("base", "project is not active"));
    }
    let employee = |party| state.people.get(&party).is_some_and(|person| person.is_employee);
    if !entry.party.is_some_and(employee) {
        return Err(invalid("party", "must be an employee of the company"));
    }
    let elsewhere = |party| !state.is_member(entry.project, party);
    if !state.configuration.employees_see_all_projects && entry.party.is_some_and(elsewhere) {
        return Err(invalid("party", "must be in the project's directory"));
    }
    if entry.sub_job.is_some_and(|id| {
        state
            .sub_jobs
            .get(&id)
            .is_none_or(|sub_job| sub_job.project != entry.project)
    }) {
        return Err(ancestry("sub job"));
    }
    let code = match entry.cost_code {
        Some(id) => Some(state.project_codes.get(&id).ok_or_else(|| ancestry("cost code"))?),
        None => None,
    };
    if code.is_some_and(|code| (code.project, code.sub_job) != (entry.project, entry.sub_job)) {
        return Err(ancestry("cost code"));
    }
    let known = |id| match code {
        Some(code) => code.line_item_types.contains(&id),
        None => state.line_item_types.contains_key(&id),
    };
    if !entry.line_item_type.is_none_or(known) {
        return Err(ancestry("line item type"));
    }
    if entry.wbs_code.is_some() && (code.is_some() || entry.line_item_type.is_some()) {
        return Err(invalid("wbs_code", "excludes cost code and line item type"));
    }
    if !entry
        .wbs_code
        .is_none_or(|id| projects::has_code(state, entry.project, id))
    {
        return Err(ancestry("wbs code"));
    }
    let open_to_project = |id| {
        let known = state.work_classifications.get(&id);
        known.is_some_and(|one| one.projects.is_empty() || one.projects.contains(&entry.project))
    };
    if !entry.classification.is_none_or(open_to_project) {
        return Err(ancestry("work classification"));
    }
    if !entry.time_type.is_none_or(|id| state.time_types.contains_key(&id)) {
        return Err(invalid("timecard_time_type", "must exist"));
    }
    let of_project = |id| {
        state
            .timesheets
            .get(&id)
            .is_some_and(|sheet| sheet.project == entry.project)
    };
    if !entry.timesheet.is_none_or(of_project) {
        return Err(ancestry("timesheet"));
    }
    let taken = |other: &Entry| other.id != entry.id && other.origin_id == entry.origin_id;
    if entry.origin_id.is_some() && state.live_entries().any(taken) {
        let words = json!({"errors": {"origin_id": ["has already been taken"]}});
        return Err(Refusal::new(StatusCode::CONFLICT, words));
    }
    Ok(())
}

/// The field set of the company's entries. Empty associations are objects of nulls (trap 24).
pub(super) fn row(state: &State, entry: &Entry) -> Value {
    let project = state.projects.get(&entry.project);
    let party = entry.party.and_then(|id| Some((id, state.people.get(&id)?)));
    let login = party.and_then(|(_, person)| Some((person.user_id?, person)));
    let code = entry.cost_code.and_then(|id| {
        let standard = state.project_codes.get(&id)?.standard;
        Some((id, &state.company_codes.get(&standard)?.name))
    });
    let sub_job = entry.sub_job.and_then(|id| Some((id, state.sub_jobs.get(&id)?)));
    let time_type = entry.time_type.and_then(|id| Some((id, state.time_types.get(&id)?)));
    let siblings: Vec<Value> = state
        .live_entries()
        .filter(|other| other.split_of == Some(entry.id))
        .map(|other| row(state, other))
        .collect();
    json!({
        "id": entry.id,
        "date": entry.date,
        "hours": entry.hours,
        "time_in": entry.time_in.map(instant),
        "time_out": entry.time_out.map(instant),
        "lunch_time": entry.lunch_minutes.map(|minutes| minutes.to_string()),
        "billable": entry.billable,
        "description": entry.description,
        "in_progress": false,
        "approval_status": entry.status,
        "timecard_type": null,
        "origin_id": entry.origin_id,
        "origin_data": entry.origin_data,
        "line_item_type_id": entry.line_item_type,
        // Not documented, and seen in live answers (reference section 7.3).
        "wbs_code_id": entry.wbs_code,
        "work_classification_id": entry.classification,
        "procore_signature": entry.signed.then(|| json!({"id": entry.id.get()})),
        "timesheet": entry.timesheet.map(|id| timesheets::head(state, id)),
        "crew": nobody(),
        "clock_in": {"id": null},
        "clock_out": {"id": null},
        "project": {
            "id": entry.project,
            "name": project.map(|project| format!("{} - {}", project.number, project.name)),
        },
        "party": party.map_or_else(nobody, |(id, person)| {
            json!({"id": id, "name": format!("{} {}", person.first_name, person.last_name)})
        }),
        "login_information": login.map_or_else(
            || json!({"id": null, "login": null, "name": null}),
            |(id, person)| {
                let name = format!("{} {}", person.first_name, person.last_name);
                json!({"id": id, "login": person.email, "name": name})
            },
        ),
        "cost_code": code.map_or_else(nobody, |(id, name)| json!({"id": id, "name": name})),
        "sub_job": sub_job.map_or_else(
            || json!({"id": null, "name": null, "code": null}),
            |(id, sub_job)| json!({"id": id, "name": sub_job.name, "code": sub_job.code}),
        ),
        "timecard_time_type": time_type.map_or_else(
            || json!({"id": null, "time_type": null}),
            |(id, kind)| {
                json!({
                    "id": id,
                    "time_type": kind.label,
                    "abbreviated_time_type": kind.abbreviation,
                    "company_id": state.company,
                    "global": true,
                })
            },
        ),
        "automatically_split_timecard_entries": siblings,
        "created_at": instant(entry.created_at),
        "updated_at": instant(entry.updated_at),
        "deleted_at": entry.deleted_at.map(instant),
    })
}

/// The field set of a project's list: it carries no project, and the meal is a number.
fn project_row(state: &State, entry: &Entry) -> Value {
    let mut row = row(state, entry);
    if let Some(fields) = row.as_object_mut() {
        for name in [
            "project",
            "in_progress",
            "timecard_type",
            "clock_in",
            "clock_out",
            "procore_signature",
        ] {
            fields.remove(name);
        }
    }
    row["lunch_time"] = json!(entry.lunch_minutes);
    row["datetime"] = Value::Null;
    row["injured"] = json!(false);
    row["signed"] = json!(entry.signed);
    row["location"] = nobody();
    row
}

/// The field set of bulk requests: other records by id.
fn flat_row(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "project_id": entry.project,
        "date": entry.date,
        "hours": entry.hours,
        "time_in": entry.time_in.map(instant),
        "time_out": entry.time_out.map(instant),
        "lunch_time": entry.lunch_minutes,
        "description": entry.description,
        "billable": entry.billable,
        "timecard_time_type_id": entry.time_type,
        "work_classification_id": entry.classification,
        "wbs_code_id": entry.wbs_code,
        "signed": entry.signed,
        "cost_code_id": entry.cost_code,
        "line_item_type_id": entry.line_item_type,
        "party_id": entry.party,
        "timesheet_id": entry.timesheet,
        "approval_status": entry.status,
        "origin_id": entry.origin_id,
        "origin_data": entry.origin_data,
        "sub_job_id": entry.sub_job,
        "split_parent_id": entry.split_of,
        "created_at": instant(entry.created_at),
        "updated_at": instant(entry.updated_at),
        "deleted_at": entry.deleted_at.map(instant),
    })
}
