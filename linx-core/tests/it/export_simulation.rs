//! Random worlds, edits on both sides, faults and kills: the first law holds in every seed.
//!
//! Each seed is one simulation of several rounds. In a round people change time in ExakTime and entries in Procore, requests are
//! lost before or after they are applied, answers are lost, and runs are killed; now and then the ledger is lost too.
//! Afterwards everything works again, and the books have to be in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::NaiveDate;
use fastrand::Rng;
use http::Method;
use linx_core::change::LineKey;
use linx_core::export::ExportReport;
use linx_core::ledger::MemoryLedger;
use linx_core::model::{CentiHours, EntryEndpoint, Hours};
use linx_core::settings::{Removals, Timesheets, UnresolvedCostCode};
use linx_http::sandbox::{Arrival, Fault, Order};
use procore_client::sandbox::OriginIds;
use procore_client::timecards::ApprovalStatus;

use crate::harness::Harness;

const SEEDS: u64 = 12;
const ROUNDS: usize = 5;
/// Records that a simulation begins with; few enough to be read when a simulation goes wrong.
const RECORDS: usize = 40;

struct Simulation {
    harness: Harness,
    rng: Rng,
}

impl Simulation {
    async fn begin(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut harness = Harness::contractor();
        harness.export.endpoint = EntryEndpoint::IN_ORDER[rng.usize(..EntryEndpoint::IN_ORDER.len())];
        if rng.bool() {
            harness.export.timesheets = Timesheets::Shared;
        }
        if rng.bool() {
            harness.export.removals = Removals::AtOnce;
        }
        harness.export.reread_weeks = rng.u16(0..3);
        harness.export.approved_only = rng.u8(..) < 40;
        harness.procore.with_state(|state| {
            state.origin_ids = if rng.bool() {
                OriginIds::Numbers
            } else {
                OriginIds::Text
            };
            state.bulk_create_enabled = rng.u8(..) < 200;
            state.bulk_create_keeps_good_ones = rng.bool();
            let rule = procore_client::sandbox::OvertimeRule {
                daily_hours: rng.u32(2..9),
                regular: procore_client::TimeTypeId::new(9185),
                overtime: procore_client::TimeTypeId::new(9186),
                always: true,
            };
            state.overtime = (rng.u8(..) < 64).then_some(rule);
        });
        if harness.export.endpoint == EntryEndpoint::CompanyBulk {
            // It is taken for lines without a cost type only.
            harness.export.unresolved_cost_code = UnresolvedCostCode::Omit;
            harness.procore.with_state(|state| state.project_codes.clear());
        }
        harness.exaktime.with_state(|state| {
            rng.shuffle(&mut state.time_records);
            state.time_records.truncate(RECORDS);
        });
        harness.apply_sync().await;
        Self { harness, rng }
    }

    async fn round(&mut self) {
        self.edit_time();
        self.edit_entries();
        self.order_faults();
        self.sync_and_export().await;
        // What is late has mostly arrived by the next run.
        self.harness.wait_seconds(self.rng.u64(0..240));
        if self.rng.bool() {
            self.harness.next_day();
        }
        if self.rng.u8(..) < 40 {
            self.lose_ledger();
        }
    }

    /// Corrections in ExakTime: hours, places, days, a record gone, one more, a clock-out forgotten.
    fn edit_time(&mut self) {
        let rng = &mut self.rng;
        self.harness.exaktime.with_state(|state| {
            for _ in 0..rng.usize(0..4) {
                if state.time_records.is_empty() {
                    return;
                }
                let at = rng.usize(..state.time_records.len());
                match rng.u8(0..6) {
                    0 | 1 => state.time_records[at].regular_hours = format!("{}.{:02}", rng.u8(0..9), rng.u8(0..100)),
                    2 => {
                        let place = ["loc-24-001", "loc-24-002.01", "loc-25-004", "loc-YARD"][rng.usize(0..4)];
                        state.time_records[at].location = Some(place.into());
                    }
                    3 => {
                        state.time_records.remove(at);
                    }
                    4 => {
                        let mut more = state.time_records[at].clone();
                        more.id = format!("tr-new-{}", rng.u32(..));
                        more.cost_code = Some("cc-06-100".into());
                        more.start += chrono::Duration::hours(12);
                        more.stop = more.stop.map(|stop| stop + chrono::Duration::hours(12));
                        state.time_records.push(more);
                    }
                    _ => state.time_records[at].stop = None,
                }
            }
        });
    }

    /// What the office does: adjusts, deletes, approves.
    fn edit_entries(&mut self) {
        let entries = self.harness.procore.entries();
        if entries.is_empty() || self.rng.bool() {
            return;
        }
        let id = entries[self.rng.usize(..entries.len())].id;
        let deed = self.rng.u8(0..3);
        let hours = format!("{}.5", self.rng.u8(1..12));
        self.harness.procore.with_state(|state| {
            let Some(entry) = state.entries.get_mut(&id) else {
                return;
            };
            match deed {
                0 => entry.hours = Some(hours),
                1 => entry.deleted_at = Some("2026-03-17T12:00:00Z".parse().unwrap()),
                _ => entry.status = ApprovalStatus::Approved,
            }
        });
    }

    /// Orders faults for the requests to come.
    fn order_faults(&mut self) {
        for _ in 0..self.rng.usize(0..4) {
            let path = ["timecard_entries", "timesheets"][self.rng.usize(..2)];
            let order = self.fault(&[Method::POST, Method::PATCH, Method::DELETE, Method::GET], path);
            self.harness.procore_faults.order(order);
        }
        if self.rng.bool() {
            let order = self.fault(&[Method::POST, Method::PUT, Method::GET], "/v1/");
            self.harness.exaktime_faults.order(order);
        }
    }

