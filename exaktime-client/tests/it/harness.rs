//! A client and the sandbox that it talks to, on a clock that stands still.

use std::sync::Arc;

use chrono::NaiveDate;
use exaktime_client::sandbox::{Dialect, SANDBOX_API_KEY, Sandbox};
use exaktime_client::{Client, ClientBuilder};
use linx_http::sandbox::{Fault, Faults, InProcess, Order, Traffic};
use linx_http::{ManualClock, Transport, TransportError};

pub struct Harness {
    pub sandbox: Arc<Sandbox>,
    pub client: Client,
    pub faults: Faults,
    pub traffic: Traffic,
    pub clock: Arc<ManualClock>,
    pub transport: Arc<dyn Transport>,
}

impl Harness {
    pub fn contractor(dialect: &Dialect) -> Self {
        Self::with(dialect, |builder| builder)
    }

    /// A client configured for the dialect that its sandbox speaks; `set` configures it further.
    pub fn with(dialect: &Dialect, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-17T12:00:00Z".parse().unwrap()));
        let sandbox = Arc::new(Sandbox::contractor().with_dialect(dialect.clone()));
        let host = InProcess::new(sandbox.clone(), clock.clone());
        let (faults, traffic) = (host.faults(), host.traffic());
        let transport: Arc<dyn Transport> = Arc::new(Hesitant(host));
        let builder = Client::builder()
            .api_key(SANDBOX_API_KEY.into())
            .wire(dialect.wire.clone())
            .transport(transport.clone())
            .clock(clock.clone());
        Self {
            sandbox,
            client: set(builder).build().unwrap(),
            faults,
            traffic,
            clock,
            transport,
        }
    }

    /// The client's id of what the sandbox's tables have under `own`.
    pub fn id(&self, own: &str) -> String {
        self.sandbox.id_in_dialect(own)
    }

    pub fn count(&self, method: &http::Method, path: &str) -> usize {
        self.traffic.count(Some(method), path)
    }
}

/// Makes tests of functions that take a dialect: one for each, the second by configuration alone.
macro_rules! in_both_dialects {
    ($($name:ident),+ $(,)?) => {
        crate::harness::in_both_dialects!(@ assumed, $($name),+);
        crate::harness::in_both_dialects!(@ other, $($name),+);
    };
    (@ $dialect:ident, $($name:ident),+) => {
        mod $dialect {
            $(#[tokio::test]
            async fn $name() {
                super::$name(exaktime_client::sandbox::Dialect::$dialect()).await;
            })+
        }
    };
}
pub(crate) use in_both_dialects;

/// Lets others go first, as a network does: without it nothing would ever interleave.
struct Hesitant(InProcess);

#[async_trait::async_trait]
impl Transport for Hesitant {
    async fn send(&self, request: http::Request<bytes::Bytes>) -> Result<http::Response<bytes::Bytes>, TransportError> {
        tokio::task::yield_now().await;
        self.0.send(request).await
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// One fault for the first request of a method and path.
pub fn first(method: http::Method, path: &str, fault: Fault) -> Order {
    Order {
        method: Some(method),
        path: path.into(),
        after: 0,
        times: 1,
        fault,
    }
}

pub fn answer(status: u16, body: &'static str) -> http::Response<bytes::Bytes> {
    http::Response::builder().status(status).body(body.into()).unwrap()
}
