//! Lists that were not read completely: told by their names, and no proof of anything (hazards A3, A6, A17, B4, C4).

use http::Method;
use linx_core::LinxError;
use linx_core::change::RecordAction;
use linx_core::hold::Reason;
use linx_core::model::{Kind, OfficeRef, ProjectId};
use linx_core::plan::SyncPlan;
use linx_core::sync::SyncOptions;
use linx_http::sandbox::{Fault, Order};

use crate::actions::{changes, counted, reasons};
use crate::harness::Harness;

/// What each list at `path` answers from now on: no rows, of which there is one.
fn lacks_a_row(harness: &Harness, path: &str) {
    let answer = http::Response::builder().header("total", 1).body("[]".into()).unwrap();
    harness.procore_faults.order(Order {
        method: Some(Method::GET),
        path: path.into(),
        after: 0,
        times: 1000,
        fault: Fault::Instead(answer),
    });
}

/// ExakTime's people as its list has them.
fn people_of(harness: &Harness) -> Vec<serde_json::Value> {
    harness.exaktime.with_state(|state| {
        let row = |(id, person): (&String, &serde_json::Map<String, serde_json::Value>)| {
            let mut row = person.clone();
            row.extend(state.employments.get(id)?.clone());
            Some(row.into())
        };
        state.persons.iter().filter_map(row).collect()
    })
}

/// The pages that ExakTime's list of employees has, at each of the three readings of a list.
fn pages_of_people(harness: &Harness, pages: &[&[serde_json::Value]]) {
    let end: &[serde_json::Value] = &[];
    for page in pages.iter().chain([&end]).cycle().take(3 * (pages.len() + 1)) {
        harness.exaktime_faults.order(Order {
            method: Some(Method::GET),
            path: "/Persons/Employees".into(),
            after: 0,
            times: 1,
            fault: Fault::Instead(http::Response::new(serde_json::to_vec(page).unwrap().into())),
        });
    }
}

/// ExakTime's list of employees without p-102: a page that is shorter than the first is followed by more rows.
fn lacks_a_person(harness: &Harness) {
    let mut rows = people_of(harness);
    rows.retain(|row| row["personId"] != "p-102");
    let (first, others) = rows.split_at(10);
    let (short, last) = others.split_at(5);
    pages_of_people(harness, &[first, short, last]);
}

async fn synced() -> Harness {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness
}

fn is_held(plan: &SyncPlan, id: &str) -> bool {
    reasons(&plan.held, id).contains(&Reason::IncompleteList)
}

#[tokio::test]
async fn a6_an_incomplete_list_is_held_by_its_name_whatever_it_is_a_list_of() {
    for (path, id) in [
        ("/people", "list:procore:workers"),
        ("/people/inactive", "list:procore:workers"),
        ("/rest/v1.1/projects", "list:procore:projects"),
        ("/rest/v1.0/sub_jobs", "project:316001"),
        ("/work_breakdown_structure/segments", "list:procore:cost-codes"),
    ] {
        let harness = synced().await;
        lacks_a_row(&harness, path);
        let plan = harness.plan_sync().await;
        assert!(is_held(&plan, id), "{path}: {:?}", plan.held);
        assert!(plan.changes.is_empty(), "{path}: {:?}", plan.changes);
    }
}

#[tokio::test]
async fn a6_an_incomplete_directory_of_a_chosen_project_is_held() {
    let mut harness = synced().await;
    harness.sync.workers.projects = vec!["24-001".into()];
    lacks_a_row(&harness, "/projects/316001/people");
    let plan = harness.plan_sync().await;
    assert!(is_held(&plan, "project:316001"), "{:?}", plan.held);
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
}

#[tokio::test]
async fn c16_a_directory_that_is_refused_is_held_and_a_service_that_is_away_ends_the_sync() {
    for (status, ends_it) in [(403, false), (404, false), (503, true)] {
        let mut harness = synced().await;
        harness.sync.workers.projects = vec!["24-001".into()];
        let answer = http::Response::builder().status(status).body("{}".into()).unwrap();
        harness.procore_faults.order(Order {
            method: Some(Method::GET),
            path: "/projects/316001/people".into(),
            after: 0,
            times: 1000,
            fault: Fault::Instead(answer),
        });
        match harness.linx().plan_sync(&SyncOptions::default()).await {
            Ok(plan) => {
                assert!(!ends_it && is_held(&plan, "project:316001"), "{:?}", plan.held);
                assert!(plan.changes.is_empty(), "{:?}", plan.changes);
            }
            Err(error) => assert!(ends_it && matches!(error, LinxError::Office(_)), "{status}: {error}"),
        }
    }
}

