//! Syncs by the program itself while what an earlier one sent may still arrive (hazard A15). In ExakTime nothing can be
//! deleted.

use std::time::Duration;

use http::Method;
use linx_http::sandbox::{Arrival, Fault, Order};

use crate::harness::{Harness, expect};

const PLACES: &str = "/v1/Common/Locations";

/// How many places have the number of the sub-job that the first sync makes.
fn places(harness: &Harness) -> usize {
    harness.exaktime.with_state(|state| {
        let numbers = state
            .locations
            .values()
            .filter_map(|place| place.get("identifier")?.as_str());
        numbers.filter(|number| *number == "24-002.03").count()
    })
}

/// Kills a sync while its first place is on its way.
async fn killed(harness: &Harness, arrival: Arrival) {
    let faults = harness.exaktime_server.faults();
    faults.order(Order {
        method: Some(Method::POST),
        path: PLACES.into(),
        after: 0,
        times: 1,
        fault: Fault::StallThenApplied(arrival),
    });
    let mut child = harness.begun(&["sync", "--apply"]);
    faults.stalled().await;
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a15_a_sync_that_may_not_wait_holds_what_a_killed_one_sent_and_the_next_finds_it() {
    let harness = Harness::new().await;
    killed(&harness, Arrival::OnDelivery).await;
    let held = harness.json(&["sync", "--apply", "--no-wait"], 3);
    let held: Vec<&str> = held["held"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|held| held["code"] == "unknown_outcome")
        .map(|held| held["detail"].as_str().unwrap())
        .collect();
    assert_eq!(held.len(), 1, "{held:?}");
    assert!(held[0].contains("can be known from"), "{held:?}");
    assert_eq!(places(&harness), 0, "it may still arrive");
    assert_eq!(harness.exaktime_server.faults().deliver(), 1);
    harness.json(&["sync", "--apply", "--no-wait"], 3);
    assert_eq!(places(&harness), 1);
}

#[tokio::test]
async fn a15_a_sync_waits_for_what_a_killed_one_sent_and_makes_it_once() {
    for arrival in [Arrival::AfterTime(Duration::from_millis(500)), Arrival::OnDelivery] {
        let harness = Harness::new().await;
        killed(&harness, arrival).await;
        let mut run = harness.linx(&["sync", "--apply", "-q"]);
        expect(run.env("LINX_LEDGER__SETTLE_SECONDS", "1"), 3);
        assert_eq!(places(&harness), 1, "{arrival:?}");
    }
}
