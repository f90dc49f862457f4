//! An invented contractor: realistic in shape, and none of it real.

use std::collections::BTreeSet;

use super::state::{CODE_LIST, LABOR, MATERIALS, State};
use super::tables::{CompanyCode, Person, Project, ProjectCode, SubJob, WorkClassification};
use crate::ids::{
    CostCodeId, PersonId, ProjectId, ProjectStageId, StandardCostCodeId, SubJobId, UserId, WorkClassificationId,
};

/// A person's id is this and the number in the table.
pub(super) const FIRST_PERSON: u64 = 562_949_953_430_000;
/// A login's id is this and the number in the table.
const FIRST_USER: u64 = 562_949_953_440_000;
const FIRST_COMPANY_CODE: u64 = 7_700_001;
const FIRST_PROJECT_CODE: u64 = 78_260_001;

/// First name, last name, number and what is special, in the order of their ids.
const PEOPLE: [(&str, &str, Option<&str>, Special); 27] = [
    ("Ana", "Delgado", Some("00101"), Special::Login),
    ("Ben", "Okafor", Some("00102"), Special::Nothing),
    ("Carla", "Nguyen", Some("00103"), Special::Nothing),
    ("Dmitri", "Volkov", Some("00104"), Special::Nothing),
    ("Elena", "Marsh", Some("00105"), Special::Login),
    ("Frank", "Tsosie", Some("00106"), Special::Nothing),
    ("Grace", "Lindqvist", Some("00107"), Special::Nothing),
    ("Hector", "Ramos", Some("00108"), Special::Nothing),
    ("Imani", "Brooks", Some("00109"), Special::Nothing),
    ("Jonas", "Weber", Some("00110"), Special::Nothing),
    ("Keiko", "Tanaka", Some("00111"), Special::Nothing),
    ("Luis", "Ortega", Some("00112"), Special::Nothing),
    ("Mara", "Kowalski", Some("00113"), Special::Nothing),
    ("Noah", "Bennett", Some("00114"), Special::Nothing),
    ("Olga", "Petrov", Some("00115"), Special::Nothing),
    ("Pablo", "Reyes", Some("00116"), Special::Nothing),
    ("Quinn", "Harper", Some("00117"), Special::Nothing),
    ("Rosa", "Jimenez", Some("00118"), Special::Nothing),
    ("Sam", "Whitfield", Some("00119"), Special::Nothing),
    ("Tara", "Singh", Some("00120"), Special::Nothing),
    ("Uma", "Castillo", Some("00121"), Special::Nothing),
    // The same number as the one before: neither can be told from the other by it.
    ("Victor", "Hale", Some("00121"), Special::Nothing),
    ("Wendy", "Cho", None, Special::Nothing),
    ("Xavier", "Pope", Some("00124"), Special::Inactive),
    ("Yara", "Haddad", Some("00125"), Special::Inactive),
    ("Zoe", "Franklin", None, Special::NoEmployee),
    ("Arlo", "Mendez", Some("00127"), Special::Inactive),
];

/// What sets a person apart. Who is no employee has a login.
#[derive(Clone, Copy, PartialEq)]
enum Special {
    Nothing,
    Login,
    Inactive,
    NoEmployee,
}

const TRADES: [&str; 6] = [
    "Carpenter",
    "Laborer",
    "Ironworker",
    "Electrician",
    "Foreman",
    "Operator",
];

