//! Entries that were stored and cannot be told by their marks, and services that end a run half-way (hazards A1, A8,
//! A13).

use linx_core::settings::OtherHands;
use linx_http::sandbox::Order;
use std::sync::Arc;

use http::Method;
use linx_http::sandbox::{Deed, Fault};
use procore_client::sandbox::Entry;

use super::{ENTRIES, because, synced};
use crate::harness::{Harness, once};
use crate::small_company::{all_hours, by_our_hand, judge, judge_our_hand};

/// The first create is stored and its answer lost; before anything is read back, somebody changes the entry.
async fn stored_and_changed(act: impl Fn(&mut Entry) + Send + Sync + 'static) -> Harness {
    let harness = synced().await;
    let procore = Arc::clone(&harness.procore);
    let deed = Deed::new(move || procore.with_state(|state| act(state.entries.values_mut().next().unwrap())));
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::CutAfterThen(deed)));
    harness
}

#[tokio::test]
async fn a1_a_create_that_was_stored_without_its_mark_and_with_other_hours_is_not_sent_again() {
    let harness = stored_and_changed(|entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.hours = Some("4.25".into());
    })
    .await;
    for _ in 0..3 {
        let result = harness.try_export().await;
        assert_eq!(by_our_hand(&harness).len(), 28, "{result:?}");
        assert!(!result.unwrap().held.is_empty(), "0.25 h stand too much");
        harness.next_day();
    }
}

#[tokio::test]
async fn a1_a_create_that_was_stored_without_its_mark_and_as_it_was_sent_stands_once() {
    let harness = stored_and_changed(|entry| (entry.origin_id, entry.origin_data) = (None, None)).await;
    for _ in 0..3 {
        let result = harness.try_export().await;
        judge(&harness, &result);
        assert_eq!((by_our_hand(&harness).len(), all_hours(&harness)), (28, 108_00));
        harness.next_day();
    }
}

#[tokio::test]
async fn a1_a_create_that_the_office_moved_before_it_was_read_back_is_not_sent_again() {
    let harness = stored_and_changed(|entry| entry.date = entry.date.succ_opt().unwrap()).await;
    for _ in 0..3 {
        let result = harness.try_export().await;
        judge_our_hand(108_00, &harness);
        assert_eq!(by_our_hand(&harness).len(), 28, "{result:?}");
        let report = result.unwrap();
        assert!(
            !report.held.is_empty() || !report.left_out.is_empty(),
            "the office's decision is told"
        );
        harness.next_day();
    }
}

#[tokio::test]
async fn a1_an_entry_of_ours_without_a_worker_is_not_absent() {
    let harness = stored_and_changed(|entry| entry.party = None).await;
    for _ in 0..3 {
        let result = harness.try_export().await;
        assert_eq!(by_our_hand(&harness).len(), 28, "{result:?}");
        harness.next_day();
    }
}

#[tokio::test]
async fn a8_an_hourly_limit_refuses_no_line() {
    // A run of nothing but reading fits into the hour; the first one does not.
    for limit in [45, 60] {
        let harness = synced().await;
        harness.procore.with_state(|state| state.hourly_limit = limit);
        for _ in 0..6 {
            let result = harness.try_export().await;
            if let Ok(report) = &result {
                assert!(
                    because(&report.held, "target_refused").is_empty(),
                    "{limit}: {:?}",
                    report.held
                );
            }
            judge(&harness, &result);
            harness.wait_seconds(60 * 60);
        }
        let last = harness.judged_export().await.unwrap();
        assert_eq!((all_hours(&harness), last.held.len()), (108_00, 0), "{:?}", last.held);
    }
}

/// One entry among many lost its mark before it was read back: it was saved on a page that drops what it does not show.
#[tokio::test]
async fn a1_an_entry_that_lost_its_mark_among_marked_ones_is_not_sent_again_in_silence() {
    let harness = synced().await;
    let procore = Arc::clone(&harness.procore);
    let unmark = Deed::new(move || {
        procore.with_state(|state| {
            let last = state.entries.values_mut().next_back().unwrap();
            (last.origin_id, last.origin_data) = (None, None);
        });
    });
    // The second line of somebody's day.
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 1, Fault::CutAfterThen(unmark)));
    for _ in 0..2 {
        let _ = harness.try_export().await;
        judge_our_hand(108_00, &harness);
        harness.next_day();
    }
}

/// Where lines go beside equal ones and Procore keeps no marks, a create without an answer is not sent again.
#[tokio::test]
async fn a1_d26_a_create_without_an_answer_beside_an_equal_entry_is_not_sent_again_where_marks_are_dropped() {
    let mut harness = synced().await;
    harness.export.other_hands = OtherHands::Beside;
    let drop_marks = || {
        let procore = Arc::clone(&harness.procore);
        Deed::new(move || {
            procore.with_state(|state| {
                for entry in state.entries.values_mut() {
                    (entry.origin_id, entry.origin_data) = (None, None);
                }
            });
        })
    };
    let order = |after, times, fault| Order {
        method: Some(Method::POST),
        path: ENTRIES.into(),
        after,
        times,
        fault,
    };
    harness
        .procore_faults
        .order(order(0, 1, Fault::CutAfterThen(drop_marks())));
    harness.procore_faults.order(order(0, 40, Fault::Then(drop_marks())));
    for _ in 0..2 {
        let _ = harness.try_export().await;
        judge_our_hand(108_00, &harness);
        harness.next_day();
    }
}
