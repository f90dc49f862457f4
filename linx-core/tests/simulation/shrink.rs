//! A history that goes wrong, made as short as it can be and still go wrong.

use crate::calls::Fault;
use crate::history::{History, Run, Step};
use crate::stage::Played;

/// Leaves out whatever is not needed for the same thing to go wrong.
pub fn shrink(history: &History, wrong: &str, play: fn(&History) -> Played) -> History {
    let mut shortest = history.clone();
    let goes_wrong = |history: &History| play(history).wrong.is_some_and(|what| kind(&what) == kind(wrong));
    loop {
        let Some(shorter) = shorter(&shortest).into_iter().find(goes_wrong) else {
            return shortest;
        };
        shortest = shorter;
    }
}

/// What went wrong, whoever it was about.
pub fn kind(wrong: &str) -> String {
    wrong.chars().filter(|one| !one.is_ascii_digit()).collect()
}

/// Every history that is some steps or one thing shorter, the shortest first.
fn shorter(history: &History) -> Vec<History> {
    let mut all = Vec::new();
    let mut add = |steps: Vec<Step>| {
        all.push(History {
            steps,
            ..history.clone()
        });
    };
    let mut size = history.steps.len() / 2;
    while size > 1 {
        for from in (0..history.steps.len()).step_by(size).rev() {
            let until = (from + size).min(history.steps.len());
            add([&history.steps[..from], &history.steps[until..]].concat());
        }
        size /= 2;
    }
    for at in 0..history.steps.len() {
        let mut without = history.steps.clone();
        let step = without.remove(at);
        add(without);
        let (runs, as_step): (_, fn(Vec<Run>) -> Step) = match step {
            Step::Runs(runs) => (runs, Step::Runs),
            Step::Elsewhere(runs) => (runs, Step::Elsewhere),
            _ => continue,
        };
        for (nth, run) in runs.iter().enumerate() {
            for less in lesser(run) {
                let mut steps = history.steps.clone();
                let mut runs = runs.clone();
                runs[nth] = less;
                steps[at] = as_step(runs);
                add(steps);
            }
            if runs.len() > 1 {
                let mut steps = history.steps.clone();
                let mut runs = runs.clone();
                runs.remove(nth);
                steps[at] = as_step(runs);
                add(steps);
            }
        }
    }
    let lesser = history.company.lesser().into_iter();
    all.extend(lesser.map(|company| History {
        company,
        ..history.clone()
    }));
    all
}

/// A run with one thing less that happens to it.
fn lesser(run: &Run) -> Vec<Run> {
    let mut all = Vec::new();
    for at in run.harm.faults.keys() {
        let mut less = run.clone();
        less.harm.faults.remove(at);
        all.push(less);
    }
    for at in run.harm.write_faults.keys() {
        let mut less = run.clone();
        less.harm.write_faults.remove(at);
        all.push(less);
    }
    for at in run.deeds.keys() {
        let mut less = run.clone();
        less.deeds.remove(at);
        all.push(less);
    }
    for at in run.before_looks.keys() {
        let mut less = run.clone();
        less.before_looks.remove(at);
        all.push(less);
    }
    if run.harm.death().is_some() {
        let mut less = run.clone();
        (less.harm.death, less.harm.death_after) = (None, None);
        all.push(less);
    }
    let calm = Run::clean(run.what.clone());
    for less in [
        Run {
            wrong_by: 0,
            ..run.clone()
        },
        Run {
            pace: calm.pace,
            ..run.clone()
        },
        Run {
            thinks: 0,
            ..run.clone()
        },
        Run {
            sleeps: None,
            ..run.clone()
        },
    ] {
        all.extend((less != *run).then_some(less));
    }
    let is_timed = |fault: &Fault| matches!(fault, Fault::Later(seconds) | Fault::Slow(seconds) | Fault::Limit(seconds) if *seconds > 1);
    for (at, fault) in run.harm.faults.iter().filter(|(_, fault)| is_timed(fault)) {
        let mut less = run.clone();
        let halved = match *fault {
            Fault::Later(seconds) => Fault::Later(seconds / 2),
            Fault::Slow(seconds) => Fault::Slow(seconds / 2),
            Fault::Limit(seconds) => Fault::Limit(seconds / 2),
            other => other,
        };
        less.harm.faults.insert(*at, halved);
        all.push(less);
    }
    all
}
