//! How long runs take that wait for both services, each answer after 20 ms. Clients and core are the real ones, and so is the ledger, on a
//! disk; the services are the sandboxes, in-process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use linx_core::Linx;
use linx_core::adapters::ClientClock;
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::adapters::procore::ProcoreOffice;
use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::ledger::{Ledger, Owner, Pair};
use linx_core::model::{Kind, OfficeRef};
use linx_core::plan::Selection;
use linx_core::sync::SyncOptions;
use linx_http::sandbox::InProcess;
use linx_http::{ManualClock, Transport, TransportError};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};
use procore_client::{PersonId, ProjectId};

use crate::Figure;

const LATENCY: Duration = Duration::from_millis(20);
/// The days of the export, two lines on each.
const DAYS: u64 = 5;

/// A service that answers after a while, once it is far away.
struct Distant {
    service: InProcess,
    is_far: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
}

#[async_trait]
impl Transport for Distant {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.is_far.load(Ordering::Relaxed) {
            tokio::time::sleep(LATENCY).await;
        }
        self.service.send(request).await
    }
}

/// Both services and a Linx between them.
struct World {
    exaktime: Arc<exaktime_client::sandbox::Sandbox>,
    ledger: Arc<SqliteLedger>,
    linx: Linx,
    asked: Arc<AtomicU64>,
    _folder: tempfile::TempDir,
}

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_773_748_800, 0).unwrap_or_default()
}

/// The small company with so many people and projects more.
fn procore(people: u64, projects: u64) -> procore_client::sandbox::Sandbox {
    let sandbox = procore_client::sandbox::Sandbox::small_company();
    sandbox.with_state(|state| {
        let person = state.people.values().next().expect("there are people").clone();
        for nth in 0..people {
            let mut another = person.clone();
            another.employee_id = Some(format!("7{nth:05}"));
            another.last_name = format!("Worker{nth}");
            state.people.insert(PersonId::new(700_000_000 + nth), another);
        }
        let project = state.projects.values().next().expect("there are projects").clone();
        for nth in 0..projects {
            let mut another = project.clone();
            another.number = format!("77-{nth:04}");
            another.name = format!("Site {nth}");
            state.projects.insert(ProjectId::new(7_000_000 + nth), another);
        }
    });
    sandbox
}

