//! What the office put back is its own.

use chrono::TimeDelta;
use http::Method;
use linx_core::plan::Selection;
use linx_http::sandbox::{Arrival, Fault};
use procore_client::timecards::ApprovalStatus;

use crate::harness::{once, two_weeks};
use crate::removal::rename_codes;
use crate::small_company::{all_hours, exported};
use crate::trial::moves::{Trace, add_like, delete, entry_of, give, office, shift, take};
use crate::trial::stories::{TUESDAY, approve, facilities, told};
use crate::trial::{ENTRIES, in_time, synced};

use super::*;

/// A request arrives late and doubles a line; Linx takes the younger away, and the office puts it back.
#[tokio::test]
async fn b7_a_double_that_the_office_put_back_is_not_deleted_again() {
    let harness = synced().await;
    harness
        .procore
        .with_state(|state| state.origin_ids = procore_client::sandbox::OriginIds::Numbers);
    harness.try_export().await.unwrap();
    add_like(&harness, "p-201", "2026-03-02", 0, |record| shift(record, "2026-03-11"));
    harness.procore_faults.order(once(
        Method::POST,
        ENTRIES,
        0,
        Fault::CutThenApplied(Arrival::OnDelivery),
    ));
    let mut trace = Trace::default();
    trace.run(&harness, &two_weeks(), "cut").await;
    trace.run(&harness, &two_weeks(), "again").await;
    assert_eq!(harness.procore_faults.deliver(), 1);
    assert_eq!(all_hours(&harness), 116_00, "it stands twice");
    harness.next_day();
    let before: Vec<_> = harness.procore.entries().iter().map(|entry| entry.id).collect();
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 112_00, "the younger one is gone");
    harness.next_day();
    let now: Vec<_> = harness.procore.entries().iter().map(|entry| entry.id).collect();
    let gone = before.into_iter().find(|id| !now.contains(id)).unwrap();
    office(&harness, gone, |entry| entry.deleted_at = None);
    let report = harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 116_00, "deleted again: {:#?}", told(&report));
}

/// A code is called otherwise before Linx deletes an entry on it, whose mark has the old name; the office puts it back.
#[tokio::test]
async fn b7_c18_what_was_deleted_under_another_name_of_its_code_and_put_back_is_not_deleted_again() {
    let harness = exported().await;
    rename_codes(&harness);
    harness.try_export().await.unwrap();
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let code = facilities(&harness);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = code);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    assert!(
        harness.procore.entries().iter().all(|entry| entry.id != id),
        "its time went on"
    );
    office(&harness, id, |entry| entry.deleted_at = None);
    for _ in 0..4 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), 112_00, "deleted again: {:#?}", told(&report));
        assert!(!report.held.is_empty());
        harness.next_day();
    }
}

/// An entry was deleted for time that moved to another code; the office puts it back; the clerk's time goes to a third code.
#[tokio::test]
async fn b7_an_entry_that_was_put_back_is_paid_once_when_the_time_moves_on() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let code = facilities(&harness);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = code);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    office(&harness, id, |entry| entry.deleted_at = None);
    let mut carpentry = None;
    in_time(&harness, "p-202", TUESDAY, 1, |record| {
        carpentry.clone_from(&record.cost_code);
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = carpentry);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    assert!(all_hours(&harness) <= 112_00);
    let stands = harness
        .procore
        .with_state(|state| state.entries[&id].deleted_at.is_none());
    assert!(stands, "what the office put back was deleted");
}

/// Put back, then approved time comes back in ExakTime and goes again.
#[tokio::test]
async fn b7_an_entry_that_was_put_back_stays_after_its_time_came_and_went() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let record = take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    assert_eq!(all_hours(&harness), 104_00);
    office(&harness, id, |entry| entry.deleted_at = None);
    trace.nights(&harness, &two_weeks(), 1).await;
    give(&harness, record);
    trace.nights(&harness, &two_weeks(), 2).await;
    // It is the last of that day now.
    take(&harness, "p-202", TUESDAY, 1);
    trace.nights(&harness, &two_weeks(), 3).await;
    let stands = harness
        .procore
        .with_state(|state| state.entries[&id].deleted_at.is_none());
    assert!(stands, "what the office put back was deleted");
}

/// The office put an entry of ours into a timesheet of its own.
#[tokio::test]
async fn b7_an_entry_that_the_office_copied_to_another_worker_mark_and_all() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let dan = entry_of(&harness, 204, FRIDAY, 0);
    let party = harness.procore.with_state(|state| state.entries[&dan].party);
    // Dan was there as well: the office copies Ben's entry for Dan; the clerk enters Dan's time a night later.
    crate::trial::moves::copy_by_hand(&harness, id, |entry| entry.party = party);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    add_like(&harness, "p-202", TUESDAY, 0, |record| record.person = "p-204".into());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(112_00);
    // The original is deleted, since it was Dan's alone, and the clerk takes Ben's time out.
    delete(&harness, id);
    take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// An entry is deleted by the office and another hand types it for the next day; the clerk follows to that day, and then both find it was right before.
