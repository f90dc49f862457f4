//! A transport that answers from a script and keeps what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response};
use linx_http::{Engine, EngineBuilder, ManualClock, Transport, TransportError};
use url::Url;

pub type Answer = Result<Response<Bytes>, TransportError>;
type Script = Box<dyn FnMut(&Request<Bytes>) -> Answer + Send>;

/// Answers each request by a closure, and keeps them all.
pub struct Scripted {
    script: Mutex<Script>,
    pub requests: Mutex<Vec<Request<Bytes>>>,
}

impl Scripted {
    pub fn new(script: impl FnMut(&Request<Bytes>) -> Answer + Send + 'static) -> Arc<Self> {
        Arc::new(Self {
            script: Mutex::new(Box::new(script)),
            requests: Mutex::default(),
        })
    }

    /// Gives these answers in turn; more requests than answers are a fault of the test.
    pub fn answers(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        let mut answers: VecDeque<Answer> = answers.into_iter().collect();
        Self::new(move |_| answers.pop_front().expect("a request that the script does not know"))
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        let answer = (self.script.lock().unwrap())(&request);
        self.requests.lock().unwrap().push(request);
        answer
    }
}

pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_400_000, 0).unwrap()
}

pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(start()))
}

pub fn builder(transport: Arc<dyn Transport>, clock: &Arc<ManualClock>) -> EngineBuilder {
    let clock: Arc<ManualClock> = Arc::clone(clock);
    Engine::builder(Url::parse("https://api.example/base").unwrap(), transport, clock)
}

pub fn engine(transport: &Arc<Scripted>) -> Engine {
    builder(Arc::clone(transport) as _, &clock()).build().unwrap()
}

pub fn answer(status: u16, body: &str) -> Answer {
    with(status, &[], body)
}

pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Ok(response.body(Bytes::from(body.to_owned())).unwrap())
}

pub fn cut() -> Answer {
    Err(TransportError::interrupted("cut"))
}

pub fn unreachable() -> Answer {
    Err(TransportError::connect("refused"))
}
