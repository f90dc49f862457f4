//! The client: addresses, credentials and the company, and how lists are read.

use std::sync::Arc;

use chrono::TimeDelta;
use http::{HeaderName, HeaderValue};
use linx_http::endpoint::Raw;
use linx_http::pagination::LinkPaging;
use linx_http::{ClientOptions, Endpoint, Engine, Error, Grant, List, Page, Paging, StoredLogin, TokenCache, address};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use url::Url;

use crate::auth::{ClientCredentials, Login};
use crate::hosts::{API_URL, LOGIN_URL};
use crate::ids::CompanyId;

/// Rows asked for per page. A list may allow fewer and lowers it (procore-api.md section 8.1, hazard A4).
const PER_PAGE: u32 = 1000;

/// A client for one company of Procore's. Cheap to clone; clones share the token and what is known of the rate limits.
#[derive(Clone)]
pub struct Client {
    company: CompanyId,
    api: Engine,
}

impl Client {
    /// Begins a client for `company`, to be finished with [`ClientBuilder::build`].
    pub fn builder(company: CompanyId) -> ClientBuilder {
        ClientBuilder {
            company,
            api_url: None,
            login_url: None,
            credentials: None,
            options: ClientOptions::of("Procore"),
        }
    }

    /// Returns the company that every request is made for.
    pub fn company(&self) -> CompanyId {
        self.company
    }

    /// Returns how far Procore's clock is ahead of the one that the builder was given, to the second, as its last answer told;
    /// less than nothing where it is behind, `None` before the first answer. Limits are kept to whatever it is (hazard D27).
    pub fn clock_difference(&self) -> Option<TimeDelta> {
        self.api.clock_difference()
    }

    /// Sends any endpoint with this client's credentials and company, within the rate limits, and returns what it
    /// answers: the way to what this crate has no method for. It is repeated only where the endpoint says that a repeat
    /// does no harm.
    ///
    /// # Errors
    ///
    /// As [every request](crate::guide::errors).
    pub async fn send<T: DeserializeOwned>(&self, endpoint: &Endpoint<T>) -> Result<T, Error> {
        Ok(self.api.send(endpoint).await?.value)
    }

    /// Reads any list that has `Link` and `Total` headers. `id` tells its rows apart, by which rows that moved between
    /// pages are noticed.
    pub fn list<T>(&self, list: Endpoint<Vec<T>>, id: fn(&T) -> String) -> List<T>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.list_by(Arc::new(LinkPaging { per_page: PER_PAGE }), list, id)
    }

    pub(crate) fn list_by<T>(&self, paging: Arc<dyn Paging>, list: Endpoint<Vec<T>>, id: fn(&T) -> String) -> List<T>
    where
        T: DeserializeOwned + Send + 'static,
    {
        List::of_json(self.api.clone(), paging, list.answering(), id)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("company", &self.company)
            .finish_non_exhaustive()
    }
}

/// A list that is documented not to page: it is asked for as it is, and followed should it page after all. That it has
/// neither `Link` nor `Total` is as it should be and leaves it whole (procore-api.md section 8.1).
pub(crate) struct Unpaged;

impl Paging for Unpaged {
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw> {
        list
    }

    fn read(&self, base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<bytes::Bytes>) -> Result<Page, Error> {
        let mut page = LinkPaging { per_page: PER_PAGE }.read(base, asked, answer)?;
        page.doubt = None;
        Ok(page)
    }
}

/// How a client gets its tokens.
#[derive(Clone)]
enum Credentials {
    Application(String, SecretString),
    Person(Arc<Login>),
}

/// Settings of a [`Client`], to be finished with [`ClientBuilder::build`].
#[derive(Clone)]
pub struct ClientBuilder {
    company: CompanyId,
    api_url: Option<Url>,
    login_url: Option<Url>,
    credentials: Option<Credentials>,
    options: ClientOptions,
}

/// Shows the company and the options: the credentials are secret.
impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("company", &self.company)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Sets the host of the API. The default is [`API_URL`].
    #[must_use]
    pub fn api_url(mut self, address: Url) -> Self {
        self.api_url = Some(address);
        self
    }

    /// Sets the host that gives tokens. The default is [`LOGIN_URL`]. Tokens of one environment are good there only.
    #[must_use]
    pub fn login_url(mut self, address: Url) -> Self {
        self.login_url = Some(address);
        self
    }

    /// Acts as an application that the company has installed, by its id and secret. Required, unless there is a
    /// [`ClientBuilder::login`].
    #[must_use]
    pub fn client_credentials(mut self, client_id: String, client_secret: SecretString) -> Self {
        self.credentials = Some(Credentials::Application(client_id, client_secret));
        self
    }

    /// Acts with the rights of the person who logged in.
    #[must_use]
    pub fn login(mut self, login: Arc<Login>) -> Self {
        self.credentials = Some(Credentials::Person(login));
        self
    }

    linx_http::client_option_setters!(options);

    /// Returns the client. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](linx_http::ErrorKind::Configuration) when something required is missing, or an
    /// address is neither HTTPS nor on this machine.
    pub fn build(self) -> Result<Client, Error> {
        let engines = self.options.engines()?;
        let missing = || self.options.missing("client id and secret, and no login");
        let credentials = self.credentials.ok_or_else(missing)?;
        let clock = Arc::clone(engines.clock());
        let api_url = self.api_url.map_or_else(|| address::parse(API_URL), Ok)?;
        let login_url = self.login_url.map_or_else(|| address::parse(LOGIN_URL), Ok)?;
        let grant: Arc<dyn Grant> = match credentials {
            Credentials::Application(client_id, client_secret) => Arc::new(ClientCredentials {
                // The login host counts requests by itself.
                login: engines.to_login(login_url).rate_limiter(Arc::default()).build()?,
                clock: Arc::clone(&clock),
                client_id,
                client_secret,
            }),
            Credentials::Person(login) => Arc::new(StoredLogin::new(login.store(), login, Arc::clone(&clock))),
        };
        let api = engines
            .to(api_url)
            .credentials(Arc::new(TokenCache::new(grant, Arc::clone(&clock))))
            .header(
                HeaderName::from_static("procore-company-id"),
                HeaderValue::from(self.company.get()),
            )
            .build()?;
        Ok(Client {
            company: self.company,
            api,
        })
    }
}
