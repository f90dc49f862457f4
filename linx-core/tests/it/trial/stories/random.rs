//! Random moves, approvals and edits over many nights (hazard D19).

use std::collections::BTreeMap;

use chrono::{Days, TimeDelta};
use exaktime_client::sandbox::TimeRecord;
use http::Method;
use linx_core::export::ExportReport;
use linx_core::plan::Selection;
use linx_http::sandbox::Fault;
use procore_client::TimecardEntryId;
use procore_client::timecards::ApprovalStatus;

use super::super::ENTRIES;
use super::super::moves::{days, office, second_week};
use super::{consent, told};
use crate::harness::{Harness, day, once, two_weeks};
use crate::small_company::{all_hours, by_our_hand, exported, hours_of, worked_now};

/// How many records are moved about.
const RECORDS: usize = 26;

/// Numbers that tell a story over again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.roll(all.len())]
    }
}

/// A story as it goes on.
struct Story {
    harness: Harness,
    dice: Dice,
    told: Vec<String>,
    /// Whether the office edited hours or days, so that what stands is its own matter.
    edited: bool,
    /// Which records go to other people: the others go to other days. Both at once is not followed (hazard D19).
    of_people: BTreeMap<String, bool>,
    places: Vec<Option<String>>,
    codes: Vec<Option<String>>,
}

fn each_once(harness: &Harness, of: impl Fn(&TimeRecord) -> Option<String>) -> Vec<Option<String>> {
    let mut all: Vec<_> = harness
        .exaktime
        .with_state(|state| state.time_records.iter().map(of).collect());
    all.sort();
    all.dedup();
    all
}

impl Story {
    async fn begin(seed: u64) -> Self {
        let harness = exported().await;
        Self {
            dice: Dice(seed * 7919 + 17),
            told: vec![format!("seed {seed}")],
            edited: false,
            of_people: BTreeMap::new(),
            places: each_once(&harness, |record| record.location.clone()),
            codes: each_once(&harness, |record| record.cost_code.clone()),
            harness,
        }
    }

    /// Something happens on either side, or on the way.
    fn goes_on(&mut self) {
        match self.dice.roll(10) {
            0..=5 => self.time_moves(),
            6 | 7 => self.office_judges(),
            8 => self.answer_is_lost(),
            _ => self.office_edits(),
        }
    }

    fn time_moves(&mut self) {
        let Self {
            dice,
            told,
            of_people,
            places,
            codes,
            ..
        } = self;
        self.harness.exaktime.with_state(|state| {
            let record = &mut state.time_records[dice.roll(RECORDS)];
            let what = dice.roll(6);
            let is_of_people = *of_people.entry(record.id.clone()).or_insert(what == 5);
            match what {
                0 | 1 if !is_of_people => {
                    record.work_date = day("2026-03-02") + Days::new(u64::try_from(dice.roll(12)).unwrap());
                }
                2 => record.cost_code.clone_from(dice.one_of(codes)),
                3 => record.location.clone_from(dice.one_of(places)),
                4 => record.regular_hours = format!("{}.00", 1 + dice.roll(5)),
                5 if is_of_people => record.person = format!("p-20{}", 1 + dice.roll(4)),
                _ => record.regular_hours = "4.00".into(),
            }
            told.push(format!(
                "{} is {} h of {} on {} at {:?} on {:?}",
                record.id, record.regular_hours, record.person, record.work_date, record.location, record.cost_code
            ));
            // By its number in the list, in minutes: no two of one person overlap.
            for (at, record) in state.time_records.iter_mut().enumerate() {
                let noon = record.work_date.and_hms_opt(12, 0, 0).unwrap().and_utc();
                record.start = noon + TimeDelta::minutes(i64::try_from(at).unwrap() * 10);
                record.stop = Some(record.start + TimeDelta::minutes(9));
            }
        });
    }

    fn an_entry_of_ours(&mut self) -> TimecardEntryId {
        let mut ids: Vec<_> = by_our_hand(&self.harness).iter().map(|entry| entry.id).collect();
        ids.sort();
        *self.dice.one_of(&ids)
    }

    fn office_judges(&mut self) {
        let id = self.an_entry_of_ours();
        let status = match self.dice.roll(3) {
            0 => ApprovalStatus::Pending,
            _ => ApprovalStatus::Approved,
        };
        self.told.push(format!("entry {id} is {status:?}"));
        office(&self.harness, id, |entry| entry.status = status);
    }

