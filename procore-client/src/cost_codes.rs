//! The cost codes of a project: what timecards refer to (procore-api.md section 6.1).

use chrono::{DateTime, Utc};
use linx_http::{Endpoint, Error, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CostCodeId, ProjectId, StandardCostCodeId, SubJobId};
use crate::line_item_types::LineItemType;
use crate::wire::{Named, association, open_enum, or_default, text};

open_enum! {
    /// Who owns a cost code: a project or one of its sub jobs.
    BillerType {
        /// The project itself.
        Project = "Project",
        /// One of its sub jobs.
        SubJob = "SubJob",
    }
}

/// A cost code of a project or of a sub job.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CostCode {
    /// The id that timecards refer to. The same work has another id in every project and sub job (trap 5).
    pub id: CostCodeId,
    /// The last part of the code, such as `300`.
    #[serde(default, deserialize_with = "text")]
    pub code: Option<String>,
    /// The whole code, such as `03-300`.
    #[serde(default, deserialize_with = "text")]
    pub full_code: Option<String>,
    /// The name, such as `Cast-in-Place Concrete`.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether a project or a sub job owns it.
    #[serde(default)]
    pub biller_type: Option<BillerType>,
    /// The id of the project or of the sub job that owns it.
    #[serde(default)]
    pub biller_id: Option<u64>,
    /// The code above it; `None` at the top.
    #[serde(default, deserialize_with = "association")]
    pub parent: Option<Named<CostCodeId>>,
    /// The company's code that it was made from.
    #[serde(default)]
    pub standard_cost_code_id: Option<StandardCostCodeId>,
    /// The cost types that it offers.
    #[serde(default, deserialize_with = "or_default")]
    pub line_item_types: Vec<LineItemType>,
    /// When it was deleted; `None` for one that can be booked to.
    #[serde(default)]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Requests the cost codes of `project`, or those of one of its sub jobs, which are in no other list (trap 6).
pub fn list(project: ProjectId, sub_job: Option<SubJobId>) -> Endpoint<Vec<CostCode>> {
    of(Endpoint::get("rest/v1.0/cost_codes"), project, sub_job)
}

/// Requests one cost code of `project`, or of one of its sub jobs.
pub fn show(project: ProjectId, sub_job: Option<SubJobId>, code: CostCodeId) -> Endpoint<CostCode> {
    of(Endpoint::get("rest/v1.0/cost_codes").segment(code), project, sub_job)
}

fn of<T>(request: Endpoint<T>, project: ProjectId, sub_job: Option<SubJobId>) -> Endpoint<T> {
    let request = request.query("project_id", project);
    match sub_job {
        Some(sub_job) => request.query("sub_job_id", sub_job),
        None => request,
    }
}

impl Client {
    /// The cost codes of a project, or those of one of its sub jobs, which are in no other list (trap 6).
    pub fn cost_codes(&self, project: ProjectId, sub_job: Option<SubJobId>) -> List<CostCode> {
        self.list(list(project, sub_job), |code| code.id.to_string())
    }

    /// Returns one cost code of a project, or of one of its sub jobs.
    ///
    /// # Errors
    ///
    /// [`linx_http::ErrorKind::NotFound`] where the project or sub job has none with this id; otherwise as [every
    /// request](crate::guide::errors).
    pub async fn cost_code(
        &self,
        project: ProjectId,
        sub_job: Option<SubJobId>,
        code: CostCodeId,
    ) -> Result<CostCode, Error> {
        self.send(&show(project, sub_job, code)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LineItemTypeId;

    #[test]
    fn a_sub_job_is_told_where_there_is_one() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let whole = list(ProjectId::new(316_001), None);
        assert_eq!(whole.operation(), "GET /rest/v1.0/cost_codes");
        assert_eq!(whole.query_pairs(), [pair("project_id", "316001")]);
        let part = list(ProjectId::new(316_001), Some(SubJobId::new(416_001)));
        assert_eq!(
            part.query_pairs(),
            [pair("project_id", "316001"), pair("sub_job_id", "416001")]
        );
        let one = show(
            ProjectId::new(316_001),
            Some(SubJobId::new(416_001)),
            CostCodeId::new(9),
        );
        assert_eq!(one.operation(), "GET /rest/v1.0/cost_codes/9");
        assert_eq!(one.query_pairs(), part.query_pairs());
    }

    #[test]
    fn a_code_is_read_with_its_cost_types() {
        let code: CostCode = serde_json::from_str(
            r#"{"id": 78261175, "code": "300", "full_code": "03-300", "biller_type": "", "biller_id": 316001,
                "parent": {"id": null}, "standard_cost_code_id": 71, "deleted_at": null, "line_item_types":
                [{"id": 50887, "name": "Labor", "code": "L", "base_type": "labor"}]}"#,
        )
        .unwrap();
        assert_eq!(code.biller_type, Some(BillerType::Unknown(String::new())));
        assert_eq!(code.parent, None);
        assert_eq!(code.line_item_types[0].id, LineItemTypeId::new(50887));
    }
}
