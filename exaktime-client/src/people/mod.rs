//! Persons and the employees among them (exaktime-api.md section 4.1).
//!
//! A person has a name, a work e-mail address and the customer's identifier; an employment beside it makes the person
//! an employee. Government identifiers exist and are never asked for.

use std::fmt;

use chrono::NaiveDate;
use linx_http::endpoint::Raw;
use linx_http::{Applied, Endpoint, Error, ErrorKind, List};
use serde_json::Value;

use crate::client::Client;
use crate::ids::PersonId;
use crate::object::{Change, Object, Reader};
use crate::request::endpoint;
use crate::wire::{EmploymentWire, PersonWire, ValueWire, WireProfile};

/// A person: an employee, or a user of the interface.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Person {
    /// The service's key.
    pub id: PersonId,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Work e-mail address.
    pub work_email: Option<String>,
    /// The customer's own number of the person, as text with its leading zeros (hazard C7).
    pub identifier: Option<String>,
    /// Login name.
    pub username: Option<String>,
    /// Works for the customer without being employed there.
    pub is_contractor: bool,
    /// Deleted, and still told of.
    pub is_deleted: bool,
    /// All of it as it was received.
    pub object: Object,
}

/// Whether somebody is employed. Open: what is not known is kept as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmploymentStatus {
    /// Employed.
    Active,
    /// Not at present.
    Inactive,
    /// Any other word, such as `Terminated`; taken for not active.
    Other(String),
}

/// The employment of a person.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Employment {
    /// Whether it holds.
    pub status: Option<EmploymentStatus>,
    /// Job title.
    pub job_title: Option<String>,
    /// When it began.
    pub hire_date: Option<NaiveDate>,
    /// When it ended or will end.
    pub termination_date: Option<NaiveDate>,
    /// All of it as it was received.
    pub object: Object,
}

/// A person with an employment.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Employee {
    /// The person.
    pub person: Person,
    /// The employment.
    pub employment: Employment,
}

impl Employee {
    /// Whether the status is a word that is known: any other, such as `OnLeave`, does not say whether the employee may clock
    /// in (hazard A12).
    pub fn has_known_status(&self) -> bool {
        match &self.employment.status {
            Some(EmploymentStatus::Other(word)) => word.eq_ignore_ascii_case("Terminated"),
            _ => true,
        }
    }

    /// Whether the employee works on `day`: the status is active or not told, the person is not deleted, and no
    /// termination lies before that day.
    pub fn is_active(&self, day: NaiveDate) -> bool {
        let status = self.employment.status.as_ref();
        status.is_none_or(|status| *status == EmploymentStatus::Active)
            && !self.person.is_deleted
            && self.employment.termination_date.is_none_or(|end| end >= day)
    }
}

/// Ids only: the rest is personal (hazard A14).
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("id", &self.id).finish_non_exhaustive()
    }
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

/// Which persons to list. Whether the service matches whole texts or parts is not known: check what comes.
#[derive(Clone, Default)]
pub struct PersonQuery {
    /// By first name.
    pub first_name: Option<String>,
    /// By last name.
    pub last_name: Option<String>,
    /// By work e-mail address.
    pub work_email: Option<String>,
    /// By the customer's own number.
    pub identifier: Option<String>,
}

/// What is to become of a person's values.
#[derive(Clone, Default)]
pub struct PersonChanges {
    /// First name.
    pub first_name: Change<String>,
    /// Last name.
    pub last_name: Change<String>,
    /// Work e-mail address.
    pub work_email: Change<String>,
    /// The customer's own number.
    pub identifier: Change<String>,
}

/// What is to become of an employment's values.
#[derive(Clone, Default)]
pub struct EmploymentChanges {
    /// `Some(true)` makes it active, `Some(false)` inactive.
    pub active: Option<bool>,
    /// Job title.
    pub job_title: Change<String>,
}

/// What a new employee is made of.
#[derive(Clone, Default)]
pub struct NewEmployee {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The customer's own number, by which a person left by a cut-off creation is found.
    pub identifier: String,
    /// Work e-mail address.
    pub work_email: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
}

