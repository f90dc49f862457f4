//! Requests that arrive after their sender has given up (hazard A15), and edits while a run is writing (hazard B16).

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use http::Method;
use linx_core::hold::Reason;
use linx_core::ports::{Awaited, Observer, Progress};
use linx_http::sandbox::{Arrival, Fault};
use procore_client::sandbox::OriginIds;

use crate::harness::once;
use crate::small_company::{judge, synced};

const ENTRIES: &str = "/timecard_entries";

#[tokio::test]
async fn a15_a_create_that_arrives_late_is_waited_for_and_not_sent_again() {
    let harness = synced().await;
    let late = Fault::CutThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 5, late));
    let report = harness.apply_export().await;
    assert_eq!((report.summary.create, report.held.len()), (28, 0), "{:?}", report.held);
    assert_eq!(harness.procore_traffic.count(Some(&Method::POST), ENTRIES), 28);
    judge(&harness, &Ok(report));
}

#[tokio::test]
async fn a15_a_create_that_never_arrives_is_sent_again_once_that_is_known() {
    let harness = synced().await;
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 5, Fault::CutBefore));
    let report = harness.apply_export().await;
    assert_eq!((report.summary.create, report.held.len()), (28, 0), "{:?}", report.held);
    assert_eq!(harness.procore_traffic.count(Some(&Method::POST), ENTRIES), 29);
    judge(&harness, &Ok(report));
}

/// Takes note of waits for what got no answer: until when, and for how many changes.
#[derive(Default)]
struct Waits(Mutex<Vec<(DateTime<Utc>, usize)>>);

impl Observer for Waits {
    fn progress(&self, progress: Progress<'_>) {
        if let Progress::Waiting {
            awaited: Awaited::Outcome,
            until,
            changes,
        } = progress
        {
            self.0.lock().unwrap().push((until, changes));
        }
    }
}

#[tokio::test]
async fn a15_a_run_tells_that_it_waits_for_how_many_and_until_when() {
    let harness = synced().await;
    for create in [3, 20] {
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, create, Fault::CutBefore));
    }
    let plan = harness.plan_export().await;
    let waits = Arc::new(Waits::default());
    let linx = harness.builder(harness.field.clone()).observed_by(waits.clone());
    let report = linx.build().unwrap().apply_export(&plan).await.unwrap();
    assert_eq!(report.held, []);
    // Both were sent while the clock stood still, and can be known two minutes later.
    let settled = "2026-03-17T12:02:00Z".parse().unwrap();
    assert_eq!(*waits.0.lock().unwrap(), [(settled, 2)]);
    // Nothing waits where all was answered.
    let linx = harness.builder(harness.field.clone()).observed_by(waits.clone());
    let plan = harness.plan_export().await;
    linx.build().unwrap().apply_export(&plan).await.unwrap();
    assert_eq!(waits.0.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a15_without_waiting_it_is_held_with_the_time_from_which_it_can_be_known() {
    let mut harness = synced().await;
    harness.settle.wait = false;
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 5, Fault::CutBefore));
    let report = harness.apply_export().await;
    let [held] = &report.held[..] else {
        panic!("{:?}", report.held)
    };
    assert_eq!(held.reason, Reason::UnknownOutcome);
    assert!(held.detail.contains("2026-03-17 12:02:0"), "{}", held.detail);
    judge(&harness, &Ok(report));
    // Run again too early, nothing is sent; nor is anything else for that worker.
    let sent = harness.procore_traffic.count(Some(&Method::POST), ENTRIES);
    let again = harness.apply_export().await;
    assert_eq!(harness.procore_traffic.count(Some(&Method::POST), ENTRIES), sent);
    assert_eq!(again.held.len(), 1, "{:?}", again.held);
    judge(&harness, &Ok(again));
    harness.wait_days(1);
    let settled = harness.apply_export().await;
    assert_eq!(
        (settled.summary.create, settled.held.len()),
        (1, 0),
        "{:?}",
        settled.held
    );
    judge(&harness, &Ok(settled));
}

#[tokio::test]
async fn a15_a_run_after_one_that_died_waits_for_what_that_one_sent() {
    let harness = synced().await;
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(90)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 5, late));
    let plan = harness.plan_export().await;
    let linx = harness.linx();
    tokio::select! {
        report = linx.apply_export(&plan) => panic!("{report:?}"),
        () = harness.procore_faults.stalled() => {}
    }
    // Several went side by side: the others of them arrived, and the one that stalled arrives while it is waited for.
    let begun = harness.procore.entries().len();
    assert!((5..16).contains(&begun), "{begun}");
    let report = harness.apply_export().await;
    let left = plan.changes.len() - begun;
    assert_eq!(
        (report.summary.create, report.held.len()),
        (left, 0),
        "{:?}",
        report.held
    );
    judge(&harness, &Ok(report));
}

