//! The people with a login (procore-api.md section 3.3).
//!
//! A list of users lacks everyone without an email address, most field crews among them (trap 2). Read workers as
//! [`crate::people`] and join them on `user_id`.

use chrono::{DateTime, Utc};
use linx_http::{Endpoint, Error, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, PersonId, UserId, WorkClassificationId};
use crate::wire::{Named, association, debug_by_id, text};

/// A login of the company. `Debug` shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The user's id. It never fits a `party_id` (trap 1).
    pub id: UserId,
    /// Presumably the person's id. Join on the person's `user_id` instead (procore-api.md section 10).
    #[serde(default)]
    pub contact_id: Option<PersonId>,
    /// The first name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// First and last name.
    #[serde(default)]
    pub name: Option<String>,
    /// The email address.
    #[serde(default)]
    pub email_address: Option<String>,
    /// The mobile phone.
    #[serde(default, deserialize_with = "text")]
    pub mobile_phone: Option<String>,
    /// The phone at work.
    #[serde(default, deserialize_with = "text")]
    pub business_phone: Option<String>,
    /// The job title.
    #[serde(default)]
    pub job_title: Option<String>,
    /// The number that payroll knows. Free text: it may be blank and stand on two people.
    #[serde(default, deserialize_with = "text")]
    pub employee_id: Option<String>,
    /// Whether the user is an employee of the company.
    #[serde(default)]
    pub is_employee: Option<bool>,
    /// Whether the user is active. The same flag has another name on people (trap 3).
    #[serde(default)]
    pub is_active: Option<bool>,
    /// The work classification, such as a union's grade.
    #[serde(default)]
    pub work_classification_id: Option<WorkClassificationId>,
    /// The company that the user works for: a vendor of the directory. `None` where none is named. Its id
    /// is a plain number, since nothing else here takes one.
    #[serde(default, deserialize_with = "association")]
    pub vendor: Option<Named<u64>>,
    /// The id in another system.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
    /// Text that the other system keeps with it.
    #[serde(default, deserialize_with = "text")]
    pub origin_data: Option<String>,
    /// When the user was made.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When the user was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime<Utc>>,
    /// When the user last logged in.
    #[serde(default)]
    pub last_login_at: Option<DateTime<Utc>>,
}

debug_by_id!(User);

/// Requests the active users of `company`, in the extended view.
pub fn list(company: CompanyId) -> Endpoint<Vec<User>> {
    of(company).query("view", "extended")
}

/// Requests one user.
pub fn show(company: CompanyId, user: UserId) -> Endpoint<User> {
    of(company).segment(user)
}

fn of<T>(company: CompanyId) -> Endpoint<T> {
    Endpoint::get("rest/v1.3/companies").segment(company).segment("users")
}

impl Client {
    /// The company's active users.
    pub fn users(&self) -> List<User> {
        self.list(list(self.company()), |user| user.id.to_string())
    }

    /// Returns one user.
    ///
    /// # Errors
    ///
    /// [`linx_http::ErrorKind::NotFound`] where there is none; otherwise as [every request](crate::guide::errors).
    pub async fn user(&self, user: UserId) -> Result<User, Error> {
        self.send(&show(self.company(), user)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_asked_for_by_path() {
        let request = list(CompanyId::new(8));
        assert_eq!(request.operation(), "GET /rest/v1.3/companies/8/users");
        assert_eq!(request.query_pairs(), [("view".to_owned(), "extended".to_owned())]);
        let one = show(CompanyId::new(8), UserId::new(7));
        assert_eq!(one.operation(), "GET /rest/v1.3/companies/8/users/7");
    }

    #[test]
    fn a14_a_user_is_read_and_debug_shows_the_id_only() {
        let user: User = serde_json::from_str(
            r#"{"id": 7, "contact_id": 5, "name": "Ana Delgado", "email_address": "ana@mesaprairie.example",
                "employee_id": 101, "mobile_phone": 6025550101, "vendor": {"id": null, "name": null},
                "business_phone_extension": null, "created_at": "2026-01-05T08:00:00-07:00"}"#,
        )
        .unwrap();
        assert_eq!(user.contact_id, Some(PersonId::new(5)));
        assert_eq!(user.employee_id.as_deref(), Some("101"));
        assert_eq!((user.vendor.clone(), user.is_active), (None, None));
        assert_eq!(format!("{user:?}"), "User { id: UserId(7), .. }");
    }
}
