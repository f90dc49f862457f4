//! Attacks on what is believed too early, each with what somebody would be paid by it.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Response};
use linx_core::hold::Reason;
use linx_core::model::Hours;
use linx_core::ports::{Awaited, Observer, Progress};
use linx_core::settings::OtherHands;
use linx_http::sandbox::{Arrival, Deed, Fault, Order};
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;

use crate::harness::{day, once};
use crate::small_company::{all_hours, by_our_hand, exported, judge, judge_our_hand, synced, worked};

const ENTRIES: &str = "/timecard_entries";

fn answer(status: u16, headers: &[(&str, &str)], body: &'static str) -> Response<Bytes> {
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    answer.body(Bytes::from_static(body.as_bytes())).unwrap()
}

/// The time of a request's arrival counts from when it left, not from when it was meant to: in between the client waited
/// for a limit.
#[tokio::test]
async fn a15_a_create_that_left_late_and_lost_its_sender_is_not_sent_again_too_early() {
    let harness = synced().await;
    let limited = Fault::Instead(answer(429, &[("Retry-After", "60")], ""));
    harness.procore_faults.order(Order {
        method: Some(Method::POST),
        path: ENTRIES.into(),
        after: 5,
        times: 2,
        fault: limited,
    });
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 5, late));
    harness.killed_export().await;
    let report = harness.try_export().await.unwrap();
    harness.wait_seconds(300);
    harness.plan_export().await;
    judge(&harness, &Ok(report));
}

/// A gateway's word that an entry is not there is no proof of it.
#[tokio::test]
async fn a16_a_deletion_that_a_gateway_answers_with_404_is_not_believed() {
    for body in ["<html>not found</html>", "{\"message\":\"no such route\"}", ""] {
        let harness = exported().await;
        let mut due = worked();
        harness.exaktime.with_state(|state| state.time_records.remove(0));
        *due.values_mut().next().unwrap() -= 4_00;
        harness.try_export().await.unwrap();
        harness.next_day();
        harness.procore_faults.order(once(
            Method::DELETE,
            ENTRIES,
            0,
            Fault::Instead(answer(404, &[("content-type", "application/json")], body)),
        ));
        let result = harness.try_export().await;
        crate::small_company::judge_by(&due, &harness, &result);
    }
}

/// An entry that is missing in a list which lacks rows is not known to be deleted.
#[tokio::test]
async fn a3_a_deletion_without_an_answer_is_not_concluded_from_half_a_list() {
    let harness = exported().await;
    // This company's entries keep no marks.
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            entry.origin_data = None;
        }
    });
    let mut due = worked();
    harness.exaktime.with_state(|state| state.time_records.remove(0));
    *due.values_mut().next().unwrap() -= 4_00;
    harness.try_export().await.unwrap();
    harness.next_day();
    harness.procore_faults.order(once(
        Method::DELETE,
        ENTRIES,
        0,
        Fault::StallThenApplied(Arrival::OnDelivery),
    ));
    harness.killed_export().await;
    harness.wait_days(1);
    // The next list lacks the row, and says that it has one more.
    let hide = |hidden: bool| {
        harness.procore.with_state(|state| {
            let first = *state.entries.keys().next().unwrap();
            state.unlisted = hidden.then_some(first).into_iter().collect();
            state.list_faults = if hidden {
                vec![(ENTRIES.to_owned(), procore_client::sandbox::ListFault::WrongTotal(28))]
            } else {
                Vec::new()
            };
        });
    };
    hide(true);
    let _ = harness.try_export().await;
    hide(false);
    for _ in 0..3 {
        harness.next_day();
        let result = harness.try_export().await;
        crate::small_company::judge_by(&due, &harness, &result);
    }
}

/// Time that was moved to another day stands once.
#[tokio::test]
async fn b13_time_that_moved_to_another_day_is_not_paid_twice_meanwhile() {
    let harness = exported().await;
    harness.exaktime.with_state(|state| {
        let record = &mut state.time_records[0];
        record.work_date = day("2026-03-06");
        let shift = chrono::Duration::days(4);
        record.start += shift;
        record.stop = record.stop.map(|stop| stop + shift);
    });
    for _ in 0..3 {
        harness.try_export().await.unwrap();
        judge_our_hand(108_00, &harness);
        harness.next_day();
    }
    assert_eq!(all_hours(&harness), 108_00);
}

/// Time that was moved to another person stands once.
#[tokio::test]
async fn b13_time_that_moved_to_another_person_is_not_paid_twice_meanwhile() {
    let harness = exported().await;
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter_mut();
        let record = records.find(|record| record.person == "p-204").unwrap();
        record.person = "p-203".into();
    });
    for _ in 0..3 {
        harness.try_export().await.unwrap();
        judge_our_hand(108_00, &harness);
        harness.next_day();
    }
    assert_eq!(all_hours(&harness), 108_00);
}

/// Somebody in the office, who types the last line of a plan in while the run waits for a limit.
struct Typist {
    procore: Arc<procore_client::sandbox::Sandbox>,
    entry: std::sync::Mutex<Option<Entry>>,
}

