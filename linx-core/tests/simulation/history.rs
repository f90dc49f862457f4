//! A history: what happens, step by step, drawn from a seed or left of it when it was shrunk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, TimeDelta};
use fastrand::Rng;
use linx_core::export::ExportReport;
use linx_core::ledger::Pair;
use linx_core::plan::Selection;
use linx_core::ports::TimeSource;
use linx_core::sync::{SyncOptions, SyncReport};
use linx_core::{Linx, LinxError};
use serde::{Deserialize, Serialize};

use crate::calls::{Caller, Death, Fault, Harm};
use crate::clock::OurClock;
use crate::deeds::{Deed, Pick};
use crate::field::SimField;
use crate::judge;
use crate::ledger::{Book, SimLedger};
use crate::model::events::Event;
use crate::office::SimOffice;
use crate::schedule;
use crate::world::{Shared, World};

/// One thing after the other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Step {
    Deed(Deed),
    /// So many seconds pass.
    Pass(u32),
    Night,
    /// Runs side by side.
    Runs(Vec<Run>),
    /// Runs side by side on another machine, with a ledger of its own.
    Elsewhere(Vec<Run>),
    /// The ledger is lost.
    LosesLedger,
    /// It is put back as it was some nights ago.
    PutsLedgerBack(Pick),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub what: What,
    pub harm: Harm,
    pub deeds: BTreeMap<usize, Deed>,
    /// By how many seconds the clock of its machine is wrong.
    pub wrong_by: i32,
    /// How many milliseconds each of its calls takes.
    #[serde(default = "brisk")]
    pub pace: u16,
    /// How many seconds somebody thinks between its plan and its writing.
    #[serde(default)]
    pub thinks: u16,
}

fn brisk() -> u16 {
    40
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    Sync {
        consent: bool,
    },
    Export {
        ago: u8,
        consent: bool,
        employee: Option<Pick>,
        place: Option<Pick>,
    },
}

impl Run {
    pub fn clean(what: What) -> Self {
        Self {
            what,
            harm: Harm::default(),
            deeds: BTreeMap::new(),
            wrong_by: 0,
            pace: brisk(),
            thinks: 0,
        }
    }
}

/// What a run came to.
pub enum Ended {
    Sync(Result<SyncReport, LinxError>),
    Export(Selection, Result<ExportReport, LinxError>),
}

/// A history of a seed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct History {
    pub seed: u64,
    pub steps: Vec<Step>,
}

/// Which things happen in a history at all.
struct Swarm {
    themes: BTreeSet<Theme>,
    faults: Vec<Fault>,
}

/// What may happen in a history, beside faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Theme {
    /// Clerks correct time.
    Field,
    /// The office edits entries.
    Office,
    /// People, codes and projects come and go.
    Directory,
    /// Runs die.
    Deaths,
    /// Runs go side by side.
    Beside,
    /// Ledgers are lost or put back.
    Ledgers,
    /// Another machine writes for the same companies.
    Elsewhere,
    /// Some days, people or places are exported.
    Parts,
    /// Clocks are wrong.
    Clocks,
    /// The services take their time.
    Slow,
    /// Somebody reads the plan before it is written.
    Thought,
}

/// How often each theme is in a history: once in so many, or all but once.
const THEMES: [(Theme, u8); 11] = [
    (Theme::Field, 1),
    (Theme::Office, 3),
    (Theme::Directory, 4),
    (Theme::Deaths, 3),
    (Theme::Beside, 5),
    (Theme::Ledgers, 8),
    (Theme::Elsewhere, 12),
    (Theme::Parts, 4),
    (Theme::Clocks, 8),
    (Theme::Slow, 4),
    (Theme::Thought, 4),
];

pub const FAULTS: [Fault; 11] = [
    Fault::LostBefore,
    Fault::AnswerLost,
    Fault::Later(1),
    Fault::Twice,
    Fault::WrongAnswer,
    Fault::Stale,
    Fault::Partial,
    Fault::Unreadable,
    Fault::Empty,
    Fault::Limit(1),
    Fault::Slow(1),
];

