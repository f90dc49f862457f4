//! Whether Procore is set up for Linx: every prerequisite, by reading only (behaviour.md section 3).

use procore_client::ids;
use procore_client::permissions::Access;

use super::company::ProcoreOffice;
use crate::adapters::http::{clock_check, port_error};
use crate::hold::{Fix, Remedy};
use crate::ports::{Check, FailureKind, Office, PortError};

pub(super) async fn check(office: &ProcoreOffice) -> Vec<Check> {
    let mut checks = Vec::new();
    let settings = match office.client.company_configuration().await {
        Ok(settings) => settings,
        Err(error) => {
            checks.push(Check::fail(
                "Procore connection",
                error.words(),
                way_in(&port_error(error)),
            ));
            return checks;
        }
    };
    checks.push(Check::ok(
        "Procore connection",
        format!("company {} answers", office.client.company()),
    ));
    checks.extend(office.client.clock_difference().map(|by| clock_check("Procore", by)));
    checks.push(timecard_access(office).await);
    checks.push(match settings.timecard_employees_see_all_projects {
        Some(true) => Check::ok(
            "Employees on all projects",
            "every employee may be put on every project's timecards",
        ),
        _ => Check::warn(
            "Employees on all projects",
            "workers can be put only on projects in whose directory they are",
            "Company Admin > Tool Settings > Time Tracking > Shared Settings, or add the workers to each project",
        ),
    });
    checks.push(start_stop(&settings.projects_timecard_in_out_enabled));
    checks.push(
        match office.time_settings().await.ok().and_then(|settings| settings.rounding) {
            None => Check::ok("Rounding", "Procore does not round"),
            Some(rule) => Check::warn(
                "Rounding",
                rule,
                "Turn rounding off, or compare stored hours with those sent",
            ),
        },
    );
    checks.push(people(office).await);
    checks.push(projects(office).await);
    checks.push(cost_codes(office).await);
    checks
}

fn way_in(error: &PortError) -> Fix {
    match error.kind() {
        FailureKind::Unauthorized => Fix::new("Check {}; they belong to one environment", &[Remedy::ProcoreSecret]),
        FailureKind::Forbidden => {
            "Install the app in this company (Company Admin > App Management) and check company_id".into()
        }
        FailureKind::NotFound => "Check procore.company_id".into(),
        FailureKind::Unavailable => "Check procore.api_url and login_url, and the network".into(),
        FailureKind::Limited => "Wait as long as is said above; other programs of this app share its limit".into(),
        _ => "Read Procore's words above".into(),
    }
}

async fn timecard_access(office: &ProcoreOffice) -> Check {
    let name = "Timecard permission";
    match office.client.permissions().await {
        Err(error) => Check::warn(
            name,
            error.words(),
            "Give the app's user Admin on the company Timecard tool",
        ),
        Ok(permissions) => match permissions
            .tool("timecard")
            .and_then(|tool| tool.user_access_level.name.clone())
        {
            Some(Access::Admin) => Check::ok(name, "Admin on the company Timecard tool"),
            Some(level) => Check::fail(
                name,
                format!("only {level} on the company Timecard tool"),
                "Give the app's user Admin on it: Company Admin > Permissions",
            ),
            None => Check::fail(
                name,
                "the company Timecard tool is not there for the app's user",
                "Ask Procore to enable the tool, and give the app's user Admin on it",
            ),
        },
    }
}

fn start_stop(projects: &[ids::ProjectId]) -> Check {
    let name = "Time entry by project";
    if projects.is_empty() {
        return Check::ok(name, "every project takes total hours");
    }
    let list: Vec<String> = projects.iter().map(ToString::to_string).collect();
    Check::ok(name, format!("these projects take start and stop: {}", list.join(", ")))
}

async fn people(office: &ProcoreOffice) -> Check {
    let name = "Workers";
    let fix = "Company Directory > person > tick \"Is employee of\" and fill in the employee ID";
    match office.workers().await {
        Err(error) => Check::fail(
            name,
            error.words(),
            "Give the app's user Read Only on the company Directory",
        ),
        Ok(list) => {
            let workers: Vec<_> = list
                .rows
                .iter()
                .filter(|worker| worker.active && worker.is_employee)
                .collect();
            let numbered = workers.iter().filter(|worker| worker.number.is_some()).count();
            let saw = format!("{} active employees, {numbered} with a number", workers.len());
            match (workers.len(), numbered) {
                (0, _) => Check::fail(name, saw, fix),
                (all, numbered) if numbered < all => Check::warn(name, saw, fix),
                _ => Check::ok(name, saw),
            }
        }
    }
}

async fn projects(office: &ProcoreOffice) -> Check {
    let name = "Projects";
    match office.projects().await {
        Err(error) => Check::fail(name, error.words(), "Permit the projects to the app in App Management"),
        Ok(list) => {
            let active = list.rows.iter().filter(|project| project.active).count();
            let saw = format!("{active} active of {}", list.rows.len());
            match active {
                0 => Check::fail(name, saw, "Permit the projects to the app in App Management"),
                _ => Check::ok(name, saw),
            }
        }
    }
}

async fn cost_codes(office: &ProcoreOffice) -> Check {
    let name = "Company cost codes";
    match office.company_cost_codes().await {
        Err(error) => Check::fail(name, error.words(), "Give the app's user Read Only on Company Admin"),
        Ok(list) => match list.rows.iter().filter(|code| code.leaf).count() {
            0 => Check::fail(name, "none", "Company Admin > Work Breakdown Structure > Cost codes"),
            leaves => Check::ok(name, format!("{leaves} codes that take time")),
        },
    }
}
