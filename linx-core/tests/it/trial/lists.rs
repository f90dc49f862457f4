//! Lists that are not whole (hazards A3, A6, A17, B5, C4).

use http::Method;
use linx_core::LinxError;
use linx_core::hold::Reason;
use linx_http::sandbox::{Fault, Order};
use procore_client::sandbox::ListFault;

use super::{codes, exported, synced};
use crate::harness::Harness;
use crate::small_company::{all_hours, judge};

fn hire(harness: &Harness, number: &str) {
    harness.hire_in_procore("00201", |person| {
        person.employee_id = Some(number.into());
        person.first_name = "Ines".into();
        person.last_name = "Quist".into();
    });
}

fn incomplete_in_procore(harness: &Harness, path: &str) {
    harness
        .procore
        .with_state(|state| state.list_faults.push((path.to_owned(), ListFault::WrongTotal(999))));
}

#[tokio::test]
async fn a6_an_incomplete_list_of_people_is_held_and_nobody_is_made_on_its_account() {
    let harness = synced().await;
    hire(&harness, "00301");
    incomplete_in_procore(&harness, "/people");
    let report = harness.apply_sync().await;
    assert!(codes(&report.held).contains("incomplete_list"), "{:?}", report.held);
    assert_eq!(report.written(), 0, "{:?}", report.changes);
}

#[tokio::test]
async fn a6_every_incomplete_list_of_a_sync_is_told_although_nothing_linked_is_missing() {
    for path in ["/people", "/projects", "/sub_jobs"] {
        let harness = synced().await;
        incomplete_in_procore(&harness, path);
        let report = harness.apply_sync().await;
        assert!(
            codes(&report.held).contains("incomplete_list"),
            "{path}: {:?}",
            report.held
        );
    }
}

#[tokio::test]
async fn c4_a_number_whose_second_bearer_was_never_listed_makes_no_employee() {
    let harness = synced().await;
    hire(&harness, "00301");
    hire(&harness, "00301");
    let whole = harness.plan_sync().await;
    assert!(codes(&whole.held).contains("duplicate_identifier") && whole.is_empty());
    // The second one stands on a page that never comes.
    harness.procore.with_state(|state| state.people.pop_last());
    incomplete_in_procore(&harness, "/people");
    let report = harness.apply_sync().await;
    assert_eq!(report.written(), 0, "{:?}", report.changes);
}

#[tokio::test]
async fn a3_an_incomplete_list_of_time_is_held_and_lowers_nothing() {
    let harness = exported().await;
    harness.exaktime.with_state(|state| {
        state.max_odata_rows = 10;
        state.faults.row_goes_before_page = Some(2);
        state.faults.times = 1000;
    });
    let result = harness.judged_export().await;
    assert_eq!(all_hours(&harness), 108_00);
    if let Ok(report) = result {
        assert!(
            codes(&report.held).contains("incomplete_list"),
            "{:?} {:?}",
            report.held,
            report.notes
        );
    }
}

#[tokio::test]
async fn a6_nothing_new_is_written_on_an_incomplete_list_of_time() {
    let harness = synced().await;
    harness.exaktime.with_state(|state| {
        state.max_odata_rows = 10;
        state.faults.row_goes_before_page = Some(2);
        state.faults.times = 1000;
    });
    let result = harness.judged_export().await;
    assert_eq!(all_hours(&harness), 0, "{result:?}");
    if let Ok(report) = result {
        assert!(codes(&report.held).contains("incomplete_list"), "{:?}", report.held);
    }
}

#[tokio::test]
async fn a3_two_records_of_one_id_that_differ_are_an_error() {
    let harness = synced().await;
    harness
        .exaktime
        .with_state(|state| state.time_records[1].id = state.time_records[0].id.clone());
    let result = harness.try_export().await;
    judge(&harness, &result);
    assert!(result.is_err(), "{result:?}");
    assert_eq!(all_hours(&harness), 0);
}

#[tokio::test]
async fn a3_an_incomplete_list_of_entries_writes_nothing_new() {
    let harness = synced().await;
    incomplete_in_procore(&harness, "/timecard_entries");
    let result = harness.judged_export().await;
    assert_eq!(all_hours(&harness), 0, "{result:?}");
}

#[tokio::test]
async fn a17_a_list_that_lost_its_headers_removes_nobody() {
    let mut harness = exported().await;
    harness.sync.unsent_days = 0;
    harness.procore.with_state(|state| state.max_per_page = Some(1));
    harness.procore_faults.order(Order {
        method: Some(Method::GET),
        path: "/people".into(),
        after: 0,
        times: 1000,
        fault: Fault::Stripped(["link", "total"].map(|name| name.parse().unwrap()).to_vec()),
    });
    let plan = harness.linx().plan_sync(&linx_core::sync::SyncOptions::default()).await;
    match plan {
        Ok(plan) => {
            assert!(plan.is_empty(), "{:?}", plan.changes);
            assert!(
                plan.held.iter().any(|held| held.reason == Reason::IncompleteList),
                "{:?}",
                plan.held
            );
        }
        Err(error) => assert!(matches!(error, LinxError::Office(_)), "{error:?}"),
    }
}

#[tokio::test]
async fn a17_entries_whose_list_lost_its_headers_are_not_made_again() {
    let harness = exported().await;
    harness.procore.with_state(|state| state.max_per_page = Some(5));
    harness.procore_faults.order(Order {
        method: Some(Method::GET),
        path: "/timecard_entries".into(),
        after: 0,
        times: 1000,
        fault: Fault::Stripped(["link", "total"].map(|name| name.parse().unwrap()).to_vec()),
    });
    let result = harness.try_export().await;
    assert_eq!(all_hours(&harness), 108_00);
    if let Ok(report) = result {
        assert!(!report.held.is_empty());
    }
}

#[tokio::test]
async fn b5_more_than_half_of_few_records_needs_consent() {
    let mut harness = exported().await;
    harness.sync.unsent_days = 0;
    for number in ["00202", "00203", "00204"] {
        harness.dismiss_in_procore(number);
    }
    let report = harness.apply_sync().await;
    assert_eq!(report.written(), 0, "3 of 4: {:?}", report.changes);
    assert!(!report.refused.is_empty());
}
