//! Settings of an engine.

use std::sync::Arc;

use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::send::{Engine, Settings};
use super::wait::OnWait;
use crate::address;
use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::rate_limit::RateLimiter;
use crate::retry::RetryPolicy;
use crate::transport::Transport;

/// The `User-Agent` of an engine that was given no other.
const AGENT: &str = concat!("linx/", env!("CARGO_PKG_VERSION"));

/// Settings of an [`Engine`], to be finished with [`EngineBuilder::build`].
pub struct EngineBuilder {
    settings: Settings,
}

impl Engine {
    /// Begins an engine that sends to `base` over `transport` and takes its time from `clock`.
    pub fn builder(base: Url, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> EngineBuilder {
        EngineBuilder {
            settings: Settings {
                base,
                transport,
                clock,
                credentials: None,
                headers: HeaderMap::from_iter([
                    (ACCEPT, HeaderValue::from_static("application/json")),
                    (USER_AGENT, HeaderValue::from_static(AGENT)),
                ]),
                retry: RetryPolicy::default(),
                read_only: false,
                rate_limiter: Arc::default(),
                on_wait: None,
            },
        }
    }
}

impl EngineBuilder {
    /// Authorises every request by `credentials`. By default requests carry none.
    #[must_use]
    pub fn credentials(mut self, credentials: Arc<dyn Credentials>) -> Self {
        self.settings.credentials = Some(credentials);
        self
    }

    /// Adds a header to every request.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.settings.headers.insert(name, value);
        self
    }

    /// Sets how often and how long to try again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Keeps to the limits together with the other engines of `rate_limiter`: those of the same account, which the
    /// server counts as one. By default an engine has a limiter of its own.
    #[must_use]
    pub fn rate_limiter(mut self, rate_limiter: Arc<RateLimiter>) -> Self {
        self.settings.rate_limiter = rate_limiter;
        self
    }

    /// Tells `on_wait` of every wait when it begins.
    #[must_use]
    pub fn on_wait(mut self, on_wait: OnWait) -> Self {
        self.settings.on_wait = Some(on_wait);
        self
    }

    /// Refuses every endpoint that is not a read, before it is sent.
    #[must_use]
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.settings.read_only = read_only;
        self
    }

    /// Returns the engine. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the base address is neither HTTPS nor HTTP on
    /// this machine: see [`address::check`].
    pub fn build(self) -> Result<Engine, Error> {
        address::check(&self.settings.base)?;
        Ok(Engine::new(self.settings))
    }
}
