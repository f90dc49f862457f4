//! Stories of a second adversary, each judged by what somebody would be paid: combinations of corrections, approvals, part
//! reads, files, older ledgers and settings.

use std::collections::BTreeSet;
use std::sync::Arc;

use exaktime_client::csv::{self, CsvFormat};
use exaktime_client::sandbox::TimeRecord;
use http::Method;
use linx_core::export::ExportReport;
use linx_core::hold::Held;
use linx_core::ledger::{Ledger, MemoryLedger};
use linx_core::model::OfficeRef;
use linx_core::plan::Selection;
use linx_core::settings::{OtherHands, WeekStart};
use linx_http::sandbox::{Arrival, Deed, Fault, Order};
use procore_client::sandbox::Entry;
use procore_client::timecards::ApprovalStatus;

use crate::harness::{Harness, day, once, pair, two_weeks};
use crate::small_company::{
    Hundredths, all_hours, by_our_hand, judge_by, judge_days, judge_our_hand, standing, worked,
};

const ENTRIES: &str = "/timecard_entries";

async fn synced() -> Harness {
    let harness = Harness::small_company();
    harness.apply_sync().await;
    harness
}

async fn exported() -> Harness {
    let harness = synced().await;
    harness.judged_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    harness
}

/// Changes the record of somebody's day: 0 is the morning, 1 the afternoon.
fn in_time(harness: &Harness, person: &str, date: &str, half: usize, act: impl FnOnce(&mut TimeRecord)) {
    harness.exaktime.with_state(|state| {
        let mut records = state
            .time_records
            .iter_mut()
            .filter(|record| record.person == person && record.work_date == day(date));
        act(records.nth(half).unwrap());
    });
}

/// Changes the entries of somebody's day, as the office does; the worker's id in Procore ends with the number.
fn in_procore(harness: &Harness, number: u64, date: &str, act: impl Fn(&mut Entry)) {
    harness.procore.with_state(|state| {
        let of_the_day = |entry: &&mut Entry| {
            entry.party.is_some_and(|party| party.get() % 1000 == number) && entry.date == day(date)
        };
        state.entries.values_mut().filter(of_the_day).for_each(act);
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

fn codes(held: &[Held]) -> BTreeSet<&'static str> {
    held.iter().map(|held| held.reason.code()).collect()
}

fn stands(harness: &Harness, number: &str, date: &str) -> i64 {
    standing(harness)
        .get(&(number.to_owned(), day(date)))
        .copied()
        .unwrap_or_default()
}

/// The ledger as it is now, as a copy of its file would be: what comes later is not in it.
async fn copy_of(ledger: &Arc<dyn Ledger>) -> Arc<dyn Ledger> {
    let copy = MemoryLedger::new();
    copy.bind(&pair()).await.unwrap();
    copy.remember_links(&ledger.links().await.unwrap()).await.unwrap();
    let weeks = two_weeks();
    copy.remember_lines(&ledger.lines(weeks.from, weeks.to).await.unwrap())
        .await
        .unwrap();
    Arc::new(copy)
}

fn approve(entry: &mut Entry) {
    entry.status = ApprovalStatus::Approved;
}

#[tokio::test]
async fn d19_time_that_moved_to_another_place_is_not_paid_twice_by_an_export_of_that_place() {
    let harness = exported().await;
    // Ada's morning of 2 March was at the bridge and not at the depot.
    let bridge = location_of(&harness, "p-201", "2026-03-04", 0);
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.location = bridge.clone();
    });
    let selection = Selection {
        locations: vec!["26-102".into()],
        ..two_weeks()
    };
    let result = harness.try_export_of(&selection).await;

    judge_by(&worked(), &harness, &result);
}

const HEADER: &str = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode,Comment\n";

/// Exports the time of a file.
async fn export_file(harness: &Harness, rows: &str) -> ExportReport {
    let text = format!("{HEADER}{rows}");
    let linx = harness.linx_reading(csv::read(text.as_bytes(), &CsvFormat::default()).unwrap());
    let plan = linx.plan_export(&two_weeks()).await.unwrap();
    linx.apply_export(&plan).await.unwrap()
}

