//! What the credential may do with each tool (procore-api.md section 2). It explains a 403.

use linx_http::{Endpoint, Error};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::CompanyId;
use crate::wire::{open_enum, or_default};

/// The caller's access to the company's tools.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Permissions {
    /// The tools, each with the caller's access.
    #[serde(default, deserialize_with = "or_default")]
    pub tools: Vec<Tool>,
}

impl Permissions {
    /// Returns the tool whose name holds `part`, in upper or lower case. The exact names are not documented, so a part
    /// is looked for (procore-api.md section 4.3).
    pub fn tool(&self, part: &str) -> Option<&Tool> {
        let part = part.to_lowercase();
        self.tools.iter().find(|tool| {
            [&tool.name, &tool.friendly_name]
                .into_iter()
                .flatten()
                .any(|name| name.to_lowercase().contains(&part))
        })
    }
}

/// A tool of the company and the caller's access to it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Tool {
    /// The tool's id.
    pub id: u64,
    /// The name that programs know. Its values are not documented.
    #[serde(default)]
    pub name: Option<String>,
    /// The name that people read.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// How far the caller's access goes.
    #[serde(default, deserialize_with = "or_default")]
    pub user_access_level: AccessLevel,
}

/// How far an access goes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AccessLevel {
    /// The level; `None` where the answer names none.
    #[serde(default)]
    pub name: Option<Access>,
}

open_enum! {
    /// The levels of access to a tool.
    Access {
        /// No access.
        None = "None",
        /// May read.
        ReadOnly = "Read Only",
        /// May read and do the usual.
        Standard = "Standard",
        /// May do everything.
        Admin = "Admin",
    }
}

/// Requests the caller's access to the tools of `company`.
pub fn of_company(company: CompanyId) -> Endpoint<Permissions> {
    Endpoint::get("rest/v1.0/settings/permissions").query("company_id", company)
}

impl Client {
    /// Returns the caller's access to the company's tools. Writing timecard entries needs Admin on Timecard
    /// (procore-api.md section 7.7).
    ///
    /// # Errors
    ///
    /// As [every request](crate::guide::errors).
    pub async fn permissions(&self) -> Result<Permissions, Error> {
        self.send(&of_company(self.company())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_found_by_a_part_of_its_name() {
        let permissions: Permissions = serde_json::from_str(
            r#"{"tools": [
                {"id": 1, "name": "directory", "friendly_name": null, "user_access_level": null},
                {"id": 2, "name": "company_timecard", "friendly_name": "Timecard",
                 "user_access_level": {"id": 4, "name": "Admin"}},
                {"id": 3, "name": "x", "user_access_level": {"id": 9, "name": "Owner"}}
            ]}"#,
        )
        .unwrap();
        let level = |part| {
            permissions
                .tool(part)
                .and_then(|tool| tool.user_access_level.name.clone())
        };
        assert_eq!(level("TIMECARD"), Some(Access::Admin));
        assert_eq!(level("directory"), None);
        assert_eq!(level("x"), Some(Access::Unknown("Owner".to_owned())));
        assert!(permissions.tool("timesheets").is_none());
    }

    #[test]
    fn it_is_asked_for_the_company() {
        let request = of_company(CompanyId::new(8));
        assert_eq!(request.operation(), "GET /rest/v1.0/settings/permissions");
        assert_eq!(request.query_pairs(), [("company_id".to_owned(), "8".to_owned())]);
    }
}
