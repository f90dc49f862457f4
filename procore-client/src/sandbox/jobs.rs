//! Projects, sub jobs, cost codes, cost types and time types.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::answer::{Query, Refusal, Routed, absent, bad_parameter, ok, page, refusal};
use super::directory::CAP;
use super::routes::visible;
use super::state::{CODE_LIST, CODE_SEGMENT, CompanyCode, Project, ProjectCode, State, SubJob};
use crate::ids::{CompanyId, CostCodeId, LineItemTypeId, ListId, ProjectId, StandardCostCodeId, SubJobId};
use crate::line_item_types::LineItemType;

const PROJECTS_CAP: usize = 300;
pub(super) const SEGMENT_KINDS: [(u64, &str, &str, &str); 3] = [
    (CODE_SEGMENT.get(), "cost_code", "Cost Code", "tiered"),
    (6602, "line_item_type", "Cost Type", "flat"),
    (6603, "sub_job", "Sub Job", "flat"),
];

/// Only active ones unless told otherwise (trap 13).
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
fn project(state: &State, query: &Query) -> Result<ProjectId, Refusal> {
    let id = query.required("project_id")?;
    visible(state, id).map(|_| id)
}

pub(super) fn sub_jobs(state: &State, query: &Query) -> Routed {
    let project = project(state, query)?;
    let row = |(id, sub_job): (&SubJobId, &SubJob)| json!({"id": id, "code": sub_job.code, "name": sub_job.name, "origin_id": null, "origin_data": null});
    let rows: Vec<Value> = state
        .sub_jobs
        .iter()
        .filter(|(_, sub_job)| sub_job.project == project)
        .map(row)
        .collect();
    page(state, query, CAP, &rows)
}

/// A sub job's codes only with `sub_job_id`, the project's own only without (trap 6).
pub(super) fn cost_codes(state: &State, query: &Query) -> Routed {
    let project = project(state, query)?;
    let sub_job: Option<SubJobId> = query.read("sub_job_id")?;
    if sub_job.is_some_and(|id| state.sub_jobs.get(&id).is_none_or(|sub_job| sub_job.project != project)) {
        return Err(absent());
    }
    let ids: Vec<CostCodeId> = query.filter("id")?;
    let rows: Vec<Value> = state
        .project_codes
        .iter()
        .filter(|(_, code)| code.project == project && code.sub_job == sub_job)
        .filter(|(id, _)| ids.is_empty() || ids.contains(id))
        .filter_map(|(id, code)| cost_code_row(state, *id, code))
        .collect();
    page(state, query, CAP, &rows)
}

/// One of the project's, or with `sub_job_id` one of that sub job's.
pub(super) fn cost_code(state: &State, query: &Query, id: &str) -> Routed {
    let project = project(state, query)?;
    let sub_job: Option<SubJobId> = query.read("sub_job_id")?;
    let id: CostCodeId = id.parse().map_err(|_| absent())?;
    let code = state.project_codes.get(&id);
    let own = code.filter(|code| (code.project, code.sub_job) == (project, sub_job));
    let row = own.and_then(|code| cost_code_row(state, id, code));
    Ok(ok(&row.ok_or_else(absent)?))
}

fn cost_code_row(state: &State, id: CostCodeId, code: &ProjectCode) -> Option<Value> {
    let standard = state.company_codes.get(&code.standard)?;
    let (biller_type, biller_id) = match code.sub_job {
        Some(sub_job) => ("SubJob", sub_job.get()),
        None => ("Project", code.project.get()),
    };
    let types = code
        .line_item_types
        .iter()
        .filter_map(|id| state.line_item_types.get(id))
        .map(line_item_type_row);
    Some(json!({
        "id": id,
        "code": standard.code,
        "full_code": state.full_code(standard),
        "name": standard.name,
        "biller_type": biller_type,
        "biller_id": biller_id,
        "biller_origin_id": null,
        "parent": {"id": null},
        "standard_cost_code_id": code.standard,
        "budgeted": true,
        "deleted_at": null,
        "origin_id": null,
        "origin_data": null,
        "line_item_types": types.collect::<Vec<_>>(),
    }))
}

fn line_item_type_row(kind: &LineItemType) -> Value {
    json!({
        "id": kind.id,
        "name": kind.name,
        "code": kind.code,
        "base_type": kind.base_type,
        "origin_id": null,
        "origin_data": null,
    })
}

pub(super) fn line_item_types(state: &State, query: &Query) -> Routed {
    if query.text("company_id").is_none() && query.text("project_id").is_none() {
        return Err(bad_parameter("company_id"));
    }
    let rows: Vec<Value> = state.line_item_types.values().map(line_item_type_row).collect();
    page(state, query, CAP, &rows)
}

pub(super) fn line_item_type(state: &State, query: &Query, id: &str) -> Routed {
    query.required::<CompanyId>("company_id")?;
    let kind = id
        .parse()
        .ok()
        .and_then(|id: LineItemTypeId| state.line_item_types.get(&id));
    Ok(ok(&line_item_type_row(kind.ok_or_else(absent)?)))
}

/// Not paged (reference section 8.1).
pub(super) fn time_types(state: &State) -> Response<Bytes> {
    let rows: Vec<Value> = state
        .time_types
        .iter()
        .map(|(id, kind)| json!({"id": id, "time_type": kind.label, "in_use": true}))
        .collect();
    ok(&json!(rows))
}

