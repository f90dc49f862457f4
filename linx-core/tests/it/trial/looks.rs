//! What one look does not show is not known to be absent, whatever the clock says (hazards A15, D27).

use chrono::TimeDelta;
use http::Method;
use linx_core::settings::Removals;
use linx_http::Clock;
use linx_http::sandbox::{Arrival, Deed, Fault};
use procore_client::TimecardEntryId;

use super::arrivals::hire;
use super::{ENTRIES, because, exported, settles, synced, with_and_without_ids_of_ours};
use crate::harness::{Harness, day, once};
use crate::small_company::{all_hours, hours_of, judge_our_hand};

/// A create is stored and its sender killed; a day passes.
async fn stored_unseen(harness: &Harness) -> TimecardEntryId {
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 5, Fault::Stall));
    harness.killed_export().await;
    harness.wait_days(1);
    unacknowledged(harness).await
}

/// The entry that a killed run got no answer for: others went beside it, and were answered.
async fn unacknowledged(harness: &Harness) -> TimecardEntryId {
    let (from, to) = (day("2026-03-01"), day("2026-03-20"));
    let lines = harness.ledger.lines(from, to).await.unwrap();
    let is_known = |id: TimecardEntryId| lines.iter().any(|line| line.entry.0 == id.get());
    let entries = harness.procore.entries().into_iter().map(|entry| entry.id);
    let unknown: Vec<_> = entries.filter(|id| !is_known(*id)).collect();
    assert_eq!(unknown.len(), 1);
    unknown[0]
}

/// Lets the lists of Procore lack a row, or have it again.
fn hide(harness: &Harness, id: TimecardEntryId, hidden: bool) {
    harness.procore.with_state(|state| {
        if hidden {
            state.unlisted.insert(id);
        } else {
            state.unlisted.remove(&id);
        }
    });
}

#[tokio::test]
async fn a15_one_look_that_lacks_an_entry_is_no_proof_that_it_was_never_stored() {
    for harness in with_and_without_ids_of_ours().await {
        let id = stored_unseen(&harness).await;
        // Neither the plan nor its confirmation shows the row; what is read later does.
        hide(&harness, id, true);
        let procore = harness.procore.clone();
        let shown = Deed::new(move || {
            procore.with_state(|state| state.unlisted.clear());
        });
        harness
            .procore_faults
            .order(once(Method::GET, ENTRIES, 2, Fault::Then(shown)));
        let report = harness.try_export().await.unwrap();
        judge_our_hand(108_00, &harness);
        assert_eq!(
            (report.held.len(), all_hours(&harness)),
            (0, 108_00),
            "{:?}",
            report.held
        );
        settles(&harness).await;
    }
}

#[tokio::test]
async fn a15_a_run_that_lacks_an_entry_all_along_and_may_not_wait_holds_its_line() {
    for harness in with_and_without_ids_of_ours().await {
        let id = stored_unseen(&harness).await;
        hide(&harness, id, true);
        let report = harness.export_at_once().await.unwrap();
        assert!(
            !because(&report.held, "unknown_outcome").is_empty(),
            "{:?}",
            report.held
        );
        hide(&harness, id, false);
        judge_our_hand(108_00, &harness);
        settles(&harness).await;
    }
}

/// The second list lacks not only the new entry but others that stood, and nothing explains that: it may lack anything.
#[tokio::test]
async fn a15_a3_a_list_that_lacks_what_else_stood_is_no_proof_that_a_create_never_arrived() {
    for harness in with_and_without_ids_of_ours().await {
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 5, Fault::Stall));
        harness.killed_export().await;
        let new = unacknowledged(&harness).await;
        let stood = harness.procore.entries().into_iter().map(|entry| entry.id);
        let stood: Vec<_> = stood.filter(|id| *id != new).collect();
        hide(&harness, new, true);
        harness.export_at_once().await.unwrap();
        harness.wait_days(1);
        for id in stood {
            hide(&harness, id, true);
        }
        let report = harness.export_at_once().await.unwrap();
        judge_our_hand(108_00, &harness);
        assert!(
            !because(&report.held, "unknown_outcome").is_empty(),
            "{:?}",
            report.held
        );
        harness.procore.with_state(|state| state.unlisted.clear());
        harness.try_export().await.unwrap();
        judge_our_hand(108_00, &harness);
        settles(&harness).await;
    }
}

/// This company keeps no marks, so that nothing would tell of an entry that stands and was forgotten.
#[tokio::test]
async fn a15_one_look_that_lacks_an_entry_is_no_proof_that_a_deletion_arrived() {
    let harness = exported().await;
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            entry.origin_data = None;
        }
    });
    harness.exaktime.with_state(|state| state.time_records.remove(0));
    harness.try_export().await.unwrap();
    harness.next_day();
    let never = Fault::StallThenApplied(Arrival::OnDelivery);
    harness.procore_faults.order(once(Method::DELETE, ENTRIES, 0, never));
    harness.killed_export().await;
    harness.wait_days(1);
    let id = harness.procore.entries()[0].id;
    hide(&harness, id, true);
    let report = harness.export_at_once().await.unwrap();
    assert!(
        !because(&report.held, "unknown_outcome").is_empty(),
        "{:?}",
        report.held
    );
    hide(&harness, id, false);
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert!(
        all_hours(&harness) == 104_00 || !report.held.is_empty(),
        "4 h stand for 0 h, and nobody is told"
    );
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (all_hours(&harness), report.held.len()),
        (104_00, 0),
        "{:?}",
        report.held
    );
}

