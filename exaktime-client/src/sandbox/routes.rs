//! From a request to an answer: the key or a token, then the resource. Names are translated here, at the edge.

use std::collections::HashMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::{AUTHORIZATION, HeaderName, LOCATION};
use http::{Method, Request, Response, StatusCode};
use linx_http::sandbox::answer::{Refusal, Routed, asked_address, ok, set};
use serde_json::{Value, json};
use url::Url;

use super::dialect::Edge;
use super::state::{State, Token};
use super::{SANDBOX_API_KEY, SANDBOX_READ_ONLY_KEY, odata, rest};
use crate::object::Object;
use crate::wire::{LoginMethod, LoginWire};

/// How long a token of the login lives, in seconds.
const TOKEN_LIFE: i64 = 900;

/// A request as the resources see it, in the account's own words.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    /// As it was asked for, in the dialect.
    pub(super) address: Url,
    pub(super) query: HashMap<String, String>,
    pub(super) body: Bytes,
}

pub(super) fn answer(state: &mut State, edge: &Edge, request: &Request<Bytes>, now: DateTime<Utc>) -> Response<Bytes> {
    state.requests += 1;
    let mut response = route(state, edge, request, now).unwrap_or_else(|refusal| refusal.answer());
    let id = format!("sandbox-{:08}", state.requests);
    set(&mut response, HeaderName::from_static("x-request-id"), &id);
    response
}

fn route(state: &mut State, edge: &Edge, request: &Request<Bytes>, now: DateTime<Utc>) -> Routed {
    let address = asked_address(request).ok_or_else(|| refused(StatusCode::BAD_REQUEST, "The address is none."))?;
    let key = key(edge, request)?;
    if let Some(login) = &edge.dialect.wire.login {
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
        return odata::answer(state, edge, &asked, set);
    }
    let (resource, below) = rest::find(edge, &segments).ok_or_else(absent)?;
    let groups = rest::groups(resource, &below);
    let below: Vec<String> = below.iter().map(|segment| edge.hear_id_text(segment)).collect();
    let below: Vec<&str> = below.iter().map(String::as_str).collect();
    asked.query = edge.hear_query(groups, asked.query);
    if let Ok(body) = serde_json::from_slice::<Object>(&asked.body) {
        asked.body = Value::Object(edge.hear(groups, body)).to_string().into();
    }
    let answer = rest::answer(state, &asked, resource, &below)?;
    Ok(spoken(edge, groups, answer))
}

/// An answer in the dialect.
fn spoken(edge: &Edge, groups: &[&str], answer: Response<Bytes>) -> Response<Bytes> {
    let (mut parts, body) = answer.into_parts();
    let record = |value: Value| match value {
        Value::Object(record) => Value::Object(edge.speak(groups, record)),
        other => other,
    };
    let body = match serde_json::from_slice(&body).unwrap_or(Value::Null) {
        Value::Array(rows) => edge.enclose(rows.into_iter().map(record).collect()),
        other => record(other),
    };
    let place = parts.headers.get(LOCATION).and_then(|place| place.to_str().ok());
    if let Some((list, id)) = place.and_then(|place| place.rsplit_once('/')) {
        let id = match edge.speak_id(Value::from(id)) {
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

/// The key that came in the header, if the dialect has it come there; a wrong one is refused.
fn key(edge: &Edge, request: &Request<Bytes>) -> Result<Option<&'static str>, Refusal> {
    let wire = &edge.dialect.wire.key;
    let (header, prefix) = match (wire.header.as_str(), wire.bearer) {
        ("", false) => return Ok(None),
        ("", true) => (AUTHORIZATION.as_str(), "Bearer "),
        (header, _) => (header, wire.prefix.as_str()),
    };
    let sent = request.headers().get(header).and_then(|value| value.to_str().ok());
    let key = sent.and_then(|value| known(value.strip_prefix(prefix)?));
    key.map(Some).ok_or_else(unknown_key)
}

fn known(text: &str) -> Option<&'static str> {
    [SANDBOX_API_KEY, SANDBOX_READ_ONLY_KEY]
        .into_iter()
        .find(|key| *key == text)
}

/// Gives a token for the key, which stands in the body.
fn log_in(
    state: &mut State,
    login: &LoginWire,
    key: Option<&'static str>,
    request: &Request<Bytes>,
    now: DateTime<Utc>,
) -> Routed {
    let method = match login.method {
        LoginMethod::Post => Method::POST,
        LoginMethod::Get => Method::GET,
    };
    if *request.method() != method {
        return Err(refused(StatusCode::METHOD_NOT_ALLOWED, "Log in another way."));
    }
    let body: Object = serde_json::from_slice(request.body()).unwrap_or_default();
    let told = body.get(&login.field).and_then(Value::as_str).and_then(known);
    let told = if method == Method::GET || login.field.is_empty() {
        key
    } else {
        told
    };
    let key = told.ok_or_else(unknown_key)?;
    let text = format!("sandbox-token-{}", state.requests);
    state.tokens.push(Token {
        text: text.clone(),
        key,
        until: now + TimeDelta::seconds(TOKEN_LIFE),
    });
    let mut answer = json!({});
    put(&mut answer, &login.token, text.into());
    if !login.lifetime.is_empty() {
        put(&mut answer, &login.lifetime, TOKEN_LIFE.into());
    }
    Ok(ok(&answer))
}

/// Puts `value` where the JSON pointer leads, making objects on the way.
fn put(into: &mut Value, pointer: &str, value: Value) {
    let place = pointer.split('/').skip(1).fold(into, |place, name| &mut place[name]);
    *place = value;
}

/// The key that a token stands for.
fn token(state: &State, request: &Request<Bytes>, now: DateTime<Utc>) -> Result<&'static str, Refusal> {
    let sent = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.strip_prefix("Bearer "));
    let known = state
        .tokens
        .iter()
        .find(|token| Some(token.text.as_str()) == sent && now < token.until);
    known
        .map(|token| token.key)
        .ok_or_else(|| refused(StatusCode::UNAUTHORIZED, "The token is not valid."))
}

fn authorise(key: &str, method: &Method) -> Result<(), Refusal> {
    if key == SANDBOX_READ_ONLY_KEY && *method != Method::GET {
        return Err(refused(StatusCode::FORBIDDEN, "This key may only read."));
    }
    Ok(())
}

fn unknown_key() -> Refusal {
    refused(
        StatusCode::UNAUTHORIZED,
        "Access denied due to invalid subscription key.",
    )
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
