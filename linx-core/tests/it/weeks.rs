//! Days and weeks of an export: what a correction brings up, what comes late, and what is missing for a night.

use linx_core::LinxError;
use linx_core::change::LineAction;
use linx_core::export::ExportReport;
use linx_core::hold::{Reason, Subject};
use linx_core::model::{CentiHours, HourClass};
use linx_core::plan::{ExportPlan, Selection};

use crate::harness::{Harness, day};

async fn exported() -> Harness {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    harness.apply_export().await;
    harness
}

async fn export(harness: &Harness, from: &str, to: &str) -> ExportReport {
    let plan = plan(harness, from, to).await;
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(report.account.check(), Ok(()));
    report
}

async fn plan(harness: &Harness, from: &str, to: &str) -> ExportPlan {
    let days = Selection::days(day(from), day(to));
    harness.linx().plan_export(&days).await.unwrap()
}

/// Changes the first record of a person's day.
fn correct(harness: &Harness, person: &str, date: &str, regular: &str, overtime: &str) {
    harness.exaktime.with_state(|state| {
        let record = state
            .time_records
            .iter_mut()
            .find(|record| record.person == person && record.work_date == day(date))
            .unwrap();
        (record.regular_hours, record.ot1_hours) = (regular.into(), overtime.into());
    });
}

fn first_of(harness: &Harness, person: &str, date: &str) -> String {
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter();
        let record = records.find(|record| record.person == person && record.work_date == day(date));
        record.unwrap().regular_hours.clone()
    })
}

#[tokio::test]
async fn d17_a_correction_on_monday_brings_up_the_rest_of_the_week_that_was_sent() {
    let harness = exported().await;
    let monday = first_of(&harness, "p-103", "2026-03-09");
    correct(&harness, "p-103", "2026-03-09", "3.25", "0.00");
    correct(&harness, "p-103", "2026-03-12", "1.00", "2.50");

    // Thursday alone changed nothing on Monday, which was asked for; Monday did.
    let plan = plan(&harness, "2026-03-09", "2026-03-09").await;
    let days: Vec<String> = plan.changes.iter().map(|change| change.key.date.to_string()).collect();
    assert_eq!(days[0], "2026-03-09");
    assert!(
        days[1..].iter().all(|day| day == "2026-03-12") && days.len() >= 3,
        "{days:?}"
    );
    let regular = plan
        .changes
        .iter()
        .find(|change| change.key.class == HourClass::Regular)
        .unwrap();
    assert_eq!(regular.action, LineAction::Update);
    assert!(regular.before.is_some(), "old and new hours: {monday}");
    let overtime = plan
        .changes
        .iter()
        .find(|change| change.key.class == HourClass::Overtime)
        .unwrap();
    assert_eq!(
        (overtime.action, overtime.content.hours.to_string()),
        (LineAction::Create, "2.50".into())
    );

    let report = export(&harness, "2026-03-09", "2026-03-09").await;
    assert_eq!(report.written(), plan.changes.len());
    let accounted: Vec<String> = report
        .account
        .days()
        .filter(|day| day.employee.as_str() == "p-103")
        .map(|day| day.date.to_string())
        .collect();
    assert!(
        accounted.contains(&"2026-03-12".to_owned()),
        "what was brought up is in the account: {accounted:?}"
    );
    assert!(harness.plan_export().await.is_empty());
}

#[tokio::test]
async fn d17_days_that_were_not_asked_for_and_never_sent_stay_away() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    export(&harness, "2026-03-09", "2026-03-09").await;
    correct(&harness, "p-103", "2026-03-09", "3.25", "0.00");
    let plan = plan(&harness, "2026-03-09", "2026-03-09").await;
    assert!(plan.changes.iter().all(|change| change.key.date == day("2026-03-09")));
    assert_eq!(plan.changes.len(), 1);
}

