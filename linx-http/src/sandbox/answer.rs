//! What the imitations of services share: where a request was sent to, and answers of JSON.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderName};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::Value;
use url::Url;

/// What a route gives.
pub type Routed = Result<Response<Bytes>, Refusal>;

/// What is not done, and why, in the shape of the service.
#[derive(Debug, Clone)]
pub struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    /// Refuses with this status and body.
    pub fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body }
    }

    /// The refusal as it is sent.
    pub fn answer(&self) -> Response<Bytes> {
        json(self.status, &self.body)
    }
}

/// An answer of JSON.
pub fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    set(&mut response, CONTENT_TYPE, "application/json; charset=utf-8");
    response
}

/// 200 with `body`.
pub fn ok(body: &Value) -> Response<Bytes> {
    json(StatusCode::OK, body)
}

/// Sets a header; a value that is no legal header is left out.
pub fn set(response: &mut Response<Bytes>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The address that was asked for, for links back to this service. Behind a socket its origin is in the header `Host`,
/// as with any server.
pub fn asked_address(request: &Request<Bytes>) -> Option<Url> {
    let uri = request.uri();
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let origin = host.or_else(|| uri.authority().map(Authority::as_str))?;
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    Url::parse(&format!("{}://{origin}{path}", uri.scheme_str()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_that_the_client_wrote() {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = "http://127.0.0.1:7700/a?b=c".parse().unwrap();
        assert_eq!(asked_address(&request).unwrap().as_str(), "http://127.0.0.1:7700/a?b=c");
        request
            .headers_mut()
            .insert(HOST, HeaderValue::from_static("localhost:7700"));
        assert_eq!(asked_address(&request).unwrap().as_str(), "http://localhost:7700/a?b=c");
    }

    #[test]
    fn a_refusal_carries_its_status_and_body() {
        let answer = Refusal::new(StatusCode::CONFLICT, serde_json::json!({"message": "taken"})).answer();
        assert_eq!(answer.status(), 409);
        assert_eq!(answer.body(), r#"{"message":"taken"}"#);
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/json; charset=utf-8");
    }
}
