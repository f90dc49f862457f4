//! Moves and corrections that meet something else: an unread record, another week, place or person, a request that may still
//! arrive, the office's own moves (hazards A12, A15, B13, C17, D8, D13, D19, D24, D26).

use std::sync::Arc;
use std::time::Duration as Seconds;

use chrono::TimeDelta;
use exaktime_client::sandbox::TimeRecord;
use http::Method;
use linx_core::export::ExportReport;
use linx_core::ledger::MemoryLedger;
use linx_core::model::{OfficeRef, RecordId};
use linx_core::plan::Selection;
use linx_http::sandbox::{Arrival, Fault};
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;
use procore_client::timecards::ApprovalStatus;

use super::{ENTRIES, in_time, link};
use crate::harness::{Harness, day, once, two_weeks};
use crate::small_company::{OTHER_HANDS, all_hours, exported, synced};

/// Moves a record to another day, by as many hours later on it.
pub(super) fn shift(record: &mut TimeRecord, to: &str) {
    let by = day(to).signed_duration_since(record.work_date);
    record.work_date += by;
    record.start += by;
    record.stop = record.stop.map(|stop| stop + by);
}

pub(super) fn add_like(harness: &Harness, person: &str, date: &str, half: usize, act: impl FnOnce(&mut TimeRecord)) {
    let mut new = None;
    in_time(harness, person, date, half, |record| new = Some(record.clone()));
    let mut new = new.unwrap();
    new.id = format!("tr-foe-{}", new.id);
    act(&mut new);
    harness.exaktime.with_state(|state| state.time_records.push(new));
}

pub(super) fn take(harness: &Harness, person: &str, date: &str, half: usize) -> TimeRecord {
    let mut id = String::new();
    in_time(harness, person, date, half, |record| id.clone_from(&record.id));
    harness.exaktime.with_state(|state| {
        let at = state.time_records.iter().position(|record| record.id == id).unwrap();
        state.time_records.remove(at)
    })
}

pub(super) fn give(harness: &Harness, record: TimeRecord) {
    harness.exaktime.with_state(|state| state.time_records.push(record));
}

pub(super) fn entry_of(harness: &Harness, number: u64, date: &str, half: usize) -> TimecardEntryId {
    let mut entries = harness.procore.entries();
    entries.retain(|entry| entry.party.is_some_and(|party| party.get() % 1000 == number) && entry.date == day(date));
    entries.sort_by_key(|entry| entry.id);
    entries[half].id
}

pub(super) fn office(harness: &Harness, id: TimecardEntryId, act: impl FnOnce(&mut Entry)) {
    harness
        .procore
        .with_state(|state| act(state.entries.get_mut(&id).unwrap()));
}

/// A copy by a person, mark and all; returns its id.
pub(super) fn copy_by_hand(harness: &Harness, id: TimecardEntryId, act: impl FnOnce(&mut Entry)) -> TimecardEntryId {
    harness.procore.with_state(|state| {
        let copy = TimecardEntryId::new(OTHER_HANDS);
        let mut entry = state.entries[&id].clone();
        entry.id = copy;
        act(&mut entry);
        state.entries.insert(copy, entry);
        copy
    })
}

/// Lets the lists of Procore lack an entry.
pub(super) fn lack(harness: &Harness, id: TimecardEntryId) {
    harness.procore.with_state(|state| state.unlisted.insert(id));
}

/// The lists of Procore have all entries again.
pub(super) fn list_again(harness: &Harness) {
    harness.procore.with_state(|state| state.unlisted.clear());
}

/// The office deletes an entry.
pub(super) fn delete(harness: &Harness, id: TimecardEntryId) {
    office(harness, id, |entry| entry.deleted_at = Some(entry.created_at));
}

pub(super) fn days(from: &str, to: &str) -> Selection {
    Selection::days(day(from), day(to))
}

pub(super) fn second_week() -> Selection {
    days("2026-03-09", "2026-03-15")
}

