//! After a torture: ordinary runs until there is nothing left to say, and what stands then.

use serde_json::Value;

use crate::company::{Company, Program};
use crate::files::judge_ledger;
use crate::judge::judge_end;
use crate::story::{Deed, Direction, Torture};

/// How often everything is run before it has to be at rest.
const ROUNDS: usize = 3;

/// Runs until two runs in a row have nothing to say. Errors where one says what it should not, or rest does not come.
pub fn bring_to_rest(torture: &Torture, company: &Company) -> Result<(), String> {
    let exports = torture.direction == Direction::Export || torture.deed == Deed::BothDirections;
    if torture.impatient {
        let program = Program {
            waits: false,
            ..Program::new(torture.direction)
        };
        run(torture, company, program)?;
    }
    let mut consents = false;
    for _ in 0..ROUNDS {
        let mut at_rest = run(torture, company, Program::new(Direction::Sync))?.is_at_rest;
        if exports {
            let program = Program {
                consents,
                ..Program::new(Direction::Export)
            };
            let export = run(torture, company, program)?;
            at_rest &= export.is_at_rest;
            consents = export.asks_for_consent;
        }
        if at_rest {
            return nothing_is_left(torture, company, exports);
        }
    }
    Err(format!("no rest after {ROUNDS} rounds"))
}

/// How a run of the rest went.
struct Went {
    is_at_rest: bool,
    asks_for_consent: bool,
}

fn run(torture: &Torture, company: &Company, program: Program) -> Result<Went, String> {
    let ended = company.run(program);
    // What a lost ledger wrote asks for a person's consent.
    let statuses: &[i32] = if torture.loses_some() { &[0, 3, 4] } else { &[0, 3] };
    let document = judge_end(&company.watch.books, program.direction, &ended, statuses)
        .map_err(|wrong| format!("afterwards, {wrong}"))?;
    judge_now(company)?;
    let lost = |held: &Value| held["code"] == "lost_ledger";
    let asks = document.is_some_and(|document| document["held"].as_array().is_some_and(|held| held.iter().any(lost)));
    if asks && !torture.loses_some() {
        return Err(format!("no ledger was lost: {}", ended.out));
    }
    Ok(Went {
        is_at_rest: ended.status.code() == Some(0),
        asks_for_consent: asks,
    })
}

/// What is wrong once a process has ended.
pub fn judge_now(company: &Company) -> Result<(), String> {
    let breaches = company.watch.breaches();
    if !breaches.is_empty() {
        return Err(breaches.join("; "));
    }
    judge_ledger(company)
}

fn nothing_is_left(torture: &Torture, company: &Company, exports: bool) -> Result<(), String> {
    let writes = company.watch.writes();
    run(torture, company, Program::new(Direction::Sync))?;
    if exports {
        run(torture, company, Program::new(Direction::Export))?;
    }
    let books = &company.watch.books;
    let last = if exports { Direction::Export } else { Direction::Sync };
    if let Some(missing) = books.incomplete(last).or(books.incomplete(Direction::Sync)) {
        return Err(format!("at rest {missing}"));
    }
    let more = company.watch.writes() - writes;
    if more > 0 {
        return Err(format!("at rest, and {more} requests change something"));
    }
    Ok(())
}
