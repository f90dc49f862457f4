//! A copy that the office made of an entry of ours, mark and all, is its own.

use chrono::TimeDelta;

use crate::harness::two_weeks;
use crate::small_company::{all_hours, exported};
use crate::trial::moves::{Trace, add_like, delete, entry_of, office, shift, take};
use crate::trial::stories::{TUESDAY, told};

use super::*;

/// The office copies Ben's morning, mark and all, and moves the first entry to another week or deletes it. Then the time goes: the copy
/// is what the office left there.
#[tokio::test]
async fn b7_a_copy_that_the_office_left_in_place_of_ours_is_not_deleted() {
    for is_deleted in [false, true] {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        let copy = harness.copy_entry(id, |entry| entry.created_at += TimeDelta::minutes(10));
        if is_deleted {
            delete(&harness, id);
        } else {
            office(&harness, id, |entry| entry.date = crate::harness::day("2026-02-17"));
        }
        two_nights(&harness).await;
        two_nights(&harness).await;
        take(&harness, "p-202", TUESDAY, 0);
        for _ in 0..4 {
            let mut trace = Trace::default();
            trace.nights(&harness, &two_weeks(), 1).await;
            assert!(trace.held > 0, "the copy is told");
            let stays = harness.procore.with_state(|state| state.entries[&copy].deleted_at);
            assert_eq!(stays, None, "deleted by the office: {is_deleted}");
        }
    }
}

/// The office copies Ben's morning and deletes the copy; Linx deletes the morning since its time went, and the office puts its copy back.
#[tokio::test]
async fn b7_a_copy_that_was_put_back_once_ours_was_gone_is_not_deleted() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let copy = harness.copy_entry(id, |entry| entry.created_at += TimeDelta::minutes(10));
    delete(&harness, copy);
    take(&harness, "p-202", TUESDAY, 0);
    two_nights(&harness).await;
    two_nights(&harness).await;
    assert_eq!(all_hours(&harness), 104_00);
    office(&harness, copy, |entry| entry.deleted_at = None);
    stays_and_is_told(&harness, 108_00).await;
}

/// The office copies Ben's morning and gives the first entry to Dan, who gets other time of that day: what it gave him is weighed there. What
/// stands twice by the copy is told by as many hours of somebody else.
#[tokio::test]
async fn d26_b15_an_entry_that_was_copied_and_moved_is_weighed_where_it_stands() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    harness.copy_entry(id, |entry| entry.created_at += TimeDelta::minutes(10));
    let dan = entry_of(&harness, 204, "2026-03-05", 0);
    let dan = harness.procore.with_state(|state| state.entries[&dan].party);
    office(&harness, id, |entry| entry.party = dan);
    add_like(&harness, "p-204", "2026-03-05", 0, |record| shift(record, TUESDAY));
    add_like(&harness, "p-203", TUESDAY, 0, |record| {
        record.start += TimeDelta::hours(10);
        record.stop = record.stop.map(|stop| stop + TimeDelta::hours(10));
    });
    let before = stands(&harness, "00204", TUESDAY);
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(
            stands(&harness, "00204", TUESDAY),
            before,
            "8.00 h for 4.00: {:#?}",
            told(&report)
        );
        harness.next_day();
    }
}
