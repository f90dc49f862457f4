//! What people and machines do while a run is at work and between two of them, on a company of 108.00 h (hazards B5, B13,
//! B14, B16, C18, D26, D27).

use std::sync::Arc;

use chrono::TimeDelta;
use http::Method;
use linx_http::WrongClock;
use linx_http::reqwest::SystemClock;
use linx_http::sandbox::{Deed, Fault};
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;
use serde_json::Value;

use crate::harness::{EXPORT, Harness, codes, once, stderr};
use crate::small_company::{NIGHT_AFTER, NIGHT_BEFORE, export, without_hours};

const ENTRIES: &str = "/timecard_entries";

/// Sets the morning of a person's day to so many hours in ExakTime.
fn morning(harness: &Harness, person: &str, date: &str, hours: &str) {
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter_mut();
        let record = records.find(|record| record.person == person && record.work_date.to_string() == date);
        record.unwrap().regular_hours = hours.into();
    });
}

/// While the first of three corrections is written, the office edits the entry that the last one would change.
#[tokio::test]
async fn b16_an_entry_that_the_office_edits_while_an_export_writes_stands() {
    let harness = Harness::exported().await;
    // Two days of one person, which follow one another, and another person beside.
    for (person, date) in [
        ("p-201", "2026-03-02"),
        ("p-201", "2026-03-04"),
        ("p-203", "2026-03-02"),
    ] {
        morning(&harness, person, date, "3.00");
    }
    let plan = harness.json(&EXPORT, 0);
    let changes = plan["changes"].as_array().unwrap();
    let (first, second) = (&changes[0], &changes[1]);
    assert_eq!((changes.len(), &second["action"]), (3, &"update".into()));
    assert_eq!(first["view"]["employee"], second["view"]["employee"]);
    let id = TimecardEntryId::new(second["entry"].as_u64().unwrap());
    let procore = Arc::clone(&harness.procore);
    let edit = Deed::new(move || {
        procore.with_state(|state| state.entries.get_mut(&id).unwrap().hours = Some("6.5".into()));
    });
    let faults = harness.procore_server.faults();
    let path = format!("{ENTRIES}/{}", first["entry"]);
    faults.order(once(Method::PATCH, &path, 0, Fault::Then(edit)));

    let report = harness.json(&export(), 3);
    assert_eq!(codes(&report), ["stale_plan"]);
    let patches = harness.procore_server.traffic().count(Some(&Method::PATCH), ENTRIES);
    assert_eq!(patches, 2, "the others go on");
    // Two are lowered by an hour, and the office has raised one by two and a half.
    assert_eq!(harness.hours_in_procore(), "108.50");
    let writes = harness.writes();
    assert_eq!(codes(&harness.json(&export(), 3)), ["edited_on_both_sides"]);
    assert_eq!(
        (harness.writes(), harness.hours_in_procore()),
        (writes, "108.50".into())
    );
}

/// The first process is stopped in the middle of its writing, as a machine is that is put to sleep.
#[cfg(unix)]
#[tokio::test]
async fn b14_of_two_processes_at_once_the_second_ends_with_5_and_each_line_stands_once() {
    let harness = Harness::synced().await;
    let meeting = Arc::new(std::sync::Barrier::new(2));
    let at_the_tenth = Arc::clone(&meeting);
    let wait = Deed::new(move || {
        at_the_tenth.wait();
        at_the_tenth.wait();
    });
    let faults = harness.procore_server.faults();
    faults.order(once(Method::POST, ENTRIES, 9, Fault::Then(wait)));
    let mut first = harness.begun(&export());
    let signal = |name: &str| {
        let kill = format!("kill -{name} {}", first.id());
        std::process::Command::new("sh").args(["-c", &kill]).status().unwrap()
    };
    meeting.wait();
    let stopped = signal("STOP");
    meeting.wait();
    let second = harness.linx(&export()).output().unwrap();
    let stood = harness.procore.entries().len();
    let goes_on = signal("CONT");
    let first = first.wait().unwrap();

    assert!(stopped.success() && goes_on.success());
    assert_eq!(second.status.code(), Some(5), "{}", stderr(&second));
    assert!(
        stderr(&second).contains("another export run is at work"),
        "{}",
        stderr(&second)
    );
    // The tenth, and what went beside it.
    assert!((10..28).contains(&stood), "{stood}");
    assert_eq!(first.code(), Some(0));
    harness.assert_all_stand_once();
    harness.assert_next_writes_nothing();
}

/// A code gets another number in Procore, which a sync brings to ExakTime.
#[tokio::test]
async fn c18_a_code_that_is_renamed_between_two_exports_changes_nothing() {
    let harness = Harness::exported().await;
    harness.procore.with_state(|state| {
        let mut codes = state.company_codes.values_mut();
        let concrete = codes.find(|code| code.name == "Cast-in-Place Concrete");
        concrete.unwrap().code = "310".into();
    });
    let before = harness.procore.entries();
    harness.assert_next_writes_nothing();
    harness.run(&["sync", "--apply"], 0);
    let numbers = harness.exaktime.with_state(|state| {
        let numbers = state
            .cost_codes
            .values()
            .filter_map(|code| code.get("identifier")?.as_str());
        numbers.map(str::to_owned).collect::<Vec<_>>()
    });
    assert!(numbers.iter().any(|number| number == "03-310"), "{numbers:?}");
    harness.assert_next_writes_nothing();
    assert_eq!(harness.procore.entries(), before);
}

