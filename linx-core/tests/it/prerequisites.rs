//! The check of prerequisites: how each stands, and what a person can do about it.

use http::{Method, StatusCode};
use linx_core::ports::{Check, CheckStatus, Office};
use linx_http::sandbox::{Fault, Order};
use procore_client::sandbox::State;

use crate::harness::Harness;

/// A part of Procore's tables is changed.
type Change = fn(&mut State);

/// What is checked, after what change of Procore, how it stands then, and what is seen.
type Case = (&'static str, Change, CheckStatus, &'static str);

fn find<'c>(checks: &'c [Check], name: &str) -> &'c Check {
    checks.iter().find(|check| check.name == name).unwrap()
}

#[tokio::test]
async fn each_prerequisite_in_procore_tells_how_it_stands_and_what_to_do() {
    let cases: [Case; 8] = [
        (
            "Employees on all projects",
            |_| {},
            CheckStatus::Ok,
            "every employee may",
        ),
        (
            "Employees on all projects",
            |state| state.configuration.employees_see_all_projects = false,
            CheckStatus::Warn,
            "only on projects in whose directory",
        ),
        (
            "Workers",
            |_| {},
            CheckStatus::Ok,
            "4 active employees, 4 with a number",
        ),
        (
            "Workers",
            |state| state.people.values_mut().next().unwrap().employee_id = None,
            CheckStatus::Warn,
            "4 active employees, 3 with a number",
        ),
        (
            "Workers",
            |state| state.people.values_mut().for_each(|person| person.is_active = false),
            CheckStatus::Fail,
            "0 active employees",
        ),
        ("Projects", |_| {}, CheckStatus::Ok, "2 active of 2"),
        (
            "Projects",
            |state| state.projects.values_mut().next().unwrap().active = false,
            CheckStatus::Ok,
            "1 active of ",
        ),
        (
            "Projects",
            |state| state.projects.values_mut().for_each(|project| project.active = false),
            CheckStatus::Fail,
            "0 active of ",
        ),
    ];
    for (name, change, status, saw) in cases {
        let harness = Harness::small_company();
        harness.procore.with_state(change);
        let checks = harness.office().check().await;
        let check = find(&checks, name);
        assert_eq!(check.status, status, "{check:?}");
        assert!(check.saw.contains(saw), "{check:?}");
        assert_eq!(check.fix.is_empty(), status == CheckStatus::Ok, "{check:?}");
    }
}

#[tokio::test]
async fn what_procore_answers_tells_what_to_look_at_first() {
    for (status, fix) in [
        (StatusCode::FORBIDDEN, "Install the app in this company"),
        (StatusCode::NOT_FOUND, "Check procore.company_id"),
        (StatusCode::SERVICE_UNAVAILABLE, "and the network"),
        (StatusCode::BAD_REQUEST, "Read Procore's words"),
        (StatusCode::UNAUTHORIZED, "they belong to one environment"),
    ] {
        let harness = Harness::small_company();
        let answer = http::Response::builder().status(status).body("{}".into()).unwrap();
        harness.procore_faults.order(Order {
            method: Some(Method::GET),
            path: "/company_configuration".into(),
            after: 0,
            times: 100,
            fault: Fault::Instead(answer),
        });
        let checks = harness.office().check().await;
        let [check] = checks.as_slice() else {
            panic!("without an answer nothing else is asked: {checks:#?}");
        };
        assert_eq!(check.status, CheckStatus::Fail, "{status}");
        assert!(check.fix.to_string().contains(fix), "{status}: {check:?}");
    }
    let harness = Harness::small_company();
    let used = u32::try_from(harness.procore_traffic.count(None, "")).unwrap();
    harness.procore.with_state(|state| state.hourly_limit = used);
    let checks = harness.office().check().await;
    let check = find(&checks, "Procore connection");
    assert!(check.fix.to_string().contains("share its limit"), "{check:?}");
}
