//! An invented contractor: the same people, places and codes as in the Procore client's sandbox, as somebody entered
//! them by hand some time ago, and two weeks of time around the night when the clocks went forward in 2026.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc, Weekday};
use serde_json::{Value, json};

use super::state::{Approval, PayPeriod, State, TimeRecord, object};

/// Number, first name, last name, job title; the person's id is `p-` and the number without its zeros.
const PEOPLE: [(&str, &str, &str, &str); 21] = [
    ("00101", "Ana", "Delgado", "Carpenter"),
    ("00102", "Ben", "Okafor", "Laborer"),
    ("00103", "Carla", "Nguyen", "Ironworker"),
    ("00104", "Dmitri", "Volkov", "Electrician"),
    ("00105", "Elena", "Marsh", "Foreman"),
    ("00106", "Frank", "Tsosie", "Operator"),
    // Procore has Lindqvist.
    ("00107", "Grace", "Lindquist", "Carpenter"),
    ("00108", "Hector", "Ramos", "Laborer"),
    ("00109", "Imani", "Brooks", "Ironworker"),
    ("00110", "Jonas", "Weber", "Electrician"),
    ("00111", "Keiko", "Tanaka", "Foreman"),
    ("00112", "Luis", "Ortega", "Operator"),
    ("00113", "Mara", "Kowalski", "Carpenter"),
    ("00114", "Noah", "Bennett", "Laborer"),
    ("00115", "Olga", "Petrov", "Ironworker"),
    ("00116", "Pablo", "Reyes", "Electrician"),
    ("00117", "Quinn", "Harper", "Foreman"),
    ("00118", "Rosa", "Jimenez", "Operator"),
    // Two workers carry this number in Procore.
    ("00121", "Uma", "Castillo", "Ironworker"),
    ("00124", "Xavier", "Pope", "Operator"),
    // Left, and nobody told ExakTime.
    ("00127", "Arlo", "Mendez", "Ironworker"),
];

/// The first so many people work on every weekday.
const CREW: usize = 18;