#[tokio::test]
async fn d28_a_later_file_that_has_the_time_on_another_code_does_not_pay_it_twice() {
    let harness = synced().await;
    export_file(&harness, "00201,2026-03-02,8.00,,26-101,03-300,\n").await;
    let report = export_file(&harness, "00201,2026-03-02,8.00,,26-101,06-100,\n").await;
    let stands = all_hours(&harness);
    assert!(
        stands == 8_00 || !report.held.is_empty(),
        "{stands} hundredths stand for 8 h, and nobody is told: {:?}",
        report.changes
    );
    assert_eq!(stands, 8_00, "paid twice, although told: {:?}", report.held);
}

/// Today's ledger is lost and yesterday's copy put in its place: what Linx itself wrote meanwhile is no edit of the office's.
#[tokio::test]
async fn b12_yesterdays_ledger_does_not_take_our_own_update_for_the_offices_decision() {
    let mut harness = exported().await;
    let yesterday = copy_of(&harness.ledger).await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    harness.try_export().await.unwrap();
    assert_eq!(stands(&harness, "00201", "2026-03-02"), 7_00);
    harness.ledger = yesterday;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "4.00".into();
    });
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert!(
            stands(&harness, "00201", "2026-03-02") == 8_00 || !report.held.is_empty(),
            "7 h stand for 8 h, and the run ends with 0: {:?}",
            report.left_out
        );
        harness.next_day();
    }
}

/// An entry that Linx deleted and the office put back out of the recycle bin is the office's decision.
#[tokio::test]
async fn b7_an_entry_that_the_office_restored_is_not_deleted_again() {
    let harness = exported().await;
    let mut due = worked();
    harness.exaktime.with_state(|state| state.time_records.remove(0));
    set_due(&mut due, "00201", "2026-03-02", 4_00);
    harness.try_export().await.unwrap();
    harness.next_day();
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 104_00);
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            entry.deleted_at = None;
        }
    });
    assert_eq!(all_hours(&harness), 108_00, "the office has put it back");
    for _ in 0..3 {
        let result = harness.try_export().await;
        judge_days(&due, &BTreeSet::new(), &harness, &result);
        assert_eq!(all_hours(&harness), 108_00, "the office's entry was deleted again");
        harness.next_day();
    }
}

/// The office undoes a correction: it puts the old entry back and deletes the new one.
#[tokio::test]
async fn b7_a_correction_that_the_office_took_back_leaves_somebody_paid() {
    let harness = exported().await;
    let mut facilities = None;
    in_time(&harness, "p-201", "2026-03-03", 1, |record| {
        facilities = record.cost_code.clone();
    });
    in_time(&harness, "p-203", "2026-03-11", 0, |record| {
        record.cost_code = facilities.clone();
    });
    let before: BTreeSet<_> = harness.procore.entries().iter().map(|entry| entry.id).collect();
    harness.try_export().await.unwrap();
    let after: BTreeSet<_> = harness.procore.entries().iter().map(|entry| entry.id).collect();
    harness.procore.with_state(|state| {
        for (id, entry) in &mut state.entries {
            if before.contains(id) {
                entry.deleted_at = None;
            } else if after.contains(id) {
                entry.deleted_at = Some(entry.created_at);
            }
        }
    });

    let stood = stands(&harness, "00203", "2026-03-11");
    for _ in 0..4 {
        let _ = harness.try_export().await;
        assert_eq!(
            stands(&harness, "00203", "2026-03-11"),
            stood,
            "what the office put back is gone"
        );
        harness.next_day();
    }
}

/// One record of somebody else cannot be read; Ben's morning was corrected to another code.
#[tokio::test]
async fn a12_a_correction_beside_an_unreadable_record_of_another_is_not_paid_twice() {
    let harness = exported().await;
    in_time(&harness, "p-204", "2026-03-05", 1, |record| {
        record.regular_hours = "4,00 h".into();
    });
    let mut facilities = None;
    in_time(&harness, "p-201", "2026-03-03", 1, |record| {
        facilities = record.cost_code.clone();
    });
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.cost_code = facilities.clone();
    });
    let result = harness.try_export().await;

    judge_by(&worked(), &harness, &result);
}

