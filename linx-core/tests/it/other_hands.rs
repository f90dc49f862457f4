//! Time that other hands entered in Procore (hazard D26), and what a lost ledger cannot know any more (hazard B12).

use std::sync::Arc;

use linx_core::change::LineAction;
use linx_core::export::ExportReport;
use linx_core::hold::Reason;
use linx_core::ledger::MemoryLedger;
use linx_core::model::{CentiHours, Hours};
use linx_core::plan::Selection;
use linx_core::settings::OtherHands;
use procore_client::ids::TimecardEntryId;
use procore_client::sandbox::Entry;

use crate::actions::counted;
use crate::harness::{Harness, day, two_weeks};

/// The whole fortnight as another program would have left it: the same hours, without a mark, and nothing in the ledger.
async fn exported_by_another() -> (Harness, ExportReport) {
    let mut harness = Harness::contractor();
    harness.apply_sync().await;
    let report = harness.apply_export().await;
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            (entry.origin_data, entry.origin_id) = (None, None);
        }
    });
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    (harness, report)
}

fn hours_in_procore(harness: &Harness) -> CentiHours {
    let hours = |entry: &Entry| entry.hours.as_deref().unwrap().parse::<CentiHours>().unwrap();
    harness.procore.entries().iter().map(hours).sum()
}

#[tokio::test]
async fn d26_a_fortnight_that_stands_already_is_not_written_beside_itself() {
    let (harness, first) = exported_by_another().await;
    let (writes, stands) = (harness.writes(), hours_in_procore(&harness));
    let report = harness.apply_export().await;
    assert_eq!(report.summary.create, 0);
    assert_eq!(counted(&report.held, Reason::EnteredByAnother), first.summary.create);
    assert_eq!((harness.writes(), hours_in_procore(&harness)), (writes, stands));
    assert_eq!(report.hours.stored, CentiHours::default());
    assert_eq!(
        (report.other_hands.hours, report.other_hands.entries),
        (stands, first.summary.create)
    );
}

#[tokio::test]
async fn d26_what_is_equal_is_adopted_and_later_corrections_go_into_it() {
    let (mut harness, first) = exported_by_another().await;
    harness.export.other_hands = OtherHands::AdoptEqual;
    let (writes, stands) = (harness.writes(), hours_in_procore(&harness));
    let report = harness.apply_export().await;
    assert_eq!(
        (report.summary.create, report.summary.unchanged),
        (0, first.summary.create)
    );
    assert_eq!((report.hours, report.other_hands.entries), (first.hours, 0));
    assert_eq!((harness.writes(), hours_in_procore(&harness)), (writes, stands));
    // The setting is for the cutover; what was adopted stays so.
    harness.export.other_hands = OtherHands::Hold;
    assert!(harness.apply_export().await.changes.is_empty());
    harness
        .exaktime
        .with_state(|state| state.time_records[0].regular_hours = "3.50".into());
    let report = harness.apply_export().await;
    let actions: Vec<_> = report.changes.iter().map(|line| line.change.action).collect();
    assert_eq!(actions, [LineAction::Update]);
    assert!(harness.apply_export().await.changes.is_empty());
    assert_eq!(hours_in_procore(&harness), report.hours.stored);
}

#[tokio::test]
async fn d26_a_person_says_once_that_both_are_right() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let plan = harness.plan_export().await;
    let line = &plan.changes[0];
    let (worker, date) = (line.key.worker, line.key.date);
    let employee = line.view.employee.clone();
    // A foreman has typed the line's hours.
    let report = harness.apply_export().await;
    let id = TimecardEntryId::new(harness.ledger.lines(date, date).await.unwrap()[0].entry.0);
    assert!(report.held.iter().all(|held| held.reason != Reason::EnteredByAnother));
    harness.procore.with_state(|state| {
        state.entries.retain(|one, _| *one == id);
        state.entries.get_mut(&id).unwrap().origin_data = None;
    });
    let mut harness = harness;
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    let held = harness.apply_export().await;
    assert_eq!(counted(&held.held, Reason::EnteredByAnother), 1);
    assert!(held.other_hands.hours > CentiHours::default());

    let said = harness.linx().set_beside(&employee, date, true).await;
    assert_eq!(said.unwrap(), worker);
    let report = harness.apply_export().await;
    assert_eq!(
        (report.summary.create, counted(&report.held, Reason::EnteredByAnother)),
        (1, 0)
    );
    assert_eq!(report.other_hands, held.other_hands, "it is told all the same");
    assert!(report.account.total().stored > Hours::ZERO);
    // The word taken back undoes nothing that stands.
    harness.linx().set_beside(&employee, date, false).await.unwrap();
    let again = harness.apply_export().await;
    assert!(again.changes.is_empty());
    assert_eq!(counted(&again.held, Reason::EnteredByAnother), 1, "and is told again");
}

#[tokio::test]
async fn b12_what_the_office_deleted_is_not_put_back_by_a_ledger_that_never_knew() {
    let mut harness = Harness::contractor();
    harness.apply_sync().await;
    let lines = harness.apply_export().await.summary.create;
    let deleted = harness.procore.entries()[10].id;
    harness.procore.with_state(|state| {
        let entry = state.entries.get_mut(&deleted).unwrap();
        entry.deleted_at = Some("2026-03-17T12:00:00Z".parse().unwrap());
    });
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    let report = harness.apply_export().await;
    let told = report
        .notes
        .iter()
        .filter(|note| note.contains("this ledger never wrote"));
    assert_eq!(told.count(), 1, "{:?}", report.notes);
    // The second run knows the lines, and knows no more of what is not there.
    for report in [report, harness.apply_export().await] {
        assert!(report.changes.is_empty(), "{:?}", report.changes);
        assert_eq!(counted(&report.held, Reason::LostLedger), 1);
        assert_eq!(report.summary.unchanged, lines - 1);
    }

    // What is worked after the newest of these lines was made is no matter of the lost ledger's.
    harness.wait_days(2);
    harness.exaktime.with_state(|state| {
        let mut record = state.time_records[0].clone();
        record.id = "tr-later".into();
        let days = (day("2026-03-18") - record.work_date).num_days();
        record.work_date = day("2026-03-18");
        record.start += chrono::Duration::days(days);
        record.stop = record.stop.map(|stop| stop + chrono::Duration::days(days));
        state.time_records.push(record);
    });
    let with_wednesday = Selection::days(two_weeks().from, day("2026-03-18"));
    let plan = harness.linx().plan_export(&with_wednesday).await.unwrap();
    let dates: Vec<_> = plan.changes.iter().map(|change| change.key.date).collect();
    assert_eq!(
        (dates, counted(&plan.held, Reason::LostLedger)),
        (vec![day("2026-03-18")], 1)
    );

    // A person has compared the days.
    let consent = Selection {
        allow_mass_change: true,
        ..two_weeks()
    };
    let plan = harness.linx().plan_export(&consent).await.unwrap();
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(
        (report.summary.create, counted(&report.held, Reason::LostLedger)),
        (1, 0)
    );
    harness.procore.with_state(|state| state.entries.remove(&deleted));
    let again = harness.apply_export().await;
    assert!(again.changes.is_empty());
    assert_eq!(again.summary.unchanged, lines);
    // From now on a new line of these days is as any other.
    harness
        .exaktime
        .with_state(|state| state.time_records[0].ot1_hours = "0.50".into());
    let plan = harness.plan_export().await;
    assert_eq!(
        (plan.count(LineAction::Create), counted(&plan.held, Reason::LostLedger)),
        (1, 0)
    );
}