/// Street, city, state, postal code; degrees north and east.
pub(super) type Site = ([&'static str; 4], f64, f64);

const SAGUARO: Site = (["4100 E Camelback Rd", "Phoenix", "AZ", "85018"], 33.4484, -112.074);
const LAKEFRONT: Site = (["200 N Lake Shore Dr", "Chicago", "IL", "60601"], 41.8781, -87.6298);
const PRAIRIE: Site = (["1550 Prairie View Ln", "Denver", "CO", "80205"], 39.7392, -104.9903);
const HARBOR: Site = (
    ["900 Harbor Point Way", "Long Beach", "CA", "90802"],
    33.7701,
    -118.1937,
);
const OLD_MILL: Site = (["17 Old Mill Rd", "Albany", "NY", "12207"], 42.6526, -73.7562);

/// Identifier, name and where; the location's id is `loc-` and the identifier.
const LOCATIONS: [(&str, &str, Option<Site>); 12] = [
    ("24-001", "24-001 - Saguaro Ridge Medical Center", Some(SAGUARO)),
    (
        "24-001.01",
        "24-001.01 - Saguaro Ridge Medical Center / Central Plant",
        None,
    ),
    (
        "24-001.02",
        "24-001.02 - Saguaro Ridge Medical Center / East Wing",
        None,
    ),
    ("24-002", "24-002 - Lakefront Tower", Some(LAKEFRONT)),
    ("24-002.01", "24-002.01 - Lakefront Tower / Podium", None),
    ("24-002.02", "24-002.02 - Lakefront Tower / Tower", None),
    ("24-003", "24-003 - Prairie View School", Some(PRAIRIE)),
    ("24-003.01", "24-003.01 - Prairie View School / Classrooms", None),
    // Named by hand.
    ("25-004", "Harbor Pt Warehouse", Some(HARBOR)),
    ("25-004.10", "25-004.10 - Harbor Point Warehouse / Cold Storage", None),
    // Closed in Procore.
    ("22-017", "22-017 - Old Mill Renovation", Some(OLD_MILL)),
    // No project at all.
    ("YARD", "Yard and Shop", None),
];

/// Identifier and name; the code's id is `cc-` and the identifier.
const COST_CODES: [(&str, &str); 11] = [
    ("01-310", "Project Management and Coordination"),
    ("01-500", "Temporary Facilities and Controls"),
    ("02-410", "Demolition"),
    ("03-200", "Concrete Reinforcing"),
    ("03-300", "Cast-in-Place Concrete"),
    ("05-120", "Structural Steel Framing"),
    ("06-100", "Rough Carpentry"),
    ("09-290", "Gypsum Board"),
    ("22-110", "Facility Water Distribution"),
    ("26-050", "Common Work Results for Electrical"),
    ("31-220", "Grading"),
];

/// Where the crew works: the first ten locations, in turn.
const WORKED: usize = 10;
/// What it works on: every code that each of those places has a labor budget for, in turn.
const ON: [&str; 9] = [
    "01-310", "01-500", "03-200", "03-300", "05-120", "06-100", "09-290", "22-110", "26-050",
];

/// The account with two weeks of time.
pub(super) fn contractor() -> State {
    let mut state = State::new();
    add_people(&mut state);
    add_locations(&mut state, &LOCATIONS);
    add_cost_codes(&mut state, &COST_CODES);
    add_time(&mut state);
    add_approvals(&mut state);
    add_weeks(&mut state);
    state
}

/// A pay period for each of the weeks, of which the first is signed off by the foreman of a carpenter.
fn add_weeks(state: &mut State) {
    for (id, first) in [("pp-10", 2), ("pp-11", 9)] {
        state.pay_periods.push(PayPeriod {
            id: id.to_owned(),
            start: day(first),
            end: day(first + 6),
            is_closed: false,
        });
    }
    let signed = json!({"PayPeriodId": "pp-10", "PersonId": "p-101", "ApprovalType": "SignOff", "ApproverId": "p-105",
        "ApprovedAt": "2026-03-09T15:00:00Z", "Comment": null});
    let punch = json!({"TimePunchId": "tp-1", "PersonId": "p-101", "LocationId": "loc-24-001", "CostCodeId": "cc-05-120",
        "PunchTime": "2026-03-08T05:00:00Z", "DeviceType": "Mobile"});
    let shift = json!({"ShiftId": "sh-1", "PersonId": "p-101", "StartTime": "2026-03-08T05:00:00Z",
        "EndTime": "2026-03-08T13:30:00Z", "Title": "Night", "LocationId": "loc-24-001", "CostCodeId": "cc-05-120",
        "Notes": null});
    for (set, row) in [
        ("DwPayPeriodApprovals", signed),
        ("DwTimePunches", punch),
        ("DwShifts", shift),
    ] {
        state.warehouse.insert(set.to_owned(), vec![object(row)]);
    }
}

fn person_id(number: &str) -> String {
    format!("p-{}", number.trim_start_matches('0'))
}

fn add_people(state: &mut State) {
    for (number, first_name, last_name, job_title) in PEOPLE {
        add_person(state, number, [first_name, last_name], job_title);
        let id = person_id(number);
        if matches!(number, "00101" | "00105")
            && let Some(person) = state.persons.get_mut(&id)
        {
            let email = format!("{first_name}.{last_name}@mesaprairie.example").to_lowercase();
            person.insert("workEmail".to_owned(), email.into());
        }
        if number == "00124"
            && let Some(employment) = state.employments.get_mut(&id)
        {
            employment.insert("status".to_owned(), "Inactive".into());
        }
    }
    // A user of the interface: no employee.
    let user = json!({"personId": "p-900", "firstName": "Office", "lastName": "Admin", "username": "office.admin",
        "isContractor": false, "isDeleted": false});
    state.persons.insert("p-900".to_owned(), object(user));
}

pub(super) fn add_person(state: &mut State, number: &str, [first_name, last_name]: [&str; 2], job_title: &str) {
    let id = person_id(number);
    let person = object(json!({
        "personId": id, "firstName": first_name, "lastName": last_name, "employeeIdentifier": number,
        "isContractor": false, "isDeleted": false, "badgeColor": "orange",
    }));
    let employment = object(json!({
        "personId": id, "status": "Active", "jobTitle": job_title, "employmentType": "Hourly", "payType": "Hourly",
        "hireDate": "2024-05-06",
    }));
    state.persons.insert(id.clone(), person);
    state.employments.insert(id, employment);
}

pub(super) fn add_locations(state: &mut State, locations: &[(&str, &str, Option<Site>)]) {
    for &(identifier, name, site) in locations {
        let id = format!("loc-{identifier}");
        // Nobody has told what the last property means to a client; it has to survive.
        let mut location = object(json!({
            "locationId": id, "name": name, "identifier": identifier, "isActive": true, "isOffice": false,
            "isTimeAndAttendance": true, "geofenceRadius": 250,
        }));
        if let Some(([street, city, region, zip], north, east)) = site {
            let address = json!({"addressLine1": street, "addressLine2": null, "city": city, "state": region,
                "postalCode": zip, "country": "US"});
            location.insert("address".to_owned(), address);
            location.insert("latitude".to_owned(), north.into());
            location.insert("longitude".to_owned(), east.into());
        }
        state.locations.insert(id, location);
    }
}

pub(super) fn add_cost_codes(state: &mut State, codes: &[(&str, &str)]) {
    for &(identifier, name) in codes {
        let id = format!("cc-{identifier}");
        let code = json!({"costCodeId": id, "identifier": identifier, "name": name, "isActive": true,
            "displayOption": "Default", "color": Value::Null});
        state.cost_codes.insert(id, object(code));
    }
}

/// A day of March 2026.
pub(super) fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, number).unwrap_or_default()
}

