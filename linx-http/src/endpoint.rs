//! Requests as values, which are built and tested without I/O.

use std::fmt::{self, Display};
use std::marker::PhantomData;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::Url;

/// Everything but the unreserved characters of RFC 3986 is encoded in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The answer type of an endpoint whose body the caller reads: see [`Engine::send_raw`](crate::Engine::send_raw).
#[derive(Debug, Clone, Copy)]
pub enum Raw {}

/// Whether a request may be sent again when its outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetrySafety {
    /// It changes nothing.
    Read,
    /// It changes something, and sent twice it leaves the same state as once: a whole-object PUT, a PATCH to given
    /// values, a DELETE by id.
    Idempotent,
    /// It makes something new each time (hazard A1), or would undo what somebody did after its first arrival (hazard B16): sent
    /// again only if it surely never left.
    Once,
}

/// How many records of the service a request makes or changes.
///
/// It decides what a refusal proves (hazard A16): one that is told of many may have met some of them only. And it decides
/// whether a request has to leave soon (hazard A15): nothing stands twice where none is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// None: a login, for one.
    None,
    /// One: a refusal is about this one.
    One,
    /// Several: a refusal does not say of which, and the others may be stored.
    Many,
}

/// The body of a request.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// No body.
    Empty,
    /// JSON, sent as `application/json`.
    Json(serde_json::Value),
    /// Pairs sent as `application/x-www-form-urlencoded`, as token endpoints want them. Values may be secret and are
    /// never printed.
    Form(Vec<(String, String)>),
}

/// One request as a value. It says what it asks, by method, path, query and body; what it answers, by the type `T`;
/// whether it may be sent again; and whether it carries one record or many.
pub struct Endpoint<T> {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Body,
    pub(crate) retry_safety: RetrySafety,
    pub(crate) carries: Carries,
    pub(crate) link: Option<Url>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Endpoint<T> {
    fn new(method: Method, path: &'static str, retry_safety: RetrySafety) -> Self {
        let path = path.trim_matches('/');
        Self {
            method,
            path: if path.is_empty() {
                String::new()
            } else {
                format!("/{path}")
            },
            query: Vec::new(),
            body: Body::Empty,
            retry_safety,
            carries: Carries::One,
            link: None,
            answer: PhantomData,
        }
    }

    /// Begins a read. `path` is the literal beginning with its slashes, such as `rest/v1.0/companies`. It is empty where
    /// the whole path is configured: see [`Endpoint::segments`].
    pub fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path, RetrySafety::Read)
    }

    /// Begins a create, which is never repeated blindly: [`RetrySafety::Once`]. A POST that is safe to send twice is
    /// declared by [`Endpoint::idempotent`].
    pub fn post(path: &'static str) -> Self {
        Self::new(Method::POST, path, RetrySafety::Once)
    }

    /// Begins the replacement of a whole object.
    pub fn put(path: &'static str) -> Self {
        Self::new(Method::PUT, path, RetrySafety::Idempotent)
    }

    /// Begins a request that sets some fields to given values.
    pub fn patch(path: &'static str) -> Self {
        Self::new(Method::PATCH, path, RetrySafety::Idempotent)
    }

    /// Begins a deletion by id.
    pub fn delete(path: &'static str) -> Self {
        Self::new(Method::DELETE, path, RetrySafety::Idempotent)
    }

    /// Adds one path segment. It is percent-encoded, so that `a/b` cannot lead to another path.
    #[must_use]
    pub fn segment(mut self, segment: impl Display) -> Self {
        self.path.push('/');
        self.path.extend(utf8_percent_encode(&segment.to_string(), SEGMENT));
        self
    }

    /// Adds a configured path. Its slashes are kept, and each segment between them is percent-encoded.
    #[must_use]
    pub fn segments(self, path: &str) -> Self {
        path.split('/')
            .filter(|segment| !segment.is_empty())
            .fold(self, Endpoint::segment)
    }

    /// Adds one query pair; a name may occur several times.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Sets the query pair of this name, in place of all that there are.
    #[must_use]
    pub fn set_query(mut self, name: &str, value: impl Display) -> Self {
        self.query.retain(|(present, _)| present != name);
        self.query(name, value)
    }

    /// Sends `body` as JSON. A value that JSON cannot represent, such as a map whose keys are no texts, is sent as null.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = Body::Json(serde_json::to_value(body).unwrap_or(serde_json::Value::Null));
        self
    }

    /// Sends a urlencoded form.
    #[must_use]
    pub fn form(mut self, pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.body = Body::Form(
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        );
        self
    }

    /// Declares that the request leaves the same state when it is sent twice, so that it may be repeated.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.retry_safety = RetrySafety::Idempotent;
        self
    }

    /// Declares that the request is not to be repeated although it would leave the same state: what somebody changed after it
    /// had arrived would be overwritten (hazard B16).
    #[must_use]
    pub fn once(mut self) -> Self {
        self.retry_safety = RetrySafety::Once;
        self
    }

    /// Declares how many records the request carries. A refusal of more than one proves nothing of any (hazard A16); one that
    /// carries none may wait as long as a read. Without this it is one.
    #[must_use]
    pub fn carrying(mut self, records: usize) -> Self {
        self.carries = match records {
            0 => Carries::None,
            1 => Carries::One,
            _ => Carries::Many,
        };
        self
    }

    /// Returns the same request with its answer read as another type.
    #[must_use]
    pub fn answering<U>(self) -> Endpoint<U> {
        Endpoint {
            method: self.method,
            path: self.path,
            query: self.query,
            body: self.body,
            retry_safety: self.retry_safety,
            carries: self.carries,
            link: self.link,
            answer: PhantomData,
        }
    }

    /// Returns the same request for an address that the server named, such as a list's next page. An engine sends it to
    /// its own origin only (hazard A7).
    #[must_use]
    pub fn at(mut self, link: Url) -> Self {
        self.link = Some(link);
        self
    }

    /// Returns the address that the server named, if there is one: see [`Endpoint::at`].
    pub fn link(&self) -> Option<&Url> {
        self.link.as_ref()
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the encoded path, without base address and query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query pairs, which are not encoded yet.
    pub fn query_pairs(&self) -> &[(String, String)] {
        &self.query
    }

    /// Returns the body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Returns whether it may be sent again when its outcome is unknown.
    pub fn retry_safety(&self) -> RetrySafety {
        self.retry_safety
    }

    /// Returns whether it carries no record, one or many.
    pub fn carries(&self) -> Carries {
        self.carries
    }

    /// Returns method and path, by which errors and logs name the request. The query may hold people's names and is left
    /// out (hazard A14).
    pub fn operation(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns the full address on `base`. A path that `base` has stays in front.
    pub fn url(&self, base: &Url) -> Url {
        if let Some(link) = &self.link {
            return link.clone();
        }
        let mut url = base.clone();
        url.set_path(&format!("{}{}", base.path().trim_end_matches('/'), self.path));
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}

impl<T> Clone for Endpoint<T> {
    fn clone(&self) -> Self {
        Self {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            body: self.body.clone(),
            retry_safety: self.retry_safety,
            carries: self.carries,
            link: self.link.clone(),
            answer: PhantomData,
        }
    }
}

/// Shows method, path and retry safety: query and body may hold names and secrets.
impl<T> fmt::Debug for Endpoint<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("operation", &self.operation())
            .field("retry_safety", &self.retry_safety)
            .finish_non_exhaustive()
    }
}

