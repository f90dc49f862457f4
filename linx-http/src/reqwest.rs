//! The production transport and the system clock: the only file that names reqwest and tokio.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::error::{Error, ErrorKind};
use crate::transport::{Sent, Transport, TransportError};

/// How long making a connection may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long a request may take from its start to the end of its answer.
const TOTAL_LIMIT: Duration = Duration::from_mins(1);

/// How many bytes of a body are read where nothing else is set: hundreds of times what either service answers at once.
const LONGEST_BODY: usize = 64 * 1024 * 1024;

/// Sends requests over the network: TLS by rustls, ten seconds to connect, a minute in all, no redirects, no retries, and
/// no body beyond a bound.
///
/// HTTPS goes through the proxy of the system, where there is one, and trusts the roots of the system. Plain HTTP is
/// for this machine and goes straight there. Runs inside a tokio runtime. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    plain: reqwest::Client,
    /// Made when it is needed: reading the system's roots takes time, and a machine may have none.
    secure: Arc<OnceLock<reqwest::Client>>,
    longest_body: usize,
}

impl ReqwestTransport {
    /// Returns a transport with connections of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] when the client cannot be set up. That the system has no TLS roots is told by the
    /// first request over HTTPS.
    pub fn new() -> Result<Self, Error> {
        let plain = settings().no_proxy().tls_certs_only([]).build().map_err(|error| {
            Error::not_applied(ErrorKind::Configuration, "the HTTP client could not be set up").caused_by(error)
        })?;
        Ok(Self {
            plain,
            secure: Arc::default(),
            longest_body: LONGEST_BODY,
        })
    }

    /// Sets how many bytes of a body are read, counted after unpacking: 2 MB of gzip can become 4 GB (hazard A18). A body
    /// beyond them is [`Failure::BodyTooLong`](crate::transport::Failure::BodyTooLong). 64 MiB unless set.
    #[must_use]
    pub fn longest_body(mut self, bytes: usize) -> Self {
        self.longest_body = bytes;
        self
    }

    fn client(&self, scheme: Option<&str>) -> Result<&reqwest::Client, reqwest::Error> {
        if scheme == Some("http") {
            return Ok(&self.plain);
        }
        if let Some(client) = self.secure.get() {
            return Ok(client);
        }
        let client = settings().build()?;
        Ok(self.secure.get_or_init(|| client))
    }
}

fn settings() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_LIMIT)
        .timeout(TOTAL_LIMIT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .gzip(true)
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let client = self.client(request.uri().scheme_str()).map_err(not_sent)?;
        let request = request.try_into().map_err(not_sent)?;
        let answer = client.execute(request).await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                not_sent(error)
            } else {
                maybe_sent(error)
            }
        })?;
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = answer.headers().clone();
        *response.body_mut() = body(answer, self.longest_body).await?;
        Ok(response)
    }
}

/// Reads a body piece by piece as it is unpacked, so that no more of it is ever held than `longest` and one piece.
async fn body(mut answer: reqwest::Response, longest: usize) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
    while let Some(piece) = answer.chunk().await.map_err(maybe_sent)? {
        if piece.len() > longest - body.len() {
            return Err(TransportError::body_too_long(longest));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

// The address is taken out of every error: its query may hold names (hazard A14).

fn not_sent(error: reqwest::Error) -> TransportError {
    if error.is_timeout() {
        TransportError::timeout(Sent::No, error.without_url())
    } else {
        TransportError::connect(error.without_url())
    }
}

fn maybe_sent(error: reqwest::Error) -> TransportError {
    if error.is_timeout() {
        TransportError::timeout(Sent::Maybe, error.without_url())
    } else {
        TransportError::interrupted(error.without_url())
    }
}

/// Tells the machine's time, counts by its monotonic clock, sleeps by tokio's timer, and draws from a fast generator that is not for secrets.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }

    fn steady(&self) -> Duration {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        BEGAN.get_or_init(Instant::now).elapsed()
    }

    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }

    fn chance(&self) -> f64 {
        fastrand::f64()
    }
}
