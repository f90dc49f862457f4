//! Trials of what counts as proof, on the company that can be counted by hand.
//!
//! These tests were written from the hazards and not from the code: each lets something go wrong, and has the judge count
//! what stands.

mod arrivals;
mod consent;
mod days;
mod doubles;
mod edits;
mod everywhere;
mod files;
mod gone;
mod kept;
mod late_own;
mod ledgers;
mod lists;
mod looks;
mod lost;
mod moved_twice;
mod moves;
mod older_ledgers;
mod parts;
mod people;
mod people_script;
mod plans;
mod refreshes;
mod removals;
mod repeated;
mod restored;
mod sent_days;
mod settings;
mod stories;

use crate::small_company::Hundredths;
use crate::small_company::standing;
use std::collections::BTreeSet;

use linx_core::export::ExportReport;
use linx_core::hold::Held;
use linx_core::model::{OfficeRef, RecordId};
use procore_client::TimecardEntryId;
use procore_client::sandbox::{Entry, OriginIds};

use crate::harness::{Harness, day};
use crate::small_company::{OTHER_HANDS, all_hours, by_our_hand, exported, synced};

const ENTRIES: &str = "/timecard_entries";

/// The same twice: Procore takes an id of ours and lets it stand once, or takes none. Nothing may depend on it.
async fn with_and_without_ids_of_ours() -> [Harness; 2] {
    let without = synced().await;
    without
        .procore
        .with_state(|state| state.origin_ids = OriginIds::Numbers);
    [synced().await, without]
}

/// The codes of what is held, each once.
fn codes(held: &[Held]) -> BTreeSet<&'static str> {
    held.iter().map(|held| held.reason.code()).collect()
}

/// What is held for this reason.
fn because<'a>(held: &'a [Held], code: &str) -> Vec<&'a Held> {
    held.iter().filter(|held| held.reason.code() == code).collect()
}

/// The next run finds everything as it should be: 108.00 h stand, nothing is written, and nobody needs to look.
async fn settles(harness: &Harness) -> ExportReport {
    let report = harness.judged_export().await.unwrap();
    assert_eq!(report.held, [], "nothing needs a person");
    assert_eq!(all_hours(harness), 108_00);
    assert_eq!(by_our_hand(harness).len(), 28);
    let again = harness.judged_export().await.unwrap();
    assert_eq!((again.changes.len(), again.held.len()), (0, 0), "{:?}", again.held);
    report
}

/// Another hand enters what these entries say, without any mark of ours.
fn enter_by_another_hand(harness: &Harness, entries: impl IntoIterator<Item = Entry>) {
    harness.procore.with_state(|state| {
        for entry in entries {
            let last = state.entries.keys().next_back().map_or(0, |id| id.get());
            let id = TimecardEntryId::new(OTHER_HANDS.max(last + 1));
            let entry = Entry {
                id,
                origin_id: None,
                origin_data: None,
                ..entry
            };
            state.entries.insert(id, entry);
        }
    });
}

/// Changes every entry of somebody's day, as the office does; the worker's id in Procore ends with the number.
fn in_procore(harness: &Harness, number: u64, date: &str, act: impl Fn(&mut Entry)) {
    harness.procore.with_state(|state| {
        let of_the_day = |entry: &&mut Entry| {
            entry.party.is_some_and(|party| party.get() % 1000 == number) && entry.date == day(date)
        };
        state.entries.values_mut().filter(of_the_day).for_each(act);
    });
}

/// Changes the record of somebody's day: 0 is the morning, 1 the afternoon.
fn in_time(
    harness: &Harness,
    person: &str,
    date: &str,
    half: usize,
    act: impl FnOnce(&mut exaktime_client::sandbox::TimeRecord),
) {
    harness.exaktime.with_state(|state| {
        let mut records = state
            .time_records
            .iter_mut()
            .filter(|record| record.person == person && record.work_date == day(date));
        act(records.nth(half).unwrap());
    });
}

fn location_of(harness: &Harness, person: &str, date: &str, half: usize) -> Option<String> {
    let mut found = None;
    in_time(harness, person, date, half, |record| found.clone_from(&record.location));
    found
}

fn set_due(due: &mut Hundredths, number: &str, date: &str, hours: i64) {
    due.insert((number.to_owned(), day(date)), hours);
}

fn stands(harness: &Harness, number: &str, date: &str) -> i64 {
    standing(harness)
        .get(&(number.to_owned(), day(date)))
        .copied()
        .unwrap_or_default()
}

/// Ben's Tuesday is one line of eight hours, of two records.
async fn one_line_of_ben() -> Harness {
    let harness = synced().await;
    let mut same = None;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        same.clone_from(&record.cost_code);
    });
    in_time(&harness, "p-202", "2026-03-03", 1, |record| record.cost_code = same);
    harness.judged_export().await.unwrap();
    assert_eq!(harness.procore.entries().len(), 27);
    harness
}

/// Links an employee to this worker, and to no other.
async fn link(harness: &Harness, worker: OfficeRef, employee: &str) {
    let old = harness.link_to(employee).await.map(|link| link.office);
    let linx = harness.linx();
    linx.unlink(&old.into_iter().collect::<Vec<_>>()).await.unwrap();
    linx.set_links(&[(worker, RecordId(employee.into()))]).await.unwrap();
}