    fn fault(&mut self, methods: &[Method], path: &str) -> Order {
        let unavailable = || http::Response::builder().status(503).body(Bytes::new()).unwrap();
        // Within the time in which a request can still arrive.
        let late = Arrival::AfterTime(Duration::from_secs(self.rng.u64(1..110)));
        let fault = match self.rng.u8(0..11) {
            0 | 1 => Fault::CutAfter,
            2 => Fault::CutBefore,
            3 => Fault::AnswerLost(unavailable()),
            4 => Fault::Instead(unavailable()),
            5 => Fault::Unreachable,
            6 | 7 => Fault::CutThenApplied(late),
            8 => Fault::StallThenApplied(late),
            _ => Fault::Stall,
        };
        Order {
            method: Some(methods[self.rng.usize(..methods.len())].clone()),
            path: path.into(),
            after: self.rng.u32(0..12),
            times: if matches!(fault, Fault::Stall | Fault::StallThenApplied(_)) {
                1
            } else {
                self.rng.u32(1..4)
            },
            fault,
        }
    }

    /// A sync and an export, each of which may fail or be killed when a request stalls.
    async fn sync_and_export(&mut self) {
        let harness = &self.harness;
        let linx = harness.linx();
        let sync = async {
            let options = linx_core::sync::SyncOptions::default();
            let plan = linx.plan_sync(&options).await.ok()?;
            linx.apply_sync(&plan).await.ok()
        };
        until_killed(harness, sync).await;
        let linx = harness.linx();
        let export = async {
            let plan = linx.plan_export(&crate::harness::two_weeks()).await.ok()?;
            linx.apply_export(&plan).await.ok()
        };
        if let Some(report) = until_killed(harness, export).await {
            assert_eq!(report.account.check(), Ok(()));
        }
        harness.keys_in_procore();
    }

    /// The ledger burns; links are found again by identifier, lines by their marks.
    fn lose_ledger(&mut self) {
        self.harness.ledger = Arc::new(MemoryLedger::new());
    }

    /// Everything works again: what is left over is settled, and then nothing is left to do.
    async fn end(mut self) {
        self.harness.procore_faults.clear();
        self.harness.exaktime_faults.clear();
        for _ in 0..2 {
            self.sync_and_export().await;
            self.harness.next_day();
        }
        self.sync_and_export().await;
        let writes = self.harness.writes();
        let sync = self.harness.apply_sync().await;
        let report = self.harness.apply_export().await;
        assert!(sync.changes.is_empty(), "{:?}", sync.changes);
        assert!(report.changes.is_empty(), "{:?}", report.changes);
        assert_eq!(self.harness.writes(), writes);
        self.check_books(&report);
        self.check_people();
    }

    /// On every day of which nothing is held or left out, what is called stored stands in Procore, hour for hour, and
    /// nothing else of ours does. A day of which something is held may have a line that stands until it is cleared up.
    fn check_books(&self, report: &ExportReport) {
        assert_eq!(report.account.total().read, self.harness.hours_in_exaktime());
        let mut standing: BTreeMap<(String, NaiveDate), i64> = BTreeMap::new();
        for entry in self.harness.procore.entries() {
            let hours: CentiHours = entry.hours.as_deref().unwrap().parse().unwrap();
            // The invented workers have the same numbers on both sides.
            let number = entry.party.unwrap().get() - 562_949_953_430_000 + 100;
            *standing.entry((format!("p-{number}"), entry.date)).or_default() += hours.to_hours().seconds();
        }
        // Lines that stand without time, or otherwise than it, because a person has touched them, are told.
        let touched: BTreeSet<(String, NaiveDate)> = report
            .held
            .iter()
            .filter(|held| held.subject.kind() == "line")
            .filter_map(|held| {
                let key: LineKey = held.subject.id().parse().ok()?;
                Some((format!("p-{}", key.worker.0 - 562_949_953_430_000 + 100), key.date))
            })
            .collect();
        for day in report.account.days() {
            let stands = standing.remove(&(day.employee.to_string(), day.date)).unwrap_or(0);
            let told = touched.contains(&(day.employee.to_string(), day.date));
            if day.hours.held == Hours::ZERO && day.hours.left_out == Hours::ZERO && !told {
                assert_eq!(stands, day.hours.stored.seconds(), "{} on {}", day.employee, day.date);
            }
        }
        for day in standing.keys() {
            assert!(
                touched.contains(day),
                "{day:?} has a line in Procore and no time, and nobody is told"
            );
        }
    }

    fn check_people(&self) {
        self.harness.exaktime.with_state(|state| {
            let numbers: Vec<&str> = state
                .persons
                .values()
                .filter_map(|person| person.get("employeeIdentifier")?.as_str())
                .collect();
            let distinct: BTreeSet<&str> = numbers.iter().copied().collect();
            assert_eq!(distinct.len(), numbers.len(), "nobody is there twice");
        });
    }
}

/// The run's result, or nothing if a request stalled and the run was killed.
async fn until_killed<T>(harness: &Harness, run: impl Future<Output = Option<T>>) -> Option<T> {
    tokio::select! {
        biased;
        result = run => result,
        () = harness.procore_faults.stalled() => None,
        () = harness.exaktime_faults.stalled() => None,
    }
}

#[tokio::test]
async fn d25_the_first_law_holds_in_every_story() {
    for seed in 0..SEEDS {
        let told = std::panic::AssertUnwindSafe(async {
            let mut simulation = Simulation::begin(seed).await;
            for _ in 0..ROUNDS {
                simulation.round().await;
            }
            simulation.end().await;
        });
        let told = Box::pin(futures_util::FutureExt::catch_unwind(told)).await;
        assert!(told.is_ok(), "the simulation of seed {seed} went wrong");
    }
}
