//! The office's edits, deletions and splits (hazards B7, B16, D16, D26).

use std::sync::Arc;
use std::time::Duration as Seconds;

use chrono::TimeDelta;
use http::Method;
use linx_core::model::OfficeRef;
use linx_core::settings::OtherHands;
use linx_http::sandbox::{Deed, Fault};
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;

use super::super::moves::{Trace, add_like, copy_by_hand, delete, entry_of, make_ben_anew, office, shift, take};
use super::super::{ENTRIES, in_time, link};
use super::{TUESDAY, told};
use crate::harness::{Harness, day, once, two_weeks};
use crate::small_company::{all_hours, exported};

/// The office edits an entry directly after the look at its day; an update of another one takes half a minute, and our clock is
/// set back meanwhile.
async fn edited_after_the_look(set_back: bool) {
    // The fifth list of entries is the look at Ben's Tuesday, directly before the first update.
    let after = 4;
    let harness = exported().await;
    for half in 0..2 {
        in_time(&harness, "p-202", TUESDAY, half, |record| {
            record.regular_hours = "3.00".into();
        });
    }
    let plan = harness.plan_export().await;
    let ids: Vec<_> = plan.changes.iter().filter_map(|change| change.entry).collect();
    assert_eq!(ids.len(), 2);
    let last = TimecardEntryId::new(ids[1].0);
    let (procore, clock) = (Arc::clone(&harness.procore), Arc::clone(&harness.our_clock));
    let deed = Deed::new(move || {
        if set_back {
            clock.set_ahead(TimeDelta::seconds(-60));
        }
        procore.with_state(|state| state.entries.get_mut(&last).unwrap().hours = Some("6.0".into()));
    });
    harness
        .procore_faults
        .order(once(Method::GET, ENTRIES, after, Fault::Then(deed)));
    let slow = Fault::Slow(Seconds::from_secs(10));
    harness.procore_faults.order(once(Method::PATCH, ENTRIES, 0, slow));
    let report = harness.try_export().await.unwrap();
    let hours = harness.procore.with_state(|state| state.entries[&last].hours.clone());
    assert_eq!(hours.as_deref(), Some("6.0"), "overwritten: {:#?}", told(&report));
    assert_eq!(
        report.held.len(),
        1,
        "the first one was written, and the second one told"
    );
}

#[tokio::test]
async fn b16_a_clock_that_is_set_back_does_not_make_an_old_look_a_new_one() {
    edited_after_the_look(true).await;
}

#[tokio::test]
async fn b16_control_the_same_with_a_clock_that_is_right() {
    edited_after_the_look(false).await;
}

async fn split_of_ben() -> (Harness, TimecardEntryId, TimecardEntryId) {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let part = TimecardEntryId::new(94_000_000);
    harness.procore.with_state(|state| {
        let whole = state.entries.get_mut(&id).unwrap();
        whole.hours = Some("3.0".into());
        let part = Entry {
            id: part,
            hours: Some("1.0".into()),
            split_of: Some(id),
            origin_id: None,
            ..whole.clone()
        };
        state.entries.insert(part.id, part);
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report), all_hours(&harness)), (vec![], 108_00));
    (harness, id, part)
}

/// The office books a part of a split entry to another code and writes a note; its time is gone from ExakTime.
#[tokio::test]
async fn d16_a_part_of_a_split_entry_that_the_office_recoded_is_not_deleted() {
    let (harness, id, part) = split_of_ben().await;
    let other = entry_of(&harness, 202, TUESDAY, 1);
    let code = harness.procore.with_state(|state| state.entries[&other].cost_code);
    office(&harness, part, |entry| {
        entry.cost_code = code;
        entry.description = Some("one hour of it was carpentry, I checked".into());
    });
    take(&harness, "p-202", TUESDAY, 0);
    for _ in 0..3 {
        harness.try_export().await.unwrap();
        harness.next_day();
    }
    let stand = |id: TimecardEntryId| {
        harness
            .procore
            .with_state(|state| state.entries.get(&id).is_some_and(|entry| entry.deleted_at.is_none()))
    };
    assert!(stand(id) && stand(part), "what the office edited was deleted");
}