impl Swarm {
    fn draw(rng: &mut Rng) -> Self {
        let is_calm = rng.u8(0..6) == 0;
        let mut faults = Vec::new();
        for fault in FAULTS {
            if !is_calm && rng.u8(0..5) < 2 {
                faults.push(fault);
            }
        }
        let themes = THEMES.into_iter().filter(|(_, often)| rng.u8(0..*often) == 0);
        Self {
            themes: themes.map(|(theme, _)| theme).collect(),
            faults,
        }
    }

    fn has(&self, theme: Theme) -> bool {
        self.themes.contains(&theme)
    }

    fn fault(&self, rng: &mut Rng) -> Option<Fault> {
        let fault = *rng.choice(&self.faults)?;
        Some(match fault {
            Fault::Later(_) => Fault::Later(rng.u16(1..110)),
            Fault::Limit(_) => Fault::Limit(rng.u16(5..2000)),
            Fault::Slow(_) => Fault::Slow(rng.u16(1..100)),
            fault => fault,
        })
    }

    fn deed(&self, rng: &mut Rng) -> Option<Deed> {
        match rng.u8(0..6) {
            0..=2 if self.has(Theme::Field) => Some(Deed::of_the_field(rng)),
            3 | 4 if self.has(Theme::Office) => Some(Deed::of_the_office(rng)),
            5 if self.has(Theme::Directory) => Some(Deed::of_the_directory(rng)),
            _ => None,
        }
    }

    fn run(&self, rng: &mut Rng) -> Run {
        let what = if rng.u8(0..4) == 0 {
            What::Sync {
                consent: rng.u8(0..4) == 0,
            }
        } else {
            What::Export {
                ago: if self.has(Theme::Parts) { rng.u8(0..12) } else { 14 },
                consent: rng.u8(0..4) == 0,
                employee: (self.has(Theme::Parts) && rng.u8(0..4) == 0).then(|| rng.u16(..)),
                place: (self.has(Theme::Parts) && rng.u8(0..4) == 0).then(|| rng.u16(..)),
            }
        };
        let mut run = Run::clean(what);
        for _ in 0..rng.u8(0..4) {
            if let Some(fault) = self.fault(rng) {
                run.harm.faults.insert(at(rng), fault);
            }
        }
        for _ in 0..rng.u8(0..3) {
            if let Some(fault) = self.fault(rng) {
                run.harm.write_faults.insert(rng.usize(..4), fault);
            }
        }
        if rng.u8(0..4) == 0
            && let Some(deed) = self.deed(rng)
        {
            run.deeds.insert(at(rng), deed);
        }
        if self.has(Theme::Deaths) && rng.u8(0..3) == 0 {
            let death = if rng.bool() { Death::Killed } else { Death::Cancelled };
            if rng.bool() {
                run.harm.death = Some((at(rng), death));
            } else {
                let after = rng.usize(..4);
                run.harm.death_after = Some((after, death));
                // What it sent last is often what is in doubt.
                if let Some(fault) = self.fault(rng) {
                    run.harm.write_faults.insert(after, fault);
                }
            }
        }
        if self.has(Theme::Clocks) && rng.bool() {
            run.wrong_by = rng.i32(-4000..4000);
        }
        if self.has(Theme::Slow) {
            run.pace = rng.u16(40..4000);
        }
        if self.has(Theme::Thought) && rng.bool() {
            run.thinks = rng.u16(1..1800);
        }
        run
    }
}

/// At which of its calls something happens to a run: mostly where it reads, often where it writes.
fn at(rng: &mut Rng) -> usize {
    let reach = [12, 40, 120][rng.usize(..3)];
    rng.usize(..reach)
}

