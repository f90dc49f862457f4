//! What counts as proof, by the program itself: processes that are killed, other hands, people who are made anew, and time
//! that is not there (hazards A15, B5, B15, C17, D9, D26). After each run the hours in Procore are counted.

use exaktime_client::sandbox::TimeRecord;
use http::Method;
use linx_http::sandbox::{Arrival, Fault, Order};
use procore_client::sandbox::{Entry, Person};

use crate::harness::{Harness, codes, expect, once, stdout};
use crate::small_company::{NIGHT_AFTER, NIGHT_BEFORE, export};

/// Runs the program until a request of this method and path stalls, and kills it then.
async fn killed(harness: &Harness, args: &[&str], order: Order, on_procore: bool) {
    let faults = if on_procore {
        harness.procore_server.faults()
    } else {
        harness.exaktime_server.faults()
    };
    faults.order(order);
    let mut child = harness.begun(args);
    faults.stalled().await;
    child.kill().unwrap();
    child.wait().unwrap();
}

fn stalls(method: Method, path: &str, after: u32) -> Order {
    once(method, path, after, Fault::StallThenApplied(Arrival::OnDelivery))
}

fn no_wait() -> Vec<&'static str> {
    export().into_iter().chain(["--no-wait"]).collect()
}

#[tokio::test]
async fn a15_a_killed_export_and_one_at_once_after_it_send_nothing_twice() {
    let harness = Harness::synced().await;
    let stall = stalls(Method::POST, "/timecard_entries", 9);
    killed(&harness, &export(), stall, true).await;
    assert!((9..28).contains(&harness.procore.entries().len()));
    // Twice at once: what is under way is held, and the rest is written.
    for _ in 0..2 {
        let report = harness.json(&no_wait(), 3);
        // The other lines of the same worker wait with it.
        let waiting = codes(&report);
        assert!(
            !waiting.is_empty() && waiting.iter().all(|code| *code == "unknown_outcome"),
            "{waiting:?}"
        );
        assert!(report["held"][0]["seconds"].as_i64().unwrap() > 0);
        assert_eq!(harness.procore.entries().len() + waiting.len(), 28);
    }
    assert_eq!(harness.procore_server.faults().deliver(), 1);
    let settled = harness.json(&no_wait(), 0);
    assert_eq!(settled["hours"]["stored"], "108.00");
    assert_eq!(
        (harness.keys_in_procore().len(), harness.hours_in_procore()),
        (28, "108.00".to_owned())
    );
    assert_eq!(harness.json(&export(), 0)["summary"]["unchanged"], 28);
}

#[tokio::test]
async fn a15_b15_a_program_that_has_waited_sends_again_and_a_later_arrival_is_taken_away() {
    let harness = Harness::synced().await;
    let stall = stalls(Method::POST, "/timecard_entries", 1);
    killed(&harness, &export(), stall, true).await;
    let output = expect(harness.linx(&export()).env("LINX_LEDGER__SETTLE_SECONDS", "1"), 0);
    assert!(stdout(&output).contains("108.00"), "{}", stdout(&output));
    assert_eq!(
        (harness.keys_in_procore().len(), harness.hours_in_procore()),
        (28, "108.00".to_owned())
    );
    // Against all that could be expected the first one comes after all.
    assert_eq!(harness.procore_server.faults().deliver(), 1);
    assert_eq!(harness.hours_in_procore(), "112.00");
    harness.run(&export(), 0);
    assert_eq!(
        (harness.keys_in_procore().len(), harness.hours_in_procore()),
        (28, "108.00".to_owned())
    );
}