pub(super) fn standard_lists(state: &State, query: &Query) -> Routed {
    query.required::<CompanyId>("company_id")?;
    let row = |(id, name): (&ListId, &String)| json!({"id": id, "name": name, "available_to_use_on_new_projects": true, "is_erp_list": false});
    let lists: Vec<Value> = state.code_lists.iter().map(row).collect();
    page(state, query, CAP, &lists)
}

/// Without a view only ids (reference section 6.2).
pub(super) fn standard_codes(state: &State, query: &Query) -> Routed {
    query.required::<CompanyId>("company_id")?;
    let list = query.required::<ListId>("standard_cost_code_list_id")?;
    if !state.code_lists.contains_key(&list) {
        return Err(absent());
    }
    let full = matches!(query.text("view"), Some("compact" | "extended"));
    let row = |(id, code): (&StandardCostCodeId, &CompanyCode)| {
        if !full {
            return json!({"id": id});
        }
        json!({
            "id": id,
            "standard_cost_code_list_id": list,
            "parent_id": code.parent,
            "code": code.code,
            "full_code": state.full_code(code),
            "name": code.name,
            "origin_id": null,
            "origin_data": null,
        })
    };
    let rows: Vec<Value> = in_list(state, list).map(row).collect();
    page(state, query, CAP, &rows)
}

fn in_list(state: &State, list: ListId) -> impl Iterator<Item = (&StandardCostCodeId, &CompanyCode)> {
    state.company_codes.iter().filter(move |(_, code)| code.list == list)
}

/// The company's work breakdown structure: segments and lists are not paged, items are.
pub(super) fn structure(state: &State, query: &Query, below: &[&str]) -> Routed {
    let count = |kind: &str| match kind {
        "cost_code" => state.company_codes.len(),
        "line_item_type" => state.line_item_types.len(),
        _ => 0,
    };
    if below == ["patterns"] {
        let rows = SEGMENT_KINDS.iter().enumerate();
        let rows: Vec<Value> = rows.map(|(at, kind)| segment_row(at, *kind, count(kind.1))).collect();
        return Ok(ok(&json!({"id": 1, "description": null, "segments": rows})));
    }
    let Some(("segments", below)) = below.split_first().map(|(first, below)| (*first, below)) else {
        return Err(absent());
    };
    let Some((segment, below)) = below.split_first() else {
        let rows: Vec<Value> = SEGMENT_KINDS
            .iter()
            .enumerate()
            .map(|(at, kind)| segment_row(at, *kind, count(kind.1)))
            .collect();
        return Ok(ok(&json!(rows)));
    };
    let kind = SEGMENT_KINDS
        .iter()
        .find(|(id, ..)| id.to_string() == *segment)
        .ok_or_else(absent)?
        .1;
    match below {
        ["lists"] if kind == "cost_code" => {
            let row = |(id, name): (&ListId, &String)| {
                json!({
                    "id": id,
                    "name": name,
                    "segment_items_count": in_list(state, *id).count(),
                    "erp_integrated": false,
                    "available_to_use_on_new_projects": true,
                })
            };
            Ok(ok(&Value::from(state.code_lists.iter().map(row).collect::<Vec<_>>())))
        }
        ["lists"] => Ok(ok(&json!([]))),
        ["segment_items"] if kind == "cost_code" => code_items(state, query),
        ["segment_items"] => page(state, query, CAP, &[]),
        _ => Err(absent()),
    }
}

pub(super) fn segment_row(at: usize, (id, kind, name, structure): (u64, &str, &str, &str), count: usize) -> Value {
    json!({
        "id": id,
        "type": kind,
        "name": name,
        "position": at + 1,
        "delimiter": "-",
        "required": kind != "sub_job",
        "structure": structure,
        "segment_items_count": count,
        "project_can_modify_origin_project": true,
        "project_can_delete_origin_company": true,
        "wbs_pattern_id": 1,
    })
}

/// The items of the cost code segment. Which status answers a missing list is not documented; 400 here.
fn code_items(state: &State, query: &Query) -> Routed {
    let list = match query.read::<ListId>("segment_item_list_id")? {
        Some(list) if state.code_lists.contains_key(&list) => list,
        Some(_) => return Err(absent()),
        None => {
            let words = "segment_item_list_id is required for the cost code segment";
            return Err(refusal(StatusCode::BAD_REQUEST, words));
        }
    };
    let rows: Vec<Value> = in_list(state, list)
        .map(|(id, code)| item_row(state, *id, code))
        .collect();
    page(state, query, CAP, &rows)
}

fn item_row(state: &State, id: StandardCostCodeId, code: &CompanyCode) -> Value {
    let parent = code
        .parent
        .and_then(|parent| state.company_codes.get_key_value(&parent));
    let path: Vec<(StandardCostCodeId, &CompanyCode)> = parent
        .map(|(id, code)| (*id, code))
        .into_iter()
        .chain([(id, code)])
        .collect();
    json!({
        "id": id,
        "code": code.code,
        "name": code.name,
        "parent_id": code.parent,
        "path_ids": path.iter().map(|(id, _)| id).collect::<Vec<_>>(),
        "path_code": state.full_code(code),
        "path_codes": path.iter().map(|(_, code)| &code.code).collect::<Vec<_>>(),
        "path_names": path.iter().map(|(_, code)| &code.name).collect::<Vec<_>>(),
        "is_parent": code.parent.is_none(),
        "in_use": true,
        "status": "active",
        "segment": {"id": CODE_SEGMENT, "type": "cost_code", "name": "Cost Code"},
    })
}
