//! How requests are authorised: the key in a header, as a bearer token, exchanged for one, or several of these at once.
//!
//! Which of them the service wants is not published (exaktime-api.md section 2): [`KeyWire`](crate::wire::KeyWire) and
//! [`LoginWire`] name it, and hold no secret.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use linx_http::endpoint::Raw;
use linx_http::{Clock, Credentials, Endpoint, Engine, Error, ErrorKind, Grant, StaticHeader, Token, TokenCache};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::request::endpoint;
use crate::wire::{LoginMethod, LoginWire, WireProfile};

/// What `key` is sent as on every request that needs no login: headers of fixed value.
pub(crate) fn fixed(wire: &WireProfile, key: &SecretString) -> Result<Combined, Error> {
    let mut parts: Vec<Arc<dyn Credentials>> = Vec::new();
    if !wire.key.header.is_empty() {
        parts.push(Arc::new(StaticHeader::new(&wire.key.header, &wire.key.prefix, key)?));
    }
    if wire.key.bearer {
        parts.push(Arc::new(StaticHeader::new(AUTHORIZATION.as_str(), "Bearer ", key)?));
    }
    let in_authorization =
        usize::from(wire.key.header.eq_ignore_ascii_case("authorization")) + usize::from(wire.key.bearer);
    if in_authorization + usize::from(wire.login.is_some()) > 1 {
        return Err(misconfigured("several credentials want the header Authorization"));
    }
    if parts.is_empty() && wire.login.is_none() {
        return Err(misconfigured(
            "the key is sent nowhere: neither in a header, nor as a bearer token, nor to a login",
        ));
    }
    Ok(Combined(parts))
}

/// `fixed`, and beside it the token that `login` gives for `key`; `engine` reaches the login.
pub(crate) fn with_login(
    fixed: Combined,
    login: LoginWire,
    key: SecretString,
    engine: Engine,
    clock: &Arc<dyn Clock>,
) -> Combined {
    let grant = Arc::new(Login {
        wire: login,
        key,
        engine,
        clock: Arc::clone(clock),
    });
    let mut parts = fixed.0;
    parts.push(Arc::new(TokenCache::new(grant, Arc::clone(clock))));
    Combined(parts)
}

fn misconfigured(detail: &str) -> Error {
    Error::not_applied(ErrorKind::Configuration, detail)
}

/// Several credentials at once.
#[derive(Clone)]
pub(crate) struct Combined(Vec<Arc<dyn Credentials>>);

#[async_trait]
impl Credentials for Combined {
    async fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        let mut headers = Vec::new();
        for part in &self.0 {
            headers.extend(part.headers().await?);
        }
        Ok(headers)
    }

    async fn renew(&self, refused: &[(HeaderName, HeaderValue)]) -> Result<bool, Error> {
        let mut renewed = false;
        for part in &self.0 {
            renewed |= part.renew(refused).await?;
        }
        Ok(renewed)
    }
}

/// Exchanges the key for a token that lives for a while.
struct Login {
    wire: LoginWire,
    key: SecretString,
    engine: Engine,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Grant for Login {
    async fn fetch(&self) -> Result<Token, Error> {
        let request = self.request();
        let operation = request.operation();
        // A refused login may echo the key: its words are left out (hazard A14).
        let answer = self.engine.send_raw(&request).await.map_err(silent)?;
        let unreadable = |detail: String| Error::not_applied(ErrorKind::Unreadable, detail).during(&operation);
        let body: Value = serde_json::from_slice(answer.body())
            .map_err(|_| unreadable("the login's answer is no JSON".to_owned()))?;
        let access = body.pointer(&self.wire.token).and_then(Value::as_str);
        let access = access.ok_or_else(|| unreadable(format!("the login gave no token at `{}`", self.wire.token)))?;
        Ok(Token::new(
            access.into(),
            self.clock.now() + lifetime(&self.wire, &body),
        ))
    }
}

impl Login {
    fn request(&self) -> Endpoint<Raw> {
        match self.wire.method {
            LoginMethod::Get => endpoint(Endpoint::get(""), &[&self.wire.path]),
            // Two logins leave two tokens, of which one is used.
            LoginMethod::Post if self.wire.field.is_empty() => endpoint(Endpoint::post(""), &[&self.wire.path])
                .idempotent()
                .carrying(0),
            LoginMethod::Post => endpoint(Endpoint::post(""), &[&self.wire.path])
                .idempotent()
                .carrying(0)
                .json(&json!({&self.wire.field: self.key.expose_secret()})),
        }
    }
}

/// The longest life that a token is believed to have: a year.
const LONGEST: u64 = 365 * 24 * 3600;

/// How long the token of `body` lives: what the answer tells in seconds, or what is configured.
fn lifetime(wire: &LoginWire, body: &Value) -> Duration {
    let told = body.pointer(&wire.lifetime).filter(|_| !wire.lifetime.is_empty());
    let told = told.and_then(|value| match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    });
    Duration::from_secs(told.unwrap_or(wire.seconds).min(LONGEST))
}

/// The same failure without the server's words.
fn silent(error: Error) -> Error {
    let Some(status) = error.status() else {
        return error;
    };
    let silent = Error::not_applied(error.kind(), "the login was refused")
        .during(error.operation().unwrap_or_default())
        .answered(status, error.request_id().map(str::to_owned), Vec::new())
        .with_applied(error.was_applied())
        .after(error.attempts());
    match error.retry_at() {
        Some(at) => silent.until(at),
        None => silent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a18_a_token_lives_as_long_as_is_told_or_configured_and_never_beyond_a_bound() {
        let wire = LoginWire {
            lifetime: "/data/expiresIn".to_owned(),
            seconds: 60,
            ..LoginWire::default()
        };
        for (body, seconds) in [
            (json!({"data": {"expiresIn": 900}}), 900),
            (json!({"data": {"expiresIn": "900"}}), 900),
            (json!({"data": {"expiresIn": -900}}), 60),
            (json!({"data": {}}), 60),
            (json!({"data": {"expiresIn": u64::MAX}}), LONGEST),
            (json!({"data": {"expiresIn": 8_200_000_000_000_u64}}), LONGEST),
        ] {
            assert_eq!(lifetime(&wire, &body), Duration::from_secs(seconds), "{body}");
        }
    }

    #[test]
    fn a_key_that_is_sent_nowhere_or_over_another_is_refused() {
        let key = SecretString::from("hidden-key");
        let refused = |set: fn(&mut WireProfile)| {
            let mut wire = WireProfile::default();
            set(&mut wire);
            fixed(&wire, &key).map(|_| ()).unwrap_err().kind()
        };
        assert_eq!(refused(|wire| wire.key.header.clear()), ErrorKind::Configuration);
        let twice = |wire: &mut WireProfile| {
            wire.key.header = "authorization".to_owned();
            wire.key.bearer = true;
        };
        assert_eq!(refused(twice), ErrorKind::Configuration);
        let over = |wire: &mut WireProfile| {
            wire.key.bearer = true;
            wire.login = Some(LoginWire::default());
        };
        assert_eq!(refused(over), ErrorKind::Configuration);
    }
}
