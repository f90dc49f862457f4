//! Single records: read, made, and replaced as a whole.

use linx_http::endpoint::Raw;
use linx_http::{Applied, Endpoint, Error, ErrorKind};
use serde_json::Value;

use crate::answer::{Created, created, strip_envelope};
use crate::client::Client;
use crate::object::{Object, ReadObject};
use crate::request::endpoint;
use crate::wire::WireProfile;

/// Texts that people type are not longer than this, comments excepted (exaktime-api.md section 8).
const LONGEST_TEXT: usize = 200;

impl Client {
    /// Returns the record at `path`.
    pub(crate) async fn get<T>(&self, path: &[&str], read: ReadObject<T>) -> Result<T, Error> {
        let object = self.object(&endpoint(Endpoint::get(""), path)).await?;
        self.understood(&object, read)
    }

    /// Makes a record and returns it as the service has it. The service may answer with the whole object, with its id
    /// only or with an address; the last two are read. Never repeated blindly (hazard A1); an error of that reading
    /// is [`Applied::Yes`].
    pub(crate) async fn create<T>(
        &self,
        path: &str,
        id_key: &str,
        body: &Object,
        read: ReadObject<T>,
    ) -> Result<T, Error> {
        fits(body, self.wire())?;
        let post: Endpoint<Raw> = endpoint(Endpoint::post(""), &[path]).json(body);
        let answer = self.rest().send_raw(&post).await?;
        let made = match created(&answer, id_key, &self.wire().list.envelopes) {
            Created::Whole(object) => Ok(object),
            Created::Id(id) => self.object(&endpoint(Endpoint::get(""), &[path, &id])).await,
            Created::At(address) => match self.rest().base().join(&address) {
                Ok(address) => self.object(&endpoint(Endpoint::get(""), &[path]).at(address)).await,
                Err(_) => Err(unreadable(&post, "the address of the new record is no address")),
            },
            Created::Unclear => Err(unreadable(&post, "the answer does not tell the new record's id")),
        };
        made.and_then(|object| self.understood(&object, read))
            .map_err(|error| error.with_applied(Applied::Yes))
    }

    /// Reads a record, lets `edit` change it, puts the whole back and returns it: what `edit` does not name keeps its
    /// value, also where this client knows nothing of it. Nothing is sent when nothing changes. A record that is not
    /// there begins as `start`, where given. Two of these on one record wait for one another. The whole is sent once: repeated,
    /// it would overwrite what somebody changed after it had arrived.
    ///
    /// A status alone does not prove that anything was stored (hazard A16): where the answer does not show what was set,
    /// the record is read once more, and where that does not show it either, the error is [`Applied::Unknown`].
    pub(crate) async fn replace<T>(
        &self,
        path: &[&str],
        start: Option<Object>,
        edit: impl Fn(&mut Object) -> Result<(), Error>,
        read: ReadObject<T>,
    ) -> Result<T, Error> {
        let put: Endpoint<Raw> = endpoint(Endpoint::put("").once(), path);
        let lock = self.locks().of(put.path());
        let _held = lock.lock().await;
        let before = match (self.object(&endpoint(Endpoint::get(""), path)).await, start) {
            (Ok(object), _) => Some(object),
            (Err(error), Some(_)) if error.kind() == ErrorKind::NotFound => None,
            (Err(error), _) => return Err(error),
        };
        let mut after = before.clone().unwrap_or_default();
        edit(&mut after)?;
        if before.as_ref() == Some(&after) {
            return self.understood(&after, read);
        }
        fits(&after, self.wire())?;
        let put = put.json(&after);
        let answer = self.rest().send_raw(&put).await?;
        let told = serde_json::from_slice(answer.body()).ok();
        let told = told.and_then(|value| strip_envelope(value, &self.wire().list.envelopes));
        let told = told.filter(|told| shows(told, &edit));
        if let Some(record) = told.and_then(|told| self.understood(&told, read).ok()) {
            return Ok(record);
        }
        let now = self.object(&endpoint(Endpoint::get(""), path)).await;
        let now = now.map_err(|error| error.with_applied(Applied::Unknown))?;
        if !shows(&now, &edit) {
            let error = unreadable(&put, "neither the answer nor the record shows what was set");
            return Err(error.with_applied(Applied::Unknown));
        }
        self.understood(&now, read)
            .map_err(|error| error.with_applied(Applied::Yes))
    }

    /// Returns the object that answers a request, bare or in one of the envelopes.
    async fn object(&self, endpoint: &Endpoint<Value>) -> Result<Object, Error> {
        let value = self.rest().send(endpoint).await?.value;
        strip_envelope(value, &self.wire().list.envelopes)
            .ok_or_else(|| unreadable(endpoint, "the answer is no object"))
    }

    /// Returns one record as its type, or an error that names the property.
    fn understood<T>(&self, object: &Object, read: ReadObject<T>) -> Result<T, Error> {
        read(object, self.wire()).map_err(|detail| {
            Error::not_applied(ErrorKind::Unreadable, format!("the answer could not be read: {detail}"))
        })
    }
}

/// Whether a record has what `edit` sets, so that there is nothing left to send.
fn shows(object: &Object, edit: impl Fn(&mut Object) -> Result<(), Error>) -> bool {
    let mut edited = object.clone();
    edit(&mut edited).is_ok() && edited == *object
}

fn unreadable<T>(endpoint: &Endpoint<T>, detail: &str) -> Error {
    Error::not_applied(ErrorKind::Unreadable, detail).during(endpoint.operation())
}

/// Refuses a text that is longer than the service takes: it is never cut (hazard C8). Nothing was sent.
fn fits(object: &Object, wire: &WireProfile) -> Result<(), Error> {
    for (name, value) in object {
        match value {
            Value::String(text) if *name != wire.location.comments && text.chars().count() > LONGEST_TEXT => {
                let detail = format!("not sent: `{name}` is longer than {LONGEST_TEXT} characters");
                return Err(Error::not_applied(ErrorKind::Rejected, detail));
            }
            Value::Object(inner) => fits(inner, wire)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn c8_a_text_that_is_too_long_is_refused_and_not_cut() {
        let wire = WireProfile::default();
        let long = "é".repeat(201);
        let fits = |value: Value| fits(value.as_object().unwrap(), &wire);
        assert!(fits(json!({"name": "é".repeat(200), "comments": long})).is_ok());
        for wrong in [json!({"name": long}), json!({"address": {"city": long}})] {
            let error = fits(wrong).unwrap_err();
            assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Rejected, Applied::No));
            assert!(!error.to_string().contains('é'));
        }
    }
}
