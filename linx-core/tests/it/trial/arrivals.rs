//! Requests that arrive late, twice, or were refused after they were stored (hazards A1, A15, A16).

use super::in_time;
use super::stands;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use linx_core::hold::Held;
use linx_core::model::EntryEndpoint;
use linx_http::sandbox::{Arrival, Fault, Order};

use super::{ENTRIES, because, codes, settles, synced, with_and_without_ids_of_ours};
use crate::harness::{Harness, once};
use crate::small_company::{all_hours, judge_by, judge_our_hand, worked};

/// A little longer than a request of ours may take.
const LATE: Arrival = Arrival::AfterTime(Duration::from_secs(62));

/// What one line has.
const LINE: i64 = 4_00;

#[tokio::test]
async fn a15_a_create_that_takes_62_seconds_stands_once() {
    for number in [0, 5, 27] {
        for harness in with_and_without_ids_of_ours().await {
            let late = once(Method::POST, ENTRIES, number, Fault::CutThenApplied(LATE));
            harness.procore_faults.order(late);
            let report = harness.judged_export().await.unwrap();
            harness.procore_faults.deliver();
            judge_our_hand(108_00, &harness);
            assert_eq!(report.held, [], "the run waited until it knew");
            settles(&harness).await;
        }
    }
}

#[tokio::test]
async fn a15_what_arrives_behind_other_requests_stands_once() {
    for number in 0..6 {
        for harness in with_and_without_ids_of_ours().await {
            let arrival = Arrival::AfterRequests(number);
            let late = once(Method::POST, ENTRIES, 3, Fault::CutThenApplied(arrival));
            harness.procore_faults.order(late);
            harness.judged_export().await.unwrap();
            harness.procore_faults.deliver();
            judge_our_hand(108_00, &harness);
            settles(&harness).await;
        }
    }
}

#[tokio::test]
async fn a15_a_run_that_is_killed_and_run_again_at_once_sends_nothing_twice() {
    for number in [0, 13, 27] {
        for harness in with_and_without_ids_of_ours().await {
            let stall = Fault::StallThenApplied(Arrival::OnDelivery);
            harness.procore_faults.order(once(Method::POST, ENTRIES, number, stall));
            harness.killed_export().await;
            let report = harness.export_at_once().await.unwrap();
            let held = because(&report.held, "unknown_outcome");
            assert_eq!(held.len(), report.held.len(), "{:?}", report.held);
            assert!(!held.is_empty() && held.iter().all(|held| held.hours.is_some()));
            let when = |held: &&&Held| held.detail.contains("2026-03-17 12:0");
            assert_eq!(
                held.iter().filter(when).count(),
                held.len(),
                "from when on it can be known"
            );
            assert_eq!(harness.procore_faults.deliver(), 1);
            judge_our_hand(108_00, &harness);
            harness.wait_seconds(180);
            settles(&harness).await;
        }
    }
}

#[tokio::test]
async fn a15_a_run_that_is_killed_and_run_again_waits_until_it_can_know() {
    for harness in with_and_without_ids_of_ours().await {
        let stall = Fault::StallThenApplied(LATE);
        harness.procore_faults.order(once(Method::POST, ENTRIES, 9, stall));
        harness.killed_export().await;
        let report = harness.judged_export().await.unwrap();
        assert_eq!(report.held, []);
        assert_eq!(harness.procore_faults.deliver(), 0, "it came while the run waited");
        settles(&harness).await;
    }
}

#[tokio::test]
async fn a15_what_never_arrives_is_sent_when_that_is_known() {
    for harness in with_and_without_ids_of_ours().await {
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 7, Fault::CutBefore));
        let report = harness.judged_export().await.unwrap();
        assert_eq!(
            (report.held.len(), all_hours(&harness)),
            (0, 108_00),
            "{:?}",
            report.held
        );
        settles(&harness).await;
    }
}

