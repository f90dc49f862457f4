//! The tables of the imitated account.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::object::Object;

/// Everything that the sandbox knows. Tables are public: a test changes them as people would. Records that are written
/// over REST are objects with the default names of [`crate::wire`], by id.
#[derive(Debug, Clone)]
pub struct State {
    /// Persons without their employments, by id.
    pub persons: BTreeMap<String, Object>,
    /// Employments, by the person's id.
    pub employments: BTreeMap<String, Object>,
    /// Locations, by id. So for the kinds of records that follow.
    pub locations: BTreeMap<String, Object>,
    /// Cost codes.
    pub cost_codes: BTreeMap<String, Object>,
    /// Cost types.
    pub cost_types: BTreeMap<String, Object>,
    /// Jobs.
    pub jobs: BTreeMap<String, Object>,
    /// Departments.
    pub departments: BTreeMap<String, Object>,
    /// Job codes.
    pub job_codes: BTreeMap<String, Object>,
    /// Pay schedules.
    pub pay_schedules: BTreeMap<String, Object>,
    /// Whether the service has cost types at all; if not, their path is not found.
    pub has_cost_types: bool,
    /// The time records that the warehouse shows.
    pub time_records: Vec<TimeRecord>,
    /// Approvals of work dates. A day that has one takes no more time.
    pub approvals: Vec<Approval>,
    /// Pay periods. The days of a closed one take no more time.
    pub pay_periods: Vec<PayPeriod>,
    /// Other rows of the warehouse by the default name of their entity set, with the default names of their columns.
    pub warehouse: BTreeMap<String, Vec<Object>>,
    /// Time that was entered and that the warehouse shows after its next nightly refresh.
    pub entered: Vec<TimeRecord>,
    /// Time that came for a day that was approved or closed, and waits until it is neither
    /// (exaktime-api.md section 5.5).
    pub quarantine: Vec<TimeRecord>,
    /// How lists misbehave; not at all unless a test says so.
    pub faults: ListFaults,
    /// The most rows of a REST page, where that is lowered below what was asked for (hazard A4).
    pub max_page_size: usize,
    /// The most rows of an OData page; what is left is reached by a link.
    pub max_odata_rows: usize,
    pub(super) next_id: u64,
    pub(super) requests: u64,
    pub(super) tokens: Vec<Token>,
}

/// A token that a login gave.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) key: &'static str,
    pub(super) until: DateTime<Utc>,
}

/// How lists misbehave, as rules. A page that the service lowers is [`State::max_page_size`].
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ListFaults {
    /// Every page is the first again (hazard A6).
    pub repeats_pages: bool,
    /// Before this page of a list is read, a row is gone from the list's beginning, and the later ones move up
    /// (hazard A3). Pages count from 1.
    pub row_goes_before_page: Option<usize>,
    /// How many times a row still goes; 0 for no more.
    pub times: usize,
}

impl ListFaults {
    /// Lets rows move before page `number` is cut out of them.
    pub(super) fn before_page<T>(&mut self, number: usize, rows: &mut Vec<T>) {
        if self.row_goes_before_page == Some(number) && self.times > 0 && !rows.is_empty() {
            self.times -= 1;
            rows.remove(0);
        }
    }
}

/// A time record of the warehouse, with the ids of the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeRecord {
    /// The id; unique among the time records.
    pub id: String,
    /// The id of the person who worked.
    pub person: String,
    /// The day that it is counted for.
    pub work_date: NaiveDate,
    /// The id of the location.
    pub location: Option<String>,
    /// The id of the cost code.
    pub cost_code: Option<String>,
    /// When it began.
    pub start: DateTime<Utc>,
    /// When it ended; none is an open record.
    pub stop: Option<DateTime<Utc>>,
    /// Regular hours: a decimal such as `7.50`; any other text is sent as it is.
    pub regular_hours: String,
    /// Hours of the first overtime class, written the same way.
    pub ot1_hours: String,
    /// Hours of the second overtime class, written the same way.
    pub ot2_hours: String,
    /// A note.
    pub comment: Option<String>,
}

/// An approval of one person's day.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// The id of the person whose day it is.
    pub person: String,
    /// The work date that is approved.
    pub work_date: NaiveDate,
    /// `Employee`, `Supervisor` or `SignOff`.
    pub kind: String,
    /// The id of the person who approved.
    pub approver: String,
    /// When it was approved.
    pub approved_at: DateTime<Utc>,
}

/// A pay period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayPeriod {
    /// The id; unique among the pay periods.
    pub id: String,
    /// The first day.
    pub start: NaiveDate,
    /// The last day, included.
    pub end: NaiveDate,
    /// Whether nothing in it can change.
    pub is_closed: bool,
}

impl State {
    /// Time comes from the field. It is not in the warehouse before the next [`State::refresh`]; for a day that is
    /// approved or closed it goes to quarantine.
    pub fn enter(&mut self, record: TimeRecord) {
        if self.is_locked(&record) {
            self.quarantine.push(record);
        } else {
            self.entered.push(record);
        }
    }

    /// A night passes: what was entered is shown, also what quarantine no longer has a reason to keep.
    pub fn refresh(&mut self) {
        let waiting = std::mem::take(&mut self.quarantine);
        let (kept, freed): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|record| self.is_locked(record));
        self.quarantine = kept;
        self.time_records.append(&mut self.entered);
        self.time_records.extend(freed);
    }

    fn is_locked(&self, record: &TimeRecord) -> bool {
        let day = record.work_date;
        let closed = |period: &PayPeriod| period.is_closed && (period.start..=period.end).contains(&day);
        let approved = |approval: &Approval| approval.person == record.person && approval.work_date == day;
        self.pay_periods.iter().any(closed) || self.approvals.iter().any(approved)
    }

    pub(super) fn new() -> Self {
        let mut state = Self {
            persons: BTreeMap::new(),
            employments: BTreeMap::new(),
            locations: BTreeMap::new(),
            cost_codes: BTreeMap::new(),
            cost_types: BTreeMap::new(),
            jobs: BTreeMap::new(),
            departments: BTreeMap::new(),
            job_codes: BTreeMap::new(),
            pay_schedules: BTreeMap::new(),
            has_cost_types: true,
            pay_periods: Vec::new(),
            warehouse: BTreeMap::new(),
            entered: Vec::new(),
            quarantine: Vec::new(),
            faults: ListFaults::default(),
            time_records: Vec::new(),
            approvals: Vec::new(),
            max_page_size: 100,
            max_odata_rows: 1000,
            next_id: 1001,
            requests: 0,
            tokens: Vec::new(),
        };
        // The product makes these two for itself (exaktime-api.md section 5.2).
        for (id, name) in [("cc-IN", "In"), ("cc-OUT", "Out")] {
            let code = json!({"costCodeId": id, "identifier": name.to_uppercase(), "name": name, "isActive": true,
                "displayOption": "System"});
            state.cost_codes.insert(id.to_owned(), object(code));
        }
        state
    }

    /// Takes back every token that a login gave.
    pub fn revoke_tokens(&mut self) {
        self.tokens.clear();
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