#[tokio::test]
async fn c4_nobody_new_is_made_or_linked_while_the_bearer_of_the_same_number_may_be_unseen() {
    let harness = Harness::contractor();
    // Two carry 00121, and one of them left: without the list of leavers the number stands alone.
    harness.procore.with_state(|state| {
        let mut twice = state.people.values_mut();
        let is_one = |person: &&mut procore_client::sandbox::Person| person.employee_id.as_deref() == Some("00121");
        twice.find(is_one).unwrap().is_active = false;
    });
    lacks_a_row(&harness, "/people/inactive");
    let plan = harness.plan_sync().await;
    let people = |plan: &SyncPlan| {
        let changed = plan.changes.iter().filter(|change| change.kind == Kind::Employee);
        changed.count() + plan.adopted.iter().filter(|one| one.kind == Kind::Employee).count()
    };
    assert_eq!(people(&plan), 0, "{:?}", plan.adopted);
    assert!(
        !changes(&plan, Kind::Location, RecordAction::Create).is_empty(),
        "places go on"
    );

    harness.procore_faults.clear();
    let plan = harness.plan_sync().await;
    assert_eq!(counted(&plan.held, Reason::DuplicateIdentifier), 2, "{:?}", plan.held);
    assert!(people(&plan) > 20);
}

#[tokio::test]
async fn a3_a_list_in_which_two_rows_of_one_id_differ_is_an_error() {
    let harness = Harness::contractor();
    let mut rows = people_of(&harness);
    for row in &mut rows {
        if row["personId"] == "p-102" {
            row["personId"] = "p-101".into();
        }
    }
    pages_of_people(&harness, &[&rows]);
    let options = linx_core::sync::SyncOptions::default();
    let error = harness.linx().plan_sync(&options).await.unwrap_err();
    assert!(
        format!("{error:?}").contains("two rows with the id p-101 came"),
        "{error:?}"
    );
    assert!(
        !harness.plan_sync().await.changes.is_empty(),
        "the next reading is whole"
    );
}

#[tokio::test]
async fn c4_a_part_of_exaktimes_people_links_and_makes_nobody() {
    let harness = Harness::contractor();
    lacks_a_person(&harness);
    let plan = harness.plan_sync().await;
    assert!(is_held(&plan, "list:exaktime:employees"), "{:?}", plan.held);
    assert!(
        plan.changes.iter().all(|change| change.kind != Kind::Employee),
        "{:?}",
        plan.changes
    );
    assert!(plan.adopted.iter().all(|one| one.kind != Kind::Employee));
}

#[tokio::test]
async fn b4_a_linked_record_in_a_part_that_did_not_come_is_not_called_gone() {
    let harness = synced().await;
    lacks_a_person(&harness);
    let plan = harness.plan_sync().await;
    assert_eq!(counted(&plan.held, Reason::LinkTargetGone), 0, "{:?}", plan.held);
    let gone = harness.link_to("p-102").await.unwrap().office;
    assert_eq!(reasons(&plan.held, gone), [Reason::IncompleteList]);
}

#[tokio::test]
async fn c6_nobody_is_deactivated_while_the_time_of_the_last_weeks_cannot_be_read() {
    let mut harness = synced().await;
    harness.sync.unsent_days = 35;
    let quit = harness.person_in_procore("00104", |person| person.is_active = false);
    let refusal = http::Response::builder().status(403).body("{}".into()).unwrap();
    harness.exaktime_faults.order(Order {
        method: Some(Method::GET),
        path: "DwTimeRecords".into(),
        after: 0,
        times: 10,
        fault: Fault::Instead(refusal),
    });
    let plan = harness.plan_sync().await;
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
    assert_eq!(reasons(&plan.held, quit), [Reason::IncompleteList]);
}

#[tokio::test]
async fn c16_a_linked_project_that_procore_hides_is_held_until_it_is_ignored() {
    let harness = synced().await;
    harness.procore.with_state(|state| {
        let status = http::StatusCode::FORBIDDEN;
        state
            .hidden_projects
            .insert(procore_client::ids::ProjectId::new(316_001), status);
    });
    let project = OfficeRef::Project(ProjectId(316_001));
    let plan = harness.plan_sync().await;
    assert_eq!(
        reasons(&plan.held, project),
        [Reason::IncompleteList],
        "{:?}",
        plan.held
    );
    harness.linx().ignore(&[project]).await.unwrap();
    let plan = harness.plan_sync().await;
    assert_eq!(reasons(&plan.held, project), [], "{:?}", plan.held);
}
