//! An endpoint made ready for the wire, or refused before anything is sent.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use url::Url;

use crate::address::has_login;
use crate::endpoint::{Body, Carries, Endpoint, RetrySafety};
use crate::error::{Error, ErrorKind};

/// Shorter texts are taken out of no error: they may stand in it by chance, as the word `Bearer` does.
const SHORTEST_SECRET: usize = 8;

/// All of a request but its credentials, which may be renewed between two attempts.
pub(super) struct Call {
    /// Method and path, for errors and logs.
    pub(super) operation: String,
    pub(super) retry_safety: RetrySafety,
    pub(super) carries: Carries,
    pub(super) uri: Uri,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
    /// The secret values of a form.
    secrets: Vec<String>,
}

impl Call {
    /// Returns the call that sends `endpoint` to `base` with these `headers` beside its own.
    ///
    /// Refuses an address on another origin or with a login in it: a server's link must not carry our credentials away
    /// (hazard A7).
    pub(super) fn new<T>(endpoint: &Endpoint<T>, base: &Url, headers: &HeaderMap) -> Result<Self, Error> {
        let refuse = |kind, detail: &str| Error::not_applied(kind, detail).during(endpoint.operation());
        let url = endpoint.url(base);
        if url.origin() != base.origin() || has_login(&url) {
            return Err(refuse(
                ErrorKind::ForeignLink,
                "not sent: the server's link leads to another origin",
            ));
        }
        let uri = url
            .as_str()
            .parse()
            .map_err(|_| refuse(ErrorKind::Configuration, "not sent: HTTP cannot carry this address"))?;
        let mut headers = headers.clone();
        let (content_type, body) = encoded(&endpoint.body);
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Ok(Self {
            operation: endpoint.operation(),
            retry_safety: endpoint.retry_safety,
            carries: endpoint.carries,
            uri,
            method: endpoint.method.clone(),
            headers,
            body,
            secrets: secrets_of(&endpoint.body),
        })
    }

    /// Returns the request of one attempt.
    pub(super) fn request(&self, credentials: &[(HeaderName, HeaderValue)]) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        for (name, value) in credentials {
            request.headers_mut().insert(name, value.clone());
        }
        request
    }

    /// Returns the texts that must not stand in an error: a server may echo what was sent (hazard A14).
    pub(super) fn secrets(&self, credentials: &[(HeaderName, HeaderValue)]) -> Vec<String> {
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
}

/// Returns the content type and the bytes of a body.
fn encoded(body: &Body) -> (Option<&'static str>, Bytes) {
    match body {
        Body::Empty => (None, Bytes::new()),
        Body::Json(value) => (Some("application/json"), value.to_string().into()),
        Body::Form(pairs) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(pairs);
            (Some("application/x-www-form-urlencoded"), form.finish().into())
        }
    }
}

/// Returns the values of a form whose names say that they are secret, as token endpoints take them.
fn secrets_of(body: &Body) -> Vec<String> {
    let Body::Form(pairs) = body else {
        return Vec::new();
    };
    let is_secret = |name: &str| {
        ["secret", "token", "password", "code", "assertion"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    let secret = pairs.iter().filter(|(name, _)| is_secret(name));
    secret.map(|(_, value)| value.clone()).collect()
}