/// A project of the table below.
pub(super) struct Site {
    pub(super) id: u64,
    pub(super) number: &'static str,
    pub(super) name: &'static str,
    pub(super) active: bool,
    /// Id and label.
    pub(super) stage: Option<(u64, &'static str)>,
    /// Street, city, state, postal code.
    pub(super) address: [&'static str; 4],
    pub(super) position: (f64, f64),
    /// Rails name and IANA name.
    pub(super) zone: [&'static str; 2],
    /// Id, code, name.
    pub(super) sub_jobs: &'static [(u64, &'static str, &'static str)],
}

/// Ids of stages.
pub(super) const BUILDING: u64 = 881;
const BIDDING: u64 = 882;
const WARRANTY: u64 = 883;

const SITES: [Site; 5] = [
    Site {
        id: 316_001,
        number: "24-001",
        name: "Saguaro Ridge Medical Center",
        active: true,
        stage: Some((BUILDING, "Course of Construction")),
        address: ["4100 E Camelback Rd", "Phoenix", "AZ", "85018"],
        position: (33.4484, -112.0740),
        zone: ["Arizona", "America/Phoenix"],
        sub_jobs: &[(416_001, "01", "Central Plant"), (416_002, "02", "East Wing")],
    },
    Site {
        id: 316_002,
        number: "24-002",
        name: "Lakefront Tower",
        active: true,
        stage: Some((BUILDING, "Course of Construction")),
        address: ["200 N Lake Shore Dr", "Chicago", "IL", "60601"],
        position: (41.8781, -87.6298),
        zone: ["Central Time (US & Canada)", "America/Chicago"],
        sub_jobs: &[
            (416_003, "01", "Podium"),
            (416_004, "02", "Tower"),
            (416_005, "03", "Garage"),
        ],
    },
    Site {
        id: 316_003,
        number: "24-003",
        name: "Prairie View School",
        active: true,
        stage: Some((BUILDING, "Course of Construction")),
        address: ["1550 Prairie View Ln", "Denver", "CO", "80205"],
        position: (39.7392, -104.9903),
        zone: ["Mountain Time (US & Canada)", "America/Denver"],
        sub_jobs: &[(416_006, "01", "Classrooms"), (416_007, "02", "Gymnasium")],
    },
    Site {
        id: 316_004,
        number: "25-004",
        name: "Harbor Point Warehouse",
        active: true,
        stage: Some((BIDDING, "Bidding")),
        address: ["900 Harbor Point Way", "Long Beach", "CA", "90802"],
        position: (33.7701, -118.1937),
        zone: ["Pacific Time (US & Canada)", "America/Los_Angeles"],
        sub_jobs: &[(416_008, "10", "Cold Storage")],
    },
    Site {
        id: 316_005,
        number: "22-017",
        name: "Old Mill Renovation",
        active: false,
        stage: Some((WARRANTY, "Warranty")),
        address: ["17 Old Mill Rd", "Albany", "NY", "12207"],
        position: (42.6526, -73.7562),
        zone: ["Eastern Time (US & Canada)", "America/New_York"],
        sub_jobs: &[],
    },
];

/// The codes that every active project has, with and without sub job, but for [`has_code`].
const PROJECT_CODES: [&str; 11] = [
    "01-310", "01-500", "02-410", "03-200", "03-300", "05-120", "06-100", "09-290", "22-110", "26-050", "31-220",
];
/// Offers materials only, so that hours on it would miss the budget.
const NO_LABOR: &str = "02-410";

/// Code, name and leaves (code and name) of a division.
pub(super) type Division = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

#[rustfmt::skip]
const DIVISIONS: [Division; 20] = [
    ("01", "General Requirements", &[
        ("310", "Project Management and Coordination"), ("320", "Construction Progress Documentation"),
        ("330", "Submittal Procedures"), ("350", "Special Procedures"), ("400", "Quality Requirements"),
        ("450", "Quality Control Testing"), ("500", "Temporary Facilities and Controls"),
        ("520", "Field Offices and Sheds"), ("540", "Construction Aids"),
        ("560", "Temporary Barriers and Enclosures"), ("710", "Site Examination and Layout"),
        ("740", "Cleaning and Waste Management"), ("770", "Closeout Procedures"),
    ]),
    ("02", "Existing Conditions", &[
        ("210", "Site Surveys"), ("300", "Subsurface Investigation"), ("410", "Demolition"),
        ("420", "Removal and Salvage"), ("650", "Storage Tank Removal"), ("820", "Asbestos Remediation"),
        ("830", "Lead Remediation"),
    ]),
    ("03", "Concrete", &[
        ("100", "Concrete Forming"), ("150", "Concrete Accessories"), ("200", "Concrete Reinforcing"),
        ("300", "Cast-in-Place Concrete"), ("350", "Concrete Finishing"), ("400", "Precast Concrete"),
        ("540", "Cement Underlayment"), ("600", "Grouting"),
    ]),
    ("04", "Masonry", &[
        ("050", "Masonry Mortar and Grout"), ("210", "Brick Masonry"), ("220", "Concrete Unit Masonry"),
        ("400", "Stone Assemblies"),
    ]),
    ("05", "Metals", &[
        ("120", "Structural Steel Framing"), ("210", "Steel Joists"), ("310", "Steel Decking"),
        ("400", "Cold-Formed Metal Framing"), ("500", "Metal Fabrications"), ("510", "Metal Stairs"),
        ("520", "Metal Railings"),
    ]),
    ("06", "Wood, Plastics and Composites", &[
        ("100", "Rough Carpentry"), ("160", "Sheathing"), ("170", "Engineered Lumber"), ("200", "Finish Carpentry"),
        ("400", "Architectural Woodwork"),
    ]),
    ("07", "Thermal and Moisture Protection", &[
        ("110", "Dampproofing"), ("130", "Sheet Waterproofing"), ("210", "Thermal Insulation"),
        ("270", "Air Barriers"), ("410", "Metal Roof Panels"), ("500", "Membrane Roofing"),
        ("620", "Sheet Metal Flashing"), ("840", "Firestopping"), ("920", "Joint Sealants"),
    ]),
    ("08", "Openings", &[
        ("110", "Metal Doors and Frames"), ("140", "Wood Doors"), ("330", "Coiling Doors"),
        ("410", "Entrances and Storefronts"), ("440", "Curtain Walls"), ("510", "Metal Windows"),
        ("710", "Door Hardware"), ("800", "Glazing"),
    ]),
    ("09", "Finishes", &[
        ("220", "Metal Stud Framing"), ("240", "Plaster and Stucco"), ("290", "Gypsum Board"),
        ("300", "Ceramic Tiling"), ("510", "Acoustical Ceilings"), ("640", "Wood Flooring"),
        ("650", "Resilient Flooring"), ("680", "Carpeting"), ("910", "Painting"), ("960", "Protective Coatings"),
    ]),
    ("10", "Specialties", &[
        ("140", "Signage"), ("210", "Toilet Compartments"), ("280", "Toilet Accessories"),
        ("440", "Fire Extinguishers"), ("510", "Lockers"),
    ]),
    ("14", "Conveying Equipment", &[
        ("210", "Traction Elevators"), ("240", "Hydraulic Elevators"),
    ]),
    ("21", "Fire Suppression", &[
        ("110", "Fire Water Service"), ("130", "Sprinkler Systems"),
    ]),
    ("22", "Plumbing", &[
        ("070", "Plumbing Insulation"), ("110", "Facility Water Distribution"), ("130", "Sanitary Sewerage"),
        ("140", "Storm Drainage"), ("400", "Plumbing Fixtures"),
    ]),
    ("23", "Heating, Ventilating and Air Conditioning", &[
        ("050", "Mechanical Supports"), ("070", "Mechanical Insulation"), ("210", "Hydronic Piping"),
        ("310", "Ducts and Casings"), ("340", "Fans"), ("370", "Air Outlets and Inlets"),
        ("740", "Packaged Rooftop Units"),
    ]),
    ("26", "Electrical", &[
        ("050", "Common Work Results for Electrical"), ("190", "Low-Voltage Power Cables"),
        ("240", "Switchboards and Panelboards"), ("270", "Wiring Devices"), ("320", "Standby Generators"),
        ("510", "Interior Lighting"), ("560", "Exterior Lighting"),
    ]),
    ("27", "Communications", &[
        ("110", "Communications Rooms"), ("150", "Horizontal Data Cabling"),
    ]),
    ("28", "Electronic Safety and Security", &[
        ("130", "Access Control"), ("310", "Fire Alarm Systems"),
    ]),
    ("31", "Earthwork", &[
        ("100", "Site Clearing"), ("220", "Grading"), ("230", "Excavation and Fill"), ("250", "Erosion Control"),
        ("630", "Bored Piles"),
    ]),
    ("32", "Exterior Improvements", &[
        ("110", "Base Courses"), ("120", "Asphalt Paving"), ("130", "Concrete Paving"), ("310", "Fences and Gates"),
        ("840", "Irrigation"), ("900", "Planting"),
    ]),
    ("33", "Utilities", &[
        ("110", "Water Utility Piping"), ("310", "Sewer Utility Piping"), ("410", "Storm Utility Piping"),
    ]),
];

/// The company with everything but time.
pub(super) fn contractor() -> State {
    let mut state = State::new();
    add_people(&mut state);
    add_company_codes(&mut state, &DIVISIONS);
    for site in &SITES {
        add_project(&mut state, site);
    }
    add_members(&mut state);
    add_work_classifications(&mut state);
    state
}

fn add_people(state: &mut State) {
    for ((number, (first_name, last_name, employee_id, special)), trade) in
        (1..).zip(PEOPLE).zip(TRADES.into_iter().cycle())
    {
        let login = matches!(special, Special::Login | Special::NoEmployee);
        let email = format!("{first_name}.{last_name}@mesaprairie.example").to_lowercase();
        let person = Person {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            employee_id: employee_id.map(str::to_owned),
            is_employee: special != Special::NoEmployee,
            is_active: special != Special::Inactive,
            user_id: login.then(|| UserId::new(FIRST_USER + number)),
            email: login.then_some(email),
            job_title: Some(trade.to_owned()),
        };
        state.people.insert(PersonId::new(FIRST_PERSON + number), person);
    }
}

pub(super) fn add_company_codes(state: &mut State, divisions: &[Division]) {
    let mut ids = (FIRST_COMPANY_CODE..).map(StandardCostCodeId::new);
    let mut add = |code: &str, name: &str, parent| {
        let id = ids.next().unwrap_or_default();
        let code = CompanyCode {
            list: CODE_LIST,
            code: code.to_owned(),
            name: name.to_owned(),
            parent,
            active: true,
        };
        state.company_codes.insert(id, code);
        id
    };
    for (code, name, leaves) in divisions {
        let division = add(code, name, None);
        for (code, name) in *leaves {
            add(code, name, Some(division));
        }
    }
}

pub(super) fn add_project(state: &mut State, site: &Site) {
    let id = ProjectId::new(site.id);
    let [street, city, region, zip] = site.address.map(str::to_owned);
    let [time_zone, tz_name] = site.zone.map(str::to_owned);
    let project = Project {
        number: site.number.to_owned(),
        name: site.name.to_owned(),
        active: site.active,
        stage: site.stage.map(|(id, name)| (ProjectStageId::new(id), name.to_owned())),
        demo: false,
        template: false,
        address: street,
        city,
        state: region,
        zip,
        position: site.position,
        time_zone,
        tz_name,
    };
    state.projects.insert(id, project);
    if site.active {
        add_project_codes(state, id, None);
    }
    for (sub_job, code, name) in site.sub_jobs {
        let sub_job = SubJobId::new(*sub_job);
        let row = SubJob {
            project: id,
            code: (*code).to_owned(),
            name: (*name).to_owned(),
        };
        state.sub_jobs.insert(sub_job, row);
        add_project_codes(state, id, Some(sub_job));
    }
}

/// Every other person in every other directory.
fn add_members(state: &mut State) {
    let (people, projects) = (&state.people, &state.projects);
    let pairs = projects
        .keys()
        .flat_map(|project| people.keys().map(|person| (*project, *person)));
    state.members = pairs
        .filter(|(project, person)| (project.get() + person.get()) % 2 == 0)
        .collect();
}

/// One of the whole company and one of its first project.
fn add_work_classifications(state: &mut State) {
    let first = state.projects.keys().next().copied();
    for (id, name, abbreviation, projects) in [
        (398_438, "Journeyman Carpenter", "JC", None),
        (398_439, "Apprentice Carpenter", "AC", first),
    ] {
        let one = WorkClassification {
            name: name.to_owned(),
            abbreviation: abbreviation.to_owned(),
            projects: projects.into_iter().collect(),
        };
        state.work_classifications.insert(WorkClassificationId::new(id), one);
    }
}

fn add_project_codes(state: &mut State, project: ProjectId, sub_job: Option<SubJobId>) {
    let next = state
        .project_codes
        .keys()
        .next_back()
        .map_or(FIRST_PROJECT_CODE, |last| last.get() + 1);
    let chosen = state.company_codes.iter().filter_map(|(id, code)| {
        let full = state.full_code(code);
        has_code(project, &full).then_some((*id, full))
    });
    let codes: Vec<(CostCodeId, ProjectCode)> = (next..)
        .map(CostCodeId::new)
        .zip(chosen)
        .map(|(id, (standard, full))| {
            let types = if full == NO_LABOR {
                vec![MATERIALS]
            } else {
                vec![LABOR, MATERIALS]
            };
            let code = ProjectCode {
                project,
                sub_job,
                standard,
                line_item_types: BTreeSet::from_iter(types),
            };
            (id, code)
        })
        .collect();
    state.project_codes.extend(codes);
}

/// The medical center was graded before it came to this company.
fn has_code(project: ProjectId, full: &str) -> bool {
    PROJECT_CODES.contains(&full) && !(full == "31-220" && project.get() == SITES[0].id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contractor_has_the_people_and_places_that_were_agreed() {
        let state = contractor();
        let active = state.people.values().filter(|person| person.is_active).count();
        assert_eq!((state.people.len(), active), (27, 24));
        let logins = state.people.values().filter(|person| person.user_id.is_some()).count();
        assert_eq!(logins, 3);
        let same = state
            .people
            .values()
            .filter(|person| person.employee_id.as_deref() == Some("00121"))
            .count();
        assert_eq!(same, 2);
        assert_eq!((state.projects.len(), state.sub_jobs.len()), (5, 8));
        assert_eq!(state.projects.values().filter(|project| project.active).count(), 4);
    }

    #[test]
    fn there_are_a_hundred_leaves_and_every_name_is_unique() {
        let state = contractor();
        let leaves = state
            .company_codes
            .values()
            .filter(|code| code.parent.is_some())
            .count();
        assert!(leaves >= 100, "{leaves}");
        let names: BTreeSet<&str> = state.company_codes.values().map(|code| code.name.as_str()).collect();
        assert_eq!(names.len(), state.company_codes.len());
        let codes: BTreeSet<String> = state.company_codes.values().map(|code| state.full_code(code)).collect();
        assert_eq!(codes.len(), state.company_codes.len());
    }

    #[test]
    fn projects_have_their_codes_at_each_level() {
        let state = contractor();
        let full = |code: &ProjectCode| state.full_code(&state.company_codes[&code.standard]);
        let of = |project, sub_job: Option<u64>| -> Vec<String> {
            let (project, sub_job) = (ProjectId::new(project), sub_job.map(SubJobId::new));
            let own = |code: &&ProjectCode| (code.project, code.sub_job) == (project, sub_job);
            state.project_codes.values().filter(own).map(full).collect()
        };
        assert_eq!(of(316_002, None), PROJECT_CODES);
        assert_eq!(of(316_002, Some(416_005)), PROJECT_CODES);
        assert_eq!(of(316_001, Some(416_001)), PROJECT_CODES[..10]);
        assert_eq!(of(316_005, None), Vec::<String>::new());
        let labor = |code: &ProjectCode| code.line_item_types.contains(&LABOR);
        assert!(
            state
                .project_codes
                .values()
                .all(|code| labor(code) == (full(code) != NO_LABOR))
        );
    }
}
