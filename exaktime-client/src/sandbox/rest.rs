//! The REST half: people and reference data.

use std::collections::BTreeMap;

use http::header::LOCATION;
use http::{Method, StatusCode};
use linx_http::sandbox::answer::{Refusal, Routed, json, ok, set};
use serde_json::Value;

use super::dialect::Translator;
use super::request::{Asked, absent, invalid, refused};
use super::state::State;
use crate::object::Object;

/// What a page holds when no size is asked for.
const DEFAULT_PAGE_SIZE: usize = 50;
const LONGEST_TEXT: usize = 200;

type Table = BTreeMap<String, Object>;

/// A kind of record and the rules that the service has for it.
pub(super) struct Resource {
    /// Its group in [`crate::wire::WireProfile`].
    group: &'static str,
    path: &'static str,
    id: &'static str,
    prefix: &'static str,
    table: fn(&mut State) -> &mut Table,
    /// Properties that must be there and not blank.
    required: &'static [&'static str],
    /// Properties that no two records share.
    unique: &'static [&'static str],
    /// Properties that the list can be filtered by.
    filters: &'static [&'static str],
    /// Whether a new record is in use unless it says otherwise.
    begins_active: bool,
}

/// What most kinds have in common.
const PLAIN: Resource = Resource {
    group: "",
    path: "",
    id: "",
    prefix: "",
    table: |state| &mut state.cost_codes,
    required: &["name"],
    unique: &[],
    filters: &[],
    begins_active: true,
};

const RESOURCES: [Resource; 8] = [
    Resource {
        group: "person",
        path: "/v1/Common/Persons",
        id: "personId",
        prefix: "p",
        table: |state| &mut state.persons,
        required: &["firstName", "lastName"],
        filters: &["firstName", "lastName", "workEmail", "employeeIdentifier"],
        begins_active: false,
        ..PLAIN
    },
    Resource {
        group: "location",
        path: "/v1/Common/Locations",
        id: "locationId",
        prefix: "loc",
        table: |state| &mut state.locations,
        ..PLAIN
    },
    Resource {
        group: "cost_code",
        path: "/v1/Time/CostCodes",
        id: "costCodeId",
        prefix: "cc",
        required: &["identifier", "name"],
        unique: &["identifier", "name"],
        ..PLAIN
    },
    Resource {
        group: "cost_type",
        path: "/v1/Time/CostTypes",
        id: "costTypeId",
        prefix: "ct",
        table: |state| &mut state.cost_types,
        ..PLAIN
    },
    Resource {
        group: "job",
        path: "/v1/Time/Jobs",
        id: "jobId",
        prefix: "job",
        table: |state| &mut state.jobs,
        required: &["identifier", "name"],
        unique: &["identifier"],
        ..PLAIN
    },
    Resource {
        group: "department",
        path: "/v1/Common/Departments",
        id: "departmentId",
        prefix: "dep",
        table: |state| &mut state.departments,
        ..PLAIN
    },
    Resource {
        group: "job_code",
        path: "/v1/Common/JobCodes",
        id: "jobCodeId",
        prefix: "jc",
        table: |state| &mut state.job_codes,
        ..PLAIN
    },
    Resource {
        group: "pay_schedule",
        path: "/v1/Payroll/PaySchedules",
        id: "payScheduleId",
        prefix: "ps",
        table: |state| &mut state.pay_schedules,
        begins_active: false,
        ..PLAIN
    },
];

/// The resource that a path of the dialect leads to, and what stands below it.
pub(super) fn find<'a>(translator: &Translator, path: &[&'a str]) -> Option<(&'static Resource, Vec<&'a str>)> {
    RESOURCES.iter().find_map(|resource| {
        let mut below = path.iter().copied();
        let root = translator.name(&[resource.group], resource.path).split('/');
        let mut root = root.filter(|segment| !segment.is_empty());
        root.all(|segment| below.next() == Some(segment))
            .then(|| (resource, below.collect()))
    })
}

