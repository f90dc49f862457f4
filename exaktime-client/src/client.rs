//! The client: addresses, the key, what the service is taken to speak, and how records are read and replaced.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;
use futures_util::lock::Mutex as AsyncMutex;
use http::header::LOCATION;
use linx_http::endpoint::Raw;
use linx_http::{Clock, Endpoint, Engine, Error, ErrorKind, Fate, List, Paging, RateLimiter, RetryPolicy, Transport};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::auth::{self, Combined};
use crate::object::Object;
use crate::paging::{NumberedPaging, ODataPaging};
use crate::wire::WireProfile;

/// The production address of the REST half (`exaktime-api.md` section 2).
pub const API_URL: &str = "https://api.arcoro.com";
/// The production address of the OData half.
pub const ODATA_URL: &str = "https://api.arcoro.com/odata";

/// Texts that people type are not longer than this, comments excepted (`exaktime-wire-profile.md`).
const LONGEST_TEXT: usize = 200;

/// One ExakTime account. Cheap to clone; clones share the pacing and the locks of records.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    rest: Engine,
    odata: Engine,
    wire: WireProfile,
    /// One lock for each record that is being replaced: whole-object PUTs overwrite one another
    /// (`exaktime-api.md` section 1).
    locks: Mutex<HashMap<String, Weak<AsyncMutex<()>>>>,
}

