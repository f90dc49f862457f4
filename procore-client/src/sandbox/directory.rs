//! The people of the company and of its projects, and the users among them.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Routed, absent, bad_parameter, empty_association, json, ok};
use super::page::{CAP, page};
use super::query::Query;
use super::state::State;
use super::tables::Person;
use crate::ids::{PersonId, ProjectId, UserId};

pub(super) fn people(state: &State, query: &Query, active: bool) -> Routed {
    let is_employee: Option<bool> = query.read("filters[is_employee]")?;
    let extended = query.text("view") == Some("extended");
    let rows: Vec<Value> = state
        .people
        .iter()
        .filter(|(_, person)| person.is_active == active)
        .filter(|(_, person)| is_employee.is_none_or(|wanted| wanted == person.is_employee))
        .map(|(id, person)| person_row(*id, person, extended))
        .collect();
    page(state, query, CAP, &rows)
}

fn person_row(id: PersonId, person: &Person, extended: bool) -> Value {
    let mut row = json!({
        "id": id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "employee_id": person.employee_id,
        "is_employee": person.is_employee,
        "user_id": person.user_id,
        "user_uuid": null,
        "work_classification_id": null,
        "origin_id": null,
        "contact": {"is_active": person.is_active, "email": person.email},
    });
    if extended {
        row["job_title"] = json!(person.job_title);
        row["vendor"] = empty_association();
    }
    row
}

/// The active people with a login.
pub(super) fn users(state: &State, query: &Query) -> Routed {
    let active = state.people.iter().filter(|(_, person)| person.is_active);
    let rows: Vec<Value> = active.filter_map(|(id, person)| user_row(*id, person)).collect();
    page(state, query, CAP, &rows)
}

pub(super) fn user(state: &State, id: &str) -> Routed {
    let id: UserId = id.parse().map_err(|_| absent())?;
    let mut rows = state.people.iter().filter(|(_, person)| person.user_id == Some(id));
    let row = rows.next().and_then(|(id, person)| user_row(*id, person));
    Ok(ok(&row.ok_or_else(absent)?))
}

fn user_row(id: PersonId, person: &Person) -> Option<Value> {
    Some(json!({
        "id": person.user_id?,
        "contact_id": id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "name": format!("{} {}", person.first_name, person.last_name),
        "email_address": person.email,
        "employee_id": person.employee_id,
        "is_employee": person.is_employee,
        "is_active": person.is_active,
        "job_title": person.job_title,
        "mobile_phone": null,
        "business_phone": null,
        "origin_id": null,
        "origin_data": null,
        "work_classification_id": null,
        "vendor": empty_association(),
        "last_login_at": null,
    }))
}

/// The active or the inactive people of the project's directory.
pub(super) fn project_people(state: &State, query: &Query, project: ProjectId, active: bool) -> Routed {
    let is_employee: Option<bool> = query.read("filters[is_employee]")?;
    let extended = query.text("view") == Some("extended");
    let rows: Vec<Value> = state
        .people
        .iter()
        .filter(|(id, person)| person.is_active == active && state.is_member(project, **id))
        .filter(|(_, person)| is_employee.is_none_or(|wanted| wanted == person.is_employee))
        .map(|(id, person)| person_row(*id, person, extended))
        .collect();
    page(state, query, CAP, &rows)
}

/// A membership's id is its position among all of them, from 1.
pub(super) fn memberships(state: &State, query: &Query, project: ProjectId) -> Routed {
    let rows: Vec<Value> = state
        .members
        .iter()
        .enumerate()
        .filter(|(_, (of, _))| *of == project)
        .map(|(at, (_, person))| json!({"id": at + 1, "party_id": person, "project_id": project}))
        .collect();
    page(state, query, CAP, &rows)
}

/// Takes people without a login only (procore-api.md section 3.4). A repeat changes nothing here; what Procore does is
/// not documented.
pub(super) fn add_member(state: &mut State, project: ProjectId, body: &Bytes) -> Routed {
    let body: Value = serde_json::from_slice(body).map_err(|_| bad_parameter("body"))?;
    let person = body["project_membership"]["party_id"].as_u64().map(PersonId::new);
    let person = person.ok_or_else(|| bad_parameter("party_id"))?;
    match state.people.get(&person) {
        Some(known) if known.user_id.is_none() => {}
        _ => return Err(bad_parameter("party_id")),
    }
    state.members.insert((project, person));
    Ok(json(StatusCode::CREATED, &json!([person])))
}
