//! What has to be true of both services' tables at any moment, and at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use exaktime_client::sandbox::TimeRecord;
use linx_core::model::CentiHours;
use procore_client::PersonId;
use procore_client::sandbox::Entry;
use serde_json::Value;

use crate::process::Ended;
use crate::story::Direction;

const ALL_HOURS: &str = "108.00";
const LINES: usize = 28;
const PLACES: [&str; 4] = ["26-101", "26-101.01", "26-101.02", "26-102"];
const CODES: [&str; 3] = ["01-500", "03-300", "06-100"];

/// The tables of both services.
#[derive(Clone)]
pub struct Books {
    pub procore: Arc<procore_client::sandbox::Sandbox>,
    pub exaktime: Arc<exaktime_client::sandbox::Sandbox>,
}

impl Books {
    /// What is wrong with them as they are now, at whatever moment that is.
    pub fn breach(&self) -> Option<String> {
        let hours = self.hours();
        if hours > ALL_HOURS.parse().unwrap() {
            return Some(format!("{hours} h stand where {ALL_HOURS} are due"));
        }
        let keys = self.keys();
        if let Some(twice) = twice(&keys) {
            return Some(format!("the line {twice} stands twice in Procore"));
        }
        let [people, places, codes] = self.numbers();
        if let Some(twice) = twice(&people).or(twice(&places)).or(twice(&codes)) {
            return Some(format!("{twice} stands twice in ExakTime"));
        }
        self.exaktime.with_state(|state| {
            let mut employments = state.employments.values();
            let inactive = employments.find(|employment| employment.get("status").is_some_and(|is| is == "Inactive"));
            let deactivated = [&state.locations, &state.cost_codes]
                .into_iter()
                .flat_map(|table| table.values())
                .find(|record| record.get("isActive").is_some_and(|is| is == false));
            let gone = inactive.or(deactivated)?;
            Some(format!("this was deactivated: {}", Value::Object(gone.clone())))
        })
    }

    /// What is missing or too much, once a run of this direction says that nobody needs to look.
    pub fn incomplete(&self, direction: Direction) -> Option<String> {
        if direction == Direction::Export {
            let (keys, entries, hours) = (self.keys().len(), self.procore.entries().len(), self.hours());
            let whole = (keys, entries) == (LINES, LINES) && hours.to_string() == ALL_HOURS;
            if !whole {
                return Some(format!("{keys} lines stand in {entries} entries with {hours} h"));
            }
            let (worked, entered) = (self.worked(), self.entered());
            let wrong = entered.iter().find(|(day, hours)| worked.get(*day) != Some(*hours));
            return wrong.map(|((number, date), hours)| format!("{number} has {hours} h on {date}"));
        }
        let [people, places, codes] = self.numbers();
        let hired = self.hired();
        let all_of =
            |found: &[String], wanted: &[&str]| wanted.iter().all(|number| found.iter().any(|is| is == number));
        let whole =
            hired.iter().all(|number| people.contains(number)) && all_of(&places, &PLACES) && all_of(&codes, &CODES);
        let (persons, employed) = self
            .exaktime
            .with_state(|state| (state.persons.len(), state.employments.len()));
        (!whole || persons != hired.len() || employed != hired.len()).then(|| {
            format!(
                "ExakTime has {people:?} in {persons} persons of whom {employed} are employed, {places:?}, {codes:?}"
            )
        })
    }

    /// Some stretches are corrected in ExakTime: one is an hour shorter, one an hour longer, one is of another code and one of
    /// another project.
    pub fn correct(&self) {
        self.exaktime.with_state(|state| {
            let mut of = |person: &str, date: &str, is_morning: bool, act: fn(&mut TimeRecord)| {
                let mut day: Vec<&mut TimeRecord> = state
                    .time_records
                    .iter_mut()
                    .filter(|record| record.person == person && record.work_date.to_string() == date)
                    .collect();
                day.sort_by_key(|record| record.start);
                act(day.swap_remove(usize::from(!is_morning)));
            };
            of("p-202", "2026-03-02", true, |record| {
                record.regular_hours = "3.00".into();
            });
            of("p-203", "2026-03-02", true, |record| {
                record.regular_hours = "5.00".into();
            });
            of("p-204", "2026-03-05", true, |record| {
                record.cost_code = Some("cc-06-100".into());
            });
            of("p-201", "2026-03-04", false, |record| {
                record.location = Some("loc-26-101".into());
            });
        });
    }

    /// The hours of each person's days by ExakTime.
    fn worked(&self) -> BTreeMap<(String, NaiveDate), CentiHours> {
        self.exaktime.with_state(|state| {
            let of = |record: &TimeRecord| {
                let number = state.persons[&record.person]["employeeIdentifier"].as_str().unwrap();
                let classes = [&record.regular_hours, &record.ot1_hours, &record.ot2_hours];
                let hours = classes.map(|hours| hours.parse::<CentiHours>().unwrap());
                ((number.to_owned(), record.work_date), hours.into_iter().sum())
            };
            by_day(state.time_records.iter().map(of))
        })
    }

