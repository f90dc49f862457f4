//! Limits, clocks, and services that go away (hazards A8, D27).

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use linx_core::export::{ExportReport, LineResult};
use linx_core::hold::{Held, Reason};
use linx_core::plan::ExportPlan;
use linx_core::ports::{Awaited, CheckStatus, Field, Observer, Office, Progress};
use linx_core::settings::Settle;
use linx_http::sandbox::{Fault, Order};

use crate::harness::{Harness, once, two_weeks};

/// Takes note of waits.
#[derive(Default)]
struct Waits(Mutex<Vec<(Awaited, DateTime<Utc>)>>);

impl Observer for Waits {
    fn progress(&self, progress: Progress<'_>) {
        if let Progress::Waiting { awaited, until, .. } = progress {
            self.0.lock().unwrap().push((awaited, until));
        }
    }
}

/// The small company, ready for its first export, with a limit by the hour that leaves so many requests.
async fn limited(left: u32) -> (Harness, ExportPlan) {
    let harness = Harness::small_company();
    harness.apply_sync().await;
    let plan = harness.plan_export().await;
    assert_eq!(plan.changes.len(), 28);
    allow(&harness, left);
    (harness, plan)
}

/// Lets so many requests more through in this hour.
fn allow(harness: &Harness, left: u32) {
    let used = u32::try_from(harness.procore_traffic.count(None, "")).unwrap();
    harness.procore.with_state(|state| state.hourly_limit = used + left);
}

/// How many requests an export needs before its first write.
async fn reads() -> u32 {
    let (harness, plan) = limited(1000).await;
    let before = harness.procore_traffic.count(None, "");
    harness.linx().apply_export(&plan).await.unwrap();
    let all = harness.procore_traffic.count(None, "") - before;
    // The days are read once more after the last.
    u32::try_from(all - harness.procore_traffic.count(Some(&Method::POST), "timecard_entries")).unwrap() - 1
}

async fn apply(harness: &Harness, plan: &ExportPlan, wait: bool, waits: &Arc<Waits>) -> ExportReport {
    let builder = harness.builder(harness.field.clone()).observed_by(waits.clone());
    let settle = Settle {
        wait,
        ..Settle::default()
    };
    let report = builder
        .settle(settle)
        .build()
        .unwrap()
        .apply_export(plan)
        .await
        .unwrap();
    assert_eq!(report.account.check(), Ok(()));
    report
}

fn one_o_clock() -> DateTime<Utc> {
    "2026-03-17T13:00:00Z".parse().unwrap()
}

fn done(report: &ExportReport) -> usize {
    report
        .changes
        .iter()
        .filter(|line| line.result == LineResult::Done)
        .count()
}

fn unsent(held: &[Held]) -> Vec<&Held> {
    held.iter().filter(|held| held.reason == Reason::NotSent).collect()
}

#[tokio::test]
async fn a8_an_hourly_limit_is_waited_for_and_the_run_goes_on() {
    let (harness, plan) = limited(reads().await + 9).await;
    let waits = Arc::new(Waits::default());
    let report = apply(&harness, &plan, true, &waits).await;
    assert_eq!(done(&report), 28, "{:?}", report.held);
    assert_eq!(harness.keys_in_procore().len(), 28);
    assert_eq!(*waits.0.lock().unwrap(), [(Awaited::Limit, one_o_clock())]);
}

#[tokio::test]
async fn a8_a_limit_in_the_midst_of_reading_is_waited_for() {
    let (harness, plan) = limited(reads().await - 2).await;
    let waits = Arc::new(Waits::default());
    let report = apply(&harness, &plan, true, &waits).await;
    assert_eq!(done(&report), 28, "{:?}", report.held);
    assert_eq!(*waits.0.lock().unwrap(), [(Awaited::Limit, one_o_clock())]);
}

#[tokio::test]
async fn a8_without_waiting_what_a_limit_leaves_is_held_with_its_time() {
    let (harness, plan) = limited(reads().await + 9).await;
    let waits = Arc::new(Waits::default());
    let report = apply(&harness, &plan, false, &waits).await;
    assert_eq!((done(&report), waits.0.lock().unwrap().len()), (9, 0));
    let unsent = unsent(&report.held);
    assert_eq!(unsent.len(), 19, "{:?}", report.held);
    assert!(!report.held.iter().any(|held| held.reason == Reason::TargetRefused));
    for held in unsent {
        let told = &held.detail;
        assert!(told.contains("try again after 2026-03-17 13:00:00 UTC"), "{told}");
    }

    harness.wait_seconds(3600);
    let rest = harness.apply_export().await;
    assert_eq!((done(&rest), harness.keys_in_procore().len()), (19, 28));
}