impl History {
    /// Draws a history; `long` ones have a quarter of a year.
    pub fn draw(seed: u64, rounds: usize) -> Self {
        let mut rng = Rng::with_seed(seed);
        let swarm = Swarm::draw(&mut rng);
        let mut steps = Vec::new();
        for _ in 0..rounds {
            for _ in 0..rng.u8(0..4) {
                steps.extend(swarm.deed(&mut rng).map(Step::Deed));
            }
            if rng.u8(0..3) > 0 {
                steps.push(Step::Night);
            }
            for _ in 0..rng.u8(1..3) {
                let mut runs = vec![swarm.run(&mut rng)];
                if swarm.has(Theme::Beside) && rng.bool() {
                    runs.push(swarm.run(&mut rng));
                }
                let is_elsewhere = swarm.has(Theme::Elsewhere) && rng.u8(0..3) == 0;
                steps.push(if is_elsewhere {
                    Step::Elsewhere(runs)
                } else {
                    Step::Runs(runs)
                });
                if rng.bool() {
                    steps.push(Step::Pass(rng.u32(1..200)));
                }
            }
            if swarm.has(Theme::Ledgers) && rng.u8(0..4) == 0 {
                let step = if rng.bool() {
                    Step::LosesLedger
                } else {
                    Step::PutsLedgerBack(rng.u16(..))
                };
                steps.push(step);
            }
        }
        Self { seed, steps }
    }

    /// Plays it, and returns the world after it, with what is wrong in it.
    pub fn play(&self) -> Played {
        let mut stage = Stage::begin(self.seed);
        for step in &self.steps {
            stage.step(step);
            if stage.world.lock().wrong.is_some() {
                break;
            }
        }
        if stage.world.lock().wrong.is_none() {
            stage.end();
        }
        let mut world = stage.world.lock();
        Played {
            wrong: world.wrong.take(),
            story: std::mem::take(&mut world.story),
            met: std::mem::take(&mut world.met),
        }
    }
}

/// What came of a history.
pub struct Played {
    pub wrong: Option<String>,
    pub story: Vec<String>,
    pub met: BTreeMap<String, u64>,
}

/// A history under way.
struct Stage {
    world: Shared,
    book: Book,
    /// The ledger of the other machine, once there is one.
    other_book: Option<Book>,
    /// How much the book had in it, night by night.
    nights: Vec<usize>,
    rng: Rng,
    /// What disturbed it, so that something may be held for good.
    disturbed: bool,
}