/// The groups of names that a record at that place has.
pub(super) fn groups(resource: &'static Resource, below: &[&str]) -> &'static [&'static str] {
    match (resource.group, below.last()) {
        ("person", Some(&"Employees")) => &["person", "employment"],
        _ => std::slice::from_ref(&resource.group),
    }
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>, resource: &Resource, below: &[&str]) -> Routed {
    let of_persons = resource.group == "person";
    if resource.group == "cost_type" && !state.has_cost_types {
        return Err(absent());
    }
    match (asked.method, below) {
        (&Method::GET, ["Employees"]) if of_persons => {
            let rows = employees(state);
            page(state, asked, rows)
        }
        (&Method::GET, [id, "Employees"]) if of_persons => found(state.employments.get(*id)),
        (&Method::PUT, [id, "Employees"]) if of_persons => put_employment(state, id, asked),
        (&Method::GET, []) => {
            let rows = list(state, asked, resource);
            page(state, asked, rows)
        }
        (&Method::POST, []) => create(state, asked, resource),
        (&Method::GET, [id]) => found((resource.table)(state).get(*id)),
        (&Method::PUT, [id]) => replace(state, asked, resource, id),
        (_, [] | [_] | [_, "Employees"]) => Err(refused(
            StatusCode::METHOD_NOT_ALLOWED,
            "The requested resource does not support this method.",
        )),
        _ => Err(absent()),
    }
}

fn found(record: Option<&Object>) -> Routed {
    record
        .map(|record| ok(&Value::Object(record.clone())))
        .ok_or_else(absent)
}

fn list(state: &mut State, asked: &Asked<'_>, resource: &Resource) -> Vec<Value> {
    let fits = |record: &Object| {
        resource.filters.iter().all(|name| {
            let wanted = asked.query.get(*name);
            wanted.is_none_or(|wanted| record.get(*name).and_then(Value::as_str) == Some(wanted))
        })
    };
    let rows = (resource.table)(state).values().filter(|record| fits(record));
    rows.cloned().map(Value::Object).collect()
}

/// A person's properties and the employment's side by side.
fn employees(state: &State) -> Vec<Value> {
    let joined = |(id, employment): (&String, &Object)| {
        let mut row = state.persons.get(id)?.clone();
        row.extend(employment.clone());
        Some(Value::Object(row))
    };
    state.employments.iter().filter_map(joined).collect()
}

/// One page, as a bare array. A larger page than allowed is lowered in silence (hazard A4).
fn page(state: &mut State, asked: &Asked<'_>, mut rows: Vec<Value>) -> Routed {
    let number = |name: &str, default: usize| match asked.query.get(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| invalid(name, "must be a positive number")),
    };
    let size = number("pageSize", DEFAULT_PAGE_SIZE)?.min(state.max_page_size);
    let asked_page = number("pageNumber", 1)?;
    state.faults.before_page(asked_page, &mut rows);
    let page = if state.faults.repeats_pages { 1 } else { asked_page };
    let skipped = (page - 1).saturating_mul(size);
    Ok(ok(&rows.into_iter().skip(skipped).take(size).collect()))
}

fn create(state: &mut State, asked: &Asked<'_>, resource: &Resource) -> Routed {
    let mut record = body(asked)?;
    check(state, resource, None, &record)?;
    let id = state.new_id(resource.prefix);
    record.insert(resource.id.to_owned(), id.clone().into());
    if resource.begins_active {
        record.entry("isActive").or_insert(Value::Bool(true));
    }
    limit_to_locations(&mut record);
    (resource.table)(state).insert(id.clone(), record.clone());
    let mut answer = json(StatusCode::CREATED, &Value::Object(record));
    set(&mut answer, LOCATION, &format!("{}/{id}", asked.address.path()));
    Ok(answer)
}

