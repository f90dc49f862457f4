//! The sub jobs of a project: its separately tracked parts, such as a wing (procore-api.md section 5).

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{ProjectId, SubJobId};
use crate::wire::text;

/// A sub job. It has no active flag: one that is missing from a complete list was deleted.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SubJob {
    /// The sub job's id, as entries and cost codes name it.
    pub id: SubJobId,
    /// The code, such as `01`; unique in its project only.
    #[serde(default, deserialize_with = "text")]
    pub code: Option<String>,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The id in another system.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
}

/// Requests the sub jobs of `project`.
pub fn list(project: ProjectId) -> Endpoint<Vec<SubJob>> {
    Endpoint::get("rest/v1.0/sub_jobs").query("project_id", project)
}

impl Client {
    /// The sub jobs of a project. Where the project does not use them, the list is empty or refused with 403
    /// (procore-api.md section 10).
    pub fn sub_jobs(&self, project: ProjectId) -> List<SubJob> {
        self.list(list(project), |sub_job| sub_job.id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_asked_for_one_project() {
        let request = list(ProjectId::new(316_001));
        assert_eq!(request.operation(), "GET /rest/v1.0/sub_jobs");
        assert_eq!(request.query_pairs(), [("project_id".to_owned(), "316001".to_owned())]);
    }

    #[test]
    fn a_code_keeps_its_leading_zero() {
        let sub_job: SubJob = serde_json::from_str(r#"{"id": 416001, "code": "01", "name": "Central Plant"}"#).unwrap();
        assert_eq!(sub_job.code.as_deref(), Some("01"));
    }
}
