//! Answers: JSON, refusals in Procore's shapes, pages with their headers.

use std::collections::HashMap;
use std::str::FromStr;

use bytes::Bytes;
use http::StatusCode;
use http::header::{HeaderName, LINK};
pub(super) use linx_http::sandbox::answer::{Refusal, Routed, json, ok, set};
use serde_json::{Value, json};
use url::Url;

use super::state::{ListFault, State};

/// A refusal with a sentence (reference section 8.3).
pub(super) fn refusal(status: StatusCode, words: &str) -> Refusal {
    Refusal::new(status, json!({"errors": [words]}))
}

/// 422 about one field, or about `base`.
pub(super) fn invalid(field: &str, words: &str) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, json!({"errors": {field: [words]}}))
}

/// 400 for a parameter that is missing or malformed.
pub(super) fn bad_parameter(name: &str) -> Refusal {
    let message = format!("param is missing or the value is invalid: {name}");
    Refusal::new(StatusCode::BAD_REQUEST, json!({"code": 400, "message": message}))
}

/// 404.
pub(super) fn absent() -> Refusal {
    refusal(StatusCode::NOT_FOUND, "Not Found")
}

/// The query of a request.
pub(super) struct Query {
    address: Url,
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(super) fn of(address: Url) -> Self {
        let pairs = address
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Self { address, pairs }
    }

    /// The parameter's text; the last one counts.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .rev()
            .find(|(present, _)| present == name)
            .map(|(_, value)| value.as_str())
    }

    /// The parameter read; 400 when it is there and malformed.
    pub(super) fn read<T: FromStr>(&self, name: &str) -> Result<Option<T>, Refusal> {
        self.text(name)
            .map(|text| text.parse().map_err(|_| bad_parameter(name)))
            .transpose()
    }

    /// The parameter read; 400 when it is missing or malformed.
    pub(super) fn required<T: FromStr>(&self, name: &str) -> Result<T, Refusal> {
        self.read(name)?.ok_or_else(|| bad_parameter(name))
    }

    /// A filter of several values: `filters[name]=1` and `filters[name][]=1&filters[name][]=2`. Empty when not given.
    pub(super) fn filter<T: FromStr>(&self, name: &str) -> Result<Vec<T>, Refusal> {
        let (one, many) = (format!("filters[{name}]"), format!("filters[{name}][]"));
        self.pairs
            .iter()
            .filter(|(present, _)| *present == one || *present == many)
            .map(|(_, value)| value.parse().map_err(|_| bad_parameter(&one)))
            .collect()
    }
}

/// One page of `rows`, of which the list allows at most `cap` at a time, with `Total`, `Per-Page` and `Link` (reference
/// section 8.1). A larger `per_page` is lowered in silence.
pub(super) fn page(state: &State, query: &Query, cap: usize, rows: &[Value]) -> Routed {
    let cap = state.max_per_page.map_or(cap, |lowered| lowered.min(cap)).max(1);
    let asked = query.read("per_page")?.unwrap_or(state.default_per_page);
    let per_page = asked.clamp(1, cap);
    let page: usize = query.read("page")?.unwrap_or(1).max(1);
    let fault = fault_of(state, query);
    let (first, last) = match fault {
        Some(ListFault::ForEver) => (1, usize::MAX),
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
    let here = |(path, _): &&(String, ListFault)| query.address.path().contains(path.as_str());
    state.list_faults.iter().find(here).map(|(_, fault)| fault)
}

/// The request's own address with another page.
fn link(query: &Query, page: usize, fault: Option<&ListFault>) -> Url {
    let mut address = query.address.clone();
    if let Some(ListFault::ForeignLinks(origin)) = fault {
        address = origin.clone();
        address.set_path(query.address.path());
    }
    address
        .query_pairs_mut()
        .clear()
        .extend_pairs(query.pairs.iter().filter(|(name, _)| name != "page"))
        .append_pair("page", &page.to_string());
    address
}

/// The body as a form.
pub(super) fn form(body: &Bytes) -> HashMap<String, String> {
    url::form_urlencoded::parse(body).into_owned().collect()
}
