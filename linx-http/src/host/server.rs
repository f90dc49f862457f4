//! A service on a loopback socket.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::{Fault, Faults, Service};
use crate::clock::Clock;

/// How long a stalled answer takes: longer than any test or client waits.
const FOR_EVER: Duration = Duration::from_hours(1);

/// A service on a loopback socket, until dropped.
///
/// A socket cannot break a connection on order: there, the cut faults are answered by an empty 502, which a client
/// has to take for the same (hazard A1).
pub struct Server {
    server: MockServer,
    faults: Faults,
}

impl Server {
    /// Listens on `127.0.0.1:port`; port 0 takes a free one. Errors when the port is taken.
    pub async fn start(service: Arc<dyn Service>, clock: Arc<dyn Clock>, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let server = MockServer::builder()
            .listener(listener)
            .disable_request_recording()
            .start()
            .await;
        let faults = Faults::default();
        let host = Host {
            service,
            clock,
            faults: faults.clone(),
        };
        Mock::given(any()).respond_with(host).mount(&server).await;
        Ok(Self { server, faults })
    }

    /// The base address, such as `http://127.0.0.1:7700`.
    pub fn address(&self) -> Url {
        let mut address = Url::parse("http://127.0.0.1").unwrap_or_else(|_| unreachable!("a constant address"));
        // Setting a port of an http address cannot fail.
        let _ = address.set_port(Some(self.server.address().port()));
        address
    }

    /// The faults of this host.
    pub fn faults(&self) -> Faults {
        self.faults.clone()
    }
}

struct Host {
    service: Arc<dyn Service>,
    clock: Arc<dyn Clock>,
    faults: Faults,
}

impl Respond for Host {
    fn respond(&self, received: &Request) -> ResponseTemplate {
        let Ok(request) = as_http(received) else {
            return ResponseTemplate::new(400);
        };
        let apply = || self.service.answer(&request, self.clock.now());
        match self.faults.meet(request.method(), request.uri().path()) {
            None => template(&apply()),
            Some(Fault::Unreachable | Fault::CutBefore) => ResponseTemplate::new(502),
            Some(Fault::CutAfter) => {
                apply();
                ResponseTemplate::new(502)
            }
            Some(Fault::Instead(response)) => template(&response),
            Some(Fault::AnswerLost(response)) => {
                apply();
                template(&response)
            }
            Some(Fault::Stall) => {
                let answer = template(&apply());
                self.faults.note_stall();
                answer.set_delay(FOR_EVER)
            }
        }
    }
}

fn as_http(received: &Request) -> Result<http::Request<Bytes>, http::Error> {
    let mut request = http::Request::builder()
        .method(received.method.clone())
        .uri(received.url.as_str());
    if let Some(headers) = request.headers_mut() {
        headers.extend(received.headers.clone());
    }
    request.body(Bytes::from(received.body.clone()))
}

fn template(response: &http::Response<Bytes>) -> ResponseTemplate {
    let kind = response
        .headers()
        .get(http::header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let mut template = ResponseTemplate::new(response.status().as_u16())
        .set_body_raw(response.body().to_vec(), kind.unwrap_or("application/json"));
    for (name, value) in response.headers() {
        if name != http::header::CONTENT_TYPE {
            template = template.append_header(name.clone(), value.clone());
        }
    }
    template
}
