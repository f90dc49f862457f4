//! The OData half: time records and approvals, with the options that the client uses.

use std::cmp::Ordering;

use http::{Method, StatusCode};
use linx_http::host::answer::{Refusal, Routed, ok};
use serde_json::{Value, json};
use url::Url;

use super::dialect::Edge;
use super::routes::Asked;
use super::state::{Approval, State, TimeRecord};
use crate::object::Object;

pub(super) fn answer(state: &mut State, edge: &Edge, asked: &Asked<'_>, set: &str) -> Routed {
    if asked.method != Method::GET {
        return Err(refused(
            StatusCode::METHOD_NOT_ALLOWED,
            "The data warehouse is read only.",
        ));
    }
    let wire = &edge.dialect.wire;
    let (group, rows): (&str, Vec<Object>) = match set {
        set if set == wire.time_record.set => ("time_record", state.time_records.iter().map(time_record).collect()),
        set if set == wire.approval.set => ("approval", state.approvals.iter().map(approval).collect()),
        _ => return Err(refused(StatusCode::NOT_FOUND, "There is no such entity set.")),
    };
    let rows = rows.into_iter().map(|row| edge.speak(&[group], row)).collect();
    let mut rows = filtered(rows, asked.query.get("$filter"))?;
    if let Some(order) = asked.query.get("$orderby") {
        sort(&mut rows, order);
    }
    page(state, asked, rows)
}

fn time_record(record: &TimeRecord) -> Object {
    super::state::object(json!({
        "TimeRecordId": record.id,
        "PersonId": record.person,
        "WorkDate": record.work_date,
        "LocationId": record.location,
        "CostCodeId": record.cost_code,
        "StartTime": record.start,
        "StopTime": record.stop,
        "RegularHours": number(&record.regular_hours),
        "OT1Hours": number(&record.ot1_hours),
        "OT2Hours": number(&record.ot2_hours),
        "Comment": record.comment,
    }))
}

fn approval(approval: &Approval) -> Object {
    super::state::object(json!({
        "PersonId": approval.person,
        "WorkDate": approval.work_date,
        "ApprovalType": approval.kind,
        "ApproverId": approval.approver,
        "ApprovedAt": approval.approved_at,
    }))
}

/// Hours as a number; what a test wrote that is none stays a text.
fn number(text: &str) -> Value {
    serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| Value::from(text), Value::Number)
}

/// The rows that meet every comparison of `$filter`: `Column op value`, joined by `and`.
fn filtered(rows: Vec<Object>, filter: Option<&String>) -> Result<Vec<Object>, Refusal> {
    let Some(filter) = filter else {
        return Ok(rows);
    };
    let comparisons: Vec<(&str, &str, &str)> = filter
        .split(" and ")
        .map(|comparison| {
            let mut words = comparison.trim().splitn(3, ' ');
            match (words.next(), words.next(), words.next()) {
                (Some(column), Some(operator @ ("eq" | "ne" | "ge" | "le" | "gt" | "lt")), Some(value)) => {
                    Ok((column, operator, value.trim_matches('\'')))
                }
                _ => Err(refused(
                    StatusCode::BAD_REQUEST,
                    "The query option $filter is not valid.",
                )),
            }
        })
        .collect::<Result<_, _>>()?;
    let unknown = |column: &str| rows.first().is_some_and(|row| !row.contains_key(column));
    if let Some((column, ..)) = comparisons.iter().find(|(column, ..)| unknown(column)) {
        let message = format!("Could not find a property named '{column}'.");
        return Err(refused(StatusCode::BAD_REQUEST, &message));
    }
    let meets = |row: &Object| {
        comparisons.iter().all(|(column, operator, value)| {
            let order = row.get(*column).map(plain).unwrap_or_default().as_str().cmp(value);
            match *operator {
                "eq" => order == Ordering::Equal,
                "ne" => order != Ordering::Equal,
                "ge" => order != Ordering::Less,
                "le" => order != Ordering::Greater,
                "gt" => order == Ordering::Greater,
                _ => order == Ordering::Less,
            }
        })
    };
    Ok(rows.into_iter().filter(|row| meets(row)).collect())
}

fn sort(rows: &mut [Object], order: &str) {
    let columns: Vec<(&str, bool)> = order
        .split(',')
        .map(|column| match column.trim().rsplit_once(' ') {
            Some((column, "desc")) => (column, true),
            Some((column, _)) => (column, false),
            None => (column.trim(), false),
        })
        .collect();
    rows.sort_by(|a, b| {
        columns.iter().fold(Ordering::Equal, |order, (column, descending)| {
            let value = |row: &Object| row.get(*column).map(plain);
            let next = value(a).cmp(&value(b));
            order.then(if *descending { next.reverse() } else { next })
        })
    });
}

/// A value as its text. Dates and instants of one form sort as their texts do.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "null".to_owned(),
        other => other.to_string(),
    }
}

/// One page: `$skip` and `$top`, at most what the service allows, with a link when it cut the page itself.
fn page(state: &mut State, asked: &Asked<'_>, rows: Vec<Object>) -> Routed {
    let option = |name: &str| match asked.query.get(name) {
        None => Ok(None),
        Some(text) => match text.parse::<usize>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(refused(StatusCode::BAD_REQUEST, "A paging option is no number.")),
        },
    };
    let (skip, top) = (option("$skip")?.unwrap_or(0), option("$top")?);
    let mut rows = rows;
    state.faults.before_page(skip / state.max_odata_rows + 1, &mut rows);
    let count = rows.len();
    let left = count.saturating_sub(skip).min(top.unwrap_or(usize::MAX));
    let size = left.min(state.max_odata_rows);
    let here: Vec<Value> = rows.into_iter().skip(skip).take(size).map(Value::Object).collect();
    let mut feed = json!({"value": here});
    if asked.query.get("$count").is_some_and(|wanted| wanted == "true") {
        feed["@odata.count"] = count.into();
    }
    if size < left {
        let rest = top.map(|top| top - size);
        feed["@odata.nextLink"] = next(&asked.address, skip + size, rest).as_str().into();
    }
    Ok(ok(&feed))
}

/// The request's own address further on.
fn next(address: &Url, skip: usize, top: Option<usize>) -> Url {
    let kept: Vec<(String, String)> = address
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| name != "$skip" && name != "$top")
        .collect();
    let mut next = address.clone();
    next.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair("$skip", &skip.to_string());
    if let Some(top) = top {
        next.query_pairs_mut().append_pair("$top", &top.to_string());
    }
    next
}

fn refused(status: StatusCode, message: &str) -> Refusal {
    Refusal::new(
        status,
        json!({"error": {"code": status.as_u16().to_string(), "message": message}}),
    )
}
