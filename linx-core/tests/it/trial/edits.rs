//! What people change while a run writes (hazard B16).

use super::synced;
use crate::small_company::judge_by;
use crate::small_company::worked;
use linx_http::sandbox::Order;
use procore_client::sandbox::Entry;
use std::sync::Arc;

use http::Method;
use linx_core::change::LineAction;
use linx_http::sandbox::{Deed, Fault};
use procore_client::TimecardEntryId;

use super::{ENTRIES, because, exported, in_time};
use crate::harness::{Harness, once};
use crate::small_company::all_hours;

/// While the first of several updates is answered, the office sets the entry of the last one to 6 hours.
async fn edited_meanwhile(harness: &Harness) -> TimecardEntryId {
    for (person, date) in [
        ("p-201", "2026-03-02"),
        ("p-202", "2026-03-02"),
        ("p-203", "2026-03-02"),
    ] {
        in_time(harness, person, date, 0, |record| record.regular_hours = "3.00".into());
    }
    let plan = harness.plan_export().await;
    let last = plan.changes.last().unwrap();
    assert_eq!(last.action, LineAction::Update);
    let id = TimecardEntryId::new(last.entry.unwrap().0);
    let procore = Arc::clone(&harness.procore);
    let edit = Deed::new(move || {
        procore.with_state(|state| state.entries.get_mut(&id).unwrap().hours = Some("6.0".into()));
    });
    harness
        .procore_faults
        .order(once(Method::PATCH, ENTRIES, 0, Fault::Then(edit)));
    id
}

fn hours_of_entry(harness: &Harness, id: TimecardEntryId) -> Option<String> {
    harness.procore.with_state(|state| state.entries[&id].hours.clone())
}

#[tokio::test]
async fn b16_an_entry_that_the_office_edits_while_a_run_writes_is_not_overwritten() {
    let harness = exported().await;
    let id = edited_meanwhile(&harness).await;
    let report = harness.try_export().await.unwrap();
    assert_eq!(hours_of_entry(&harness, id).as_deref(), Some("6.0"));
    assert_eq!(because(&report.held, "stale_plan").len(), 1, "{:?}", report.held);
    assert_eq!(report.written(), 2, "the others go on");
}

#[tokio::test]
async fn b16_an_entry_that_the_office_approves_while_a_run_writes_is_left_alone() {
    let harness = exported().await;
    for (person, date) in [("p-201", "2026-03-02"), ("p-203", "2026-03-02")] {
        in_time(&harness, person, date, 0, |record| record.regular_hours = "3.00".into());
    }
    let plan = harness.plan_export().await;
    let id = TimecardEntryId::new(plan.changes.last().unwrap().entry.unwrap().0);
    let procore = Arc::clone(&harness.procore);
    let approve = Deed::new(move || {
        procore.with_state(|state| {
            let entry = state.entries.get_mut(&id).unwrap();
            entry.hours = Some("5.0".into());
            entry.status = procore_client::timecards::ApprovalStatus::Approved;
        });
    });
    harness
        .procore_faults
        .order(once(Method::PATCH, ENTRIES, 0, Fault::Then(approve)));
    let report = harness.try_export().await.unwrap();
    assert_eq!(hours_of_entry(&harness, id).as_deref(), Some("5.0"));
    assert!(!report.held.is_empty());
}

#[tokio::test]
async fn b16_an_entry_that_is_to_go_and_was_edited_meanwhile_stays() {
    let mut harness = exported().await;
    harness.export.removals = linx_core::settings::Removals::AtOnce;
    let days = [("p-201", "2026-03-04"), ("p-204", "2026-03-06")];
    harness.exaktime.with_state(|state| {
        state
            .time_records
            .retain(|record| !days.contains(&(record.person.as_str(), record.work_date.to_string().as_str())));
    });
    let plan = harness.plan_export().await;
    assert_eq!(plan.count(LineAction::Delete), 4, "{:?}", plan.held);
    let id = TimecardEntryId::new(plan.changes[3].entry.unwrap().0);
    let procore = Arc::clone(&harness.procore);
    let edit = Deed::new(move || {
        procore.with_state(|state| state.entries.get_mut(&id).unwrap().hours = Some("6.5".into()));
    });
    harness
        .procore_faults
        .order(once(Method::DELETE, ENTRIES, 0, Fault::Then(edit)));
    let report = harness.try_export().await.unwrap();
    let entry = harness.procore.entries().into_iter().find(|entry| entry.id == id);
    assert_eq!(entry.and_then(|entry| entry.hours).as_deref(), Some("6.5"));
    assert!(!report.held.is_empty());
}

