//! Keys, and the tokens that a login gives for them.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::AUTHORIZATION;
use http::{Method, Request, StatusCode};
use linx_http::sandbox::answer::{Refusal, Routed, ok};
use serde_json::{Value, json};

use super::dialect::Translator;
use super::request::refused;
use super::state::{State, Token};
use crate::object::Object;
use crate::wire::{LoginMethod, LoginWire};

/// The key that the sandbox knows and that may read and write. Not a secret: it opens nothing but this imitation.
pub const SANDBOX_API_KEY: &str = "linx-sandbox-key";
/// A key that may only read: a write is refused with 403.
pub const SANDBOX_READ_ONLY_KEY: &str = "linx-sandbox-read-only-key";

/// How long a token of the login lives, in seconds.
const TOKEN_LIFE: i64 = 900;

/// Returns the key that came in the header, if the dialect has it come there; a wrong one is refused.
pub(super) fn key(translator: &Translator, request: &Request<Bytes>) -> Result<Option<&'static str>, Refusal> {
    let wire = &translator.dialect.wire.key;
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

/// Answers a login with a token for the key, which stands in the body or, for a `GET`, in the header.
pub(super) fn log_in(
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

/// Returns the key that the token of a request stands for.
pub(super) fn token(state: &State, request: &Request<Bytes>, now: DateTime<Utc>) -> Result<&'static str, Refusal> {
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

pub(super) fn authorise(key: &str, method: &Method) -> Result<(), Refusal> {
    if key == SANDBOX_READ_ONLY_KEY && *method != Method::GET {
        return Err(refused(StatusCode::FORBIDDEN, "This key may only read."));
    }
    Ok(())
}

pub(super) fn unknown_key() -> Refusal {
    refused(
        StatusCode::UNAUTHORIZED,
        "Access denied due to invalid subscription key.",
    )
}
