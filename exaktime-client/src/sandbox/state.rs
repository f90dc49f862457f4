//! The tables of the imitated account.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::object::Object;

/// Everything that the sandbox knows. Tables are public: a test changes them as people would. Records that are written
/// over REST are objects with the default names of [`crate::wire`], by id.
#[derive(Debug, Clone)]
pub struct State {
    /// Persons, without their employments.
    pub persons: BTreeMap<String, Object>,
    /// Employments, by the person's id.
    pub employments: BTreeMap<String, Object>,
    /// Locations.
    pub locations: BTreeMap<String, Object>,
    /// Cost codes.
    pub cost_codes: BTreeMap<String, Object>,
    /// Time records.
    pub time_records: Vec<TimeRecord>,
    /// Approvals of work dates.
    pub approvals: Vec<Approval>,
    /// The most rows of a REST page, where that is lowered below what was asked for (hazard A4).
    pub max_page_size: usize,
    /// The most rows of an OData page.
    pub max_odata_rows: usize,
    pub(super) next_id: u64,
    pub(super) requests: u64,
}

/// A time record of the warehouse.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeRecord {
    /// Its id.
    pub id: String,
    /// Who worked.
    pub person: String,
    /// The day it belongs to.
    pub work_date: NaiveDate,
    /// Where.
    pub location: Option<String>,
    /// On what.
    pub cost_code: Option<String>,
    /// When it began.
    pub start: DateTime<Utc>,
    /// When it ended; none is an open record.
    pub stop: Option<DateTime<Utc>>,
    /// Decimal hours.
    pub regular_hours: String,
    /// Decimal hours.
    pub ot1_hours: String,
    /// Decimal hours.
    pub ot2_hours: String,
    /// A note.
    pub comment: Option<String>,
}

/// An approval of one person's day.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Whose day.
    pub person: String,
    /// Which day.
    pub work_date: NaiveDate,
    /// `Employee`, `Supervisor` or `SignOff`.
    pub kind: String,
    /// The approver.
    pub approver: String,
    /// When.
    pub approved_at: DateTime<Utc>,
}

impl State {
    pub(super) fn new() -> Self {
        let mut state = Self {
            persons: BTreeMap::new(),
            employments: BTreeMap::new(),
            locations: BTreeMap::new(),
            cost_codes: BTreeMap::new(),
            time_records: Vec::new(),
            approvals: Vec::new(),
            max_page_size: 100,
            max_odata_rows: 1000,
            next_id: 1001,
            requests: 0,
        };
        // The product makes these two for itself (`exaktime-api.md` section 5.2).
        for (id, name) in [("cc-IN", "In"), ("cc-OUT", "Out")] {
            let code = json!({"costCodeId": id, "identifier": name.to_uppercase(), "name": name, "isActive": true,
                "displayOption": "System"});
            state.cost_codes.insert(id.to_owned(), object(code));
        }
        state
    }

    pub(super) fn new_id(&mut self, prefix: &str) -> String {
        let id = format!("{prefix}-{}", self.next_id);
        self.next_id += 1;
        id
    }
}

/// A literal as an object.
pub(super) fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}