/// Minutes of a clock time.
const fn at(hour: i64, minute: i64) -> i64 {
    hour * 60 + minute
}

/// A clock time at a location as an instant. The clocks went forward on the 8th, except in Arizona.
fn instant(location: &str, date: NaiveDate, minutes: i64) -> DateTime<Utc> {
    let summer = i64::from(date >= day(8));
    let behind = match location.get(..6) {
        Some("24-002" | "26-101" | "26-102") => 6 - summer,
        Some("24-003") => 7 - summer,
        Some("25-004") => 8 - summer,
        _ => 7,
    };
    date.and_time(NaiveTime::MIN).and_utc() + Duration::minutes(minutes + behind * 60)
}

/// A stretch of regular time.
pub(super) fn stretch(
    number: &str,
    date: NaiveDate,
    place: &str,
    code: &str,
    clock: (i64, i64),
    hours: &str,
) -> TimeRecord {
    TimeRecord {
        id: String::new(),
        person: person_id(number),
        work_date: date,
        location: Some(format!("loc-{place}")),
        cost_code: Some(format!("cc-{code}")),
        start: instant(place, date, clock.0),
        stop: Some(instant(place, date, clock.1)),
        regular_hours: hours.to_owned(),
        ot1_hours: "0".to_owned(),
        ot2_hours: "0".to_owned(),
        comment: None,
    }
}

pub(super) const MORNING: (i64, i64) = (at(7, 0), at(11, 0));
pub(super) const AFTERNOON: (i64, i64) = (at(11, 30), at(15, 30));

fn add_time(state: &mut State) {
    let mut records = Vec::new();
    for date in day(2).iter_days().take(14) {
        if !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            for (index, person) in PEOPLE[..CREW].iter().enumerate() {
                records.extend(ordinary_day(index, person.0, date));
            }
        }
    }
    records.extend(overnight());
    records.push(weekend_overtime());
    records.push(stretch(
        "00121",
        day(2),
        "24-001",
        "03-300",
        (at(7, 0), at(15, 30)),
        "8.00",
    ));
    for date in [day(2), day(3), day(4)] {
        records.extend(two_halves("00127", date, "24-003", "06-100"));
    }
    enter(state, records);
}

/// Numbers the records and shows them.
pub(super) fn enter(state: &mut State, mut records: Vec<TimeRecord>) {
    for (number, record) in (1_u32..).zip(&mut records) {
        record.id = format!("tr-{number:06}");
    }
    state.time_records = records;
}

fn two_halves(number: &str, date: NaiveDate, place: &str, code: &str) -> [TimeRecord; 2] {
    [MORNING, AFTERNOON].map(|clock| stretch(number, date, place, code, clock, "4.00"))
}

