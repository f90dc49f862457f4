//! The production transport and the system clock: the only file that names reqwest and tokio.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::error::{Error, ErrorKind};
use crate::transport::{Sent, Transport, TransportError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TOTAL_TIMEOUT: Duration = Duration::from_mins(1);

/// Sends requests over the network, by reqwest and rustls. Redirects are not followed, so that no credential can
/// travel along (hazard A7). Needs a tokio runtime.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: ::reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with a pool of its own. Ten seconds to connect, a minute for the whole answer. Errors when the
    /// machine has no usable TLS roots.
    pub fn new() -> Result<Self, Error> {
        let client = ::reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(::reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Configuration, "the HTTP client could not be set up").caused_by(error)
            })?;
        Ok(Self { client })
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let request = ::reqwest::Request::try_from(request).map_err(failure)?;
        let answer = self.client.execute(request).await.map_err(failure)?;
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        *response.body_mut() = answer.bytes().await.map_err(failure)?;
        Ok(response)
    }
}

/// Only what fails while connecting surely never left. The address stays out of the text: its query may hold names.
fn failure(error: ::reqwest::Error) -> TransportError {
    let sent = if error.is_connect() || error.is_builder() {
        Sent::No
    } else {
        Sent::Maybe
    };
    let timeout = error.is_timeout();
    let error = error.without_url();
    match (timeout, sent) {
        (true, sent) => TransportError::timeout(sent, error),
        (false, Sent::No) => TransportError::connect(error),
        (false, Sent::Maybe) => TransportError::interrupted(error),
    }
}

/// The machine's clock and chance. Needs a tokio runtime to sleep.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }

    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }

    fn chance(&self) -> f64 {
        fastrand::f64()
    }
}