/// Shows the kind of body only.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Json(_) => "Json(..)",
            Self::Form(_) => "Form(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(endpoint: &Endpoint<()>, base: &str) -> String {
        endpoint.url(&base.parse().unwrap()).to_string()
    }

    #[test]
    fn segments_are_encoded_and_cannot_leave_their_place() {
        let endpoint = Endpoint::<()>::get("/rest/v1.0/things/")
            .segment("a/b?c#ü %")
            .segment(7);
        assert_eq!(endpoint.path(), "/rest/v1.0/things/a%2Fb%3Fc%23%C3%BC%20%25/7");
        assert_eq!(
            endpoint.segments("//x//y z/").path().rsplit_once("/7").unwrap().1,
            "/x/y%20z"
        );
        assert_eq!(Endpoint::<()>::get("").segments("/x/y").path(), "/x/y");
    }

    #[test]
    fn the_base_keeps_its_path_and_the_query_its_order() {
        let endpoint = Endpoint::get("things").query("a", 1).query("b", "x y&").query("a", 2);
        for base in ["https://api.example/odata", "https://api.example/odata/"] {
            assert_eq!(
                url(&endpoint, base),
                "https://api.example/odata/things?a=1&b=x+y%26&a=2"
            );
        }
        let endpoint = endpoint.set_query("a", 3);
        assert_eq!(
            url(&endpoint, "https://api.example"),
            "https://api.example/things?b=x+y%26&a=3"
        );
        let linked = endpoint.at("https://api.example/next?page=2".parse().unwrap());
        assert_eq!(url(&linked, "https://api.example"), "https://api.example/next?page=2");
    }

    #[test]
    fn a1_only_a_post_makes_something_new_each_time() {
        use RetrySafety::{Idempotent, Once, Read};
        let repeats = [
            Endpoint::<()>::get("x"),
            Endpoint::put("x"),
            Endpoint::patch("x"),
            Endpoint::delete("x"),
            Endpoint::post("x"),
            Endpoint::post("x").idempotent(),
        ]
        .map(|endpoint| endpoint.answering::<u8>().retry_safety());
        assert_eq!(repeats, [Read, Idempotent, Idempotent, Idempotent, Once, Idempotent]);
    }

    #[test]
    fn a14_query_and_body_are_not_printed() {
        let endpoint = Endpoint::<()>::post("things")
            .query("name", "Pat Example")
            .form([("client_secret", "hidden".to_owned())]);
        let text = format!("{endpoint:?} {:?} {}", endpoint.body(), endpoint.operation());
        assert!(!text.contains("Pat") && !text.contains("hidden"), "{text}");
    }
}
