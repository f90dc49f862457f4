//! The company, its settings and its people.

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::Response;
use serde_json::{Value, json};

use super::answer::{Query, Routed, ok, page};
use super::state::{Person, State};
use crate::ids::{CompanyId, PersonId};

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
        "projects_timecard_lunch_time_tracking": [],
        "timecard_should_track_location": [],
        "rounding_configuration": rounding,
        "task_codes_enabled": false,
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
        .map(|(id, person)| row(*id, person, extended))
        .collect();
    page(state, query, CAP, &rows)
}

fn row(id: PersonId, person: &Person, extended: bool) -> Value {
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

/// An instant as Procore writes it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
