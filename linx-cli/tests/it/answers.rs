//! Answers that are not what they look like, on a company of 108.00 h: refusals that are none, and lists that came in part
//! or without end (hazards A3, A6, A16, A17, A18).

use bytes::Bytes;
use exaktime_client::sandbox::TimeRecord;
use http::{Method, Response};
use linx_http::sandbox::{Fault, Faults, Order};
use procore_client::sandbox::ListFault;
use serde_json::Value;

use crate::harness::{Harness, codes, once, stderr, stdout};
use crate::small_company::export;

const ENTRIES: &str = "/timecard_entries";
const TIME: &str = "DwTimeRecords";
const PAGE: &str = "<!DOCTYPE html><html><title>Sign in</title></html>";

/// What something between the program and Procore answers.
fn of_gateway(status: u16, body: &'static str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("Content-Type", "text/html")
        .header("Location", "https://login.example/")
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

/// All requests of a list from now on.
fn always(path: &str, fault: Fault) -> Order {
    Order {
        times: 1000,
        ..once(Method::GET, path, 0, fault)
    }
}

/// Which lists a document holds as incomplete, beside the lines that wait for them.
fn incomplete(document: &Value) -> Vec<&str> {
    let held = document["held"].as_array().unwrap().iter();
    held.filter(|held| held["code"] == "incomplete_list")
        .filter_map(|held| held["id"].as_str().filter(|id| id.starts_with("list:")))
        .collect()
}

/// An export that tells of this list alone as incomplete, and writes nothing.
fn assert_nothing_is_written(harness: &Harness, list: &str) {
    let (writes, hours) = (harness.writes(), harness.hours_in_procore());
    let report = harness.json(&export(), 3);
    assert_eq!(incomplete(&report), [list], "{}", report["held"]);
    assert_eq!((harness.writes(), harness.hours_in_procore()), (writes, hours));
}

/// Dan worked four hours more on another day, which no export has seen yet.
fn four_hours_more(harness: &Harness) {
    harness.exaktime.with_state(|state| {
        let of_dan = |record: &&TimeRecord| record.person == "p-204" && record.work_date.to_string() == "2026-03-10";
        let mut record = state.time_records.iter().find(of_dan).unwrap().clone();
        let days = chrono::TimeDelta::days(2);
        record.id = "tr-more".into();
        record.work_date += days;
        record.start += days;
        record.stop = record.stop.map(|stop| stop + days);
        state.time_records.push(record);
    });
}

/// A create is stored, and a gateway answers it with a redirect, a login page or an error of its own.
#[tokio::test]
async fn a16_a_create_that_was_stored_behind_a_gateways_refusal_stands_once() {
    for (status, body) in [(302, ""), (401, PAGE), (403, PAGE)] {
        let harness = Harness::synced().await;
        let lost = Fault::AnswerLost(of_gateway(status, body));
        harness
            .procore_server
            .faults()
            .order(once(Method::POST, ENTRIES, 9, lost));
        let report = harness.json(&export(), 0);
        assert_eq!(codes(&report), [""; 0], "{status}");
        assert_eq!(report["hours"]["stored"], "108.00", "{status}");
        harness.assert_all_stand_once();
        let creates = harness.procore_server.traffic().count(Some(&Method::POST), ENTRIES);
        assert_eq!(creates, 28, "{status}: none was sent twice");
        harness.assert_next_writes_nothing();
    }
}

/// The same answers, and nothing was stored: it is not taken for stored either, and sent when that is known.
#[tokio::test]
async fn a16_a_create_that_a_gateway_kept_is_held_and_stands_once_in_the_end() {
    for (status, body) in [(302, ""), (401, PAGE)] {
        let harness = Harness::synced().await;
        let kept = Fault::Instead(of_gateway(status, body));
        harness
            .procore_server
            .faults()
            .order(once(Method::POST, ENTRIES, 27, kept));
        let no_wait = [&export()[..], &["--no-wait"]].concat();
        let report = harness.json(&no_wait, 3);
        assert_eq!(codes(&report), ["unknown_outcome"], "{status}");
        assert_eq!(report["hours"]["stored"], harness.hours_in_procore(), "{status}");
        assert_eq!(harness.procore.entries().len(), 27, "{status}");
        let at_once = [("LINX_LEDGER__SETTLE_SECONDS", "0")];
        assert_eq!(harness.json_in(&at_once, &export(), 0)["hours"]["stored"], "108.00");
        harness.assert_all_stand_once();
        harness.assert_next_writes_nothing();
    }
}

/// A proxy takes `Link` and `Total` away, and the first five entries look like all of them.
#[tokio::test]
async fn a17_entries_whose_list_lost_its_headers_are_not_made_again() {
    let harness = Harness::exported().await;
    four_hours_more(&harness);
    harness.procore.with_state(|state| state.max_per_page = Some(5));
    let names = ["link", "total"].map(|name| name.parse().unwrap()).to_vec();
    let faults = harness.procore_server.faults();
    faults.order(always(ENTRIES, Fault::Stripped(names)));
    for _ in 0..2 {
        assert_nothing_is_written(&harness, "list:procore:entries");
    }
    faults.clear();
    assert_eq!(harness.json(&export(), 0)["summary"]["create"], 1);
    assert_eq!(harness.hours_in_procore(), "112.00");
}

/// A list of Procore's claims more rows than come: a worker or an entry may be unseen.
#[tokio::test]
async fn a6_on_workers_or_entries_whose_total_lies_nothing_is_written() {
    for (path, list) in [("/people", "list:procore:workers"), (ENTRIES, "list:procore:entries")] {
        let harness = Harness::synced().await;
        harness
            .procore
            .with_state(|state| state.list_faults.push((path.into(), ListFault::WrongTotal(999))));
        assert_nothing_is_written(&harness, list);
        assert_eq!(harness.hours_in_procore(), "0.00");
        harness.procore.with_state(|state| state.list_faults.clear());
        harness.run(&export(), 0);
        harness.assert_all_stand_once();
    }
}

/// ExakTime counts 26 records of time, and its list ends after ten.
#[tokio::test]
async fn a6_on_time_of_which_fewer_records_came_than_are_counted_nothing_is_written() {
    let harness = Harness::synced().await;
    harness.exaktime.with_state(|state| state.max_odata_rows = 10);
    // Every second page, however often the list is read.
    for after in 1..20 {
        let end = Fault::Instead(Response::new(Bytes::from_static(br#"{"value":[]}"#)));
        harness
            .exaktime_server
            .faults()
            .order(once(Method::GET, TIME, after, end));
    }
    assert_nothing_is_written(&harness, "list:exaktime:time-records");
    assert_eq!(harness.hours_in_procore(), "0.00");
    harness.exaktime_server.faults().clear();
    harness.run(&export(), 0);
    harness.assert_all_stand_once();
}

/// Whenever the second page of time is read, a record has gone from the first.
#[tokio::test]
async fn a3_on_time_that_moves_while_it_is_read_nothing_is_written_or_lowered() {
    for (harness, hours) in [(Harness::synced().await, "0.00"), (Harness::exported().await, "108.00")] {
        harness.exaktime.with_state(|state| {
            state.max_odata_rows = 10;
            state.faults.row_goes_before_page = Some(2);
            state.faults.times = 1000;
        });
        assert_nothing_is_written(&harness, "list:exaktime:time-records");
        assert_eq!(harness.hours_in_procore(), hours);
        harness.exaktime.with_state(|state| state.faults.times = 0);
        harness.run(&export(), 0);
        harness.assert_all_stand_once();
    }
}

/// An export that fails and says so with these words, and writes nothing.
fn assert_fails(harness: &Harness, words: [&str; 2]) {
    let (writes, hours) = (harness.writes(), harness.hours_in_procore());
    let output = harness.run(&export(), 1);
    let told = stderr(&output);
    for word in words {
        assert!(told.contains(word), "{told}");
    }
    assert_eq!((stdout(&output).as_str(), told.matches("error: ").count()), ("", 1));
    assert_eq!((harness.writes(), harness.hours_in_procore()), (writes, hours));
}

/// Each page of a list is the first one again, and links to another.
#[tokio::test]
async fn a18_a_list_without_end_ends_the_run_and_is_named() {
    let harness = Harness::exported().await;
    for path in ["/people", ENTRIES] {
        harness
            .procore
            .with_state(|state| state.list_faults = vec![(path.into(), ListFault::Endless)]);
        assert_fails(&harness, [path, "the list repeats a page"]);
    }
    harness.procore.with_state(|state| state.list_faults.clear());
    harness.assert_next_writes_nothing();
}

/// An answer is longer than any list is, on either side.
#[tokio::test]
async fn a18_a_body_beyond_64_mib_ends_the_run_and_is_named() {
    let harness = Harness::exported().await;
    let giant = Bytes::from(vec![b' '; 64 * 1024 * 1024 + 1]);
    let answered = |faults: &Faults, path| faults.order(always(path, Fault::Instead(Response::new(giant.clone()))));
    let (procore, exaktime) = (harness.procore_server.faults(), harness.exaktime_server.faults());
    answered(&procore, ENTRIES);
    assert_fails(&harness, [ENTRIES, "67108864"]);
    procore.clear();
    answered(&exaktime, TIME);
    assert_fails(&harness, [TIME, "67108864"]);
    exaktime.clear();
    harness.assert_next_writes_nothing();
}
