//! The company, its settings and its people.

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::Response;
use serde_json::{Value, json};

use super::SANDBOX_CLIENT_ID;
use super::answer::{Query, Routed, absent, ok, page};
use super::state::{Person, State};
use crate::ids::{CompanyId, PersonId, UserId};

/// The most rows of a page of most lists.
pub(super) const CAP: usize = 1000;

pub(super) fn companies(state: &State, query: &Query) -> Routed {
    let company = json!({
        "id": state.company,
        "name": state.company_name,
        "is_active": true,
        "logo_url": null,
        "pcn_business_experience": null,
        "my_company": true,
    });
    page(state, query, CAP, &[company])
}

/// The user that the installation of the application made.
pub(super) fn me(state: &State) -> Response<Bytes> {
    ok(&json!({
        "id": 562_949_953_449_999_u64,
        "login": "linx@service.example",
        "name": format!("Linx for {}", state.company_name),
    }))
}

pub(super) fn permissions() -> Response<Bytes> {
    let tool = |id: u64, name: &str, friendly: &str, level: &str| {
        json!({
            "id": id,
            "name": name,
            "friendly_name": friendly,
            "domain_id": 1,
            "tab_group": "core",
            "available_for_user": true,
            "user_access_level": {"id": 4, "name": level},
            "permitted_actions": [],
        })
    };
    ok(&json!({"tools": [
        tool(1, "directory", "Directory", "Read Only"),
        tool(2, "admin", "Admin", "Read Only"),
        tool(3, "timecard", "Timecard", "Admin"),
        tool(4, "timesheets", "Timesheets", "Admin"),
    ]}))
}

pub(super) fn configuration(state: &State, query: &Query) -> Routed {
    query.required::<CompanyId>("company_id")?;
    let configuration = &state.configuration;
    let rounding = rounding_rule(state);
    let mut body = json!({
        "timesheets_tab_enabled": true,
        "timecard_employees_see_all_projects": configuration.employees_see_all_projects,
        "timesheets_week_start_day": configuration.week_start_day,
        "projects_timecard_in_out_enabled": configuration.start_stop_projects,
        "task_codes_enabled": configuration.task_codes,
        "projects_timecard_lunch_time_tracking": [],
        "timecard_should_track_location": [],
        "rounding_configuration": rounding,
        "timecards_private": false,
        "use_24_hour_mode": false,
    });
    if let Some(cost_type) = configuration.default_cost_type {
        body["timesheet_default_cost_type_id"] = json!(cost_type);
    }
    Ok(ok(&body))
}

pub(super) fn rounding(state: &State) -> Response<Bytes> {
    let mut body = rounding_rule(state);
    body["id"] = json!(1);
    body["company_id"] = json!(state.company);
    ok(&body)
}

fn rounding_rule(state: &State) -> Value {
    match &state.configuration.rounding {
        Some((rule, minutes)) => json!({"rule": rule, "time_increment": minutes}),
        None => json!({"rule": null, "time_increment": null}),
    }
}

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

pub(super) fn person_row(id: PersonId, person: &Person, extended: bool) -> Value {
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
        row["vendor"] = super::routes::nobody();
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
        "vendor": super::routes::nobody(),
        "last_login_at": null,
    }))
}

/// The sandbox's own application.
pub(super) fn installations(state: &State, query: &Query) -> Routed {
    query.required::<CompanyId>("company_id")?;
    let row = json!({
        "id": 1,
        "app_uid": SANDBOX_CLIENT_ID,
        "status": "installed",
        "semantic_version": "1.0.0",
        "components": [],
        "installed_at": "2026-01-05T15:00:00Z",
        "uninstalled_at": null,
        "updatable_app_version_id": null,
    });
    page(state, query, CAP, &[row])
}

/// An instant as Procore writes it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
