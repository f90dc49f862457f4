//! Whole exports against both sandboxes.

use std::collections::BTreeMap;

use http::Method;
use linx_core::change::LineAction;
use linx_core::hold::Reason;
use linx_core::model::{Hours, RecordId};
use linx_core::settings::Removals;
use linx_http::sandbox::Fault;

use crate::harness::{Harness, once};

const ENTRIES: &str = "/timecard_entries";

async fn synced() -> Harness {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    harness
}

fn by_reason(held: &[linx_core::hold::Held]) -> BTreeMap<Reason, usize> {
    held.iter().fold(BTreeMap::new(), |mut counts, held| {
        *counts.entry(held.reason).or_default() += 1;
        counts
    })
}

#[tokio::test]
async fn d25_two_weeks_are_exported_and_every_hour_is_accounted_for() {
    let harness = synced().await;
    let report = harness.apply_export().await;
    let total = report.account.total();
    assert_eq!(total.read, harness.hours_in_exaktime());
    assert!(total.adds_up() && total.stored > Hours::ZERO);
    let in_procore: i64 = harness
        .procore
        .entries()
        .iter()
        .map(|entry| {
            entry
                .hours
                .as_deref()
                .unwrap()
                .parse::<linx_core::model::CentiHours>()
                .unwrap()
                .hundredths()
        })
        .sum();
    assert_eq!(in_procore * 36, total.stored.seconds());
    assert_eq!(harness.keys_in_procore().len(), report.summary.create);

    let held = by_reason(&report.held);
    for (reason, count) in [
        (Reason::OpenRecord, 1),
        (Reason::DayIncomplete, 1),
        (Reason::LocationNotLinked, 1),
        (Reason::NoLaborType, 1),
        (Reason::CostCodeNotInProject, 1),
        (Reason::EmployeeNotLinked, 1),
    ] {
        assert_eq!(held.get(&reason), Some(&count), "{reason}: {held:?}");
    }
    assert_eq!(held.values().sum::<usize>(), 6);
}

#[tokio::test]
async fn b12_a_second_export_writes_nothing() {
    let harness = synced().await;
    harness.apply_export().await;
    let writes = harness.writes();
    let again = harness.apply_export().await;
    assert!(again.changes.is_empty(), "{:?}", again.changes);
    assert_eq!(harness.writes(), writes);
}

#[tokio::test]
async fn d1_the_night_the_clocks_go_forward_is_an_hour_shorter_in_chicago_than_in_phoenix() {
    let harness = synced().await;
    let report = harness.apply_export().await;
    let night = |employee: &str| {
        let day = report
            .account
            .days()
            .find(|day| day.employee == RecordId(employee.into()) && day.date == crate::harness::day("2026-03-07"));
        day.unwrap().hours.stored
    };
    assert_eq!(night("p-102"), Hours::from_minutes(7 * 60));
    assert_eq!(night("p-101"), Hours::from_minutes(8 * 60));
}

#[tokio::test]
async fn c6_time_of_a_worker_who_left_is_exported() {
    let harness = synced().await;
    let report = harness.apply_export().await;
    let stored: Hours = report
        .account
        .days()
        .filter(|day| day.employee == RecordId("p-127".into()))
        .map(|day| day.hours.stored)
        .sum();
    assert_eq!(stored, Hours::from_minutes(24 * 60));
}

#[tokio::test]
async fn c15_a_worker_whom_the_project_does_not_know_is_held_and_sent_once_it_does() {
    let harness = synced().await;
    let everybody = |state: &mut procore_client::sandbox::State| {
        let all: Vec<_> = state
            .projects
            .keys()
            .flat_map(|project| state.people.keys().map(|person| (*project, *person)))
            .collect();
        state.members.extend(all);
    };
    let ben = procore_client::ids::PersonId::new(562_949_953_430_002);
    harness.procore.with_state(|state| {
        state.configuration.employees_see_all_projects = false;
        everybody(state);
        state.members.retain(|(_, person)| *person != ben);
    });
    let report = harness.apply_export().await;
    let unknown: Vec<_> = report
        .held
        .iter()
        .filter(|held| held.reason == Reason::NotInProject)
        .collect();
    assert!(!unknown.is_empty() && unknown.iter().all(|held| held.detail.contains("p-102")));
    assert_eq!(
        report.summary.failed, 0,
        "Procore is not asked for what it would refuse"
    );
    harness.procore.with_state(everybody);
    let again = harness.apply_export().await;
    assert_eq!((again.summary.create, again.summary.failed), (unknown.len(), 0));
}

