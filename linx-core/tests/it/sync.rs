//! Whole syncs against both sandboxes.

use std::sync::Arc;

use http::Method;
use linx_core::LinxError;
use linx_core::change::RecordAction;
use linx_core::hold::Reason;
use linx_core::ledger::LedgerError;
use linx_core::mapping::{LocationDraft, MappingRules, Overrides, StandardRules};
use linx_core::model::{Attribute, Kind, OfficeRef};
use linx_core::plan::SyncPlan;
use linx_core::ports::Field;
use linx_core::settings::Owner;
use linx_core::sync::{RecordResult, SyncOptions};
use linx_http::sandbox::Fault;
use procore_client::ids::{PersonId, ProjectId};

use crate::actions::reasons;
use crate::harness::{Harness, once};

fn changes(plan: &SyncPlan, kind: Kind, action: RecordAction) -> Vec<&str> {
    let of = plan
        .changes
        .iter()
        .filter(|change| change.kind == kind && change.action == action);
    of.map(|change| change.identifier.as_str()).collect()
}

#[tokio::test]
async fn the_first_plan_adopts_what_is_there_and_creates_what_is_not() {
    let harness = Harness::contractor();
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Create), ["00119", "00120"]);
    assert_eq!(
        changes(&plan, Kind::Location, RecordAction::Create),
        ["24-002.03", "24-003.02"]
    );
    assert_eq!(changes(&plan, Kind::Location, RecordAction::Deactivate), ["22-017"]);
    // Two have other values on both sides, and nobody knows whose are newer.
    for (kind, of_procore) in [(Kind::Employee, "00107"), (Kind::Location, "25-004")] {
        assert!(!changes(&plan, kind, RecordAction::Update).contains(&of_procore));
        let adopted = plan.adopted.iter().find(|one| one.identifier == of_procore).unwrap();
        assert_eq!(reasons(&plan.held, adopted.office), [Reason::AttributeConflict]);
    }
    assert!(changes(&plan, Kind::CostCode, RecordAction::Create).len() >= 89);
    let held: Vec<Reason> = plan.held.iter().map(|held| held.reason).collect();
    assert_eq!(
        held.iter()
            .filter(|reason| **reason == Reason::DuplicateIdentifier)
            .count(),
        2,
        "{:?}",
        plan.held
    );
    assert_eq!(held.iter().filter(|reason| **reason == Reason::NoIdentifier).count(), 1);
    let put_off = |held: &&linx_core::hold::Held| held.reason == Reason::UnsentTime;
    assert_eq!(
        plan.held.iter().filter(put_off).count(),
        1,
        "00127 left and has time to be exported"
    );
    assert_eq!(held.len(), 6);
    assert_eq!(harness.writes(), 0, "a plan writes nothing");
}

/// Procore tells a part of an address that nobody entered as an empty text, and a country all the same.
#[tokio::test]
async fn a_project_without_a_street_becomes_a_location_without_an_address() {
    let harness = Harness::contractor();
    harness.procore.with_state(|state| {
        let mut yard = state.projects.values().next().unwrap().clone();
        yard.number = "26-900".into();
        yard.address.clear();
        yard.zip.clear();
        state.projects.insert(ProjectId::new(316_900), yard);
    });
    let report = harness.apply_sync().await;
    let yard: OfficeRef = "project:316900".parse().unwrap();
    assert_eq!(reasons(&report.held, yard), []);
    let address = harness.exaktime.with_state(|state| {
        let mut made = state
            .locations
            .values()
            .filter(|location| location["identifier"] == "26-900");
        made.next().unwrap().get("address").cloned()
    });
    assert_eq!(address, None);
}

#[tokio::test]
async fn the_first_run_tells_what_it_adopted_and_the_second_adopts_nothing() {
    let harness = Harness::contractor();
    let report = harness.apply_sync().await;
    let links = harness.ledger.links().await.unwrap();
    assert_eq!(
        links.len(),
        report.adopted.len()
            + report.summary.employees.create
            + report.summary.locations.create
            + report.summary.cost_codes.create
    );
    assert!(
        report
            .adopted
            .iter()
            .any(|adopted| adopted.identifier == "00101" && adopted.record.as_str() == "p-101")
    );
    assert!(harness.plan_sync().await.adopted.is_empty());
}

#[tokio::test]
async fn applying_a_plan_and_planning_again_gives_an_empty_plan() {
    let harness = Harness::contractor();
    let report = harness.apply_sync().await;
    assert!(
        report.changes.iter().all(|change| change.result == RecordResult::Done),
        "{:?}",
        report.held
    );
    let writes = harness.writes();
    let again = harness.apply_sync().await;
    assert!(again.changes.is_empty(), "{:?}", again.changes);
    assert_eq!(harness.writes(), writes);
    assert!(again.summary.cost_codes.unchanged >= 100);
}

/// A fence around a site is drawn about them.
#[tokio::test]
async fn a_location_gets_its_projects_address_and_coordinates() {
    let harness = Harness::contractor();
    let places = [Attribute::AddressLine1, Attribute::Latitude, Attribute::Longitude];
    let of = async || {
        let locations = harness.field.records(Kind::Location).await.unwrap().rows;
        let location = locations
            .into_iter()
            .find(|location| location.id.as_str() == "loc-24-001");
        let attributes = location.unwrap().attributes;
        places.map(|attribute| attributes.get(attribute).map(str::to_owned))
    };
    harness.exaktime.with_state(|state| {
        let location = state.locations.get_mut("loc-24-001").unwrap();
        for property in ["address", "latitude", "longitude"] {
            location.remove(property);
        }
    });
    assert_eq!(of().await, [None, None, None]);
    harness.apply_sync().await;
    let [address, latitude, longitude] = of().await;
    assert_eq!(address.as_deref(), Some("4100 E Camelback Rd"));
    assert_eq!(
        (latitude.as_deref(), longitude.as_deref()),
        (Some("33.4484"), Some("-112.074"))
    );
}

