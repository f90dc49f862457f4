//! Time that is gone from ExakTime, or less than was sent: what proves that it was removed, and what needs consent.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use exaktime_client::sandbox::{State, TimeRecord};
use linx_core::LinxError;
use linx_core::change::LineAction;
use linx_core::export::ExportReport;
use linx_core::hold::{Held, Reason};
use linx_core::model::{Attributes, Kind, Record, RecordId, Refresh, TimeRecord as Time, Zone};
use linx_core::plan::{Becoming, Selection};
use linx_core::ports::{AttributeWrite, FailureKind, Field, PortError, Snapshot};
use linx_core::settings::{Guard, Removals};

use crate::harness::{Harness, day, two_weeks};

/// The time of two people in the second week, exported.
async fn exported() -> Harness {
    exported_of(&["p-103", "p-104"]).await
}

async fn exported_of(people: &[&str]) -> Harness {
    let harness = Harness::contractor();
    harness.exaktime.with_state(|state| {
        let kept = |record: &TimeRecord| people.contains(&record.person.as_str());
        let week = day("2026-03-09")..=day("2026-03-15");
        state
            .time_records
            .retain(|record| kept(record) && week.contains(&record.work_date));
    });
    harness.apply_sync().await;
    let report = harness.apply_export().await;
    assert!(
        report.held.is_empty() && report.summary.create > 8,
        "{:?}",
        report.summary
    );
    harness
}

/// Applies an export of one day.
async fn export_day(harness: &Harness, date: &str) -> ExportReport {
    let plan = harness
        .linx()
        .plan_export(&Selection::days(day(date), day(date)))
        .await
        .unwrap();
    harness.linx().apply_export(&plan).await.unwrap()
}

/// Takes records out of the warehouse.
fn take(harness: &Harness, gone: impl Fn(&TimeRecord) -> bool) -> Vec<TimeRecord> {
    harness.exaktime.with_state(|state: &mut State| {
        let (gone, kept) = std::mem::take(&mut state.time_records).into_iter().partition(gone);
        state.time_records = kept;
        gone
    })
}

fn of<'a>(person: &'a str, date: &'a str) -> impl Fn(&TimeRecord) -> bool + 'a {
    move |record| record.person == person && record.work_date == day(date)
}

fn held(report: &ExportReport, reason: Reason) -> Vec<&Held> {
    report.held.iter().filter(|held| held.reason == reason).collect()
}

fn waiting(report: &ExportReport) -> usize {
    held(report, Reason::AwaitsRefresh).len()
}

#[tokio::test]
async fn b13_two_empty_nights_delete_nothing() {
    let harness = exported().await;
    let lines = harness.keys_in_procore().len();
    take(&harness, |_| true);
    let report = harness.apply_export().await;
    assert_eq!((report.summary.delete, waiting(&report)), (0, lines), "told, and held");
    harness.wait_days(1);
    let report = harness.apply_export().await;
    assert_eq!(
        (report.summary.delete, waiting(&report)),
        (0, lines),
        "the same emptiness is no second refresh"
    );
}

#[tokio::test]
async fn b5_an_empty_feed_needs_consent_after_two_refreshes_too_and_for_a_few_lines() {
    let mut harness = exported().await;
    take(&harness, |record| record.work_date == day("2026-03-10"));
    assert_eq!(waiting(&export_day(&harness, "2026-03-10").await), 4);
    harness.next_day();
    let report = export_day(&harness, "2026-03-10").await;
    assert_eq!(
        (report.changes.len(), held(&report, Reason::GuardRefused).len()),
        (0, 4),
        "4 of 22 lines would pass, if the day were not empty"
    );
    assert_eq!(
        (report.refused[0].becoming, report.refused[0].limit),
        (Becoming::Reduced, None)
    );
    harness.export.guard = Guard::OPEN;
    assert_eq!(export_day(&harness, "2026-03-10").await.summary.delete, 4);
}

