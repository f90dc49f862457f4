//! Where exported hours go when places, people and records change after all (hazards B1, C10, D13, D19, D21).

use std::collections::BTreeMap;

use http::Method;
use linx_core::change::LineAction;
use linx_core::hold::Reason;
use linx_core::ledger::Direction;
use linx_core::model::{CentiHours, HourClass, Hours};
use linx_core::settings::{Guard, Removals};
use linx_http::sandbox::Fault;
use procore_client::ids::ProjectId;

use crate::harness::{Harness, day, once};

const LAKEFRONT: u64 = 316_002;

async fn synced() -> Harness {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    harness
}

#[tokio::test]
async fn c10_time_at_a_project_that_was_closed_is_held_with_the_way_out_and_goes_when_it_is_open() {
    let harness = synced().await;
    let close = |open: bool| {
        harness.procore.with_state(|state| {
            let project = state.projects.get_mut(&ProjectId::new(LAKEFRONT)).unwrap();
            project.active = open;
        });
    };
    close(false);
    let report = harness.apply_export().await;
    let closed: Vec<_> = report
        .held
        .iter()
        .filter(|held| held.reason == Reason::ProjectClosed)
        .collect();
    assert!(!closed.is_empty());
    assert!(closed[0].detail.contains("project:316002"), "{}", closed[0].detail);
    assert!(Reason::ProjectClosed.fix().to_string().contains("Reopen"));
    let in_closed = |entry: &procore_client::sandbox::Entry| entry.project.get() == LAKEFRONT;
    assert!(!harness.procore.entries().iter().any(in_closed));
    close(true);
    let report = harness.apply_export().await;
    assert!(report.summary.create > 0 && harness.procore.entries().iter().any(in_closed));
}

#[tokio::test]
async fn c10_a_location_that_is_linked_to_another_place_takes_its_unsent_time_there() {
    let harness = synced().await;
    harness
        .exaktime
        .with_state(|state| state.time_records.retain(|record| record.person == "p-103"));
    let before = harness.plan_export().await;
    let first = before.changes[0].clone();
    // The place of the link is another sub-job or project from now on: the mapping in force decides.
    let links = harness.ledger.links().await.unwrap();
    let links: Vec<_> = links
        .into_iter()
        .filter(|link| link.kind == linx_core::model::Kind::Location)
        .collect();
    let of = |project: u64| {
        links
            .iter()
            .find(|link| link.office.to_string() == format!("project:{project}"))
            .unwrap()
    };
    let (here, there) = (of(first.key.project.0).clone(), of(316_004).clone());
    harness.ledger.forget_links(&[here.office, there.office]).await.unwrap();
    let moved = linx_core::ledger::Link {
        office: there.office,
        ..here
    };
    harness.ledger.remember_links(&[moved]).await.unwrap();
    let plan = harness.plan_export().await;
    let there = plan.changes.iter().filter(|change| change.key.project.0 == 316_004);
    let held = plan
        .held
        .iter()
        .filter(|held| held.reason == Reason::CostCodeNotInProject);
    assert!(there.count() + held.count() > 0);
    assert!(
        plan.changes
            .iter()
            .all(|change| change.key.project != first.key.project || change.key.sub_job.is_some())
    );
}

#[tokio::test]
async fn d13_three_pieces_of_twenty_minutes_are_an_hour_in_procore() {
    let mut harness = synced().await;
    harness.export.unresolved_cost_code = linx_core::settings::UnresolvedCostCode::Omit;
    let codes = ["cc-03-300", "cc-31-220", "cc-03-100"];
    harness.exaktime.with_state(|state| {
        let template = state
            .time_records
            .iter()
            .find(|record| record.person == "p-103")
            .unwrap()
            .clone();
        let known: Vec<String> = state.cost_codes.keys().cloned().collect();
        state.time_records = codes
            .iter()
            .zip(0..)
            .map(|(code, nth)| {
                let mut record = template.clone();
                record.id = format!("tr-third-{nth}");
                record.cost_code = Some(known.iter().find(|id| id == code).unwrap_or(&known[3 + nth]).clone());
                let start = record.start + chrono::Duration::minutes(20 * i64::try_from(nth).unwrap());
                (record.start, record.stop) = (start, Some(start + chrono::Duration::minutes(20)));
                record.regular_hours = "0.3333333333".into();
                (record.ot1_hours, record.ot2_hours) = ("0".into(), "0".into());
                record
            })
            .collect();
    });
    let report = harness.apply_export().await;
    let mut hours: Vec<CentiHours> = harness
        .procore
        .entries()
        .iter()
        .map(|entry| entry.hours.as_deref().unwrap().parse().unwrap())
        .collect();
    hours.sort();
    assert_eq!(
        hours.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["0.33", "0.33", "0.34"],
        "{:?}",
        report.held
    );
    assert_eq!(report.account.total().stored, Hours::from_minutes(60));
    assert!(
        harness.apply_export().await.changes.is_empty(),
        "the same way each time"
    );
}