    /// The hours of each person's days by Procore.
    fn entered(&self) -> BTreeMap<(String, NaiveDate), CentiHours> {
        let entries = self.procore.entries();
        self.procore.with_state(|state| {
            let of = |entry: &Entry| {
                let number = state.people[&entry.party.unwrap()].employee_id.clone().unwrap();
                let hours = entry.hours.as_deref().unwrap_or("0").parse().unwrap();
                ((number, entry.date), hours)
            };
            by_day(entries.iter().map(of))
        })
    }

    /// Somebody new is entered in Procore.
    pub fn hire(&self) {
        self.procore.with_state(|state| {
            let (last, person) = state.people.last_key_value().unwrap();
            let (next, mut person) = (PersonId::new(last.get() + 1), person.clone());
            person.employee_id = Some("00205".into());
            (person.first_name, person.last_name) = ("Ines".into(), "Quist".into());
            state.people.insert(next, person);
        });
    }

    /// The numbers of Procore's people.
    fn hired(&self) -> Vec<String> {
        let number = |person: &procore_client::sandbox::Person| person.employee_id.clone();
        self.procore
            .with_state(|state| state.people.values().filter_map(number).collect())
    }

    pub fn hours(&self) -> CentiHours {
        let entries = self.procore.entries();
        let hours = entries.iter().filter_map(|entry| entry.hours.as_deref());
        hours.map(|hours| hours.parse::<CentiHours>().unwrap()).sum()
    }

    /// The keys in the marks of Procore's entries.
    fn keys(&self) -> Vec<String> {
        let marks = self.procore.entries().into_iter().filter_map(|entry| entry.origin_data);
        marks.map(|mark| mark.rsplit_once(' ').unwrap().0.to_owned()).collect()
    }

    /// The numbers of ExakTime's people, places and codes.
    fn numbers(&self) -> [Vec<String>; 3] {
        self.exaktime.with_state(|state| {
            [
                (&state.persons, "employeeIdentifier"),
                (&state.locations, "identifier"),
                (&state.cost_codes, "identifier"),
            ]
            .map(|(table, number)| {
                let records = table.values();
                records
                    .filter_map(|record| Some(record.get(number)?.as_str()?.to_owned()))
                    .collect()
            })
        })
    }
}

fn by_day(hours: impl Iterator<Item = ((String, NaiveDate), CentiHours)>) -> BTreeMap<(String, NaiveDate), CentiHours> {
    let mut days: BTreeMap<_, Vec<CentiHours>> = BTreeMap::new();
    for (day, hours) in hours {
        days.entry(day).or_default().push(hours);
    }
    days.into_iter()
        .map(|(day, hours)| (day, hours.into_iter().sum()))
        .collect()
}

fn twice(numbers: &[String]) -> Option<&String> {
    let mut seen = BTreeSet::new();
    numbers.iter().find(|number| !seen.insert(*number))
}

/// What is wrong with how a process ended: it has one of `statuses`, prints one document, and 0 means that nobody needs to
/// look.
pub fn judge_end(
    books: &Books,
    direction: Direction,
    ended: &Ended,
    statuses: &[i32],
) -> Result<Option<Value>, String> {
    let told = || {
        format!(
            "{direction:?} ended with {}:\n{}\n{}",
            ended.words(),
            ended.out,
            ended.err
        )
    };
    let Some(code) = ended.status.code() else {
        return Ok(None);
    };
    // A plan that another run has overtaken is refused.
    let is_overtaken = code == 1 && ended.err.contains("has written since this plan was made");
    if !statuses.contains(&code) && !is_overtaken {
        return Err(format!("none of {statuses:?}: {}", told()));
    }
    if matches!(code, 1 | 5) {
        // An error, which goes to stderr.
        return Ok(None);
    }
    let document: Value =
        serde_json::from_str(&ended.out).map_err(|error| format!("it prints no document ({error}): {}", told()))?;
    if direction == Direction::Export {
        judge_sums(books, &document).map_err(|wrong| format!("{wrong}: {}", told()))?;
    }
    if code == 0 {
        if let Some(missing) = books.incomplete(direction) {
            return Err(format!("0, and {missing}: {}", told()));
        }
        let says_more = document["held"].as_array().is_none_or(|held| !held.is_empty());
        if says_more || (direction == Direction::Export && document["hours"]["stored"] != ALL_HOURS) {
            return Err(format!("0, and more to say: {}", told()));
        }
    }
    Ok(Some(document))
}

/// What was read is what is stored, held and left out; and what is said to be stored stands.
fn judge_sums(books: &Books, document: &Value) -> Result<(), String> {
    let [read, stored, held, left_out] = ["read", "stored", "held", "left_out"]
        .map(|sum| document["hours"][sum].as_str().unwrap().parse::<CentiHours>().unwrap());
    if read != [stored, held, left_out].into_iter().sum() {
        return Err(format!(
            "of {read} h {stored} are stored, {held} held and {left_out} left out"
        ));
    }
    let stands = books.hours();
    if stored > stands {
        return Err(format!("{stored} h are said to be stored, and {stands} stand"));
    }
    Ok(())
}