/// A plan in which nothing was to do is kept; time comes; applying it does not say that all is well.
#[tokio::test]
async fn b6_a_kept_plan_without_changes_does_not_end_well_when_time_has_come_since() {
    let harness = exported().await;
    let mut due = worked();
    let plan = harness.plan_export().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "2.00".into();
    });
    set_due(&mut due, "00201", "2026-03-02", 6_00);
    harness.wait_seconds(120);
    let result = harness.linx().apply_export(&plan).await;
    judge_days(&due, &BTreeSet::new(), &harness, &result);
}

/// The location of sent time is linked to another place; the same file comes again.
#[tokio::test]
async fn c10_d28_the_same_file_after_its_location_was_linked_elsewhere_is_not_paid_twice() {
    let harness = synced().await;
    let rows = "00201,2026-03-02,8.00,,26-101,03-300,\n";
    export_file(&harness, rows).await;
    let links = harness.ledger.links().await.unwrap();
    let office = |identifier: &str| {
        let link = links.iter().find(|link| {
            matches!(link.office, OfficeRef::Project(_) | OfficeRef::SubJob(..))
                && link.base.get(linx_core::model::Attribute::Identifier) == Some(identifier)
        });
        (link.unwrap().office, link.unwrap().record.clone())
    };
    let ((depot, at_depot), (bridge, _)) = (office("26-101"), office("26-102"));
    let linx = harness.linx();
    linx.unlink(&[depot, bridge]).await.unwrap();
    linx.set_links(&[(bridge, at_depot)]).await.unwrap();
    let report = export_file(&harness, rows).await;

    assert!(
        all_hours(&harness) == 8_00 || !report.held.is_empty(),
        "{} stand for 8 h, and nobody is told",
        all_hours(&harness)
    );
}

/// A project begins to take start and stop; a file with times comes again.
#[tokio::test]
async fn d28_the_same_file_after_its_project_takes_start_and_stop_is_not_paid_twice() {
    let harness = synced().await;
    let format = CsvFormat {
        start: Some("In".into()),
        stop: Some("Out".into()),
        ..CsvFormat::default()
    };
    let text = "udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,udfCostCode,In,Out\n\
                00201,2026-03-02,8.00,,26-101,03-300,07:00,15:00\n";
    let export = async || {
        let linx = harness.linx_reading(csv::read(text.as_bytes(), &format).unwrap());
        let plan = linx.plan_export(&two_weeks()).await.unwrap();
        linx.apply_export(&plan).await.unwrap()
    };
    export().await;
    assert_eq!(all_hours(&harness), 8_00);
    harness.procore.with_state(|state| {
        let projects: Vec<_> = state.projects.keys().copied().collect();
        state.configuration.start_stop_projects = projects;
    });
    let report = export().await;

    assert!(
        all_hours(&harness) == 8_00 || !report.held.is_empty(),
        "{} stand for 8 h, and nobody is told",
        all_hours(&harness)
    );
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

#[tokio::test]
async fn d7_a_week_that_begins_on_another_day_from_now_on_changes_no_line() {
    let mut harness = exported().await;
    let mut due = worked();
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    set_due(&mut due, "00201", "2026-03-02", 7_00);
    let second = Selection::days(day("2026-03-09"), day("2026-03-15"));
    let result = harness.try_export_of(&second).await;
    judge_days(&due, &BTreeSet::new(), &harness, &result);
    harness.export.week_start = WeekStart::Sunday;
    let result = harness.try_export_of(&second).await;
    judge_days(&due, &BTreeSet::new(), &harness, &result);
    let result = harness.try_export().await;
    judge_by(&due, &harness, &result);
    assert_eq!(all_hours(&harness), 107_00);
    let report = harness.try_export_of(&second).await.unwrap();
    assert_eq!(report.held, [], "the week is as it was sent");
}

#[tokio::test]
async fn d26_a_company_that_changes_its_mind_about_other_hands_pays_nobody_twice_in_silence() {
    let mut harness = synced().await;
    harness.export.other_hands = OtherHands::AdoptEqual;
    let foreign = {
        let twin = exported().await;
        twin.procore.entries().into_iter().next().unwrap()
    };
    let id = procore_client::TimecardEntryId::new(crate::small_company::OTHER_HANDS);
    harness.procore.with_state(|state| {
        let entry = Entry {
            id,
            origin_id: None,
            origin_data: None,
            ..foreign
        };
        state.entries.insert(id, entry);
    });
    let rules = [
        OtherHands::AdoptEqual,
        OtherHands::Hold,
        OtherHands::Beside,
        OtherHands::AdoptEqual,
        OtherHands::Hold,
    ];
    for rule in rules {
        harness.export.other_hands = rule;
        let result = harness.try_export().await;
        judge_by(&worked(), &harness, &result);
        assert_eq!(all_hours(&harness), 108_00, "{rule:?}");
        harness.next_day();
    }
    // The foreman takes his entry back, and enters it anew.
    harness.procore.with_state(|state| {
        let mut again = state.entries.remove(&id).unwrap();
        again.id = procore_client::TimecardEntryId::new(id.get() + 1);
        state.entries.insert(again.id, again);
    });
    for rule in rules {
        harness.export.other_hands = rule;
        let result = harness.try_export().await;

        judge_by(&worked(), &harness, &result);
        assert_eq!(all_hours(&harness), 108_00, "{rule:?}");
        harness.next_day();
    }
}

/// A create without an answer arrives late; before that its code is renamed and its time corrected.
#[tokio::test]
async fn a15_c18_a_late_request_under_a_renamed_code_stands_once() {
    let harness = synced().await;
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 3, late));
    harness.killed_export().await;
    harness.procore.with_state(|state| {
        let mut codes = state.company_codes.values_mut();
        let concrete = codes.find(|code| code.name == "Cast-in-Place Concrete");
        concrete.unwrap().code = "310".into();
    });
    for _ in 0..4 {
        let _ = harness.export_at_once().await;

        judge_our_hand(108_00, &harness);
        harness.wait_seconds(70);
    }
}

