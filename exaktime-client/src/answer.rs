//! What the answer to a write tells: the record, its id or its address.

use bytes::Bytes;
use http::header::LOCATION;
use serde_json::Value;

use crate::object::Object;

/// What the answer to a create tells of the new record.
#[derive(Debug, PartialEq)]
pub(crate) enum Created {
    /// All of it.
    Whole(Object),
    /// Its id alone, as text.
    Id(String),
    /// Its address, which may be relative.
    At(String),
    /// Nothing by which it could be found.
    Unclear,
}

/// Returns what the answer to a create tells of the new record. `id_key` is the property of the id.
pub(crate) fn created(answer: &http::Response<Bytes>, id_key: &str, envelopes: &[String]) -> Created {
    let id = |value: &Value| match value {
        Value::String(text) if is_id(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
    if let Some(id) = id(&body) {
        return Created::Id(id);
    }
    if let Some(object) = strip_envelope(body, envelopes)
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

/// Whether a text can be an id: one goes into addresses and errors (hazard A14).
fn is_id(text: &str) -> bool {
    const LONGEST: usize = 200;
    !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control)
}

/// Returns an object, or the object that it holds alone under one of the `envelopes`.
pub(crate) fn strip_envelope(value: Value, envelopes: &[String]) -> Option<Object> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::WireProfile;

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
    fn a14_a_text_without_end_is_no_id_of_a_new_record() {
        for id in ["7".repeat(201), r"7\u001b[2J".to_owned(), String::new()] {
            assert_eq!(told(&format!("\"{id}\""), None), Created::Unclear, "{id}");
        }
    }
}
