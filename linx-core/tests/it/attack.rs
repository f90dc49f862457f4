//! Random attacks on the company that can be counted by hand: people edit both sides, requests are lost, repeated or held up,
//! runs are killed and begun again. The judge counts after each run, and once everything is quiet.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::Duration;
use fastrand::Rng;
use futures_util::FutureExt;
use http::Method;
use linx_core::export::ExportReport;
use linx_http::sandbox::{Arrival, Fault, Order};
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;
use procore_client::timecards::ApprovalStatus;

use crate::harness::{Harness, day, two_weeks};
use crate::small_company::{Hundredths, OTHER_HANDS, judge_days, number};

const SEEDS: u64 = 25;
const ROUNDS: usize = 5;
const ENTRIES: &str = "/timecard_entries";

/// What a person left of an entry: nobody may change it any more.
type Edited = BTreeMap<TimecardEntryId, (Option<String>, chrono::NaiveDate, bool)>;

struct Attack {
    harness: Harness,
    rng: Rng,
    /// What was worked and a night of ExakTime's did not show.
    hidden: Vec<exaktime_client::sandbox::TimeRecord>,
    edited: Edited,
    /// Days on which the office put something that no list of ours has.
    by_office: std::collections::BTreeSet<crate::small_company::WorkerDay>,
    story: Vec<String>,
    /// Whether the last run found nothing to do and nothing to hold.
    is_quiet: bool,
}

impl Attack {
    async fn begin(seed: u64) -> Self {
        let rng = Rng::with_seed(seed);
        let harness = Harness::small_company();
        harness.apply_sync().await;
        Self {
            harness,
            rng,
            hidden: Vec::new(),
            edited: Edited::new(),
            by_office: std::collections::BTreeSet::new(),
            story: Vec::new(),
            is_quiet: false,
        }
    }

    /// What was worked by now.
    fn due(&self) -> Hundredths {
        let mut days = Hundredths::new();
        let shown = self.harness.exaktime.with_state(|state| state.time_records.clone());
        for record in shown
            .iter()
            .chain(&self.hidden)
            .filter(|record| record.person.starts_with("p-2"))
        {
            let hours = [&record.regular_hours, &record.ot1_hours, &record.ot2_hours];
            let sum: i64 = hours.map(|text| crate::small_company::hundredths(text)).iter().sum();
            *days.entry((number(&record.person), record.work_date)).or_default() += sum;
        }
        days
    }

    fn edit_time(&mut self) {
        let is_quiet = std::mem::take(&mut self.is_quiet);
        let (rng, story, hidden) = (&mut self.rng, &mut self.story, &mut self.hidden);
        self.harness.exaktime.with_state(|state| {
            for edit in 0..rng.usize(0..3) {
                let ours: Vec<usize> = (0..state.time_records.len())
                    .filter(|at| state.time_records[*at].person.starts_with("p-2"))
                    .collect();
                let Some(at) = rng.choice(ours) else { return };
                let deed = rng.u8(0..8);
                if deed == 4 && (edit > 0 || !is_quiet) {
                    // Whether what was not sent yet is missing, nobody can know; beside a correction it looks like a part of it.
                    continue;
                }
                story.push(format!("time {deed} of {:?}", state.time_records[at]));
                match deed {
                    0 => {
                        state.time_records[at].regular_hours =
                            format!("{}.{}", rng.u8(1..6), ["00", "25", "50"][rng.usize(..3)]);
                    }
                    1 => {
                        let codes: Vec<_> = state
                            .time_records
                            .iter()
                            .filter_map(|record| record.cost_code.clone())
                            .collect();
                        state.time_records[at].cost_code = rng.choice(codes);
                    }
                    2 => {
                        let places: Vec<_> = state
                            .time_records
                            .iter()
                            .filter_map(|record| record.location.clone())
                            .collect();
                        state.time_records[at].location = rng.choice(places);
                    }
                    3 => {
                        state.time_records.remove(at);
                    }
                    4 => {
                        hidden.push(state.time_records.remove(at));
                        return;
                    }
                    5 => {
                        let record = &mut state.time_records[at];
                        let to = day("2026-03-02") + Duration::days(rng.i64(0..12));
                        let shift = to - record.work_date;
                        record.work_date = to;
                        record.start += shift;
                        record.stop = record.stop.map(|stop| stop + shift);
                    }
                    6 => state.time_records[at].person = format!("p-20{}", rng.u8(1..5)),
                    _ => {
                        let mut more = state.time_records[at].clone();
                        more.id = format!("tr-new-{}", rng.u32(..));
                        more.start += Duration::hours(12);
                        more.stop = more.stop.map(|stop| stop + Duration::hours(12));
                        more.regular_hours = "1.00".into();
                        more.ot1_hours = "0.00".into();
                        state.time_records.push(more);
                    }
                }
            }
        });
    }

