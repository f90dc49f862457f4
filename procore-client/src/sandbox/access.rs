//! Who may ask for what: the token, the company, the projects that are permitted, the tools that are on.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::AUTHORIZATION;
use http::{Request, StatusCode};
use serde_json::json;

use super::answer::{Refusal, absent, refusal};
use super::query::Query;
use super::state::{IssuedToken, State};
use super::tables::Project;
use crate::ids::ProjectId;

/// A project that exists and that the credential may see.
pub(super) fn visible_project(state: &State, project: ProjectId) -> Result<&Project, Refusal> {
    if let Some(status) = state.hidden_projects.get(&project) {
        return Err(refusal(*status, "The project is not permitted to this application."));
    }
    state.projects.get(&project).ok_or_else(absent)
}

/// The token of a request, if it is a good one.
pub(super) fn authorised_token<'a>(
    state: &'a State,
    request: &Request<Bytes>,
    now: DateTime<Utc>,
) -> Result<&'a IssuedToken, Refusal> {
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = given.and_then(|value| value.strip_prefix("Bearer "));
    match token.and_then(|token| state.tokens.get(token)) {
        Some(token) if token.ends_at > now => Ok(token),
        _ => Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            json!({"errors": "Unauthorized"}),
        )),
    }
}

/// The company must be named by the header and be the connected one wherever it is named (procore-api.md sections 1.4,
/// 8.7).
pub(super) fn check_company(
    state: &State,
    request: &Request<Bytes>,
    query: &Query,
    segments: &[&str],
) -> Result<(), Refusal> {
    let header = request
        .headers()
        .get("procore-company-id")
        .and_then(|value| value.to_str().ok());
    let Some(header) = header else {
        let message = "Missing Procore-Company-Id header! Send the id of the company that the request is for.";
        return Err(refusal(StatusCode::BAD_REQUEST, message));
    };
    let in_path = match segments {
        ["rest", _, "companies", company, ..] => Some(*company),
        _ => None,
    };
    let ours = state.company.to_string();
    let foreign = [Some(header), in_path, query.text("company_id")]
        .into_iter()
        .flatten()
        .any(|named| named != ours);
    let uninstalled = !state.installed && segments != ["rest", "v1.0", "companies"];
    if foreign || uninstalled {
        return Err(refusal(StatusCode::FORBIDDEN, "App is not connected to this company."));
    }
    Ok(())
}

/// 403 where the project's Timesheets tool is off (procore-api.md section 8.3).
pub(super) fn check_timesheets_tool(state: &State, project: ProjectId) -> Result<(), Refusal> {
    if state.timesheets_off.contains(&project) {
        let message = "The Timesheets tool is not enabled on this project.";
        return Err(refusal(StatusCode::FORBIDDEN, message));
    }
    Ok(())
}
