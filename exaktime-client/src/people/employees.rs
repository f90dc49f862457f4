//! Employments, and the employees who have them.

use std::fmt;

use chrono::NaiveDate;
use linx_http::{Change, Endpoint, Error, List};
use serde_json::Value;

use super::persons::Person;
use crate::client::Client;
use crate::ids::PersonId;
use crate::object::{Object, Reader};
use crate::request::endpoint;
use crate::wire::{EmploymentWire, ValueWire, WireProfile};

/// Whether somebody is employed. Words that the profile does not name are kept, so that a new one is seen and never
/// taken for active (hazard A12).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmploymentStatus {
    /// Employed: may clock in.
    Active,
    /// Not employed at present.
    Inactive,
    /// Any other word as it was sent, such as `Terminated` or `OnLeave`; not active.
    Unknown(String),
}

/// The employment of a person. There is at most one of each.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Employment {
    /// Whether it holds; absent where the service does not say, which counts as active.
    pub status: Option<EmploymentStatus>,
    /// Job title, at most 200 characters.
    pub job_title: Option<String>,
    /// The first day of work.
    pub hire_date: Option<NaiveDate>,
    /// The last day of work, in the past or to come; absent while no end is set.
    pub termination_date: Option<NaiveDate>,
    /// The whole record as it was received, with what this type has no field for.
    pub object: Object,
}

/// A person with an employment, as the list of employees has both in one row.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Employee {
    /// The person. Its `object` is the whole row of a list, the employment's properties included.
    pub person: Person,
    /// The employment. Its `object` is the whole row of a list, the person's properties included.
    pub employment: Employment,
}

impl Employee {
    /// Returns whether the status says if the employee may clock in: it is active, inactive, terminated or not told.
    /// Any other word, such as `OnLeave`, leaves that open (hazard A12).
    pub fn has_known_status(&self) -> bool {
        match &self.employment.status {
            Some(EmploymentStatus::Unknown(word)) => word.eq_ignore_ascii_case("Terminated"),
            _ => true,
        }
    }

    /// Returns whether the employee works on `day`: the status is active or not told, the person is not deleted, and
    /// the last day of work is not before `day`.
    pub fn is_active(&self, day: NaiveDate) -> bool {
        let status = self.employment.status.as_ref();
        status.is_none_or(|status| *status == EmploymentStatus::Active)
            && !self.person.is_deleted
            && self.employment.termination_date.is_none_or(|end| end >= day)
    }
}

/// What is to become of an employment's values; what is not named keeps its value. Build it with
/// `..Default::default()`: more values may be added.
#[derive(Clone, Default)]
pub struct EmploymentChanges {
    /// `Some(true)` makes it active, `Some(false)` inactive; `None` keeps the status, a word that is not known
    /// included.
    pub active: Option<bool>,
    /// Job title, at most 200 characters.
    pub job_title: Change<String>,
}

/// The status only.
impl fmt::Debug for Employment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Employment")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Id and status only.
impl fmt::Debug for Employee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Employee")
            .field("id", &self.person.id)
            .field("status", &self.employment.status)
            .finish_non_exhaustive()
    }
}

impl Employment {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.employment);
        let status = reader.text(&names.status)?;
        Ok(Self {
            status: status.map(|text| EmploymentStatus::of(text, &wire.value)),
            job_title: reader.text(&names.job_title)?,
            hire_date: reader.date(&names.hire_date)?,
            termination_date: reader.date(&names.termination_date)?,
            object: object.clone(),
        })
    }
}

impl EmploymentStatus {
    fn of(text: String, words: &ValueWire) -> Self {
        match text {
            text if text == words.active => Self::Active,
            text if text == words.inactive => Self::Inactive,
            text => Self::Unknown(text),
        }
    }
}

impl Employee {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        Ok(Self {
            employment: Employment::read(object, wire)?,
            person: Person::read(object, wire)?,
        })
    }
}

impl EmploymentChanges {
    fn apply_to(&self, object: &mut Object, names: &EmploymentWire, words: &ValueWire) {
        let word = |active: bool| if active { &words.active } else { &words.inactive };
        let status: Change<String> = self.active.map(|active| word(active).clone()).into();
        status.apply_to(object, &names.status);
        self.job_title.apply_to(object, &names.job_title);
    }
}

impl Client {
    /// Returns the list of employees, active and not: persons who have an employment. Reads when its rows are asked
    /// for.
    pub fn employees(&self) -> List<Employee> {
        let wire = self.wire();
        let list = endpoint(Endpoint::get(""), &[&wire.person.path, &wire.employment.list]);
        let id = |employee: &Employee| employee.person.id.to_string();
        self.rest_list(list, Employee::read, id, &wire.person.id)
    }

    /// Returns a person with the employment, each read by itself. Reads; may be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is no such person, or one without an employment.
    pub async fn employee(&self, id: &PersonId) -> Result<Employee, Error> {
        Ok(Employee {
            person: self.person(id).await?,
            employment: self.employment(id).await?,
        })
    }

    /// Returns the employment of a person. Reads; may be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if the person has none, or there is no such person.
    pub async fn employment(&self, id: &PersonId) -> Result<Employment, Error> {
        let wire = self.wire();
        self.get(
            &[&wire.person.path, id.as_str(), &wire.employment.path],
            Employment::read,
        )
        .await
    }

    /// Changes some values of a person's employment, keeps all others, and returns it; a person without one gets one.
    /// Sends nothing where nothing changes. May be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is no such person,
    /// [`Rejected`](linx_http::ErrorKind::Rejected) for a text that is too long.
    pub async fn set_employment(&self, id: &PersonId, changes: &EmploymentChanges) -> Result<Employment, Error> {
        let wire = self.wire();
        let path = [wire.person.path.as_str(), id.as_str(), wire.employment.path.as_str()];
        let edit = |object: &mut Object| {
            if object.is_empty() {
                let id = serde_json::to_value(id).unwrap_or(Value::Null);
                object.insert(wire.person.id.clone(), id);
            }
            changes.apply_to(object, &wire.employment, &wire.value);
            Ok(())
        };
        self.replace(&path, Some(Object::new()), edit, Employment::read).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn employee(value: &Value) -> Result<Employee, String> {
        Employee::read(value.as_object().unwrap(), &WireProfile::default())
    }

    #[test]
    fn who_is_active_follows_status_deletion_and_termination() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
        for (value, active) in [
            (json!({"personId": 1}), true),
            (json!({"personId": 1, "status": "Active"}), true),
            (json!({"personId": 1, "status": "Inactive"}), false),
            (json!({"personId": 1, "status": "Leave"}), false),
            (json!({"personId": 1, "status": "Active", "isDeleted": true}), false),
            (json!({"personId": 1, "terminationDate": "2026-03-07"}), false),
            (json!({"personId": 1, "terminationDate": "2026-03-08"}), true),
        ] {
            assert_eq!(employee(&value).unwrap().is_active(day), active, "{value}");
        }
    }

    #[test]
    fn a14_a_person_prints_as_an_id() {
        let employee = employee(&json!({"personId": "p-1", "firstName": "Pat", "jobTitle": "Mason"})).unwrap();
        let text = format!("{employee:?} {:?} {:?}", employee.person, employee.employment);
        assert!(
            text.contains("p-1") && !text.contains("Pat") && !text.contains("Mason"),
            "{text}"
        );
    }
}
