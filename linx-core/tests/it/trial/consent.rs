//! What a person's consent and a person's word are for (hazards B5, B12, B17, D26).

use std::collections::BTreeSet;
use std::sync::Arc;

use exaktime_client::sandbox::TimeRecord;
use linx_core::change::LineAction;
use linx_core::ledger::MemoryLedger;
use linx_core::plan::Selection;

use super::{because, codes, enter_by_another_hand, exported, in_procore, stands, synced};
use crate::harness::{Harness, day, two_weeks};
use crate::small_company::{all_hours, by_our_hand};

fn consent() -> Selection {
    Selection {
        allow_mass_change: true,
        ..two_weeks()
    }
}

/// The ledger was lost after the office had deleted Ben's 3 March.
async fn deleted_and_lost() -> Harness {
    let mut harness = exported().await;
    let now = "2026-03-17T12:00:00Z".parse().unwrap();
    in_procore(&harness, 202, "2026-03-03", |entry| entry.deleted_at = Some(now));
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    let report = harness.try_export().await.unwrap();
    assert_eq!(because(&report.held, "lost_ledger").len(), 2, "{:?}", report.held);
    harness
}

/// Sets the hours of all time that is not Ben's 3 March.
fn set_all(harness: &Harness, hours: &str) {
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            if record.person != "p-202" || record.work_date.to_string() != "2026-03-03" {
                record.regular_hours = hours.into();
            }
        }
    });
}

#[tokio::test]
async fn b5_b12_consent_to_a_mass_change_puts_nothing_back_that_the_office_deleted() {
    let harness = deleted_and_lost().await;
    set_all(&harness, "2.00");
    let report = harness.try_export().await.unwrap();
    assert!(!report.refused.is_empty(), "exit 4");
    assert_eq!(because(&report.held, "lost_ledger").len(), 2);

    let report = harness.try_export_of(&consent()).await.unwrap();
    assert_eq!(stands(&harness, "00202", "2026-03-03"), 0, "the office deleted it");
    assert_eq!(all_hours(&harness), 52_00, "all else was consented to");
    assert_eq!(codes(&report.held), BTreeSet::from(["lost_ledger"]));
    // Nothing else needs consent now: it is for these.
    let report = harness.try_export_of(&consent()).await.unwrap();
    assert_eq!((report.summary.create, report.held.len()), (2, 0), "{:?}", report.held);
    assert_eq!(stands(&harness, "00202", "2026-03-03"), 8_00);
}

#[tokio::test]
async fn b12_b17_consent_that_was_given_to_the_guard_is_none_to_a_lost_ledger_later() {
    let harness = deleted_and_lost().await;
    set_all(&harness, "2.00");
    let plan = harness.linx().plan_export(&consent()).await.unwrap();
    assert_eq!(because(&plan.held, "lost_ledger").len(), 2);
    // The feed is whole again before the plan is applied.
    set_all(&harness, "4.00");
    harness.linx().apply_export(&plan).await.unwrap();
    for _ in 0..2 {
        let plan = harness.plan_export().await;
        assert_eq!(plan.count(LineAction::Create), 0);
        assert_eq!(because(&plan.held, "lost_ledger").len(), 2, "{:?}", plan.held);
        harness.try_export().await.unwrap();
        assert_eq!(stands(&harness, "00202", "2026-03-03"), 0);
    }
}

/// Ben worked on another day that the lost ledger had written.
fn another_stretch(harness: &Harness) {
    harness.exaktime.with_state(|state| {
        let of_ben = |record: &&TimeRecord| record.person == "p-202" && record.work_date == day("2026-03-03");
        let mut record = state.time_records.iter().find(of_ben).unwrap().clone();
        let sunday = chrono::TimeDelta::days(5);
        (record.id, record.work_date) = ("tr-sunday".into(), day("2026-03-08"));
        (record.start, record.stop) = (record.start + sunday, record.stop.map(|stop| stop + sunday));
        state.time_records.push(record);
    });
}

#[tokio::test]
async fn b12_consent_that_is_given_person_by_person_is_consent_to_all() {
    let harness = deleted_and_lost().await;
    let people = || harness.exaktime.with_state(|state| state.time_records.clone());
    let people: BTreeSet<String> = people().into_iter().map(|record| record.person).collect();
    let of = |person: &String| Selection {
        employees: vec![person.clone()],
        ..consent()
    };
    let (ben, others) = people.iter().partition::<Vec<_>, _>(|person| *person == "p-202");
    harness.try_export_of(&of(ben[0])).await.unwrap();
    assert_eq!(all_hours(&harness), 108_00, "Ben's 3 March was consented to");
    another_stretch(&harness);
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        codes(&report.held),
        ["lost_ledger"].into(),
        "nobody has compared the others'"
    );
    for person in others {
        harness.try_export_of(&of(person)).await.unwrap();
    }
    let report = harness.try_export().await.unwrap();
    assert_eq!(report.held.len(), 0, "{:?}", report.held);
    assert_eq!(all_hours(&harness), 112_00);
}

/// Ben's phone was off, and the foreman typed his afternoon; then the phone delivers it.
#[tokio::test]
async fn d26_a_word_on_a_day_does_not_cover_hours_that_came_after_it() {
    let harness = synced().await;
    let all = harness.exaktime.with_state(|state| state.time_records.clone());
    harness.exaktime.with_state(|state| {
        let afternoon = |record: &TimeRecord| {
            record.person == "p-202"
                && record.work_date == day("2026-03-03")
                && record.start.to_string().contains("17:30")
        };
        state.time_records.retain(|record| !afternoon(record));
    });
    let typed = by_our_hand(&exported().await)
        .into_iter()
        .filter(|entry| entry.party.unwrap().get() % 1000 == 202 && entry.date == day("2026-03-03"));
    enter_by_another_hand(&harness, typed.skip(1));
    let report = harness.try_export().await.unwrap();
    assert_eq!(codes(&report.held), ["entered_by_another"].into());
    harness
        .linx()
        .set_beside("00202", day("2026-03-03"), true)
        .await
        .unwrap();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (report.held.len(), all_hours(&harness)),
        (0, 108_00),
        "{:?}",
        report.held
    );

    harness.exaktime.with_state(|state| state.time_records = all);
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), 108_00, "4 h by the foreman and 4 h by us");
        assert_eq!(codes(&report.held), ["entered_by_another"].into(), "{:?}", report.held);
        harness.next_day();
    }
    // Who says it again, says it of these.
    harness
        .linx()
        .set_beside("00202", day("2026-03-03"), true)
        .await
        .unwrap();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (report.held.len(), all_hours(&harness)),
        (0, 112_00),
        "{:?}",
        report.held
    );
    // Nor does it cover what another hand enters later.
    enter_by_another_hand(
        &harness,
        by_our_hand(&harness)
            .into_iter()
            .filter(|entry| entry.party.unwrap().get() % 1000 == 202 && entry.date == day("2026-03-03"))
            .take(1),
    );
    let report = harness.try_export().await.unwrap();
    assert_eq!(codes(&report.held), ["entered_by_another"].into(), "{:?}", report.held);
}