impl Stage {
    fn begin(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x5eed);
        let mut stage = Self {
            world: Shared::new(World::begin(3)),
            book: Book::default(),
            other_book: None,
            nights: Vec::new(),
            rng: Rng::with_seed(seed ^ 0xface),
            disturbed: false,
        };
        stage.runs(&[Run::clean(What::Sync { consent: false })]);
        for _ in 0..rng.u8(2..9) {
            let works = Deed::Works(rng.u16(..), rng.u8(0..6), rng.u16(..), rng.u16(..), 50 * rng.i64(1..17));
            works.perform(&mut stage.world.lock());
        }
        stage.step(&Step::Night);
        if rng.u8(0..3) > 0 {
            stage.runs(&[whole(false)]);
        }
        stage
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Deed(deed) => {
                self.disturbed |= !is_of_the_field(deed);
                deed.perform(&mut self.world.lock());
            }
            Step::Pass(seconds) => self.world.lock().pass(TimeDelta::seconds((*seconds).into())),
            Step::Night => {
                self.nights.push(self.book.len());
                self.world.lock().night();
            }
            Step::Runs(runs) => {
                let deeds = runs.iter().flat_map(|run| run.deeds.values());
                self.disturbed |= deeds.into_iter().any(|deed| !is_of_the_field(deed));
                // What a network doubles nobody can prove to be ours: it is told, and stays.
                self.disturbed |= runs.iter().any(doubles);
                self.runs(runs);
            }
            Step::Elsewhere(runs) => {
                self.forgets("runs on another machine");
                let is_first = self.other_book.is_none();
                let other = self.other_book.take().unwrap_or_default();
                let own = std::mem::replace(&mut self.book, other);
                if is_first {
                    self.runs(&[Run::clean(What::Sync { consent: false })]);
                }
                self.runs(runs);
                self.other_book = Some(std::mem::replace(&mut self.book, own));
            }
            Step::LosesLedger => {
                self.forgets("the ledger is lost");
                self.nights.clear();
                self.book = Book::default();
                self.runs(&[Run::clean(What::Sync { consent: false })]);
            }
            Step::PutsLedgerBack(pick) => {
                if self.nights.is_empty() {
                    return;
                }
                self.forgets("the ledger is put back");
                let night = usize::from(*pick) % self.nights.len();
                self.nights.truncate(night + 1);
                let book = futures_util::FutureExt::now_or_never(self.book.as_it_was(self.nights[night]));
                self.book = book.expect("a ledger in memory answers at once");
            }
        }
    }

    /// What a ledger knew is not known to the one that the next run has.
    fn forgets(&mut self, what: &str) {
        self.disturbed = true;
        let mut world = self.world.lock();
        world.tell(what);
        world.meet(what);
        world.see(Event::MemoryLost);
        world.is_forgetful = true;
    }

    /// Lets runs go side by side, and judges each.
    fn runs(&mut self, runs: &[Run]) {
        let before = judge::Before::of(&self.world.lock());
        let mut callers = Vec::new();
        let mut futures: Vec<schedule::Run<Ended>> = Vec::new();
        for (at, run) in runs.iter().enumerate() {
            let caller = Arc::new(Caller::new(
                format!(
                    "{} {}",
                    if matches!(run.what, What::Sync { .. }) {
                        "sync"
                    } else {
                        "export"
                    },
                    at + 1
                ),
                self.world.clone(),
                run.harm.clone(),
                run.deeds.clone(),
                TimeDelta::milliseconds(run.pace.into()),
            ));
            let linx = self.linx(&caller, run.wrong_by);
            let selection = self.selection(&run.what);
            self.world.lock().tell(format!(
                "{} begins: {}",
                caller.name,
                words(&run.what, selection.as_ref())
            ));
            if let Some(selection) = &selection {
                self.world.lock().see(judge::begins(at, selection));
            }
            if run.thinks > 0 {
                self.world.lock().meet("a plan is thought about");
            }
            let thinks = self.thinks(run.thinks);
            futures.push((
                caller.clone(),
                Box::pin(ended(linx, run.what.clone(), selection, thinks)),
            ));
            callers.push(caller);
        }
        let results = schedule::together(&self.world, futures, &mut self.rng);
        let mut world = self.world.lock();
        let alone = runs.len() == 1;
        for (at, (caller, result)) in callers.iter().zip(results).enumerate() {
            let Some(ended) = result else {
                world.meet("death");
                world.tell(format!(
                    "{} dies at call {}: {:?}",
                    caller.name,
                    caller.calls(),
                    caller.harm.death()
                ));
                continue;
            };
            judge::after(&mut world, caller, &ended, &before, alone);
            if let Some(event) = judge::ends(&world, at, caller, &ended, alone) {
                world.see(event);
            }
        }
    }

    /// Passes while somebody reads a plan.
    fn thinks(&self, seconds: u16) -> impl Future<Output = ()> + use<> {
        let clock = OurClock {
            world: self.world.clone(),
            wrong_by: TimeDelta::zero(),
        };
        async move {
            if seconds > 0 {
                clock.sleep(Duration::from_secs(seconds.into())).await;
            }
        }
    }

    fn linx(&self, caller: &Arc<Caller>, wrong_by: i32) -> Linx {
        let pair = Pair {
            office: "company 1".into(),
            field: "account".into(),
        };
        let ledger = SimLedger {
            book: self.book.clone(),
            caller: caller.clone(),
        };
        let clock = OurClock {
            world: self.world.clone(),
            wrong_by: TimeDelta::seconds(wrong_by.into()),
        };
        let (office, field) = (SimOffice(caller.clone()), SimField(caller.clone()));
        let builder = Linx::builder(
            pair,
            Arc::new(office),
            Arc::new(field),
            Arc::new(ledger),
            Arc::new(clock),
        );
        builder.build().unwrap()
    }

    fn selection(&self, what: &What) -> Option<Selection> {
        let What::Export {
            ago,
            consent,
            employee,
            place,
        } = what
        else {
            return None;
        };
        let world = self.world.lock();
        let today = world.today();
        let of_kind = |kind, pick: &Option<Pick>| {
            let pick = (*pick)?;
            let records: Vec<_> = world.records.keys().filter(|(one, _)| *one == kind).collect();
            let (_, id) = records.get(usize::from(pick) % records.len().max(1))?;
            Some(id.to_string())
        };
        Some(Selection {
            from: today - Days::new(if *ago >= 14 { 150 } else { u64::from(*ago) }),
            to: today,
            employees: of_kind(linx_core::model::Kind::Employee, employee)
                .into_iter()
                .collect(),
            locations: of_kind(linx_core::model::Kind::Location, place).into_iter().collect(),
            allow_mass_change: *consent,
        })
    }

    /// Faults stop, and people rest: it comes to rest as well.
    fn end(&mut self) {
        self.world.lock().tell("quiet");
        self.world.lock().pass(TimeDelta::hours(2));
        for night in 0..5 {
            self.step(&Step::Night);
            let works = Deed::Works(night, 0, night, night, 800);
            works.perform(&mut self.world.lock());
            self.runs(&[Run::clean(What::Sync { consent: true })]);
            self.runs(&[whole(true)]);
            if self.world.lock().wrong.is_some() {
                return;
            }
        }
        let writes = self.world.lock().writes;
        self.runs(&[Run::clean(What::Sync { consent: true })]);
        self.runs(&[whole(true)]);
        let mut world = self.world.lock();
        // What was disturbed may take more nights.
        if world.writes != writes && !self.disturbed {
            world.blame("at rest something is written");
        }
        judge::at_rest(&mut world, self.disturbed);
        world.see(Event::AtRest {
            disturbed: self.disturbed,
        });
    }
}