#[tokio::test]
async fn b16_an_entry_that_was_edited_between_the_plan_and_the_writing_stays() {
    let harness = exported().await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let plan = harness.plan_export().await;
    let id = TimecardEntryId::new(plan.changes[0].entry.unwrap().0);
    // The edit follows the list by which the plan is confirmed.
    let procore = Arc::clone(&harness.procore);
    let edit = Deed::new(move || {
        procore.with_state(|state| state.entries.get_mut(&id).unwrap().hours = Some("5.5".into()));
    });
    harness
        .procore_faults
        .order(once(Method::GET, ENTRIES, 0, Fault::Then(edit)));
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(report.written(), 0, "{:?}", report.held);
    assert_eq!(hours_of_entry(&harness, id).as_deref(), Some("5.5"));
    assert!(!report.held.is_empty());
    assert_eq!(all_hours(&harness), 109_50);
}

#[tokio::test]
async fn b16_a_record_that_is_edited_in_exaktime_while_a_sync_writes_is_not_overwritten() {
    let harness = exported().await;
    for number in ["00201", "00203"] {
        harness.person_in_procore(number, |person| person.job_title = Some("Rigger".into()));
    }
    let exaktime = Arc::clone(&harness.exaktime);
    let edit = Deed::new(move || {
        exaktime.with_state(|state| {
            state
                .employments
                .get_mut("p-203")
                .unwrap()
                .insert("jobTitle".into(), "Lead".into());
        });
    });
    harness
        .exaktime_faults
        .order(once(Method::PUT, "/v1/", 0, Fault::Then(edit)));
    let report = harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-203", "jobTitle"), "Lead");
    assert_eq!(because(&report.held, "stale_plan").len(), 1, "{:?}", report.held);
}

/// In the wait for a limit a foreman types what has not been written yet.
#[tokio::test]
async fn a8_d26_what_a_foreman_enters_while_a_limit_is_waited_for_is_not_written_beside_it() {
    let harness = synced().await;
    let twin = exported().await;
    let last = twin.procore.entries().pop().unwrap();
    let procore = Arc::clone(&harness.procore);
    let typed = Deed::new(move || {
        procore.with_state(|state| {
            let id = procore_client::TimecardEntryId::new(crate::small_company::OTHER_HANDS);
            let entry = Entry {
                id,
                origin_id: None,
                origin_data: None,
                ..last.clone()
            };
            state.entries.insert(id, entry);
        });
    });
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 4, Fault::Then(typed)));
    let limited = http::Response::builder()
        .status(429)
        .header("Retry-After", "3000")
        .body(bytes::Bytes::new())
        .unwrap();
    harness.procore_faults.order(Order {
        method: Some(Method::POST),
        path: ENTRIES.into(),
        after: 5,
        times: 1,
        fault: Fault::Instead(limited),
    });
    let result = harness.try_export().await;

    judge_by(&worked(), &harness, &result);
    assert!(all_hours(&harness) <= 108_00);
}

/// How often Procore is asked for entries while lines of these people's days are corrected, both halves of each.
async fn readings(days: &[(&str, &str)]) -> usize {
    let harness = exported().await;
    for (person, date) in days {
        for half in 0..2 {
            in_time(&harness, person, date, half, |record| {
                record.regular_hours = "3.00".into();
            });
        }
    }
    let plan = harness.plan_export().await;
    let asked = || harness.procore_traffic.count(Some(&Method::GET), ENTRIES);
    let before = asked();
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(
        (report.written(), report.held.len()),
        (days.len() * 2, 0),
        "{:?}",
        report.held
    );
    asked() - before
}

/// A last look is one request for a worker's day, however many of its lines change; and none for days on which nothing does.
#[tokio::test]
async fn b16_a_last_look_is_one_request_for_each_workers_day() {
    let three = [
        ("p-201", "2026-03-02"),
        ("p-202", "2026-03-02"),
        ("p-202", "2026-03-03"),
    ];
    // The days are read for the plan that confirms the given one, with what was deleted of them, and once more when all is
    // written.
    for days in 1..=three.len() {
        assert_eq!(readings(&three[..days]).await, 3 + days);
    }
}