#[tokio::test]
async fn b6_what_the_office_did_after_the_plan_was_made_stands() {
    let mut harness = synced().await;
    harness.export.removals = Removals::AtOnce;
    harness.apply_export().await;
    harness.exaktime.with_state(|state| {
        state.time_records[0].regular_hours = "3.50".into();
        state.time_records[2].regular_hours = "3.25".into();
        state.time_records.remove(4);
    });
    let plan = harness.plan_export().await;
    assert_eq!(plan.changes.len(), 3);
    // Somebody is faster than the one who applies the plan.
    let ids: Vec<_> = plan.changes.iter().map(|change| change.entry.unwrap().0).collect();
    harness.procore.with_state(|state| {
        for (id, hours) in [(ids[0], "6.5"), (ids[2], "1.5")] {
            let id = procore_client::ids::TimecardEntryId::new(id);
            state.entries.get_mut(&id).unwrap().hours = Some(hours.into());
        }
    });
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(report.account.check(), Ok(()));
    let reasons = by_reason(&report.held);
    assert_eq!(reasons.get(&Reason::EditedOnBothSides), Some(&1), "{reasons:?}");
    let stands = |id: u64| {
        let id = procore_client::ids::TimecardEntryId::new(id);
        harness.procore.with_state(|state| state.entries[&id].hours.clone())
    };
    assert_eq!(
        (stands(ids[0]).as_deref(), stands(ids[2]).as_deref()),
        (Some("6.5"), Some("1.5"))
    );
    assert_eq!((report.written(), report.summary.failed), (1, 2));
}

#[tokio::test]
async fn b6_an_entry_that_the_office_moved_after_the_plan_was_made_is_not_deleted() {
    let mut harness = synced().await;
    harness.export.removals = Removals::AtOnce;
    harness.apply_export().await;
    harness.exaktime.with_state(|state| state.time_records.remove(4));
    let plan = harness.plan_export().await;
    assert_eq!((plan.changes.len(), plan.changes[0].action), (1, LineAction::Delete));
    let id = procore_client::ids::TimecardEntryId::new(plan.changes[0].entry.unwrap().0);
    harness.procore.with_state(|state| {
        state.entries.get_mut(&id).unwrap().date = crate::harness::day("2026-02-20");
    });
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(by_reason(&report.held).get(&Reason::RemovedButEdited), Some(&1));
    assert!(harness.procore.with_state(|state| state.entries.contains_key(&id)));
}

#[tokio::test]
async fn a11_a_record_without_hours_or_that_cannot_be_read_takes_nothing_away() {
    for spoil in ["8:30", "null"] {
        let harness = synced().await;
        let lines = harness.apply_export().await.summary.create;
        let writes = harness.writes();
        harness.exaktime.with_state(|state| {
            for record in &mut state.time_records[..60] {
                record.regular_hours = spoil.into();
            }
        });
        let report = harness.apply_export().await;
        assert!(report.changes.is_empty(), "{:?}", report.changes);
        assert_eq!(
            by_reason(&report.held).get(&Reason::UnreadableRow),
            Some(&60),
            "{spoil}"
        );
        assert_eq!((harness.writes(), harness.keys_in_procore().len()), (writes, lines));
    }
}