/// Whether a fault of a run doubles something.
fn doubles(run: &Run) -> bool {
    let mut faults = run.harm.faults.values().chain(run.harm.write_faults.values());
    faults.any(|fault| *fault == Fault::Twice)
}

fn whole(consent: bool) -> Run {
    Run::clean(What::Export {
        ago: 14,
        consent,
        employee: None,
        place: None,
    })
}

fn is_of_the_field(deed: &Deed) -> bool {
    matches!(
        deed,
        Deed::Works(..)
            | Deed::Corrects(..)
            | Deed::MovesDay(..)
            | Deed::MovesPerson(..)
            | Deed::Recodes(..)
            | Deed::Replaces(..)
            | Deed::Classes(..)
            | Deed::Unpunches(..)
    )
}

fn words(what: &What, selection: Option<&Selection>) -> String {
    match (what, selection) {
        (What::Export { consent, .. }, Some(of)) => format!(
            "{} to {}, employees {:?}, places {:?}{}",
            of.from,
            of.to,
            of.employees,
            of.locations,
            if *consent { ", with consent" } else { "" }
        ),
        _ => "everything".into(),
    }
}

async fn ended(linx: Linx, what: What, selection: Option<Selection>, thinks: impl Future<Output = ()>) -> Ended {
    match (what, selection) {
        (_, Some(selection)) => {
            let result = async {
                let plan = linx.plan_export(&selection).await?;
                thinks.await;
                linx.apply_export(&plan).await
            };
            let result = result.await;
            Ended::Export(selection, result)
        }
        (What::Sync { consent }, None) => {
            let options = SyncOptions {
                allow_mass_change: consent,
                ..SyncOptions::default()
            };
            let result = async {
                let plan = linx.plan_sync(&options).await?;
                thinks.await;
                linx.apply_sync(&plan).await
            };
            Ended::Sync(result.await)
        }
        (What::Export { .. }, None) => unreachable!("an export has a selection"),
    }
}
