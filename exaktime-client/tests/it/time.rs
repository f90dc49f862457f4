//! Time out of the data warehouse.

use std::collections::BTreeSet;

use exaktime_client::sandbox::Dialect;
use exaktime_client::time::ApprovalKind;
use exaktime_client::warehouse::HourGroup;
use linx_http::ErrorKind;

use crate::harness::{Harness, day};

crate::harness::in_both_dialects!(
    the_days_asked_for_come_and_no_others,
    a4_every_record_comes_whatever_size_of_page_the_server_allows,
    a_record_tells_who_where_when_and_how_long,
    approvals_come_with_their_kind,
    d14_hours_with_a_colon_make_one_row_unreadable,
    a_column_that_the_warehouse_does_not_have_is_an_error_with_its_words,
    a3_rows_that_move_while_pages_are_read_are_read_again,
    the_schema_of_the_warehouse_gives_every_column,
    the_other_sets_of_the_warehouse_are_read,
    time_that_comes_late_appears_after_a_night_or_waits_in_quarantine,
    d27_the_warehouse_tells_its_newest_date_and_its_count_by_one_request,
    b13_the_newest_time_up_to_a_day_leaves_out_what_is_later,
);

async fn b13_the_newest_time_up_to_a_day_leaves_out_what_is_later(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let dates: BTreeSet<_> = harness
        .sandbox
        .with_state(|state| state.time_records.iter().map(|record| record.work_date).collect());
    for until in ["2026-03-01", "2026-03-04", "2026-03-08", "2036-01-01"].map(day) {
        let newest = harness.client.newest_time(until).await.unwrap();
        assert_eq!(newest, dates.iter().copied().filter(|date| *date <= until).max());
    }
}

async fn d27_the_warehouse_tells_its_newest_date_and_its_count_by_one_request(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let (newest, count) = harness.sandbox.with_state(|state| {
        let newest = state.time_records.iter().map(|record| record.work_date).max();
        (newest, u64::try_from(state.time_records.len()).ok())
    });
    let extent = harness.client.time_extent().await.unwrap();
    assert_eq!((extent.newest, extent.count), (newest, count));

    harness.sandbox.with_state(|state| state.time_records.clear());
    let extent = harness.client.time_extent().await.unwrap();
    assert_eq!((extent.newest, extent.count), (None, Some(0)));
}

async fn the_days_asked_for_come_and_no_others(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let week = harness
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
    let all = Harness::contractor(&dialect)
        .sandbox
        .with_state(|state| state.time_records.len());
    for allowed in [1000, 100, 17] {
        let harness = Harness::contractor(&dialect);
        harness.sandbox.with_state(|state| state.max_odata_rows = allowed);
        let list = harness.client.time_records(day("2026-03-02"), day("2026-03-15"));
        let records = list.collect().await.unwrap();
        assert!(records.proves_absence());
        assert_eq!(records.rows.len(), all, "{allowed} rows a page");
        let pages = harness.traffic.count(None, "DwTimeRecords");
        assert_eq!(pages, all.div_ceil(allowed));
    }
}

async fn a_record_tells_who_where_when_and_how_long(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let list = harness.client.time_records(day("2026-03-07"), day("2026-03-07"));
    let records = list.collect().await.unwrap().rows;
    let night = records
        .iter()
        .find(|record| record.person.as_str() == harness.id("p-102"))
        .unwrap();
    assert_eq!(night.regular_hours.as_deref(), Some("7.0"));
    assert_eq!(
        night.location.as_ref().map(exaktime_client::LocationId::as_str),
        Some(harness.id("loc-24-002.02").as_str())
    );
    assert_eq!(night.start.unwrap().to_rfc3339(), "2026-03-08T04:00:00+00:00");
    assert_eq!(night.stop.unwrap().to_rfc3339(), "2026-03-08T11:30:00+00:00");
}

async fn approvals_come_with_their_kind(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let list = harness.client.approvals(day("2026-03-06"), day("2026-03-06"));
    let approvals = list.collect().await.unwrap().rows;
    let of = |kind: ApprovalKind| approvals.iter().filter(|approval| approval.kind == kind).count();
    assert_eq!((of(ApprovalKind::Supervisor), of(ApprovalKind::Employee)), (18, 18));
}

async fn d14_hours_with_a_colon_make_one_row_unreadable(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    harness
        .sandbox
        .with_state(|state| state.time_records[3].regular_hours = String::from("8:30"));
    let list = harness.client.time_records(day("2026-03-02"), day("2026-03-15"));
    let records = list.collect().await.unwrap();
    assert_eq!(records.unreadable.len(), 1);
    let column = &dialect.wire.time_record.regular;
    assert_eq!(
        records.unreadable[0].reason,
        format!("`{column}` is not a decimal number")
    );
    assert!(!records.proves_absence());
}