#[tokio::test]
async fn d12_what_procore_rounded_is_told_each_time_and_is_no_edit_of_the_office() {
    let harness = synced().await;
    harness.apply_export().await;
    // As if Procore had rounded when it stored the line.
    let line = harness
        .ledger
        .lines(crate::harness::day("2026-03-02"), crate::harness::day("2026-03-15"))
        .await
        .unwrap()[0]
        .clone();
    let id = procore_client::ids::TimecardEntryId::new(line.entry.0);
    harness
        .procore
        .with_state(|state| state.entries.get_mut(&id).unwrap().hours = Some("4.25".into()));
    let mut answered = line.sent.clone().unwrap();
    answered.hours = "4.25".parse().unwrap();
    let notes = linx_core::ledger::LineNotes {
        answered: Some(Box::new(answered)),
        ..linx_core::ledger::LineNotes::default()
    };
    let remembered = linx_core::ledger::StoredLine {
        employees: std::sync::Arc::default(),
        notes: notes.into(),
        ..line
    };
    harness.ledger.remember_lines(&[remembered]).await.unwrap();
    for _ in 0..2 {
        let report = harness.apply_export().await;
        assert!(report.changes.is_empty());
        assert_eq!(by_reason(&report.held).get(&Reason::StoredDifferently), Some(&1));
        assert!(report.left_out.is_empty());
    }
}

#[tokio::test]
async fn a1_a_line_whose_answer_was_lost_is_found_and_not_sent_again() {
    for fault in [
        Fault::CutAfter,
        Fault::AnswerLost(http::Response::builder().status(503).body(bytes::Bytes::new()).unwrap()),
        Fault::CutBefore,
    ] {
        let harness = synced().await;
        harness.procore_faults.order(once(Method::POST, ENTRIES, 5, fault));
        let report = harness.apply_export().await;
        assert_eq!(report.summary.failed, 0, "{:?}", report.held);
        assert_eq!(harness.keys_in_procore().len(), report.summary.create);
        assert!(harness.apply_export().await.changes.is_empty());
    }
}

#[tokio::test]
async fn a1_a_run_that_is_killed_is_taken_up_and_leaves_each_line_once() {
    for killed_at in [0, 1, 7] {
        let harness = synced().await;
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, killed_at, Fault::Stall));
        let plan = harness.plan_export().await;
        let linx = harness.linx();
        // Dropping the run at the moment its request is stored is what a kill does.
        tokio::select! {
            _ = linx.apply_export(&plan) => panic!("the run was to be killed"),
            () = harness.procore_faults.stalled() => {}
        }
        drop(linx);
        let report = harness.apply_export().await;
        let lines = harness.keys_in_procore().len();
        assert_eq!(lines, plan.changes.len());
        assert_eq!(report.summary.create + report.summary.unchanged, lines);
        assert!(harness.apply_export().await.changes.is_empty());
    }
}

#[tokio::test]
async fn a1_what_cannot_be_read_back_stays_open_and_is_settled_by_the_next_run() {
    let mut harness = synced().await;
    harness.settle.wait = false;
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 2, Fault::CutAfter));
    let plan = harness.plan_export().await;
    // The read-back fails too.
    harness.procore_faults.order(linx_http::sandbox::Order {
        method: Some(Method::GET),
        path: ENTRIES.into(),
        // After the lists before the first write.
        after: 2,
        // As often as the client tries.
        times: 4,
        fault: Fault::Unreachable,
    });
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(by_reason(&report.held).get(&Reason::UnknownOutcome), Some(&1));
    assert_eq!(report.account.check(), Ok(()));
    let again = harness.apply_export().await;
    assert!(again.changes.is_empty(), "it was there all the time");
    assert_eq!(harness.keys_in_procore().len(), plan.changes.len());
}

