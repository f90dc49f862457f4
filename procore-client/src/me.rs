//! Who the credential acts as (procore-api.md section 2).

use linx_http::{Endpoint, Error};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, UserId};
use crate::wire::debug_by_id;

/// The user behind the credential. For an application of its own it is the one that the installation made. `Debug`
/// shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Me {
    /// The user's id.
    pub id: UserId,
    /// The name that the user logs in with.
    #[serde(default)]
    pub login: Option<String>,
    /// The name in the company's directory.
    #[serde(default)]
    pub name: Option<String>,
}

debug_by_id!(Me);

/// Requests who the credential acts as, as `company` knows it.
pub fn show(company: CompanyId) -> Endpoint<Me> {
    Endpoint::get("rest/v1.0/me").query("company_id", company)
}

impl Client {
    /// Returns who this credential acts as. Together with [`Client::companies`] it is the test of a connection.
    ///
    /// # Errors
    ///
    /// As [every request](crate::guide::errors): [`linx_http::ErrorKind::Unauthorized`] where the credential is wrong,
    /// and [`linx_http::ErrorKind::Forbidden`] where the application is not installed in the company.
    pub async fn me(&self) -> Result<Me, Error> {
        self.send(&show(self.company())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_for_one_company() {
        let request = show(CompanyId::new(8));
        assert_eq!(request.operation(), "GET /rest/v1.0/me");
        assert_eq!(request.query_pairs(), [("company_id".to_owned(), "8".to_owned())]);
    }

    #[test]
    fn a14_debug_shows_no_name() {
        let me: Me = serde_json::from_str(r#"{"id": 5, "login": "a@b.example", "name": "Ana"}"#).unwrap();
        assert_eq!(format!("{me:?}"), "Me { id: UserId(5), .. }");
    }
}