impl Client {
    /// A client, to be finished with [`ClientBuilder::build`].
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            api_url: None,
            odata_url: None,
            key: None,
            wire: WireProfile::default(),
            read_only: false,
            transport: None,
            clock: None,
            retry: None,
            ceiling: None,
        }
    }

    /// What the service is taken to speak.
    pub fn wire(&self) -> &WireProfile {
        &self.inner.wire
    }

    /// The clock that it was given.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        self.inner.rest.clock()
    }

    /// Sends any request to the REST half with this client's key, pacing and errors: the way to what this crate has no
    /// method for.
    pub async fn send<T: DeserializeOwned>(&self, endpoint: &Endpoint<T>) -> Result<T, Error> {
        Ok(self.inner.rest.send(endpoint).await?.value)
    }

    /// Sends a request to the REST half.
    pub(crate) async fn rest_raw(&self, endpoint: &Endpoint<Raw>) -> Result<http::Response<Bytes>, Error> {
        self.inner.rest.send_raw(endpoint).await
    }

    /// Sends a request to the OData half.
    pub(crate) async fn odata_raw(&self, endpoint: &Endpoint<Raw>) -> Result<http::Response<Bytes>, Error> {
        self.inner.odata.send_raw(endpoint).await
    }

    /// A REST list whose rows `read` turns into values.
    pub(crate) fn list<T: Send + 'static>(
        &self,
        list: Endpoint<Raw>,
        read: fn(&Object, &WireProfile) -> Result<T, String>,
        id: fn(&T) -> String,
        id_key: &str,
    ) -> List<T> {
        let paging = NumberedPaging {
            wire: self.inner.wire.list.clone(),
        };
        self.list_of(&self.inner.rest, Arc::new(paging), list, read, id)
            .id_key(id_key)
    }

    /// An OData list whose rows `read` turns into values.
    pub(crate) fn feed<T: Send + 'static>(
        &self,
        list: Endpoint<Raw>,
        read: fn(&Object, &WireProfile) -> Result<T, String>,
        id: fn(&T) -> String,
        id_key: &str,
    ) -> List<T> {
        let paging = ODataPaging::of(&list, self.inner.wire.odata.rows);
        self.list_of(&self.inner.odata, Arc::new(paging), list, read, id)
            .id_key(id_key)
    }

    fn list_of<T: Send + 'static>(
        &self,
        engine: &Engine,
        paging: Arc<dyn Paging>,
        list: Endpoint<Raw>,
        read: fn(&Object, &WireProfile) -> Result<T, String>,
        id: fn(&T) -> String,
    ) -> List<T> {
        let wire = self.inner.wire.clone();
        let read = move |row: &RawValue| {
            let object = serde_json::from_str(row.get()).map_err(|_| "the row is no object".to_owned())?;
            read(&object, &wire)
        };
        List::new(engine.clone(), paging, list, Arc::new(read), id)
    }

    /// One record by path and id.
    pub(crate) async fn get(&self, path: &[&str]) -> Result<Object, Error> {
        self.object(&endpoint(Endpoint::get(""), path)).await
    }

    /// An object, bare or in one of the envelopes.
    async fn object(&self, endpoint: &Endpoint<Value>) -> Result<Object, Error> {
        let value = self.inner.rest.send(endpoint).await?.value;
        unwrap(value, &self.inner.wire.list.envelopes)
            .ok_or_else(|| Error::new(ErrorKind::Unreadable, "the answer is no object").during(endpoint.operation()))
    }

    /// Makes a record and gives it as the service has it. The service may answer with the whole object, with its id
    /// only or with an address; the last two are read. Never repeated blindly (hazard A1); an error of that reading
    /// has the fate [`Fate::Applied`].
    pub(crate) async fn create(&self, path: &str, id_key: &str, body: &Object) -> Result<Object, Error> {
        fits(body, &self.inner.wire)?;
        let post: Endpoint<Raw> = endpoint(Endpoint::post(""), &[path]).json(body);
        let answer = self.inner.rest.send_raw(&post).await?;
        let applied = |error: Error| error.with_fate(Fate::Applied);
        match created(&answer, id_key, &self.inner.wire.list.envelopes) {
            Created::Whole(object) => Ok(object),
            Created::Id(id) => self.get(&[path, &id]).await.map_err(applied),
            Created::At(address) => {
                let address = self.inner.rest.base().join(&address).map_err(|_| {
                    applied(
                        Error::new(ErrorKind::Unreadable, "the address of the new record is no address")
                            .during(post.operation()),
                    )
                })?;
                let get: Endpoint<Value> = endpoint(Endpoint::get(""), &[path]).at(address);
                self.object(&get).await.map_err(applied)
            }
            Created::Unclear => Err(applied(
                Error::new(ErrorKind::Unreadable, "the answer does not tell the new record's id")
                    .during(post.operation()),
            )),
        }
    }

    /// Reads a record, lets `edit` change it and puts the whole back: what `edit` does not name keeps its value, also
    /// where this client knows nothing of it. Nothing is sent when nothing changes. A record that is not there begins
    /// as `start`, where given. Two of these on one record wait for one another.
    pub(crate) async fn replace(
        &self,
        path: &[&str],
        start: Option<Object>,
        edit: impl FnOnce(&mut Object) -> Result<(), Error>,
    ) -> Result<Object, Error> {
        let put: Endpoint<Raw> = endpoint(Endpoint::put(""), path);
        let lock = self.lock_of(put.path());
        let _held = lock.lock().await;
        let before = match (self.get(path).await, start) {
            (Ok(object), _) => Some(object),
            (Err(error), Some(_)) if error.kind() == ErrorKind::NotFound => None,
            (Err(error), _) => return Err(error),
        };
        let mut after = before.clone().unwrap_or_default();
        edit(&mut after)?;
        if before.as_ref() == Some(&after) {
            return Ok(after);
        }
        fits(&after, &self.inner.wire)?;
        let answer = self.inner.rest.send_raw(&put.json(&after)).await?;
        let told = serde_json::from_slice(answer.body()).ok();
        Ok(told
            .and_then(|value| unwrap(value, &self.inner.wire.list.envelopes))
            .unwrap_or(after))
    }

    fn lock_of(&self, path: &str) -> Arc<AsyncMutex<()>> {
        let mut locks = self.inner.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(path).and_then(Weak::upgrade) {
            return lock;
        }
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(AsyncMutex::new(()));
        locks.insert(path.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

/// The addresses only: the key is secret.
impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("rest", &self.inner.rest)
            .field("odata", &self.inner.odata)
            .finish_non_exhaustive()
    }
}

