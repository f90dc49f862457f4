//! What is done in each torture, and how the tortured processes end.

use std::fmt;
use std::sync::Arc;

use crate::company::{Company, Program};
use crate::files;
use crate::judge::judge_end;
use crate::process::{Ended, Event, Running};
use crate::rest::judge_now;
use crate::story::{Deed, Direction, Moment, Phase, Torture};
use crate::watch::Strike;

/// What a torture met, and how its processes ended.
#[derive(Default)]
pub struct Came {
    /// How many requests that change something had come when the program was struck; none if it never was.
    pub met_at: Option<usize>,
    pub ends: Vec<String>,
    /// How many such requests there were before the torture.
    pub before: usize,
    /// What else is worth counting.
    pub notes: Vec<&'static str>,
}

impl fmt::Display for Came {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.met_at {
            Some(at) => write!(out, "met after {} writes", at - self.before)?,
            None => out.write_str("not met")?,
        }
        write!(out, ", ended with {}", self.ends.join(" and "))?;
        self.notes.iter().try_for_each(|note| write!(out, ", {note}"))
    }
}

pub fn play(torture: &Torture, company: &Company) -> Result<Came, String> {
    let mut came = Came {
        before: company.watch.writes(),
        ..Came::default()
    };
    let moment = torture.moment;
    match torture.deed {
        Deed::Kill => struck(torture, company, moment, KILL, &mut came)?,
        Deed::AgainAndAgain => {
            let [second, third] = torture.later;
            for (moment, signal) in [(moment, KILL), (second, INT), (third, TERM)] {
                struck(torture, company, moment, signal, &mut came)?;
            }
        }
        Deed::Terminate => struck(torture, company, moment, TERM, &mut came)?,
        Deed::Interrupt => struck(torture, company, moment, INT, &mut came)?,
        Deed::Stop => stopped(torture, company, &mut came)?,
        Deed::StopAndTakeOver => taken_over(torture, company, &mut came)?,
        Deed::TwoAtOnce => two(torture, company, torture.direction, &mut came)?,
        Deed::BothDirections => two(torture, company, other(torture.direction), &mut came)?,
        Deed::FullDisk => limited(torture, company, true, &mut came)?,
        Deed::TornWrite => limited(torture, company, false, &mut came)?,
        Deed::ShutLedger => shut(torture, company, &mut came)?,
        Deed::LostPart => {
            struck(torture, company, moment, KILL, &mut came)?;
            files::lose(company, torture.lost);
        }
        Deed::OlderCopy => older_copy(torture, company, &mut came)?,
    }
    Ok(came)
}

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Sync => Direction::Export,
        Direction::Export => Direction::Sync,
    }
}

/// Begins the tortured program, which is sent a signal at the moment.
fn begin(torture: &Torture, company: &Company, moment: Moment, signal: &'static str) -> Running {
    let running = Running::new(&company.watch);
    let mut at_line = None;
    match moment {
        Moment::Write(number, phase) | Moment::Request(number, phase) => company.watch.strike(Strike {
            number,
            writes_only: matches!(moment, Moment::Write(..)),
            phase,
            blow: Box::new(running.blow(signal)),
        }),
        Moment::Line(number) => at_line = Some((number, signal)),
        Moment::Growth(_) => {}
    }
    running.begin(&mut company.command(Program::new(torture.direction)), at_line);
    if let Moment::Growth(number) = moment {
        running.strike_at_growth(company.path(files::JOURNAL), number, signal);
    }
    running
}

/// Notes how a process ended, and judges it.
fn judge(
    company: &Company,
    direction: Direction,
    ended: &Ended,
    statuses: &[i32],
    came: &mut Came,
) -> Result<(), String> {
    came.ends.push(ended.words());
    judge_end(&company.watch.books, direction, ended, statuses).map(drop)
}

