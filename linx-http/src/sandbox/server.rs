//! A service on a loopback socket.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use url::Url;
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Respond, ResponseTemplate};

use super::desk::{Desk, Reply};
use super::faults::Faults;
use super::service::Service;
use super::traffic::Traffic;
use crate::clock::Clock;

/// Longer than any client waits.
const SILENCE: Duration = Duration::from_hours(1);

/// A service on a loopback socket, until dropped.
///
/// All faults are real here but one: where [`super::Fault::Unreachable`] is due the connection is made and then cut
/// before the service sees the request, so that a client takes it for [`super::Fault::CutBefore`]. The host keeps
/// a copy of each request for as long as it lives.
pub struct Server {
    desk: Arc<Desk>,
    address: Url,
    _host: MockServer,
}

impl Server {
    /// Listens on `127.0.0.1:port`; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// When the port is taken, or this process may not listen on it.
    pub async fn start(service: Arc<dyn Service>, clock: Arc<dyn Clock>, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = Url::parse(&format!("http://{}", listener.local_addr()?)).map_err(std::io::Error::other)?;
        let host = MockServer::builder()
            .listener(listener)
            .disable_request_recording()
            .start()
            .await;
        let desk = Arc::new(Desk::new(service, clock));
        let counter = Arc::new(Counter {
            desk: Arc::clone(&desk),
            address: address.clone(),
            reply: Mutex::new(None),
        });
        // The host takes one request at a time and asks the mocks in turn: the first lets the service answer and
        // stands for a cut, the second hands over what the first got.
        Mock::given(Cuts(Arc::clone(&counter)))
            .respond_with_err(|_: &wiremock::Request| std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
            .with_priority(1)
            .mount(&host)
            .await;
        Mock::given(any())
            .respond_with(Answers(counter))
            .with_priority(2)
            .mount(&host)
            .await;
        Ok(Self {
            desk,
            address,
            _host: host,
        })
    }

    /// The base address, such as `http://127.0.0.1:7700`.
    pub fn address(&self) -> Url {
        self.address.clone()
    }

    /// The faults of this host.
    pub fn faults(&self) -> Faults {
        self.desk.faults.clone()
    }

    /// The requests that came.
    pub fn traffic(&self) -> Traffic {
        self.desk.traffic.clone()
    }
}

/// Where the service is asked and its reply waits for the mock that hands it over.
struct Counter {
    desk: Arc<Desk>,
    address: Url,
    reply: Mutex<Option<(Response<Bytes>, Duration)>>,
}

impl Counter {
    /// Lets the service answer; whether the client gets to see a cut.
    fn cuts(&self, request: &wiremock::Request) -> bool {
        let answer = match self.desk.reply(&self.absolute(request)) {
            Reply::Answer(answer) => Some((answer, Duration::ZERO)),
            Reply::Slow(answer, span) => Some((answer, span)),
            Reply::Silence => None,
            Reply::Unreachable | Reply::Cut => return true,
        };
        *self.reply.lock().unwrap_or_else(PoisonError::into_inner) = answer;
        false
    }

    /// The request as the service wants it: its address on this host, as the client wrote it.
    fn absolute(&self, request: &wiremock::Request) -> Request<Bytes> {
        let mut address = self.address.clone();
        address.set_path(request.url.path());
        address.set_query(request.url.query());
        let mut absolute = Request::new(Bytes::from(request.body.clone()));
        *absolute.method_mut() = request.method.clone();
        *absolute.uri_mut() = address.as_str().parse().unwrap_or_default();
        *absolute.headers_mut() = request.headers.clone();
        absolute
    }

    fn answer(&self) -> ResponseTemplate {
        let reply = self.reply.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((answer, delay)) = reply else {
            return ResponseTemplate::new(200).set_delay(SILENCE);
        };
        let (parts, body) = answer.into_parts();
        parts
            .headers
            .iter()
            .fold(ResponseTemplate::new(parts.status), |template, (name, value)| {
                template.append_header(name, value)
            })
            .set_body_bytes(body)
            .set_delay(delay)
    }
}

struct Cuts(Arc<Counter>);

impl Match for Cuts {
    fn matches(&self, request: &wiremock::Request) -> bool {
        self.0.cuts(request)
    }
}

struct Answers(Arc<Counter>);

impl Respond for Answers {
    fn respond(&self, _request: &wiremock::Request) -> ResponseTemplate {
        self.0.answer()
    }
}
