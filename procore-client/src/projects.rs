//! Projects, in the extended view, which alone has the IANA time zone (procore-api.md sections 4.1 and 4.2).

use std::sync::Arc;

use linx_http::pagination::LinkPaging;
use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, ListId, ProjectId, ProjectStageId};
use crate::wire::{Named, association, debug_by_id, text};

/// The most projects that one page holds (procore-api.md section 4.1).
const PER_PAGE: u32 = 300;

/// A project. `Debug` shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Project {
    /// The project's id.
    pub id: ProjectId,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The number that people know it by, such as `24-001`. Free text, and it may be blank.
    #[serde(default, deserialize_with = "text")]
    pub project_number: Option<String>,
    /// Number and name in one text.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Whether it is active. There is no other flag: the stage is only a label.
    #[serde(default)]
    pub active: Option<bool>,
    /// The street address.
    #[serde(default)]
    pub address: Option<String>,
    /// The city.
    #[serde(default)]
    pub city: Option<String>,
    /// The state, as in ISO 3166-2 without the country, such as `AZ`.
    #[serde(default)]
    pub state_code: Option<String>,
    /// The postal code.
    #[serde(default, deserialize_with = "text")]
    pub zip: Option<String>,
    /// The country, as in ISO 3166-1 alpha-2, such as `US`.
    #[serde(default)]
    pub country_code: Option<String>,
    /// Degrees north; south is negative.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Degrees east; west is negative.
    #[serde(default)]
    pub longitude: Option<f64>,
    /// The time zone by its Rails name, such as `Arizona`; not an IANA name (trap 23).
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The time zone by its IANA name, such as `America/Phoenix`. Only the extended view has it, which is what is
    /// asked for.
    #[serde(default)]
    pub tz_name: Option<String>,
    /// The id in another system, unique in the company.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
    /// The list of company cost codes that it uses.
    #[serde(default)]
    pub standard_cost_code_list_id: Option<ListId>,
    /// The stage, a label of the company's own such as `Course of Construction`. `None` where it has none.
    #[serde(default, deserialize_with = "association")]
    pub project_stage: Option<Named<ProjectStageId>>,
    /// Whether it is a demonstration. Not promised in this view.
    #[serde(default)]
    pub is_demo: Option<bool>,
    /// Whether it is a template for other projects. Not promised in this view.
    #[serde(default)]
    pub template: Option<bool>,
}

debug_by_id!(Project);

/// Which projects to list. It is always sent, since Procore lists only active ones otherwise (trap 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectStatus {
    /// Active projects.
    Active,
    /// Inactive projects.
    Inactive,
    /// Both.
    All,
}

impl ProjectStatus {
    fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
            Self::All => "All",
        }
    }
}

/// Requests the projects of `company` that the credential may see. New ones have to be permitted to it first (trap 26).
pub fn list(company: CompanyId, status: ProjectStatus) -> Endpoint<Vec<Project>> {
    Endpoint::get("rest/v1.1/projects")
        .query("company_id", company)
        .query("view", "extended")
        .query("filters[by_status]", status.as_str())
}

impl Client {
    /// The projects that this credential may see. New ones have to be permitted to it first (trap 26).
    pub fn projects(&self, status: ProjectStatus) -> List<Project> {
        self.list_by(
            Arc::new(LinkPaging { per_page: PER_PAGE }),
            list(self.company(), status),
            |project| project.id.to_string(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_always_told() {
        let request = list(CompanyId::new(8), ProjectStatus::All);
        assert_eq!(request.operation(), "GET /rest/v1.1/projects");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            request.query_pairs(),
            [
                pair("company_id", "8"),
                pair("view", "extended"),
                pair("filters[by_status]", "All")
            ]
        );
    }

    #[test]
    fn a_project_is_read_from_what_procore_sends() {
        let project: Project = serde_json::from_str(
            r#"{"id": 316001, "name": "Saguaro Ridge Medical Center", "project_number": "24-001", "active": true,
                "display_name": "24-001 - Saguaro Ridge Medical Center", "latitude": 33.4484, "longitude": -112.074,
                "time_zone": "Arizona", "tz_name": "America/Phoenix", "zip": 85018, "total_value": "12.5",
                "project_stage": {"id": null, "name": null}, "custom_fields": {"custom_field_9": {}}}"#,
        )
        .unwrap();
        assert_eq!(project.tz_name.as_deref(), Some("America/Phoenix"));
        assert_eq!(project.zip.as_deref(), Some("85018"));
        assert_eq!(format!("{project:?}"), "Project { id: ProjectId(316001), .. }");
    }
}
