//! Tokens (procore-api.md section 1.2). Errors follow RFC 6749.

use std::collections::HashMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::LOCATION;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::access::authorised_token;
use super::answer::{Refusal, Routed, absent, bad_parameter, ok, set};
use super::application::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_USER_ID};
use super::query::Query;
use super::state::{IssuedToken, State, TOKEN_LIFE};

/// How long a code waits to be turned into tokens.
const CODE_LIFE: chrono::Duration = chrono::Duration::minutes(10);

pub(super) fn answer(
    state: &mut State,
    request: &Request<Bytes>,
    query: &Query,
    below: &[&str],
    now: DateTime<Utc>,
) -> Routed {
    match (request.method(), below) {
        (&Method::GET, ["authorize"]) => authorize(state, query, now),
        (&Method::POST, ["token"]) => token(state, request.body(), now),
        (&Method::GET, ["token", "info"]) => info(state, request, now),
        (&Method::POST, ["revoke"]) => Ok(revoke(state, request.body())),
        _ => Err(absent()),
    }
}

/// The page on which a person agrees; here everybody does at once.
fn authorize(state: &mut State, query: &Query, now: DateTime<Utc>) -> Routed {
    if query.text("client_id") != Some(SANDBOX_CLIENT_ID) || query.text("response_type") != Some("code") {
        return Err(bad_parameter("client_id"));
    }
    let back: String = query.required("redirect_uri")?;
    let code = format!("sandbox-code-{:06}", state.tokens_issued);
    state.tokens_issued += 1;
    state.codes.insert(code.clone(), now + CODE_LIFE);
    let Ok(mut back) = Url::parse(&back) else {
        return Err(bad_parameter("redirect_uri"));
    };
    if back.cannot_be_a_base() {
        return Ok(ok(&json!({"code": code})));
    }
    back.query_pairs_mut().append_pair("code", &code);
    if let Some(state) = query.text("state") {
        back.query_pairs_mut().append_pair("state", state);
    }
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::FOUND;
    set(&mut answer, LOCATION, back.as_str());
    Ok(answer)
}

fn token(state: &mut State, body: &Bytes, now: DateTime<Utc>) -> Routed {
    let form = form(body);
    let value = |name: &str| form.get(name).map_or("", String::as_str);
    if (value("client_id"), value("client_secret")) != (SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET) {
        let message = "Client authentication failed: unknown client id or wrong secret.";
        return Err(refused(StatusCode::UNAUTHORIZED, "invalid_client", message));
    }
    let gone = || {
        let message = "The code or refresh token is unknown, used, revoked or too old.";
        refused(StatusCode::BAD_REQUEST, "invalid_grant", message)
    };
    match value("grant_type") {
        "client_credentials" => Ok(issue(state, false, now)),
        "authorization_code" => {
            let end = state.codes.remove(value("code")).ok_or_else(gone)?;
            if end <= now {
                return Err(gone());
            }
            Ok(issue(state, true, now))
        }
        "refresh_token" => {
            // It is used up by being looked at, also when the answer is lost.
            let spent = value("refresh_token");
            let holder = |token: &IssuedToken| token.refresh.as_deref() == Some(spent);
            let before = state.tokens.len();
            state.tokens.retain(|_, token| !holder(token));
            if state.tokens.len() == before {
                return Err(gone());
            }
            Ok(issue(state, true, now))
        }
        _ => {
            let message = "The authorization grant type is not supported.";
            Err(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", message))
        }
    }
}

/// A new token; a person's comes with the one that follows it.
fn issue(state: &mut State, person: bool, now: DateTime<Utc>) -> Response<Bytes> {
    state.tokens_issued += 1;
    let access = format!("sandbox-token-{:06}", state.tokens_issued);
    let refresh = person.then(|| format!("sandbox-refresh-{:06}", state.tokens_issued));
    let mut body = json!({
        "access_token": access,
        "token_type": "bearer",
        "expires_in": TOKEN_LIFE.num_seconds(),
        "created_at": now.timestamp(),
    });
    if let Some(refresh) = &refresh {
        body["refresh_token"] = refresh.as_str().into();
    }
    // A refresh token outlives its access token.
    state
        .tokens
        .retain(|_, token| token.ends_at > now || token.refresh.is_some());
    let given = IssuedToken {
        ends_at: now + TOKEN_LIFE,
        refresh,
    };
    state.tokens.insert(access, given);
    ok(&body)
}

fn info(state: &State, request: &Request<Bytes>, now: DateTime<Utc>) -> Routed {
    let token = authorised_token(state, request, now)?;
    Ok(ok(&json!({
        "resource_owner_id": SANDBOX_USER_ID,
        "scopes": [],
        "expires_in_seconds": (token.ends_at - now).num_seconds(),
        "application": {"uid": SANDBOX_CLIENT_ID},
        "created_at": (token.ends_at - TOKEN_LIFE).timestamp(),
    })))
}

/// 200 also for a token that is dead already.
fn revoke(state: &mut State, body: &Bytes) -> Response<Bytes> {
    let form = form(body);
    let token = form.get("token").map_or("", String::as_str);
    state
        .tokens
        .retain(|access, given| access != token && given.refresh.as_deref() != Some(token));
    ok(&Value::Object(serde_json::Map::new()))
}

fn refused(status: StatusCode, error: &str, message: &str) -> Refusal {
    Refusal::new(status, json!({"error": error, "error_description": message}))
}

/// The body as a form.
fn form(body: &Bytes) -> HashMap<String, String> {
    url::form_urlencoded::parse(body).into_owned().collect()
}
