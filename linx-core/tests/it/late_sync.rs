//! Writes to ExakTime that arrive after their sender has given up (hazard A15), edits while a sync is writing (B16), and a
//! service that goes away meanwhile (A8).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use linx_core::change::RecordAction;
use linx_core::hold::Reason;
use linx_core::model::{Kind, RecordId};
use linx_core::ports::{Observer, Progress};
use linx_core::sync::{RecordResult, SyncReport};
use linx_http::sandbox::{Arrival, Fault, Order};
use serde_json::Value;

use crate::actions::{changes, counted, reasons};
use crate::harness::{Harness, once};

const PERSONS: &str = "/v1/Common/Persons";
const LOCATIONS: &str = "/v1/Common/Locations";
const CODES: &str = "/v1/Time/CostCodes";

fn late(seconds: u64) -> Fault {
    Fault::CutThenApplied(Arrival::AfterTime(Duration::from_secs(seconds)))
}

/// The contractor with everything in step but what the first sync makes.
fn contractor() -> Harness {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness
}

/// Numbers and codes that stand twice in ExakTime, once all that is on its way has arrived.
fn twice(harness: &Harness) -> Vec<String> {
    harness.exaktime_faults.deliver();
    harness.exaktime.with_state(|state| {
        let tables = [
            ("employeeIdentifier", &state.persons),
            ("identifier", &state.locations),
            ("identifier", &state.cost_codes),
        ];
        let mut twice = Vec::new();
        for (property, table) in tables {
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for number in table.values().filter_map(|record| record.get(property)?.as_str()) {
                *seen.entry(number).or_default() += 1;
            }
            let numbers = seen.into_iter().filter(|(_, count)| *count > 1);
            twice.extend(numbers.map(|(number, _)| number.to_owned()));
        }
        twice
    })
}

fn results(report: &SyncReport, result: RecordResult) -> Vec<&str> {
    let of = report.changes.iter().filter(|one| one.result == result);
    of.map(|one| one.change.identifier.as_str()).collect()
}