async fn a_column_that_the_warehouse_does_not_have_is_an_error_with_its_words(dialect: Dialect) {
    let mut wire = dialect.wire.clone();
    "ShiftDate".clone_into(&mut wire.time_record.work_date);
    let harness = Harness::with(&dialect, |builder| builder.wire(wire));
    let list = harness.client.time_records(day("2026-03-02"), day("2026-03-15"));
    let error = list.collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.words().contains("ShiftDate"), "{error}");
}

async fn a3_rows_that_move_while_pages_are_read_are_read_again(dialect: Dialect) {
    let all = Harness::contractor(&dialect)
        .sandbox
        .with_state(|state| state.time_records.len());
    for (times, complete) in [(1, true), (9, false)] {
        let harness = Harness::contractor(&dialect);
        harness.sandbox.with_state(|state| {
            state.max_odata_rows = 100;
            state.faults.row_goes_before_page = Some(2);
            state.faults.times = times;
        });
        let list = harness.client.time_records(day("2026-03-02"), day("2026-03-15"));
        let records = list.collect().await.unwrap();
        assert_eq!(records.proves_absence(), complete);
        assert_eq!(records.rows.len() == all, complete);
    }
}

async fn the_schema_of_the_warehouse_gives_every_column(dialect: Dialect) {
    // The client is not told what the dialect calls its columns.
    let mut wire = exaktime_client::WireProfile::default();
    wire.key.clone_from(&dialect.wire.key);
    wire.login.clone_from(&dialect.wire.login);
    let harness = Harness::with(&dialect, |builder| builder.wire(wire));
    let schema = harness.client.warehouse_schema().await.unwrap();
    assert!(schema.unmatched.is_empty(), "{:?}", schema.unmatched);
    assert_eq!(schema.wire.time_record, dialect.wire.time_record);
    assert_eq!(schema.wire.hour_group, dialect.wire.hour_group);
    assert_eq!(schema.wire.punch, dialect.wire.punch);
    assert_eq!(schema.wire.shift, dialect.wire.shift);
    assert_eq!(schema.wire.approval, dialect.wire.approval);
    assert_eq!(schema.wire.pay_period, dialect.wire.pay_period);
    assert_eq!(schema.wire.pay_period_approval, dialect.wire.pay_period_approval);
}

async fn the_other_sets_of_the_warehouse_are_read(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let (from, to) = (day("2026-03-06"), day("2026-03-08"));
    let hours = harness.client.grouped_hours(from, to).collect().await.unwrap();
    assert!(hours.proves_absence());
    let overtime = hours.rows.iter().filter(|row| row.group == HourGroup::Overtime);
    assert_eq!(
        overtime.map(|row| row.hours.clone().unwrap()).collect::<Vec<_>>(),
        ["2.0", "2.0"]
    );
    let punches = harness.client.punches(to, to).collect().await.unwrap();
    assert_eq!(punches.rows[0].person.as_str(), harness.id("p-101"));
    assert!(
        harness
            .client
            .punches(from, day("2026-03-07"))
            .collect()
            .await
            .unwrap()
            .rows
            .is_empty()
    );
    assert_eq!(harness.client.shifts(to, to).collect().await.unwrap().rows.len(), 1);
    let periods = harness
        .client
        .pay_periods(to, day("2026-03-09"))
        .collect()
        .await
        .unwrap();
    assert_eq!(periods.rows.len(), 2);
    let approvals = harness
        .client
        .pay_period_approvals(&periods.rows[0].id)
        .collect()
        .await
        .unwrap();
    assert_eq!(approvals.rows[0].kind, ApprovalKind::SignOff);
}

async fn time_that_comes_late_appears_after_a_night_or_waits_in_quarantine(dialect: Dialect) {
    let harness = Harness::contractor(&dialect);
    let days = [
        ("p-121", "2026-03-10"),
        ("p-105", "2026-03-06"),
        ("p-121", "2026-03-03"),
    ];
    harness.sandbox.with_state(|state| {
        state.pay_periods[0].is_closed = true;
        for (number, (person, date)) in days.into_iter().enumerate() {
            let mut record = state.time_records[0].clone();
            record.id = format!("tr-late-{number}");
            person.clone_into(&mut record.person);
            record.work_date = day(date);
            state.enter(record);
        }
    });
    let count = async || {
        let list = harness.client.time_records(day("2026-03-02"), day("2026-03-15"));
        list.collect().await.unwrap().rows.len()
    };
    let before = count().await;
    harness.sandbox.with_state(exaktime_client::sandbox::State::refresh);
    assert_eq!(count().await, before + 1, "two wait in quarantine");
    harness.sandbox.with_state(|state| {
        state.pay_periods[0].is_closed = false;
        state.refresh();
    });
    assert_eq!(count().await, before + 2, "one day is still approved");
    harness.sandbox.with_state(|state| {
        state.approvals.clear();
        state.refresh();
    });
    assert_eq!(count().await, before + 3);
}
