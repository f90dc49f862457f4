//! Sends endpoints: credentials → pace → send → judge → wait → again, in one place.

use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use url::Url;

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::retry::RetryPolicy;
use crate::transport::Transport;

/// An answer of status 2xx with its body read.
#[derive(Debug, Clone)]
pub struct Answer<T> {
    /// The body.
    pub value: T,
    /// Status and headers.
    pub parts: http::response::Parts,
}

/// Sends endpoints to one base address. Cheap to clone; clones share pacing and credentials.
#[derive(Clone)]
pub struct Engine {
    _inner: Arc<()>,
}

impl Engine {
    /// An engine for `base`, to be finished with [`EngineBuilder::build`].
    pub fn builder(_base: Url, _transport: Arc<dyn Transport>, _clock: Arc<dyn Clock>) -> EngineBuilder {
        todo!()
    }

    /// The base address.
    pub fn base(&self) -> &Url {
        todo!()
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        todo!()
    }

    /// Sends `endpoint` and reads the JSON answer. Errors name the field that could not be read; such an error of a
    /// write has the fate [`crate::Fate::Applied`].
    pub async fn send<T: DeserializeOwned>(&self, _endpoint: &Endpoint<T>) -> Result<Answer<T>, Error> {
        todo!()
    }

    /// Sends `endpoint` and gives the 2xx answer as it came.
    pub async fn send_raw<T>(&self, _endpoint: &Endpoint<T>) -> Result<http::Response<Bytes>, Error> {
        todo!()
    }
}

/// Settings of an [`Engine`].
pub struct EngineBuilder {
    _private: (),
}

impl EngineBuilder {
    /// Authorises every request. Without, requests go as they are.
    #[must_use]
    pub fn credentials(self, _credentials: Arc<dyn Credentials>) -> Self {
        todo!()
    }

    /// A header of every request.
    #[must_use]
    pub fn header(self, _name: http::HeaderName, _value: http::HeaderValue) -> Self {
        todo!()
    }

    /// How often and how long to try again.
    #[must_use]
    pub fn retry(self, _policy: RetryPolicy) -> Self {
        todo!()
    }

    /// Refuses every endpoint that is not a read, before it is sent.
    #[must_use]
    pub fn read_only(self, _read_only: bool) -> Self {
        todo!()
    }

    /// The engine. Errors unless the base address is HTTPS, or HTTP on loopback.
    pub fn build(self) -> Result<Engine, Error> {
        todo!()
    }
}
