//! Timecard entries: what is taken, what is refused, and how they are shown (reference section 7).

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use http::{Method, Request, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::{Query, Refusal, Routed, absent, bad_parameter, invalid, json, ok, page, refusal};
use super::directory::{CAP, instant};
use super::routes::nobody;
use super::state::{Entry, State};
use crate::ids::{PersonId, ProjectId, TimecardEntryId};
use crate::timecards::ApprovalStatus;

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
        .filter(|entry| parties.is_empty() || entry.party.is_some_and(|party| parties.contains(&party)))
        .filter(|entry| ids.is_empty() || ids.contains(&entry.id))
        .map(|entry| row(state, entry))
        .collect();
    page(state, query, CAP, &rows)
}

fn create(state: &mut State, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let (project, date, fields) = envelope(body)?;
    let mut entry = Entry {
        id: TimecardEntryId::new(state.next_entry),
        project,
        date,
        hours: None,
        party: None,
        sub_job: None,
        cost_code: None,
        line_item_type: None,
        time_type: None,
        billable: false,
        description: None,
        status: ApprovalStatus::Pending,
        origin_id: None,
        origin_data: None,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    };
    set_fields(&mut entry, &fields)?;
    check(state, &entry)?;
    state.next_entry += 1;
    Ok(store(state, StatusCode::CREATED, entry))
}

fn change(state: &mut State, id: &str, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let stored = live(state, id)?;
    if is_closed(stored) {
        let words = format!("an entry that is {} cannot be edited", stored.status);
        return Err(invalid("base", &words));
    }
    let (project, date, fields) = envelope(body)?;
    let mut entry = Entry {
        project,
        date,
        updated_at: now,
        ..stored.clone()
    };
    set_fields(&mut entry, &fields)?;
    check(state, &entry)?;
    Ok(store(state, StatusCode::OK, entry))
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
    Ok(store(state, StatusCode::OK, entry))
}

fn store(state: &mut State, status: StatusCode, entry: Entry) -> Response<Bytes> {
    let answer = json(status, &row(state, &entry));
    state.entries.insert(entry.id, entry);
    answer
}

fn live<'a>(state: &'a State, id: &str) -> Result<&'a Entry, Refusal> {
    let id: TimecardEntryId = id.parse().map_err(|_| absent())?;
    state
        .entries
        .get(&id)
        .filter(|entry| entry.deleted_at.is_none())
        .ok_or_else(absent)
}

/// Approved and completed entries refuse edits and deletes (trap 16), whoever asks: a change through the interface that
/// lowers the status is refused too.
fn is_closed(entry: &Entry) -> bool {
    matches!(entry.status, ApprovalStatus::Approved | ApprovalStatus::Completed)
}

/// What creating and changing both need: project and day (trap 4).
fn envelope(body: &Bytes) -> Result<(ProjectId, NaiveDate, Map<String, Value>), Refusal> {
    let mut body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| bad_parameter("body"))?;
    let project = read(&body, "project_id")?.ok_or_else(|| bad_parameter("project_id"))?;
    let Some(Value::Object(fields)) = body.remove("timecard_entry") else {
        return Err(bad_parameter("timecard_entry"));
    };
    let date = read(&fields, "date")?.ok_or_else(|| invalid("date", "can't be blank"))?;
    Ok((project, date, fields))
}

