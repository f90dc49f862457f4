//! In which order a sync writes, and what a failure takes with it (hazard C12).

use http::Method;
use linx_core::hold::Reason;
use linx_core::model::{Kind, OfficeRef, ProjectId};
use linx_core::sync::{RecordResult, SyncReport};
use linx_http::sandbox::Fault;
use procore_client::ids::{ProjectId as OfficeProjectId, SubJobId};

use crate::actions::{counted, reasons};
use crate::harness::{Harness, once};

const NEW: u64 = 316_090;

/// A new project with two parts, like Lakefront Tower.
fn a_new_project(harness: &Harness) {
    harness.procore.with_state(|state| {
        let mut project = state.projects[&OfficeProjectId::new(316_002)].clone();
        project.number = "26-090".into();
        project.name = "Mesa Depot".into();
        state.projects.insert(OfficeProjectId::new(NEW), project);
        for (id, code) in [(416_090, "01"), (416_091, "02")] {
            let mut part = state.sub_jobs[&SubJobId::new(416_003)].clone();
            part.project = OfficeProjectId::new(NEW);
            part.code = code.into();
            part.name = format!("Hall {code}");
            state.sub_jobs.insert(SubJobId::new(id), part);
        }
    });
}

/// What ExakTime has by the number that it gave to each new record in turn.
fn made_in_turn(harness: &Harness) -> Vec<(u32, &'static str, String)> {
    let number = |id: &str| id.rsplit('-').next()?.parse().ok().filter(|number| *number > 1000);
    let mut made: Vec<(u32, &str, String)> = harness.exaktime.with_state(|state| {
        let tables = [
            ("code", &state.cost_codes, "identifier"),
            ("place", &state.locations, "identifier"),
            ("person", &state.persons, "employeeIdentifier"),
        ];
        let rows = tables.into_iter().flat_map(|(what, table, key)| {
            table.iter().filter_map(move |(id, row)| {
                let made = id.starts_with(match what {
                    "code" => "cc-1",
                    "place" => "loc-1",
                    _ => "p-1",
                });
                let identifier = row.get(key)?.as_str()?.to_owned();
                Some((number(id).filter(|_| made)?, what, identifier))
            })
        });
        rows.collect()
    });
    made.sort();
    made
}

#[tokio::test]
async fn c12_codes_are_made_before_places_and_places_before_people() {
    let harness = Harness::contractor();
    a_new_project(&harness);
    harness.apply_sync().await;
    let made = made_in_turn(&harness);
    let kinds: Vec<&str> = made.iter().map(|(_, what, _)| *what).collect();
    let rank = |what: &&str| ["code", "place", "person"].iter().position(|one| one == what);
    assert!(kinds.is_sorted_by_key(rank), "{kinds:?}");
    for kind in ["code", "place", "person"] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    let place = |identifier: &str| made.iter().position(|(_, _, made)| made == identifier).unwrap();
    assert!(place("26-090") < place("26-090.01") && place("26-090.01") < place("26-090.02"));
}

/// Every link there will be, but for the new project's.
async fn links_besides(harness: &Harness) -> usize {
    let of_new = |office: OfficeRef| {
        matches!(
            office,
            OfficeRef::Project(ProjectId(NEW)) | OfficeRef::SubJob(ProjectId(NEW), _)
        )
    };
    let links = harness.ledger.links().await.unwrap();
    links.iter().filter(|link| !of_new(link.office)).count()
}

fn held_alone(report: &SyncReport, reason: Reason) {
    assert_eq!(reasons(&report.held, format!("project:{NEW}")), [reason]);
    for part in [416_090, 416_091] {
        let id = format!("sub-job:{NEW}/{part}");
        assert_eq!(reasons(&report.held, id), [Reason::DependencyHeld]);
    }
    assert_eq!(counted(&report.held, Reason::DependencyHeld), 2, "and nothing else");
}

#[tokio::test]
async fn c12_a_refused_project_holds_the_places_of_its_sub_jobs_and_nothing_else() {
    let whole = Harness::contractor();
    whole.apply_sync().await;
    let harness = Harness::contractor();
    a_new_project(&harness);
    // The new place is the last of the projects': refuse whichever has its name.
    let plan = harness.plan_sync().await;
    let creates = plan
        .changes
        .iter()
        .filter(|change| change.kind == Kind::Location && change.record.is_none());
    let at = creates
        .map(|change| change.identifier.as_str())
        .position(|identifier| identifier == "26-090")
        .unwrap();
    let refusal = http::Response::builder().status(422).body("{}".into()).unwrap();
    harness.exaktime_faults.order(once(
        Method::POST,
        "/v1/Common/Locations",
        at.try_into().unwrap(),
        Fault::Instead(refusal),
    ));
    let report = harness.apply_sync().await;
    held_alone(&report, Reason::TargetRefused);
    let failed = |one: &&linx_core::sync::ReportedChange| one.result == RecordResult::Failed;
    assert_eq!(report.changes.iter().filter(failed).count(), 1);
    assert_eq!(links_besides(&harness).await, links_besides(&whole).await);
    let again = harness.apply_sync().await;
    assert_eq!(again.written(), 3, "all of it, once it is taken");
    assert!(harness.plan_sync().await.is_empty());
}

#[tokio::test]
async fn c12_a_held_project_holds_the_places_of_its_sub_jobs_and_nothing_else() {
    let whole = Harness::contractor();
    whole.apply_sync().await;
    let harness = Harness::contractor();
    a_new_project(&harness);
    harness.exaktime.with_state(|state| {
        for id in ["loc-north", "loc-south"] {
            let mut yard = state.locations["loc-YARD"].clone();
            yard.insert("locationId".into(), id.into());
            yard.insert("identifier".into(), "26-090".into());
            state.locations.insert(id.into(), yard);
        }
    });
    let report = harness.apply_sync().await;
    held_alone(&report, Reason::DuplicateIdentifier);
    assert_eq!(links_besides(&harness).await, links_besides(&whole).await);
}
