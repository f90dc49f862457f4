//! What authorises a request: a static header, or a token renewed one at a time.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use http::{HeaderName, HeaderValue};
use secrecy::SecretString;

use crate::clock::Clock;
use crate::error::Error;

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
    _name: HeaderName,
    _value: HeaderValue,
}

impl StaticHeader {
    /// Sends `prefix` and `key` in the header `name`. Errors when either is not a legal header.
    pub fn new(_name: &str, _prefix: &str, _key: &SecretString) -> Result<Self, Error> {
        todo!()
    }
}

/// An access token and when it ends.
#[derive(Clone)]
pub struct Token {
    /// The secret sent as `Authorization: Bearer …`.
    pub access: SecretString,
    /// When the server stops taking it.
    pub expires_at: DateTime<Utc>,
}

/// Fetches a new token; called by one task at a time.
#[async_trait]
pub trait Grant: Send + Sync {
    /// A fresh token.
    async fn fetch(&self) -> Result<Token, Error>;
}

/// Bearer tokens: renewed ahead of time, one renewal in flight, who waited takes the new one (hazard A9).
pub struct TokenCache {
    _grant: Arc<dyn Grant>,
    _clock: Arc<dyn Clock>,
    _early: Duration,
}

impl TokenCache {
    /// Tokens from `grant`, renewed two minutes before they end.
    pub fn new(_grant: Arc<dyn Grant>, _clock: Arc<dyn Clock>) -> Self {
        todo!()
    }
}
