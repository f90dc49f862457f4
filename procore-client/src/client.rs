//! The client: addresses, credentials and the company, and how lists are read.

use std::sync::Arc;

use http::{HeaderName, HeaderValue};
use linx_http::endpoint::Raw;
use linx_http::{
    Clock, Endpoint, Engine, Error, ErrorKind, Grant, List, Page, Paging, RetryPolicy, StoredLogin, TokenCache,
    Transport, engine::OnWait, pagination::LinkPaging,
};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use url::Url;

use crate::auth::{ClientCredentials, Login};
use crate::hosts::{API_URL, LOGIN_URL, parse};
use crate::ids::CompanyId;

/// Rows asked for per page. A list may allow fewer and lowers it (procore-api.md section 8.1, hazard A4).
const PER_PAGE: u32 = 1000;

/// One company of Procore's. Cheap to clone; clones share the token and the pacing.
#[derive(Clone)]
pub struct Client {
    company: CompanyId,
    api: Engine,
}

impl Client {
    /// A client for `company`, to be finished with [`ClientBuilder::build`].
    pub fn builder(company: CompanyId) -> ClientBuilder {
        ClientBuilder {
            company,
            api_url: None,
            login_url: None,
            credentials: None,
            on_wait: None,
            transport: None,
            clock: None,
            retry: None,
        }
    }

    /// The company that every request is made for.
    pub fn company(&self) -> CompanyId {
        self.company
    }

    /// Sends any endpoint with this client's credentials, company and pacing, and gives what it answers: the way to
    /// what this crate has no method for.
    pub async fn send<T: DeserializeOwned>(&self, endpoint: &Endpoint<T>) -> Result<T, Error> {
        Ok(self.api.send(endpoint).await?.value)
    }

    /// Reads any list that pages by `Link` and `Total`; `id` tells its rows apart.
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

/// A list that is not documented to page: it is asked for as it is, and followed should it page after all.
pub(crate) struct Unpaged;

impl Paging for Unpaged {
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw> {
        list
    }

    fn read(&self, base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<bytes::Bytes>) -> Result<Page, Error> {
        LinkPaging { per_page: PER_PAGE }.read(base, asked, answer)
    }
}

/// How a client gets its tokens.
enum Credentials {
    Application(String, SecretString),
    Person(Arc<Login>),
}

/// Settings of a [`Client`].
pub struct ClientBuilder {
    company: CompanyId,
    api_url: Option<Url>,
    login_url: Option<Url>,
    credentials: Option<Credentials>,
    on_wait: Option<OnWait>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    retry: Option<RetryPolicy>,
}

impl ClientBuilder {
    /// The host of the API; [`API_URL`] without.
    #[must_use]
    pub fn api_url(mut self, address: Url) -> Self {
        self.api_url = Some(address);
        self
    }

    /// The host that gives tokens; [`LOGIN_URL`] without. Tokens do not cross environments.
    #[must_use]
    pub fn login_url(mut self, address: Url) -> Self {
        self.login_url = Some(address);
        self
    }

    /// The id and secret of an application that the company has installed. Required, unless there is a
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

    /// Is told of every wait, for a rate limit or before another try.
    #[must_use]
    pub fn on_wait(mut self, told: OnWait) -> Self {
        self.on_wait = Some(told);
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

    /// The client. Sends nothing. Errors ([`ErrorKind::Configuration`]) when something required is missing or an
    /// address is neither HTTPS nor on loopback.
    pub fn build(self) -> Result<Client, Error> {
        let transport = self.transport.ok_or_else(|| missing("transport"))?;
        let clock = self.clock.ok_or_else(|| missing("clock"))?;
        let credentials = self
            .credentials
            .ok_or_else(|| missing("client id and secret, and no login"))?;
        let engine = |address: Option<Url>, default: &str| {
            let address = address.map_or_else(|| parse(default), Ok)?;
            let mut builder = Engine::builder(address, Arc::clone(&transport), Arc::clone(&clock));
            if let Some(policy) = self.retry {
                builder = builder.retry(policy);
            }
            if let Some(told) = &self.on_wait {
                builder = builder.on_wait(Arc::clone(told));
            }
            Ok::<_, Error>(builder)
        };
        let grant: Arc<dyn Grant> = match credentials {
            Credentials::Application(client_id, client_secret) => Arc::new(ClientCredentials {
                login: engine(self.login_url, LOGIN_URL)?.build()?,
                clock: Arc::clone(&clock),
                client_id,
                client_secret,
            }),
            Credentials::Person(login) => Arc::new(StoredLogin::new(login.store(), login, Arc::clone(&clock))),
        };
        let api = engine(self.api_url, API_URL)?
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

fn missing(what: &str) -> Error {
    Error::not_applied(
        ErrorKind::Configuration,
        format!("the Procore client was given no {what}"),
    )
}
