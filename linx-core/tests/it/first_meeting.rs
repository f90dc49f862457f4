//! Records that are found by their number for the first time: at a company's first sync, or after the ledger was lost; nobody
//! can tell which (hazards B7, B12). And people who come back under another number (hazard C3).

use std::sync::Arc;

use linx_core::change::RecordAction;
use linx_core::hold::Reason;
use linx_core::ledger::MemoryLedger;
use linx_core::model::{Attribute, Kind};
use linx_core::settings::Owner;

use crate::actions::{changes, reasons};
use crate::harness::Harness;

/// A harness that was in step, whose ledger is lost.
async fn lost(edit: impl FnOnce(&Harness)) -> Harness {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.sync.owners.insert(Attribute::LastName, Owner::Procore);
    harness.sync.owners.insert(Attribute::Name, Owner::Procore);
    harness.apply_sync().await;
    harness.sync.owners.clear();
    edit(&harness);
    assert!(
        harness.plan_sync().await.is_empty(),
        "what people changed in ExakTime is kept"
    );
    harness.ledger = Arc::new(MemoryLedger::new());
    harness
}

#[tokio::test]
async fn b7_a_lost_ledger_overwrites_no_name_that_was_corrected_in_exaktime() {
    let mut harness = lost(|harness| {
        harness.set_in_exaktime("p-103", "lastName", "Nguyen-Ott");
        harness.set_in_exaktime("loc-24-001", "name", "Saguaro");
    })
    .await;
    let report = harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-103", "lastName"), "Nguyen-Ott");
    assert_eq!(harness.in_exaktime("loc-24-001", "name"), "Saguaro");
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    for record in ["p-103", "loc-24-001"] {
        let link = harness
            .link_to(record)
            .await
            .expect("it is linked all the same: its time can be exported");
        assert_eq!(
            reasons(&report.held, link.office),
            [Reason::AttributeConflict],
            "{record}"
        );
    }
    let person = harness.link_to("p-103").await.unwrap().office;
    assert_eq!(
        reasons(&harness.plan_sync().await.held, person),
        [Reason::AttributeConflict],
        "until it is decided"
    );

    harness.sync.owners.insert(Attribute::LastName, Owner::ExakTime);
    assert_eq!(reasons(&harness.plan_sync().await.held, person), []);
    harness.sync.owners.insert(Attribute::LastName, Owner::Procore);
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-103", "lastName"), "Nguyen");
    harness.sync.owners.clear();
    assert_eq!(reasons(&harness.plan_sync().await.held, person), [], "for one run");
}

#[tokio::test]
async fn b7_a_lost_ledger_makes_nobody_active_whom_somebody_made_inactive_in_exaktime() {
    let harness = lost(|harness| harness.set_in_exaktime("p-103", "status", "Inactive")).await;
    let report = harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-103", "status"), "Inactive");
    let person = harness.link_to("p-103").await.unwrap().office;
    assert_eq!(reasons(&report.held, person), [Reason::AttributeConflict]);
}

#[tokio::test]
async fn b7_what_exaktime_lacks_is_filled_at_the_first_meeting() {
    let harness = lost(|_| ()).await;
    harness.set_in_exaktime("p-103", "workEmail", serde_json::Value::Null);
    harness.person_in_procore("00103", |person| person.email = Some("n@site.example".into()));
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-103", "workEmail"), "n@site.example");
}

#[tokio::test]
async fn c3_who_comes_back_under_another_number_is_told_while_the_old_record_is_linked() {
    for left in [true, false] {
        let harness = lost(|_| ()).await;
        harness.apply_sync().await;
        let old = harness.link_to("p-104").await.unwrap().office;
        if left {
            harness.dismiss_in_procore("00104");
            harness.apply_sync().await;
        }
        let again = harness.hire_in_procore("00103", |person| {
            person.first_name = "Dmitri".into();
            person.last_name = "Volkov".into();
            person.employee_id = Some("00204".into());
        });
        let plan = harness.plan_sync().await;
        assert_eq!(changes(&plan, Kind::Employee, RecordAction::Create), ["00204"]);
        let likely: Vec<_> = plan.likely.iter().filter(|likely| likely.office == again).collect();
        if left {
            assert_eq!(likely.len(), 1, "{:?}", plan.likely);
            assert_eq!((likely[0].record.as_str(), likely[0].linked), ("p-104", Some(old)));
            assert!(likely[0].to_string().contains("who left"));
        } else {
            assert!(likely.is_empty(), "a namesake at work is another person: {likely:?}");
        }
    }
}

#[tokio::test]
async fn c3_the_old_number_with_other_zeros_is_held_while_the_old_record_is_linked() {
    let harness = lost(|_| ()).await;
    harness.apply_sync().await;
    let mut gone = None;
    harness.person_in_procore("00104", |person| gone = Some(person.clone()));
    harness.dismiss_in_procore("00104");
    harness.apply_sync().await;
    let again = harness.hire_in_procore("00103", |person| {
        *person = gone.unwrap();
        person.employee_id = Some("104".into());
    });
    let plan = harness.plan_sync().await;
    assert_eq!(reasons(&plan.held, again), [Reason::LikelyMatch], "{:?}", plan.held);
    assert!(plan.changes.is_empty());
}
