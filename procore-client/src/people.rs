//! The people of the company's directory, with or without a login (procore-api.md section 3.2).
//!
//! Procore has no filter for what changed and no timestamps, so the list is read whole and compared (trap 2).
//! Active and inactive people are two lists (trap 3).

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, PersonId, ProjectId, UserId};
use crate::wire::{Named, association, debug_by_id, or_default, text};

/// A person of the directory. `Debug` shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Person {
    /// The person's id: the `party_id` of timecards (trap 1).
    pub id: PersonId,
    /// The first name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// The number that payroll knows. Free text: it may be blank, have leading zeros, and stand on two people.
    #[serde(default, deserialize_with = "text")]
    pub employee_id: Option<String>,
    /// Whether the person is an employee of the company. Only employees can stand on timecards.
    #[serde(default)]
    pub is_employee: Option<bool>,
    /// The user that the person logs in as; `None` for people without a login, as most field crews are.
    #[serde(default)]
    pub user_id: Option<UserId>,
    /// The id in another system, unique in the company.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
    /// The job title. The extended view has it, without promising it.
    #[serde(default)]
    pub job_title: Option<String>,
    /// The work classification, such as a union's grade. The extended view has it, without promising it.
    #[serde(default, deserialize_with = "association")]
    pub work_classification: Option<Named<u64>>,
    /// Whether the person is active, and the email address.
    #[serde(default, deserialize_with = "or_default")]
    pub contact: Contact,
}

debug_by_id!(Person);

/// How a person is reached. `Debug` does not show the address.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Contact {
    /// Whether the person is active. The same flag has another name in requests and on users (trap 3).
    #[serde(default)]
    pub is_active: Option<bool>,
    /// The email address; `None` for many field workers.
    #[serde(default)]
    pub email: Option<String>,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contact")
            .field("is_active", &self.is_active)
            .finish_non_exhaustive()
    }
}

/// Which people to list; [`PeopleQuery::default`] lists everyone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeopleQuery {
    /// `Some(true)` lists only employees of the company, `Some(false)` only others, `None` both.
    pub is_employee: Option<bool>,
}

impl PeopleQuery {
    /// Only employees of the company: the people who may stand on timecards.
    pub fn employees() -> Self {
        Self {
            is_employee: Some(true),
        }
    }
}

/// Requests the active people of `company`, in the extended view.
pub fn active(company: CompanyId, query: &PeopleQuery) -> Endpoint<Vec<Person>> {
    narrowed(of(company), *query)
}

/// Requests the inactive people of `company`, who are in no other list (trap 3).
pub fn inactive(company: CompanyId, query: &PeopleQuery) -> Endpoint<Vec<Person>> {
    narrowed(of(company).segment("inactive"), *query)
}

/// Requests the active people of a project's directory.
pub fn of_project(project: ProjectId, query: &PeopleQuery) -> Endpoint<Vec<Person>> {
    let list = Endpoint::get("rest/v1.0/projects").segment(project).segment("people");
    narrowed(list, *query)
}

/// Requests the inactive people of a project's directory.
pub fn inactive_of_project(project: ProjectId, query: &PeopleQuery) -> Endpoint<Vec<Person>> {
    let list = Endpoint::get("rest/v1.0/projects").segment(project).segment("people");
    narrowed(list.segment("inactive"), *query)
}

fn of(company: CompanyId) -> Endpoint<Vec<Person>> {
    Endpoint::get("rest/v1.0/companies").segment(company).segment("people")
}

fn narrowed(list: Endpoint<Vec<Person>>, query: PeopleQuery) -> Endpoint<Vec<Person>> {
    let list = list.query("view", "extended");
    match query.is_employee {
        Some(wanted) => list.query("filters[is_employee]", wanted),
        None => list,
    }
}

impl Client {
    /// The company's active people.
    pub fn people(&self, query: &PeopleQuery) -> List<Person> {
        self.list(active(self.company(), query), |person| person.id.to_string())
    }

    /// The active people of a project's directory.
    pub fn project_people(&self, project: ProjectId, query: &PeopleQuery) -> List<Person> {
        self.list(of_project(project, query), |person| person.id.to_string())
    }

    /// The inactive people of a project's directory.
    pub fn inactive_project_people(&self, project: ProjectId, query: &PeopleQuery) -> List<Person> {
        self.list(inactive_of_project(project, query), |person| person.id.to_string())
    }

    /// The company's inactive people, who are in no other list (trap 3).
    pub fn inactive_people(&self, query: &PeopleQuery) -> List<Person> {
        self.list(inactive(self.company(), query), |person| person.id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projects_people_are_asked_for_by_its_path() {
        let query = PeopleQuery {
            is_employee: Some(true),
        };
        let request = of_project(ProjectId::new(3), &query);
        assert_eq!(request.operation(), "GET /rest/v1.0/projects/3/people");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [pair("view", "extended"), pair("filters[is_employee]", "true")];
        assert_eq!(request.query_pairs(), expected);
    }

    fn pairs(list: &Endpoint<Vec<Person>>) -> Vec<(&str, &str)> {
        list.query_pairs()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    #[test]
    fn active_and_inactive_people_are_two_lists() {
        let company = CompanyId::new(8);
        let everyone = active(company, &PeopleQuery::default());
        assert_eq!(everyone.operation(), "GET /rest/v1.0/companies/8/people");
        assert_eq!(pairs(&everyone), [("view", "extended")]);
        let gone = inactive(
            company,
            &PeopleQuery {
                is_employee: Some(true),
            },
        );
        assert_eq!(gone.operation(), "GET /rest/v1.0/companies/8/people/inactive");
        assert_eq!(pairs(&gone), [("view", "extended"), ("filters[is_employee]", "true")]);
    }

    #[test]
    fn a_person_is_read_whatever_is_missing() {
        let person: Person = serde_json::from_str(
            r#"{"id": "562949953430001", "first_name": "Ana", "last_name": "Delgado", "employee_id": "00101",
                "is_employee": true, "user_id": null, "user_uuid": 5, "origin_id": 77, "contact": {"is_active": true,
                "email": "ana@mesaprairie.example"}, "work_classification": {"id": null, "name": null}}"#,
        )
        .unwrap();
        assert_eq!(person.id, PersonId::new(562_949_953_430_001));
        assert_eq!(person.employee_id.as_deref(), Some("00101"));
        assert_eq!(person.origin_id.as_deref(), Some("77"));
        assert_eq!((person.user_id, person.work_classification.clone()), (None, None));
        assert_eq!(person.contact.is_active, Some(true));
        let bare: Person = serde_json::from_str(r#"{"id": 1, "employee_id": 101, "contact": null}"#).unwrap();
        assert_eq!(bare.employee_id.as_deref(), Some("101"));
        assert_eq!(bare.contact, Contact::default());
    }

    #[test]
    fn a14_debug_shows_neither_name_nor_address() {
        let person: Person = serde_json::from_str(
            r#"{"id": 1, "last_name": "Delgado", "contact": {"is_active": true, "email": "ana@mesaprairie.example"}}"#,
        )
        .unwrap();
        assert_eq!(format!("{person:?}"), "Person { id: PersonId(1), .. }");
        assert_eq!(format!("{:?}", person.contact), "Contact { is_active: Some(true), .. }");
    }
}