/// What happened, for whoever reads the failure.
#[derive(Default)]
pub(super) struct Trace {
    text: Vec<String>,
    most: i64,
    /// Hours that stood after a run that held nothing.
    pub(super) silent: Vec<i64>,
    pub(super) held: usize,
}

impl Trace {
    pub(super) fn note(&mut self, harness: &Harness, what: &str, report: Result<&ExportReport, String>) {
        let stands = all_hours(harness);
        self.most = self.most.max(stands);
        let line = match report {
            Ok(report) => {
                self.held = report.held.len();
                if report.held.is_empty() && report.refused.is_empty() {
                    self.silent.push(stands);
                }
                let held: Vec<String> = report
                    .held
                    .iter()
                    .map(|held| format!("{} {} [{}]", held.reason.code(), held.subject.id(), held.detail))
                    .collect();
                let left: Vec<String> = report
                    .left_out
                    .iter()
                    .filter(|left| left.reason.code() != "zero_hours")
                    .map(|left| format!("{} {}", left.reason.code(), left.subject.id()))
                    .collect();
                let changes: Vec<String> = report
                    .changes
                    .iter()
                    .map(|line| format!("{} {} {:?}", line.change.action.as_str(), line.change.key, line.result))
                    .collect();
                let changes = if changes.len() > 8 {
                    vec![format!("{} changes", changes.len())]
                } else {
                    changes
                };
                format!(
                    "{what}: {stands} stand; held {held:#?}; left out {left:?}; changes {changes:?}; refused {:?}; notes {:?}",
                    report.refused, report.notes
                )
            }
            Err(error) => format!("{what}: {stands} stand; error {error}"),
        };
        self.text.push(line);
    }

    pub(super) async fn run(&mut self, harness: &Harness, selection: &Selection, what: &str) {
        let result = harness.try_export_of(selection).await;
        self.note(harness, what, result.as_ref().map_err(ToString::to_string));
    }

    pub(super) async fn nights(&mut self, harness: &Harness, selection: &Selection, nights: usize) {
        for night in 0..nights {
            self.run(harness, selection, &format!("night {night}")).await;
            harness.next_day();
        }
    }

    /// No more than `due` stood after any run, and a run that held nothing left just that.
    pub(super) fn judge(&self, due: i64) {
        let text = self.text.join("\n");
        assert!(self.most <= due, "PAID TWICE: {} stood for {due}\n{text}", self.most);
        assert!(
            self.silent.iter().all(|stands| *stands == due),
            "IN SILENCE: {:?} stood for {due}\n{text}",
            self.silent
        );
    }
}

pub(super) fn make_ben_anew(harness: &Harness) -> OfficeRef {
    let ben = harness.procore.with_state(|state| {
        let mut people = state.people.values();
        people
            .find(|person| person.employee_id.as_deref() == Some("00202"))
            .cloned()
    });
    harness.dismiss_in_procore("00202");
    harness.hire_in_procore("00201", |person| *person = ben.unwrap())
}

/// Office and clerk both correct a date by more weeks than are read again.
#[tokio::test]
async fn d26_an_entry_and_its_time_that_both_moved_by_five_weeks_are_paid_once() {
    let harness = exported().await;
    harness.wait_days(30);
    let id = entry_of(&harness, 202, "2026-03-03", 0);
    office(&harness, id, |entry| entry.date = day("2026-04-07"));
    in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-04-07"));
    let mut trace = Trace::default();
    trace.nights(&harness, &days("2026-04-06", "2026-04-12"), 3).await;
    trace.nights(&harness, &days("2026-03-02", "2026-04-12"), 2).await;
    trace.judge(108_00);
}

/// The same over one week where no weeks are read again.
#[tokio::test]
async fn d26_the_same_without_weeks_that_are_read_again() {
    let mut harness = exported().await;
    harness.export.reread_weeks = 0;
    let id = entry_of(&harness, 202, "2026-03-03", 0);
    office(&harness, id, |entry| entry.date = day("2026-03-12"));
    in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-12"));
    let mut trace = Trace::default();
    trace.nights(&harness, &second_week(), 3).await;
    trace.judge(108_00);
}

