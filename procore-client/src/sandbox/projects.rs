//! What lies beneath one project: its directory, its tools, its work classifications, its work breakdown structure.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Query, Refusal, Routed, absent, bad_parameter, json, ok, page, refusal};
use super::directory::{CAP, person_row};
use super::jobs::{SEGMENT_KINDS, segment_row};
use super::state::{ProjectCode, State, WorkClassification};
use crate::ids::{CostCodeId, LineItemTypeId, PersonId, ProjectId, SubJobId, WbsCodeId, WorkClassificationId};
use crate::line_item_types::LineItemType;

/// The Timesheets tool, which a test may switch off.
const TIMESHEETS: &str = "timesheets";

/// The active or the inactive people of the project's directory.
pub(super) fn people(state: &State, query: &Query, project: ProjectId, active: bool) -> Routed {
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

/// A membership's id is told by its place among all of them.
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

/// Takes people without a login only (reference section 3.4). A repeat changes nothing here; what Procore does is not
/// documented.
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

/// 403 where the project's Timesheets tool is off (reference section 8.3).
pub(super) fn timesheets_on(state: &State, project: ProjectId) -> Result<(), Refusal> {
    if state.timesheets_off.contains(&project) {
        let words = "The Timesheets tool is not enabled on this project.";
        return Err(refusal(StatusCode::FORBIDDEN, words));
    }
    Ok(())
}

/// Those of the company, or of one project.
pub(super) fn work_classifications(state: &State, query: &Query, project: Option<ProjectId>) -> Routed {
    let row = |id: &WorkClassificationId, one: &WorkClassification| {
        json!({
            "id": id,
            "name": one.name,
            "abbreviation": one.abbreviation,
            "company_id": state.company,
            "deletable": true,
            "company_visible": one.projects.is_empty(),
            "project_ids": one.projects,
        })
    };
    let here =
        |one: &WorkClassification| one.projects.is_empty() || project.is_none_or(|id| one.projects.contains(&id));
    let rows: Vec<Value> = state
        .work_classifications
        .iter()
        .filter(|(_, one)| here(one))
        .map(|(id, one)| row(id, one))
        .collect();
    page(state, query, CAP, &rows)
}

/// The work breakdown structure of a project.
pub(super) fn structure(state: &State, query: &Query, project: ProjectId, below: &[&str]) -> Routed {
    match below {
        ["patterns"] => Ok(ok(
            &json!({"id": 1, "description": null, "segments": segments(state, project)}),
        )),
        ["segments"] => Ok(ok(&json!(segments(state, project)))),
        ["segments", segment, "segment_items"] => {
            let known = SEGMENT_KINDS.iter().find(|(id, ..)| id.to_string() == *segment);
            let rows = match known.ok_or_else(absent)?.1 {
                "cost_code" => code_items(state, query, project)?,
                "sub_job" => sub_job_items(state, project),
                _ => type_items(state),
            };
            page(state, query, CAP, &rows)
        }
        ["wbs_codes"] => page(state, query, CAP, &codes(state, project)),
        _ => Err(absent()),
    }
}

/// Sub jobs are in use where there are any.
fn segments(state: &State, project: ProjectId) -> Vec<Value> {
    let sub_jobs = sub_job_items(state, project).len();
    SEGMENT_KINDS
        .iter()
        .enumerate()
        .map(|(at, kind)| {
            let count = match kind.1 {
                "cost_code" => own_codes(state, project, None).count(),
                "sub_job" => sub_jobs,
                _ => state.line_item_types.len(),
            };
            let mut row = segment_row(at, *kind, count);
            row["is_included_in_project_pattern"] = json!(kind.1 != "sub_job" || sub_jobs > 0);
            row
        })
        .collect()
}

fn own_codes(
    state: &State,
    project: ProjectId,
    sub_job: Option<SubJobId>,
) -> impl Iterator<Item = (&CostCodeId, &ProjectCode)> {
    let own = move |code: &ProjectCode| (code.project, code.sub_job) == (project, sub_job);
    state.project_codes.iter().filter(move |(_, code)| own(code))
}

/// The project's own cost codes, those of one sub job, or with `include_sub_job_cost_codes` all of them (trap 6). Their
/// ids are those of the cost codes, as one integrator found (reference section 6.3).
fn code_items(state: &State, query: &Query, project: ProjectId) -> Result<Vec<Value>, Refusal> {
    let sub_job: Option<SubJobId> = query.read("legacy_sub_job_id")?;
    let all: bool = query.read("include_sub_job_cost_codes")?.unwrap_or(false);
    let wanted = |code: &ProjectCode| code.project == project && (all || code.sub_job == sub_job);
    let rows = state.project_codes.iter().filter(|(_, code)| wanted(code));
    Ok(rows.filter_map(|(id, code)| code_item(state, *id, code)).collect())
}

fn code_item(state: &State, id: CostCodeId, code: &ProjectCode) -> Option<Value> {
    let standard = state.company_codes.get(&code.standard)?;
    let whole = state.full_code(standard);
    Some(item(id.get(), &standard.code, &whole, &standard.name, 0))
}

fn sub_job_items(state: &State, project: ProjectId) -> Vec<Value> {
    let own = state.sub_jobs.iter().filter(|(_, one)| one.project == project);
    own.map(|(id, one)| item(id.get(), &one.code, &one.code, &one.name, 2))
        .collect()
}

fn type_items(state: &State) -> Vec<Value> {
    let rows = state.line_item_types.values();
    rows.map(|kind| {
        let (code, name) = (kind.code.as_deref().unwrap_or_default(), kind.name.as_deref());
        item(kind.id.get(), code, code, name.unwrap_or_default(), 1)
    })
    .collect()
}

/// An item of the segment that stands at `at`.
fn item(id: u64, code: &str, whole: &str, name: &str, at: usize) -> Value {
    let (segment, kind, segment_name, _) = SEGMENT_KINDS[at];
    json!({
        "id": id,
        "code": code,
        "name": name,
        "parent_id": null,
        "path_ids": [id],
        "path_code": whole,
        "path_codes": [code],
        "path_names": [name],
        "is_parent": false,
        "in_use": true,
        "status": "active",
        "segment": {"id": segment, "type": kind, "name": segment_name},
    })
}

/// A task code's id is made of its cost code's and its cost type's.
fn task_code(code: CostCodeId, kind: LineItemTypeId) -> WbsCodeId {
    WbsCodeId::new(code.get() * 100_000 + kind.get())
}

/// Each of the project's own cost codes with each of its cost types.
fn task_codes(state: &State, project: ProjectId) -> impl Iterator<Item = (CostCodeId, &ProjectCode, &LineItemType)> {
    own_codes(state, project, None).flat_map(move |(id, code)| {
        let types = code.line_item_types.iter();
        types.filter_map(move |kind| Some((*id, code, state.line_item_types.get(kind)?)))
    })
}

/// Whether the project has this task code.
pub(super) fn has_code(state: &State, project: ProjectId, id: WbsCodeId) -> bool {
    task_codes(state, project).any(|(code, _, kind)| task_code(code, kind.id) == id)
}

fn codes(state: &State, project: ProjectId) -> Vec<Value> {
    task_codes(state, project)
        .filter_map(|(id, code, kind)| {
            let first = code_item(state, id, code)?;
            let (code, name) = (kind.code.as_deref()?, kind.name.as_deref()?);
            let second = item(kind.id.get(), code, code, name, 1);
            Some(json!({
                "id": task_code(id, kind.id),
                "flat_code": format!("{}.{code}", first["path_code"].as_str()?),
                "flat_name": format!("{}.{name}", first["name"].as_str()?),
                "description": null,
                "status": "active",
                "segment_items": [first, second],
                "wbs_pattern_id": 1,
            }))
        })
        .collect()
}
