//! Stories of what the office or a clerk had decided, and what changes after it: another key, another night, another ledger.

mod copies;
mod deleted;
mod everyday;
mod hidden;
mod ledgers;
mod left_out;
mod put_back;
mod steps;

use std::sync::Arc;

use chrono::TimeDelta;
use exaktime_client::sandbox::TimeRecord;
use http::Method;
use linx_core::ledger::{Ledger, MemoryLedger};
use linx_core::plan::Selection;
use linx_http::sandbox::{Fault, Order};

use crate::harness::{Harness, pair, two_weeks};
use crate::small_company::{all_hours, exported};
use crate::trial::moves::{Trace, entry_of, office, shift};
use crate::trial::stories::{TUESDAY, told};
use crate::trial::{ENTRIES, in_time, stands, synced};

pub(super) const WEDNESDAY: &str = "2026-03-04";
const FRIDAY: &str = "2026-03-06";

/// Nights in which the office's deletion of 4 h must stand: 104 h, or the run tells.
pub(super) async fn stays_deleted(harness: &Harness, due: i64) {
    let mut trace = Trace::default();
    for night in 0..4 {
        trace.run(harness, &two_weeks(), &format!("night {night}")).await;
        harness.next_day();
    }
    trace.judge(due);
}

pub(super) async fn with_start_stop() -> Harness {
    let harness = synced().await;
    harness.procore.with_state(|state| {
        state.configuration.start_stop_projects = state.projects.keys().copied().collect();
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report), all_hours(&harness)), (vec![], 108_00));
    harness
}

pub(in crate::trial) async fn copy_of(ledger: &Arc<dyn Ledger>) -> Arc<dyn Ledger> {
    let copy = MemoryLedger::new();
    copy.bind(&pair()).await.unwrap();
    copy.remember_links(&ledger.links().await.unwrap()).await.unwrap();
    let weeks = two_weeks();
    copy.remember_lines(&ledger.lines(weeks.from, weeks.to).await.unwrap())
        .await
        .unwrap();
    Arc::new(copy)
}

pub(super) async fn far_away_and_no_list_of_deleted(fault: Fault) {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.date = crate::harness::day("2026-04-07"));
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, WEDNESDAY));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    for after in [1, 2] {
        harness.procore_faults.order(Order {
            method: Some(Method::GET),
            path: ENTRIES.into(),
            after,
            times: 1,
            fault: fault.clone(),
        });
    }
    trace.nights(&harness, &two_weeks(), 1).await;
    harness.procore_faults.clear();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// What stands of Ben's and Dan's Tuesday, which is 8 h in ExakTime whoever has it.
pub(super) fn tuesdays(harness: &Harness) -> i64 {
    stands(harness, "00202", TUESDAY) + stands(harness, "00204", TUESDAY)
}

pub(super) async fn once_or_told(harness: &Harness, selection: &Selection) {
    for _ in 0..2 {
        let report = harness.try_export_of(selection).await.unwrap();
        assert!(
            tuesdays(harness) <= 8_00 || !report.held.is_empty(),
            "{} h of Tuesday stand for 8, in silence",
            tuesdays(harness)
        );
        assert!(
            tuesdays(harness) <= 8_00,
            "{} h of Tuesday stand for 8: {:#?}",
            tuesdays(harness),
            told(&report)
        );
        harness.next_day();
    }
}

pub(super) fn to_dan(harness: &Harness) {
    in_time(harness, "p-202", TUESDAY, 0, |record| record.person = "p-204".into());
}

pub(super) fn late_in_the_day(record: &mut TimeRecord) {
    record.start += TimeDelta::hours(10);
    record.stop = record.stop.map(|stop| stop + TimeDelta::hours(10));
}

pub(super) async fn lose_the_ledger(harness: &mut Harness) {
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
}

/// Two nights of exports: what was deleted or edited before is known then.
pub(super) async fn two_nights(harness: &Harness) {
    for _ in 0..2 {
        harness.try_export().await.unwrap();
        harness.next_day();
    }
}

/// So many hours stand after each of four nights, and each is told of something.
pub(super) async fn stays_and_is_told(harness: &Harness, stands: i64) {
    for _ in 0..4 {
        let mut trace = Trace::default();
        trace.nights(harness, &two_weeks(), 1).await;
        assert!(trace.held > 0, "what stands is told");
        assert_eq!(all_hours(harness), stands);
    }
}
