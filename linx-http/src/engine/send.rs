//! Sends endpoints: credentials → rate limit → send → judge → wait → again, in one place.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri};
use serde::de::DeserializeOwned;
use tracing::Instrument;
use url::{Host, Url};

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::endpoint::{Body, Endpoint, RetrySafety};
use crate::error::{Applied, Error, ErrorKind};
use crate::error_messages::error_messages;
use crate::json;
use crate::rate_limit::{self, RateLimiter};
use crate::retry::{Decision, FailedAttempt, RetryPolicy, decide};
use crate::transport::{Failure, Sent, Transport, TransportError};

/// The `User-Agent` of an engine that was given no other.
const AGENT: &str = concat!("linx/", env!("CARGO_PKG_VERSION"));
/// Requests that wait for the same reset leave spread over this span (hazard A8).
const SPREAD: Duration = Duration::from_millis(250);
/// Shorter texts are taken out of no error: they may stand in it by chance, as the word `Bearer` does.
const SHORTEST_SECRET: usize = 8;
/// How much of a server's request id is kept.
const LONGEST_REQUEST_ID: usize = 100;

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
    inner: Arc<Inner>,
}

struct Inner {
    base: Url,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    credentials: Option<Arc<dyn Credentials>>,
    headers: HeaderMap,
    retry: RetryPolicy,
    read_only: bool,
    rate_limiter: Arc<RateLimiter>,
    on_wait: Option<OnWait>,
}

/// A wait before a request leaves, told when it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Method and path of the request.
    pub operation: String,
    /// Why it waits.
    pub reason: WaitReason,
    /// How long.
    pub span: Duration,
}

/// Why a request waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    /// The rate limit is used up for now, or the server asked for a pause (hazard A8).
    RateLimit,
    /// The try before failed.
    Retry,
}

/// Is told of waits. Must return at once.
pub type OnWait = Arc<dyn Fn(&Wait) + Send + Sync>;

/// An endpoint made ready for the wire, but for its credentials.
struct Call {
    operation: String,
    retry_safety: RetrySafety,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    /// The secret values of a form.
    secrets: Vec<String>,
}

impl Call {
    fn request(&self, credentials: &[(HeaderName, HeaderValue)]) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        for (name, value) in credentials {
            request.headers_mut().insert(name, value.clone());
        }
        request
    }

    /// What a server must not get to say in an error: it may echo what was sent (hazard A14).
    fn secrets(&self, credentials: &[(HeaderName, HeaderValue)]) -> Vec<String> {
        let sent = credentials.iter().map(|(_, value)| value).chain(self.headers.values());
        let headers = sent.filter(|value| value.is_sensitive());
        headers
            .filter_map(|value| value.to_str().ok())
            .flat_map(str::split_whitespace)
            .map(str::to_owned)
            .chain(self.secrets.clone())
            .filter(|secret| secret.len() >= SHORTEST_SECRET)
            .collect()
    }

    /// What one failed try means for the data on the other side.
    fn applied(&self, attempt: FailedAttempt) -> Applied {
        let seen = match attempt {
            FailedAttempt::NotSent => false,
            FailedAttempt::MaybeSent => true,
            FailedAttempt::Answered { status, .. } => status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT,
        };
        if seen && self.retry_safety != RetrySafety::Read {
            Applied::Unknown
        } else {
            Applied::No
        }
    }
}

/// One try that did not succeed.
struct Failed {
    attempt: FailedAttempt,
    error: Error,
}

impl Failed {
    fn is_unauthorized(&self) -> bool {
        self.error.kind() == ErrorKind::Unauthorized
    }

    fn reason_to_wait(&self) -> WaitReason {
        if self.error.retry_at().is_some() {
            WaitReason::RateLimit
        } else {
            WaitReason::Retry
        }
    }
}

/// How far a call has come.
struct Progress {
    tries: u32,
    /// Unknown as soon as one try may have been applied, whatever comes of the later ones.
    applied: Applied,
    renewed: bool,
}