impl Observer for Typist {
    fn progress(&self, progress: Progress<'_>) {
        if matches!(
            progress,
            Progress::Waiting {
                awaited: Awaited::Limit,
                ..
            }
        ) && let Some(entry) = self.entry.lock().unwrap().take()
        {
            self.procore.with_state(|state| state.entries.insert(entry.id, entry));
        }
    }
}

/// A wait of an hour is not the same moment: what was read before is read again.
#[tokio::test]
async fn d26_a8_what_another_hand_enters_while_a_run_waits_for_a_limit_is_not_entered_again() {
    let pattern = exported().await;
    let last = pattern.procore.entries().into_iter().next_back().unwrap();
    let harness = synced().await;
    let office = Typist {
        procore: harness.procore.clone(),
        entry: Some(Entry {
            id: TimecardEntryId::new(95_000_000),
            origin_id: None,
            origin_data: None,
            ..last
        })
        .into(),
    };
    let limited = Fault::Instead(answer(429, &[("Retry-After", "3000")], ""));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 5, limited));
    let plan = harness.plan_export().await;
    let linx = harness
        .builder(harness.field.clone())
        .observed_by(Arc::new(office))
        .build()
        .unwrap();
    let result = linx.apply_export(&plan).await;
    judge(&harness, &result);
}

/// What a gateway stores twice is seen by the run that sent it.
#[tokio::test]
async fn b15_a_run_whose_create_was_stored_twice_says_so() {
    let harness = synced().await;
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 6, Fault::Twice));
    let report = harness.try_export().await.unwrap();
    assert!(
        !report.held.is_empty() || all_hours(&harness) == 108_00,
        "{} h stand, and nobody needs to look",
        all_hours(&harness)
    );
}

/// What was acknowledged is no proof of what stands: a gateway, a rule of the office or a person may have been at it since.
#[tokio::test]
async fn a13_an_entry_that_does_not_stand_as_it_was_acknowledged_is_held_by_the_run_that_wrote_it() {
    let lose = |entry: &mut Entry| entry.deleted_at = Some(entry.created_at);
    let lower = |entry: &mut Entry| entry.hours = Some("1.25".into());
    for (act, words) in [
        (lose as fn(&mut Entry), "is not there"),
        (lower, "is another now: 1.25 h"),
    ] {
        let harness = synced().await;
        let procore = harness.procore.clone();
        let deed = Deed::new(move || procore.with_state(|state| act(state.entries.values_mut().next_back().unwrap())));
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 6, Fault::Then(deed)));
        let report = harness.try_export().await.unwrap();
        let [held] = &report.held[..] else {
            panic!("{words}: {:?}", report.held)
        };
        assert_eq!(held.reason, Reason::StoredDifferently);
        assert!(held.detail.ends_with(words), "{}", held.detail);
        assert_eq!(report.account.check(), Ok(()));
        assert_eq!(held.hours, Some(report.account.total().held));
        assert!(report.account.total().held > Hours::ZERO);
    }
}

/// A run that cannot look at what it wrote does not know what stands.
#[tokio::test]
async fn a13_a_run_that_cannot_read_once_more_what_it_wrote_says_so() {
    let incomplete = answer(200, &[("total", "1")], "[]");
    for last in [incomplete, answer(404, &[], "")] {
        let harness = synced().await;
        // The plan's lists, of what stands and of what was deleted, and those of its confirmation come before.
        harness.procore_faults.order(Order {
            method: Some(Method::GET),
            path: ENTRIES.into(),
            after: 4,
            times: 1000,
            fault: Fault::Instead(last),
        });
        let report = harness.try_export().await.unwrap();
        assert_eq!(report.written(), 28);
        let reasons: Vec<Reason> = report.held.iter().map(|held| held.reason).collect();
        assert_eq!(reasons, [Reason::IncompleteList], "{:?}", report.held);
    }
}

/// Where a person said that both are right, the other hand's entry is not what a request without an answer left.
#[tokio::test]
async fn d26_an_entry_that_was_there_before_is_not_what_a_create_left() {
    let pattern = exported().await;
    let first = pattern.procore.entries().into_iter().next().unwrap();
    let mut harness = synced().await;
    harness.export.other_hands = OtherHands::Beside;
    harness.procore.with_state(|state| {
        let entry = Entry {
            id: TimecardEntryId::new(95_000_000),
            origin_id: None,
            origin_data: None,
            ..first.clone()
        };
        state.entries.insert(entry.id, entry);
    });
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::CutBefore));
    let report = harness.try_export().await.unwrap();
    assert!(
        !report.held.is_empty() || by_our_hand(&harness).len() == 28,
        "{} lines stand by our hand",
        by_our_hand(&harness).len()
    );
}

/// A line that was sent once without arriving, and once more, was made once: a copy of it is a person's.
#[tokio::test]
async fn b15_a_copy_of_a_line_whose_first_request_never_arrived_stays() {
    let harness = synced().await;
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::CutBefore));
    harness.judged_export().await.unwrap();
    let entries = harness.procore.entries();
    let sent_twice = entries.last().unwrap().id;
    harness.wait_days(1);
    let copy = harness.copy_entry(sent_twice, |entry| entry.created_at += chrono::Duration::days(1));
    harness.try_export().await.unwrap();
    assert!(
        harness.procore.entries().iter().any(|entry| entry.id == copy),
        "a person's copy was deleted"
    );
}
