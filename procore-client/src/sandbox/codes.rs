//! What hours are booked to: cost codes, cost types, time types, work classifications.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::answer::{Routed, absent, bad_parameter, ok};
use super::page::{CAP, page};
use super::projects::project;
use super::query::Query;
use super::state::State;
use super::tables::{CompanyCode, ProjectCode, WorkClassification};
use super::wbs;
use crate::ids::{
    CompanyId, CostCodeId, LineItemTypeId, ListId, ProjectId, StandardCostCodeId, SubJobId, WorkClassificationId,
};
use crate::line_item_types::LineItemType;

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

/// Not paged (procore-api.md section 8.1).
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
    let row = |(id, name): (&ListId, &String)| {
        json!({
            "id": id,
            "name": name,
            "available_to_use_on_new_projects": true,
            "is_erp_list": false,
        })
    };
    let lists: Vec<Value> = state.code_lists.iter().map(row).collect();
    page(state, query, CAP, &lists)
}

/// Without a view only ids (procore-api.md section 6.2).
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
    let rows: Vec<Value> = wbs::in_list(state, list).map(row).collect();
    page(state, query, CAP, &rows)
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
