//! What an export reads and did not read completely: told by its name, and no ground to write on (hazards A3, A6, A13, C4).

use http::Method;
use linx_core::hold::{Held, Reason};
use linx_core::model::Hours;
use linx_core::plan::ExportPlan;
use linx_core::settings::OtherHands;
use linx_http::sandbox::{Fault, Order};
use procore_client::ids::TimecardEntryId;
use procore_client::sandbox::ListFault;

use crate::harness::{Harness, once, two_weeks};

async fn synced() -> Harness {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness
}

fn told(held: &[Held], id: &str) -> usize {
    let of_list = |held: &&Held| held.reason == Reason::IncompleteList && held.subject.id() == id;
    held.iter().filter(of_list).count()
}

/// A list of no rows, of which there is one.
fn none_of_one(path: &str, times: u32) -> Order {
    let answer = match path.strip_prefix("Dw") {
        Some(_) => http::Response::new(r#"{"value":[],"@odata.count":1}"#.into()),
        None => http::Response::builder().header("total", 1).body("[]".into()).unwrap(),
    };
    Order {
        method: Some(Method::GET),
        path: path.into(),
        after: 0,
        times,
        fault: Fault::Instead(answer),
    }
}

#[tokio::test]
async fn a6_each_list_that_an_export_reads_is_held_by_its_name_when_it_is_incomplete() {
    for (path, id) in [
        ("/people", "list:procore:workers"),
        ("/rest/v1.1/projects", "list:procore:projects"),
        ("/rest/v1.0/sub_jobs", "list:procore:sub-jobs"),
        ("/work_breakdown_structure/segments", "list:procore:cost-codes"),
        ("/rest/v1.0/cost_codes", "list:procore:project-codes"),
        ("/wbs_codes", "list:procore:task-codes"),
        ("/work_classifications", "list:procore:classifications"),
        ("/timecard_time_types", "list:procore:time-types"),
        ("/projects/316001/people", "list:procore:project-people"),
        ("/timecard_entries", "list:procore:entries"),
        ("DwTimeRecords", "list:exaktime:time-records"),
        ("DwWorkDateTimeApprovals", "list:exaktime:approvals"),
    ] {
        let mut harness = synced().await;
        harness.export.classified_projects = vec!["24-001".into()];
        harness.export.approved_only = path.contains("Approvals");
        harness.procore.with_state(|state| {
            state.configuration.task_codes = path == "/wbs_codes";
            state.configuration.employees_see_all_projects = !path.starts_with("/projects/");
        });
        let host = if path.starts_with("Dw") {
            &harness.exaktime_faults
        } else {
            &harness.procore_faults
        };
        host.order(none_of_one(path, 1000));
        let plan = harness.plan_export().await;
        assert!(told(&plan.held, id) > 0, "{path}: {:?}", plan.held);
    }
}

/// Nothing is to be written, and every hour that was read is held or left out.
fn assert_all_held(plan: &ExportPlan, id: &str) {
    assert_eq!(told(&plan.held, id), 1, "{:?}", plan.held);
    assert_eq!(plan.changes, [], "{id}");
    let total = plan.account.total();
    assert!(total.read > Hours::ZERO && total.adds_up());
    assert_eq!(total.stored, Hours::ZERO);
}

#[tokio::test]
async fn a6_nothing_is_written_while_somebody_may_be_unseen_in_procore() {
    let harness = synced().await;
    harness
        .procore
        .with_state(|state| state.list_faults.push(("/people".into(), ListFault::WrongTotal(999))));
    assert_all_held(&harness.plan_export().await, "list:procore:workers");
    let report = harness.apply_export().await;
    assert!(report.summary.held > 0 && harness.procore.entries().is_empty());
}

#[tokio::test]
async fn a3_nothing_is_written_where_two_of_exaktimes_people_have_one_id() {
    let harness = synced().await;
    let rows: Vec<serde_json::Value> = harness.exaktime.with_state(|state| {
        let row = |(id, person): (&String, &serde_json::Map<String, serde_json::Value>)| {
            let mut row = person.clone();
            row.extend(state.employments.get(id)?.clone());
            Some(serde_json::Value::from(row))
        };
        let mut rows: Vec<_> = state.persons.iter().filter_map(row).collect();
        let mut other = rows[0].clone();
        other["lastName"] = "Berg".into();
        rows.push(other);
        rows
    });
    // The page after it is the service's own, and empty.
    for after in 0..3 {
        let answer = http::Response::new(serde_json::to_vec(&rows).unwrap().into());
        harness.exaktime_faults.order(Order {
            method: Some(Method::GET),
            path: "/Persons/Employees".into(),
            after,
            times: 1,
            fault: Fault::Instead(answer),
        });
    }
    let error = harness.linx().plan_export(&two_weeks()).await.unwrap_err();
    assert!(format!("{error:?}").contains("two rows with the id"), "{error:?}");
    assert!(harness.procore.entries().is_empty());
}

#[tokio::test]
async fn a3_time_is_held_against_the_count_of_the_warehouse_and_nothing_is_written_on_a_part_of_it() {
    let harness = synced().await;
    harness.exaktime.with_state(|state| {
        state.max_odata_rows = 100;
        // A record goes while the pages are read, each time: one moves up, and is never seen.
        state.faults.row_goes_before_page = Some(2);
        state.faults.times = 3;
    });
    assert_all_held(&harness.plan_export().await, "list:exaktime:time-records");
    // The next reading is whole.
    assert!(!harness.plan_export().await.changes.is_empty());
}

#[tokio::test]
async fn a13_an_entry_without_worker_project_or_date_is_no_proof_of_absence() {
    let harness = synced().await;
    harness.apply_export().await;
    let entry = harness.procore.entries()[0].clone();
    let id = entry.id.get() + 1000;
    harness.procore.with_state(|state| {
        let mut nobodys = entry;
        nobodys.id = TimecardEntryId::new(id);
        nobodys.party = None;
        nobodys.origin_data = None;
        state.entries.insert(nobodys.id, nobodys);
    });
    let plan = harness.plan_export().await;
    let unread = |held: &&Held| held.reason == Reason::UnreadableRow && held.subject.id() == id.to_string();
    assert_eq!(plan.held.iter().filter(unread).count(), 1, "{:?}", plan.held);
    assert_eq!(plan.changes, []);
}

#[tokio::test]
async fn a13_the_entry_of_a_worker_who_was_deleted_is_known_by_what_was_sent() {
    let harness = synced().await;
    harness.apply_export().await;
    let entries = harness.procore.entries().len();
    harness.dismiss_in_procore("00102");
    let plan = harness.plan_export().await;
    assert!(
        plan.held.iter().all(|held| held.reason != Reason::UnreadableRow),
        "{:?}",
        plan.held
    );
    assert_eq!((plan.changes.len(), harness.procore.entries().len()), (0, entries));
}

/// What may have become of the entry of a create that got no answer, in a service that keeps no marks.
type Change = fn(&mut procore_client::sandbox::Entry);

#[tokio::test]
async fn a1_a_create_that_was_stored_without_its_mark_and_rounded_or_moved_is_not_sent_again() {
    let rounded: Change = |entry| entry.hours = Some("7.75".into());
    let moved: Change = |entry| entry.date = entry.date.succ_opt().unwrap();
    for became in [rounded, moved] {
        for other_hands in [OtherHands::Hold, OtherHands::Beside] {
            let mut harness = synced().await;
            harness.export.other_hands = other_hands;
            let stall = once(Method::POST, "/timecard_entries", 0, Fault::Stall);
            harness.procore_faults.order(stall);
            let plan = harness.plan_export().await;
            let linx = harness.linx();
            tokio::select! {
                _ = linx.apply_export(&plan) => panic!("the run was to be killed"),
                () = harness.procore_faults.stalled() => {}
            }
            drop(linx);
            let sent = harness.procore.with_state(|state| {
                let mark = format!("linx1 {} ", plan.changes[0].key);
                let is_its = |origin: &String| origin.starts_with(&mark);
                let mut entries = state.entries.values_mut();
                let entry = entries
                    .find(|entry| entry.origin_data.as_ref().is_some_and(is_its))
                    .unwrap();
                became(entry);
                let sent = entry.id;
                for entry in state.entries.values_mut() {
                    entry.origin_data = None;
                }
                sent
            });
            harness.wait_days(1);
            let report = harness.apply_export().await;
            let change = report
                .changes
                .iter()
                .find(|line| line.change.key == plan.changes[0].key);
            assert_eq!(change, None, "{other_hands:?}");
            let names = format!("entry {sent}");
            let told = report.held.iter().any(|held| held.detail.contains(&names));
            assert!(told, "{other_hands:?}: {:?}", report.held);
        }
    }
}
