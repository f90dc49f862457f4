//! From a request to an answer: the key, then the resource.

use std::collections::HashMap;

use bytes::Bytes;
use http::header::HeaderName;
use http::{Method, Request, Response, StatusCode};
use linx_http::host::answer::{Refusal, Routed, asked_address, set};
use serde_json::json;
use url::Url;

use super::state::State;
use super::{SANDBOX_API_KEY, SANDBOX_READ_ONLY_KEY, odata, rest};
use crate::wire::KeyWire;

/// A request as the resources see it.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) address: Url,
    pub(super) query: HashMap<String, String>,
    pub(super) body: &'a Bytes,
}

pub(super) fn answer(state: &mut State, request: &Request<Bytes>) -> Response<Bytes> {
    state.requests += 1;
    let mut response = route(state, request).unwrap_or_else(|refusal| refusal.answer());
    let id = format!("sandbox-{:08}", state.requests);
    set(&mut response, HeaderName::from_static("x-request-id"), &id);
    response
}

fn route(state: &mut State, request: &Request<Bytes>) -> Routed {
    let address = asked_address(request).ok_or_else(|| refused(StatusCode::BAD_REQUEST, "The address is none."))?;
    authorise(request)?;
    let asked = Asked {
        method: request.method(),
        query: address.query_pairs().into_owned().collect(),
        body: request.body(),
        address,
    };
    let path = asked.address.path().to_owned();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        ["odata", set] => odata::answer(state, &asked, set),
        ["v1", area, resource, below @ ..] => rest::answer(state, &asked, &format!("{area}/{resource}"), below),
        _ => Err(absent()),
    }
}

fn authorise(request: &Request<Bytes>) -> Result<(), Refusal> {
    let key = request.headers().get(&KeyWire::default().header);
    match key.and_then(|value| value.to_str().ok()) {
        Some(SANDBOX_API_KEY) => Ok(()),
        Some(SANDBOX_READ_ONLY_KEY) if request.method() == Method::GET => Ok(()),
        Some(SANDBOX_READ_ONLY_KEY) => Err(refused(StatusCode::FORBIDDEN, "This key may only read.")),
        _ => Err(refused(
            StatusCode::UNAUTHORIZED,
            "Access denied due to invalid subscription key.",
        )),
    }
}

/// A refusal with a sentence.
pub(super) fn refused(status: StatusCode, message: &str) -> Refusal {
    Refusal::new(status, json!({"message": message}))
}

/// A refusal about one property.
pub(super) fn invalid(property: &str, words: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, json!({"errors": {property: [words]}}))
}

/// 404.
pub(super) fn absent() -> Refusal {
    refused(StatusCode::NOT_FOUND, "Resource not found.")
}
