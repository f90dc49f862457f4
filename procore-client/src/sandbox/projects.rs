//! Projects, their sub jobs and their tools.

use serde_json::{Value, json};

use super::access::visible_project;
use super::answer::{Refusal, Routed};
use super::page::{CAP, page};
use super::query::Query;
use super::state::{CODE_LIST, State};
use super::tables::{Project, SubJob};
use crate::ids::{CompanyId, ProjectId, SubJobId};

const PROJECTS_CAP: usize = 300;

/// Only active ones unless the query asks for others (trap 13).
pub(super) fn projects(state: &State, query: &Query) -> Routed {
    query.required::<CompanyId>("company_id")?;
    let extended = query.text("view") == Some("extended");
    let wanted = |project: &Project| match query.text("filters[by_status]") {
        Some("All") => true,
        Some("Inactive") => !project.active,
        _ => project.active,
    };
    let rows: Vec<Value> = state
        .projects
        .iter()
        .filter(|(id, project)| wanted(project) && !state.hidden_projects.contains_key(id))
        .map(|(id, project)| project_row(state, *id, project, extended))
        .collect();
    page(state, query, PROJECTS_CAP, &rows)
}

fn project_row(state: &State, id: ProjectId, project: &Project, extended: bool) -> Value {
    let (latitude, longitude) = project.position;
    let mut row = json!({
        "id": id,
        "name": project.name,
        "display_name": format!("{} - {}", project.number, project.name),
        "project_number": project.number,
        "active": project.active,
        "address": project.address,
        "city": project.city,
        "state_code": project.state,
        "zip": project.zip,
        "county": null,
        "country_code": "US",
        "latitude": latitude,
        "longitude": longitude,
        "time_zone": project.time_zone,
        "origin_id": null,
        "origin_data": null,
        "origin_code": null,
        "parent_job_id": null,
        "company": {"id": state.company, "name": state.company_name},
        "project_stage": stage_of(project),
        "total_value": null,
        "estimated_value": null,
        "is_demo": project.demo,
        "template": project.template,
    });
    if extended {
        row["tz_name"] = json!(project.tz_name);
        row["standard_cost_code_list_id"] = json!(CODE_LIST);
    }
    row
}

/// An object of nulls where there is none (trap 24).
fn stage_of(project: &Project) -> Value {
    match &project.stage {
        Some((id, name)) => json!({"id": id, "name": name}),
        None => json!({"id": null, "name": null}),
    }
}

/// The project of the query, which must exist.
pub(super) fn project(state: &State, query: &Query) -> Result<ProjectId, Refusal> {
    let id = query.required("project_id")?;
    visible_project(state, id).map(|_| id)
}

pub(super) fn sub_jobs(state: &State, query: &Query) -> Routed {
    let project = project(state, query)?;
    let row = |(id, sub_job): (&SubJobId, &SubJob)| {
        json!({
            "id": id,
            "code": sub_job.code,
            "name": sub_job.name,
            "origin_id": null,
            "origin_data": null,
        })
    };
    let rows: Vec<Value> = state
        .sub_jobs
        .iter()
        .filter(|(_, sub_job)| sub_job.project == project)
        .map(row)
        .collect();
    page(state, query, CAP, &rows)
}

/// The Timesheets tool, which a test may switch off.
const TIMESHEETS: &str = "timesheets";

pub(super) fn tools(state: &State, query: &Query, project: ProjectId) -> Routed {
    let rows = [("home", "Home"), (TIMESHEETS, "Timesheets"), ("daily_log", "Daily Log")];
    let rows: Vec<Value> = (1..)
        .zip(rows)
        .map(|(id, (engine, title))| {
            json!({
                "id": id,
                "engine_name": engine,
                "title": title,
                "is_active": engine != TIMESHEETS || !state.timesheets_off.contains(&project),
                "position": id,
                "required": engine == "home",
            })
        })
        .collect();
    page(state, query, CAP, &rows)
}