/// The list of persons.
pub(crate) fn persons(wire: &PersonWire, query: &PersonQuery) -> Endpoint<Raw> {
    let filters = [
        (&wire.first_name, &query.first_name),
        (&wire.last_name, &query.last_name),
        (&wire.work_email, &query.work_email),
        (&wire.identifier, &query.identifier),
    ];
    filters
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_ref()?)))
        .fold(endpoint(Endpoint::get(""), &[&wire.path]), |list, (name, value)| {
            list.query(name.as_str(), value)
        })
}

impl Person {
    pub(crate) fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.person);
        Ok(Self {
            id: reader.id(&names.id, PersonId::read)?,
            first_name: reader.text(&names.first_name)?,
            last_name: reader.text(&names.last_name)?,
            work_email: reader.text(&names.work_email)?,
            identifier: reader.text(&names.identifier)?,
            username: reader.text(&names.username)?,
            is_contractor: reader.flag(&names.is_contractor)?.unwrap_or(false),
            is_deleted: reader.flag(&names.is_deleted)?.unwrap_or(false),
            object: object.clone(),
        })
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
            text => Self::Other(text),
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

impl PersonChanges {
    fn make(&self, object: &mut Object, names: &PersonWire) {
        self.first_name.make(object, &names.first_name);
        self.last_name.make(object, &names.last_name);
        self.work_email.make(object, &names.work_email);
        self.identifier.make(object, &names.identifier);
    }
}

impl EmploymentChanges {
    fn make(&self, object: &mut Object, names: &EmploymentWire, words: &ValueWire) {
        let word = |active: bool| if active { &words.active } else { &words.inactive };
        let status: Change<String> = self.active.map(|active| word(active).clone()).into();
        status.make(object, &names.status);
        self.job_title.make(object, &names.job_title);
    }
}

impl Client {
    /// Persons, employed or not.
    pub fn persons(&self, query: &PersonQuery) -> List<Person> {
        let names = &self.wire().person;
        let id = |person: &Person| person.id.to_string();
        self.rest_list(persons(names, query), Person::read, id, &names.id)
    }

    /// One person.
    pub async fn person(&self, id: &PersonId) -> Result<Person, Error> {
        self.get(&[&self.wire().person.path, id.as_str()], Person::read).await
    }

    /// Makes a person. Not repeatable: look the identifier up first ([`Client::create_employee`] does).
    pub async fn create_person(&self, values: &PersonChanges) -> Result<Person, Error> {
        let names = &self.wire().person;
        let mut object = Object::new();
        values.make(&mut object, names);
        self.create(&names.path, &names.id, &object, Person::read).await
    }

    /// Changes some values of a person and keeps all others. May be repeated.
    pub async fn update_person(&self, id: &PersonId, changes: &PersonChanges) -> Result<Person, Error> {
        let names = &self.wire().person;
        let edit = |object: &mut Object| {
            changes.make(object, names);
            Ok(())
        };
        self.replace(&[&names.path, id.as_str()], None, edit, Person::read)
            .await
    }

    /// Employees, active and not.
    pub fn employees(&self) -> List<Employee> {
        let wire = self.wire();
        let list = endpoint(Endpoint::get(""), &[&wire.person.path, &wire.employment.list]);
        let id = |employee: &Employee| employee.person.id.to_string();
        self.rest_list(list, Employee::read, id, &wire.person.id)
    }

    /// The employment of a person; `NotFound` if there is none.
    pub async fn employment(&self, id: &PersonId) -> Result<Employment, Error> {
        let wire = self.wire();
        self.get(
            &[&wire.person.path, id.as_str(), &wire.employment.path],
            Employment::read,
        )
        .await
    }

    /// Changes some values of a person's employment and keeps all others; a person without one gets one. May be
    /// repeated.
    pub async fn set_employment(&self, id: &PersonId, changes: &EmploymentChanges) -> Result<Employment, Error> {
        let wire = self.wire();
        let path = [wire.person.path.as_str(), id.as_str(), wire.employment.path.as_str()];
        let edit = |object: &mut Object| {
            if object.is_empty() {
                let id = serde_json::to_value(id).unwrap_or(Value::Null);
                object.insert(wire.person.id.clone(), id);
            }
            changes.make(object, &wire.employment, &wire.value);
            Ok(())
        };
        self.replace(&path, Some(Object::new()), edit, Employment::read).await
    }

