//! The fields of a body.

use bytes::Bytes;
use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::answer::{Refusal, bad_parameter, invalid};
use crate::ids::ProjectId;

/// The objects of a list in the body.
pub(super) fn rows_of(body: &Bytes, name: &str) -> Result<Vec<Map<String, Value>>, Refusal> {
    let mut body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| bad_parameter("body"))?;
    body.remove(name)
        .and_then(|rows| serde_json::from_value(rows).ok())
        .ok_or_else(|| bad_parameter(name))
}

/// What creating and changing both need: the project beside the entry (trap 4).
pub(super) fn envelope(body: &Bytes) -> Result<(ProjectId, Map<String, Value>), Refusal> {
    let mut body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| bad_parameter("body"))?;
    let project = read(&body, "project_id")?.ok_or_else(|| bad_parameter("project_id"))?;
    match body.remove("timecard_entry") {
        Some(Value::Object(fields)) => Ok((project, fields)),
        _ => Err(bad_parameter("timecard_entry")),
    }
}

/// The day, which every way of writing needs.
pub(super) fn day(fields: &Map<String, Value>) -> Result<NaiveDate, Refusal> {
    read(fields, "date")?.ok_or_else(|| invalid("date", "can't be blank"))
}

pub(super) fn set_if_given<T: serde::de::DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &str,
    field: &mut Option<T>,
) -> Result<(), Refusal> {
    if fields.contains_key(name) {
        *field = read(fields, name)?;
    }
    Ok(())
}

/// A field read; `None` when missing or null, 422 when it is something else than it should be.
pub(super) fn read<T: serde::de::DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &str,
) -> Result<Option<T>, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => T::deserialize(value).map(Some).map_err(|_| invalid(name, "is invalid")),
    }
}

pub(super) fn number_or_text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
