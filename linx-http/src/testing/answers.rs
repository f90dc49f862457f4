//! Answers as texts: the head and the body in one, so that both can be spoiled.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use serde_json::Value;

use super::shown::PRIVATE;
use crate::transport::{Transport, TransportError};

/// What parts the head from the body.
const BREAK: &[u8] = b"\r\n\r\n";

/// An answer as it goes over the wire: `HTTP/1.1 200`, the headers, a blank line, the body.
fn message(answer: &Response<Bytes>) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {}", answer.status().as_u16()).into_bytes();
    for (name, value) in answer.headers() {
        text.extend_from_slice(format!("\r\n{name}: ").as_bytes());
        text.extend_from_slice(value.as_bytes());
    }
    text.extend_from_slice(BREAK);
    match serde_json::from_slice(answer.body()) {
        Ok(body) => text.extend_from_slice(private(body).to_string().as_bytes()),
        Err(_) => text.extend_from_slice(answer.body()),
    }
    text
}

fn private(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains(' ') => PRIVATE.into(),
        Value::Array(list) => list.into_iter().map(private).collect(),
        Value::Object(object) => object.into_iter().map(|(key, value)| (key, private(value))).collect(),
        other => other,
    }
}

/// A transport that keeps the good answers of another as examples.
pub struct Recorded<T> {
    inner: T,
    answers: Mutex<Vec<Vec<u8>>>,
}

impl<T> Recorded<T> {
    /// Keeps the answers of `inner`.
    pub fn of(inner: T) -> Self {
        Self {
            inner,
            answers: Mutex::default(),
        }
    }

    /// Returns the answers so far, as texts that [`answer`] reads, and forgets them. In a body of JSON each text with a
    /// blank, such as a name, is put as `Zyz zyva`, which [`assert_harmless`](super::assert_harmless) looks for.
    pub fn take(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut *self.answers.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl<T: Transport> Transport for Recorded<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let answer = self.inner.send(request).await?;
        let message = message(&answer);
        self.answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message);
        Ok(answer)
    }
}

/// Reads such a text, however spoiled it is. A header that is none is left out, and a status that is none is 200.
pub fn answer(text: &[u8]) -> Response<Bytes> {
    let end = text.windows(BREAK.len()).position(|four| four == BREAK);
    let (head, body) = end.map_or((text, &b""[..]), |end| (&text[..end], &text[end + BREAK.len()..]));
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut answer = Response::new(Bytes::copy_from_slice(body));
    let status = lines.next().unwrap_or_default().split(|byte| *byte == b' ').nth(1);
    *answer.status_mut() = status
        .and_then(|status| StatusCode::from_bytes(status).ok())
        .unwrap_or_default();
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(0);
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon..].strip_prefix(b":").unwrap_or_default().trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}

/// A transport that gives one answer to whatever is asked.
#[derive(Debug, Default)]
pub struct SameAnswer(Mutex<Response<Bytes>>);

impl SameAnswer {
    /// Sets the answer from now on.
    pub fn set(&self, answer: Response<Bytes>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }
}

#[async_trait]
impl Transport for SameAnswer {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}
