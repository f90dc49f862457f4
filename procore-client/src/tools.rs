//! The tools of a project, and whether they are on (procore-api.md section 4.3).
//!
//! A project has no flag that says whether time is tracked on it: its Timesheets tool shows that.

use linx_http::{Endpoint, List};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::ProjectId;

/// A tool of one project, such as Timesheets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ProjectTool {
    /// The tool's id in this project.
    pub id: u64,
    /// The name that programs know. Its values are not documented.
    #[serde(default)]
    pub engine_name: Option<String>,
    /// The name that people read, which a project may change.
    #[serde(default)]
    pub title: Option<String>,
    /// Whether the tool is on. Where it is off, its requests are refused with 403.
    #[serde(default)]
    pub is_active: Option<bool>,
    /// Its position in the project's menu.
    #[serde(default)]
    pub position: Option<i64>,
    /// Whether it cannot be switched off.
    #[serde(default)]
    pub required: Option<bool>,
}

/// Returns the tool with `part` in its engine name, or else in its title, in upper or lower case. The exact names are
/// not documented, so a part is looked for.
pub fn find<'a>(tools: &'a [ProjectTool], part: &str) -> Option<&'a ProjectTool> {
    let part = part.to_lowercase();
    let has = |name: &Option<String>| name.as_ref().is_some_and(|name| name.to_lowercase().contains(&part));
    let by_engine = tools.iter().find(|tool| has(&tool.engine_name));
    by_engine.or_else(|| tools.iter().find(|tool| has(&tool.title)))
}

/// Requests the tools of `project`, those that are off among them.
pub fn list(project: ProjectId) -> Endpoint<Vec<ProjectTool>> {
    Endpoint::get("rest/v1.0/projects").segment(project).segment("tools")
}

impl Client {
    /// The tools of a project, those that are off among them. Search them with [`find`].
    pub fn project_tools(&self, project: ProjectId) -> List<ProjectTool> {
        self.list(list(project), |tool| tool.id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_found_by_its_engine_before_its_title() {
        let request = list(ProjectId::new(3));
        assert_eq!(request.operation(), "GET /rest/v1.0/projects/3/tools");
        let tools: Vec<ProjectTool> = serde_json::from_str(
            r#"[{"id": 1, "engine_name": "generic_tool_9", "title": "Old Timesheets", "is_active": false},
                {"id": 2, "engine_name": "Timesheets", "title": "Hours", "is_active": true},
                {"id": 3, "engine_name": null, "title": "Daily_Log"}]"#,
        )
        .unwrap();
        let id = |part| find(&tools, part).map(|tool| tool.id);
        assert_eq!((id("timesheet"), id("daily_log"), id("rfi")), (Some(2), Some(3), None));
    }
}
