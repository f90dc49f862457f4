//! How long the plan of a sync takes over 50,000 workers, 20,000 places and 20,000 codes with 1% changed, on one core.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use linx_core::ledger::Link;
use linx_core::mapping::{MappingRules, Ruling, StandardRules};
use linx_core::model::{
    Attribute, CompanyCodeId, CompanyCostCode, Kind, Project, ProjectId, Record, RecordId, Worker, WorkerId,
};
use linx_core::plan::SyncPlan;
use linx_core::ports::Snapshot;
use linx_core::settings::{Import, SyncSettings};
use linx_core::sync::{Facts, OfficeLists, SyncOptions, plan};

use crate::Figure;

const WORKERS: u64 = 50_000;
const PLACES: u64 = 20_000;
const CODES: u64 = 20_000;
const ROUNDS: usize = 7;

fn office() -> OfficeLists {
    let workers = (0..WORKERS).map(|id| Worker {
        first_name: Some(format!("First{}", id % 997)),
        email: Some(format!("w{id}@site.example")),
        job_title: Some("Carpenter".into()),
        ..Worker::of(WorkerId(id), &format!("{id:06}"), &format!("Last{id}"))
    });
    let projects = (0..PLACES).map(|id| Project::of(ProjectId(id), &format!("24-{id:05}"), &format!("Place {id}")));
    let codes = (0..CODES).map(|id| CompanyCostCode {
        id: CompanyCodeId(id),
        full_code: format!("{:02}-{id:05}", id % 40),
        name: format!("Code {id}"),
        list: None,
        leaf: true,
        active: true,
    });
    OfficeLists {
        workers: Snapshot::complete(workers.collect()),
        projects: Snapshot::complete(projects.collect()),
        cost_codes: Snapshot::complete(codes.collect()),
        ..OfficeLists::default()
    }
}

/// ExakTime as the last sync left it, and the links.
fn field(office: &OfficeLists, rules: &dyn MappingRules) -> (Vec<(Kind, Snapshot<Record>)>, Vec<Link>) {
    let imports: BTreeSet<Import> = Import::ALL.into();
    let mut links = Vec::new();
    let mut current = Vec::new();
    for kind in Kind::IN_ORDER {
        let mut rows = Vec::new();
        for desired in office.desired(kind, rules, &imports) {
            let Ruling::Becomes(fields) = desired.ruling else {
                continue;
            };
            let id = RecordId(format!("r-{}", desired.office).into());
            links.push(Link {
                office: desired.office,
                kind,
                record: id.clone(),
                base: fields.clone(),
            });
            rows.push(Record {
                kind,
                id,
                attributes: fields,
                protected: false,
            });
        }
        current.push((kind, Snapshot::complete(rows)));
    }
    (current, links)
}

/// One in a hundred gets another name.
fn change(office: &mut OfficeLists) {
    for worker in office.workers.rows.iter_mut().step_by(100) {
        worker.last_name = Some(format!("New{}", worker.id));
    }
    for project in office.projects.rows.iter_mut().step_by(100) {
        project.name = format!("New {}", project.id);
    }
    for code in office.cost_codes.rows.iter_mut().step_by(100) {
        code.name = format!("New {}", code.id);
    }
}

pub fn figures() -> Vec<Figure> {
    let rules = StandardRules::standard();
    let mut office = office();
    let (current, links) = field(&office, &rules);
    change(&mut office);
    let facts = Facts {
        office,
        current,
        links,
        ..Facts::default()
    };
    let (settings, options) = (SyncSettings::default(), SyncOptions::default());
    let once = || -> (Duration, SyncPlan) {
        let start = Instant::now();
        let made = plan(&facts, &rules, &settings, &options);
        (start.elapsed(), made)
    };
    let rounds: Vec<(Duration, SyncPlan)> = (0..ROUNDS).map(|_| once()).collect();
    let (best, made) = rounds.iter().min_by_key(|(time, _)| *time).expect("there are rounds");
    assert_eq!(made.changes.len(), 900);
    assert!(made.changes.iter().all(|change| {
        change
            .attributes
            .iter()
            .any(|field| field.attribute != Attribute::Active)
    }));
    vec![Figure::time(
        "the plan of a sync of 90,000 entities",
        "",
        "0.300 s",
        *best,
    )]
}