/// A foreman copies an old entry of ours, mark and all, to a day that the clock has too.
#[tokio::test]
async fn d26_a_copy_of_an_old_entry_is_another_hands_where_it_stands() {
    let harness = exported().await;
    harness.wait_days(30);
    let id = entry_of(&harness, 202, "2026-03-03", 0);
    copy_by_hand(&harness, id, |entry| entry.date = day("2026-04-07"));
    add_like(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-04-07"));
    let mut trace = Trace::default();
    trace.nights(&harness, &days("2026-04-06", "2026-04-12"), 3).await;
    // And the old week afterwards.
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(112_00);
}

/// Time moved to the week that is exported, while one record of somebody else cannot be read.
#[tokio::test]
async fn a12_time_that_moved_over_the_week_beside_an_unreadable_record_is_paid_once() {
    let harness = exported().await;
    in_time(&harness, "p-204", "2026-03-10", 1, |record| {
        record.regular_hours = "4,00 h".into();
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-12"));
    let mut trace = Trace::default();
    trace.nights(&harness, &second_week(), 3).await;
    trace.judge(108_00);
}

async fn to_another_place(selection: Selection) {
    let harness = exported().await;
    let mut bridge = None;
    in_time(&harness, "p-201", "2026-03-04", 0, |record| {
        bridge.clone_from(&record.location);
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        shift(record, "2026-03-12");
        record.location = bridge;
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &selection, 2).await;
    trace
        .nights(
            &harness,
            &Selection {
                locations: vec![],
                ..selection
            },
            1,
        )
        .await;
    trace.judge(108_00);
}

/// Time moved to another place and week; only that place is exported, of that week.
#[tokio::test]
async fn d19_time_that_moved_to_another_place_and_week_is_paid_once() {
    to_another_place(Selection {
        locations: vec!["26-102".into()],
        ..second_week()
    })
    .await;
}

/// A worker is made anew; time moves from the week sent for the old one to a week that is exported for this person alone.
#[tokio::test]
async fn c17_time_that_moved_off_an_old_workers_week_is_paid_once_where_one_person_is_asked_for() {
    let harness = exported().await;
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-12"));
    let mut trace = Trace::default();
    let one = Selection {
        employees: vec!["00202".into()],
        ..days("2026-03-12", "2026-03-12")
    };
    trace.nights(&harness, &one, 2).await;
    trace.judge(108_00);
}

pub(super) fn somebody_unlinked(harness: &Harness) {
    harness.exaktime.with_state(|state| {
        for (table, id) in [(&mut state.persons, "p-202"), (&mut state.employments, "p-202")] {
            let mut record = table[id].clone();
            record.insert("personId".into(), "p-205".into());
            if record.contains_key("employeeIdentifier") {
                record.insert("employeeIdentifier".into(), "00205".into());
            }
            table.insert("p-205".into(), record);
        }
    });
}

async fn shared_line() -> Harness {
    let mut harness = synced().await;
    let mut place = None;
    in_time(&harness, "p-203", "2026-03-11", 0, |record| {
        place = Some((record.location.clone(), record.cost_code.clone()));
    });
    harness.export.same_person = [("00204".to_owned(), "00203".to_owned())].into();
    in_time(&harness, "p-204", "2026-03-10", 0, |record| {
        (record.location, record.cost_code) = place.unwrap();
        shift(record, "2026-03-11");
        record.start += TimeDelta::hours(12);
        record.stop = record.stop.map(|stop| stop + TimeDelta::hours(12));
    });
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    harness
}

/// Two employees shared a line; one is unlinked, and only the other is exported.
#[tokio::test]
async fn d8_a_shared_line_is_not_lowered_in_silence_by_an_export_of_one_of_them() {
    let mut harness = shared_line().await;
    harness.export.same_person.clear();
    let dan = harness.link_to("p-204").await.unwrap();
    harness.linx().unlink(&[dan.office]).await.unwrap();
    let one = Selection {
        employees: vec!["00203".into()],
        ..two_weeks()
    };
    let mut trace = Trace::default();
    trace.nights(&harness, &one, 2).await;
    trace.judge(108_00);
}

/// The same where the other counts as another worker now.
#[tokio::test]
async fn d8_a_shared_line_is_not_lowered_in_silence_where_the_other_is_another_worker() {
    let mut harness = shared_line().await;
    harness.export.same_person.clear();
    let one = Selection {
        employees: vec!["00203".into()],
        ..two_weeks()
    };
    let mut trace = Trace::default();
    trace.nights(&harness, &one, 2).await;
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// One record of a half-read day is missing, and a hundredth moves to the other line.
#[tokio::test]
async fn d13_a_hundredth_that_moves_is_no_proof_of_a_correction() {
    let harness = synced().await;
    for half in 0..2 {
        in_time(&harness, "p-202", "2026-03-03", half, |record| {
            record.regular_hours = "4.3333".into();
        });
    }
    add_like(&harness, "p-202", "2026-03-03", 0, |record| {
        record.start -= TimeDelta::hours(6);
        record.stop = record.stop.map(|stop| stop - TimeDelta::hours(6));
        record.cost_code = None;
    });
    let mut facilities = None;
    in_time(&harness, "p-201", "2026-03-03", 1, |record| {
        facilities.clone_from(&record.cost_code);
    });
    in_time(&harness, "p-202", "2026-03-03", 2, |record| {
        record.cost_code = facilities;
    });
    harness.try_export().await.unwrap();
    let due = all_hours(&harness);
    for missing in 0..3 {
        let gone = take(&harness, "p-202", "2026-03-03", missing);
        let mut trace = Trace::default();
        trace.run(&harness, &two_weeks(), "half read").await;
        give(&harness, gone);
        trace.judge(due);
        harness.try_export().await.unwrap();
    }
}

/// A create is under way when its run is killed; its time turns out to be another person's.
#[tokio::test]
async fn a15_time_that_may_still_arrive_is_not_written_for_another_person() {
    let harness = exported().await;
    add_like(&harness, "p-201", "2026-03-02", 0, |record| shift(record, "2026-03-11"));
    let late = Fault::StallThenApplied(Arrival::AfterTime(Seconds::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    in_time(&harness, "p-201", "2026-03-11", 0, |record| {
        record.person = "p-204".into();
    });
    let mut trace = Trace::default();
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    harness.wait_seconds(130);
    harness.procore_faults.deliver();
    trace.note(&harness, "arrived", Err("nothing ran".into()));
    trace.run(&harness, &two_weeks(), "later").await;
    trace.judge(112_00);
}

/// The same, and the next run waits.
#[tokio::test]
async fn a15_the_same_where_the_next_run_waits() {
    let harness = exported().await;
    add_like(&harness, "p-201", "2026-03-02", 0, |record| shift(record, "2026-03-11"));
    let late = Fault::StallThenApplied(Arrival::AfterTime(Seconds::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    in_time(&harness, "p-201", "2026-03-11", 0, |record| {
        record.person = "p-204".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(112_00);
}

/// Two stretches move off entries that are kept: the first to another person, the second to another day.
#[tokio::test]
async fn d19_two_moves_at_once_are_both_held() {
    two_moves(true).await;
}

/// The same where nothing keeps the entries but the wait for another refresh.
#[tokio::test]
async fn d19_two_moves_at_once_are_both_held_until_the_next_refresh() {
    two_moves(false).await;
}

async fn two_moves(approved: bool) {
    {
        let harness = exported().await;
        if approved {
            for date in ["2026-03-02", "2026-03-03"] {
                let id = entry_of(&harness, 202, date, 0);
                office(&harness, id, |entry| entry.status = ApprovalStatus::Approved);
            }
        }
        // Ben's morning of the 2nd was Dan's; his morning of the 3rd was on the 4th.
        in_time(&harness, "p-202", "2026-03-02", 0, |record| {
            record.person = "p-204".into();
        });
        in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-04"));
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(108_00);
    }
}

/// The office deleted an entry of a week, whose time is gone; later other time of that week moves to the next.
#[tokio::test]
async fn d24_time_that_moved_out_of_a_week_of_which_an_entry_was_deleted_is_paid_once() {
    for two in [true, false] {
        let harness = exported().await;
        if two {
            let id = entry_of(&harness, 202, "2026-03-02", 0);
            delete(&harness, id);
            take(&harness, "p-202", "2026-03-02", 0);
        }
        in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-12"));
        let mut trace = Trace::default();
        trace.nights(&harness, &second_week(), 3).await;
        trace.judge(if two { 104_00 } else { 108_00 });
    }
}

/// A new line of one person beside another's of the same day, place and code, where only the first is asked for.
#[tokio::test]
async fn d19_new_time_of_one_person_who_is_asked_for_is_written() {
    let harness = exported().await;
    add_like(&harness, "p-202", "2026-03-03", 0, |record| {
        record.person = "p-204".into();
    });
    let one = Selection {
        employees: vec!["00204".into()],
        ..two_weeks()
    };
    let mut trace = Trace::default();
    trace.nights(&harness, &one, 1).await;
    assert_eq!(all_hours(&harness), 112_00, "{}", trace.text.join("\n"));
}

/// A foreman has typed late time of a sent week, which is held; other time of that week moves to the week that is exported.
#[tokio::test]
async fn d26_late_time_that_a_foreman_typed_does_not_stand_for_time_that_moved() {
    let harness = exported().await;
    add_like(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-04"));
    let id = entry_of(&harness, 202, "2026-03-03", 0);
    copy_by_hand(&harness, id, |entry| {
        entry.date = day("2026-03-04");
        (entry.origin_id, entry.origin_data) = (None, None);
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-12"));
    trace.nights(&harness, &second_week(), 3).await;
    trace.judge(112_00);
}

/// A raise is under way when its run is killed; what was raised turns out to be another person's.
#[tokio::test]
async fn a15_a_raise_that_may_still_arrive_is_not_written_for_another_person() {
    let harness = exported().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "6.00".into();
    });
    let late = Fault::StallThenApplied(Arrival::AfterTime(Seconds::from_secs(100)));
    harness.procore_faults.order(once(Method::PATCH, ENTRIES, 0, late));
    harness.killed_export().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "4.00".into();
    });
    add_like(&harness, "p-201", "2026-03-02", 0, |record| {
        record.person = "p-204".into();
        record.stop = Some(record.start + TimeDelta::hours(2));
        record.regular_hours = "2.00".into();
    });
    let mut trace = Trace::default();
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    harness.wait_seconds(130);
    harness.procore_faults.deliver();
    trace.note(&harness, "arrived", Err("nothing ran".into()));
    trace.run(&harness, &two_weeks(), "later").await;
    trace.judge(110_00);
}

/// The office moved an entry over to another person's day that lies weeks later; the clerk did the same.
#[tokio::test]
async fn d26_an_entry_that_both_gave_to_another_person_weeks_later_is_paid_once() {
    let harness = exported().await;
    harness.wait_days(30);
    let dan = harness
        .procore
        .with_state(|state| state.entries[&entry_id(state, 204)].party);
    let id = entry_of(&harness, 202, "2026-03-03", 0);
    office(&harness, id, |entry| {
        entry.date = day("2026-04-07");
        entry.party = dan;
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        shift(record, "2026-04-07");
        record.person = "p-204".into();
    });
    let mut trace = Trace::default();
    trace.nights(&harness, &days("2026-04-06", "2026-04-12"), 2).await;
    trace.judge(108_00);
}

fn entry_id(state: &procore_client::sandbox::State, number: u64) -> TimecardEntryId {
    let mut entries = state.entries.values();
    let of = |entry: &&Entry| entry.party.is_some_and(|party| party.get() % 1000 == number);
    entries.find(of).unwrap().id
}

/// A lost ledger: the office moved an entry before, and the clerk did too; only the later week is exported.
#[tokio::test]
async fn d26_an_entry_that_both_moved_before_the_ledger_was_lost_is_paid_once() {
    let mut harness = exported().await;
    harness.export.reread_weeks = 0;
    let id = entry_of(&harness, 202, "2026-03-03", 0);
    office(&harness, id, |entry| entry.date = day("2026-03-12"));
    in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-12"));
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    let mut trace = Trace::default();
    trace.nights(&harness, &second_week(), 2).await;
    trace.judge(108_00);
}

/// As above; somebody who is linked to nobody has time in both weeks.
#[tokio::test]
async fn c17_time_that_moved_off_an_old_workers_week_beside_somebody_unlinked_in_both_weeks_is_paid_once() {
    let harness = exported().await;
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    somebody_unlinked(&harness);
    add_like(&harness, "p-203", "2026-03-02", 0, |record| {
        record.person = "p-205".into();
    });
    add_like(&harness, "p-203", "2026-03-03", 0, |record| {
        record.person = "p-205".into();
        shift(record, "2026-03-09");
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| shift(record, "2026-03-12"));
    let mut trace = Trace::default();
    trace.nights(&harness, &days("2026-03-12", "2026-03-12"), 2).await;
    trace.judge(108_00);
}

/// The same where the old worker stays, and the link was wrong: the time was sent for Dan.
#[tokio::test]
async fn a15_time_that_may_still_arrive_is_not_written_for_the_right_worker() {
    let harness = synced().await;
    let ben = harness.link_to("p-202").await.unwrap().office;
    let dan = harness.link_to("p-204").await.unwrap().office;
    harness.exaktime.with_state(|state| {
        state
            .time_records
            .retain(|record| record.person == "p-202" && record.work_date == day("2026-03-03"));
        state.time_records.truncate(1);
    });
    let linx = harness.linx();
    linx.unlink(&[ben, dan]).await.unwrap();
    linx.set_links(&[(dan, RecordId("p-202".into()))]).await.unwrap();
    let late = Fault::StallThenApplied(Arrival::AfterTime(Seconds::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    linx.unlink(&[dan]).await.unwrap();
    linx.set_links(&[(ben, RecordId("p-202".into())), (dan, RecordId("p-204".into()))])
        .await
        .unwrap();
    let mut trace = Trace::default();
    trace.run(&harness, &two_weeks(), "waits as it does").await;
    harness.wait_seconds(130);
    harness.procore_faults.deliver();
    trace.note(&harness, "arrived", Err("nothing ran".into()));
    trace.run(&harness, &two_weeks(), "later").await;
    trace.judge(4_00);
}

/// Two nights of which each lacks another half: what comes back in the second is no correction.
#[tokio::test]
async fn b13_what_comes_back_is_no_proof_that_something_else_is_gone() {
    let harness = synced().await;
    let mut codes = Vec::new();
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        codes.push(record.cost_code.clone());
    });
    in_time(&harness, "p-201", "2026-03-03", 1, |record| {
        codes.push(record.cost_code.clone());
    });
    // Two records are one line of 8 h, and a third is another line.
    in_time(&harness, "p-202", "2026-03-03", 1, |record| {
        record.cost_code.clone_from(&codes[0]);
    });
    add_like(&harness, "p-202", "2026-03-03", 1, |record| {
        record.start += TimeDelta::hours(5);
        record.stop = record.stop.map(|stop| stop + TimeDelta::hours(5));
        record.cost_code.clone_from(&codes[1]);
    });
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 112_00);
    let mut trace = Trace::default();
    let gone = take(&harness, "p-202", "2026-03-03", 1);
    trace.run(&harness, &two_weeks(), "one half").await;
    give(&harness, gone);
    harness.next_day();
    let id = "tr-foe-";
    let other = harness.exaktime.with_state(|state| {
        let at = state
            .time_records
            .iter()
            .position(|record| record.id.starts_with(id))
            .unwrap();
        state.time_records.remove(at)
    });
    trace.silent.clear();
    trace.run(&harness, &two_weeks(), "the other half").await;
    give(&harness, other);
    trace.judge(112_00);
}
