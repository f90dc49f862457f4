//! Links by hand against both sandboxes.

use linx_core::LinxError;
use linx_core::change::RecordAction;
use linx_core::hold::Reason;
use linx_core::links::{LinkError, NamedPair};
use linx_core::model::{Kind, OfficeRef, RecordId};
use linx_core::plan::Evidence;

use crate::harness::Harness;

/// Spells the number 00101 in Procore without its zeros, and tells which worker that is.
async fn misspelled(harness: &Harness) -> OfficeRef {
    harness.procore.with_state(|state| {
        for person in state.people.values_mut() {
            if person.employee_id.as_deref() == Some("00101") {
                person.employee_id = Some("101".into());
            }
        }
    });
    let plan = harness.plan_sync().await;
    assert!(
        plan.changes.iter().all(|change| change.identifier != "101"),
        "neither made twice nor linked by likeness"
    );
    let held = plan
        .held
        .iter()
        .find(|held| held.reason == Reason::LikelyMatch)
        .unwrap();
    held.subject.id().parse().unwrap()
}

#[tokio::test]
async fn c7_a_near_match_is_suggested_and_linked_only_by_a_person() {
    let harness = Harness::contractor();
    let worker = misspelled(&harness).await;
    let suggestions = harness.linx().suggest_links().await.unwrap();
    let best = suggestions.iter().find(|one| one.office == worker).unwrap();
    assert_eq!(best.record, RecordId("p-101".into()));
    assert!(best.evidence.contains(&Evidence::NearIdentifier) && best.evidence.contains(&Evidence::SameName));
    assert!(best.score >= 80, "{best:?}");

    let old = harness.plan_sync().await;
    let pair = [(worker, best.record.clone())];
    assert_eq!(harness.linx().set_links(&pair).await.unwrap(), 1);
    assert_eq!(harness.linx().set_links(&pair).await.unwrap(), 0);
    assert!(matches!(
        harness.linx().apply_sync(&old).await,
        Err(LinxError::Stale(_))
    ));
    let plan = harness.plan_sync().await;
    let change = plan.changes.iter().find(|change| change.identifier == "101").unwrap();
    assert_eq!(
        (change.action, change.record.clone()),
        (RecordAction::Update, Some(best.record.clone()))
    );
    harness.apply_sync().await;
    assert!(harness.plan_sync().await.is_empty());
}

#[tokio::test]
async fn c5_a_link_needs_a_record_that_nobody_else_has() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let link = harness
        .ledger
        .links()
        .await
        .unwrap()
        .into_iter()
        .find(|link| link.kind == Kind::Employee)
        .unwrap();
    let stranger: OfficeRef = "worker:5".parse().unwrap();
    let taken = harness.linx().set_links(&[(stranger, link.record)]).await;
    assert!(matches!(taken, Err(LinkError::Taken { other, .. }) if other == link.office));
    let missing = harness.linx().set_links(&[(stranger, RecordId("p-0".into()))]).await;
    assert!(matches!(missing, Err(LinkError::NoRecord { .. })));
}

#[tokio::test]
async fn an_entity_that_is_linked_is_not_linked_elsewhere_unasked() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let links = harness.ledger.links().await.unwrap();
    let one = links.iter().find(|link| link.record.as_str() == "p-101").unwrap();
    let another = links.iter().find(|link| link.record.as_str() == "p-102").unwrap();
    harness.linx().unlink(&[another.office]).await.unwrap();
    let spare = another.record.clone();
    let moved = harness.linx().set_links(&[(one.office, spare.clone())]).await;
    assert!(matches!(moved, Err(LinkError::Linked { other, .. }) if other == one.record));

    let stranger: OfficeRef = "worker:5".parse().unwrap();
    harness.linx().unlink(&[one.office]).await.unwrap();
    let twice = [(stranger, one.record.clone()), (stranger, spare)];
    for pairs in [twice.clone(), {
        let [first, second] = twice;
        [second, first]
    }] {
        let torn = harness.linx().set_links(&pairs).await;
        assert!(matches!(torn, Err(LinkError::Linked { office, .. }) if office == stranger));
    }
    assert_eq!(
        harness.ledger.links().await.unwrap().len(),
        links.len() - 2,
        "all or none"
    );
}

#[tokio::test]
async fn what_is_ignored_is_left_alone_and_counted_until_it_is_lifted() {
    let harness = Harness::contractor();
    let plan = harness.plan_sync().await;
    let made = plan
        .changes
        .iter()
        .find(|change| change.identifier == "00119")
        .unwrap()
        .office;
    harness.linx().ignore(&[made]).await.unwrap();
    let plan = harness.plan_sync().await;
    assert!(plan.changes.iter().all(|change| change.office != made));
    let ignored = plan.left_out.iter().filter(|held| held.reason == Reason::Ignored);
    assert_eq!(
        ignored.map(|held| held.subject.id().into_owned()).collect::<Vec<_>>(),
        [made.to_string()]
    );
    harness.linx().unignore(&[made]).await.unwrap();
    assert!(
        harness
            .plan_sync()
            .await
            .changes
            .iter()
            .any(|change| change.office == made)
    );
}

#[tokio::test]
async fn a_linked_entity_that_is_ignored_is_not_deactivated_when_it_vanishes() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    let link = harness
        .ledger
        .links()
        .await
        .unwrap()
        .into_iter()
        .find(|link| link.record.as_str() == "p-101")
        .unwrap();
    harness.procore.with_state(|state| {
        state
            .people
            .retain(|_, person| person.employee_id.as_deref() != Some("00101"));
    });
    assert_eq!(harness.plan_sync().await.changes.len(), 1);
    harness.linx().ignore(&[link.office]).await.unwrap();
    assert!(harness.plan_sync().await.is_empty());
}

#[tokio::test]
async fn c4_pairs_are_found_by_the_numbers_that_people_know_and_by_ids() {
    let harness = Harness::contractor();
    let worker = misspelled(&harness).await;
    let pair = |kind, office: &str, field: &str| NamedPair {
        kind,
        office: office.into(),
        field: field.into(),
    };
    let linx = harness.linx();
    let project = linx
        .find_pairs(&[pair(Kind::Location, "24-001", "24-001")])
        .await
        .unwrap()[0]
        .clone();
    let ben = (worker, RecordId("p-101".into()));
    let found = linx
        .find_pairs(&[
            pair(Kind::Location, "24-001", "24-001"),
            pair(Kind::Employee, " 101", "00101"),
            pair(Kind::Employee, &worker.to_string(), "p-101"),
        ])
        .await
        .unwrap();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found.contains(&project) && found.iter().filter(|one| **one == ben).count() == 2,
        "{found:?}"
    );
    for (office, field, whose, how_many) in [("00101", "00101", "Procore", 0), ("101", "101", "ExakTime", 0)] {
        let missed = linx.find_pairs(&[pair(Kind::Employee, office, field)]).await;
        assert!(
            matches!(&missed, Err(LinkError::NotOne { side, found, .. }) if *side == whose && *found == how_many),
            "{missed:?}"
        );
    }
}