/// A machine whose clock is set by the time service soon after it has started again.
#[tokio::test]
async fn d27_a_clock_that_is_set_forward_does_not_make_a_request_settled() {
    for harness in with_and_without_ids_of_ours().await {
        let late = Fault::StallThenApplied(Arrival::AfterTime(std::time::Duration::from_secs(100)));
        harness.procore_faults.order(once(Method::POST, ENTRIES, 5, late));
        harness.killed_export().await;
        for minutes in [10, 20, 30] {
            harness.our_clock.set_ahead(TimeDelta::minutes(minutes));
            let report = harness.export_at_once().await.unwrap();
            assert!(
                !because(&report.held, "unknown_outcome").is_empty(),
                "{:?}",
                report.held
            );
        }
        harness.wait_seconds(100);
        harness.plan_export().await;
        judge_our_hand(108_00, &harness);
        settles(&harness).await;
    }
}

#[tokio::test]
async fn d27_a_clock_that_is_set_back_by_hours_lengthens_no_wait() {
    let harness = synced().await;
    harness.procore_faults.order(once(
        Method::POST,
        ENTRIES,
        5,
        Fault::StallThenApplied(Arrival::OnDelivery),
    ));
    harness.killed_export().await;
    harness.export_at_once().await.unwrap();
    harness.our_clock.set_ahead(TimeDelta::hours(-5));
    let before = harness.our_clock.now();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (report.held.len(), all_hours(&harness)),
        (0, 108_00),
        "{:?}",
        report.held
    );
    assert!(harness.our_clock.now() - before <= TimeDelta::seconds(121));
}

/// In ExakTime nothing can be deleted again: what one list lacks is not made a second time.
#[tokio::test]
async fn a15_a_person_whom_one_list_lacks_is_not_made_again() {
    let harness = synced().await;
    hire(&harness);
    harness
        .exaktime_faults
        .order(once(Method::POST, "/v1/", 0, Fault::Stall));
    harness.killed_sync().await;
    harness.wait_days(1);
    let new = harness.exaktime.with_state(|state| {
        let (id, _) = state
            .persons
            .iter()
            .find(|(_, person)| person["employeeIdentifier"] == "00301")?;
        let id = id.clone();
        Some((id.clone(), state.persons.remove(&id)?))
    });
    let (id, person) = new.unwrap();
    let report = harness.sync_at_once().await;
    assert_eq!(because(&report.held, "unknown_outcome").len(), 1, "{:?}", report.held);
    harness.exaktime.with_state(|state| state.persons.insert(id, person));
    let report = harness.apply_sync().await;
    let people = harness.exaktime.with_state(|state| {
        let people = state.persons.values();
        people.filter(|person| person["employeeIdentifier"] == "00301").count()
    });
    assert_eq!((people, report.held.len()), (1, 0), "{:?}", report.held);
}

/// The office deletes an entry before anybody has read its create back: in the list of what is there it looks like one that
/// never arrived.
#[tokio::test]
async fn b7_an_entry_that_the_office_deleted_before_it_was_read_back_is_not_put_back() {
    for harness in with_and_without_ids_of_ours().await {
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 5, Fault::Stall));
        harness.killed_export().await;
        harness.wait_seconds(60);
        let now = harness.our_clock.now();
        let left = harness.procore.with_state(|state| {
            let entry = state.entries.values_mut().next_back().unwrap();
            entry.deleted_at = Some(now);
            108_00 - hours_of(entry)
        });
        for _ in 0..3 {
            harness.try_export().await.unwrap();
            assert_eq!(all_hours(&harness), left, "what the office deleted is put back");
            harness.next_day();
        }
        let report = harness.try_export().await.unwrap();
        assert_eq!(report.held, []);
        assert_eq!(
            because(&report.left_out, "deleted_in_office").len(),
            1,
            "{:?}",
            report.left_out
        );
    }
}

/// A line that we deleted ourselves, and made again by a request that never arrived, is not the office's.
#[tokio::test]
async fn b7_what_we_deleted_ourselves_is_sent_again_though_it_stands_among_the_deleted() {
    let mut harness = exported().await;
    harness.export.removals = Removals::AtOnce;
    let record = harness.exaktime.with_state(|state| state.time_records.remove(0));
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 104_00);
    harness
        .exaktime
        .with_state(|state| state.time_records.insert(0, record));
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::CutBefore));
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (report.held.len(), all_hours(&harness)),
        (0, 108_00),
        "{:?}",
        report.held
    );
    settles(&harness).await;
}
