//! Entries that are not where they are looked for (hazards A3, B7, C16, D19, D27).

use chrono::TimeDelta;
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;

use super::super::in_time;
use super::super::moves::{Trace, days, delete, entry_of, lack, list_again, office, shift, take};
use super::{TUESDAY, comes_to_rest, recode};
use crate::harness::{day, two_weeks};
use crate::small_company::{all_hours, exported};

/// The office moved an entry to a day that is not read, and the clerk moved its time to another day.
#[tokio::test]
async fn d19_an_entry_that_the_office_moved_far_away_is_not_gone() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.date = day("2026-04-07"));
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The same a week on, where no weeks are read again.
#[tokio::test]
async fn d19_an_entry_that_the_office_moved_to_the_next_week_is_not_gone() {
    let mut harness = exported().await;
    harness.export.reread_weeks = 0;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.date = day("2026-03-12"));
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    let mut trace = Trace::default();
    trace.nights(&harness, &days("2026-03-02", "2026-03-08"), 4).await;
    trace.judge(108_00);
}

/// One list lacks an entry in the night in which its time is gone: the run that saw that list does not say that all is well.
#[tokio::test]
async fn a3_time_that_is_gone_is_told_although_one_list_lacks_its_entry() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    take(&harness, "p-202", TUESDAY, 0);
    lack(&harness, id);
    let report = harness.try_export().await.unwrap();
    list_again(&harness);
    assert!(
        !report.held.is_empty() || all_hours(&harness) == 104_00,
        "{} stand for 104, and nobody is told",
        all_hours(&harness)
    );
}

/// Our clock was ahead by a year when a list first lacked an entry that the office deleted; its time moved to another day.
#[tokio::test]
async fn d27_a_clock_that_was_ahead_once_does_not_hold_for_a_year() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    harness.our_clock.set_ahead(TimeDelta::days(400));
    let _ = harness.try_export().await;
    harness.our_clock.set_ahead(TimeDelta::zero());
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    harness.next_day();
    comes_to_rest(&harness, 108_00).await;
}

/// The same, where the entry stands again, and is gone again later.
#[tokio::test]
async fn b7_another_person_on_the_day_of_a_deleted_entry_is_written() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.person = "p-204".into());
    comes_to_rest(&harness, 108_00).await;
}

/// The office moved an entry far away, and the clerk took its time out.
#[tokio::test]
async fn d19_an_entry_that_the_office_moved_far_away_and_whose_time_is_gone_is_told() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.date = day("2026-04-07"));
    take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    assert_eq!(
        trace.silent,
        Vec::<i64>::new(),
        "108.00 h stand for 104.00, and nobody is told"
    );
}

/// The office moved an entry far away, and the clerk gave its time to another person.
#[tokio::test]
async fn d19_an_entry_that_the_office_moved_far_away_does_not_come_again_for_another_person() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.date = day("2026-04-07"));
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.person = "p-204".into());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// The application loses a project for two nights, while time moves off it; then it is permitted again.
#[tokio::test]
async fn c16_a_project_that_is_hidden_for_some_nights_pays_nothing_twice() {
    let harness = exported().await;
    let id = entry_of(&harness, 203, TUESDAY, 0);
    let project = harness.procore.with_state(|state| state.entries[&id].project);
    harness
        .procore
        .with_state(|state| state.hidden_projects.insert(project, http::StatusCode::FORBIDDEN));
    let mut hall = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        hall.clone_from(&record.location);
    });
    in_time(&harness, "p-203", TUESDAY, 0, |record| {
        record.location = hall;
        shift(record, "2026-03-04");
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    harness.procore.with_state(|state| state.hidden_projects.clear());
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    comes_to_rest(&harness, 108_00).await;
}

/// Everybody's entries of a day that the office gave to another worker far away in time, by two exports of one employee each.
#[tokio::test]
async fn d19_an_entry_that_the_office_gave_to_another_person_far_away_is_not_gone() {
    let harness = exported().await;
    let dan = harness
        .procore
        .with_state(|state| state.entries[&entry_of_dan(state)].party);
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| {
        entry.party = dan;
        entry.date = day("2026-04-07");
    });
    recode(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
}

fn entry_of_dan(state: &procore_client::sandbox::State) -> TimecardEntryId {
    let mut entries = state.entries.values();
    let of = |entry: &&Entry| entry.party.is_some_and(|party| party.get() % 1000 == 204);
    entries.find(of).unwrap().id
}