#[tokio::test]
async fn b13_a_line_waits_for_another_refresh_and_is_held_with_its_hours_meanwhile() {
    let harness = exported().await;
    let gone = take(&harness, of("p-103", "2026-03-10"));
    let report = harness.apply_export().await;
    assert_eq!((report.changes.len(), waiting(&report)), (0, 2));
    for held in held(&report, Reason::AwaitsRefresh) {
        assert!(
            held.subject.id().contains(":2026-03-10:") && held.detail.contains(" h in entry "),
            "{held:?}"
        );
    }
    harness.wait_days(1);
    let report = harness.apply_export().await;
    assert_eq!(
        (report.changes.len(), waiting(&report)),
        (0, 2),
        "our calendar is no refresh"
    );

    // It was a half-read night: the time is back, and nothing happened.
    harness.exaktime.with_state(|state| state.time_records.extend(gone));
    harness.next_day();
    let report = harness.apply_export().await;
    assert_eq!((report.changes.len(), waiting(&report)), (0, 0));

    take(&harness, of("p-103", "2026-03-10"));
    let report = harness.apply_export().await;
    assert_eq!((report.changes.len(), waiting(&report)), (0, 2), "counted anew");
    harness.next_day();
    let report = harness.apply_export().await;
    assert_eq!((report.summary.delete, waiting(&report)), (2, 0));
}

/// ExakTime behind a connection that says nothing of its refreshes, for this reason.
struct Undated(Arc<dyn Field>, FailureKind);

#[async_trait]
impl Field for Undated {
    async fn records(&self, kind: Kind) -> Result<Snapshot<Record>, PortError> {
        self.0.records(kind).await
    }

    async fn create(&self, kind: Kind, attributes: &Attributes) -> Result<RecordId, PortError> {
        self.0.create(kind, attributes).await
    }

    async fn update(&self, kind: Kind, id: &RecordId, writes: &[AttributeWrite]) -> Result<(), PortError> {
        self.0.update(kind, id, writes).await
    }

    async fn time_records(&self, from: NaiveDate, to: NaiveDate) -> Result<Snapshot<Time>, PortError> {
        self.0.time_records(from, to).await
    }

    async fn last_refresh(&self, _today: NaiveDate) -> Result<Refresh, PortError> {
        Err(PortError::not_applied(self.1, "the newest work date"))
    }
}

#[tokio::test]
async fn b13_where_nothing_tells_one_refresh_from_another_no_line_is_deleted() {
    let mut harness = exported().await;
    harness.export.oldest_feed_days = 0;
    take(&harness, of("p-103", "2026-03-10"));
    for (kind, ends_the_run) in [(FailureKind::Unsupported, false), (FailureKind::Unreadable, true)] {
        let field = Arc::new(Undated(harness.field.clone(), kind));
        let linx = harness.builder(field).build().unwrap();
        for _ in 0..3 {
            match linx.plan_export(&two_weeks()).await {
                Ok(plan) => {
                    let report = linx.apply_export(&plan).await.unwrap();
                    assert_eq!((report.changes.len(), waiting(&report)), (0, 2), "{kind:?}");
                    assert!(!ends_the_run);
                }
                Err(error) => assert!(ends_the_run && matches!(error, LinxError::Field(_)), "{error}"),
            }
            harness.next_day();
        }
    }
}

#[tokio::test]
async fn b13_a_company_may_have_lines_removed_at_once() {
    let mut harness = exported().await;
    harness.export.removals = Removals::AtOnce;
    take(&harness, of("p-103", "2026-03-10"));
    assert_eq!(harness.apply_export().await.summary.delete, 2);
}

