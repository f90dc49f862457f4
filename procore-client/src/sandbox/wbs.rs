//! The work breakdown structure of the company and of its projects.

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Refusal, Routed, absent, ok, refusal};
use super::page::{CAP, page};
use super::query::Query;
use super::state::{CODE_SEGMENT, State};
use super::tables::{CompanyCode, ProjectCode};
use crate::ids::{CostCodeId, LineItemTypeId, ListId, ProjectId, StandardCostCodeId, SubJobId, WbsCodeId};
use crate::line_item_types::LineItemType;

const SEGMENT_KINDS: [(u64, &str, &str, &str); 3] = [
    (CODE_SEGMENT.get(), "cost_code", "Cost Code", "tiered"),
    (6602, "line_item_type", "Cost Type", "flat"),
    (6603, "sub_job", "Sub Job", "flat"),
];

/// The company's work breakdown structure: segments and lists are not paged, items are.
pub(super) fn of_company(state: &State, query: &Query, below: &[&str]) -> Routed {
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

fn segment_row(at: usize, (id, kind, name, structure): (u64, &str, &str, &str), count: usize) -> Value {
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
            let message = "segment_item_list_id is required for the cost code segment";
            return Err(refusal(StatusCode::BAD_REQUEST, message));
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
        "status": if code.active { "active" } else { "inactive" },
        "segment": {"id": CODE_SEGMENT, "type": "cost_code", "name": "Cost Code"},
    })
}

pub(super) fn in_list(state: &State, list: ListId) -> impl Iterator<Item = (&StandardCostCodeId, &CompanyCode)> {
    state.company_codes.iter().filter(move |(_, code)| code.list == list)
}

/// The work breakdown structure of a project.
pub(super) fn of_project(state: &State, query: &Query, project: ProjectId, below: &[&str]) -> Routed {
    match below {
        ["patterns"] => Ok(ok(
            &json!({"id": 1, "description": null, "segments": segments(state, project)}),
        )),
        ["segments"] => Ok(ok(&json!(segments(state, project)))),
        ["segments", segment, "segment_items"] => {
            let known = SEGMENT_KINDS.iter().find(|(id, ..)| id.to_string() == *segment);
            let rows = match known.ok_or_else(absent)?.1 {
                "cost_code" => project_code_items(state, query, project)?,
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
/// ids are those of the cost codes, as one integrator found (procore-api.md section 6.3).
fn project_code_items(state: &State, query: &Query, project: ProjectId) -> Result<Vec<Value>, Refusal> {
    let sub_job: Option<SubJobId> = query.read("legacy_sub_job_id")?;
    let all: bool = query.read("include_sub_job_cost_codes")?.unwrap_or(false);
    let wanted = |code: &ProjectCode| code.project == project && (all || code.sub_job == sub_job);
    let rows = state.project_codes.iter().filter(|(_, code)| wanted(code));
    Ok(rows
        .filter_map(|(id, code)| project_code_item(state, *id, code))
        .collect())
}

fn project_code_item(state: &State, id: CostCodeId, code: &ProjectCode) -> Option<Value> {
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
            let first = project_code_item(state, id, code)?;
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