#[tokio::test]
async fn d24_a_late_hour_of_a_week_that_was_sent_is_told_and_written_only_when_asked_for() {
    let harness = exported().await;
    correct(&harness, "p-103", "2026-03-05", "9.75", "0.00");
    let report = export(&harness, "2026-03-09", "2026-03-15").await;
    assert!(report.changes.is_empty());
    let late: Vec<_> = report
        .held
        .iter()
        .filter(|held| held.reason == Reason::LateChange && matches!(held.subject, Subject::Week(..)))
        .collect();
    assert_eq!(late.len(), 1, "{late:?}");
    assert!(
        late[0].subject.id().ends_with(" 2026-03-02"),
        "{}",
        late[0].subject.id()
    );
    assert!(late[0].detail.contains("9.75 h in ExakTime"), "{}", late[0].detail);
    assert!(
        report
            .account
            .days()
            .all(|day| day.date >= crate::harness::day("2026-03-09"))
    );

    let report = export(&harness, "2026-03-02", "2026-03-08").await;
    assert_eq!(report.summary.update, 1);
    assert!(
        export(&harness, "2026-03-09", "2026-03-15")
            .await
            .held
            .iter()
            .all(|held| !matches!(held.subject, Subject::Week(..)))
    );
}

#[tokio::test]
async fn b13_a_feed_that_stopped_ends_the_run() {
    let mut harness = exported().await;
    harness.export.oldest_feed_days = 3;
    assert!(harness.plan_export().await.is_empty());
    harness.wait_days(2);
    let days = Selection::days(day("2026-03-02"), day("2026-03-15"));
    let refused = harness.linx().plan_export(&days).await;
    let Err(LinxError::OldFeed { newest, limit: 3 }) = refused else {
        panic!("{refused:?}")
    };
    assert!(newest.is_some());
    assert!(refused_words(newest).contains("oldest_feed_days"));
}

fn refused_words(newest: Option<chrono::NaiveDate>) -> String {
    LinxError::OldFeed { newest, limit: 3 }.to_string()
}

#[tokio::test]
async fn d22_leave_goes_under_its_own_time_type_or_is_left_out() {
    let mut harness = Harness::contractor();
    harness.apply_sync().await;
    // A code of ExakTime's own stands for vacation.
    harness.exaktime.with_state(|state| {
        let mut code = state.cost_codes["cc-IN"].clone();
        code.insert("id".into(), "cc-vac".into());
        code.insert("costCodeId".into(), "cc-vac".into());
        code.insert("identifier".into(), "VAC".into());
        state.cost_codes.insert("cc-vac".into(), code);
        let record = state
            .time_records
            .iter_mut()
            .find(|record| record.person == "p-103" && record.work_date == day("2026-03-10"))
            .unwrap();
        record.cost_code = Some("cc-vac".into());
    });
    let of_day = |plan: &ExportPlan| {
        let mut lines = plan.changes.iter().filter(|change| change.key.cost_code == "VAC");
        lines.next().cloned()
    };
    let unset = harness.plan_export().await;
    assert!(of_day(&unset).is_none());
    assert!(unset.held.iter().any(|held| held.reason == Reason::CostCodeNotLinked));

    harness.export.leave = [("VAC".to_owned(), String::new())].into();
    let left_out = harness.plan_export().await;
    assert!(
        left_out
            .left_out
            .iter()
            .any(|held| held.reason == Reason::Leave && held.detail.contains("VAC"))
    );
    assert!(left_out.account.total().left_out > unset.account.total().left_out);

    harness.export.leave = [("VAC".to_owned(), "Vacation".to_owned())].into();
    let plan = harness.plan_export().await;
    let vacation = harness.procore.with_state(|state| {
        let mut types = state.time_types.iter();
        types.find(|(_, kind)| kind.label == "Vacation").map(|(id, _)| id.get())
    });
    match vacation {
        Some(vacation) => {
            let line = of_day(&plan).unwrap();
            assert_eq!(line.content.coding.time_type.map(|id| id.0), Some(vacation));
            assert_eq!(line.content.coding.cost_code, None);
            assert_ne!(line.content.hours, CentiHours::default());
        }
        None => assert!(plan.held.iter().any(|held| held.reason == Reason::NoTimeType)),
    }
}