#[tokio::test]
async fn a15_a_line_of_which_nothing_is_known_does_not_stop_the_rest() {
    for harness in with_and_without_ids_of_ours().await {
        let late = once(Method::POST, ENTRIES, 2, Fault::CutThenApplied(Arrival::OnDelivery));
        harness.procore_faults.order(late);
        let report = harness.export_at_once().await.unwrap();
        judge_by(&worked(), &harness, &Ok(report.clone()));
        assert_eq!(all_hours(&harness), 108_00 - LINE, "the rest stands");
        assert_eq!(codes(&report.held), ["unknown_outcome"].into());
        // At once again, and again: nothing is sent meanwhile.
        for _ in 0..2 {
            harness.export_at_once().await.unwrap();
            assert_eq!(all_hours(&harness), 108_00 - LINE);
        }
        harness.procore_faults.deliver();
        settles(&harness).await;
    }
}

#[tokio::test]
async fn a15_b15_what_arrives_after_every_wait_is_told_and_the_younger_goes() {
    // Procore takes no id of ours, so that nothing but the journal can tell.
    let [_, harness] = with_and_without_ids_of_ours().await;
    let late = once(Method::POST, ENTRIES, 1, Fault::CutThenApplied(Arrival::OnDelivery));
    harness.procore_faults.order(late);
    harness.judged_export().await.unwrap();
    assert_eq!(
        all_hours(&harness),
        108_00,
        "it was sent again when it could not come any more"
    );
    assert_eq!(harness.procore_faults.deliver(), 1, "and it came all the same");
    assert_eq!(all_hours(&harness), 108_00 + LINE);
    let report = harness.judged_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00, "the younger is gone");
    let gone = report
        .changes
        .iter()
        .filter(|line| line.change.action.as_str() == "delete");
    assert_eq!(gone.count(), 1, "and that is told");
    settles(&harness).await;
}

#[tokio::test]
async fn a16_a_batch_that_was_stored_and_refused_stands_once() {
    for status in [302, 303, 400, 401, 409, 413, 422] {
        let mut harness = synced().await;
        harness.export.endpoint = EntryEndpoint::ProjectBulk;
        let answer = http::Response::builder().status(status).body(Bytes::from_static(b"{}"));
        harness.procore_faults.order(Order {
            method: Some(Method::POST),
            path: "/bulk_create".into(),
            after: 0,
            times: 1,
            fault: Fault::AnswerLost(answer.unwrap()),
        });
        harness.judged_export().await.unwrap();
        settles(&harness).await;
    }
}

#[tokio::test]
async fn a15_a_batch_that_arrives_late_stands_once() {
    let mut harness = synced().await;
    harness.export.endpoint = EntryEndpoint::ProjectBulk;
    harness
        .procore_faults
        .order(once(Method::POST, "/bulk_create", 0, Fault::CutThenApplied(LATE)));
    harness.judged_export().await.unwrap();
    harness.procore_faults.deliver();
    judge_our_hand(108_00, &harness);
    settles(&harness).await;
}

#[tokio::test]
async fn a_gateway_that_repeats_a_create_is_found_out() {
    for harness in with_and_without_ids_of_ours().await {
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 6, Fault::Twice));
        // The answer tells of one of them: the other is found by its mark.
        harness.try_export().await.unwrap();
        let report = harness.try_export().await.unwrap();
        let told = because(&report.held, "stands_twice");
        assert!(!told.is_empty() || all_hours(&harness) == 108_00, "{:?}", report.held);
    }
}

#[tokio::test]
async fn a_service_that_goes_away_is_not_asked_line_by_line() {
    let harness = synced().await;
    harness.procore_faults.order(Order {
        method: Some(Method::POST),
        path: ENTRIES.into(),
        after: 8,
        times: 10_000,
        fault: Fault::Unreachable,
    });
    let result = harness.judged_export().await;
    if let Ok(report) = &result {
        assert!(
            because(&report.held, "target_refused").is_empty(),
            "nobody refused: {:?}",
            report.held
        );
    }
    harness.procore_faults.clear();
    settles(&harness).await;
}

