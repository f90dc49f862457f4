//! A history as it is played: the world, the ledgers, and runs one after the other or side by side, each judged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, TimeDelta};
use fastrand::Rng;
use linx_core::export::ExportReport;
use linx_core::ledger::Pair;
use linx_core::model::{OfficeRef, RecordId, WorkerId};
use linx_core::plan::Selection;
use linx_core::ports::{Field, Office, TimeSource};
use linx_core::sync::{SyncOptions, SyncReport};
use linx_core::{Linx, LinxError};

use crate::calls::{AILMENTS, Caller, Death, Fault, LISTS, name_of};
use crate::clock::OurClock;
use crate::company::Company;
use crate::deeds::{Deed, Pick};
use crate::field::SimField;
use crate::history::{History, Run, Step, What, Word};
use crate::http::Sandboxes;
use crate::judge;
use crate::ledger::{Book, SimLedger};
use crate::model::events::Event;
use crate::office::SimOffice;
use crate::schedule;
use crate::world::{Shared, World};

/// What a run came to.
pub enum Ended {
    Sync(Result<SyncReport, LinxError>),
    Export(Selection, Result<ExportReport, LinxError>),
    /// Whether a person's word was taken.
    Said(bool),
}

/// What came of a history.
pub struct Played {
    pub wrong: Option<String>,
    pub story: Vec<String>,
    pub met: BTreeMap<String, u64>,
}

/// Plays a history, and returns what came of it.
pub fn play(history: &History) -> Played {
    Stage::begin(history, false, None).played(history)
}

/// The same over ledgers in files, on a disk that has what was synced after a crash, and anything behind it.
pub fn play_on_a_file(history: &History) -> Played {
    Stage::begin(history, true, None).played(history)
}

/// The same through the clients, with the sandboxes as the services; in a plain company.
pub fn play_through_http(history: &History) -> Played {
    let sandboxes = Arc::new(Sandboxes::of(history.seed));
    let history = History {
        company: Company::default(),
        ..history.clone()
    };
    Stage::begin(&history, false, Some(sandboxes)).played(&history)
}

/// A history under way.
struct Stage {
    world: Shared,
    /// The services behind HTTP; without them Linx meets the world at its ports.
    sandboxes: Option<Arc<Sandboxes>>,
    /// Whether ledgers are in files.
    on_file: bool,
    book: Book,
    /// The ledger of the other machine, once there is one.
    other_book: Option<Book>,
    /// How much the book had in it, night by night.
    nights: Vec<usize>,
    rng: Rng,
    /// What a disk has behind what was synced.
    disk: Rng,
    /// What disturbed it, so that something may be held for good.
    disturbed: bool,
}

impl Stage {
    fn begin(history: &History, on_file: bool, sandboxes: Option<Arc<Sandboxes>>) -> Self {
        let seed = history.seed;
        let mut rng = Rng::with_seed(seed ^ 0x5eed);
        let mut stage = Self {
            world: Shared::new(World::begin(3, history.company.clone())),
            sandboxes,
            on_file,
            book: Book::new(on_file),
            other_book: None,
            disk: Rng::with_seed(seed ^ 0xd15c),
            nights: Vec::new(),
            rng: Rng::with_seed(seed ^ 0xface),
            disturbed: false,
        };
        stage.runs(&[Run::clean(What::Sync { consent: false })]);
        for _ in 0..rng.u8(2..9) {
            let works = Deed::Works(rng.u16(..), rng.u8(0..6), rng.u16(..), rng.u16(..), 50 * rng.i64(1..17));
            works.perform(&mut stage.world.lock());
        }
        stage.world.lock().sign_all();
        stage.step(&Step::Night);
        if rng.u8(0..3) > 0 {
            stage.runs(&[whole(false)]);
        }
        stage
    }

