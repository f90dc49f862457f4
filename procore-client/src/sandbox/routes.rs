//! From a request to an answer: limits, tokens, the company, then the resource.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::HeaderName;
use http::{Method, Request, Response, StatusCode};
use linx_http::sandbox::answer::asked_address;

use super::access::{authorised_token, check_company, check_timesheets_tool, visible_project};
use super::answer::{Refusal, Routed, absent, bad_parameter, refusal, set};
use super::query::Query;
use super::state::{BetweenPages, State};
use super::{codes, company, directory, login, projects, timecards, timesheets, wbs};
use crate::ids::ProjectId;

pub(super) fn answer(state: &mut State, request: &Request<Bytes>, now: DateTime<Utc>) -> Response<Bytes> {
    state.requests += 1;
    let limits = state.limits();
    let routed = if state.windows.count(limits, now) {
        route(state, request, now)
    } else {
        // The text speaks of an hour for either window (procore-api.md section 8.4).
        let message = "You have surpassed the max number of requests for an hour.";
        Err(refusal(StatusCode::TOO_MANY_REQUESTS, message))
    };
    let mut response = routed.unwrap_or_else(|refusal| refusal.answer());
    let limits = state.limits();
    state.windows.write_headers(limits, &mut response);
    set(
        &mut response,
        HeaderName::from_static("x-request-id"),
        &format!("sandbox-{:08}", state.requests),
    );
    response
}

fn route(state: &mut State, request: &Request<Bytes>, now: DateTime<Utc>) -> Routed {
    let address = asked_address(request).ok_or_else(|| bad_parameter("url"))?;
    let path = address.path().to_owned();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if let ["oauth", below @ ..] = segments.as_slice() {
        return login::answer(state, request, &Query::of(address), below, now);
    }
    authorised_token(state, request, now)?;
    let query = Query::of(address);
    check_company(state, request, &query, &segments)?;
    let response = resource(state, request, &query, &segments, now)?;
    act_between_pages(state, &query, &path);
    Ok(response)
}

/// Does what people do after this page of a list.
fn act_between_pages(state: &mut State, query: &Query, path: &str) {
    let page: Option<usize> = query.text("page").and_then(|text| text.parse().ok());
    let due = |between: &BetweenPages| Some(between.page) == page && path.contains(&between.path);
    if let Some(at) = state.between_pages.iter().position(due) {
        let between = state.between_pages.remove(at);
        (between.act)(state);
    }
}

fn resource(
    state: &mut State,
    request: &Request<Bytes>,
    query: &Query,
    segments: &[&str],
    now: DateTime<Utc>,
) -> Routed {
    let read = request.method() == Method::GET;
    match segments {
        ["rest", "v1.0", "companies"] if read => company::companies(state, query),
        ["rest", "v1.0", "me"] if read => Ok(company::me(state)),
        ["rest", "v1.0", "company_configuration"] if read => company::configuration(state, query),
        ["rest", "v1.0", "settings", "permissions"] if read => Ok(company::permissions()),
        ["rest", "v1.1", "projects"] if read => projects::projects(state, query),
        ["rest", "v1.0", "sub_jobs"] if read => projects::sub_jobs(state, query),
        ["rest", "v1.0", "cost_codes"] if read => codes::cost_codes(state, query),
        ["rest", "v1.0", "cost_codes", id] if read => codes::cost_code(state, query, id),
        ["rest", "v1.0", "line_item_types", id] if read => codes::line_item_type(state, query, id),
        ["rest", "v1.0", "app_installations"] if read => company::installations(state, query),
        ["rest", "v1.0", "standard_cost_code_lists"] if read => codes::standard_lists(state, query),
        ["rest", "v1.0", "standard_cost_codes"] if read => codes::standard_codes(state, query),
        ["rest", "v1.0", "line_item_types"] if read => codes::line_item_types(state, query),
        ["rest", "v1.3", "companies", _, "users"] if read => directory::users(state, query),
        ["rest", "v1.3", "companies", _, "users", user] if read => directory::user(state, user),
        ["rest", "v1.0", "companies", _, rest @ ..] => match rest {
            ["people"] if read => directory::people(state, query, true),
            ["people", "inactive"] if read => directory::people(state, query, false),
            ["work_classifications"] if read => codes::work_classifications(state, query, None),
            ["timecard_time_types"] if read => Ok(codes::time_types(state)),
            ["work_breakdown_structure", below @ ..] if read => wbs::of_company(state, query, below),
            ["rounding_configuration"] if read => Ok(company::rounding(state)),
            ["timesheets"] if request.method() == Method::POST => timesheets::bulk_create(state, request.body(), now),
            ["timesheets"] if request.method() == Method::PATCH => timesheets::bulk_update(state, request.body(), now),
            ["timecard_entries", below @ ..] => timecards::answer(state, request, query, below, now),
            _ => Err(absent()),
        },
        ["rest", version, "projects", project, below @ ..] => {
            let project = known_project(state, project)?;
            in_project(state, request, query, project, version, below, now)
        }
        _ => Err(absent()),
    }
}

/// Answers requests beneath a project.
fn in_project(
    state: &mut State,
    request: &Request<Bytes>,
    query: &Query,
    project: ProjectId,
    version: &str,
    below: &[&str],
    now: DateTime<Utc>,
) -> Routed {
    let read = request.method() == Method::GET;
    match (version, below) {
        ("v1.0", ["timecard_entries"]) if read => timecards::of_project(state, query, project, now),
        ("v1.0", ["people"]) if read => directory::project_people(state, query, project, true),
        ("v1.0", ["people", "inactive"]) if read => directory::project_people(state, query, project, false),
        ("v1.0", ["project_memberships"]) if read => directory::memberships(state, query, project),
        ("v1.0", ["project_memberships"]) if request.method() == Method::POST => {
            directory::add_member(state, project, request.body())
        }
        ("v1.0", ["tools"]) if read => projects::tools(state, query, project),
        ("v1.0", ["work_classifications"]) if read => codes::work_classifications(state, query, Some(project)),
        ("v1.0", ["work_breakdown_structure", below @ ..]) if read => wbs::of_project(state, query, project, below),
        ("v1.0", ["timesheets", below @ ..]) => {
            check_timesheets_tool(state, project)?;
            timesheets::of_project(state, request, query, project, below, now)
        }
        ("v1.1", ["project_timecard_entries", "bulk_create"]) if request.method() == Method::POST => {
            timecards::bulk_create(state, project, request.body(), now)
        }
        _ => Err(absent()),
    }
}

/// The project of a path, which must exist and be visible.
fn known_project(state: &State, text: &str) -> Result<ProjectId, Refusal> {
    let project = text.parse().map_err(|_| absent())?;
    visible_project(state, project).map(|_| project)
}
