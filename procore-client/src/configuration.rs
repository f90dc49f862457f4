//! The company's settings about time (procore-api.md section 4.4).

use linx_http::{Endpoint, Error};
use serde::Deserialize;

use crate::client::Client;
use crate::ids::{CompanyId, LineItemTypeId, ProjectId};
use crate::wire::or_default;

/// The settings of a company that matter for time. A setting that the answer lacks is `None`, or an empty list.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CompanyConfiguration {
    /// Whether the company's Timesheets tool is on.
    #[serde(default)]
    pub timesheets_tab_enabled: Option<bool>,
    /// Whether every employee can stand on every project's timecards. Where `Some(false)`, only members of the
    /// project's directory can ([`crate::memberships`]).
    #[serde(default)]
    pub timecard_employees_see_all_projects: Option<bool>,
    /// The first day of the work week. Its base is not documented; 0 is probably Sunday.
    #[serde(default)]
    pub timesheets_week_start_day: Option<u8>,
    /// The projects that take start and stop times. Every other project takes total hours (trap 11).
    #[serde(default, deserialize_with = "or_default")]
    pub projects_timecard_in_out_enabled: Vec<ProjectId>,
    /// How the meal is tracked, for the projects where it is set.
    #[serde(default, deserialize_with = "or_default")]
    pub projects_timecard_lunch_time_tracking: Vec<LunchTimeTracking>,
    /// How clock times are rounded.
    #[serde(default)]
    pub rounding_configuration: Option<Rounding>,
    /// Whether timecards take task codes.
    #[serde(default)]
    pub task_codes_enabled: Option<bool>,
    /// The cost type that hours get where none is given.
    #[serde(default)]
    pub timesheet_default_cost_type_id: Option<LineItemTypeId>,
    /// The cost type that hours get where none is given, in projects that are joined to an accounting system.
    #[serde(default)]
    pub timesheet_erp_default_cost_type_id: Option<LineItemTypeId>,
}

/// How one project tracks the meal.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LunchTimeTracking {
    /// The project.
    pub project_id: Option<ProjectId>,
    /// The way, such as `total_time`. The values are not documented.
    pub timecard_lunch_time_tracking: Option<String>,
}

/// How clock times are rounded. Hours that are written as such are not rounded (procore-api.md section 10).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Rounding {
    /// The direction, such as `up`.
    pub rule: Option<String>,
    /// The step in minutes to which times are rounded.
    pub time_increment: Option<u32>,
}

/// Requests the settings of `company`.
pub fn show(company: CompanyId) -> Endpoint<CompanyConfiguration> {
    Endpoint::get("rest/v1.0/company_configuration").query("company_id", company)
}

/// Requests the company's rounding alone.
pub fn rounding(company: CompanyId) -> Endpoint<Rounding> {
    Endpoint::get("rest/v1.0/companies")
        .segment(company)
        .segment("rounding_configuration")
}

impl Client {
    /// Returns the company's settings about time.
    ///
    /// # Errors
    ///
    /// As [every request](crate::guide::errors).
    pub async fn company_configuration(&self) -> Result<CompanyConfiguration, Error> {
        self.send(&show(self.company())).await
    }

    /// Returns how the company rounds clock times.
    ///
    /// # Errors
    ///
    /// As [every request](crate::guide::errors).
    pub async fn rounding_configuration(&self) -> Result<Rounding, Error> {
        self.send(&rounding(self.company())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_for_the_company() {
        let request = show(CompanyId::new(8));
        assert_eq!(request.operation(), "GET /rest/v1.0/company_configuration");
        assert_eq!(request.query_pairs(), [("company_id".to_owned(), "8".to_owned())]);
        let request = rounding(CompanyId::new(8));
        assert_eq!(request.operation(), "GET /rest/v1.0/companies/8/rounding_configuration");
    }

    #[test]
    fn lists_may_be_null_and_nothing_is_required() {
        let empty: CompanyConfiguration = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, CompanyConfiguration::default());
        let given: CompanyConfiguration = serde_json::from_str(
            r#"{"timesheets_week_start_day": 1, "projects_timecard_in_out_enabled": null,
                "projects_timecard_lunch_time_tracking": [{"project_id": 3, "timecard_lunch_time_tracking": "total_time"}],
                "rounding_configuration": {"rule": "up", "time_increment": 5}, "timesheet_default_cost_type_id": "50887"}"#,
        )
        .unwrap();
        assert!(given.projects_timecard_in_out_enabled.is_empty());
        assert_eq!(given.rounding_configuration.unwrap().time_increment, Some(5));
        assert_eq!(given.timesheet_default_cost_type_id, Some(LineItemTypeId::new(50887)));
        assert_eq!(
            given.projects_timecard_lunch_time_tracking[0].project_id,
            Some(ProjectId::new(3))
        );
    }
}
