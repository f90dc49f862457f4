//! What happens in every office.

use http::Method;
use linx_core::hold::Reason;
use linx_http::sandbox::{Arrival, Fault};

use crate::harness::{once, two_weeks};
use crate::small_company::{all_hours, exported};
use crate::trial::moves::{Trace, add_like, delete, entry_of, give, office, shift, take};
use crate::trial::stories::{TUESDAY, approve, comes_to_rest, facilities};
use crate::trial::{ENTRIES, in_time, stands};

use super::*;

/// Ben's record in ExakTime is made anew with his number; his time is the new one's, and the morning is on another code.
#[tokio::test]
async fn c17_an_employee_who_is_made_anew_in_exaktime_is_paid_once() {
    for recoded in [false, true] {
        let harness = exported().await;
        let code = facilities(&harness);
        harness.exaktime.with_state(|state| {
            for (table, id) in [(&mut state.persons, "p-202"), (&mut state.employments, "p-202")] {
                let mut record = table.remove(id).unwrap();
                record.insert("personId".into(), "p-302".into());
                table.insert("p-302".into(), record);
            }
            for record in &mut state.time_records {
                if record.person == "p-202" {
                    record.person = "p-302".into();
                }
            }
        });
        if recoded {
            in_time(&harness, "p-302", TUESDAY, 0, |record| record.cost_code = code);
        }
        let mut trace = Trace::default();
        for night in 0..4 {
            harness.apply_sync().await;
            trace.run(&harness, &two_weeks(), &format!("night {night}")).await;
            harness.next_day();
        }
        trace.judge(108_00);
    }
}

/// Ben's number goes to a new hire on both sides; Ben keeps his records under another number.
#[tokio::test]
async fn c17_a_number_that_goes_to_a_new_hire_pays_once() {
    let harness = exported().await;
    harness.procore.with_state(|state| {
        for person in state.people.values_mut() {
            if person.employee_id.as_deref() == Some("00202") {
                person.employee_id = Some("00202X".into());
            }
        }
    });
    harness.hire_in_procore("00201", |person| person.employee_id = Some("00202".into()));
    let mut trace = Trace::default();
    for night in 0..3 {
        harness.apply_sync().await;
        trace.run(&harness, &two_weeks(), &format!("night {night}")).await;
        harness.next_day();
    }
    trace.judge(108_00);
}

/// Two people's mornings were mixed up: office and clerk both swap them.
#[tokio::test]
async fn d19_mornings_that_office_and_clerk_swap() {
    for office_too in [true, false] {
        for approved in [true, false] {
            let harness = exported().await;
            let (ben, cleo) = (entry_of(&harness, 202, TUESDAY, 0), entry_of(&harness, 203, TUESDAY, 0));
            let party = |id| harness.procore.with_state(|state| state.entries[&id].party);
            let (of_ben, of_cleo) = (party(ben), party(cleo));
            if approved {
                approve(&harness, ben);
            }
            if office_too {
                office(&harness, ben, |entry| entry.party = of_cleo);
                office(&harness, cleo, |entry| entry.party = of_ben);
            }
            let (mut one, mut other) = (take(&harness, "p-202", TUESDAY, 0), take(&harness, "p-203", TUESDAY, 0));
            std::mem::swap(&mut one.person, &mut other.person);
            give(&harness, one);
            give(&harness, other);
            let mut trace = Trace::default();
            trace.nights(&harness, &two_weeks(), 3).await;
            trace.judge(108_00);
        }
    }
}

/// Office and clerk both move a morning to Wednesday, and both back.
#[tokio::test]
async fn d19_there_and_back_by_both() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.date = crate::harness::day(WEDNESDAY));
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    office(&harness, id, |entry| entry.date = crate::harness::day(TUESDAY));
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-202", WEDNESDAY, 0, |record| shift(record, TUESDAY));
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    comes_to_rest(&harness, 108_00).await;
}