#[tokio::test]
async fn b7_deleted_typed_for_another_day_and_back() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let copy = crate::trial::moves::copy_by_hand(&harness, id, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.date = crate::harness::day(WEDNESDAY);
    });
    delete(&harness, id);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    in_time(&harness, "p-202", WEDNESDAY, 0, |record| shift(record, TUESDAY));
    delete(&harness, copy);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// The office puts its deleted entry back after the time was written on another code: it is told, and paid once when the office decides.
#[tokio::test]
async fn b7_an_entry_that_the_office_deleted_and_put_back_while_the_time_went_elsewhere() {
    for adopt in [false, true] {
        let mut harness = exported().await;
        if adopt {
            harness.export.other_hands = linx_core::settings::OtherHands::AdoptEqual;
        }
        let id = entry_of(&harness, 202, TUESDAY, 0);
        delete(&harness, id);
        to_dan(&harness);
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(108_00);
        office(&harness, id, |entry| entry.deleted_at = None);
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 3).await;
        assert!(trace.silent.is_empty(), "112 h stand for 108 in silence");
        let stands = harness
            .procore
            .with_state(|state| state.entries[&id].deleted_at.is_none());
        assert!(stands, "what the office put back was deleted");
    }
}

/// The office deletes an entry, and puts it back a night later with other hours; its time moved on to another day meanwhile.
#[tokio::test]
async fn b7_put_back_with_other_hours() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    office(&harness, id, |entry| {
        entry.deleted_at = None;
        entry.hours = Some("3.0".into());
    });
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "0.00".into();
        record.ot1_hours = "4.00".into();
    });
    trace.silent.clear();
    trace.nights(&harness, &two_weeks(), 3).await;
    let hours = harness.procore.with_state(|state| state.entries[&id].hours.clone());
    assert_eq!(hours.as_deref(), Some("3.0"));
    trace.judge(108_00);
}

/// A worker has hours of another program's by the rule `Beside`; ours is deleted by the office and turns into overtime.
#[tokio::test]
async fn b7_the_rule_beside_with_a_deleted_entry() {
    let mut harness = exported().await;
    harness.export.other_hands = linx_core::settings::OtherHands::Beside;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    crate::trial::moves::copy_by_hand(&harness, id, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
    });
    delete(&harness, id);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// Approved in Procore and taken back to another code at the site, with a day of leave: all of a week goes from one place to another.
#[tokio::test]
async fn b7_a_whole_week_of_everybody_moves_to_another_code_with_one_day_approved() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    let code = facilities(&harness);
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            if record.work_date <= crate::harness::day("2026-03-04") && record.cost_code != code {
                record.cost_code.clone_from(&code);
            }
        }
    });
    let mut trace = Trace::default();
    for _ in 0..4 {
        let selection = Selection {
            allow_mass_change: true,
            ..two_weeks()
        };
        trace.run(&harness, &selection, "night").await;
        harness.next_day();
    }
    trace.judge(108_00);
    office(&harness, id, |entry| entry.status = ApprovalStatus::Pending);
    let mut last = Vec::new();
    for _ in 0..5 {
        let report = harness.try_export_of(&crate::trial::stories::consent()).await.unwrap();
        last = told(&report);
        harness.next_day();
    }
    assert_eq!((last, all_hours(&harness)), (vec![], 108_00));
}

/// The office deletes an entry, the clerk takes its time out, and the office puts the entry back: somebody was there after all.
#[tokio::test]
async fn b7_an_entry_that_the_office_deleted_itself_and_put_back_is_not_deleted() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(104_00);
    office(&harness, id, |entry| {
        entry.deleted_at = None;
        entry.updated_at += TimeDelta::days(3);
    });
    trace.nights(&harness, &two_weeks(), 3).await;
    let stands = harness
        .procore
        .with_state(|state| state.entries[&id].deleted_at.is_none());
    assert!(stands, "what the office put back was deleted");
}

/// The office deletes an entry, the clerk lowers its time, which is told; the office answers by putting its entry back.
#[tokio::test]
async fn b7_an_entry_that_was_put_back_against_lower_time_is_not_lowered() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    office(&harness, id, |entry| entry.deleted_at = None);
    trace.nights(&harness, &two_weeks(), 2).await;
    let hours = harness.procore.with_state(|state| state.entries[&id].hours.clone());
    assert_eq!(hours.as_deref(), Some("4.0"), "what the office put back was lowered");
}

/// Linx deleted an entry, the office put it back, and the clerk enters three of the four hours again.
#[tokio::test]
async fn b7_an_entry_that_was_put_back_after_our_deletion_is_not_lowered() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let mut record = take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    office(&harness, id, |entry| entry.deleted_at = None);
    trace.nights(&harness, &two_weeks(), 2).await;
    record.regular_hours = "3.00".into();
    give(&harness, record);
    trace.nights(&harness, &two_weeks(), 2).await;
    let hours = harness.procore.with_state(|state| state.entries[&id].hours.clone());
    assert_eq!(hours.as_deref(), Some("4.0"), "what the office put back was lowered");
}