    fn edit_entries(&mut self) {
        if self.rng.bool() {
            return;
        }
        // What is on its way might overwrite what a person does now, and nobody could tell.
        self.harness.procore_faults.deliver();
        let entries = self.harness.procore.entries();
        let Some(entry) = self.rng.choice(entries) else { return };
        let (id, deed) = (entry.id, self.rng.u8(0..7));
        self.story.push(format!("office {deed} of {entry:?}"));
        let to = entry.date + Duration::days(if entry.date < day("2026-03-08") { 1 } else { -1 });
        let hours = format!("{}.37", self.rng.u8(1..6));
        let mut touched = id;
        self.harness.procore.with_state(|state| match deed {
            0 => state.entries.get_mut(&id).unwrap().hours = Some(hours),
            1 => state.entries.get_mut(&id).unwrap().deleted_at = Some(entry.created_at),
            2 => state.entries.get_mut(&id).unwrap().status = ApprovalStatus::Approved,
            3 => state.entries.get_mut(&id).unwrap().date = to,
            4 => {
                touched = TimecardEntryId::new(94_000_000 + id.get() % 1_000_000);
                state.entries.insert(touched, Entry { id: touched, ..entry });
            }
            _ => {
                touched = TimecardEntryId::new(OTHER_HANDS + id.get() % 1_000_000);
                let theirs = Entry {
                    id: touched,
                    origin_id: None,
                    origin_data: None,
                    ..entry
                };
                state.entries.insert(touched, theirs);
            }
        });
        self.note_edit(touched);
        if deed >= 3 {
            // What a person put on a day is that person's doing, and told where it meets a line of ours.
            let entry = self.harness.procore.with_state(|state| state.entries[&touched].clone());
            self.by_office
                .insert((format!("{:05}", entry.party.unwrap().get() % 1000), entry.date));
        }
    }

    fn note_edit(&mut self, id: TimecardEntryId) {
        let left = self.left(id);
        self.edited.insert(id, left);
    }

    fn left(&self, id: TimecardEntryId) -> (Option<String>, chrono::NaiveDate, bool) {
        self.harness.procore.with_state(|state| {
            let entry = &state.entries[&id];
            (entry.hours.clone(), entry.date, entry.deleted_at.is_some())
        })
    }

    fn order_faults(&mut self) {
        for _ in 0..self.rng.usize(0..4) {
            let rng = &mut self.rng;
            let methods = [Method::POST, Method::PATCH, Method::DELETE, Method::GET];
            let gateway = |status: u16, body: &'static str| {
                let answer = http::Response::builder()
                    .status(status)
                    .header("content-type", "text/html");
                answer.body(Bytes::from_static(body.as_bytes())).unwrap()
            };
            let arrival = if rng.bool() {
                Arrival::AfterRequests(0)
            } else {
                Arrival::AfterTime(std::time::Duration::from_secs(rng.u64(1..110)))
            };
            let method = rng.choice(methods).unwrap();
            let fault = match rng.u8(0..13) {
                0 => Fault::CutAfter,
                1 => Fault::CutBefore,
                2 | 3 => Fault::CutThenApplied(arrival),
                4 => Fault::StallThenApplied(arrival),
                5 => Fault::Stall,
                6 => Fault::AnswerLost(gateway(502, "<html>")),
                7 => Fault::AnswerLost(gateway(200, "")),
                8 => Fault::Instead(gateway(503, "<html>")),
                9 => Fault::Instead(gateway(404, "<html>")),
                10 => Fault::AnswerLost(gateway(403, "<html>")),
                11 if method == Method::GET => Fault::Stripped(vec![http::header::LINK, "total".parse().unwrap()]),
                _ => Fault::Unreachable,
            };
            let order = Order {
                method: Some(method),
                path: ENTRIES.into(),
                after: rng.u32(0..15),
                times: 1,
                fault,
            };
            self.story.push(format!("{order:?}"));
            self.harness.procore_faults.order(order);
        }
    }

    async fn run(&mut self) {
        let linx = self.harness.linx();
        let export = async {
            let plan = linx.plan_export(&two_weeks()).await?;
            linx.apply_export(&plan).await
        };
        let result = tokio::select! {
            biased;
            result = export => result,
            () = self.harness.procore_faults.stalled() => {
                self.story.push("killed".into());
                return;
            }
        };
        self.judge(&result);
    }

    fn judge(&mut self, result: &Result<ExportReport, linx_core::LinxError>) {
        match result {
            Ok(report) => {
                self.is_quiet = report.held.is_empty() && report.changes.is_empty();
                let held = report.held.iter().chain(&report.left_out);
                let held: Vec<String> = held
                    .map(|held| format!("{} {}: {}", held.subject.id(), held.reason.code(), held.detail))
                    .collect();
                let writes: Vec<String> = report
                    .changes
                    .iter()
                    .map(|line| {
                        format!(
                            "{:?} {} {:?} {:?}",
                            line.change.action, line.change.key, line.change.entry, line.result
                        )
                    })
                    .collect();
                self.story.push(format!("run: {writes:#?} held {held:#?}"));
            }
            Err(error) => self.story.push(format!("run: {error}")),
        }
        judge_days(&self.due(), &self.by_office, &self.harness, result);
        let edited: Vec<_> = self.edited.iter().map(|(id, left)| (*id, left.clone())).collect();
        for (id, left) in edited {
            assert_eq!(self.left(id), left, "entry {id} of the office was changed");
        }
    }

    async fn round(&mut self) {
        self.edit_time();
        self.edit_entries();
        self.order_faults();
        for _ in 0..self.rng.usize(1..4) {
            self.run().await;
            self.pass_time();
        }
        if self.rng.bool() {
            self.harness.procore_faults.clear();
        }
    }

    /// The source is filled anew, and has what it missed.
    fn night(&mut self) {
        let back = std::mem::take(&mut self.hidden);
        self.harness
            .exaktime
            .with_state(|state| state.time_records.extend(back));
        self.story.push("night".into());
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
        self.harness.procore_faults.clear();
        self.harness.procore_faults.deliver();
        self.story.push("quiet".into());
        for _ in 0..4 {
            self.night();
            self.run().await;
        }
        let writes = self.harness.writes();
        let report = self.harness.try_export().await;
        self.judge(&report);
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
                attack.story.push(format!("round {round}"));
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
