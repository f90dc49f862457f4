//! ExakTime's tables as the world has them, and the world's records as requests leave them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use exaktime_client::sandbox::{State, TimeRecord};
use linx_core::model::{Attribute, Attributes, HourClass, Kind, RecordId};
use serde_json::{Map, Value};

use crate::model::events::Sent;
use crate::world::{Punch, Request as Write, World};

type Records = BTreeMap<(Kind, RecordId), Attributes>;

/// Makes the tables what the world has: the warehouse, and the names that clerks gave.
pub fn show(world: &World, state: &mut State) {
    let punches = world.warehouse.iter();
    state.time_records = punches
        .map(|(id, punch)| time_record(*id, punch, clock_times(world, *id, punch)))
        .collect();
    for ((kind, id), record) in &world.records {
        let person = state.persons.get_mut(id.as_str()).filter(|_| *kind == Kind::Employee);
        let name = record.attributes.get(Attribute::LastName);
        if let Some((person, name)) = person.zip(name) {
            person.insert("lastName".into(), name.into());
        }
    }
}

/// When a stretch of work began and ended: those of somebody's day follow each other. Where a clerk made them longer than the day, the
/// clock goes slower.
fn clock_times(world: &World, id: u32, punch: &Punch) -> [DateTime<Utc>; 2] {
    let same_day = |other: &&Punch| (&other.employee, other.date) == (&punch.employee, punch.date);
    let hours = |punches: &mut dyn Iterator<Item = &Punch>| punches.filter(same_day).map(|one| one.hours).sum::<i64>();
    let before = hours(&mut world.warehouse.range(..id).map(|(_, punch)| punch));
    let longest = hours(&mut world.warehouse.values()).max(24_00);
    let midnight = punch.date.and_time(NaiveTime::MIN).and_utc();
    [before, before + punch.hours].map(|hours| midnight + TimeDelta::seconds(hours * 24 * 3600 / longest))
}

fn time_record(id: u32, punch: &Punch, [start, stop]: [DateTime<Utc>; 2]) -> TimeRecord {
    let of = |class| {
        let hours = if punch.class == class { punch.hours } else { 0 };
        format!("{}.{:02}", hours / 100, hours % 100)
    };
    TimeRecord {
        id: format!("t-{id}"),
        person: punch.employee.to_string(),
        work_date: punch.date,
        location: Some(punch.place.to_string()),
        cost_code: Some(punch.code.to_string()).filter(|code| !code.is_empty()),
        start,
        stop: Some(stop),
        regular_hours: of(HourClass::Regular),
        ot1_hours: of(HourClass::Overtime),
        ot2_hours: of(HourClass::DoubleTime),
        comment: None,
    }
}

/// Every record that the service has, but for its own.
pub fn records(state: &State) -> Records {
    let employees = state.employments.iter().filter_map(|(id, employment)| {
        let person = state.persons.get(id)?;
        let attributes = Attributes::default()
            .with(Attribute::Identifier, text(person, "employeeIdentifier"))
            .with(Attribute::FirstName, text(person, "firstName"))
            .with(Attribute::LastName, text(person, "lastName"))
            .with_active(text(employment, "status") == Some("Active"));
        Some((Kind::Employee, id, attributes))
    });
    let named = |row: &Map<String, Value>| {
        Attributes::default()
            .with(Attribute::Identifier, text(row, "identifier"))
            .with(Attribute::Name, text(row, "name"))
            .with_active(row.get("isActive") == Some(&Value::Bool(true)))
    };
    let locations = state.locations.iter().map(|(id, row)| (Kind::Location, id, named(row)));
    let is_own = |row: &Map<String, Value>| text(row, "displayOption") == Some("System");
    let codes = state.cost_codes.iter().filter(|(_, row)| !is_own(row));
    let codes = codes.map(|(id, row)| (Kind::CostCode, id, named(row)));
    let all = employees.chain(locations).chain(codes);
    all.map(|(kind, id, attributes)| ((kind, RecordId(id.as_str().into())), attributes))
        .collect()
}

fn text<'a>(row: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    row.get(name)?.as_str()
}

/// Has the world see what a request did to records.
pub fn see(world: &mut World, before: &Records, state: &State, sent: Sent) {
    for ((kind, id), now) in records(state) {
        match before.get(&(kind, id.clone())) {
            None => world.made_record(kind, id, now),
            Some(then) => {
                let writes = differences(then, &now);
                if !writes.is_empty() {
                    drop(world.apply(&Write::Set(kind, id, writes), sent));
                }
            }
        }
    }
}

fn differences(then: &Attributes, now: &Attributes) -> Vec<(Attribute, Option<String>)> {
    let names: BTreeSet<Attribute> = then.iter().chain(now.iter()).map(|(name, _)| name).collect();
    let differ = names.into_iter().filter(|name| then.get(*name) != now.get(*name));
    differ.map(|name| (name, now.get(name).map(str::to_owned))).collect()
}