/// How many records of ExakTime's carry this number or code.
fn carrying(harness: &Harness, identifier: &str) -> usize {
    harness.exaktime.with_state(|state| {
        let tables = [&state.persons, &state.locations, &state.cost_codes];
        let records = tables.into_iter().flat_map(|table| table.values());
        let of = |name: &str| {
            let records = records.clone();
            records
                .filter(|record| record.get(name).is_some_and(|value| value == identifier))
                .count()
        };
        of("employeeIdentifier") + of("identifier")
    })
}

pub(super) fn hire(harness: &Harness) {
    harness.hire_in_procore("00201", |person| {
        person.employee_id = Some("00301".into());
        person.first_name = "Ines".into();
        person.last_name = "Quist".into();
    });
}

#[tokio::test]
async fn a15_a_person_whose_create_takes_62_seconds_is_there_once() {
    let harness = synced().await;
    hire(&harness);
    harness
        .exaktime_faults
        .order(once(Method::POST, "/v1/", 0, Fault::CutThenApplied(LATE)));
    harness.apply_sync().await;
    harness.exaktime_faults.deliver();
    assert_eq!(carrying(&harness, "00301"), 1);
    let report = harness.apply_sync().await;
    assert_eq!(
        (report.held.len(), carrying(&harness, "00301")),
        (0, 1),
        "{:?}",
        report.held
    );
    assert!(harness.plan_sync().await.is_empty());
}

#[tokio::test]
async fn a15_a_place_and_a_code_that_are_under_way_are_not_made_again_by_a_run_at_once() {
    let harness = synced().await;
    harness.procore.with_state(|state| {
        let mut yard = state.sub_jobs.values().next().unwrap().clone();
        yard.code = "03".into();
        yard.name = "Shed".into();
        state.sub_jobs.insert(procore_client::ids::SubJobId::new(426_103), yard);
    });
    let stall = Fault::StallThenApplied(Arrival::OnDelivery);
    harness.exaktime_faults.order(once(Method::POST, "/v1/", 0, stall));
    harness.killed_sync().await;
    let report = harness.sync_at_once().await;
    assert_eq!(codes(&report.held), ["unknown_outcome"].into(), "{:?}", report.held);
    assert_eq!(harness.exaktime_faults.deliver(), 1);
    assert_eq!(carrying(&harness, "26-101.03"), 1);
    harness.wait_seconds(180);
    let report = harness.apply_sync().await;
    assert_eq!(
        (report.held.len(), carrying(&harness, "26-101.03")),
        (0, 1),
        "{:?}",
        report.held
    );
}

/// A create without an answer arrives late; before that its code is renamed and its time corrected.
#[tokio::test]
async fn a15_c18_a_late_request_under_a_renamed_code_stands_once() {
    let harness = synced().await;
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 3, late));
    harness.killed_export().await;
    harness.procore.with_state(|state| {
        let mut codes = state.company_codes.values_mut();
        let concrete = codes.find(|code| code.name == "Cast-in-Place Concrete");
        concrete.unwrap().code = "310".into();
    });
    for _ in 0..4 {
        let _ = harness.export_at_once().await;

        judge_our_hand(108_00, &harness);
        harness.wait_seconds(70);
    }
}

/// The same, and the time turns out to be another person's.
#[tokio::test]
async fn a15_time_of_a_request_that_may_arrive_is_not_written_for_another_person_meanwhile() {
    let harness = synced().await;
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.person = "p-204".into();
    });
    for _ in 0..3 {
        let _ = harness.export_at_once().await;

        let both = stands(&harness, "00201", "2026-03-02") + stands(&harness, "00204", "2026-03-02");
        assert!(both <= 8_00, "{both} hundredths stand for 8 h");
        harness.wait_seconds(70);
    }
}

/// The clock was a day ahead when a run was killed, and is right again.
#[tokio::test]
async fn d27_a_clock_that_is_set_back_does_not_hide_a_request_for_ever() {
    let harness = synced().await;
    harness.our_clock.set_ahead(chrono::TimeDelta::days(1));
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    harness.our_clock.set_ahead(chrono::TimeDelta::zero());
    for _ in 0..2 {
        let _ = harness.try_export().await;
        judge_our_hand(108_00, &harness);
    }
    assert_eq!(all_hours(&harness), 108_00);
}