#[tokio::test]
async fn d27_a_midnight_of_utc_and_a_count_that_grows_are_no_second_refresh() {
    let mut harness = exported().await;
    for zone in [None, Some("America/Los_Angeles")] {
        harness.export.time_zone = zone.map(|zone| zone.parse::<Zone>().unwrap());
        // 23:50 in UTC: the afternoon of a company in America.
        harness.wait_seconds(710 * 60);
        let gone = take(&harness, of("p-103", "2026-03-10"));
        let report = harness.apply_export().await;
        assert_eq!((report.changes.len(), waiting(&report)), (0, 2));
        // The warehouse is being filled: another count, and midnight of nobody's day.
        let other = take(&harness, of("p-103", "2026-03-12"));
        harness
            .exaktime
            .with_state(|state| state.time_records.extend(other[..1].to_vec()));
        harness.wait_seconds(20 * 60);
        let report = harness.apply_export().await;
        assert_eq!(report.summary.delete, 0);
        harness.exaktime.with_state(|state| {
            state.time_records.extend(gone);
            state.time_records.extend(other[1..].to_vec());
        });
        assert!(harness.apply_export().await.held.is_empty());
        harness.wait_seconds(710 * 60);
    }
}

#[tokio::test]
async fn d27_a_count_that_differs_on_a_later_day_of_the_company_is_another_refresh() {
    let harness = exported().await;
    take(&harness, of("p-103", "2026-03-10"));
    assert_eq!(waiting(&harness.apply_export().await), 2);
    harness.wait_days(1);
    // Nobody worked since; a correction of an old week shows that the warehouse was filled anew.
    harness.exaktime.with_state(|state| {
        let mut old = state.time_records[0].clone();
        (old.id, old.work_date) = ("tr-old".into(), day("2026-01-05"));
        state.time_records.push(old);
    });
    assert_eq!(harness.apply_export().await.summary.delete, 2);
}

#[tokio::test]
async fn b13_one_missing_record_of_a_day_that_stands_waits() {
    let harness = exported().await;
    let gone = take(&harness, of("p-103", "2026-03-10"));
    assert_eq!(gone.len(), 2);
    harness
        .exaktime
        .with_state(|state| state.time_records.push(gone[0].clone()));
    let report = harness.apply_export().await;
    assert_eq!(
        (report.changes.len(), waiting(&report)),
        (0, 1),
        "a half-read day proves nothing"
    );
    harness.next_day();
    assert_eq!(harness.apply_export().await.summary.delete, 1);
}

#[tokio::test]
async fn b13_other_time_of_the_day_that_is_new_takes_the_line_along_at_once() {
    let harness = exported().await;
    let gone = take(&harness, of("p-103", "2026-03-10"));
    let moved = TimeRecord {
        cost_code: gone[1].cost_code.clone(),
        location: gone[1].location.clone(),
        ..gone[0].clone()
    };
    harness
        .exaktime
        .with_state(|state| state.time_records.extend([moved, gone[1].clone()]));
    let report = harness.apply_export().await;
    assert_eq!(
        (report.summary.delete, report.summary.update, waiting(&report)),
        (1, 1, 0)
    );
}

#[tokio::test]
async fn b13_time_that_moved_to_another_day_leaves_its_line_waiting() {
    let harness = exported().await;
    let mut gone = take(&harness, of("p-103", "2026-03-10"));
    for record in &mut gone {
        record.work_date = day("2026-03-14");
        record.start += chrono::TimeDelta::days(4);
        record.stop = record.stop.map(|stop| stop + chrono::TimeDelta::days(4));
    }
    harness.exaktime.with_state(|state| state.time_records.extend(gone));
    let report = harness.apply_export().await;
    assert_eq!(
        (report.summary.create, report.summary.delete, waiting(&report)),
        (0, 0, 2),
        "it would stand twice until the next refresh"
    );
    harness.next_day();
    let report = harness.apply_export().await;
    assert_eq!(
        (report.summary.create, report.summary.delete, waiting(&report)),
        (2, 2, 0)
    );
}

#[tokio::test]
async fn b13_the_source_is_asked_for_its_refresh_only_where_a_line_is_missing() {
    let harness = exported().await;
    let asked = || harness.exaktime_traffic.count(None, "DwTimeRecords");
    let before = asked();
    assert!(harness.plan_export().await.is_empty());
    assert_eq!(asked() - before, 1, "the time alone");
    take(&harness, of("p-103", "2026-03-10"));
    let before = asked();
    harness.plan_export().await;
    assert_eq!(asked() - before, 2, "once a plan");
}