#[tokio::test]
async fn a15_a_record_whose_making_arrives_late_is_waited_for_and_not_made_again() {
    for path in [PERSONS, LOCATIONS, CODES] {
        let harness = contractor();
        harness.exaktime_faults.order(once(Method::POST, path, 0, late(100)));
        let report = harness.apply_sync().await;
        assert_eq!(twice(&harness), [""; 0], "{path}");
        assert_eq!(
            counted(&report.held, Reason::UnknownOutcome),
            0,
            "{path}: {:?}",
            report.held
        );
        assert!(
            report.changes.iter().all(|one| one.result == RecordResult::Done),
            "{path}"
        );
        assert!(harness.plan_sync().await.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a15_a_record_whose_making_never_arrives_is_made_once_that_is_known() {
    for path in [PERSONS, LOCATIONS, CODES] {
        let harness = contractor();
        harness
            .exaktime_faults
            .order(once(Method::POST, path, 0, Fault::CutBefore));
        let report = harness.apply_sync().await;
        assert!(
            report.changes.iter().all(|one| one.result == RecordResult::Done),
            "{path}: {:?}",
            report.held
        );
        assert_eq!(twice(&harness), [""; 0], "{path}");
        assert!(harness.plan_sync().await.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a15_without_waiting_a_record_is_held_with_the_time_from_which_it_can_be_known() {
    let mut harness = contractor();
    harness.settle.wait = false;
    harness.exaktime_faults.order(once(
        Method::POST,
        LOCATIONS,
        0,
        Fault::CutThenApplied(Arrival::OnDelivery),
    ));
    let report = harness.apply_sync().await;
    let held: Vec<_> = report
        .held
        .iter()
        .filter(|held| held.reason == Reason::UnknownOutcome)
        .collect();
    assert_eq!(held.len(), 1, "{:?}", report.held);
    assert!(held[0].detail.contains("2026-03-17 12:02:0"), "{}", held[0].detail);
    assert_eq!(results(&report, RecordResult::Failed).len(), 1);
    // Run again too early, it is held again, planned or applied.
    let posts = harness.exaktime_traffic.count(Some(&Method::POST), LOCATIONS);
    assert_eq!(counted(&harness.plan_sync().await.held, Reason::UnknownOutcome), 1);
    let again = harness.apply_sync().await;
    assert_eq!(counted(&again.held, Reason::UnknownOutcome), 1, "{:?}", again.held);
    assert_eq!(harness.exaktime_traffic.count(Some(&Method::POST), LOCATIONS), posts);
    assert_eq!(twice(&harness), [""; 0]);
    // It has arrived: nothing is left to make.
    let settled = harness.apply_sync().await;
    assert_eq!(counted(&settled.held, Reason::UnknownOutcome), 0, "{:?}", settled.held);
    assert_eq!(harness.exaktime_traffic.count(Some(&Method::POST), LOCATIONS), posts);
}

#[tokio::test]
async fn a15_a_sync_after_one_that_died_waits_for_what_that_one_sent() {
    for path in [PERSONS, LOCATIONS, CODES] {
        let harness = contractor();
        let stalled = Fault::StallThenApplied(Arrival::AfterTime(Duration::from_secs(90)));
        harness.exaktime_faults.order(once(Method::POST, path, 0, stalled));
        let plan = harness.plan_sync().await;
        let linx = harness.linx();
        tokio::select! {
            report = linx.apply_sync(&plan) => panic!("{report:?}"),
            () = harness.exaktime_faults.stalled() => {}
        }
        let report = harness.apply_sync().await;
        assert_eq!(twice(&harness), [""; 0], "{path}");
        assert_eq!(
            counted(&report.held, Reason::UnknownOutcome),
            0,
            "{path}: {:?}",
            report.held
        );
        assert!(harness.plan_sync().await.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a15_what_stands_on_a_place_that_may_still_arrive_waits_with_it() {
    let harness = contractor();
    harness.apply_sync().await;
    harness.procore.with_state(|state| {
        let mut project = state.projects.values().next().unwrap().clone();
        let id = procore_client::ids::ProjectId::new(316_900);
        project.number = "26-900".into();
        project.name = "Annex".into();
        state.projects.insert(id, project);
        let mut part = state.sub_jobs.values().next().unwrap().clone();
        let part_id = procore_client::ids::SubJobId::new(416_900);
        part.project = id;
        state.sub_jobs.insert(part_id, part);
    });
    harness
        .exaktime_faults
        .order(once(Method::POST, LOCATIONS, 0, late(100)));
    let report = harness.apply_sync().await;
    assert_eq!(results(&report, RecordResult::Done).len(), 2, "{:?}", report.held);
    assert_eq!(twice(&harness), [""; 0]);
}

#[tokio::test]
async fn a15_a_number_that_may_still_arrive_is_given_to_nobody_else() {
    let mut harness = contractor();
    harness.apply_sync().await;
    harness.settle.wait = false;
    let first = harness.hire_in_procore("00101", |person| {
        person.employee_id = Some("00300".into());
        person.last_name = "Ash".into();
    });
    harness.exaktime_faults.order(once(
        Method::POST,
        PERSONS,
        0,
        Fault::CutThenApplied(Arrival::OnDelivery),
    ));
    harness.apply_sync().await;
    harness.dismiss_in_procore("00300");
    let second = harness.hire_in_procore("00101", |person| {
        person.employee_id = Some("00300".into());
        person.last_name = "Birch".into();
    });
    let report = harness.apply_sync().await;
    assert_eq!(
        reasons(&report.held, first),
        [Reason::UnknownOutcome],
        "{:?}",
        report.held
    );
    assert_eq!(
        reasons(&report.held, second),
        [Reason::UnknownOutcome],
        "{:?}",
        report.held
    );
    assert_eq!(twice(&harness), [""; 0]);
}

#[tokio::test]
async fn a15_a_correction_that_arrives_late_is_no_edit_of_a_person() {
    let mut harness = contractor();
    harness.apply_sync().await;
    harness.settle.wait = false;
    let rename = |name: &str| harness.person_in_procore("00102", |person| person.last_name = name.into());
    let person = rename("Okafor-Lee");
    // An update may be repeated, and each try is cut.
    harness.exaktime_faults.order(Order {
        method: Some(Method::PUT),
        path: PERSONS.into(),
        after: 0,
        times: 100,
        fault: Fault::CutThenApplied(Arrival::OnDelivery),
    });
    let report = harness.apply_sync().await;
    assert_eq!(reasons(&report.held, person), [Reason::UnknownOutcome]);
    harness.exaktime_faults.clear();
    // The next correction does not overtake it.
    rename("Okafor-Day");
    let report = harness.apply_sync().await;
    assert_eq!(reasons(&report.held, person), [Reason::UnknownOutcome]);
    assert!(harness.exaktime_faults.deliver() > 0);
    assert_eq!(harness.in_exaktime("p-102", "lastName"), "Okafor-Lee");
    let report = harness.apply_sync().await;
    assert_eq!(reasons(&report.held, person), []);
    assert_eq!(harness.in_exaktime("p-102", "lastName"), "Okafor-Day");
}

#[tokio::test]
async fn a1_what_was_made_by_a_cut_request_is_compared_with_what_was_sent() {
    let mut harness = contractor();
    harness.apply_sync().await;
    harness.settle.wait = false;
    let new = harness.hire_in_procore("00101", |person| {
        person.employee_id = Some("00300".into());
        person.last_name = "Ash".into();
    });
    harness.exaktime_faults.order(once(
        Method::POST,
        PERSONS,
        0,
        Fault::CutThenApplied(Arrival::OnDelivery),
    ));
    harness.apply_sync().await;
    harness.exaktime_faults.deliver();
    // The person is there without an employment: it is completed once the request cannot arrive any more.
    harness.wait_days(1);
    harness.person_in_procore("00300", |person| person.last_name = "Ash-Birch".into());
    let report = harness.apply_sync().await;
    assert_eq!(reasons(&report.held, new), [], "{:?}", report.held);
    assert_eq!(twice(&harness), [""; 0]);
    assert!(harness.plan_sync().await.is_empty());
}

/// Lets somebody edit ExakTime when the first change was written.
struct Meanwhile<F>(F);

impl<F: Fn() + Send + Sync> Observer for Meanwhile<F> {
    fn progress(&self, progress: Progress<'_>) {
        if matches!(progress, Progress::Writing { done: 1, .. }) {
            (self.0)();
        }
    }
}

/// Applies what is planned; a record gets another value when the first change was written.
async fn edited_meanwhile(harness: &Harness, record: &RecordId, property: &'static str) -> SyncReport {
    let plan = harness.plan_sync().await;
    let (exaktime, id) = (Arc::clone(&harness.exaktime), record.to_string());
    let edit = Meanwhile(move || {
        exaktime.with_state(|state| {
            let mut tables = [&mut state.persons, &mut state.cost_codes].into_iter();
            let found = tables.find_map(|table| table.get_mut(&id));
            found.unwrap().insert(property.into(), "By hand".into());
        });
    });
    let linx = harness.builder(harness.field.clone()).observed_by(Arc::new(edit));
    linx.build().unwrap().apply_sync(&plan).await.unwrap()
}

#[tokio::test]
async fn b16_an_edit_in_exaktime_while_the_sync_is_writing_stands() {
    let harness = contractor();
    harness.apply_sync().await;
    harness.procore.with_state(|state| {
        for code in state
            .company_codes
            .values_mut()
            .filter(|code| code.parent.is_some())
            .take(2)
        {
            code.name = format!("{} B", code.name);
        }
    });
    let plan = harness.plan_sync().await;
    assert_eq!(plan.changes.len(), 2, "{:?}", plan.changes);
    let second = plan.changes[1].record.clone().unwrap();
    let report = edited_meanwhile(&harness, &second, "name").await;
    assert_eq!(harness.in_exaktime(second.as_str(), "name"), "By hand");
    assert_eq!(
        reasons(&report.held, plan.changes[1].office),
        [Reason::StalePlan],
        "{:?}",
        report.held
    );
}

#[tokio::test]
async fn b16_a_record_that_was_given_to_another_person_meanwhile_is_not_deactivated() {
    let harness = contractor();
    harness.apply_sync().await;
    for number in ["00103", "00104"] {
        harness.person_in_procore(number, |person| person.is_active = false);
    }
    let plan = harness.plan_sync().await;
    let second = plan.changes[1].record.clone().unwrap();
    let report = edited_meanwhile(&harness, &second, "lastName").await;
    assert_eq!(harness.in_exaktime(second.as_str(), "status"), "Active");
    assert_eq!(
        reasons(&report.held, plan.changes[1].office),
        [Reason::StalePlan],
        "{:?}",
        report.held
    );
}

#[tokio::test]
async fn a8_a_service_that_went_away_is_not_asked_for_each_record_and_nothing_is_called_refused() {
    let harness = contractor();
    let plan = harness.plan_sync().await;
    let creates = changes(&plan, Kind::CostCode, RecordAction::Create).len();
    harness.exaktime_faults.order(Order {
        method: None,
        path: CODES.into(),
        after: 20,
        times: 100_000,
        fault: Fault::Unreachable,
    });
    harness.exaktime_faults.order(Order {
        method: Some(Method::POST),
        path: String::new(),
        after: 20,
        times: 100_000,
        fault: Fault::Unreachable,
    });
    harness.exaktime_traffic.clear();
    let report = harness.linx().apply_sync(&plan).await.unwrap();
    assert_eq!(counted(&report.held, Reason::TargetRefused), 0);
    let not_sent = counted(&report.held, Reason::NotSent);
    assert!(not_sent > creates - 30, "{not_sent} of {creates}");
    harness.exaktime_faults.clear();
    let report = harness.apply_sync().await;
    assert_eq!(counted(&report.held, Reason::NotSent), 0);
    assert_eq!(twice(&harness), [""; 0]);
    assert!(harness.plan_sync().await.is_empty());
}

#[tokio::test]
async fn a8_a_limit_in_the_middle_of_a_sync_is_waited_for_or_ends_it_with_what_is_done() {
    for wait in [true, false] {
        let mut harness = contractor();
        harness.settle.wait = wait;
        let limited = http::Response::builder()
            .status(429)
            .header("retry-after", "3000")
            .body(r#"{"message": "Too many requests."}"#.into())
            .unwrap();
        harness.exaktime_faults.order(Order {
            method: Some(Method::POST),
            path: CODES.into(),
            after: 20,
            times: if wait { 1 } else { 1000 },
            fault: Fault::Instead(limited),
        });
        let report = harness.apply_sync().await;
        assert_eq!(counted(&report.held, Reason::TargetRefused), 0, "{:?}", report.held);
        let not_sent = counted(&report.held, Reason::NotSent);
        assert_eq!(not_sent == 0, wait, "{not_sent}");
        harness.exaktime_faults.clear();
        harness.wait_days(1);
        harness.apply_sync().await;
        assert_eq!(twice(&harness), [""; 0]);
        assert!(harness.plan_sync().await.is_empty());
    }
}

#[tokio::test]
async fn a15_what_waits_is_told_as_numbers_of_records() {
    let mut harness = contractor();
    harness.settle.wait = false;
    harness
        .exaktime_faults
        .order(once(Method::POST, CODES, 0, Fault::CutBefore));
    let report = harness.apply_sync().await;
    assert_eq!(report.summary.cost_codes.failed, 1);
    assert_eq!(report.failed(), 1);
    let value: Value = serde_json::to_value(&report).unwrap();
    assert!(
        value["held"]
            .as_array()
            .unwrap()
            .iter()
            .any(|held| held["code"] == "unknown_outcome")
    );
}

/// A new hire's record got no answer; her number is taken from her and given to the next one.
#[tokio::test]
async fn a15_c4_nobody_gets_a_number_under_which_a_record_may_still_arrive() {
    let mut harness = contractor();
    harness.settle.wait = false;
    harness
        .exaktime_faults
        .order(once(Method::POST, PERSONS, 0, late(3600)));
    let report = harness.apply_sync().await;
    let unknown = report
        .held
        .iter()
        .find(|held| held.reason == Reason::UnknownOutcome)
        .unwrap();
    let change = report
        .changes
        .iter()
        .find(|one| Some(one.change.office) == unknown.subject.entity());
    let number = change.unwrap().change.identifier.clone();
    harness.procore.with_state(|state| {
        let mut people = state.people.values_mut();
        let hers = people.find(|person| person.employee_id.as_deref() == Some(number.as_str()));
        hers.unwrap().employee_id = Some("00998".into());
    });
    let next = harness.hire_in_procore("00101", |person| {
        person.last_name = "Next".into();
        person.employee_id = Some(number.clone());
    });
    let plan = harness.plan_sync().await;
    assert!(
        plan.changes.iter().all(|change| change.office != next),
        "{:?}",
        plan.changes
    );
    let held: Vec<_> = plan
        .held
        .iter()
        .filter(|held| held.subject.entity() == Some(next))
        .collect();
    assert_eq!(held.len(), 1, "{:?}", plan.held);
    assert_eq!(held[0].reason, Reason::UnknownOutcome);
}