/// The office moves a part of a split entry to the next day; ExakTime agrees with it.
#[tokio::test]
async fn d16_a_part_of_a_split_entry_that_the_office_moved_counts_where_it_stands() {
    let (harness, _, part) = split_of_ben().await;
    office(&harness, part, |entry| entry.date = day("2026-03-04"));
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "3.00".into();
    });
    add_like(&harness, "p-202", TUESDAY, 0, |record| {
        shift(record, "2026-03-04");
        record.regular_hours = "1.00".into();
        record.stop = Some(record.start + TimeDelta::hours(1));
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

/// The office deleted a day's entries, and runs have seen it; later the worker is made anew.
#[tokio::test]
async fn b7_what_the_office_deleted_does_not_come_back_for_a_worker_who_is_made_anew() {
    let harness = exported().await;
    let ids: Vec<_> = (0..2).map(|half| entry_of(&harness, 202, TUESDAY, half)).collect();
    for id in ids {
        delete(&harness, id);
    }
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!((told(&report), all_hours(&harness)), (vec![], 100_00));
        harness.next_day();
    }
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(
            all_hours(&harness),
            100_00,
            "put back: {:#?} {:#?}",
            report.changes,
            told(&report)
        );
        harness.next_day();
    }
}

/// The same over a wrong link that is mended: it was deleted before, and comes back for the same worker.
#[tokio::test]
async fn b7_what_the_office_deleted_does_not_come_back_over_a_wrong_link() {
    let harness = exported().await;
    let ids: Vec<_> = (0..2).map(|half| entry_of(&harness, 202, TUESDAY, half)).collect();
    for id in ids {
        delete(&harness, id);
    }
    harness.try_export().await.unwrap();
    harness.next_day();
    harness.try_export().await.unwrap();
    let ben = harness.link_to("p-202").await.unwrap().office;
    let anew = harness.hire_in_procore("00201", |person| person.employee_id = Some("00299".into()));
    link(&harness, anew, "p-202").await;
    let first = harness.try_export().await.unwrap();
    harness.next_day();
    // The wrong link is mended, and what was written for it is deleted by the office.
    let wrong: Vec<_> = harness
        .procore
        .entries()
        .into_iter()
        .filter(|entry| {
            entry.party.is_some_and(|party| {
                linx_core::model::OfficeRef::Worker(linx_core::model::WorkerId(party.get())) == anew
            })
        })
        .map(|entry| entry.id)
        .collect();
    for id in &wrong {
        delete(&harness, *id);
    }
    link(&harness, ben, "p-202").await;
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(
            all_hours(&harness),
            100_00,
            "put back ({} went for the wrong one {:?}): {:#?}",
            wrong.len(),
            told(&first),
            report.changes
        );
        harness.next_day();
    }
}

/// A foreman's entry was adopted as it stands, and the foreman writes a note; the time is gone from ExakTime.
#[tokio::test]
async fn d26_an_adopted_entry_with_a_note_of_the_foremans_stays() {
    let mut harness = exported().await;
    harness.export.other_hands = OtherHands::AdoptEqual;
    add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, "2026-03-04"));
    let id = entry_of(&harness, 202, "2026-03-02", 0);
    let copy = copy_by_hand(&harness, id, |entry| {
        entry.date = day("2026-03-04");
        (entry.origin_id, entry.origin_data) = (None, None);
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report), all_hours(&harness)), (vec![], 112_00));
    harness.next_day();
    office(&harness, copy, |entry| entry.description = Some("mine".into()));
    take(&harness, "p-202", "2026-03-04", 0);
    for _ in 0..3 {
        harness.try_export().await.unwrap();
        harness.next_day();
    }
    assert!(
        harness
            .procore
            .with_state(|state| state.entries[&copy].deleted_at.is_none())
    );
}

/// The office moves an hour from the one part of a split entry to the other.
#[tokio::test]
async fn d16_parts_of_a_split_entry_between_which_the_office_moved_hours_are_not_deleted() {
    let (harness, id, part) = split_of_ben().await;
    office(&harness, part, |entry| entry.hours = Some("2.0".into()));
    office(&harness, id, |entry| entry.hours = Some("2.0".into()));
    take(&harness, "p-202", TUESDAY, 0);
    for _ in 0..3 {
        harness.try_export().await.unwrap();
        harness.next_day();
    }
    let stand = |id: TimecardEntryId| {
        harness
            .procore
            .with_state(|state| state.entries.get(&id).is_some_and(|entry| entry.deleted_at.is_none()))
    };
    assert!(stand(id) && stand(part), "what the office edited was deleted");
}

/// A deletion gets no answer; it was applied, and the office puts the entry back before anybody looks.
#[tokio::test]
async fn b7_an_entry_that_the_office_restored_after_a_cut_deletion_stays() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    let procore = Arc::clone(&harness.procore);
    let deed = Deed::new(move || {
        procore.with_state(|state| state.entries.get_mut(&id).unwrap().deleted_at = None);
    });
    harness
        .procore_faults
        .order(once(Method::DELETE, ENTRIES, 0, Fault::CutAfterThen(deed)));
    for _ in 0..3 {
        harness.try_export().await.unwrap();
        harness.next_day();
    }
    assert!(
        harness
            .procore
            .with_state(|state| state.entries.get(&id).is_some_and(|entry| entry.deleted_at.is_none())),
        "what the office put back was deleted again"
    );
}

