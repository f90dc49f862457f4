//! An invented company that is small enough to be counted by hand: four people, two projects, three codes. The
//! sandbox of the field client has the same company with a fortnight of time.

use super::seed::{BUILDING, Division, FIRST_PERSON, Site, add_company_codes, add_project};
use super::state::State;
use super::tables::Person;
use crate::ids::PersonId;

/// Number, first name, last name, job title; the person's id ends with the number.
const PEOPLE: [(u64, &str, &str, &str); 4] = [
    (201, "Ada", "Lund", "Foreman"),
    (202, "Ben", "Ortiz", "Carpenter"),
    (203, "Cleo", "Park", "Carpenter"),
    (204, "Dan", "Wolfe", "Laborer"),
];

const CHICAGO: [&str; 2] = ["Central Time (US & Canada)", "America/Chicago"];

const SITES: [Site; 2] = [
    Site {
        id: 326_101,
        number: "26-101",
        name: "Cedar Street Depot",
        active: true,
        stage: Some((BUILDING, "Course of Construction")),
        address: ["12 Cedar St", "Chicago", "IL", "60608"],
        position: (41.8500, -87.6700),
        zone: CHICAGO,
        sub_jobs: &[(426_101, "01", "Hall"), (426_102, "02", "Yard")],
    },
    Site {
        id: 326_102,
        number: "26-102",
        name: "Mill Pond Bridge",
        active: true,
        stage: Some((BUILDING, "Course of Construction")),
        address: ["3 Mill Pond Rd", "Joliet", "IL", "60431"],
        position: (41.5250, -88.0817),
        zone: CHICAGO,
        sub_jobs: &[],
    },
];

const DIVISIONS: [Division; 3] = [
    (
        "01",
        "General Requirements",
        &[("500", "Temporary Facilities and Controls")],
    ),
    ("03", "Concrete", &[("300", "Cast-in-Place Concrete")]),
    ("06", "Wood, Plastics and Composites", &[("100", "Rough Carpentry")]),
];

/// The company with everything but time.
pub(super) fn small_company() -> State {
    let mut state = State::new();
    "Cedar and Mill Builders".clone_into(&mut state.company_name);
    for (number, first_name, last_name, job_title) in PEOPLE {
        let person = Person {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            employee_id: Some(format!("{number:05}")),
            is_employee: true,
            is_active: true,
            user_id: None,
            email: None,
            job_title: Some(job_title.to_owned()),
        };
        state.people.insert(PersonId::new(FIRST_PERSON + number), person);
    }
    add_company_codes(&mut state, &DIVISIONS);
    for site in &SITES {
        add_project(&mut state, site);
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_every_code() {
        let state = small_company();
        assert_eq!((state.people.len(), state.projects.len()), (4, 2));
        assert_eq!((state.sub_jobs.len(), state.company_codes.len()), (2, 6));
        assert_eq!(state.project_codes.len(), 4 * 3);
    }
}