/// Takes over the fields that are given; null empties one.
fn set_fields(entry: &mut Entry, fields: &Map<String, Value>) -> Result<(), Refusal> {
    set(fields, "party_id", &mut entry.party)?;
    set(fields, "sub_job_id", &mut entry.sub_job)?;
    set(fields, "cost_code_id", &mut entry.cost_code)?;
    set(fields, "line_item_type_id", &mut entry.line_item_type)?;
    set(fields, "timecard_time_type_id", &mut entry.time_type)?;
    set(fields, "description", &mut entry.description)?;
    set(fields, "origin_data", &mut entry.origin_data)?;
    if fields.contains_key("origin_id") {
        entry.origin_id = number_or_text(fields, "origin_id");
    }
    if fields.contains_key("hours") {
        let text = number_or_text(fields, "hours").unwrap_or_default();
        entry.hours = Some(hours(&text).ok_or_else(|| invalid("hours", "is not a number from 0 to 24"))?);
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

fn set<T: serde::de::DeserializeOwned>(
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
fn read<T: serde::de::DeserializeOwned>(fields: &Map<String, Value>, name: &str) -> Result<Option<T>, Refusal> {
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

/// Decimal hours from 0 to 24 without needless zeros, but with one decimal: `8` and `08.00` are `8.0`.
fn hours(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let whole: u8 = whole.parse().ok()?;
    let part = match part.trim_end_matches('0') {
        "" => "0",
        part => part,
    };
    (whole < 24 || (whole == 24 && part == "0")).then(|| format!("{whole}.{part}"))
}

/// The rules between records (reference section 7.7).
fn check(state: &State, entry: &Entry) -> Result<(), Refusal> {
    let ancestry = |what: &str| invalid("base", &format!("{what} ancestry does not match the entry's project"));
    let project = state.projects.get(&entry.project).ok_or_else(absent)?;
    if !project.active {
        return Err(invalid("base", "project is not active"));
    }
    let employee = |party| state.people.get(&party).is_some_and(|person| person.is_employee);
    if !entry.party.is_some_and(employee) {
        return Err(invalid("party", "must be an employee of the company"));
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
    if !entry.time_type.is_none_or(|id| state.time_types.contains_key(&id)) {
        return Err(invalid("timecard_time_type", "must exist"));
    }
    let taken = |other: &Entry| other.id != entry.id && other.origin_id == entry.origin_id;
    if entry.origin_id.is_some() && state.live_entries().any(taken) {
        let words = json!({"errors": {"origin_id": ["has already been taken"]}});
        return Err(Refusal::new(StatusCode::CONFLICT, words));
    }
    Ok(())
}

/// The field set of the company's entries. Empty associations are objects of nulls (trap 24).
fn row(state: &State, entry: &Entry) -> Value {
    let project = state.projects.get(&entry.project);
    let party = entry.party.and_then(|id| Some((id, state.people.get(&id)?)));
    let login = party.and_then(|(_, person)| Some((person.user_id?, person)));
    let code = entry.cost_code.and_then(|id| {
        let standard = state.project_codes.get(&id)?.standard;
        Some((id, &state.company_codes.get(&standard)?.name))
    });
    let sub_job = entry.sub_job.and_then(|id| Some((id, state.sub_jobs.get(&id)?)));
    let time_type = entry.time_type.and_then(|id| Some((id, state.time_types.get(&id)?)));
    json!({
        "id": entry.id,
        "date": entry.date,
        "hours": entry.hours,
        "time_in": null,
        "time_out": null,
        "lunch_time": null,
        "billable": entry.billable,
        "description": entry.description,
        "in_progress": false,
        "approval_status": entry.status,
        "timecard_type": null,
        "origin_id": entry.origin_id,
        "origin_data": entry.origin_data,
        "line_item_type_id": entry.line_item_type,
        "timesheet": null,
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
        "automatically_split_timecard_entries": [],
        "created_at": instant(entry.created_at),
        "updated_at": instant(entry.updated_at),
        "deleted_at": entry.deleted_at.map(instant),
    })
}

#[cfg(test)]
mod tests {
    use super::hours;

    #[test]
    fn hours_lose_needless_zeros_only() {
        for (given, kept) in [
            ("8", "8.0"),
            ("8.00", "8.0"),
            ("08.50", "8.5"),
            ("0.33", "0.33"),
            ("24.0", "24.0"),
        ] {
            assert_eq!(hours(given).as_deref(), Some(kept), "{given}");
        }
        for wrong in ["", ".", "8.", ".5", "-1", "24.01", "25", "8h", "1e1", "999", "NaN"] {
            assert_eq!(hours(wrong), None, "{wrong}");
        }
    }
}
