//! The client: addresses, the key, and what the service is taken to speak.

use std::sync::Arc;

use chrono::TimeDelta;
use linx_http::{ClientOptions, Clock, Endpoint, Engine, Error, address};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use url::Url;

use crate::auth;
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
            options: ClientOptions::of("ExakTime"),
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

    /// Returns how far the service's clock is ahead of the one that the builder was given, to the second, as its last answer
    /// told; less than nothing where it is behind, `None` before the first answer. Limits are kept to whatever it is
    /// (hazard D27).
    pub fn clock_difference(&self) -> Option<TimeDelta> {
        self.inner.rest.clock_difference()
    }

    /// Sends any request to the REST half with this client's key, limits and errors, and returns what it answers: the
    /// way to what this crate has no method for. Repeated only as far as the request says that it may be.
    ///
    /// # Errors
    ///
    /// As the service refuses it; [`Unreadable`](linx_http::ErrorKind::Unreadable) if the answer is no `T`.
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

/// Settings of a [`Client`], to be finished with [`ClientBuilder::build`].
#[derive(Clone)]
pub struct ClientBuilder {
    api_url: Option<Url>,
    odata_url: Option<Url>,
    key: Option<SecretString>,
    wire: WireProfile,
    options: ClientOptions,
}

/// Shows the options only: the key is secret.
impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Sets the address of the REST half. The default is [`API_URL`].
    #[must_use]
    pub fn api_url(mut self, address: Url) -> Self {
        self.api_url = Some(address);
        self
    }

    /// Sets the address of the OData half. The default is [`ODATA_URL`].
    #[must_use]
    pub fn odata_url(mut self, address: Url) -> Self {
        self.odata_url = Some(address);
        self
    }

    /// Sets the key of the account. Required.
    #[must_use]
    pub fn api_key(mut self, key: SecretString) -> Self {
        self.key = Some(key);
        self
    }

    /// Sets what the service is taken to speak. The default is that of [`WireProfile`].
    #[must_use]
    pub fn wire(mut self, profile: WireProfile) -> Self {
        self.wire = profile;
        self
    }

    linx_http::client_option_setters!(options);

    /// Returns the client. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](linx_http::ErrorKind::Configuration) when something required is missing, the key
    /// cannot stand in a header, or an address is neither HTTPS nor on this machine.
    pub fn build(self) -> Result<Client, Error> {
        let engines = self.options.engines()?;
        let key = self.key.ok_or_else(|| self.options.missing("API key"))?;
        let api_url = self.api_url.map_or_else(|| address::parse(API_URL), Ok)?;
        let odata_url = self.odata_url.map_or_else(|| address::parse(ODATA_URL), Ok)?;
        let fixed = auth::fixed(&self.wire, &key)?;
        let credentials = Arc::new(match &self.wire.login {
            Some(login) => {
                let engine = engines
                    .to_login(api_url.clone())
                    .credentials(Arc::new(fixed.clone()))
                    .build()?;
                auth::with_login(fixed, login.clone(), key, engine, engines.clock())
            }
            None => fixed,
        });
        // Both halves are one account: a pause that one is asked for is the other's too.
        let inner = Inner {
            rest: engines.to(api_url).credentials(credentials.clone()).build()?,
            odata: engines.to(odata_url).credentials(credentials).build()?,
            wire: self.wire,
            locks: RecordLocks::default(),
        };
        Ok(Client { inner: Arc::new(inner) })
    }
}