/// Somebody in the office, who edits an entry as soon as one line was written.
struct Editor {
    procore: Arc<procore_client::sandbox::Sandbox>,
    entry: procore_client::ids::TimecardEntryId,
}

impl Observer for Editor {
    fn progress(&self, progress: Progress<'_>) {
        if matches!(progress, Progress::Writing { done: 1, .. }) {
            self.procore.with_state(|state| {
                state.entries.get_mut(&self.entry).unwrap().hours = Some("2.75".into());
            });
        }
    }
}

#[tokio::test]
async fn b16_an_edit_while_the_run_is_writing_stands() {
    let harness = synced().await;
    harness.apply_export().await;
    // Two people worked less than was sent; while the first is written, the office edits the second.
    let ids = harness.exaktime.with_state(|state| {
        let mut people: Vec<String> = state.time_records.iter().map(|record| record.person.clone()).collect();
        people.dedup();
        for person in people.iter().take(2) {
            let record = state
                .time_records
                .iter_mut()
                .find(|record| record.person == *person)
                .unwrap();
            record.regular_hours = "1.00".into();
        }
        people
    });
    assert!(ids.len() > 1);
    let plan = harness.plan_export().await;
    assert_eq!(plan.changes.len(), 2, "{:?}", plan.changes);
    let second = procore_client::ids::TimecardEntryId::new(plan.changes[1].entry.unwrap().0);
    let office = Editor {
        procore: harness.procore.clone(),
        entry: second,
    };
    let linx = harness
        .builder(harness.field.clone())
        .observed_by(Arc::new(office))
        .build()
        .unwrap();
    let report = linx.apply_export(&plan).await.unwrap();
    let stands = harness.procore.with_state(|state| state.entries[&second].hours.clone());
    assert_eq!(stands.as_deref(), Some("2.75"));
    assert!(
        report.held.iter().any(|held| held.reason == Reason::StalePlan),
        "{:?}",
        report.held
    );
}

#[tokio::test]
async fn b11_an_id_of_ours_is_sent_where_the_company_takes_it_and_needed_nowhere() {
    for (origin_ids, stored, asked) in [(OriginIds::Text, 28, 28), (OriginIds::Numbers, 0, 29)] {
        let harness = synced().await;
        harness.procore.with_state(|state| state.origin_ids = origin_ids);
        let report = harness.apply_export().await;
        assert_eq!((report.summary.create, report.held.len()), (28, 0), "{:?}", report.held);
        let entries = harness.procore.entries();
        let ids: std::collections::BTreeSet<_> = entries.iter().filter_map(|entry| entry.origin_id.clone()).collect();
        assert_eq!(ids.len(), stored);
        // Only the first is sent twice.
        let sent = harness.procore_traffic.count(Some(&Method::POST), ENTRIES);
        assert_eq!(sent, asked);
        judge(&harness, &Ok(report));
        let again = harness.apply_export().await;
        assert_eq!((again.changes.len(), again.held.len()), (0, 0), "{:?}", again.held);
    }
}

/// A gateway repeats a request, and the answer is that of the second: the id is taken.
#[tokio::test]
async fn a16_b11_that_its_own_id_is_taken_is_no_refusal_of_a_line() {
    let harness = synced().await;
    harness.procore.with_state(|state| state.origin_ids = OriginIds::Text);
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 5, Fault::Twice));
    let report = harness.apply_export().await;
    assert_eq!((report.summary.create, &report.held[..]), (28, &[][..]));
    assert_eq!(report.hours.read, report.hours.stored);
    judge(&harness, &Ok(report));
    // It is known as Linx's own: what the office deletes of it stays away.
    let sixth = *harness
        .procore
        .with_state(|state| state.entries.keys().nth(5).copied())
        .as_ref()
        .unwrap();
    harness.procore.with_state(|state| {
        let entry = state.entries.get_mut(&sixth).unwrap();
        entry.deleted_at = Some(entry.created_at);
    });
    harness.wait_days(1);
    let again = harness.apply_export().await;
    assert_eq!(again.changes, [], "{:?}", again.left_out);
}

#[tokio::test]
async fn a15_what_arrives_later_than_anything_should_meets_its_own_id() {
    let mut harness = synced().await;
    harness.settle.seconds = 1;
    let late = Fault::CutThenApplied(Arrival::AfterTime(std::time::Duration::from_hours(1)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 5, late));
    let report = harness.apply_export().await;
    judge(&harness, &Ok(report));
    harness.wait_days(1);
    let again = harness.apply_export().await;
    assert_eq!((again.changes.len(), again.held.len()), (0, 0), "{:?}", again.held);
    judge(&harness, &Ok(again));
}
