//! What was gone on both sides and comes again is new.

use crate::harness::two_weeks;
use crate::small_company::{all_hours, exported};
use crate::trial::moves::{Trace, delete, entry_of, give, shift, take};
use crate::trial::stories::{TUESDAY, comes_to_rest, facilities, told};
use crate::trial::{in_time, synced};

use super::*;

/// Office and clerk both take a morning out; weeks later the same morning is entered anew, on the same code.
#[tokio::test]
async fn d19_time_that_both_took_out_and_the_clerk_enters_again_is_not_left_out_in_silence() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    let mut new = take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(104_00);
    new.id = "tr-again".into();
    give(&harness, new);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The clerk moves the time to another code, Linx follows, and the office deletes the new entry; the clerk moves it back.
#[tokio::test]
async fn d19_time_that_goes_back_to_its_first_code_is_told_or_written() {
    let harness = exported().await;
    let code = facilities(&harness);
    let mut old = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        old = record.cost_code.clone();
        record.cost_code = code.clone();
    });
    harness.try_export().await.unwrap();
    harness.next_day();
    assert_eq!(all_hours(&harness), 108_00);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = old.clone());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    comes_to_rest(&harness, 108_00).await;
}

/// The office deletes Ben's morning, since it was Dan's; the clerk follows; then both see that it was Ben's after all, and the clerk
/// gives it back to him.
#[tokio::test]
async fn d19_time_that_went_to_another_person_and_back_is_not_left_out_in_silence() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    to_dan(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    in_time(&harness, "p-204", TUESDAY, 0, |record| record.person = "p-202".into());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The same with a code: the office deleted the entry on the wrong code, the clerk set the code right, and later back.
#[tokio::test]
async fn d19_time_that_went_to_another_code_and_back_is_not_left_out_in_silence() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    let code = facilities(&harness);
    let mut old = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        old = record.cost_code.clone();
        record.cost_code = code.clone();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = old.clone());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The office deletes a morning and the whole day changes: the clerk moves the whole Tuesday to Wednesday and back a week later.
#[tokio::test]
async fn d19_a_day_that_went_to_the_next_and_back_is_not_left_out_in_silence() {
    let harness = exported().await;
    for half in [0, 0] {
        let id = entry_of(&harness, 202, TUESDAY, half);
        delete(&harness, id);
        harness.procore.with_state(|_| ());
        let gone = harness.procore.with_state(|state| state.entries.remove(&id).unwrap());
        harness.procore.with_state(|state| {
            let mut gone = gone;
            gone.deleted_at = Some(gone.created_at);
            state.entries.insert(id, gone)
        });
    }
    for _ in 0..2 {
        in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    }
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    for _ in 0..2 {
        in_time(&harness, "p-202", WEDNESDAY, 0, |record| shift(record, TUESDAY));
    }
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// A foreman's four hours of Tuesday were said to be right beside ours; the office deletes ours of six, and the clerk corrects it to four.
#[tokio::test]
async fn d26_hours_of_a_foreman_that_are_right_beside_ours_stand_for_none_of_ours() {
    let harness = synced().await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "6.00".into();
    });
    harness.try_export().await.unwrap();
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let code = harness.procore.with_state(|state| {
        let mine = state.entries[&id].cost_code;
        let mut codes = state.entries.values().map(|entry| entry.cost_code);
        codes.find(|code| *code != mine).unwrap()
    });
    crate::trial::moves::copy_by_hand(&harness, id, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.cost_code = code;
        entry.hours = Some("4.0".into());
    });
    harness
        .linx()
        .set_beside("00202", crate::harness::day(TUESDAY), true)
        .await
        .unwrap();
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report), all_hours(&harness)), (vec![], 114_00));
    delete(&harness, id);
    harness.next_day();
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "4.00".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(112_00);
}

/// The office deletes both entries of five hours, and types one of four by hand; ExakTime has two of four by now.
#[tokio::test]
async fn d26_one_entry_that_was_typed_anew_stands_for_one_line_and_not_for_two() {
    let harness = synced().await;
    for half in 0..2 {
        in_time(&harness, "p-202", TUESDAY, half, |record| {
            record.regular_hours = "4.50".into();
        });
    }
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 109_00);
    let (morning, afternoon) = (entry_of(&harness, 202, TUESDAY, 0), entry_of(&harness, 202, TUESDAY, 1));
    crate::trial::moves::copy_by_hand(&harness, morning, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.hours = Some("4.0".into());
    });
    delete(&harness, morning);
    delete(&harness, afternoon);
    for half in 0..2 {
        in_time(&harness, "p-202", TUESDAY, half, |record| {
            record.regular_hours = "4.00".into();
        });
    }
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// The same with all of the day typed as one entry of eight hours on one code.
#[tokio::test]
async fn d26_a_day_that_was_typed_anew_as_one_entry() {
    let harness = exported().await;
    let (morning, afternoon) = (entry_of(&harness, 202, TUESDAY, 0), entry_of(&harness, 202, TUESDAY, 1));
    crate::trial::moves::copy_by_hand(&harness, morning, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.hours = Some("8.0".into());
    });
    delete(&harness, morning);
    delete(&harness, afternoon);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    // Half of it turns out to be Dan's.
    to_dan(&harness);
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}