/// The whole record is replaced: what was not sent is gone.
fn replace(state: &mut State, asked: &Asked<'_>, resource: &Resource, id: &str) -> Routed {
    let before = (resource.table)(state).get(id).ok_or_else(absent)?;
    if before.get("displayOption") == Some(&Value::from("System")) {
        return Err(refused(
            StatusCode::FORBIDDEN,
            "A cost code of the system cannot be changed.",
        ));
    }
    let mut record = body(asked)?;
    if record.get(resource.id).is_some_and(|sent| sent != id) {
        return Err(invalid(resource.id, "does not match the address"));
    }
    check(state, resource, Some(id), &record)?;
    record.insert(resource.id.to_owned(), id.into());
    limit_to_locations(&mut record);
    (resource.table)(state).insert(id.to_owned(), record.clone());
    Ok(ok(&Value::Object(record)))
}

/// Naming the places of a job switches its availability at all of them off (exaktime-api.md section 4.3).
fn limit_to_locations(record: &mut Object) {
    let named = record.get("locationIds").and_then(Value::as_array);
    if named.is_some_and(|named| !named.is_empty()) {
        record.insert("isAvailableAtAllLocations".to_owned(), Value::Bool(false));
    }
}

fn put_employment(state: &mut State, id: &str, asked: &Asked<'_>) -> Routed {
    if !state.persons.contains_key(id) {
        return Err(absent());
    }
    let mut record = body(asked)?;
    short(&record)?;
    let status = record.get("status").and_then(Value::as_str);
    if !matches!(status, None | Some("Active" | "Inactive" | "Terminated")) {
        return Err(invalid("status", "is not a status"));
    }
    record.insert("personId".to_owned(), id.into());
    state.employments.insert(id.to_owned(), record.clone());
    Ok(ok(&Value::Object(record)))
}

fn body(asked: &Asked<'_>) -> Result<Object, Refusal> {
    serde_json::from_slice(&asked.body).map_err(|_| refused(StatusCode::BAD_REQUEST, "The body is no JSON object."))
}

/// The rules for a record that is to stand under `id`, or under a new one.
fn check(state: &mut State, resource: &Resource, id: Option<&str>, record: &Object) -> Result<(), Refusal> {
    let text = |record: &Object, name: &str| {
        let value = record.get(name).and_then(Value::as_str);
        value
            .map(|text| text.trim().to_lowercase())
            .filter(|text| !text.is_empty())
    };
    for name in resource.required {
        text(record, name).ok_or_else(|| invalid(name, "is required"))?;
    }
    short(record)?;
    whole_address(record)?;
    for name in resource.unique {
        let wanted = text(record, name);
        let taken = (resource.table)(state)
            .iter()
            .any(|(other, row)| Some(other.as_str()) != id && text(row, name) == wanted);
        if taken {
            let message = format!("A record with this {name} exists already.");
            return Err(refused(StatusCode::CONFLICT, &message));
        }
    }
    Ok(())
}

fn short(record: &Object) -> Result<(), Refusal> {
    let long = |value: &Value| value.as_str().is_some_and(|text| text.chars().count() > LONGEST_TEXT);
    match record.iter().find(|(name, value)| *name != "comments" && long(value)) {
        Some((name, _)) => Err(invalid(name, "is longer than 200 characters")),
        None => Ok(()),
    }
}

/// If an address is sent, every part except the second line is mandatory (exaktime-api.md section 4.2).
fn whole_address(record: &Object) -> Result<(), Refusal> {
    let Some(Value::Object(address)) = record.get("address") else {
        return Ok(());
    };
    let given = |name: &&str| {
        address
            .get(*name)
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty())
    };
    let parts = ["addressLine1", "city", "state", "postalCode", "country"];
    match parts.iter().find(|name| !given(name)) {
        Some(name) => Err(invalid(&format!("address.{name}"), "is required")),
        None => Ok(()),
    }
}