#[tokio::test]
async fn a15_a_killed_sync_makes_nobody_twice() {
    let harness = Harness::synced().await;
    harness.procore.with_state(|state| {
        let mut person: Person = state.people.values().next().unwrap().clone();
        person.employee_id = Some("00301".into());
        (person.first_name, person.last_name) = ("Ines".into(), "Quist".into());
        let last = state.people.keys().next_back().unwrap().get();
        state.people.insert(procore_client::PersonId::new(last + 1), person);
    });
    let sync = ["sync", "--apply", "--no-wait"];
    killed(&harness, &sync, stalls(Method::POST, "/v1/", 0), false).await;
    assert_eq!(codes(&harness.json(&sync, 3)), ["unknown_outcome"]);
    assert_eq!(harness.exaktime_server.faults().deliver(), 1);
    // The person is there, and its employment was never sent: it is completed once that can be known.
    assert_eq!(codes(&harness.json(&sync, 3)), ["unknown_outcome"]);
    expect(harness.linx(&sync).env("LINX_LEDGER__SETTLE_SECONDS", "0"), 0);
    let bearers = harness.exaktime.with_state(|state| {
        let mut people = state.persons.values().collect::<Vec<_>>();
        people.retain(|person| person.get("employeeIdentifier").is_some_and(|number| number == "00301"));
        people.len()
    });
    assert_eq!(bearers, 1);
}

#[tokio::test]
async fn b15_a_copy_of_our_entry_is_told_with_both_ids() {
    let harness = Harness::exported().await;
    let ours = harness.procore.entries()[0].clone();
    let copy = harness.enter(ours.clone());
    for _ in 0..2 {
        let report = harness.json(&export(), 3);
        assert_eq!(codes(&report), ["stands_twice"]);
        let detail = report["held"][0]["detail"].as_str().unwrap();
        for id in [ours.id.get(), copy] {
            assert!(detail.contains(&id.to_string()), "{detail}");
        }
        assert_eq!(report["hours"]["stored"], "104.00");
    }
    assert_eq!(harness.hours_in_procore(), "112.00");
}

#[tokio::test]
async fn d26_a_fortnight_of_another_program_is_not_written_beside_it() {
    let other = Harness::exported().await;
    let harness = Harness::synced().await;
    for entry in other.procore.entries() {
        let unmarked = Entry {
            origin_id: None,
            origin_data: None,
            ..entry
        };
        harness.enter(unmarked);
    }
    let report = harness.json(&export(), 3);
    assert_eq!(harness.hours_in_procore(), "108.00");
    assert_eq!(codes(&report), ["entered_by_another"; 28]);
    // Somebody says that both are right for one day.
    harness.run(&["beside", "00202", "2026-03-03"], 0);
    let report = harness.json(&export(), 3);
    assert_eq!(report["summary"]["create"], 2, "{}", report["held"]);
    assert_eq!(harness.hours_in_procore(), "116.00");
    harness.run(&["beside", "00202", "2026-03-03", "--undo"], 0);
}

#[tokio::test]
async fn c17_a_worker_who_is_made_anew_and_linked_by_hand_is_not_paid_again() {
    let harness = Harness::exported().await;
    let anew = harness.procore.with_state(|state| {
        let of_ben = |person: &Person| person.employee_id.as_deref() == Some("00202");
        let old = *state.people.iter().find(|(_, person)| of_ben(person)).unwrap().0;
        let ben = state.people.remove(&old).unwrap();
        let last = state.people.keys().next_back().unwrap().get();
        state.people.insert(procore_client::PersonId::new(last + 1), ben);
        (old.get(), last + 1)
    });
    let (old, new) = (format!("worker:{}", anew.0), format!("worker:{}", anew.1));
    harness.run(&["links", "unlink", &old], 0);
    harness.run(&["links", "set", &new, "p-202"], 0);
    for _ in 0..2 {
        let report = harness.json(&export(), 3);
        // Neither is certain to be due: what was sent under the old worker, nor what is Ben's now.
        assert_eq!(codes(&report), ["employee_relinked"; 12]);
        assert_eq!(harness.hours_in_procore(), "108.00");
    }
}

#[tokio::test]
async fn b5_an_emptied_feed_is_refused_with_4() {
    let harness = Harness::exported().await;
    harness.exaktime.with_state(|state| state.time_records.clear());
    // One look proves nothing.
    assert_eq!(codes(&harness.json(&export(), 3)), ["awaits_refresh"; 28]);
    assert_eq!(harness.hours_in_procore(), "108.00");
    // Where one look is to be enough, a person's consent is not spared.
    harness.add_to_config("[export]\nremovals = \"at-once\"");
    for _ in 0..2 {
        let report = harness.json(&export(), 4);
        assert_eq!(report["refused"].as_array().unwrap().len(), 1);
        assert_eq!(harness.hours_in_procore(), "108.00");
    }
}

