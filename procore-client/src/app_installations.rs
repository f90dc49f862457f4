//! Which applications are installed in the company (procore-api.md section 8.7).
//!
//! Without its installation an application still gets a token, and nearly everything else is refused.

use chrono::{DateTime, Utc};
use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::CompanyId;
use crate::wire::open_enum;

open_enum! {
    /// Whether an application is installed.
    InstallationStatus {
        /// It is installed.
        Installed = "installed",
        /// It was installed and has been removed.
        Uninstalled = "uninstalled",
    }
}

/// One application in the company. The answer names who installed it, which is not read.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AppInstallation {
    /// The installation's id.
    pub id: u64,
    /// The application's own id.
    #[serde(default)]
    pub app_uid: Option<String>,
    /// Whether it is installed.
    #[serde(default)]
    pub status: Option<InstallationStatus>,
    /// The version of its manifest. An older one may lack permissions that the newest asks for.
    #[serde(default)]
    pub semantic_version: Option<String>,
    /// The newer version that it could be updated to. Updating empties the list of permitted projects (procore-api.md
    /// section 1.3).
    #[serde(default)]
    pub updatable_app_version_id: Option<String>,
    /// When it was installed.
    #[serde(default)]
    pub installed_at: Option<DateTime<Utc>>,
    /// When it was removed; `None` while it is installed.
    #[serde(default)]
    pub uninstalled_at: Option<DateTime<Utc>>,
}

/// Requests the applications of `company`.
pub fn list(company: CompanyId) -> Endpoint<Vec<AppInstallation>> {
    Endpoint::get("rest/v1.0/app_installations").query("company_id", company)
}

impl Client {
    /// The company's applications.
    pub fn app_installations(&self) -> List<AppInstallation> {
        self.list(list(self.company()), |installation| installation.id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a12_installations_are_asked_for_the_company_and_keep_what_nobody_knew() {
        let request = list(CompanyId::new(8));
        assert_eq!(request.operation(), "GET /rest/v1.0/app_installations");
        assert_eq!(request.query_pairs(), [("company_id".to_owned(), "8".to_owned())]);
        let read: AppInstallation = serde_json::from_str(
            r#"{"id": 1, "status": "suspended", "installer": {"id": 7, "name": "Ana Delgado"}, "components": []}"#,
        )
        .unwrap();
        assert_eq!(read.status, Some(InstallationStatus::Unknown("suspended".to_owned())));
        assert!(!format!("{read:?}").contains("Ana"));
    }
}
