//! The companies that a credential reaches (procore-api.md section 2).

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::CompanyId;

/// A company that a credential reaches.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Company {
    /// The company's id, which exceeds 32 bits in newer regions.
    pub id: CompanyId,
    /// The company's name.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether the company's account is active.
    #[serde(default)]
    pub is_active: Option<bool>,
}

/// Requests the companies that have installed the application.
pub fn list() -> Endpoint<Vec<Company>> {
    Endpoint::get("rest/v1.0/companies")
}

impl Client {
    /// The companies that this credential reaches, whichever company the client is for.
    pub fn companies(&self) -> List<Company> {
        self.list(list(), |company| company.id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_no_parameters() {
        assert_eq!(list().operation(), "GET /rest/v1.0/companies");
        assert!(list().query_pairs().is_empty());
    }

    #[test]
    fn a_company_needs_its_id_only() {
        let company: Company = serde_json::from_str(r#"{"id": 8, "name": null, "logo_url": "", "new": {}}"#).unwrap();
        assert_eq!(
            company,
            Company {
                id: CompanyId::new(8),
                ..Company::default()
            }
        );
    }
}
