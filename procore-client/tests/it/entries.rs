//! What the sandbox refuses about entries, and what the client makes of it.

use bytes::Bytes;
use http::Method;
use linx_http::sandbox::{Fault, InProcess, Order};
use linx_http::{Applied, Change, Error, ErrorKind};
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::edits::TimecardEntryChanges;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};
use procore_client::timecards::ApprovalStatus;
use procore_client::{Client, CostCodeId, PersonId, ProjectId, SubJobId, TimeTypeId};

use crate::harness::{Harness, LAKEFRONT, MATERIALS, OLD_MILL, TOWER, ZOE, cost_code, day, eight_hours, harness};

/// What makes a good entry a bad one.
type Spoil = Box<dyn FnOnce(&mut EntryDraft)>;

async fn refused(harness: &Harness, break_rule: impl FnOnce(&mut EntryDraft)) -> Error {
    let mut entry = eight_hours(&harness.sandbox);
    break_rule(&mut entry);
    harness.client.create_timecard_entry(&entry).await.unwrap_err()
}

#[tokio::test]
async fn an_entry_that_breaks_a_rule_is_refused_with_the_reason() {
    let harness = harness();
    let phoenix = cost_code(&harness.sandbox, ProjectId::new(316_001), None, "05-120");
    let rules: Vec<(&str, Spoil)> = vec![
        (
            "must be an employee",
            Box::new(|entry| entry.party_id = PersonId::new(1)),
        ),
        ("must be an employee", Box::new(|entry| entry.party_id = ZOE)),
        ("not active", Box::new(|entry| entry.project_id = OLD_MILL)),
        (
            "cost code ancestry does not match",
            Box::new(move |entry| entry.cost_code_id = Some(phoenix)),
        ),
        (
            "cost code ancestry does not match",
            Box::new(|entry| entry.cost_code_id = Some(CostCodeId::new(1))),
        ),
        // The project's own code with a sub job (trap 6).
        (
            "cost code ancestry does not match",
            Box::new(|entry| entry.sub_job_id = Some(TOWER)),
        ),
        (
            "sub job ancestry does not match",
            Box::new(|entry| entry.sub_job_id = Some(SubJobId::new(416_001))),
        ),
        (
            "must exist",
            Box::new(|entry| entry.timecard_time_type_id = Some(TimeTypeId::new(1))),
        ),
        (
            "not a number from 0 to 24",
            Box::new(|entry| entry.worked = Worked::hours("24.01")),
        ),
        (
            "not a number from 0 to 24",
            Box::new(|entry| entry.worked = Worked::hours("8h")),
        ),
    ];
    for (words, break_rule) in rules {
        let error = refused(&harness, break_rule).await;
        assert_eq!(
            (error.kind(), error.was_applied()),
            (ErrorKind::Rejected, Applied::No),
            "{words}"
        );
        assert_eq!(error.status().map(|status| status.as_u16()), Some(422), "{words}");
        assert!(error.words().contains(words), "{words}: {error}");
    }
    let missing = refused(&harness, |entry| entry.project_id = ProjectId::new(9)).await;
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert!(harness.sandbox.entries().is_empty());
}

#[tokio::test]
async fn a_cost_type_that_the_code_does_not_offer_is_refused() {
    let harness = harness();
    let demolition = cost_code(&harness.sandbox, LAKEFRONT, None, "02-410");
    let error = refused(&harness, |entry| entry.cost_code_id = Some(demolition)).await;
    assert!(error.words().contains("line item type ancestry"), "{error}");
    let mut materials = eight_hours(&harness.sandbox);
    (materials.cost_code_id, materials.line_item_type_id) = (Some(demolition), Some(MATERIALS));
    harness.client.create_timecard_entry(&materials).await.unwrap();
}

#[tokio::test]
async fn an_origin_id_is_unique_in_the_company() {
    let harness = harness();
    let first = harness
        .client
        .create_timecard_entry(&eight_hours(&harness.sandbox))
        .await
        .unwrap();
    let error = refused(&harness, |entry| entry.date = day("2026-03-03")).await;
    assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Conflict, Applied::No));
    harness.client.delete_timecard_entry(first.id).await.unwrap();
    harness
        .client
        .create_timecard_entry(&eight_hours(&harness.sandbox))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_approved_entry_refuses_edit_and_delete() {
    let harness = harness();
    for status in [ApprovalStatus::Approved, ApprovalStatus::Completed] {
        let mut new = eight_hours(&harness.sandbox);
        new.origin_id = None;
        let entry = harness.client.create_timecard_entry(&new).await.unwrap();
        harness
            .sandbox
            .with_state(|state| state.entries.get_mut(&entry.id).unwrap().status = status.clone());
        let mut changes = TimecardEntryChanges::new(LAKEFRONT, day("2026-03-02"));
        changes.hours = Change::Set("7.0".to_owned());
        let edit = harness
            .client
            .update_timecard_entry(entry.id, &changes)
            .await
            .unwrap_err();
        assert_eq!(edit.kind(), ErrorKind::Rejected);
        let delete = harness.client.delete_timecard_entry(entry.id).await.unwrap_err();
        assert_eq!(delete.kind(), ErrorKind::Forbidden);
        assert!(delete.words().contains(status.as_str()), "{delete}");
    }
    assert!(
        harness
            .sandbox
            .entries()
            .iter()
            .all(|entry| entry.hours.as_deref() == Some("8.0"))
    );
    assert_eq!(harness.sandbox.with_state(|state| state.tokens_issued()), 1);
}

#[tokio::test]
async fn a_change_without_project_or_day_is_refused() {
    let harness = harness();
    let entry = harness
        .client
        .create_timecard_entry(&eight_hours(&harness.sandbox))
        .await
        .unwrap();
    for body in [
        serde_json::json!({"timecard_entry": {"date": "2026-03-02", "hours": "1.0"}}),
        serde_json::json!({"project_id": LAKEFRONT, "timecard_entry": {"hours": "1.0"}}),
        serde_json::json!({"project_id": LAKEFRONT, "timecard_entry": {"date": "03/02/2026", "hours": "1.0"}}),
    ] {
        let patch = linx_http::Endpoint::<serde_json::Value>::patch("rest/v1.0/companies")
            .segment(SANDBOX_COMPANY_ID)
            .segment("timecard_entries")
            .segment(entry.id)
            .json(&body);
        assert_eq!(
            harness.client.send(&patch).await.unwrap_err().kind(),
            ErrorKind::Rejected,
            "{body}"
        );
    }
}

#[tokio::test]
async fn a1_a_create_whose_answer_is_lost_is_not_sent_again() {
    let harness = harness();
    let host = InProcess::new(harness.sandbox.clone(), harness.clock.clone());
    host.faults().order(Order {
        method: Some(Method::POST),
        path: "timecard_entries".to_owned(),
        after: 0,
        times: 1,
        fault: Fault::AnswerLost(
            http::Response::builder()
                .status(502)
                .body(Bytes::from("<html>"))
                .unwrap(),
        ),
    });
    let client = Client::builder(SANDBOX_COMPANY_ID)
        .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
        .transport(std::sync::Arc::new(host))
        .clock(harness.clock.clone())
        .build()
        .unwrap();
    let new = eight_hours(&harness.sandbox);
    let error = client.create_timecard_entry(&new).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.was_applied()),
        (ErrorKind::Unavailable, Applied::Unknown)
    );
    let day = client
        .timecard_entries(new.date, new.date, Some(new.party_id))
        .collect()
        .await
        .unwrap();
    assert_eq!(day.rows.len(), 1);
    assert_eq!(day.rows[0].origin_id, new.origin_id);
}
