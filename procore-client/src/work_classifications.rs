//! Work classifications: as what somebody works, such as a union's grade (procore-api.md section 3.5).

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, ProjectId, WorkClassificationId};
use crate::wire::or_default;

/// A work classification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WorkClassification {
    /// The work classification's id.
    pub id: WorkClassificationId,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The abbreviation.
    #[serde(default)]
    pub abbreviation: Option<String>,
    /// Whether every project of the company has it. Where not, `project_ids` names those that have it.
    #[serde(default)]
    pub company_visible: Option<bool>,
    /// The projects that have it, where not all have.
    #[serde(default, deserialize_with = "or_default")]
    pub project_ids: Vec<ProjectId>,
}

/// Requests the work classifications of `company`.
pub fn of_company(company: CompanyId) -> Endpoint<Vec<WorkClassification>> {
    Endpoint::get("rest/v1.0/companies")
        .segment(company)
        .segment("work_classifications")
}

/// Requests the work classifications of `project`.
pub fn of_project(project: ProjectId) -> Endpoint<Vec<WorkClassification>> {
    Endpoint::get("rest/v1.0/projects")
        .segment(project)
        .segment("work_classifications")
}

impl Client {
    /// The company's work classifications.
    pub fn work_classifications(&self) -> List<WorkClassification> {
        self.list(of_company(self.company()), |one| one.id.to_string())
    }

    /// The work classifications of a project. They count where its Timesheets tool is on (procore-api.md section 7.1).
    pub fn project_work_classifications(&self, project: ProjectId) -> List<WorkClassification> {
        self.list(of_project(project), |one| one.id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_asked_for_by_company_and_by_project() {
        let of_company = of_company(CompanyId::new(8));
        assert_eq!(
            of_company.operation(),
            "GET /rest/v1.0/companies/8/work_classifications"
        );
        let of_project = of_project(ProjectId::new(3));
        assert_eq!(of_project.operation(), "GET /rest/v1.0/projects/3/work_classifications");
        let bare: WorkClassification = serde_json::from_str(r#"{"id": 398438, "project_ids": null}"#).unwrap();
        assert!(bare.project_ids.is_empty());
    }
}