#[tokio::test]
async fn a8_a_service_that_is_gone_is_not_asked_for_every_line() {
    let (harness, plan) = limited(1000).await;
    harness.procore_faults.order(Order {
        method: Some(Method::POST),
        path: "timecard_entries".into(),
        after: 9,
        times: u32::MAX,
        fault: Fault::Unreachable,
    });
    let waits = Arc::new(Waits::default());
    let report = apply(&harness, &plan, true, &waits).await;
    assert_eq!(
        (done(&report), unsent(&report.held).len()),
        (9, 19),
        "{:?}",
        report.held
    );
    let asked: Vec<_> = unsent(&report.held)
        .into_iter()
        .filter(|held| !held.detail.contains("not asked"))
        .collect();
    assert_eq!(asked.len(), 3, "{:?}", report.held);
    harness.procore_faults.clear();
    assert_eq!(done(&harness.apply_export().await), 19);
    assert_eq!(harness.keys_in_procore().len(), 28);
    assert_eq!(harness.linx().plan_export(&two_weeks()).await.unwrap().changes.len(), 0);
}

#[tokio::test]
async fn a8_a_limit_without_end_ends_the_run() {
    let (harness, plan) = limited(1000).await;
    let reset = one_o_clock().timestamp().to_string();
    let refusal = http::Response::builder()
        .status(429)
        .header("retry-after", "600")
        .header("x-rate-limit-reset", reset);
    harness.procore_faults.order(Order {
        method: Some(Method::POST),
        path: "timecard_entries".into(),
        after: 9,
        times: u32::MAX,
        fault: Fault::Instead(refusal.body("{}".into()).unwrap()),
    });
    let waits = Arc::new(Waits::default());
    let report = apply(&harness, &plan, true, &waits).await;
    assert_eq!(
        (done(&report), unsent(&report.held).len()),
        (9, 19),
        "{:?}",
        report.held
    );
    assert!(waits.0.lock().unwrap().len() <= 3);
}

#[tokio::test]
async fn a8_a_sync_that_meets_a_limit_in_the_midst_of_reading_waits_for_it() {
    for path in ["/people", "/Persons/Employees"] {
        let harness = Harness::contractor();
        let plan = harness.plan_sync().await;
        for faults in [&harness.procore_faults, &harness.exaktime_faults] {
            let refusal = http::Response::builder().status(429).header("retry-after", "600");
            let refusal = refusal.body("{}".into()).unwrap();
            faults.order(once(Method::GET, path, 0, Fault::Instead(refusal)));
        }
        let waits = Arc::new(Waits::default());
        let builder = harness.builder(harness.field.clone()).observed_by(waits.clone());
        let report = builder.build().unwrap().apply_sync(&plan).await.unwrap();
        assert_eq!(report.written(), plan.changes.len(), "{path}: {:?}", report.held);
        let ten_past: DateTime<Utc> = "2026-03-17T12:10:00Z".parse().unwrap();
        assert_eq!(*waits.0.lock().unwrap(), [(Awaited::Limit, ten_past)], "{path}");
    }
}

#[tokio::test]
async fn a8_a_sync_waits_for_a_limit_and_goes_on() {
    let harness = Harness::contractor();
    let plan = harness.plan_sync().await;
    let refusal = http::Response::builder().status(429).header("retry-after", "600");
    harness.exaktime_faults.order(Order {
        method: Some(Method::POST),
        path: String::new(),
        after: 2,
        times: 1,
        fault: Fault::Instead(refusal.body("{}".into()).unwrap()),
    });
    let waits = Arc::new(Waits::default());
    let linx = harness
        .builder(harness.field.clone())
        .observed_by(waits.clone())
        .build()
        .unwrap();
    let report = linx.apply_sync(&plan).await.unwrap();
    assert_eq!(report.written(), plan.changes.len(), "{:?}", report.held);
    let ten_past: DateTime<Utc> = "2026-03-17T12:10:00Z".parse().unwrap();
    assert_eq!(*waits.0.lock().unwrap(), [(Awaited::Limit, ten_past)]);
    assert!(unsent(&report.held).is_empty());
}

#[tokio::test]
async fn d27_a_clock_that_is_wrong_is_told() {
    for (ahead, status, saw) in [
        (0, CheckStatus::Ok, "within a minute"),
        (-45, CheckStatus::Ok, "within a minute"),
        (75, CheckStatus::Warn, "75 s ahead"),
        (-3600, CheckStatus::Warn, "3600 s behind"),
    ] {
        let harness = Harness::contractor();
        harness.our_clock.set_ahead(TimeDelta::seconds(ahead));
        for checks in [harness.office.check().await, harness.field.check().await] {
            let clock = checks.iter().find(|check| check.name.starts_with("Clock")).unwrap();
            assert_eq!(clock.status, status, "{clock:?}");
            assert!(clock.saw.contains(saw), "{clock:?}");
        }
    }
}
