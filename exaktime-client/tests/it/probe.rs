//! The probe against both dialects.

use std::collections::BTreeSet;

use exaktime_client::probe::{Candidates, Observed, Report, probe};
use exaktime_client::sandbox::{Dialect, SANDBOX_API_KEY};
use exaktime_client::{Client, WireProfile};
use http::Method;
use serde_json::{Value, json};

use crate::harness::Harness;

crate::harness::in_both_dialects!(
    every_difference_is_named_and_the_profile_fits,
    a14_a_report_holds_no_values,
);

/// A harness whose account has a row of everything.
fn full(dialect: &Dialect) -> Harness {
    let harness = Harness::contractor(dialect);
    let row = |value: Value| value.as_object().unwrap().clone();
    harness.sandbox.with_state(|state| {
        let plain = |id: &str| {
            row(
                json!({id: "x-1", "identifier": "1", "name": "Hidden Name", "isActive": true, "description": "d",
                "frequency": "Weekly", "firstPayDate": "2026-01-09", "periodsPerYear": 52, "isDefault": true}),
            )
        };
        state.cost_types.insert("x-1".to_owned(), plain("costTypeId"));
        state.departments.insert("x-1".to_owned(), plain("departmentId"));
        state.job_codes.insert("x-1".to_owned(), plain("jobCodeId"));
        state.pay_schedules.insert("x-1".to_owned(), plain("payScheduleId"));
        state.jobs.insert("x-1".to_owned(), plain("jobId"));
    });
    harness
}

async fn report(harness: &Harness) -> Report {
    let builder = Client::builder()
        .api_key(SANDBOX_API_KEY.into())
        .transport(harness.transport.clone())
        .clock(harness.clock.clone());
    probe(builder, &SANDBOX_API_KEY.into(), &Candidates::default())
        .await
        .unwrap()
}

async fn every_difference_is_named_and_the_profile_fits(dialect: Dialect) {
    let harness = full(&dialect);
    let report = report(&harness).await;
    // With this very profile the other tests run against this dialect.
    assert_eq!(report.wire, dialect.wire);
    let named: BTreeSet<&str> = report
        .differences()
        .map(|finding| finding.assumption.as_str())
        .collect();
    assert_eq!(named, differing(&dialect.wire).iter().map(String::as_str).collect());
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.observed == Observed::Holds)
    );
    assert_eq!(harness.count(&Method::PUT, ""), 0);
    assert_eq!(harness.count(&Method::POST, "/v1/Common"), 0);
}

/// The fields in which a profile differs from the default, as the probe names them.
fn differing(wire: &WireProfile) -> BTreeSet<String> {
    let (ours, theirs) = (json!(WireProfile::default()), json!(wire));
    let mut fields = BTreeSet::new();
    for (group, names) in theirs.as_object().unwrap() {
        if ours.get(group).is_none() {
            fields.insert(group.clone());
            continue;
        }
        let names = names.as_object().unwrap().iter();
        let other = names.filter(|(field, name)| ours[group][field] != **name);
        fields.extend(other.map(|(field, _)| format!("{group}.{field}")));
    }
    fields
}

async fn a14_a_report_holds_no_values(dialect: Dialect) {
    let report = report(&full(&dialect)).await;
    let text = format!("{:?} {:?}", report.findings, report.exchanges);
    for value in ["Delgado", "Hidden Name", "Camelback", SANDBOX_API_KEY, "sandbox-token"] {
        assert!(!text.contains(value), "{value}");
    }
    assert!(
        report
            .exchanges
            .iter()
            .any(|exchange| exchange.headers.contains("x-request-id") && exchange.keys.len() > 3)
    );
}