    fn office_edits(&mut self) {
        let id = self.an_entry_of_ours();
        let (hours, later) = (self.dice.roll(2) == 0, u64::try_from(self.dice.roll(8)).unwrap());
        self.edited = true;
        self.told.push(format!("entry {id} is edited: {hours} {later}"));
        office(&self.harness, id, |entry| {
            if hours {
                entry.hours = Some("1.0".into());
            } else {
                entry.date = day("2026-03-02") + Days::new(later);
            }
        });
    }

    fn answer_is_lost(&mut self) {
        let fault = [Fault::CutBefore, Fault::CutAfter][self.dice.roll(2)].clone();
        let method = self.dice.one_of(&[Method::POST, Method::PATCH, Method::DELETE]).clone();
        self.told.push(format!("{method} meets {fault:?}"));
        self.harness.procore_faults.order(once(method, ENTRIES, 0, fault));
    }

    fn asks_for(&mut self) -> Selection {
        match self.dice.roll(6) {
            0 => second_week(),
            1 => days("2026-03-02", "2026-03-08"),
            2 => days("2026-03-03", "2026-03-04"),
            3 => Selection {
                locations: vec!["26-102".into()],
                ..two_weeks()
            },
            _ => consent(),
        }
    }

    /// What stands by our hand, entry by entry.
    fn ours(&self) -> BTreeMap<TimecardEntryId, i64> {
        let ours = by_our_hand(&self.harness);
        ours.iter().map(|entry| (entry.id, hours_of(entry))).collect()
    }

    fn due(&self) -> i64 {
        worked_now(&self.harness).values().sum()
    }

    /// One night's export, and what is wrong with it, if anything is.
    async fn night(&mut self) -> Option<String> {
        let selection = self.asks_for();
        self.told.push(format!("export {selection:?}"));
        let before = self.ours();
        let report = match self.harness.try_export_of(&selection).await {
            Ok(report) => report,
            Err(error) => {
                self.told.push(format!("error {error}"));
                return None;
            }
        };
        self.harness.next_day();
        self.wrong(&selection, &before, &report)
    }

    fn wrong(
        &self,
        selection: &Selection,
        before: &BTreeMap<TimecardEntryId, i64>,
        report: &ExportReport,
    ) -> Option<String> {
        let entries = self.ours();
        let (ours, due): (i64, i64) = (entries.values().sum(), self.due());
        let gains = entries.iter().map(|(id, hours)| hours - before.get(id).unwrap_or(&0));
        // Where less stands too much than the least that was added, none of that stands twice.
        if gains
            .filter(|gain| *gain > 0)
            .min()
            .is_some_and(|least| ours - due >= least)
        {
            return Some(format!("PAID TWICE {ours} for {due}: {:#?}", told(report)));
        }
        let is_silent = report.held.is_empty() && report.refused.is_empty();
        // Of other places than were asked for nothing is told (hazard D24).
        let of_all_places = selection.locations.is_empty();
        let of_all_days = selection.from == two_weeks().from && selection.to == two_weeks().to;
        let too_much = of_all_places && ours > due;
        let another = of_all_places && of_all_days && !self.edited && ours != due;
        (is_silent && (too_much || another)).then(|| format!("{ours} stand for {due} in silence"))
    }

    /// Everything is opened again, and nothing gets lost any more: it comes to rest.
    async fn rests(&mut self) -> Option<String> {
        self.harness.procore_faults.clear();
        self.harness.procore.with_state(|state| {
            for entry in state.entries.values_mut() {
                entry.status = ApprovalStatus::Pending;
            }
        });
        let mut last = Vec::new();
        for _ in 0..5 {
            last = told(&self.harness.try_export_of(&consent()).await.unwrap());
            self.harness.next_day();
        }
        let (all, due) = (all_hours(&self.harness), self.due());
        let is_wrong = !self.edited && (all != due || !last.is_empty());
        is_wrong.then(|| format!("at rest {all} for {due}: {last:#?}"))
    }
}

/// Random stories of moves of one person's own time, corrections, approvals, edits and lost answers, exported by days and places.
#[tokio::test]
async fn d19_random_moves_and_approvals_pay_nobody_twice_and_tell_what_is_left_out() {
    for seed in 0..40 {
        let mut story = Story::begin(seed).await;
        let mut wrong = None;
        for _ in 0..10 {
            story.goes_on();
            wrong = story.night().await;
            if wrong.is_some() {
                break;
            }
        }
        if wrong.is_none() {
            wrong = story.rests().await;
        }
        assert_eq!(wrong, None, "{}", story.told.join("\n"));
    }
}
