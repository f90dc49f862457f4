//! What authorises a request: a static header, or a token renewed one at a time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::lock::Mutex;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::error::{Error, ErrorKind};
use crate::pace::span;

/// The headers that authorise requests, and their renewal.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// The headers of the next request, their values marked sensitive. Fetches or renews ahead of time where needed.
    async fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error>;

    /// Called once for a request that was answered 401 with these headers. `Ok(true)` if another credential is there
    /// now and the request is worth one more try; `Ok(false)` if there is nothing to renew.
    async fn renew(&self, refused: &[(HeaderName, HeaderValue)]) -> Result<bool, Error>;
}

/// One header with a fixed secret, as an API key is sent.
pub struct StaticHeader {
    name: HeaderName,
    value: HeaderValue,
}

impl StaticHeader {
    /// Sends `prefix` and `key` in the header `name`. Errors when either is not a legal header.
    pub fn new(name: &str, prefix: &str, key: &SecretString) -> Result<Self, Error> {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| {
            Error::new(ErrorKind::Configuration, "the credential's header has no legal name").caused_by(error)
        })?;
        let value = secret_value(prefix, key)
            .ok_or_else(|| Error::new(ErrorKind::Configuration, "the credential cannot be sent in a header"))?;
        Ok(Self { name, value })
    }
}

#[async_trait]
impl Credentials for StaticHeader {
    async fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        Ok(vec![(self.name.clone(), self.value.clone())])
    }

    async fn renew(&self, _refused: &[(HeaderName, HeaderValue)]) -> Result<bool, Error> {
        Ok(false)
    }
}

/// The name only.
impl fmt::Debug for StaticHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticHeader")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// `prefix` and `secret` as a header value that is not printed; `None` if it is not a legal one.
fn secret_value(prefix: &str, secret: &SecretString) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{prefix}{}", secret.expose_secret())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// An access token and when it ends.
#[derive(Clone)]
pub struct Token {
    /// The secret sent as `Authorization: Bearer …`.
    pub access: SecretString,
    /// When the server stops taking it.
    pub expires_at: DateTime<Utc>,
}

/// The end only.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Fetches a new token; called by one task at a time.
#[async_trait]
pub trait Grant: Send + Sync {
    /// A fresh token.
    async fn fetch(&self) -> Result<Token, Error>;
}

/// How long before its end a token is renewed.
const EARLY: Duration = Duration::from_mins(2);
/// How long a token that could not be renewed early is used before the next attempt to.
const PAUSE: Duration = Duration::from_secs(15);

/// Bearer tokens: renewed ahead of time, one renewal in flight, who waited takes the new one (hazard A9).
///
/// A token that could not be renewed early is used on while it is good. One that lives shortly is renewed after half
/// its life.
pub struct TokenCache {
    grant: Arc<dyn Grant>,
    clock: Arc<dyn Clock>,
    current: Mutex<Option<Held>>,
}

struct Held {
    value: HeaderValue,
    expires_at: DateTime<Utc>,
    renew_at: DateTime<Utc>,
}

impl TokenCache {
    /// Tokens from `grant`, renewed two minutes before they end.
    pub fn new(grant: Arc<dyn Grant>, clock: Arc<dyn Clock>) -> Self {
        Self {
            grant,
            clock,
            current: Mutex::new(None),
        }
    }

    async fn fetch(&self) -> Result<Held, Error> {
        let token = self.grant.fetch().await?;
        let value = secret_value("Bearer ", &token.access)
            .ok_or_else(|| Error::new(ErrorKind::Unreadable, "the token cannot be sent in a header"))?;
        let early = EARLY.min(span(self.clock.now(), token.expires_at) / 2);
        Ok(Held {
            value,
            expires_at: token.expires_at,
            renew_at: token.expires_at - early,
        })
    }
}

#[async_trait]
impl Credentials for TokenCache {
    async fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        let mut current = self.current.lock().await;
        let now = self.clock.now();
        let value = match &mut *current {
            Some(held) if now < held.renew_at => held.value.clone(),
            slot => match (self.fetch().await, slot) {
                (Ok(fresh), slot) => slot.insert(fresh).value.clone(),
                (Err(error), Some(held)) if self.clock.now() < held.expires_at => {
                    tracing::debug!(error = %error, "the token could not be renewed early and is used on");
                    held.renew_at = self.clock.now() + PAUSE;
                    held.value.clone()
                }
                (Err(error), _) => return Err(error),
            },
        };
        Ok(vec![(AUTHORIZATION, value)])
    }

    async fn renew(&self, refused: &[(HeaderName, HeaderValue)]) -> Result<bool, Error> {
        let mut current = self.current.lock().await;
        let is_current = |held: &Held| {
            refused
                .iter()
                .any(|(name, value)| name == AUTHORIZATION && *value == held.value)
        };
        if current.as_ref().is_some_and(|held| !is_current(held)) {
            return Ok(true);
        }
        // A refused token is not used again, whatever comes of the renewal.
        *current = None;
        *current = Some(self.fetch().await?);
        Ok(true)
    }
}

/// Nothing but the name: what it holds is secret.
impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}
