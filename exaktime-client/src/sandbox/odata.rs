//! The OData half: the warehouse of time and its schema, with the options that the client uses.

use std::cmp::Ordering;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Response, StatusCode};
use linx_http::sandbox::answer::{Refusal, Routed, ok, set};
use serde_json::{Value, json};
use url::Url;

use super::dialect::Translator;
use super::request::Asked;
use super::state::{Approval, PayPeriod, State, TimeRecord};
use crate::object::Object;

/// The group, the entity set and its columns with their types.
type Set = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const ID: &str = "id";
const TEXT: &str = "Edm.String";
const DATE: &str = "Edm.Date";
const INSTANT: &str = "Edm.DateTimeOffset";
const NUMBER: &str = "Edm.Decimal";

const SETS: [Set; 7] = [
    (
        "time_record",
        "DwTimeRecords",
        &[
            ("TimeRecordId", ID),
            ("PersonId", ID),
            ("WorkDate", DATE),
            ("LocationId", ID),
            ("CostCodeId", ID),
            ("StartTime", INSTANT),
            ("StopTime", INSTANT),
            ("RegularHours", NUMBER),
            ("OT1Hours", NUMBER),
            ("OT2Hours", NUMBER),
            ("Comment", TEXT),
        ],
    ),
    (
        "hour_group",
        "DwTimeRecordByHourGroups",
        &[
            ("TimeRecordId", ID),
            ("PersonId", ID),
            ("WorkDate", DATE),
            ("LocationId", ID),
            ("CostCodeId", ID),
            ("StartTime", INSTANT),
            ("StopTime", INSTANT),
            ("HourGroup", TEXT),
            ("Hours", NUMBER),
            ("Comment", TEXT),
        ],
    ),
    (
        "punch",
        "DwTimePunches",
        &[
            ("TimePunchId", ID),
            ("PersonId", ID),
            ("LocationId", ID),
            ("CostCodeId", ID),
            ("PunchTime", INSTANT),
            ("DeviceType", TEXT),
        ],
    ),
    (
        "shift",
        "DwShifts",
        &[
            ("ShiftId", ID),
            ("PersonId", ID),
            ("StartTime", INSTANT),
            ("EndTime", INSTANT),
            ("Title", TEXT),
            ("LocationId", ID),
            ("CostCodeId", ID),
            ("Notes", TEXT),
        ],
    ),
    (
        "approval",
        "DwWorkDateTimeApprovals",
        &[
            ("PersonId", ID),
            ("WorkDate", DATE),
            ("ApprovalType", TEXT),
            ("ApproverId", ID),
            ("ApprovedAt", INSTANT),
        ],
    ),
    (
        "pay_period",
        "DwPayPeriods",
        &[
            ("PayPeriodId", ID),
            ("StartDate", DATE),
            ("EndDate", DATE),
            ("IsClosed", "Edm.Boolean"),
            ("Type", TEXT),
        ],
    ),
    (
        "pay_period_approval",
        "DwPayPeriodApprovals",
        &[
            ("PayPeriodId", ID),
            ("PersonId", ID),
            ("ApprovalType", TEXT),
            ("ApproverId", ID),
            ("ApprovedAt", INSTANT),
            ("Comment", TEXT),
        ],
    ),
];

/// The schema in the dialect.
fn metadata(translator: &Translator) -> Response<Bytes> {
    let (mut types, mut sets) = (String::new(), String::new());
    let id = if translator.dialect.numbered { "Edm.Int64" } else { TEXT };
    for (group, own, columns) in SETS {
        let set = translator.name(&[group], own);
        let property = |(own, kind): &(&'static str, &str)| {
            let kind = if *kind == ID { id } else { kind };
            format!(r#"<Property Name="{}" Type="{kind}"/>"#, translator.name(&[group], own))
        };
        let properties: String = columns.iter().map(property).collect();
        types.extend([r#"<EntityType Name=""#, set, r#"Row">"#, &properties, "</EntityType>"]);
        sets.extend([r#"<EntitySet Name=""#, set, r#"" EntityType="Dw."#, set, r#"Row"/>"#]);
    }
    let xml = format!(
        r#"<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="Dw" xmlns="http://docs.oasis-open.org/odata/ns/edm">{types}<EntityContainer Name="Warehouse">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"#
    );
    let mut response = Response::new(Bytes::from(xml));
    set(&mut response, CONTENT_TYPE, "application/xml");
    response
}

/// One row for each kind of hours that the record has.
fn by_hour_group(record: &TimeRecord) -> Vec<Object> {
    let hours = [
        ("REG", &record.regular_hours),
        ("OT1", &record.ot1_hours),
        ("OT2", &record.ot2_hours),
    ];
    let some = hours.into_iter().filter(|(_, hours)| hours.parse() != Ok(0.0));
    some.map(|(group, hours)| {
        let mut row = time_record(record);
        row.retain(|name, _| !name.ends_with("Hours"));
        row.insert("HourGroup".to_owned(), group.into());
        row.insert("Hours".to_owned(), number(hours));
        row
    })
    .collect()
}

fn pay_period(period: &PayPeriod) -> Object {
    super::state::object(json!({
        "PayPeriodId": period.id,
        "StartDate": period.start,
        "EndDate": period.end,
        "IsClosed": period.is_closed,
        "Type": "Weekly",
    }))
}

pub(super) fn answer(state: &mut State, translator: &Translator, asked: &Asked<'_>, set: &str) -> Routed {
    if asked.method != Method::GET {
        return Err(refused(
            StatusCode::METHOD_NOT_ALLOWED,
            "The data warehouse is read only.",
        ));
    }
    if set == "$metadata" {
        return Ok(metadata(translator));
    }
    let own = SETS
        .iter()
        .find(|(group, own, _)| translator.name(&[*group], own) == set);
    let (group, own, _) = own.ok_or_else(|| refused(StatusCode::NOT_FOUND, "There is no such entity set."))?;
    let rows: Vec<Object> = match *group {
        "time_record" => state.time_records.iter().map(time_record).collect(),
        "hour_group" => state.time_records.iter().flat_map(by_hour_group).collect(),
        "approval" => state.approvals.iter().map(approval).collect(),
        "pay_period" => state.pay_periods.iter().map(pay_period).collect(),
        _ => state.warehouse.get(*own).cloned().unwrap_or_default(),
    };
    let rows = rows
        .into_iter()
        .map(|row| translator.in_dialect(&[*group], row))
        .collect();
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