/// `endpoint` on a configured path (its slashes kept), followed by segments such as ids.
pub(crate) fn endpoint<T>(endpoint: Endpoint<T>, path: &[&str]) -> Endpoint<T> {
    match path {
        [] => endpoint,
        [configured, rest @ ..] => rest.iter().fold(endpoint.segments(configured), |endpoint, segment| {
            endpoint.segment(segment)
        }),
    }
}

/// What the answer to a create tells.
#[derive(Debug, PartialEq)]
enum Created {
    Whole(Object),
    Id(String),
    At(String),
    Unclear,
}

fn created(answer: &http::Response<Bytes>, id_key: &str, envelopes: &[String]) -> Created {
    let id = |value: &Value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
    if let Some(id) = id(&body) {
        return Created::Id(id);
    }
    if let Some(object) = unwrap(body, envelopes)
        && let Some(id) = object.get(id_key).and_then(id)
    {
        // An object of the id alone is not the whole record.
        return if object.len() > 1 {
            Created::Whole(object)
        } else {
            Created::Id(id)
        };
    }
    match answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()) {
        Some(address) => Created::At(address.to_owned()),
        None => Created::Unclear,
    }
}

/// An object, or the object that it holds alone under one of the `envelopes`.
fn unwrap(value: Value, envelopes: &[String]) -> Option<Object> {
    let Value::Object(mut object) = value else {
        return None;
    };
    let held = envelopes
        .iter()
        .find(|name| object.get(name.as_str()).is_some_and(Value::is_object));
    match held.and_then(|name| object.remove(name)) {
        Some(Value::Object(inner)) => Some(inner),
        _ => Some(object),
    }
}

/// Refuses a text that is longer than the service takes: it is never cut (hazard C8). Nothing was sent.
fn fits(object: &Object, wire: &WireProfile) -> Result<(), Error> {
    for (name, value) in object {
        match value {
            Value::String(text) if *name != wire.location.comments && text.chars().count() > LONGEST_TEXT => {
                let detail = format!("not sent: `{name}` is longer than {LONGEST_TEXT} characters");
                return Err(Error::new(ErrorKind::Rejected, detail));
            }
            Value::Object(inner) => fits(inner, wire)?,
            _ => {}
        }
    }
    Ok(())
}

/// Settings of a [`Client`].
#[derive(Clone)]
pub struct ClientBuilder {
    api_url: Option<Url>,
    odata_url: Option<Url>,
    key: Option<SecretString>,
    wire: WireProfile,
    read_only: bool,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    retry: Option<RetryPolicy>,
    ceiling: Option<NonZeroU32>,
}

impl ClientBuilder {
    /// The address of the REST half; [`API_URL`] without.
    #[must_use]
    pub fn api_url(mut self, address: Url) -> Self {
        self.api_url = Some(address);
        self
    }

    /// The address of the OData half; [`ODATA_URL`] without.
    #[must_use]
    pub fn odata_url(mut self, address: Url) -> Self {
        self.odata_url = Some(address);
        self
    }

    /// The key of the account. Required.
    #[must_use]
    pub fn api_key(mut self, key: SecretString) -> Self {
        self.key = Some(key);
        self
    }

    /// What the service is taken to speak; the defaults of [`WireProfile`] without.
    #[must_use]
    pub fn wire(mut self, profile: WireProfile) -> Self {
        self.wire = profile;
        self
    }

    /// Refuses every write here, before it is sent.
    #[must_use]
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// The way to the network. Required.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// The time. Required.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// How often and how long to try again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Lets at most this many requests leave in a second, of both halves together. Without, the pace is what the service
    /// asks for.
    #[must_use]
    pub fn max_requests_per_second(mut self, requests: NonZeroU32) -> Self {
        self.ceiling = Some(requests);
        self
    }

