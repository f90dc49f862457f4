//! What happens in a history, drawn from a seed. Each draws first what exists in it at all: some have no faults, some many.

use std::collections::BTreeSet;

use fastrand::Rng;
use linx_core::model::EntryEndpoint;

use crate::calls::{Death, Fault};
use crate::company::Company;
use crate::deeds::Deed;
use crate::history::{History, Run, Step, What, Word};

/// Which things happen in a history at all.
struct Swarm {
    company: Company,
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
    /// Lists are wrong for days.
    Ailing,
    /// Whoever met trouble runs again at once.
    Hasty,
    /// Runs go past midnight.
    Midnight,
    /// Persons say something of workers.
    Words,
}

/// How often each theme is in a history: once in so many, or all but once.
const THEMES: [(Theme, u8); 15] = [
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
    (Theme::Ailing, 6),
    (Theme::Hasty, 4),
    (Theme::Midnight, 6),
    (Theme::Words, 6),
];

pub const FAULTS: [Fault; 12] = [
    Fault::LostBefore,
    Fault::AnswerLost,
    Fault::Later(1),
    Fault::Twice,
    Fault::Half,
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
        let themes = themes.map(|(theme, _)| theme).collect();
        Self {
            company: company(rng),
            themes,
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
        if self.company.approves_time && rng.u8(0..4) == 0 {
            return Some(Deed::of_supervisors(rng));
        }
        if self.company.takes_start_stop && self.has(Theme::Field) && rng.u8(0..6) == 0 {
            return Some(Deed::at_the_clock(rng));
        }
        match rng.u8(0..6) {
            0..=2 if self.has(Theme::Field) => Some(Deed::of_the_field(rng)),
            3 | 4 if self.has(Theme::Office) => Some(Deed::of_the_office(rng)),
            5 if self.has(Theme::Directory) => Some(Deed::of_the_directory(rng)),
            _ => None,
        }
    }

    fn run(&self, rng: &mut Rng) -> Run {
        let what = if self.has(Theme::Words) && rng.u8(0..5) == 0 {
            let words = [Word::Unlink, Word::Ignore, Word::Unignore, Word::Link];
            What::Says(words[rng.usize(..4)], rng.u16(..))
        } else if rng.u8(0..4) == 0 {
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
        if self.has(Theme::Office) && rng.u8(0..4) == 0 {
            run.before_looks.insert(rng.usize(..3), Deed::of_the_office(rng));
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
            run.sleeps = (rng.u8(0..4) == 0).then(|| Deed::of_the_field(rng));
        }
        run
    }
}

/// The same history, in which bits of the ledger's file flip between its steps.
pub fn with_flipped_bits(mut history: History) -> History {
    let mut rng = Rng::with_seed(history.seed ^ 0xb17);
    for _ in 0..rng.u8(1..4) {
        let at = rng.usize(..=history.steps.len());
        history.steps.insert(at, Step::FlipsBit(rng.u32(..)));
    }
    history
}

/// The same history, in which clerks and office come back to the same two punches and entries again and again.
pub fn stubborn(mut history: History) -> History {
    let mut rng = Rng::with_seed(history.seed ^ 0x57ab);
    let picks = [rng.u16(..), rng.u16(..)];
    let mut stay = |deed: &mut Deed| {
        if let Some(pick) = deed.pick() {
            *pick = picks[rng.usize(..2)];
        }
    };
    for step in &mut history.steps {
        match step {
            Step::Deed(deed) => stay(deed),
            Step::Runs(runs) | Step::Elsewhere(runs) => {
                runs.iter_mut().flat_map(Run::all_deeds).for_each(&mut stay);
            }
            _ => {}
        }
    }
    history
}

/// Most companies are plain.
fn company(rng: &mut Rng) -> Company {
    let endpoints = [EntryEndpoint::CompanyBulk, EntryEndpoint::ProjectBulk];
    Company {
        approves_time: rng.u8(0..7) == 0,
        takes_start_stop: rng.u8(0..5) == 0,
        endpoint: if rng.u8(0..4) == 0 {
            endpoints[rng.usize(..2)]
        } else {
            EntryEndpoint::SingleEntries
        },
        shares_timesheets: rng.u8(0..8) == 0,
        hides_deleted: rng.u8(0..6) == 0,
    }
}

/// At which of its calls something happens to a run: mostly where it reads, often where it writes.
fn at(rng: &mut Rng) -> usize {
    let reach = [12, 40, 120][rng.usize(..3)];
    rng.usize(..reach)
}

/// Draws a history of so many rounds: 4 are some days, 60 a quarter of a year.
pub fn draw(seed: u64, rounds: usize) -> History {
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
        if swarm.company.approves_time && rng.u8(0..3) > 0 {
            steps.push(Step::Deed(Deed::SignsAll));
        }
        if swarm.has(Theme::Midnight) && rng.bool() {
            steps.push(Step::BeforeMidnight(rng.u16(1..120)));
        }
        for _ in 0..rng.u8(1..3) {
            let mut runs = vec![swarm.run(&mut rng)];
            while swarm.has(Theme::Beside) && runs.len() < 3 && rng.bool() {
                runs.push(swarm.run(&mut rng));
            }
            let again = runs[0].what.clone();
            let is_elsewhere = swarm.has(Theme::Elsewhere) && rng.u8(0..3) == 0;
            steps.push(if is_elsewhere {
                Step::Elsewhere(runs)
            } else {
                Step::Runs(runs)
            });
            if swarm.has(Theme::Hasty) && rng.bool() {
                steps.push(Step::Pass(rng.u32(1..30)));
                steps.push(Step::Runs(vec![Run::clean(again)]));
            }
            if rng.bool() {
                steps.push(Step::Pass(rng.u32(1..200)));
            }
        }
        if swarm.has(Theme::Ailing) {
            match rng.u8(0..4) {
                0 | 1 => steps.push(Step::Ails(rng.u16(..), rng.u16(..))),
                2 => steps.push(Step::AreWell),
                _ => {}
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
    History {
        seed,
        company: swarm.company,
        steps,
    }
}
