//! From a request to an answer: the key or a token, then the resource. Names are translated here and nowhere else.

use std::collections::HashMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{HeaderName, LOCATION};
use http::{Request, Response, StatusCode};
use linx_http::sandbox::answer::{Routed, asked_address, set};
use serde_json::Value;

use super::dialect::Translator;
use super::login::{authorise, key, log_in, token, unknown_key};
use super::request::{Asked, absent, refused};
use super::state::State;
use super::{odata, rest};
use crate::object::Object;

pub(super) fn answer(
    state: &mut State,
    translator: &Translator,
    request: &Request<Bytes>,
    now: DateTime<Utc>,
) -> Response<Bytes> {
    state.requests += 1;
    let mut response = route(state, translator, request, now).unwrap_or_else(|refusal| refusal.answer());
    let id = format!("sandbox-{:08}", state.requests);
    set(&mut response, HeaderName::from_static("x-request-id"), &id);
    response
}

fn route(state: &mut State, translator: &Translator, request: &Request<Bytes>, now: DateTime<Utc>) -> Routed {
    let address = asked_address(request).ok_or_else(|| refused(StatusCode::BAD_REQUEST, "The address is none."))?;
    let key = key(translator, request)?;
    if let Some(login) = &translator.dialect.wire.login {
        if address.path() == login.path {
            return log_in(state, login, key, request, now);
        }
        authorise(token(state, request, now)?, request.method())?;
    } else {
        authorise(key.ok_or_else(unknown_key)?, request.method())?;
    }
    let query: HashMap<String, String> = address.query_pairs().into_owned().collect();
    let path = address.path().to_owned();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut asked = Asked {
        method: request.method(),
        query,
        body: request.body().clone(),
        address,
    };
    if let ["odata", set] = segments.as_slice() {
        return odata::answer(state, translator, &asked, set);
    }
    let (resource, below) = rest::find(translator, &segments).ok_or_else(absent)?;
    let groups = rest::groups(resource, &below);
    let below: Vec<String> = below
        .iter()
        .map(|segment| translator.id_text_as_stored(segment))
        .collect();
    let below: Vec<&str> = below.iter().map(String::as_str).collect();
    asked.query = translator.query_as_stored(groups, asked.query);
    if let Ok(body) = serde_json::from_slice::<Object>(&asked.body) {
        asked.body = Value::Object(translator.as_stored(groups, body)).to_string().into();
    }
    let answer = rest::answer(state, &asked, resource, &below)?;
    Ok(in_dialect(translator, groups, answer))
}

/// Returns an answer in the dialect.
fn in_dialect(translator: &Translator, groups: &[&str], answer: Response<Bytes>) -> Response<Bytes> {
    let (mut parts, body) = answer.into_parts();
    let record = |value: Value| match value {
        Value::Object(record) => Value::Object(translator.in_dialect(groups, record)),
        other => other,
    };
    let body = match serde_json::from_slice(&body).unwrap_or(Value::Null) {
        Value::Array(rows) => translator.enclose(rows.into_iter().map(record).collect()),
        other => record(other),
    };
    let place = parts.headers.get(LOCATION).and_then(|place| place.to_str().ok());
    if let Some((list, id)) = place.and_then(|place| place.rsplit_once('/')) {
        let id = match translator.id_in_dialect(Value::from(id)) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let place = format!("{list}/{id}");
        parts.headers.remove(LOCATION);
        let mut response = Response::from_parts(parts, Bytes::from(body.to_string()));
        set(&mut response, LOCATION, &place);
        return response;
    }
    Response::from_parts(parts, Bytes::from(body.to_string()))
}