/// A signal that ends it: its name, and its number as a status tells it.
type Signal = (&'static str, i32);

const KILL: Signal = ("KILL", 9);
const TERM: Signal = ("TERM", 15);
const INT: Signal = ("INT", 2);

fn struck(
    torture: &Torture,
    company: &Company,
    moment: Moment,
    (name, number): Signal,
    came: &mut Came,
) -> Result<(), String> {
    let running = begin(torture, company, moment, name);
    let ended = until_ended(&running, came);
    ends_by(&ended, number)?;
    // What an earlier one has sent may be found and not be all.
    let statuses: &[i32] = if came.ends.is_empty() { &[0] } else { &[0, 3] };
    judge(company, torture.direction, &ended, statuses, came)?;
    company.watch.calm();
    judge_now(company)
}

/// How a program that is struck ends.
fn until_ended(running: &Running, came: &mut Came) -> Ended {
    match running.next() {
        Event::Ended(ended) => ended,
        Event::Struck(writes) => {
            came.met_at.get_or_insert(writes);
            running.ended()
        }
    }
}

/// A process that ends by a signal ends by the one that was sent.
fn ends_by(ended: &Ended, number: i32) -> Result<(), String> {
    use std::os::unix::process::ExitStatusExt;
    match ended.status.signal() {
        Some(other) if other != number => Err(format!("it was sent signal {number} and ended by {other}")),
        _ => Ok(()),
    }
}

/// Stopped for a while, during which another is refused.
fn stopped(torture: &Torture, company: &Company, came: &mut Came) -> Result<(), String> {
    let direction = torture.direction;
    let running = begin(torture, company, torture.moment, "STOP");
    let first = match running.next() {
        Event::Ended(ended) => ended,
        Event::Struck(writes) => {
            came.met_at = Some(writes);
            let second = company.run(Program::new(direction));
            running.victim.signal("CONT");
            let written = writes - came.before;
            let statuses: &[i32] = if second.err.contains("locked") {
                // It was stopped in a transaction.
                &[1]
            } else if (1..torture.writes()).contains(&written) {
                &[5]
            } else {
                // Before the first write it may hold no lease yet, and after the last none any more.
                &[0, 5]
            };
            judge(company, direction, &second, statuses, came)?;
            running.ended()
        }
    };
    // One that was stopped before it took the lease finds that its plan was done by the other.
    judge(company, direction, &first, &[0, 3], came)?;
    judge_now(company)
}

/// Stopped for so long that another takes its lease and does the work.
fn taken_over(torture: &Torture, company: &Company, came: &mut Came) -> Result<(), String> {
    let running = begin(torture, company, torture.moment, "STOP");
    let first = match running.next() {
        Event::Ended(ended) => ended,
        Event::Struck(writes) => {
            came.met_at = Some(writes);
            if files::take_lease_over(company, torture.direction).is_ok() {
                done_by_another(torture, company, &running, came)?;
                return judge_now(company);
            }
            came.notes.push("the file was locked");
            running.victim.signal("CONT");
            running.ended()
        }
    };
    judge(company, torture.direction, &first, &[0], came)?;
    judge_now(company)
}

/// How many requests of a run may be under way at once. A sync writes one after the other.
const AT_ONCE: usize = 12;

/// Another run while the first is stopped. Where a request of a sync was seen, nothing else is under way: the other run may wait and
/// do everything, the first goes on in its midst, and must not write. Elsewhere some requests may be under way, which are not to
/// be sent again before they can have arrived: the other run holds them, and the first goes on afterwards.
fn done_by_another(torture: &Torture, company: &Company, first: &Running, came: &mut Came) -> Result<(), String> {
    let is_request = matches!(torture.moment, Moment::Write(..) | Moment::Request(..));
    let at_request = is_request && torture.direction == Direction::Sync;
    let under_way = match torture.direction {
        Direction::Sync => usize::from(!at_request),
        Direction::Export => AT_ONCE,
    };
    let program = Program {
        waits: at_request,
        ..Program::new(torture.direction)
    };
    if at_request {
        let victim = Arc::clone(&first.victim);
        company.watch.strike(Strike {
            number: torture.amid,
            writes_only: true,
            phase: Phase::Before,
            blow: Box::new(move || victim.signal("CONT")),
        });
    }
    let second = company.run(program);
    came.notes.push(if company.watch.calm() || !at_request {
        "went on after the other"
    } else {
        "went on in the midst of the other"
    });
    judge(company, torture.direction, &second, &[0, 3], came)?;
    let writes = company.watch.writes();
    first.victim.signal("CONT");
    let ended = first.ended();
    let more = company.watch.writes() - writes;
    if more > under_way {
        return Err(format!("it wrote {more} times without its lease: {}", ended.err));
    }
    judge(company, torture.direction, &ended, &[0, 3, 5], came)
}

/// Two programs at once, of which one is killed: at a request the first if it still runs, else the second.
fn two(torture: &Torture, company: &Company, second: Direction, came: &mut Came) -> Result<(), String> {
    let beside = Running::new(&company.watch);
    let kill_second = beside.blow(KILL.0);
    let first = begin(torture, company, torture.moment, KILL.0);
    let victim = Arc::clone(&first.victim);
    company.watch.also(move || {
        if !victim.runs() {
            kill_second();
        }
    });
    beside.begin(&mut company.command(Program::new(second)), None);
    let (first, beside) = (until_ended(&first, came), until_ended(&beside, came));
    for (direction, ended) in [(torture.direction, &first), (second, &beside)] {
        ends_by(ended, KILL.1)?;
        judge(company, direction, ended, &[0, 3, 5], came)?;
    }
    company.watch.calm();
    judge_now(company)
}

/// No file grows beyond a size.
fn limited(torture: &Torture, company: &Company, told: bool, came: &mut Came) -> Result<(), String> {
    let ended = company.run(Program {
        limit: Some((torture.blocks, told)),
        ..Program::new(torture.direction)
    });
    if ended.status.code() != Some(0) {
        came.met_at = Some(company.watch.writes());
    }
    // 25 is SIGXFSZ.
    ends_by(&ended, 25)?;
    judge(company, torture.direction, &ended, &[0, 1, 3], came)?;
    judge_now(company)
}

/// A ledger that cannot be opened lets nothing be written.
fn shut(torture: &Torture, company: &Company, came: &mut Came) -> Result<(), String> {
    let keeps_out = files::shut(company, torture.shut);
    let ended = company.run(Program::new(torture.direction));
    files::open(company, torture.shut);
    if !keeps_out {
        came.notes.push("nothing is shut to this user");
        judge(company, torture.direction, &ended, &[0], came)?;
        return judge_now(company);
    }
    came.met_at = Some(company.watch.writes());
    judge(company, torture.direction, &ended, &[1], came)?;
    if company.watch.writes() > came.before {
        return Err(format!("it wrote without a ledger: {}", ended.err));
    }
    judge_now(company)
}

/// The ledger as it was in the middle of a run that went to its end.
fn older_copy(torture: &Torture, company: &Company, came: &mut Came) -> Result<(), String> {
    let running = begin(torture, company, torture.moment, "STOP");
    let (ended, copied) = match running.next() {
        Event::Ended(ended) => (ended, None),
        Event::Struck(writes) => {
            came.met_at = Some(writes);
            let copied = files::copied(company);
            running.victim.signal("CONT");
            (running.ended(), Some(copied))
        }
    };
    judge(company, torture.direction, &ended, &[0], came)?;
    judge_now(company)?;
    if let Some(copied) = copied {
        files::put_back(company, &copied);
    }
    judge_now(company)
}