#[tokio::test]
async fn d19_a_record_that_moves_takes_its_line_along_and_a_cut_in_between_leaves_it_once() {
    let mut harness = synced().await;
    harness.export.removals = Removals::AtOnce;
    harness.exaktime.with_state(|state| {
        state
            .time_records
            .retain(|record| record.person == "p-103" && record.work_date == day("2026-03-10"));
    });
    harness.apply_export().await;
    let lines = harness.keys_in_procore();
    // The whole day was another day.
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            record.work_date = day("2026-03-11");
            record.start += chrono::Duration::days(1);
            record.stop = record.stop.map(|stop| stop + chrono::Duration::days(1));
        }
    });
    let plan = harness.plan_export().await;
    let actions: Vec<LineAction> = plan.changes.iter().map(|change| change.action).collect();
    assert_eq!(
        actions.iter().filter(|action| **action == LineAction::Delete).count(),
        lines.len()
    );
    assert_eq!(
        actions.iter().filter(|action| **action == LineAction::Create).count(),
        lines.len()
    );

    harness
        .procore_faults
        .order(once(Method::POST, "/timecard_entries", 0, Fault::CutAfter));
    harness.apply_export().await;
    harness.apply_export().await;
    let moved = harness.keys_in_procore();
    assert_eq!(moved.len(), lines.len());
    assert!(moved.iter().all(|key| key.contains(":2026-03-11:")), "{moved:?}");
    assert!(harness.plan_export().await.is_empty());
}

#[tokio::test]
async fn d19_time_that_is_gone_leaves_what_the_office_changed_and_what_others_wrote() {
    let mut harness = synced().await;
    harness.export.removals = Removals::AtOnce;
    harness.exaktime.with_state(|state| {
        state
            .time_records
            .retain(|record| record.person == "p-103" && record.work_date <= day("2026-03-04"));
    });
    harness.apply_export().await;
    let stands = harness.procore.entries().len();
    harness.procore.with_state(|state| {
        let (id, entry) = state.entries.iter_mut().next().unwrap();
        entry.hours = Some("1.25".into());
        let mut strange = entry.clone();
        (strange.origin_data, strange.hours) = (None, Some("2.00".into()));
        let next = procore_client::ids::TimecardEntryId::new(id.get() + 9_000);
        // With one id for two entries the list could not be believed (hazard A3).
        strange.id = next;
        state.entries.insert(next, strange);
    });
    harness.exaktime.with_state(|state| state.time_records.clear());
    harness.export.guard = Guard::OPEN;
    let report = harness.apply_export().await;
    assert_eq!(report.summary.delete, stands - 1);
    assert!(report.held.iter().any(|held| held.reason == Reason::RemovedButEdited));
    let mut left: Vec<String> = harness
        .procore
        .entries()
        .iter()
        .filter_map(|entry| entry.hours.clone())
        .collect();
    left.sort();
    assert_eq!(left, ["1.25", "2.00"]);
}