#[tokio::test]
async fn b9_one_refused_line_is_held_with_procores_words_and_the_others_go_on() {
    let harness = synced().await;
    let words = r#"{"errors":{"base":["mismatched configurable fields"]}}"#;
    let refusal = http::Response::builder().status(422).body(words.into()).unwrap();
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 4, Fault::Instead(refusal)));
    let report = harness.apply_export().await;
    assert_eq!(report.summary.failed, 1);
    let held = report
        .held
        .iter()
        .find(|held| held.reason == Reason::TargetRefused)
        .unwrap();
    assert!(held.detail.contains("mismatched configurable fields"));
    assert!(held.hours.is_some());
    let again = harness.apply_export().await;
    assert_eq!((again.summary.create, again.summary.failed), (1, 0));
}

#[tokio::test]
async fn b10_a_lost_ledger_is_rebuilt_without_a_duplicate() {
    let mut harness = synced().await;
    let lines = harness.apply_export().await.summary.create;
    harness.ledger = std::sync::Arc::new(linx_core::ledger::MemoryLedger::new());
    harness.apply_sync().await;
    let again = harness.apply_export().await;
    assert_eq!((again.changes.len(), again.summary.unchanged), (0, lines));
    assert_eq!(harness.keys_in_procore().len(), lines);
}

#[tokio::test]
async fn d18_what_a_person_did_in_procore_stands() {
    let harness = synced().await;
    harness.apply_export().await;
    let [adjusted, deleted, approved] = [0, 1, 2].map(|n| harness.procore.entries()[n].id);
    harness.procore.with_state(|state| {
        state.entries.get_mut(&adjusted).unwrap().hours = Some("1.25".into());
        state.entries.get_mut(&deleted).unwrap().deleted_at = Some("2026-03-16T00:00:00Z".parse().unwrap());
        state.entries.get_mut(&approved).unwrap().status = procore_client::timecards::ApprovalStatus::Approved;
    });
    let writes = harness.writes();
    let report = harness.apply_export().await;
    assert!(report.changes.is_empty());
    assert_eq!(harness.writes(), writes);
    let left_out = by_reason(&report.left_out);
    assert_eq!(left_out.get(&Reason::AdjustedInOffice), Some(&1));
    assert_eq!(left_out.get(&Reason::DeletedInOffice), Some(&1));
}

#[tokio::test]
async fn d17_a_correction_in_exaktime_becomes_an_update_and_nothing_is_written_twice() {
    let harness = synced().await;
    let lines = harness.apply_export().await.summary.create;
    harness
        .exaktime
        .with_state(|state| state.time_records[0].regular_hours = "3.50".into());
    let report = harness.apply_export().await;
    let actions: Vec<_> = report.changes.iter().map(|change| change.change.action).collect();
    assert_eq!(actions, [LineAction::Update]);
    assert_eq!(harness.keys_in_procore().len(), lines);
    assert!(harness.apply_export().await.changes.is_empty());
}

/// Entries that Procore has acknowledged are known as soon as that is known, whatever their neighbours wait for: what the office does to
/// one of them after a kill is no reason to send it again.
#[tokio::test]
async fn a1_b7_what_is_acknowledged_is_known_also_where_another_request_of_its_group_is_silent() {
    for is_moved in [true, false] {
        let harness = synced().await;
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 7, Fault::Stall));
        let plan = harness.plan_export().await;
        let linx = harness.linx();
        tokio::select! {
            _ = linx.apply_export(&plan) => panic!("the run was to be killed"),
            () = harness.procore_faults.stalled() => {}
        }
        drop(linx);
        let stored = harness.procore.entries();
        let (id, mark) = (stored[0].id, stored[0].origin_data.clone().unwrap());
        harness.procore.with_state(|state| {
            if is_moved {
                state.entries.get_mut(&id).unwrap().date = crate::harness::day("2026-05-20");
            } else {
                // Of what was deleted Procore tells nothing.
                state.entries.remove(&id);
            }
        });
        harness.next_day();
        harness.apply_export().await;
        let stands = harness.procore.entries().into_iter();
        let stands = stands.filter(|entry| entry.origin_data.as_deref() == Some(&mark));
        assert_eq!(stands.count(), usize::from(is_moved));
    }
}
