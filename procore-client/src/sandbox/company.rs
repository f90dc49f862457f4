//! The company, its settings, its application and what that may do.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::answer::{Routed, ok};
use super::application::{SANDBOX_CLIENT_ID, SANDBOX_USER_ID};
use super::page::{CAP, page};
use super::query::Query;
use super::state::State;
use crate::ids::CompanyId;

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
        "id": SANDBOX_USER_ID,
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
