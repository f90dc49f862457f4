//! Random attacks on the company that can be counted by hand: people edit both sides, requests are lost, repeated or held up,
//! lists are behind, ledgers are lost, runs are killed and begun again, some days or places are exported, and plans are kept.
//! The judge counts after each run, and once everything is quiet.

mod faults;
mod field;
mod judge;
mod ledgers;
mod office;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use exaktime_client::sandbox::TimeRecord;
use fastrand::Rng;
use futures_util::FutureExt;
use linx_core::LinxError;
use linx_core::export::ExportReport;
use linx_core::ledger::Ledger;
use linx_core::plan::{ExportPlan, Selection};
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;

use crate::harness::{Harness, day, two_weeks};

const SEEDS: u64 = 25;
const ROUNDS: usize = 5;
const ENTRIES: &str = "/timecard_entries";

struct Attack {
    harness: Harness,
    rng: Rng,
    /// What was worked and a night of ExakTime's did not show.
    hidden: Vec<TimeRecord>,
    /// What a person left of an entry: nobody may change it any more.
    edited: BTreeMap<TimecardEntryId, Entry>,
    /// An entry that the next lists lack.
    lagging: Arc<Mutex<Option<Entry>>>,
    /// A plan that was made some rounds ago.
    kept: Option<ExportPlan>,
    /// The ledger as it was some rounds ago.
    yesterdays: Option<Arc<dyn Ledger>>,
    /// Whether codes are called otherwise than at the beginning.
    is_renamed: bool,
    story: Vec<String>,
    /// Whether the last run found nothing to do and nothing to hold.
    is_quiet: bool,
}

impl Attack {
    async fn begin(seed: u64) -> Self {
        let harness = Harness::small_company();
        harness.apply_sync().await;
        Self {
            harness,
            rng: Rng::with_seed(seed),
            hidden: Vec::new(),
            edited: BTreeMap::new(),
            lagging: Arc::default(),
            kept: None,
            yesterdays: None,
            is_renamed: false,
            story: Vec::new(),
            is_quiet: false,
        }
    }

    fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

    /// True once in so many times.
    fn once_in(&mut self, times: u8) -> bool {
        self.rng.u8(0..times) == 0
    }

    async fn round(&mut self) {
        self.edit_time();
        self.edit_entries();
        if self.once_in(6) {
            self.edit_company().await;
        }
        self.keep_or_lose_ledgers().await;
        self.order_faults();
        for _ in 0..self.rng.usize(1..4) {
            self.run_any().await;
            self.pass_time();
        }
        if self.rng.bool() {
            self.clear_faults();
        }
    }

    /// What somebody asks for: mostly the fortnight.
    fn selection(&mut self) -> Selection {
        let mut of = two_weeks();
        match self.rng.u8(0..10) {
            0 | 1 => {
                let days = [self.rng.i64(0..14), self.rng.i64(0..14)];
                let at = |days: Option<&i64>| day("2026-03-02") + chrono::Duration::days(*days.unwrap());
                (of.from, of.to) = (at(days.iter().min()), at(days.iter().max()));
            }
            2 => of.employees = vec![format!("0020{}", self.rng.u8(1..5))],
            3 => {
                let places = ["26-101", "26-101.01", "26-101.02", "26-102"];
                of.locations = vec![places[self.rng.usize(..4)].to_owned()];
            }
            _ => {}
        }
        of
    }

    async fn run_any(&mut self) {
        if let Some(plan) = self.kept.take_if(|_| self.rng.u8(0..3) == 0) {
            self.tell("a kept plan is applied");
            let linx = self.harness.linx();
            let selection = plan.selection.clone();
            self.until_killed(&selection, linx.apply_export(&plan)).await;
            return;
        }
        let selection = self.selection();
        if self.once_in(8) {
            self.tell("a plan is kept");
            let linx = self.harness.linx();
            self.kept = tokio::select! {
                biased;
                plan = linx.plan_export(&selection) => plan.ok(),
                () = self.harness.procore_faults.stalled() => None,
            };
        }
        self.run(&selection).await;
    }

    async fn run(&mut self, selection: &Selection) {
        self.tell(format!("run of {selection:?}"));
        let linx = self.harness.linx();
        let export = async {
            let plan = linx.plan_export(selection).await?;
            linx.apply_export(&plan).await
        };
        self.until_killed(selection, export).await;
    }

    /// Waits for a run, which is killed where one of its requests stalls, and judges it.
    async fn until_killed(
        &mut self,
        selection: &Selection,
        run: impl Future<Output = Result<ExportReport, LinxError>>,
    ) {
        let before = judge::standing(&self.harness);
        let result = tokio::select! {
            biased;
            result = run => Some(result),
            () = self.harness.procore_faults.stalled() => None,
        };
        self.end_lag();
        match result {
            Some(result) => self.judge(selection, &before, &result),
            None => self.tell("killed"),
        }
    }

    /// The source is filled anew, and has what it missed.
    fn night(&mut self) {
        let back = std::mem::take(&mut self.hidden);
        self.harness
            .exaktime
            .with_state(|state| state.time_records.extend(back));
        self.tell("night");
        self.harness.next_day();
    }

    fn pass_time(&mut self) {
        match self.rng.u8(0..4) {
            0 => self.harness.wait_seconds(self.rng.u64(1..150)),
            1 => self.night(),
            _ => {}
        }
    }

    /// Nothing goes wrong any more.
    async fn end(&mut self) {
        self.clear_faults();
        self.harness.procore_faults.deliver();
        self.tell("quiet");
        for _ in 0..4 {
            self.night();
            self.run(&two_weeks()).await;
        }
        let writes = self.harness.writes();
        self.run(&two_weeks()).await;
        assert_eq!(self.harness.writes(), writes, "at rest nothing is written");
    }
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "more seeds, or one of them, are asked for by hand"
)]
async fn d25_no_attack_pays_anybody_otherwise_than_is_told() {
    let first: u64 = std::env::var("ATTACK_FIRST").map_or(0, |text| text.parse().unwrap());
    let seeds: u64 = std::env::var("ATTACK_SEEDS").map_or(SEEDS, |text| text.parse().unwrap());
    let mut wrong = Vec::new();
    for seed in first..first + seeds {
        let mut attack = Attack::begin(seed).await;
        let fought = std::panic::AssertUnwindSafe(async {
            for round in 0..ROUNDS {
                attack.tell(format!("round {round}"));
                attack.round().await;
            }
            attack.end().await;
        });
        if fought.catch_unwind().await.is_err() {
            wrong.push(format!("seed {seed}:\n{}", attack.story.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