/// The same story by a killed run: an update that was applied, an entry that the office put back to the old hours and approved nothing.
#[tokio::test]
async fn b7_hours_that_the_office_set_back_after_our_update_stay() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    office(&harness, id, |entry| entry.hours = Some("4.0".into()));
    trace.nights(&harness, &two_weeks(), 2).await;
    for hours in ["3.50", "5.00", "3.00"] {
        in_time(&harness, "p-202", TUESDAY, 0, |record| {
            record.regular_hours = hours.into();
        });
        trace.nights(&harness, &two_weeks(), 2).await;
        let stands = harness.procore.with_state(|state| state.entries[&id].hours.clone());
        assert_eq!(stands.as_deref(), Some("4.0"), "what the office set was overwritten");
    }
}

/// The office sets hours, ExakTime comes to the same by chance for one night, and goes on.
#[tokio::test]
async fn b7_hours_that_the_office_set_and_that_exaktime_had_for_a_night() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.hours = Some("3.0".into()));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "3.00".into();
    });
    trace.nights(&harness, &two_weeks(), 1).await;
    take(&harness, "p-202", TUESDAY, 0);
    trace.nights(&harness, &two_weeks(), 3).await;
    // Both agreed for a night, so that it is ours again: as documented.
    trace.silent.clear();
    trace.judge(108_00);
}

/// The office deleted Ben's morning, and a person said that it is to be written again; then the office puts the first entry back, as
/// it was or lowered. Both are its matter, also once the time of the new one is gone.
#[tokio::test]
async fn b7_an_entry_that_the_office_put_back_after_it_was_written_anew() {
    for (lowered, goes) in [(false, false), (true, false), (true, true)] {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        if lowered {
            office(&harness, id, |entry| entry.hours = Some("3.0".into()));
        }
        delete(&harness, id);
        two_nights(&harness).await;
        let tuesday = crate::harness::day(TUESDAY);
        harness.linx().set_beside("00202", tuesday, true).await.unwrap();
        two_nights(&harness).await;
        assert_eq!(all_hours(&harness), 108_00, "written anew");
        if goes {
            take(&harness, "p-202", TUESDAY, 0);
            two_nights(&harness).await;
            two_nights(&harness).await;
            assert_eq!(all_hours(&harness), 104_00, "and gone again");
        }
        office(&harness, id, |entry| entry.deleted_at = None);
        let hours = harness.procore.with_state(|state| state.entries[&id].hours.clone());
        let (left, mut trace) = (all_hours(&harness), Trace::default());
        for _ in 0..4 {
            trace.nights(&harness, &two_weeks(), 1).await;
            let back = harness.procore.with_state(|state| state.entries[&id].clone());
            assert_eq!(
                (back.hours, back.deleted_at),
                (hours.clone(), None),
                "it is the office's"
            );
            assert!(trace.held > 0, "and told");
            assert_eq!(all_hours(&harness), left);
        }
    }
}

/// A person lets a deleted entry be written again, the program dies over it, and the office puts the first one back before that request
/// arrives: the first one is the office's.
#[tokio::test]
async fn b7_an_entry_that_was_put_back_while_the_new_one_was_on_its_way() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    two_nights(&harness).await;
    let tuesday = crate::harness::day(TUESDAY);
    harness.linx().set_beside("00202", tuesday, true).await.unwrap();
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    office(&harness, id, |entry| entry.deleted_at = None);
    harness.wait_seconds(130);
    harness.procore_faults.deliver();
    two_nights(&harness).await;
    two_nights(&harness).await;
    let back = harness.procore.with_state(|state| state.entries[&id].clone());
    assert_eq!(
        (back.hours.as_deref(), back.deleted_at),
        (Some("4.0"), None),
        "it is the office's"
    );
}

/// The office deleted Ben's morning, and his time went; for a night the list of deleted entries is empty, and then the office puts the
/// entry back.
#[tokio::test]
async fn b7_a3_an_entry_that_was_put_back_after_a_night_without_the_list_of_deleted_ones_is_not_deleted() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    for after in [1, 2] {
        let empty = http::Response::builder()
            .header("total", "0")
            .body("[]".into())
            .unwrap();
        let order = once(Method::GET, ENTRIES, after, Fault::Instead(empty));
        harness.procore_faults.order(order);
    }
    trace.nights(&harness, &two_weeks(), 1).await;
    harness.procore_faults.clear();
    assert_eq!(trace.held, 1, "it is told as not known to be deleted");
    office(&harness, id, |entry| entry.deleted_at = None);
    stays_and_is_told(&harness, 108_00).await;
}