impl Engine {
    /// An engine for `base`, to be finished with [`EngineBuilder::build`].
    pub fn builder(base: Url, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> EngineBuilder {
        EngineBuilder {
            inner: Inner {
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

    /// The base address.
    pub fn base(&self) -> &Url {
        &self.inner.base
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Sends `endpoint` and reads the JSON answer. Errors name the field that could not be read; such an error of a
    /// write is [`Applied::Yes`](crate::Applied::Yes).
    pub async fn send<T: DeserializeOwned>(&self, endpoint: &Endpoint<T>) -> Result<Answer<T>, Error> {
        let call = self.inner.call(endpoint)?;
        let (response, tries) = self.inner.run_in_span(&call).await?;
        let (parts, body) = response.into_parts();
        match json::read(&body) {
            Ok(value) => Ok(Answer { value, parts }),
            Err(reason) => Err(Error::not_applied(
                ErrorKind::Unreadable,
                format!("the answer could not be read: {reason}"),
            )
            .during(call.operation)
            .answered(parts.status, request_id(&parts.headers), Vec::new())
            .with_applied(if call.retry_safety == RetrySafety::Read {
                Applied::No
            } else {
                Applied::Yes
            })
            .after(tries)),
        }
    }

    /// Sends `endpoint` and gives the 2xx answer as it came.
    pub async fn send_raw<T>(&self, endpoint: &Endpoint<T>) -> Result<http::Response<Bytes>, Error> {
        let call = self.inner.call(endpoint)?;
        Ok(self.inner.run_in_span(&call).await?.0)
    }
}

/// The base address only: headers and credentials are secret.
impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("base", &self.inner.base.as_str())
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// Refuses what must not be sent and builds the rest.
    fn call<T>(&self, endpoint: &Endpoint<T>) -> Result<Call, Error> {
        let refuse = |kind, detail: &str| Error::not_applied(kind, detail).during(endpoint.operation());
        if self.read_only && endpoint.retry_safety != RetrySafety::Read {
            return Err(refuse(ErrorKind::ReadOnly, "not sent: this client only reads"));
        }
        let url = endpoint.url(&self.base);
        if url.origin() != self.base.origin() || has_login(&url) {
            return Err(refuse(
                ErrorKind::ForeignLink,
                "not sent: the server's link leads to another origin",
            ));
        }
        let uri = url
            .as_str()
            .parse()
            .map_err(|_| refuse(ErrorKind::Configuration, "not sent: HTTP cannot carry this address"))?;
        let mut headers = self.headers.clone();
        let (kind, body) = match &endpoint.body {
            Body::Empty => (None, Bytes::new()),
            Body::Json(value) => (Some("application/json"), value.to_string().into()),
            Body::Form(pairs) => (
                Some("application/x-www-form-urlencoded"),
                url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(pairs)
                    .finish()
                    .into(),
            ),
        };
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        Ok(Call {
            operation: endpoint.operation(),
            retry_safety: endpoint.retry_safety,
            method: endpoint.method.clone(),
            uri,
            headers,
            body,
            secrets: secrets_of(&endpoint.body),
        })
    }

    async fn run_in_span(&self, call: &Call) -> Result<(Response<Bytes>, u32), Error> {
        let span = tracing::debug_span!("send", operation = %call.operation);
        self.run(call).instrument(span).await
    }

    /// Tries until a 2xx answer or the end of what is safe and allowed; gives the answer and the number of tries.
    async fn run(&self, call: &Call) -> Result<(Response<Bytes>, u32), Error> {
        let mut progress = Progress {
            tries: 0,
            applied: Applied::No,
            renewed: false,
        };
        loop {
            let credentials = self
                .credentials()
                .await
                .map_err(|error| error.with_applied(progress.applied))?;
            let departure = self.depart(call, &progress).await?;
            progress.tries += 1;
            let answer = self.transport.send(call.request(&credentials)).await;
            let failed = match self.judge(call, &call.secrets(&credentials), departure, answer) {
                Ok(response) => {
                    tracing::debug!(status = response.status().as_u16(), tries = progress.tries, "answered");
                    return Ok((response, progress.tries));
                }
                Err(failed) => failed,
            };
            if call.applied(failed.attempt) == Applied::Unknown {
                progress.applied = Applied::Unknown;
            }
            if failed.is_unauthorized() && !progress.renewed && self.renew(&credentials, &progress).await? {
                progress.renewed = true;
                continue;
            }
            match decide(
                &self.retry,
                call.retry_safety,
                failed.attempt,
                progress.tries,
                self.clock.chance(),
            ) {
                Decision::Wait(span) => self.wait(call, failed.reason_to_wait(), span).await,
                Decision::Stop => return Err(failed.error.with_applied(progress.applied).after(progress.tries)),
            }
        }
    }

    async fn credentials(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        match &self.credentials {
            Some(credentials) => credentials.headers().await,
            None => Ok(Vec::new()),
        }
    }

    async fn renew(&self, refused: &[(HeaderName, HeaderValue)], progress: &Progress) -> Result<bool, Error> {
        match &self.credentials {
            Some(credentials) => credentials
                .renew(refused)
                .await
                .map_err(|error| error.with_applied(progress.applied)),
            None => Ok(false),
        }
    }

    /// Waits until the limits let the request leave, and gives its number.
    async fn depart(&self, call: &Call, progress: &Progress) -> Result<u64, Error> {
        let asked = self.clock.now();
        loop {
            let now = self.clock.now();
            let at = match self.rate_limiter.try_depart(now) {
                Ok(departure) => return Ok(departure),
                Err(at) => at,
            };
            if rate_limit::span(asked, at) > self.retry.longest_server_delay {
                return Err(
                    Error::not_applied(ErrorKind::RateLimited, "not sent: the rate limit is used up")
                        .during(&call.operation)
                        .with_applied(progress.applied)
                        .after(progress.tries)
                        .until(at),
                );
            }
            let spread = SPREAD.mul_f64(self.clock.chance().clamp(0.0, 1.0));
            self.wait(call, WaitReason::RateLimit, rate_limit::span(now, at) + spread)
                .await;
        }
    }

    async fn wait(&self, call: &Call, reason: WaitReason, span: Duration) {
        tracing::info!(?span, ?reason, "waiting");
        if let Some(told) = &self.on_wait {
            told(&Wait {
                operation: call.operation.clone(),
                reason,
                span,
            });
        }
        self.clock.sleep(span).await;
    }

    /// Takes 2xx as an answer and turns everything else into an error. The status is judged, never the body
    /// (hazard A11).
    fn judge(
        &self,
        call: &Call,
        secrets: &[String],
        departure: u64,
        answer: Result<Response<Bytes>, TransportError>,
    ) -> Result<Response<Bytes>, Failed> {
        let response = answer.map_err(|error| unanswered(call, error))?;
        let now = self.clock.now();
        let (status, headers) = (response.status(), response.headers());
        self.rate_limiter.observe(now, departure, status, headers);
        if status.is_success() {
            return Ok(response);
        }
        let asked_until = rate_limit::asked_until(now, status, headers);
        let (kind, detail) = meaning(status);
        let messages = error_messages(response.body())
            .into_iter()
            .map(|text| without(text, secrets));
        let error = Error::not_applied(kind, detail).during(&call.operation).answered(
            status,
            request_id(headers),
            messages.collect(),
        );
        Err(Failed {
            attempt: FailedAttempt::Answered {
                status,
                server_delay: asked_until.map(|at| rate_limit::span(now, at)),
            },
            error: match asked_until {
                Some(at) => error.until(at),
                None => error,
            },
        })
    }
}

fn unanswered(call: &Call, error: TransportError) -> Failed {
    let kind = match error.failure {
        Failure::Connect => ErrorKind::Connect,
        Failure::Timeout => ErrorKind::Timeout,
        Failure::Interrupted => ErrorKind::Interrupted,
    };
    let detail = match (error.failure, call.uri.authority()) {
        (Failure::Connect, Some(host)) => format!("{error} to {host}"),
        _ => error.to_string(),
    };
    let attempt = match error.sent {
        Sent::No => FailedAttempt::NotSent,
        Sent::Maybe => FailedAttempt::MaybeSent,
    };
    let failure = Error::not_applied(kind, detail).during(&call.operation);
    Failed {
        attempt,
        error: match error.source {
            Some(source) => failure.caused_by(source),
            None => failure,
        },
    }
}

/// What a status other than 2xx means (procore-api.md section 8.3).
fn meaning(status: StatusCode) -> (ErrorKind, &'static str) {
    match status.as_u16() {
        401 => (ErrorKind::Unauthorized, "the credential was not accepted"),
        403 => (ErrorKind::Forbidden, "not permitted"),
        404 => (ErrorKind::NotFound, "absent, or not visible with this credential"),
        409 => (ErrorKind::Conflict, "it exists already"),
        429 => (ErrorKind::RateLimited, "the rate limit is used up"),
        408 | 500..=599 => (ErrorKind::Unavailable, "the server could not answer"),
        300..=399 => (ErrorKind::Rejected, "redirected, which is not followed"),
        _ => (ErrorKind::Rejected, "refused"),
    }
}

/// The values of a form whose names say that they are secret, as token endpoints take them.
fn secrets_of(body: &Body) -> Vec<String> {
    let Body::Form(pairs) = body else {
        return Vec::new();
    };
    pairs
        .iter()
        .filter(|(name, _)| {
            ["secret", "token", "password", "code", "assertion"]
                .iter()
                .any(|end| name.ends_with(end))
        })
        .map(|(_, value)| value.clone())
        .collect()
}

fn without(text: String, secrets: &[String]) -> String {
    secrets.iter().fold(text, |text, secret| text.replace(secret, "…"))
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(id.chars().take(LONGEST_REQUEST_ID).collect())
}

fn has_login(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether `base` can be the address of a service: HTTPS, or HTTP on loopback, and nothing but a place.
pub fn check_base(base: &Url) -> Result<(), Error> {
    let refuse = |detail: &str| Err(Error::not_applied(ErrorKind::Configuration, detail));
    if base.scheme() != "https" && !(base.scheme() == "http" && is_loopback(base)) {
        return refuse("the address must begin with https:// (http:// only for this machine)");
    }
    if has_login(base) || base.query().is_some() || base.fragment().is_some() {
        return refuse("the address must have no login, no query and no fragment");
    }
    Ok(())
}

/// Settings of an [`Engine`].
pub struct EngineBuilder {
    inner: Inner,
}

impl EngineBuilder {
    /// Authorises every request. Without, requests go as they are.
    #[must_use]
    pub fn credentials(mut self, credentials: Arc<dyn Credentials>) -> Self {
        self.inner.credentials = Some(credentials);
        self
    }

    /// A header of every request.
    #[must_use]
    pub fn header(mut self, name: http::HeaderName, value: http::HeaderValue) -> Self {
        self.inner.headers.insert(name, value);
        self
    }

    /// How often and how long to try again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.inner.retry = policy;
        self
    }

    /// Shares what is known of the limits with other engines of the same account, or sets a ceiling of our own.
    #[must_use]
    pub fn rate_limiter(mut self, rate_limiter: Arc<RateLimiter>) -> Self {
        self.inner.rate_limiter = rate_limiter;
        self
    }

    /// Is told of every wait when it begins.
    #[must_use]
    pub fn on_wait(mut self, told: OnWait) -> Self {
        self.inner.on_wait = Some(told);
        self
    }

    /// Refuses every endpoint that is not a read, before it is sent.
    #[must_use]
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.inner.read_only = read_only;
        self
    }

    /// The engine. Errors unless the base address is HTTPS, or HTTP on loopback.
    pub fn build(self) -> Result<Engine, Error> {
        check_base(&self.inner.base)?;
        Ok(Engine {
            inner: Arc::new(self.inner),
        })
    }
}