    /// Makes an active employee: a person, then its employment (exaktime-api.md section 8). A person with this
    /// identifier that is there without employment was left by a cut-off creation: it is completed, not made again
    /// (hazard A1). One that is there with an employment is refused as [`ErrorKind::Conflict`].
    pub async fn create_employee(&self, new: &NewEmployee) -> Result<Person, Error> {
        let values = PersonChanges {
            first_name: Change::Set(new.first_name.clone()),
            last_name: Change::Set(new.last_name.clone()),
            work_email: new.work_email.clone().into(),
            identifier: Change::Set(new.identifier.clone()),
        };
        let person = match self.left_without_employment(&new.identifier).await? {
            Some(person) => person,
            None => self.create_person(&values).await?,
        };
        let employment = EmploymentChanges {
            active: Some(true),
            job_title: new.job_title.clone().into(),
        };
        // The person is there already, whatever comes of the employment.
        self.set_employment(&person.id, &employment)
            .await
            .map_err(|error| error.with_applied(Applied::Unknown))?;
        Ok(person)
    }

    /// Makes sure that nobody but `keeper` has an identifier, before it is given to them. A person without employment was
    /// left by a cut-off creation, is nobody's employee, and gives it up; one with an employment is refused as
    /// [`ErrorKind::Conflict`]. May be repeated.
    pub async fn free_identifier(&self, identifier: &str, keeper: &PersonId) -> Result<(), Error> {
        for person in self.having(identifier).await? {
            if person.id == *keeper {
                continue;
            }
            self.refuse_employed(&person.id).await?;
            let none = PersonChanges {
                identifier: Change::Clear,
                ..PersonChanges::default()
            };
            self.update_person(&person.id, &none).await?;
        }
        Ok(())
    }

    /// The people who have an identifier.
    async fn having(&self, identifier: &str) -> Result<Vec<Person>, Error> {
        let query = PersonQuery {
            identifier: Some(identifier.to_owned()),
            ..PersonQuery::default()
        };
        let same = |person: &Person| person.identifier.as_deref() == Some(identifier) && !person.is_deleted;
        let found = self.persons(&query).collect().await?;
        Ok(found.rows.into_iter().filter(same).collect())
    }

    async fn refuse_employed(&self, person: &PersonId) -> Result<(), Error> {
        match self.employment(person).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Err(Error::not_applied(
                ErrorKind::Conflict,
                format!("not sent: employee {person} has this identifier"),
            )),
        }
    }

    async fn left_without_employment(&self, identifier: &str) -> Result<Option<Person>, Error> {
        let Some(person) = self.having(identifier).await?.into_iter().next() else {
            return Ok(None);
        };
        self.refuse_employed(&person.id).await?;
        Ok(Some(person))
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

    #[test]
    fn c7_an_identifier_keeps_its_zeros() {
        let read = employee(&json!({"personId": "p-1", "employeeIdentifier": "00042"})).unwrap();
        assert_eq!(read.person.identifier.as_deref(), Some("00042"));
        let mut object = read.person.object.clone();
        PersonChanges {
            identifier: Change::Set("00043".to_owned()),
            ..PersonChanges::default()
        }
        .make(&mut object, &PersonWire::default());
        assert_eq!(object["employeeIdentifier"], json!("00043"));
    }

    #[test]
    fn persons_are_filtered_by_what_is_asked() {
        let query = PersonQuery {
            identifier: Some("0 1".to_owned()),
            ..PersonQuery::default()
        };
        let list = persons(&PersonWire::default(), &query);
        assert_eq!(list.operation(), "GET /v1/Common/Persons");
        assert_eq!(
            list.query_pairs(),
            [("employeeIdentifier".to_owned(), "0 1".to_owned())]
        );
    }
}
