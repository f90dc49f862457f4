//! The client: addresses, the key, and what the service is taken to speak.

use std::num::NonZeroU32;
use std::sync::Arc;

use linx_http::{Clock, Endpoint, Engine, Error, ErrorKind, RateLimiter, RetryPolicy, Transport};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use url::Url;

use crate::auth::{self, Combined};
use crate::locks::RecordLocks;
use crate::wire::WireProfile;

/// The production address of the REST half (exaktime-api.md section 2).
pub const API_URL: &str = "https://api.arcoro.com";
/// The production address of the OData half (exaktime-api.md section 2).
pub const ODATA_URL: &str = "https://api.arcoro.com/odata";

/// One ExakTime account. Cheap to clone; clones share the limits, the token of a login and the locks of records.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    rest: Engine,
    odata: Engine,
    wire: WireProfile,
    locks: RecordLocks,
}

impl Client {
    /// Returns the settings of a client, to be finished with [`ClientBuilder::build`].
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            api_url: None,
            odata_url: None,
            key: None,
            wire: WireProfile::default(),
            read_only: false,
            transport: None,
            clock: None,
            retry: None,
            ceiling: None,
        }
    }

    /// Returns what the service is taken to speak.
    pub fn wire(&self) -> &WireProfile {
        &self.inner.wire
    }

    /// Returns the clock that the builder was given.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        self.inner.rest.clock()
    }

    /// Sends any request to the REST half with this client's key, limits and errors, and returns what it answers: the
    /// way to what this crate has no method for. Repeated only as far as the request says that it may be.
    ///
    /// # Errors
    ///
    /// As the service refuses it; [`ErrorKind::Unreadable`] if the answer is no `T`.
    pub async fn send<T: DeserializeOwned>(&self, endpoint: &Endpoint<T>) -> Result<T, Error> {
        Ok(self.inner.rest.send(endpoint).await?.value)
    }

    /// What reaches the REST half.
    pub(crate) fn rest(&self) -> &Engine {
        &self.inner.rest
    }

    /// What reaches the OData half.
    pub(crate) fn odata(&self) -> &Engine {
        &self.inner.odata
    }

    /// The locks of the records that are being replaced.
    pub(crate) fn locks(&self) -> &RecordLocks {
        &self.inner.locks
    }
}

/// The addresses only: the key is secret.
impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("rest", &self.inner.rest)
            .field("odata", &self.inner.odata)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Client`].
#[derive(Clone)]
pub struct ClientBuilder {
    api_url: Option<Url>,
    odata_url: Option<Url>,
    key: Option<SecretString>,
    wire: WireProfile,
    read_only: bool,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    retry: Option<RetryPolicy>,
    ceiling: Option<NonZeroU32>,
}

impl ClientBuilder {
    /// The address of the REST half; [`API_URL`] without.
    #[must_use]
    pub fn api_url(mut self, address: Url) -> Self {
        self.api_url = Some(address);
        self
    }

    /// The address of the OData half; [`ODATA_URL`] without.
    #[must_use]
    pub fn odata_url(mut self, address: Url) -> Self {
        self.odata_url = Some(address);
        self
    }

    /// The key of the account. Required.
    #[must_use]
    pub fn api_key(mut self, key: SecretString) -> Self {
        self.key = Some(key);
        self
    }

    /// What the service is taken to speak; the defaults of [`WireProfile`] without.
    #[must_use]
    pub fn wire(mut self, profile: WireProfile) -> Self {
        self.wire = profile;
        self
    }

    /// Refuses every write here, before it is sent.
    #[must_use]
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// The way to the network. Required.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// The time. Required.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// How often and how long to try again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Lets at most this many requests leave in a second, of both halves together. Without, the pace is what the
    /// service asks for.
    #[must_use]
    pub fn max_requests_per_second(mut self, requests: NonZeroU32) -> Self {
        self.ceiling = Some(requests);
        self
    }

    /// The client. Sends nothing. Errors ([`ErrorKind::Configuration`]) when something required is missing, the key
    /// cannot stand in a header, or an address is neither HTTPS nor on loopback.
    pub fn build(self) -> Result<Client, Error> {
        let transport = self.transport.ok_or_else(|| missing("transport"))?;
        let clock = self.clock.ok_or_else(|| missing("clock"))?;
        let key = self.key.ok_or_else(|| missing("API key"))?;
        let api_url = self.api_url.map_or_else(|| parse(API_URL), Ok)?;
        let odata_url = self.odata_url.map_or_else(|| parse(ODATA_URL), Ok)?;
        // Both halves are one account: a pause that one is asked for is the other's too.
        let rate_limiter = Arc::new(
            self.ceiling
                .map_or_else(RateLimiter::default, RateLimiter::most_per_second),
        );
        let engine = |address: &Url, credentials: Combined, read_only: bool| {
            let builder = Engine::builder(address.clone(), Arc::clone(&transport), Arc::clone(&clock))
                .credentials(Arc::new(credentials))
                .rate_limiter(Arc::clone(&rate_limiter))
                .read_only(read_only);
            match self.retry {
                Some(policy) => builder.retry(policy),
                None => builder,
            }
            .build()
        };
        let fixed = auth::fixed(&self.wire, &key)?;
        let credentials = match &self.wire.login {
            // A login writes nothing of the account's: a client that only reads may log in.
            Some(login) => {
                let reach = engine(&api_url, fixed.clone(), false)?;
                auth::with_login(fixed, login.clone(), key, reach, &clock)
            }
            None => fixed,
        };
        let inner = Inner {
            rest: engine(&api_url, credentials.clone(), self.read_only)?,
            odata: engine(&odata_url, credentials, self.read_only)?,
            wire: self.wire,
            locks: RecordLocks::default(),
        };
        Ok(Client { inner: Arc::new(inner) })
    }
}

fn missing(what: &str) -> Error {
    Error::not_applied(
        ErrorKind::Configuration,
        format!("the ExakTime client was given no {what}"),
    )
}

fn parse(address: &str) -> Result<Url, Error> {
    Url::parse(address)
        .map_err(|error| Error::not_applied(ErrorKind::Configuration, "the address is not a URL").caused_by(error))
}
