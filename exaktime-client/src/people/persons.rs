//! Persons, employed or not.

use std::fmt;

use linx_http::endpoint::Raw;
use linx_http::{Change, Endpoint, Error, List};

use crate::client::Client;
use crate::ids::PersonId;
use crate::object::{Object, Reader};
use crate::request::endpoint;
use crate::wire::{PersonWire, WireProfile};

/// A person: an employee, or somebody who only uses ExakTime's pages.
///
/// Texts are as the service has them; each is absent where it is null or not sent.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Person {
    /// The service's key. The employment of the person, if there is one, goes by the same id.
    pub id: PersonId,
    /// First name, at most 200 characters.
    pub first_name: Option<String>,
    /// Last name, at most 200 characters.
    pub last_name: Option<String>,
    /// Work e-mail address; not checked for its form.
    pub work_email: Option<String>,
    /// The customer's own number of the person, as text with its leading zeros (hazard C7).
    pub identifier: Option<String>,
    /// The name by which the person logs in to ExakTime's pages; absent for most who only clock in.
    pub username: Option<String>,
    /// Whether the person works for the customer without being employed there; false where not told.
    pub is_contractor: bool,
    /// Whether the person was deleted in ExakTime, and is still listed; false where not told.
    pub is_deleted: bool,
    /// The whole record as it was received, with what this type has no field for.
    pub object: Object,
}

/// Which persons to list; every filter that is given has to be met, none lists all.
///
/// Whether the service compares whole texts or parts, and whether it minds case, is not published: compare again
/// what comes.
#[derive(Clone, Default)]
pub struct PersonQuery {
    /// Those with this first name.
    pub first_name: Option<String>,
    /// Those with this last name.
    pub last_name: Option<String>,
    /// Those with this work e-mail address.
    pub work_email: Option<String>,
    /// Those with this number of the customer's own, zeros in front included.
    pub identifier: Option<String>,
}

/// What is to become of a person's values; what is not named keeps its value. Build it with `..Default::default()`:
/// more values may be added.
///
/// A new person needs a first and a last name.
#[derive(Clone, Default)]
pub struct PersonChanges {
    /// First name, at most 200 characters.
    pub first_name: Change<String>,
    /// Last name, at most 200 characters.
    pub last_name: Change<String>,
    /// Work e-mail address.
    pub work_email: Change<String>,
    /// The customer's own number, as text with its leading zeros. The service does not see to it that it is unique:
    /// [`Client::free_identifier`] does.
    pub identifier: Change<String>,
}

/// Ids only: the rest is personal (hazard A14).
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The request for the list of persons.
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

impl PersonChanges {
    fn apply_to(&self, object: &mut Object, names: &PersonWire) {
        self.first_name.apply_to(object, &names.first_name);
        self.last_name.apply_to(object, &names.last_name);
        self.work_email.apply_to(object, &names.work_email);
        self.identifier.apply_to(object, &names.identifier);
    }
}

impl Client {
    /// Returns the list of persons, employed or not, active or not. Reads when its rows are asked for.
    pub fn people(&self, query: &PersonQuery) -> List<Person> {
        let names = &self.wire().person;
        let id = |person: &Person| person.id.to_string();
        self.rest_list(persons(names, query), Person::read, id, &names.id)
    }

    /// Returns one person. Reads; may be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is none of this id.
    pub async fn person(&self, id: &PersonId) -> Result<Person, Error> {
        self.get(&[&self.wire().person.path, id.as_str()], Person::read).await
    }

    /// Makes a person and returns it as the service has it. Must not be repeated blindly: look the identifier up first,
    /// as [`Client::create_employee`] does.
    ///
    /// # Errors
    ///
    /// [`Rejected`](linx_http::ErrorKind::Rejected) for values that the service does not take, before sending where
    /// that is known. After an error that [may have been applied](linx_http::Error::was_applied) the person may be
    /// there.
    pub async fn create_person(&self, values: &PersonChanges) -> Result<Person, Error> {
        let names = &self.wire().person;
        let mut object = Object::new();
        values.apply_to(&mut object, names);
        self.create(&names.path, &names.id, &object, Person::read).await
    }

    /// Changes some values of a person, keeps all others, and returns the person. Sends nothing where nothing changes.
    /// May be repeated.
    ///
    /// # Errors
    ///
    /// [`NotFound`](linx_http::ErrorKind::NotFound) if there is none of this id,
    /// [`Rejected`](linx_http::ErrorKind::Rejected) for a text that is too long.
    pub async fn update_person(&self, id: &PersonId, changes: &PersonChanges) -> Result<Person, Error> {
        let names = &self.wire().person;
        let edit = |object: &mut Object| {
            changes.apply_to(object, names);
            Ok(())
        };
        self.replace(&[&names.path, id.as_str()], None, edit, Person::read)
            .await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn person(value: &serde_json::Value) -> Person {
        Person::read(value.as_object().unwrap(), &WireProfile::default()).unwrap()
    }

    #[test]
    fn c7_an_identifier_keeps_its_zeros() {
        let read = person(&json!({"personId": "p-1", "employeeIdentifier": "00042"}));
        assert_eq!(read.identifier.as_deref(), Some("00042"));
        let mut object = read.object.clone();
        PersonChanges {
            identifier: Change::Set("00043".to_owned()),
            ..PersonChanges::default()
        }
        .apply_to(&mut object, &PersonWire::default());
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
