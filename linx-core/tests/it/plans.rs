//! Plans in the wrong hands: another company's, an altered one, one of another file, one of nothing (hazard B17).

use exaktime_client::csv::{CsvFormat, read};
use linx_core::LinxError;
use linx_core::change::{LineAction, RecordAction};
use linx_core::export::LineResult;
use linx_core::hold::Reason;
use linx_core::ledger::{Direction, Outcome, Pair};
use linx_core::model::{EntryEndpoint, HourClass, Kind};
use linx_core::plan::{ExportPlan, Selection};
use linx_core::settings::Import;

use crate::harness::{Harness, day, two_weeks};
use crate::small_company::{judge, synced};

#[tokio::test]
async fn b17_days_that_end_before_they_begin_are_an_error() {
    let harness = Harness::contractor();
    let days = Selection::days(day("2026-03-15"), day("2026-03-02"));
    let plan = harness.linx().plan_export(&days).await;
    assert!(matches!(plan, Err(LinxError::ReversedRange { .. })), "{plan:?}");
}

#[tokio::test]
async fn b17_a_plan_of_another_company_is_an_error() {
    let harness = synced().await;
    let other = Pair {
        office: "sandbox company 2".into(),
        ..crate::harness::pair()
    };
    let writes = harness.writes();
    let mut export = harness.plan_export().await;
    export.pair = other.clone();
    let refused = harness.linx().apply_export(&export).await;
    assert!(matches!(refused, Err(LinxError::OtherPair { .. })), "{refused:?}");
    let mut sync = harness.plan_sync().await;
    sync.pair = other;
    let refused = harness.linx().apply_sync(&sync).await;
    assert!(matches!(refused, Err(LinxError::OtherPair { .. })), "{refused:?}");
    assert_eq!(harness.writes(), writes);
}

/// A plan of the fortnight, altered in one way.
async fn altered(alter: impl FnOnce(&mut ExportPlan)) -> (Harness, linx_core::export::ExportReport) {
    let harness = synced().await;
    let mut plan = harness.plan_export().await;
    alter(&mut plan);
    let report = harness.linx().apply_export(&plan).await.unwrap();
    (harness, report)
}

#[tokio::test]
async fn b17_an_altered_plan_writes_nothing_that_would_not_be_planned() {
    // 4 h are made 23, both in what is sent and in what it carries.
    let (harness, report) = altered(|plan| {
        plan.changes[0].content.hours = "23".parse().unwrap();
        plan.changes[0].carries[0].hours = linx_core::model::Hours::from_minutes(23 * 60);
    })
    .await;
    assert_eq!(report.written(), 27);
    assert!(report.held.iter().any(|held| held.reason == Reason::StalePlan));
    judge(&harness, &Ok(report));
    // What it says about the ledger is not believed.
    let (harness, report) = altered(|plan| {
        plan.agreed.extend(plan.changes.iter().take(3).map(|change| {
            let entry = linx_core::model::EntryId(1);
            linx_core::ledger::StoredLine::of(change.key.clone(), entry)
        }));
        plan.resumed.push((linx_core::ledger::IntentId(1), Outcome::Absent));
    })
    .await;
    assert_eq!((report.written(), report.held.len()), (28, 0), "{:?}", report.held);
    judge(&harness, &Ok(report));
}

#[tokio::test]
async fn b17_a_plan_of_a_file_is_applied_with_that_file_alone() {
    let harness = synced().await;
    let file = |hours: &str| format!("udfEmployeeNumber,WorkDate,Regular\n00201,2026-03-02,{hours}\n");
    let (one, other) = (file("4.00"), file("9.00"));
    let rows = |text| read(text, &CsvFormat::default()).unwrap();
    let plan = harness
        .linx_reading(rows(one.as_bytes()))
        .plan_export(&two_weeks())
        .await
        .unwrap();
    assert!(plan.file.is_some());
    let with_other = harness.linx_reading(rows(other.as_bytes())).apply_export(&plan).await;
    assert!(
        matches!(with_other, Err(LinxError::OtherSource { from_file: true })),
        "{with_other:?}"
    );
    let without = harness.linx().apply_export(&plan).await;
    assert!(matches!(without, Err(LinxError::OtherSource { .. })), "{without:?}");
    harness
        .linx_reading(rows(one.as_bytes()))
        .apply_export(&plan)
        .await
        .unwrap();
}

#[test]
fn what_is_done_is_called_the_same_in_words_and_in_json() {
    fn assert_same<T: serde::Serialize>(all: &[T], word: impl Fn(&T) -> &'static str) {
        for one in all {
            assert_eq!(serde_json::to_value(one).unwrap(), word(one));
        }
    }
    use {LineAction as Line, LineResult as Result, RecordAction as Record};
    let records = [Record::Create, Record::Update, Record::Reactivate, Record::Deactivate];
    assert_same(&records, |action| action.as_str());
    assert_same(&[Line::Create, Line::Update, Line::Delete], |action| action.as_str());
    assert_same(&[Result::Planned, Result::Done, Result::Failed], |result| {
        result.as_str()
    });
    assert_same(&[Direction::Sync, Direction::Export], |direction| direction.as_str());
    assert_same(&Import::ALL, |import| import.as_str());
    assert_same(&HourClass::ALL, |class| class.as_str());
    assert_same(&Kind::IN_ORDER, |kind| kind.as_str());
    assert_same(&EntryEndpoint::IN_ORDER, |endpoint| endpoint.as_str());
}
