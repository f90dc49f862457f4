//! Time out of the data warehouse.

use std::collections::BTreeSet;

use exaktime_client::time::ApprovalKind;
use linx_http::ErrorKind;

use crate::stage::{Stage, day};

#[tokio::test]
async fn the_days_asked_for_come_and_no_others() {
    let stage = Stage::contractor();
    let week = stage
        .client
        .time_records(day("2026-03-07"), day("2026-03-09"))
        .collect()
        .await
        .unwrap();
    assert!(week.proves_absence());
    let days: BTreeSet<String> = week.rows.iter().map(|record| record.work_date.to_string()).collect();
    assert_eq!(days.into_iter().collect::<Vec<_>>(), ["2026-03-07", "2026-03-09"]);
}

#[tokio::test]
async fn a4_every_record_comes_whatever_size_of_page_the_server_allows() {
    let all = Stage::contractor().sandbox.with_state(|state| state.time_records.len());
    for allowed in [1000, 100, 17] {
        let stage = Stage::contractor();
        stage.sandbox.with_state(|state| state.max_odata_rows = allowed);
        let list = stage.client.time_records(day("2026-03-02"), day("2026-03-15"));
        let records = list.collect().await.unwrap();
        assert!(records.proves_absence());
        assert_eq!(records.rows.len(), all, "{allowed} rows a page");
        let pages = stage.traffic.count(None, "DwTimeRecords");
        assert_eq!(pages, all.div_ceil(allowed));
    }
}

#[tokio::test]
async fn a_record_tells_who_where_when_and_how_long() {
    let stage = Stage::contractor();
    let list = stage.client.time_records(day("2026-03-07"), day("2026-03-07"));
    let records = list.collect().await.unwrap().rows;
    let night = records.iter().find(|record| record.person.as_str() == "p-102").unwrap();
    assert_eq!(night.regular_hours.as_deref(), Some("7.0"));
    assert_eq!(
        night.location.as_ref().map(exaktime_client::LocationId::as_str),
        Some("loc-24-002.02")
    );
    assert_eq!(night.start.unwrap().to_rfc3339(), "2026-03-08T04:00:00+00:00");
    assert_eq!(night.stop.unwrap().to_rfc3339(), "2026-03-08T11:30:00+00:00");
}

#[tokio::test]
async fn approvals_come_with_their_kind() {
    let stage = Stage::contractor();
    let list = stage.client.approvals(day("2026-03-06"), day("2026-03-06"));
    let approvals = list.collect().await.unwrap().rows;
    let of = |kind: ApprovalKind| approvals.iter().filter(|approval| approval.kind == kind).count();
    assert_eq!((of(ApprovalKind::Supervisor), of(ApprovalKind::Employee)), (18, 18));
}

#[tokio::test]
async fn d14_hours_with_a_colon_make_one_row_unreadable() {
    let stage = Stage::contractor();
    stage
        .sandbox
        .with_state(|state| state.time_records[3].regular_hours = "8:30".to_owned());
    let list = stage.client.time_records(day("2026-03-02"), day("2026-03-15"));
    let records = list.collect().await.unwrap();
    assert_eq!(records.unreadable.len(), 1);
    assert_eq!(records.unreadable[0].1, "`RegularHours` is not a decimal number");
    assert!(!records.proves_absence());
}

#[tokio::test]
async fn a_column_that_the_warehouse_does_not_have_is_an_error_with_its_words() {
    let mut wire = exaktime_client::WireProfile::default();
    wire.time_record.work_date = "ShiftDate".to_owned();
    let stage = Stage::with(|builder| builder.wire(wire));
    let list = stage.client.time_records(day("2026-03-02"), day("2026-03-15"));
    let error = list.collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.to_string().contains("ShiftDate"), "{error}");
}
