//! An invented company that is small enough to be counted by hand: the people, places and codes of the Procore client's
//! sandbox, and a fortnight of time.

use chrono::Duration;

use super::seed::{AFTERNOON, MORNING, Site, add_cost_codes, add_locations, add_person, day, enter, stretch};
use super::state::State;

/// Number, first name, last name, job title.
const PEOPLE: [(&str, &str, &str, &str); 4] = [
    ("00201", "Ada", "Lund", "Foreman"),
    ("00202", "Ben", "Ortiz", "Carpenter"),
    ("00203", "Cleo", "Park", "Carpenter"),
    ("00204", "Dan", "Wolfe", "Laborer"),
];

const CEDAR: Site = (["12 Cedar St", "Chicago", "IL", "60608"], 41.85, -87.67);
const MILL: Site = (["3 Mill Pond Rd", "Joliet", "IL", "60431"], 41.525, -88.0817);

const LOCATIONS: [(&str, &str, Option<Site>); 4] = [
    ("26-101", "26-101 - Cedar Street Depot", Some(CEDAR)),
    ("26-101.01", "26-101.01 - Cedar Street Depot / Hall", None),
    ("26-101.02", "26-101.02 - Cedar Street Depot / Yard", None),
    ("26-102", "26-102 - Mill Pond Bridge", Some(MILL)),
];

const COST_CODES: [(&str, &str); 3] = [
    ("01-500", "Temporary Facilities and Controls"),
    ("03-300", "Cast-in-Place Concrete"),
    ("06-100", "Rough Carpentry"),
];

/// Number, day of March 2026, place and code of the morning and of the afternoon: four hours each.
type WorkDay = (
    &'static str,
    u32,
    (&'static str, &'static str),
    (&'static str, &'static str),
);

const DAYS: [WorkDay; 13] = [
    ("00201", 2, ("26-101", "03-300"), ("26-101", "06-100")),
    ("00201", 3, ("26-101.01", "03-300"), ("26-102", "01-500")),
    ("00201", 4, ("26-102", "03-300"), ("26-102", "06-100")),
    ("00201", 9, ("26-101.02", "03-300"), ("26-101", "01-500")),
    ("00202", 2, ("26-101", "03-300"), ("26-101", "06-100")),
    ("00202", 3, ("26-101.01", "03-300"), ("26-101.01", "06-100")),
    ("00202", 9, ("26-102", "03-300"), ("26-102", "01-500")),
    ("00203", 2, ("26-102", "03-300"), ("26-102", "06-100")),
    ("00203", 3, ("26-102", "03-300"), ("26-102", "06-100")),
    ("00203", 11, ("26-101.01", "03-300"), ("26-101.01", "06-100")),
    ("00204", 5, ("26-101.02", "03-300"), ("26-101.02", "01-500")),
    ("00204", 6, ("26-102", "03-300"), ("26-101", "06-100")),
    ("00204", 10, ("26-101", "06-100"), ("26-101", "01-500")),
];

/// Whose afternoons were two hours of overtime longer.
const OVERTIME: [(&str, u32); 2] = [("00201", 3), ("00203", 11)];

/// The account with its fortnight: 26 stretches of four hours and twice two hours of overtime.
pub(super) fn small_company() -> State {
    let mut state = State::new();
    for (number, first_name, last_name, job_title) in PEOPLE {
        add_person(&mut state, number, [first_name, last_name], job_title);
    }
    add_locations(&mut state, &LOCATIONS);
    add_cost_codes(&mut state, &COST_CODES);
    let mut records = Vec::new();
    for (number, date, morning, afternoon) in DAYS {
        let of = |(place, code), clock| stretch(number, day(date), place, code, clock, "4.00");
        let (morning, mut afternoon) = (of(morning, MORNING), of(afternoon, AFTERNOON));
        if OVERTIME.contains(&(number, date)) {
            "2.00".clone_into(&mut afternoon.ot1_hours);
            afternoon.stop = afternoon.stop.map(|stop| stop + Duration::hours(2));
        }
        records.extend([morning, afternoon]);
    }
    enter(&mut state, records);
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fortnight_comes_to_108_hours() {
        let records = small_company().time_records;
        let minutes: i64 = records
            .iter()
            .map(|record| (record.stop.unwrap() - record.start).num_minutes())
            .sum();
        assert_eq!((records.len(), minutes), (26, 108 * 60));
        let overtime = records.iter().filter(|record| record.ot1_hours == "2.00").count();
        assert_eq!(overtime, 2);
    }
}
