//! Requests under way of which only a part is still wanted (hazard A15).

use std::time::Duration as Seconds;

use chrono::TimeDelta;
use http::Method;
use linx_http::sandbox::{Arrival, Fault};

use super::super::moves::{Trace, add_like, shift};
use super::super::{ENTRIES, in_time};
use crate::harness::{once, two_weeks};
use crate::small_company::exported;

/// A raise of two hours is under way; one of the hours turns out to be another person's.
#[tokio::test]
async fn a15_a_raise_under_way_of_which_a_part_is_another_persons_is_not_paid_twice() {
    let harness = exported().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "6.00".into();
    });
    let late = Fault::StallThenApplied(Arrival::AfterTime(Seconds::from_secs(100)));
    harness.procore_faults.order(once(Method::PATCH, ENTRIES, 0, late));
    harness.killed_export().await;
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "5.00".into();
    });
    add_like(&harness, "p-201", "2026-03-02", 0, |record| {
        record.person = "p-204".into();
        record.regular_hours = "1.00".into();
        record.stop = Some(record.start + TimeDelta::hours(1));
    });
    let mut trace = Trace::default();
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    harness.wait_seconds(130);
    harness.procore_faults.deliver();
    trace.note(&harness, "arrived", Err("nothing ran".into()));
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(110_00);
}

/// The same of a new entry.
#[tokio::test]
async fn a15_a_create_under_way_of_which_a_part_is_another_persons_is_not_paid_twice() {
    let harness = exported().await;
    add_like(&harness, "p-201", "2026-03-02", 0, |record| shift(record, "2026-03-11"));
    let late = Fault::StallThenApplied(Arrival::AfterTime(Seconds::from_secs(100)));
    harness.procore_faults.order(once(Method::POST, ENTRIES, 0, late));
    harness.killed_export().await;
    in_time(&harness, "p-201", "2026-03-11", 0, |record| {
        record.regular_hours = "2.00".into();
    });
    add_like(&harness, "p-201", "2026-03-11", 0, |record| {
        record.person = "p-204".into();
        record.start += TimeDelta::hours(2);
    });
    let mut trace = Trace::default();
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    harness.wait_seconds(130);
    harness.procore_faults.deliver();
    trace.note(&harness, "arrived", Err("nothing ran".into()));
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(112_00);
}