/// A weekday of one of the crew, and what was special about some of them.
fn ordinary_day(index: usize, number: &str, date: NaiveDate) -> Vec<TimeRecord> {
    let turn = index + usize::try_from(date.day()).unwrap_or(0);
    let place = LOCATIONS[turn % WORKED].0;
    let [mut morning, mut afternoon] = two_halves(number, date, place, ON[turn % ON.len()]);
    afternoon.cost_code = Some(format!("cc-{}", ON[(turn + 2) % ON.len()]));
    match (number, date.day()) {
        // The night of the 7th took the place of Monday.
        ("00101" | "00102", 2) => return Vec::new(),
        ("00103" | "00104", 6 | 13) => {
            "2.00".clone_into(&mut afternoon.ot1_hours);
            afternoon.stop = afternoon.stop.map(|stop| stop + Duration::hours(2));
        }
        ("00106", 13) => {
            afternoon.stop = None;
            "0".clone_into(&mut afternoon.regular_hours);
        }
        ("00108", 10) => morning.location = Some("loc-YARD".to_owned()),
        ("00109", 4) => return day_in_thirds(number, date, place),
        ("00110", 11) => morning = stretch(number, date, "24-002", "02-410", MORNING, "4.00"),
        ("00111", 12) => morning = stretch(number, date, "24-001", "31-220", MORNING, "4.00"),
        ("00118", 6) => morning.comment = Some("Waited for the pump truck until 8:15".to_owned()),
        _ => {}
    }
    vec![morning, afternoon]
}

/// Three times twenty minutes, which are 0.33 each to the clock.
fn day_in_thirds(number: &str, date: NaiveDate, place: &str) -> Vec<TimeRecord> {
    let third = |from: i64| stretch(number, date, place, "01-310", (from, from + 20), "0.33");
    vec![
        third(at(7, 0)),
        third(at(7, 20)),
        third(at(7, 40)),
        stretch(number, date, place, "06-100", (at(8, 0), at(15, 30)), "7.00"),
    ]
}

/// Ten at night to half past six, half an hour of it for a meal: eight hours in Phoenix, seven in Chicago, where the
/// clocks went forward meanwhile.
fn overnight() -> [TimeRecord; 2] {
    let night = |number, place, code, hours| {
        let mut record = stretch(number, day(7), place, code, (at(22, 0), 0), hours);
        record.stop = Some(instant(place, day(8), at(6, 30)));
        record
    };
    [
        night("00101", "24-001", "05-120", "8.00"),
        night("00102", "24-002.02", "05-120", "7.00"),
    ]
}

fn weekend_overtime() -> TimeRecord {
    TimeRecord {
        ot1_hours: "8.00".to_owned(),
        ot2_hours: "2.00".to_owned(),
        ..stretch("00105", day(14), "25-004", "03-300", (at(6, 0), at(16, 0)), "0")
    }
}

/// The first week is approved by the supervisor, and by the employee where that was the Friday.
fn add_approvals(state: &mut State) {
    let mut days: Vec<(String, NaiveDate)> = state
        .time_records
        .iter()
        .filter(|record| record.work_date <= day(7))
        .map(|record| (record.person.clone(), record.work_date))
        .collect();
    days.sort();
    days.dedup();
    let approval = |person: &str, date: NaiveDate, kind: &str, approver: &str| Approval {
        person: person.to_owned(),
        work_date: date,
        kind: kind.to_owned(),
        approver: approver.to_owned(),
        approved_at: day(9).and_time(NaiveTime::MIN).and_utc() + Duration::hours(15),
    };
    for (person, date) in days {
        state.approvals.push(approval(&person, date, "Supervisor", "p-105"));
        if date == day(6) {
            state.approvals.push(approval(&person, date, "Employee", &person));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_account_has_the_people_places_and_codes_that_were_agreed() {
        let state = contractor();
        assert_eq!((state.persons.len(), state.employments.len()), (22, 21));
        assert_eq!((state.locations.len(), state.cost_codes.len()), (12, 13));
    }

    #[test]
    fn time_is_booked_on_what_is_there_and_ids_are_distinct() {
        let state = contractor();
        for record in &state.time_records {
            assert!(state.employments.contains_key(&record.person), "{record:?}");
            assert!(
                record
                    .location
                    .as_ref()
                    .is_some_and(|id| state.locations.contains_key(id))
            );
            assert!(
                record
                    .cost_code
                    .as_ref()
                    .is_some_and(|id| state.cost_codes.contains_key(id))
            );
            assert!((day(2)..=day(15)).contains(&record.work_date));
        }
        let ids: BTreeSet<&str> = state.time_records.iter().map(|record| record.id.as_str()).collect();
        assert_eq!(ids.len(), state.time_records.len());
        assert!(state.time_records.len() > 350);
    }

    #[test]
    fn d1_the_night_of_the_clock_change_is_an_hour_shorter_in_chicago() {
        let nights = overnight().map(|night| (night.stop.unwrap() - night.start).num_minutes());
        assert_eq!(nights, [8 * 60 + 30, 7 * 60 + 30]);
    }
}