impl World {
    /// Both sides synced, and the services far away from then on.
    async fn synced(people: u64, projects: u64) -> Self {
        let (is_far, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let clock = Arc::new(ManualClock::at(now()));
        let distant = |service| -> Arc<dyn Transport> {
            let clock: Arc<ManualClock> = Arc::clone(&clock);
            let (is_far, asked) = (Arc::clone(&is_far), Arc::clone(&asked));
            let service = InProcess::new(service, clock);
            Arc::new(Distant { service, is_far, asked })
        };
        let exaktime = Arc::new(exaktime_client::sandbox::Sandbox::small_company());
        let office = procore_client::Client::builder(SANDBOX_COMPANY_ID)
            .client_credentials(SANDBOX_CLIENT_ID.into(), SANDBOX_CLIENT_SECRET.to_owned().into())
            .transport(distant(Arc::new(procore(people, projects))))
            .clock(clock.clone())
            .build()
            .expect("a client of the sandbox");
        let field = exaktime_client::Client::builder()
            .api_key(exaktime_client::sandbox::SANDBOX_API_KEY.to_owned().into())
            .transport(distant(exaktime.clone()))
            .clock(clock.clone())
            .build()
            .expect("a client of the sandbox");
        let folder = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let owner = Owner {
            name: "a benchmark".into(),
            host: "here".into(),
            boot: None,
            process: std::process::id(),
        };
        let ledger = SqliteLedger::open(&folder.path().join("linx.db"), owner, |_| true).expect("a ledger");
        let ledger = Arc::new(ledger);
        let pair = Pair {
            office: "sandbox".into(),
            field: "sandbox".into(),
        };
        let (office, field) = (
            Arc::new(ProcoreOffice::new(office)),
            Arc::new(ExakTimeField::new(field)),
        );
        let clock = Arc::new(ClientClock::new(clock));
        let linx = Linx::builder(pair, office, field, ledger.clone(), clock)
            .build()
            .expect("a Linx");
        let plan = linx.plan_sync(&SyncOptions::default()).await.expect("a plan");
        linx.apply_sync(&plan).await.expect("a sync");
        is_far.store(true, Ordering::Relaxed);
        Self {
            exaktime,
            ledger,
            linx,
            asked,
            _folder: folder,
        }
    }

    /// How long something takes, and how many requests.
    async fn measured<T>(&self, act: impl Future<Output = T>) -> (T, Duration, u64) {
        let (began, before) = (Instant::now(), self.asked.load(Ordering::Relaxed));
        let result = act.await;
        (result, began.elapsed(), self.asked.load(Ordering::Relaxed) - before)
    }

    /// Everybody works on two codes each day.
    async fn work(&self, first: NaiveDate) {
        let links = self.ledger.links().await.expect("links");
        let of = |kind| {
            links
                .iter()
                .filter(move |link| link.kind == kind)
                .map(|link| link.record.to_string())
        };
        let (people, codes): (Vec<_>, Vec<_>) = (of(Kind::Employee).collect(), of(Kind::CostCode).collect());
        let place = links
            .iter()
            .find(|link| link.kind == Kind::Location && matches!(link.office, OfficeRef::Project(_)));
        let place = place.expect("a place").record.to_string();
        self.exaktime.with_state(|state| {
            state.time_records.clear();
            for person in people.iter().filter(|person| state.persons.contains_key(*person)) {
                for day in 0..DAYS {
                    for (nth, code) in codes.iter().take(2).enumerate() {
                        let date = first.checked_add_days(Days::new(day)).unwrap_or(first);
                        let hour = 7 + 4 * u32::try_from(nth).unwrap_or(0);
                        let start = date.and_hms_opt(hour, 0, 0).unwrap_or_default().and_utc();
                        state.time_records.push(exaktime_client::sandbox::TimeRecord {
                            id: format!("tr-{person}-{date}-{nth}"),
                            person: person.clone(),
                            work_date: date,
                            location: Some(place.clone()),
                            cost_code: Some(code.clone()),
                            start,
                            stop: Some(start + TimeDelta::hours(4)),
                            regular_hours: "4.00".into(),
                            ot1_hours: "0.00".into(),
                            ot2_hours: "0.00".into(),
                            comment: None,
                        });
                    }
                }
            }
        });
    }
}

async fn sync() -> Figure {
    let world = World::synced(5_000, 300).await;
    let options = SyncOptions::default();
    let (plan, took, asked) = world.measured(world.linx.plan_sync(&options)).await;
    let plan = plan.expect("a plan");
    assert!(plan.changes.is_empty(), "{:?}", plan.changes.first());
    eprintln!("a sync of 5,000 people and 300 projects: {asked} requests");
    let what = "the plan of a sync of 5,000 people and 300 projects, 20 ms away";
    Figure::time(what, "1.500 s", "1.200 s", took)
}

async fn export() -> [Figure; 2] {
    let world = World::synced(1_000, 0).await;
    let first = now().date_naive() - Days::new(10);
    world.work(first).await;
    let selection = Selection::days(first, first + Days::new(DAYS));
    let (plan, planned, asked) = world.measured(world.linx.plan_export(&selection)).await;
    let plan = plan.expect("a plan");
    eprintln!("an export of {} lines: {asked} requests to plan it", plan.changes.len());
    let (report, written, asked) = world.measured(world.linx.apply_export(&plan)).await;
    let report = report.expect("a report");
    assert_eq!(report.written(), plan.changes.len(), "{:?}", report.held.first());
    eprintln!("{asked} to write it");
    [
        Figure::time("the plan of 10,040 lines, 20 ms away", "", "", planned),
        Figure::time("10,040 lines written, 20 ms away", "268.000 s", "45.000 s", written),
    ]
}

pub fn figures() -> Vec<Figure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let mut figures = vec![runtime.block_on(sync())];
    figures.extend(runtime.block_on(export()));
    figures
}
