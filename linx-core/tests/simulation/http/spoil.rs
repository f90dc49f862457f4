//! What is wrong with the answer that lists rows.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, LINK};
use http::{HeaderName, Response};
use linx_http::TransportError;
use linx_http::sandbox::answer::set;
use serde_json::{Value, json};

use crate::calls::Fault;

const TOTAL: HeaderName = HeaderName::from_static("total");
const COUNT: &str = "@odata.count";
const NEXT: &str = "@odata.nextLink";

/// The answer as the client gets it. What lists no rows is as it was.
pub fn spoiled(answer: Response<Bytes>, fault: Option<Fault>) -> Result<Response<Bytes>, TransportError> {
    let Some(fault) = fault.filter(|fault| is_of_lists(*fault)) else {
        return Ok(answer);
    };
    let Ok(mut body) = serde_json::from_slice::<Value>(answer.body()) else {
        return Ok(answer);
    };
    let (mut parts, bytes) = answer.into_parts();
    let total = parts
        .headers
        .get(TOTAL)
        .and_then(|total| total.to_str().ok()?.parse().ok());
    let total: Option<u64> = total.or_else(|| body.get(COUNT)?.as_u64());
    let Some(rows) = rows(&mut body) else {
        return Ok(Response::from_parts(parts, bytes));
    };
    let mut told = total;
    match fault {
        Fault::Stale if rows.pop().is_some() => told = total.map(|total| total.saturating_sub(1)),
        Fault::Empty => {
            rows.clear();
            told = Some(0);
        }
        Fault::Partial if total.is_some() => rows.truncate(rows.len() / 2),
        // Nothing counts its rows: the answer breaks off in the middle.
        Fault::Partial => return Err(TransportError::interrupted("the body was cut")),
        Fault::Unreadable => rows.last_mut().into_iter().for_each(garble),
        _ => {}
    }
    if fault == Fault::Empty {
        parts.headers.remove(LINK);
        body.as_object_mut().map(|body| body.remove(NEXT));
    }
    parts.headers.remove(CONTENT_LENGTH);
    if let Some(count) = body.get_mut(COUNT) {
        *count = json!(told);
    }
    let had_header = parts.headers.contains_key(TOTAL);
    let mut answer = Response::from_parts(parts, Bytes::from(body.to_string()));
    if let Some(told) = told.filter(|_| had_header) {
        set(&mut answer, TOTAL, &told.to_string());
    }
    Ok(answer)
}

fn is_of_lists(fault: Fault) -> bool {
    matches!(fault, Fault::Stale | Fault::Partial | Fault::Unreadable | Fault::Empty)
}

fn rows(body: &mut Value) -> Option<&mut Vec<Value>> {
    match body {
        Value::Array(rows) => Some(rows),
        Value::Object(body) => body.get_mut("value")?.as_array_mut(),
        _ => None,
    }
}

/// A row of which nothing but its id can be read.
fn garble(row: &mut Value) {
    let Some(fields) = row.as_object_mut() else { return };
    let is_id = |name: &str| matches!(name, "id" | "personId" | "locationId" | "costCodeId" | "TimeRecordId");
    for (_, value) in fields
        .iter_mut()
        .filter(|(name, value)| !is_id(name) && !value.is_null())
    {
        *value = json!([[]]);
    }
}