#[tokio::test]
async fn a_plan_that_is_applied_twice_is_refused_the_second_time() {
    let harness = Harness::contractor();
    let plan = harness.plan_sync().await;
    harness.linx().apply_sync(&plan).await.unwrap();
    let writes = harness.writes();
    assert!(matches!(
        harness.linx().apply_sync(&plan).await,
        Err(LinxError::Stale(_))
    ));
    assert_eq!(harness.writes(), writes);
}

#[tokio::test]
async fn b8_a_second_run_is_refused_while_one_is_at_work() {
    let harness = Harness::contractor();
    let plan = harness.plan_sync().await;
    let now = "2026-03-17T12:00:00Z".parse().unwrap();
    let lease = harness
        .ledger
        .lease(linx_core::ledger::Direction::Sync, now)
        .await
        .unwrap();
    let refused = harness.linx().apply_sync(&plan).await;
    assert!(matches!(refused, Err(LinxError::Ledger(LedgerError::Busy(_)))));
    drop(lease);
    harness.linx().apply_sync(&plan).await.unwrap();
}

#[tokio::test]
async fn a1_a_create_whose_answer_was_lost_is_adopted_and_not_made_again() {
    let harness = Harness::contractor();
    harness
        .exaktime_faults
        .order(once(Method::POST, "/v1/Time/CostCodes", 3, Fault::CutAfter));
    let report = harness.apply_sync().await;
    assert!(report.held.iter().all(|held| held.reason != Reason::UnknownOutcome));
    assert_eq!(report.summary.cost_codes.failed, 0, "it is there when it is looked for");
    let codes = harness.exaktime.with_state(|state| state.cost_codes.len());
    let again = harness.apply_sync().await;
    assert!(again.changes.is_empty(), "{:?}", again.changes);
    assert_eq!(harness.exaktime.with_state(|state| state.cost_codes.len()), codes);
}

#[tokio::test]
async fn only_what_was_asked_for_is_read_and_planned() {
    let harness = Harness::contractor();
    let options = SyncOptions {
        only: Some([linx_core::settings::Import::Workers].into()),
        ..SyncOptions::default()
    };
    let plan = harness.linx().plan_sync(&options).await.unwrap();
    assert!(plan.changes.iter().all(|change| change.kind == Kind::Employee));
    assert_eq!(harness.procore_traffic.count(None, "/rest/v1.1/projects"), 0);
    assert_eq!(harness.exaktime_traffic.count(None, "CostCodes"), 0);
}

#[tokio::test]
async fn an_overridden_arrow_changes_one_thing_and_keeps_the_rest() {
    let mut harness = Harness::contractor();
    harness.sync.owners.insert(Attribute::Name, Owner::Procore);
    let rules = Overrides::of(StandardRules::standard()).project_location(|standard, project| {
        standard.project_location(project).map(|draft| LocationDraft {
            name: format!("West {}", draft.name),
            ..draft
        })
    });
    let linx = harness.linx_by(Arc::new(rules));
    let plan = linx.plan_sync(&SyncOptions::default()).await.unwrap();
    let renamed = changes(&plan, Kind::Location, RecordAction::Update);
    assert_eq!(renamed, ["24-001", "24-002", "24-003", "25-004"]);
    assert_eq!(
        changes(&plan, Kind::Location, RecordAction::Create),
        ["24-002.03", "24-003.02"]
    );
}

#[tokio::test]
async fn a_worker_with_two_numbers_in_the_world_is_named_by_id_only() {
    let harness = Harness::contractor();
    let plan = harness.plan_sync().await;
    let ids = [PersonId::new(562_949_953_430_021), PersonId::new(562_949_953_430_022)];
    for id in ids {
        assert!(plan.held.iter().any(|held| held.subject.id() == format!("worker:{id}")));
    }
    let text = serde_json::to_string(&plan.held).unwrap();
    assert!(!text.contains("Castillo") && !text.contains("Hale"), "{text}");
}

#[tokio::test]
async fn the_codes_that_exaktime_keeps_for_itself_are_left_alone() {
    let harness = Harness::contractor();
    harness.exaktime.with_state(|state| {
        let code = state.cost_codes.get_mut("cc-IN").unwrap();
        code.insert("identifier".into(), "01-320".into());
    });
    let plan = harness.plan_sync().await;
    assert!(plan.changes.iter().all(|change| change.identifier != "01-320"));
    assert!(plan.agreed.iter().all(|link| link.record.as_str() != "cc-IN"));
    assert!(
        plan.held.iter().any(|held| held.detail.contains("cc-IN")),
        "{:?}",
        plan.held
    );
}

#[tokio::test]
async fn what_stays_as_it_is_is_counted_by_kind() {
    let harness = Harness::small_company();
    let first = harness.apply_sync().await;
    let plan = harness.plan_sync().await;
    assert!(plan.is_empty(), "{:?}", plan.changes);
    for kind in Kind::IN_ORDER {
        let written = first.changes.iter().filter(|one| one.change.kind == kind).count();
        let tally = plan.tally(kind);
        assert!(tally.unchanged >= written && tally.unchanged > 0, "{kind}: {tally:?}");
        assert_eq!((tally.create, tally.update), (0, 0));
    }
}