/// The same, and the time turns out to be another person's.
#[tokio::test]
async fn a15_time_of_a_request_that_may_arrive_is_not_written_for_another_person_meanwhile() {
    let harness = synced().await;
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.person = "p-204".into();
    });
    for _ in 0..3 {
        let _ = harness.export_at_once().await;

        let both = stands(&harness, "00201", "2026-03-02") + stands(&harness, "00204", "2026-03-02");
        assert!(both <= 8_00, "{both} hundredths stand for 8 h");
        harness.wait_seconds(70);
    }
}

#[tokio::test]
async fn d28_a_file_in_which_hours_went_from_one_code_to_another_does_not_pay_them_twice() {
    let harness = synced().await;
    export_file(&harness, "00201,2026-03-02,8.00,,26-101,03-300,\n").await;
    let rows = "00201,2026-03-02,4.00,,26-101,03-300,\n00201,2026-03-02,4.00,,26-101,06-100,\n";
    let report = export_file(&harness, rows).await;

    assert_eq!(all_hours(&harness), 8_00, "{:?}", codes(&report.held));
}

/// The same with ExakTime's own data, while one record of somebody else cannot be read.
#[tokio::test]
async fn a12_hours_that_went_to_another_code_beside_an_unreadable_record_are_not_paid_twice() {
    let harness = exported().await;
    in_time(&harness, "p-204", "2026-03-05", 1, |record| {
        record.regular_hours = "4,00 h".into();
    });
    in_time(&harness, "p-202", "2026-03-02", 0, |record| {
        record.regular_hours = "2.00".into();
    });
    in_time(&harness, "p-202", "2026-03-02", 1, |record| {
        record.regular_hours = "6.00".into();
    });
    let _ = harness.try_export().await;
    judge_our_hand(108_00, &harness);
}

/// A project's codes cannot be read for a while; the company sends time without a code where there is none.
#[tokio::test]
async fn c14_c16_codes_that_cannot_be_read_do_not_erase_the_codes_of_what_was_sent() {
    let mut harness = synced().await;
    harness.export.unresolved_cost_code = linx_core::settings::UnresolvedCostCode::Omit;
    harness.judged_export().await.unwrap();
    let without = |harness: &Harness| {
        harness
            .procore
            .entries()
            .iter()
            .filter(|entry| entry.cost_code.is_none())
            .count()
    };
    assert_eq!(without(&harness), 0);
    let hidden = http::Response::builder()
        .status(403)
        .header("content-type", "application/json")
        .body(bytes::Bytes::from_static(b"{\"errors\":\"Forbidden\"}"))
        .unwrap();
    harness.procore_faults.order(Order {
        method: Some(Method::GET),
        path: "/cost_codes".into(),
        after: 0,
        times: 40,
        fault: Fault::Instead(hidden),
    });
    let _ = harness.try_export().await;
    assert_eq!(without(&harness), 0, "codes were erased");
}

