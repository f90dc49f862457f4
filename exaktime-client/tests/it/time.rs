//! Time out of the data warehouse.

use std::collections::BTreeSet;

use exaktime_client::sandbox::Dialect;
use exaktime_client::time::ApprovalKind;
use linx_http::ErrorKind;

use crate::stage::{Stage, day};

crate::stage::in_both_dialects!(
    the_days_asked_for_come_and_no_others,
    a4_every_record_comes_whatever_size_of_page_the_server_allows,
    a_record_tells_who_where_when_and_how_long,
    approvals_come_with_their_kind,
    d14_hours_with_a_colon_make_one_row_unreadable,
    a_column_that_the_warehouse_does_not_have_is_an_error_with_its_words,
    a3_rows_that_move_while_pages_are_read_are_read_again
);

async fn the_days_asked_for_come_and_no_others(dialect: Dialect) {
    let stage = Stage::contractor(&dialect);
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

async fn a4_every_record_comes_whatever_size_of_page_the_server_allows(dialect: Dialect) {
    let all = Stage::contractor(&dialect)
        .sandbox
        .with_state(|state| state.time_records.len());
    for allowed in [1000, 100, 17] {
        let stage = Stage::contractor(&dialect);
        stage.sandbox.with_state(|state| state.max_odata_rows = allowed);
        let list = stage.client.time_records(day("2026-03-02"), day("2026-03-15"));
        let records = list.collect().await.unwrap();
        assert!(records.proves_absence());
        assert_eq!(records.rows.len(), all, "{allowed} rows a page");
        let pages = stage.traffic.count(None, "DwTimeRecords");
        assert_eq!(pages, all.div_ceil(allowed));
    }
}

async fn a_record_tells_who_where_when_and_how_long(dialect: Dialect) {
    let stage = Stage::contractor(&dialect);
    let list = stage.client.time_records(day("2026-03-07"), day("2026-03-07"));
    let records = list.collect().await.unwrap().rows;
    let night = records
        .iter()
        .find(|record| record.person.as_str() == stage.id("p-102"))
        .unwrap();
    assert_eq!(night.regular_hours.as_deref(), Some("7.0"));
    assert_eq!(
        night.location.as_ref().map(exaktime_client::LocationId::as_str),
        Some(stage.id("loc-24-002.02").as_str())
    );
    assert_eq!(night.start.unwrap().to_rfc3339(), "2026-03-08T04:00:00+00:00");
    assert_eq!(night.stop.unwrap().to_rfc3339(), "2026-03-08T11:30:00+00:00");
}

async fn approvals_come_with_their_kind(dialect: Dialect) {
    let stage = Stage::contractor(&dialect);
    let list = stage.client.approvals(day("2026-03-06"), day("2026-03-06"));
    let approvals = list.collect().await.unwrap().rows;
    let of = |kind: ApprovalKind| approvals.iter().filter(|approval| approval.kind == kind).count();
    assert_eq!((of(ApprovalKind::Supervisor), of(ApprovalKind::Employee)), (18, 18));
}

async fn d14_hours_with_a_colon_make_one_row_unreadable(dialect: Dialect) {
    let stage = Stage::contractor(&dialect);
    stage
        .sandbox
        .with_state(|state| state.time_records[3].regular_hours = String::from("8:30"));
    let list = stage.client.time_records(day("2026-03-02"), day("2026-03-15"));
    let records = list.collect().await.unwrap();
    assert_eq!(records.unreadable.len(), 1);
    let column = &dialect.wire.time_record.regular;
    assert_eq!(records.unreadable[0].1, format!("`{column}` is not a decimal number"));
    assert!(!records.proves_absence());
}

async fn a_column_that_the_warehouse_does_not_have_is_an_error_with_its_words(dialect: Dialect) {
    let mut wire = dialect.wire.clone();
    "ShiftDate".clone_into(&mut wire.time_record.work_date);
    let stage = Stage::with(&dialect, |builder| builder.wire(wire));
    let list = stage.client.time_records(day("2026-03-02"), day("2026-03-15"));
    let error = list.collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.to_string().contains("ShiftDate"), "{error}");
}

async fn a3_rows_that_move_while_pages_are_read_are_read_again(dialect: Dialect) {
    let all = Stage::contractor(&dialect)
        .sandbox
        .with_state(|state| state.time_records.len());
    for (times, complete) in [(1, true), (9, false)] {
        let stage = Stage::contractor(&dialect);
        stage.sandbox.with_state(|state| {
            state.max_odata_rows = 100;
            state.faults.row_goes_before_page = Some(2);
            state.faults.times = times;
        });
        let list = stage.client.time_records(day("2026-03-02"), day("2026-03-15"));
        let records = list.collect().await.unwrap();
        assert_eq!(records.proves_absence(), complete);
        assert_eq!(records.rows.len() == all, complete);
    }
}
