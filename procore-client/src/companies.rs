//! The companies that a credential reaches (procore-api.md section 2).

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::CompanyId;

/// A company.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it is active.
    #[serde(default)]
    pub is_active: Option<bool>,
}

/// The companies that installed the application.
pub fn list() -> Endpoint<Vec<Company>> {
    Endpoint::get("rest/v1.0/companies")
}

impl Client {
    /// The companies that this credential reaches.
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