/// A project moves to another zone; one of its entries is approved.
#[tokio::test]
async fn d3_a_project_on_start_and_stop_that_moves_to_another_zone_pays_nobody_twice() {
    let harness = synced().await;
    harness.procore.with_state(|state| {
        let projects: Vec<_> = state.projects.keys().copied().collect();
        state.configuration.start_stop_projects = projects;
    });
    let result = harness.try_export().await;
    judge_by(&worked(), &harness, &result);
    in_procore(&harness, 201, "2026-03-02", approve);
    harness.procore.with_state(|state| {
        for project in state.projects.values_mut() {
            project.time_zone = "Mountain Time (US & Canada)".into();
        }
    });
    for _ in 0..3 {
        let _ = harness.try_export().await;
        judge_our_hand(108_00, &harness);
        harness.next_day();
    }
}

/// In the wait for a limit a foreman types what has not been written yet.
#[tokio::test]
async fn a8_d26_what_a_foreman_enters_while_a_limit_is_waited_for_is_not_written_beside_it() {
    let harness = synced().await;
    let twin = exported().await;
    let last = twin.procore.entries().pop().unwrap();
    let procore = Arc::clone(&harness.procore);
    let typed = Deed::new(move || {
        procore.with_state(|state| {
            let id = procore_client::TimecardEntryId::new(crate::small_company::OTHER_HANDS);
            let entry = Entry {
                id,
                origin_id: None,
                origin_data: None,
                ..last.clone()
            };
            state.entries.insert(id, entry);
        });
    });
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 4, Fault::Then(typed)));
    let limited = http::Response::builder()
        .status(429)
        .header("Retry-After", "3000")
        .body(bytes::Bytes::new())
        .unwrap();
    harness.procore_faults.order(Order {
        method: Some(Method::POST),
        path: ENTRIES.into(),
        after: 5,
        times: 1,
        fault: Fault::Instead(limited),
    });
    let result = harness.try_export().await;

    judge_by(&worked(), &harness, &result);
    assert!(all_hours(&harness) <= 108_00);
}

/// Two machines, each with its own ledger, take turns; ExakTime's time goes down and up again.
#[tokio::test]
async fn b14_two_ledgers_that_take_turns_leave_no_hour_out_in_silence() {
    let mut harness = exported().await;
    let laptop = Arc::clone(&harness.ledger);
    let server: Arc<dyn Ledger> = Arc::new(MemoryLedger::new());
    server.bind(&pair()).await.unwrap();
    server.remember_links(&laptop.links().await.unwrap()).await.unwrap();
    harness.ledger = Arc::clone(&server);
    harness.try_export().await.unwrap();
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 107_00);
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "4.00".into();
    });
    harness.ledger = laptop;
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert!(
            all_hours(&harness) == 108_00 || !report.held.is_empty(),
            "107 h stand for 108 h, and the run ends with 0: {:?}",
            report.left_out
        );
        harness.next_day();
    }
}

/// Two workers swap their numbers in Procore.
#[tokio::test]
async fn c4_two_workers_who_swap_their_numbers_keep_their_own_time() {
    let harness = exported().await;
    harness.procore.with_state(|state| {
        for person in state.people.values_mut() {
            person.employee_id = match person.employee_id.as_deref() {
                Some("00201") => Some("00202".into()),
                Some("00202") => Some("00201".into()),
                _ => continue,
            };
        }
    });
    for _ in 0..3 {
        let _sync = harness.apply_sync().await;

        let _ = harness.try_export().await;
        assert_eq!((all_hours(&harness), by_our_hand(&harness).len()), (108_00, 28));
        harness.next_day();
    }
}

/// The clock was a day ahead when a run was killed, and is right again.
#[tokio::test]
async fn d27_a_clock_that_is_set_back_does_not_hide_a_request_for_ever() {
    let harness = synced().await;
    harness.our_clock.set_ahead(chrono::TimeDelta::days(1));
    let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    harness.our_clock.set_ahead(chrono::TimeDelta::zero());
    for _ in 0..2 {
        let _ = harness.try_export().await;
        judge_our_hand(108_00, &harness);
    }
    assert_eq!(all_hours(&harness), 108_00);
}
