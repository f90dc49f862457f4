//! Who the credential acts as (procore-api.md section 2).

use linx_http::{Endpoint, Error};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, UserId};
use crate::wire::debug_by_id;

/// The user behind the credential; for a service account the one that the installation made.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Me {
    /// The user's id.
    pub id: UserId,
    /// The name that it logs in with.
    #[serde(default)]
    pub login: Option<String>,
    /// Its name in the company's directory.
    #[serde(default)]
    pub name: Option<String>,
}

debug_by_id!(Me);

/// Who this is, as `company` knows it.
pub fn show(company: CompanyId) -> Endpoint<Me> {
    Endpoint::get("rest/v1.0/me").query("company_id", company)
}

impl Client {
    /// Who this credential acts as: together with [`Client::companies`] the test of a connection.
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