#[tokio::test]
async fn b5_hours_that_shrink_everywhere_need_consent() {
    let mut harness = exported().await;
    let lines = harness.keys_in_procore().len();
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            for hours in [&mut record.regular_hours, &mut record.ot1_hours] {
                let before: f64 = hours.parse().unwrap();
                *hours = format!("{:.2}", before * 0.75);
            }
        }
    });
    let report = harness.apply_export().await;
    assert_eq!(
        (report.changes.len(), held(&report, Reason::GuardRefused).len()),
        (0, lines)
    );
    let refused = &report.refused[0];
    assert_eq!((refused.becoming, refused.count), (Becoming::Reduced, lines));
    assert!(
        report.hours.held > linx_core::model::CentiHours::default()
            && report.hours.stored == linx_core::model::CentiHours::default()
    );
    harness.export.guard = Guard::OPEN;
    let report = harness.apply_export().await;
    assert_eq!((report.summary.update, report.held.len()), (lines, 0));
}

#[tokio::test]
async fn b5_more_than_half_of_a_few_lines_needs_consent() {
    let harness = exported_of(&["p-103"]).await;
    let population = harness.keys_in_procore().len();
    let days = Selection::days(day("2026-03-10"), day("2026-03-12"));
    let mut lowered = 0;
    loop {
        // One record after the other loses an hour.
        let at = harness.exaktime.with_state(|state| {
            let mut records = state.time_records.iter();
            let at = records.position(|record| {
                (day("2026-03-10")..=day("2026-03-12")).contains(&record.work_date)
                    && record.comment.as_deref() != Some("x")
            });
            if let Some(at) = at {
                let record = &mut state.time_records[at];
                let hours: f64 = record.regular_hours.parse().unwrap();
                (record.regular_hours, record.comment) = (format!("{:.2}", hours - 1.0), Some("x".into()));
            }
            at
        });
        if at.is_none() {
            break;
        }
        lowered += 1;
        let plan = harness.linx().plan_export(&days).await.unwrap();
        let shrinks = plan.count(LineAction::Update)
            + plan
                .held
                .iter()
                .filter(|held| held.reason == Reason::GuardRefused)
                .count();
        assert_eq!(shrinks, lowered);
        assert_eq!(
            plan.refused.is_some(),
            2 * lowered > population,
            "{lowered} of {population}"
        );
    }
    assert!(2 * lowered > population && lowered <= 10, "{lowered} of {population}");
}

/// Procore gives every code that takes time another number.
pub fn rename_codes(harness: &Harness) {
    harness.procore.with_state(|state| {
        for code in state.company_codes.values_mut().filter(|code| code.parent.is_some()) {
            code.code = format!("9{}", code.code);
        }
    });
}

#[tokio::test]
async fn c18_a_code_that_is_renamed_between_two_exports_changes_nothing() {
    let mut harness = exported().await;
    let before = harness.procore.entries();
    rename_codes(&harness);
    for synced in [false, true] {
        if synced {
            harness.apply_sync().await;
        }
        let report = harness.apply_export().await;
        assert!(
            report.changes.is_empty() && report.held.is_empty(),
            "{:?} {:?}",
            report.changes,
            report.held
        );
        assert_eq!(report.summary.unchanged, before.len());
    }
    let lines = harness
        .ledger
        .lines(day("2026-03-09"), day("2026-03-15"))
        .await
        .unwrap();
    assert_eq!(lines.len(), before.len(), "one line for each entry");
    // The marks have the old texts, out of which a lost ledger is rebuilt.
    rename_codes(&harness);
    harness.ledger = std::sync::Arc::new(linx_core::ledger::MemoryLedger::new());
    harness.apply_sync().await;
    let report = harness.apply_export().await;
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    assert_eq!(harness.procore.entries(), before);
}