    fn played(mut self, history: &History) -> Played {
        if history.company.hides_deleted {
            self.world.lock().see(Event::HidesDeleted);
        }
        for step in &history.steps {
            self.step(step);
            if self.world.lock().wrong.is_some() {
                break;
            }
        }
        if self.world.lock().wrong.is_none() {
            self.end();
        }
        let mut world = self.world.lock();
        let mut met = std::mem::take(&mut world.met);
        met.extend(self.book.evidence());
        Played {
            wrong: world.wrong.take(),
            story: std::mem::take(&mut world.story),
            met,
        }
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
            Step::BeforeMidnight(seconds) => self.world.lock().pass_to_midnight((*seconds).into()),
            Step::FlipsBit(bit) => self.flips(*bit),
            Step::Runs(runs) => {
                let deeds = runs
                    .iter()
                    .flat_map(|run| run.deeds.values().chain(run.before_looks.values()));
                self.disturbed |= deeds.into_iter().any(|deed| !is_of_the_field(deed));
                // What a network doubles nobody can prove to be ours: it is told, and stays.
                self.disturbed |= runs.iter().any(doubles);
                self.runs(runs);
            }
            Step::Ails(list, how) => {
                let list = LISTS[usize::from(*list) % LISTS.len()];
                let how = AILMENTS[usize::from(*how) % AILMENTS.len()];
                let mut world = self.world.lock();
                world.tell(format!("from now on {list}: {}", name_of(how)));
                world.meet("a list ails");
                world.ailing.insert(list, how);
            }
            Step::AreWell => self.world.lock().ailing.clear(),
            Step::Elsewhere(runs) => {
                self.forgets("runs on another machine");
                let is_first = self.other_book.is_none();
                let other = self.other_book.take().unwrap_or_else(|| Book::new(self.on_file));
                let own = std::mem::replace(&mut self.book, other);
                if is_first {
                    self.sets_up();
                }
                self.runs(runs);
                self.other_book = Some(std::mem::replace(&mut self.book, own));
                self.forgets("back on the first machine");
            }
            Step::LosesLedger => {
                self.forgets("the ledger is lost");
                self.nights.clear();
                self.book = Book::new(self.on_file);
                self.sets_up();
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

    /// Whoever begins with an empty ledger sees to it that a sync runs through.
    fn sets_up(&mut self) {
        let ailing = std::mem::take(&mut self.world.lock().ailing);
        self.runs(&[Run::clean(What::Sync { consent: false })]);
        self.world.lock().ailing = ailing;
    }

    /// A bit of the ledger's file is another. Either that shows, and whoever sees it puts last night's back, or it does no harm.
    fn flips(&mut self, bit: u32) {
        if !self.on_file {
            return;
        }
        // What was in the log behind it may be lost with it.
        self.forgets("a bit of the ledger flips");
        if self.book.flips(bit) {
            let failed = self.world.lock().met.get("a run fails").copied();
            self.runs(&[Run::clean(What::Sync { consent: false })]);
            self.runs(&[whole(false)]);
            if self.world.lock().met.get("a run fails").copied() == failed {
                return;
            }
        }
        self.world.lock().meet("a flipped bit shows");
        match self.nights.len().checked_sub(1) {
            Some(last) => self.step(&Step::PutsLedgerBack(last.try_into().unwrap_or(Pick::MAX))),
            None => self.step(&Step::LosesLedger),
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
        world.has_compared = false;
    }

    /// Lets runs go side by side, and judges each.
    fn runs(&mut self, runs: &[Run]) {
        let before = judge::Before::of(&self.world.lock());
        let mut callers = Vec::new();
        let mut futures: Vec<schedule::Run<Ended>> = Vec::new();
        for (at, run) in runs.iter().enumerate() {
            let name = format!("{} {}", name(&run.what), at + 1);
            let caller = Arc::new(Caller::new(name, self.world.clone(), run));
            let linx = self.linx(&caller, run.wrong_by);
            let selection = self.selection(&run.what);
            let about = self.is_said(&run.what);
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
            let thinks = self.thinks(at, run, selection.clone());
            futures.push((
                caller.clone(),
                match (&run.what, about) {
                    (What::Says(word, _), Some(about)) => Box::pin(said(linx, *word, about)),
                    _ => Box::pin(ended(linx, run.what.clone(), selection, thinks)),
                },
            ));
            callers.push(caller);
        }
        let results = schedule::together(&self.world, futures, &mut self.rng);
        if runs.iter().any(|run| run.harm.death() == Some(Death::Killed)) {
            self.book.crashes(&mut self.disk);
        }
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
                if matches!(runs[at].what, What::Export { .. }) {
                    world.look_at_time(None, before.newest());
                }
                continue;
            };
            judge::after(&mut world, caller, &ended, &before, alone);
            if let Some(event) = judge::ends(&world, at, caller, &ended, alone) {
                world.see(event);
            }
        }
    }

    /// Of whom something is said, if it is.
    fn is_said(&mut self, what: &What) -> Option<About> {
        let What::Says(said, pick) = what else { return None };
        self.disturbed = true;
        let mut world = self.world.lock();
        let workers: Vec<WorkerId> = world.workers.keys().copied().collect();
        let worker = *workers.get(usize::from(*pick) % workers.len().max(1))?;
        if *said == Word::Ignore {
            world.ignored.insert(worker);
        }
        world.tell(format!("a person says {said:?} of worker {worker}"));
        let human = world.human_of_worker.get(&worker)?;
        let all = world.human_of_worker.iter().filter(|(_, of)| *of == human);
        let all = all.map(|(worker, _)| OfficeRef::Worker(*worker)).collect();
        let mut records = world.human_of_record.iter().filter(|(_, of)| *of == human);
        let record = records.next_back().map(|(record, _)| record.clone());
        Some(About { worker, all, record })
    }

    /// Nobody is left alone any more.
    fn unignore_all(&mut self) {
        let ignored = std::mem::take(&mut self.world.lock().ignored);
        for worker in ignored {
            let nth = self.world.lock().workers.keys().position(|id| *id == worker);
            if let Some(nth) = nth.and_then(|nth| Pick::try_from(nth).ok()) {
                self.runs(&[Run::clean(What::Says(Word::Unignore, nth))]);
            }
        }
    }

    /// Passes while somebody reads a plan, and sleeps on it. What is written then is of what is there then: it begins anew.
    fn thinks(&self, nth: usize, run: &Run, selection: Option<Selection>) -> impl Future<Output = ()> + use<> {
        let world = self.world.clone();
        let clock = OurClock {
            world: world.clone(),
            wrong_by: TimeDelta::zero(),
        };
        let (seconds, sleeps) = (run.thinks, run.sleeps.clone());
        async move {
            if seconds > 0 {
                clock.sleep(Duration::from_secs(seconds.into())).await;
            }
            let Some(deed) = sleeps else { return };
            let mut world = world.lock();
            world.meet("a plan is a day old");
            deed.perform(&mut world);
            world.night();
            if let Some(selection) = selection {
                world.see(judge::begins(nth, &selection));
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
        let (office, field): (Arc<dyn Office>, Arc<dyn Field>) = match &self.sandboxes {
            None => {
                let ahead = -clock.wrong_by;
                (
                    Arc::new(SimOffice(caller.clone(), ahead)),
                    Arc::new(SimField(caller.clone(), ahead)),
                )
            }
            Some(sandboxes) => {
                let (office, field) = sandboxes.sides(caller, clock.wrong_by);
                (Arc::new(office), Arc::new(field))
            }
        };
        let settings = self.world.lock().company.settings();
        let builder = Linx::builder(pair, office, field, Arc::new(ledger), Arc::new(clock));
        builder.export(settings).build().unwrap()
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
        self.world.lock().ailing.clear();
        self.world.lock().straighten();
        self.world.lock().sign_all();
        self.world.lock().pass(TimeDelta::hours(2));
        self.unignore_all();
        for night in 0..5 {
            self.step(&Step::Night);
            let works = Deed::Works(night, 0, night, night, 800);
            works.perform(&mut self.world.lock());
            self.world.lock().sign_all();
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
            | Deed::Shifts(..)
            | Deed::ForgetsStop(..)
            | Deed::SignsAll
            | Deed::Unsigns(..)
    )
}

fn name(what: &What) -> &'static str {
    match what {
        What::Sync { .. } => "sync",
        What::Export { .. } => "export",
        What::Says(..) => "a person",
    }
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

/// Of whom a person says something: a worker, all workers that this human ever was, and the record.
struct About {
    worker: WorkerId,
    all: Vec<OfficeRef>,
    record: Option<RecordId>,
}

async fn said(linx: Linx, word: Word, about: About) -> Ended {
    let of = [OfficeRef::Worker(about.worker)];
    let taken = match word {
        Word::Unlink => linx.unlink(&of).await,
        Word::Link => {
            let unlinked = linx.unlink(&about.all).await;
            let pairs: Vec<_> = about.record.map(|record| (of[0], record)).into_iter().collect();
            return Ended::Said(unlinked.is_ok() && linx.set_links(&pairs).await.is_ok());
        }
        Word::Ignore => linx.ignore(&of).await,
        Word::Unignore => linx.unignore(&of).await,
    };
    Ended::Said(taken.is_ok())
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
        (What::Says(..), None) => Ended::Said(false),
    }
}
