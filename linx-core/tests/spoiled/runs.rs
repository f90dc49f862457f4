//! Runs in which one answer of a service is spoiled.

use std::sync::Arc;

use futures_util::FutureExt;
use http::Uri;
use linx_core::ledger::MemoryLedger;
use linx_core::model::CentiHours;
use linx_core::sync::SyncOptions;
use linx_http::testing::{Inputs, assert_harmless};

use crate::measured;
use crate::pair::{Company, Wire, days};

/// No line is of more hours than a day has.
const DAY: CentiHours = CentiHours::from_hundredths(2400);

/// How many answers of an address a usual run spoils: those with time in them are worth most.
fn usual(address: &Uri) -> usize {
    let has_time = ["DwTimeRecords", "timecard_entries"]
        .iter()
        .any(|path| address.path().ends_with(path));
    if has_time { 40 } else { 4 }
}

/// What a run reads of a service: each address, and what is answered there.
fn read_of(wire: &Wire) -> Vec<(Uri, Vec<u8>)> {
    let read = wire.take();
    assert!(!read.is_empty());
    read
}

/// The ends of the calendars: of four digits, of the type, and one that no calendar has.
const FAR: [&str; 6] = [
    "9999-12-31",
    "0000-01-01",
    "+262142-12-31",
    "-262143-01-01",
    "2026-02-30",
    "2026-03-02T24:00:00",
];

/// An answer, and the same with its first day at the ends of the calendars.
fn examples(text: Vec<u8>) -> Vec<Vec<u8>> {
    let good = String::from_utf8_lossy(&text);
    let far = FAR
        .iter()
        .filter(|_| good.contains("2026-03-02"))
        .map(|day| good.replace("2026-03-02", day).into_bytes());
    let far: Vec<Vec<u8>> = far.collect();
    [vec![text], far].concat()
}

#[test]
fn a18_a14_a_spoiled_answer_in_an_export_is_an_error_or_a_plan_that_adds_up() {
    let company = Company::small();
    let linx = company.linx(Arc::new(MemoryLedger::new()));
    let sync = linx.plan_sync(&SyncOptions::default()).now_or_never().unwrap().unwrap();
    linx.apply_sync(&sync).now_or_never().unwrap().unwrap();
    let plan = linx.plan_export(&days()).now_or_never().unwrap().unwrap();
    // So that there are entries to compare with, and marks in them.
    linx.apply_export(&plan).now_or_never().unwrap().unwrap();
    company.procore.take();
    company.exaktime.take();
    linx.plan_export(&days()).now_or_never().unwrap().unwrap();
    for wire in [&company.procore, &company.exaktime] {
        for (address, text) in read_of(wire) {
            let inputs = Inputs::new(format!("export, {}", address.path()), examples(text)).usually(usual(&address));
            inputs.memory(16 * 1024 * 1024, 400).each(measured, |text| {
                wire.answer_instead(Some((&address, text)));
                match linx.plan_export(&days()).now_or_never().unwrap() {
                    Ok(plan) => {
                        assert_eq!(plan.account.check(), Ok(()));
                        for change in &plan.changes {
                            assert!(change.content.hours <= DAY, "{change:?}");
                        }
                    }
                    Err(error) => assert_harmless(&error),
                }
            });
            wire.answer_instead(None);
        }
    }
}

#[test]
fn a18_a14_a_spoiled_answer_in_a_sync_is_an_error_or_a_plan() {
    let company = Company::small();
    let linx = company.linx(Arc::new(MemoryLedger::new()));
    linx.plan_sync(&SyncOptions::default()).now_or_never().unwrap().unwrap();
    for wire in [&company.procore, &company.exaktime] {
        for (address, text) in read_of(wire) {
            let inputs = Inputs::new(format!("sync, {}", address.path()), examples(text)).usually(usual(&address));
            inputs.memory(16 * 1024 * 1024, 400).each(measured, |text| {
                wire.answer_instead(Some((&address, text)));
                if let Err(error) = linx.plan_sync(&SyncOptions::default()).now_or_never().unwrap() {
                    assert_harmless(&error);
                }
            });
            wire.answer_instead(None);
        }
    }
}