/// Exports a fortnight with this environment, and gives the plan that was made before and what stands then.
fn exported_in(harness: &Harness, variables: &[(&str, &str)]) -> (Value, Vec<(String, Option<String>)>) {
    harness.json_in(variables, &["sync", "--apply"], 0);
    let plan = harness.json_in(variables, &EXPORT, 0)["changes"].take();
    assert_eq!(harness.json_in(variables, &export(), 0)["hours"]["stored"], "108.00");
    harness.assert_all_stand_once();
    assert_eq!(harness.json_in(variables, &export(), 0)["summary"]["unchanged"], 28);
    let entries = harness.procore.entries().into_iter();
    let mut stands: Vec<_> = entries.map(|entry| (entry.date.to_string(), entry.hours)).collect();
    // Those of several people come side by side, in any order.
    stands.sort();
    (plan, stands)
}

/// The machine stands where it is another day than at the company.
#[tokio::test]
async fn d27_the_machines_zone_changes_no_plan() {
    let there = exported_in(&Harness::small_company().await, &[]);
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
        let harness = Harness::small_company().await;
        assert_eq!(exported_in(&harness, &[("TZ", zone)]), there, "{zone}");
    }
}

/// The machine's clock is a day behind those of the services, or a day ahead.
#[tokio::test]
async fn d27_the_machines_clock_changes_no_plan() {
    let right = exported_in(&Harness::small_company().await, &[]);
    for ahead in [TimeDelta::days(1), TimeDelta::days(-1)] {
        let clock = WrongClock::beside(Arc::new(SystemClock));
        clock.set_ahead(ahead);
        let harness = Harness::small_company_on(Arc::new(clock)).await;
        assert_eq!(exported_in(&harness, &[]), right, "{ahead}");
    }
}

/// The old program has exported the fortnight, and the company says that equal entries are to be taken over.
#[tokio::test]
async fn d26_a_fortnight_of_another_program_is_adopted_where_the_company_says_so() {
    let other = Harness::exported().await;
    let harness = Harness::synced().await;
    for entry in other.procore.entries() {
        harness.enter(Entry {
            origin_id: None,
            origin_data: None,
            ..entry
        });
    }
    let (entries, writes) = (harness.procore.entries(), harness.writes());
    assert_eq!(codes(&harness.json(&EXPORT, 3)), ["entered_by_another"; 28]);
    harness.add_to_config("[export]\nother_hands = \"adopt-equal\"");
    let report = harness.json(&export(), 0);
    assert_eq!(report["hours"]["stored"], "108.00");
    assert_eq!(codes(&report), [""; 0]);
    assert_eq!(report["other_hands"]["entries"], 0);
    harness.assert_next_writes_nothing();
    assert_eq!((harness.procore.entries(), harness.writes()), (entries, writes));
    // They are ours from now on, and later corrections go into them.
    morning(&harness, "p-202", "2026-03-02", "3.00");
    assert_eq!(harness.json(&export(), 0)["summary"]["update"], 1);
    assert_eq!(harness.hours_in_procore(), "107.00");
}

/// Two nights' copies have none of the time: nothing goes by one, and by two only what somebody consents to.
#[tokio::test]
async fn b5_b13_an_emptied_feed_takes_nothing_along_until_somebody_consents() {
    let harness = Harness::exported().await;
    harness.exaktime.with_state(|state| {
        let newest = state.time_records.iter().max_by_key(|record| record.work_date).unwrap();
        state.time_records = vec![without_hours(newest)];
    });
    for _ in 0..2 {
        let report = harness.json_in(NIGHT_BEFORE, &export(), 3);
        assert_eq!(codes(&report), ["awaits_refresh"; 28]);
    }
    harness.refresh();
    for _ in 0..2 {
        let report = harness.json_in(NIGHT_AFTER, &export(), 4);
        assert_eq!(codes(&report), ["guard_refused"; 28]);
        let refused = report["refused"].as_array().unwrap();
        assert_eq!(refused.len(), 1);
        assert!(
            refused[0].as_str().unwrap().contains("--allow-mass-change"),
            "{}",
            refused[0]
        );
    }
    harness.assert_all_stand_once();
    let consent = [&export()[..], &["--allow-mass-change"]].concat();
    assert_eq!(harness.json_in(NIGHT_AFTER, &consent, 0)["summary"]["delete"], 28);
    assert_eq!(harness.hours_in_procore(), "0.00");
}

/// A warehouse without a single record says nothing of any day, however many nights it stays so.
#[tokio::test]
async fn b5_b13_an_empty_warehouse_takes_nothing_along_in_any_night() {
    let harness = Harness::exported().await;
    harness.exaktime.with_state(|state| state.time_records.clear());
    let consent = [&export()[..], &["--allow-mass-change"]].concat();
    for night in [NIGHT_BEFORE, NIGHT_AFTER] {
        assert_eq!(codes(&harness.json_in(night, &consent, 3)), ["awaits_refresh"; 28]);
        harness.assert_all_stand_once();
    }
}