/// The office deleted Ben's morning; he is made anew, and it sets his other entries to the new worker, as the advice says.
#[tokio::test]
async fn c17_what_the_office_deleted_does_not_come_back_once_the_others_are_set_to_the_new_worker() {
    for nights in [0, 2] {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        delete(&harness, id);
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 2).await;
        let anew = make_ben_anew(&harness);
        link(&harness, anew, "p-202").await;
        trace.nights(&harness, &two_weeks(), nights).await;
        let OfficeRef::Worker(new) = anew else {
            panic!("{anew:?}")
        };
        harness.procore.with_state(|state| {
            let old = state.entries[&id].party;
            let of_ben = state.entries.values_mut().filter(|entry| entry.party == old);
            for entry in of_ben.filter(|entry| entry.deleted_at.is_none()) {
                entry.party = Some(procore_client::PersonId::new(new.0));
            }
        });
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(104_00);
        assert_eq!(trace.held, 0);
    }
}

/// The office deletes all entries of the worker who has this one.
fn delete_all_of_its_worker(harness: &Harness, id: TimecardEntryId) {
    harness.procore.with_state(|state| {
        let old = state.entries[&id].party;
        for entry in state.entries.values_mut().filter(|entry| entry.party == old) {
            entry.deleted_at = Some(entry.created_at);
        }
    });
}

/// Ben is made anew, and the office deletes his old entries before anybody links the new one: they are written for him.
#[tokio::test]
async fn c17_entries_that_are_deleted_before_the_new_worker_is_linked_are_written_for_it() {
    let harness = exported().await;
    let due = all_hours(&harness);
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let anew = make_ben_anew(&harness);
    harness.try_export().await.unwrap();
    harness.next_day();
    delete_all_of_its_worker(&harness, id);
    for _ in 0..2 {
        harness.try_export().await.unwrap();
        harness.next_day();
    }
    link(&harness, anew, "p-202").await;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(due);
    assert_eq!(trace.held, 0);
}

/// The run that would have asked for it was killed before its report: what the office deletes then is its own decision.
#[tokio::test]
async fn c17_a_run_that_died_before_its_report_has_asked_nobody() {
    for is_killed in [true, false] {
        let harness = exported().await;
        let due = all_hours(&harness);
        let id = entry_of(&harness, 202, TUESDAY, 0);
        let anew = make_ben_anew(&harness);
        link(&harness, anew, "p-202").await;
        // Somebody else has new time, so that there is something to write.
        add_like(&harness, "p-201", "2026-03-02", 0, |record| {
            shift(record, "2026-03-14");
            record.regular_hours = "1.50".into();
        });
        if is_killed {
            harness
                .procore_faults
                .order(once(Method::POST, ENTRIES, 0, Fault::Stall));
            harness.killed_export().await;
        } else {
            harness.try_export().await.unwrap();
        }
        harness.next_day();
        delete_all_of_its_worker(&harness, id);
        let report = harness.try_export().await.unwrap();
        let is_written = all_hours(&harness) == due + 1_50;
        assert_eq!(is_written, !is_killed, "{:?}", report.held);
        assert_eq!(report.held.is_empty(), !is_killed);
    }
}

/// The same with a line beside it that is held all along, since its entry is approved and ExakTime has more.
#[tokio::test]
async fn c17_what_the_office_deleted_beside_a_line_that_is_held_does_not_come_back_for_a_worker_made_anew() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let beside = entry_of(&harness, 202, TUESDAY, 1);
    delete(&harness, id);
    office(&harness, beside, |entry| {
        entry.status = procore_client::timecards::ApprovalStatus::Approved;
    });
    in_time(&harness, "p-202", TUESDAY, 1, |record| {
        record.regular_hours = "5.00".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    assert!(trace.held > 0, "the line beside it is held");
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    let OfficeRef::Worker(new) = anew else {
        panic!("{anew:?}")
    };
    harness.procore.with_state(|state| {
        let old = state.entries[&id].party;
        let of_ben = state.entries.values_mut().filter(|entry| entry.party == old);
        for entry in of_ben.filter(|entry| entry.deleted_at.is_none()) {
            entry.party = Some(procore_client::PersonId::new(new.0));
        }
    });
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.silent.clear();
    trace.judge(104_00);
}