#[tokio::test]
async fn b5_hours_that_are_all_halved_are_refused_with_4_until_somebody_consents() {
    let harness = Harness::exported().await;
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            record.regular_hours = "2.00".into();
        }
    });
    harness.run(&export(), 4);
    assert_eq!(harness.hours_in_procore(), "108.00");
    let consent: Vec<&str> = export().into_iter().chain(["--allow-mass-change"]).collect();
    harness.run(&consent, 0);
    assert_eq!(harness.hours_in_procore(), "56.00");
}

fn afternoon_of_ben(record: &TimeRecord) -> bool {
    // 11:30 in Chicago, in winter.
    record.person == "p-202"
        && record.work_date.to_string() == "2026-03-03"
        && record.start.to_string().contains("17:30")
}

fn forget(harness: &Harness, gone: impl Fn(&TimeRecord) -> bool) -> Vec<TimeRecord> {
    let forgotten = harness.exaktime.with_state(|state| {
        state
            .time_records
            .extract_if(.., |record| gone(record))
            .collect::<Vec<_>>()
    });
    assert!(!forgotten.is_empty());
    forgotten
}

#[tokio::test]
async fn b13_half_a_day_proves_nothing_and_a_second_refresh_deletes_what_it_lacks_too() {
    let harness = Harness::exported().await;
    let gone = forget(&harness, afternoon_of_ben);
    for _ in 0..2 {
        let report = harness.json(&export(), 3);
        assert_eq!(codes(&report), ["awaits_refresh"]);
        assert!(
            report["held"][0].to_string().contains("2026-03-03"),
            "{}",
            report["held"]
        );
        assert_eq!(harness.hours_in_procore(), "108.00");
    }
    // It comes back, and nobody needs to look.
    harness.exaktime.with_state(|state| state.time_records.extend(gone));
    harness.refresh();
    assert_eq!(harness.json(&export(), 0)["summary"]["unchanged"], 28);

    forget(&harness, afternoon_of_ben);
    assert_eq!(codes(&harness.json_in(NIGHT_BEFORE, &export(), 3)), ["awaits_refresh"]);
    assert_eq!(codes(&harness.json_in(NIGHT_AFTER, &export(), 3)), ["awaits_refresh"]);
    assert_eq!(harness.hours_in_procore(), "108.00");
    harness.refresh();
    assert_eq!(harness.json_in(NIGHT_AFTER, &export(), 0)["summary"]["delete"], 1);
    assert_eq!(harness.hours_in_procore(), "104.00");
}

#[tokio::test]
async fn d24_a_week_that_was_sent_and_differs_is_told_with_3_until_it_is_dealt_with() {
    let harness = Harness::exported().await;
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter_mut();
        records.find(|record| afternoon_of_ben(record)).unwrap().regular_hours = "6.00".into();
    });
    let second = ["export", "--from", "2026-03-09", "--to", "2026-03-15", "--apply"];
    for _ in 0..2 {
        let report = harness.json(&second, 3);
        assert_eq!(codes(&report), ["late_change"]);
        assert!(
            report["held"][0].to_string().contains("2026-03-02"),
            "{}",
            report["held"]
        );
        assert_eq!(harness.hours_in_procore(), "108.00");
    }
    harness.run(&export(), 0);
    assert_eq!(harness.hours_in_procore(), "110.00");
    harness.json(&second, 0);
}

#[tokio::test]
async fn d9_two_numbers_of_one_person_at_one_time_are_held() {
    let harness = Harness::synced().await;
    harness.add_to_config("[export.same_person]\n\"00203\" = \"00202\"");
    // Ben and Cleo both worked on the 2nd and the 3rd, at the same time: as one person that cannot be.
    let report = harness.json(&export(), 3);
    assert!(codes(&report).contains(&"overlap"), "{}", report["held"]);
    assert_eq!(report["hours"]["held"], "32.00");
    assert_eq!(harness.hours_in_procore(), "76.00");
}