    /// The client. Sends nothing. Errors ([`ErrorKind::Configuration`]) when something required is missing, the key
    /// cannot stand in a header, or an address is neither HTTPS nor on loopback.
    pub fn build(self) -> Result<Client, Error> {
        let transport = self.transport.ok_or_else(|| missing("transport"))?;
        let clock = self.clock.ok_or_else(|| missing("clock"))?;
        let key = self.key.ok_or_else(|| missing("API key"))?;
        let api_url = self.api_url.map_or_else(|| parse(API_URL), Ok)?;
        let odata_url = self.odata_url.map_or_else(|| parse(ODATA_URL), Ok)?;
        // Both halves are one account: a pause that one is asked for is the other's too.
        let rate_limiter = Arc::new(
            self.ceiling
                .map_or_else(RateLimiter::default, RateLimiter::most_per_second),
        );
        let engine = |address: &Url, credentials: Combined, read_only: bool| {
            let builder = Engine::builder(address.clone(), Arc::clone(&transport), Arc::clone(&clock))
                .credentials(Arc::new(credentials))
                .rate_limiter(Arc::clone(&rate_limiter))
                .read_only(read_only);
            match self.retry {
                Some(policy) => builder.retry(policy),
                None => builder,
            }
            .build()
        };
        let fixed = auth::fixed(&self.wire, &key)?;
        let credentials = match &self.wire.login {
            // A login writes nothing of the account's: a client that only reads may log in.
            Some(login) => {
                let reach = engine(&api_url, fixed.clone(), false)?;
                auth::with_login(fixed, login.clone(), key, reach, &clock)
            }
            None => fixed,
        };
        let inner = Inner {
            rest: engine(&api_url, credentials.clone(), self.read_only)?,
            odata: engine(&odata_url, credentials, self.read_only)?,
            wire: self.wire,
            locks: Mutex::default(),
        };
        Ok(Client { inner: Arc::new(inner) })
    }
}

fn missing(what: &str) -> Error {
    Error::new(
        ErrorKind::Configuration,
        format!("the ExakTime client was given no {what}"),
    )
}

fn parse(address: &str) -> Result<Url, Error> {
    Url::parse(address)
        .map_err(|error| Error::new(ErrorKind::Configuration, "the address is not a URL").caused_by(error))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(body: &str, location: Option<&'static str>) -> Created {
        let mut answer = http::Response::new(Bytes::from(body.to_owned()));
        if let Some(address) = location {
            answer
                .headers_mut()
                .insert(LOCATION, http::HeaderValue::from_static(address));
        }
        created(&answer, "id", &WireProfile::default().list.envelopes)
    }

    #[test]
    fn a_create_may_be_answered_in_several_ways() {
        let whole = json!({"id": 7, "name": "x"}).as_object().unwrap().clone();
        assert_eq!(told(r#"{"id":7,"name":"x"}"#, None), Created::Whole(whole.clone()));
        assert_eq!(told(r#"{"data":{"id":7,"name":"x"}}"#, None), Created::Whole(whole));
        for body in ["7", r#""7""#, r#"{"id":7}"#] {
            assert_eq!(told(body, None), Created::Id("7".to_owned()), "{body}");
        }
        assert_eq!(told("", Some("/v1/x/7")), Created::At("/v1/x/7".to_owned()));
        for body in ["", "{}", "[]", "<html>"] {
            assert_eq!(told(body, None), Created::Unclear, "{body}");
        }
    }

    #[test]
    fn c8_a_text_that_is_too_long_is_refused_and_not_cut() {
        let wire = WireProfile::default();
        let long = "é".repeat(201);
        let fits = |value: Value| fits(value.as_object().unwrap(), &wire);
        assert!(fits(json!({"name": "é".repeat(200), "comments": long})).is_ok());
        for wrong in [json!({"name": long}), json!({"address": {"city": long}})] {
            let error = fits(wrong).unwrap_err();
            assert_eq!((error.kind(), error.fate()), (ErrorKind::Rejected, Fate::NotApplied));
            assert!(!error.to_string().contains('é'));
        }
    }
}
