//! Who is in a project's directory (procore-api.md section 3.4).
//!
//! Where a company does not let every employee be tracked on all projects, only members of a project can stand on its
//! timecards (procore-api.md section 3.1).

use linx_http::{Endpoint, Error, List};
use serde::Deserialize;
use serde_json::json;

use crate::client::Client;
use crate::ids::{MembershipId, PersonId, ProjectId};

/// One person's membership of one project's directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Membership {
    /// The membership's id.
    pub id: MembershipId,
    /// The person.
    #[serde(default)]
    pub party_id: Option<PersonId>,
    /// The project.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
}

/// Requests the memberships of `project`.
pub fn list(project: ProjectId) -> Endpoint<Vec<Membership>> {
    of(Endpoint::get, project)
}

/// Requests that a person without a login be put into a project's directory. People with a login are added by another
/// operation. What a repeat does is not documented, so it is never repeated blindly.
pub fn add(project: ProjectId, person: PersonId) -> Endpoint<Vec<PersonId>> {
    of(Endpoint::post, project).json(&json!({"project_membership": {"party_id": person}}))
}

fn of<T>(method: fn(&'static str) -> Endpoint<T>, project: ProjectId) -> Endpoint<T> {
    method("rest/v1.0/projects")
        .segment(project)
        .segment("project_memberships")
}

impl Client {
    /// The memberships of a project.
    pub fn project_memberships(&self, project: ProjectId) -> List<Membership> {
        self.list(list(project), |membership| membership.id.to_string())
    }

    /// Puts a person without a login into a project's directory and returns the ids of the persons that were put.
    ///
    /// # Errors
    ///
    /// [`linx_http::ErrorKind::Rejected`] where the person has a login or is unknown; otherwise as [every
    /// request](crate::guide::errors). Where [`was_applied`](Error::was_applied) is unknown, list the memberships
    /// before adding again.
    pub async fn add_to_project(&self, project: ProjectId, person: PersonId) -> Result<Vec<PersonId>, Error> {
        self.send(&add(project, person)).await
    }
}

#[cfg(test)]
mod tests {
    use linx_http::RetrySafety;
    use linx_http::endpoint::Body;

    use super::*;

    #[test]
    fn a1_a_person_is_added_once() {
        let project = ProjectId::new(3);
        let path = "/rest/v1.0/projects/3/project_memberships";
        assert_eq!(list(project).operation(), format!("GET {path}"));
        let request = add(project, PersonId::new(5));
        assert_eq!(
            (request.operation(), request.retry_safety()),
            (format!("POST {path}"), RetrySafety::Once)
        );
        assert_eq!(
            *request.body(),
            Body::Json(json!({"project_membership": {"party_id": 5}}))
        );
    }
}