/// The office moves an entry by a copy, mark and all, and deletes the original; the clerk follows, or not; then the copy is deleted.
#[tokio::test]
async fn d19_an_entry_that_was_moved_by_a_copy() {
    for to_dan_too in [false, true] {
        for follows in [true, false] {
            let harness = exported().await;
            let id = entry_of(&harness, 202, TUESDAY, 0);
            let dan = entry_of(&harness, 204, FRIDAY, 0);
            let party = harness.procore.with_state(|state| state.entries[&dan].party);
            let copy = crate::trial::moves::copy_by_hand(&harness, id, |entry| {
                if to_dan_too {
                    entry.party = party;
                } else {
                    entry.date = crate::harness::day(WEDNESDAY);
                }
            });
            delete(&harness, id);
            let mut trace = Trace::default();
            trace.nights(&harness, &two_weeks(), 2).await;
            if follows && to_dan_too {
                to_dan(&harness);
            } else if follows {
                in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
            }
            trace.nights(&harness, &two_weeks(), 3).await;
            trace.judge(108_00);
            delete(&harness, copy);
            if follows {
                comes_to_rest(&harness, 108_00).await;
            } else {
                let mut trace = Trace::default();
                trace.nights(&harness, &two_weeks(), 3).await;
                trace.judge(104_00);
            }
        }
    }
}

/// The office deletes an entry that Linx had recoded the night before, and puts the older one back; the clerk agrees a night later.
#[tokio::test]
async fn d19_a_recode_that_the_office_took_back_and_the_clerk_after_it() {
    let harness = exported().await;
    let old_entry = entry_of(&harness, 202, TUESDAY, 0);
    let code = facilities(&harness);
    let mut old = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        old = record.cost_code.clone();
        record.cost_code = code.clone();
    });
    harness.try_export().await.unwrap();
    harness.next_day();
    let new_entry = harness.procore.entries().iter().map(|entry| entry.id).max().unwrap();
    office(&harness, old_entry, |entry| entry.deleted_at = None);
    delete(&harness, new_entry);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = old.clone());
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    comes_to_rest(&harness, 108_00).await;
    // And once more the other way.
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = code.clone());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// A hole in the second look: a double of ours under an employee who was made anew in Procore in the meantime.
#[tokio::test]
async fn d19_a_late_request_for_a_worker_who_is_made_anew_meanwhile() {
    let harness = exported().await;
    add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, WEDNESDAY));
    harness.procore_faults.order(once(
        Method::POST,
        ENTRIES,
        0,
        Fault::CutThenApplied(Arrival::OnDelivery),
    ));
    let mut trace = Trace::default();
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    let anew = crate::trial::moves::make_ben_anew(&harness);
    crate::trial::link(&harness, anew, "p-202").await;
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    harness.wait_seconds(60);
    harness.procore_faults.deliver();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(112_00);
}

/// Every night one half of a day is seen, in turn: the entries stay.
#[tokio::test]
async fn d19_halves_of_a_day_that_come_in_turn() {
    let harness = exported().await;
    for _ in 0..3 {
        let morning = take(&harness, "p-202", TUESDAY, 0);
        harness.try_export().await.unwrap();
        harness.next_day();
        give(&harness, morning);
        let mut afternoon = String::new();
        in_time(&harness, "p-202", TUESDAY, 0, |record| afternoon.clone_from(&record.id));
        let gone = take(&harness, "p-202", TUESDAY, 0);
        harness.try_export().await.unwrap();
        harness.next_day();
        give(&harness, gone);
    }
    assert_eq!(all_hours(&harness), 108_00, "{}", stands(&harness, "00202", TUESDAY));
}

/// The office deletes an entry and a clerk recodes its time; the run that holds it goes a second round, since another line got no answer.
#[tokio::test]
async fn d19_what_the_office_deleted_is_told_by_a_run_of_two_rounds() {
    let harness = exported().await;
    delete(&harness, entry_of(&harness, 202, TUESDAY, 0));
    let code = facilities(&harness);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = code);
    add_like(&harness, "p-203", "2026-03-02", 0, |record| {
        shift(record, "2026-03-04");
    });
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::CutBefore));
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    let held: Vec<Reason> = report.held.iter().map(|held| held.reason).collect();
    assert_eq!(held, [Reason::BesideKept], "{:?}", report.held);
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!(report.held, [], "he was told");
}