#[tokio::test]
async fn d21_overtime_stays_at_the_job_where_it_was_worked() {
    let harness = synced().await;
    harness.apply_export().await;
    // By ExakTime: which place each hour of each class belongs to, per person.
    let links = harness.ledger.links().await.unwrap();
    let place = |id: &str| {
        let link = links
            .iter()
            .find(|link| link.kind == linx_core::model::Kind::Location && link.record.as_str() == id);
        link.map(|link| link.office.to_string())
    };
    let plan_keys = harness.keys_in_procore();
    let overtime_keys = plan_keys
        .iter()
        .filter(|key| key.ends_with(HourClass::Overtime.as_str()));
    let mut worked: BTreeMap<String, usize> = BTreeMap::new();
    harness.exaktime.with_state(|state| {
        for record in state
            .time_records
            .iter()
            .filter(|record| record.ot1_hours.parse::<f64>().unwrap_or(0.0) > 0.0)
        {
            if let Some(office) = record.location.as_deref().and_then(place) {
                *worked.entry(office).or_default() += 1;
            }
        }
    });
    let mut count = 0;
    for key in overtime_keys {
        let parts: Vec<&str> = key.split(':').collect();
        let office = match parts[3] {
            "-" => format!("project:{}", parts[2]),
            sub_job => format!("sub-job:{}/{sub_job}", parts[2]),
        };
        assert!(worked.contains_key(&office), "{key} has overtime where none was worked");
        count += 1;
    }
    assert!(count > 0);
}

#[tokio::test]
async fn b1_a_run_killed_at_any_point_ends_like_one_that_was_not() {
    let whole = synced().await;
    whole.apply_export().await;
    let expected = whole.keys_in_procore();
    for after in [0, 1, 7, 40] {
        let harness = synced().await;
        let plan = harness.plan_export().await;
        harness
            .procore_faults
            .order(once(Method::POST, "/timecard_entries", after, Fault::Stall));
        tokio::select! {
            biased;
            _ = async { harness.linx().apply_export(&plan).await } => panic!("it was to be killed"),
            () = harness.procore_faults.stalled() => {}
        }
        harness.procore_faults.clear();
        let open = harness.ledger.open_intents(Direction::Export).await.unwrap();
        assert!(
            (1..=16).contains(&open.len()),
            "what was under way is known, {}",
            open.len()
        );
        harness.apply_export().await;
        assert_eq!(harness.keys_in_procore(), expected, "killed at write {after}");
        assert!(harness.plan_export().await.is_empty());
    }
}

#[tokio::test]
async fn d19_what_moved_is_not_sent_beside_an_entry_that_stays_after_all() {
    let harness = synced().await;
    harness.exaktime.with_state(|state| {
        let of_day = |person: &str, date| person == "p-103" && date == day("2026-03-10");
        state
            .time_records
            .retain(|record| of_day(&record.person, record.work_date));
        state.time_records.truncate(1);
    });
    harness.apply_export().await;
    harness.exaktime.with_state(|state| {
        let record = &mut state.time_records[0];
        std::mem::swap(&mut record.regular_hours, &mut record.ot1_hours);
    });
    let plan = harness.plan_export().await;
    let actions: Vec<LineAction> = plan.changes.iter().map(|change| change.action).collect();
    assert_eq!(actions, [LineAction::Delete, LineAction::Create]);
    // Somebody approves the entry between the plan and its use.
    harness.procore.with_state(|state| {
        let entry = state.entries.values_mut().next().unwrap();
        entry.status = procore_client::timecards::ApprovalStatus::Approved;
    });
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!((report.written(), harness.procore.entries().len()), (0, 1));
    let reasons: Vec<Reason> = report.held.iter().map(|held| held.reason).collect();
    assert!(
        reasons.contains(&Reason::RemovedButEdited) && reasons.contains(&Reason::BesideKept),
        "{reasons:?}"
    );
    assert_eq!(report.account.check(), Ok(()));
}

#[tokio::test]
async fn b6_a_plan_that_was_kept_sends_no_time_that_is_another_by_now() {
    let harness = synced().await;
    let plan = harness.plan_export().await;
    let changed = harness.exaktime.with_state(|state| {
        let record = state
            .time_records
            .iter_mut()
            .find(|record| record.person == "p-103")
            .unwrap();
        record.regular_hours = "1.50".into();
        record.work_date
    });
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(report.account.check(), Ok(()));
    let moved = report.held.iter().filter(|held| held.reason == Reason::StalePlan);
    assert!(moved.count() > 0 && report.written() < plan.changes.len());
    let again = harness.plan_export().await;
    assert!(
        again.changes.iter().all(|change| change.key.date == changed),
        "only that day was left"
    );
    assert!(!again.is_empty());
}
