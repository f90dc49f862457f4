//! Pages of lists with their headers, and what is wrong with them when a test wants it so.

use http::StatusCode;
use http::header::{HeaderName, LINK};
use serde_json::{Value, json};
use url::Url;

use super::answer::{Routed, json, set};
use super::query::Query;
use super::state::{ListFault, State};

/// The most rows of a page of most lists.
pub(super) const CAP: usize = 1000;

/// One page of `rows`, of which the list allows at most `cap` at a time, with `Total`, `Per-Page` and `Link`
/// (procore-api.md section 8.1). A larger `per_page` is lowered in silence.
pub(super) fn page(state: &State, query: &Query, cap: usize, rows: &[Value]) -> Routed {
    let cap = state.max_per_page.map_or(cap, |lowered| lowered.min(cap)).max(1);
    let asked = query.read("per_page")?.unwrap_or(state.default_per_page);
    let per_page = asked.clamp(1, cap);
    let page: usize = query.read("page")?.unwrap_or(1).max(1);
    let fault = fault_of(state, query);
    let (first, last) = match fault {
        Some(ListFault::Endless) => (1, usize::MAX),
        _ => (page, rows.len().div_ceil(per_page).max(1)),
    };
    let here: Vec<&Value> = rows
        .iter()
        .skip((first - 1).saturating_mul(per_page))
        .take(per_page)
        .collect();
    let mut response = json(StatusCode::OK, &json!(here));
    let total = match fault {
        Some(ListFault::NoTotal) => None,
        Some(ListFault::WrongTotal(total)) => Some(*total),
        _ => Some(rows.len()),
    };
    if let Some(total) = total {
        set(&mut response, HeaderName::from_static("total"), &total.to_string());
    }
    set(
        &mut response,
        HeaderName::from_static("per-page"),
        &per_page.to_string(),
    );
    let links: Vec<String> = [
        (page > 1, "first", 1),
        (page > 1, "prev", page - 1),
        (page < last, "next", page + 1),
        (page < last, "last", last),
    ]
    .into_iter()
    .filter(|(present, ..)| *present)
    .map(|(_, rel, number)| format!("<{}>; rel=\"{rel}\"", link(query, number, fault)))
    .collect();
    if !links.is_empty() {
        set(&mut response, LINK, &links.join(", "));
    }
    Ok(response)
}

/// What is wrong with the list that is asked for.
fn fault_of<'a>(state: &'a State, query: &Query) -> Option<&'a ListFault> {
    let here = |(path, _): &&(String, ListFault)| query.path().contains(path.as_str());
    state.list_faults.iter().find(here).map(|(_, fault)| fault)
}

/// The address of another page of the list that is asked for.
fn link(query: &Query, page: usize, fault: Option<&ListFault>) -> Url {
    let host = match fault {
        Some(ListFault::ForeignLinks(origin)) => Some(origin),
        _ => None,
    };
    query.address_of_page(page, host)
}
