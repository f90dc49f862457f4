//! Updates and deletions that got no answer: sent again they would overwrite what the office did meanwhile (hazards A15, B16).

use http::Method;
use linx_core::settings::Removals;
use linx_http::sandbox::{Deed, Fault};
use procore_client::sandbox::Entry;

use super::{ENTRIES, exported, in_time, stands, synced};
use crate::harness::{Harness, day, once};
use crate::small_company::all_hours;

/// The first arrival of a write is stored, its answer is lost, and the office edits one of these entries at once.
fn edited_before_it_is_repeated(
    harness: &Harness,
    method: Method,
    is_it: impl Fn(&Entry) -> bool + Send + Sync + 'static,
) {
    let procore = harness.procore.clone();
    let edit = Deed::new(move || {
        procore.with_state(|state| {
            let entry = state.entries.values_mut().find(|entry| is_it(entry)).unwrap();
            entry.hours = Some("1.5".into());
            entry.deleted_at = None;
        });
    });
    let cut = Fault::CutAfterThen(edit);
    harness.procore_faults.order(once(method, ENTRIES, 0, cut));
}

#[tokio::test]
async fn b16_an_update_whose_answer_was_lost_is_not_sent_over_an_edit() {
    let harness = exported().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    edited_before_it_is_repeated(&harness, Method::PATCH, |entry| entry.hours.as_deref() == Some("3.0"));
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(
            all_hours(&harness),
            105_50,
            "the office's 1.50 h are overwritten: {:?}",
            report.held
        );
        harness.next_day();
    }
}

#[tokio::test]
async fn b16_a_deletion_whose_answer_was_lost_is_not_repeated_over_what_the_office_put_back() {
    let mut harness = exported().await;
    harness.export.removals = Removals::AtOnce;
    harness.exaktime.with_state(|state| state.time_records.remove(0));
    edited_before_it_is_repeated(&harness, Method::DELETE, |entry| entry.deleted_at.is_some());
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(stands(&harness, "00201", "2026-03-02"), 5_50, "{:?}", report.held);
        harness.next_day();
    }
}

/// The office edits an entry before its create was read back: that is no rounding of Procore's.
#[tokio::test]
async fn b16_an_edit_before_a_create_was_read_back_is_not_overwritten_by_the_next_correction() {
    let harness = synced().await;
    edited_before_it_is_repeated(&harness, Method::POST, |_| true);
    harness.try_export().await.unwrap();
    let edited = |entry: &Entry| entry.hours.as_deref() == Some("1.5");
    let find = || harness.procore.entries().into_iter().find(edited);
    let entry = find().expect("the edit was made");
    // Ada's Monday has other time by now, of which it is.
    for half in [0, 1] {
        in_time(&harness, "p-201", "2026-03-02", half, |record| {
            record.regular_hours = "3.00".into();
        });
    }
    harness.next_day();
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        let now = find().map(|entry| entry.id);
        assert_eq!(now, Some(entry.id), "the edit is overwritten: {:?}", report.held);
        harness.next_day();
    }
}

/// While the first of two entries of a day is written, and its answer is lost, the office edits the second.
#[tokio::test]
async fn b16_an_entry_that_was_edited_while_another_of_its_day_got_no_answer_is_not_overwritten() {
    let harness = exported().await;
    for half in [0, 1] {
        in_time(&harness, "p-202", "2026-03-03", half, |record| {
            record.regular_hours = "3.00".into();
        });
    }
    let procore = harness.procore.clone();
    let edit = Deed::new(move || {
        procore.with_state(|state| {
            let of_day = |entry: &&mut Entry| {
                entry.party.is_some_and(|party| party.get() % 1000 == 202) && entry.date == day("2026-03-03")
            };
            let second = state
                .entries
                .values_mut()
                .filter(of_day)
                .find(|entry| entry.hours.as_deref() == Some("4.0"));
            if let Some(second) = second {
                second.hours = Some("2.5".into());
            }
        });
    });
    harness
        .procore_faults
        .order(once(Method::PATCH, ENTRIES, 0, Fault::CutAfterThen(edit)));
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        let hours: Vec<_> = harness
            .procore
            .entries()
            .iter()
            .map(|entry| entry.hours.clone())
            .collect();
        assert!(
            hours.contains(&Some("2.5".into())),
            "the edit is overwritten: {:?}",
            report.held
        );
        assert!(!report.held.is_empty(), "nobody is told");
        harness.next_day();
    }
}
