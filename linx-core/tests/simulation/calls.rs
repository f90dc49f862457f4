//! Every call of a port by a run: who goes next is decided there, time passes, people act, and faults happen.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use linx_core::model::Entry;
use linx_core::ports::{FailureKind, PortError, Snapshot, UnreadRow};
use serde::{Deserialize, Serialize};

use crate::deeds::{Deed, Pick};
use crate::history::Run;
use crate::model::events::Sent;
use crate::world::{Applied, Letter, Refused, Request, Shared, World};

/// What goes wrong at one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// It never left, and nobody knows.
    LostBefore,
    /// Its answer is lost.
    AnswerLost,
    /// It arrives so many seconds later.
    Later(u16),
    /// It is applied twice.
    Twice,
    /// Of many things that it asks for at once half are applied, and its answer is lost; a list lacks its half.
    Half,
    /// It is applied, and answered as if it were not.
    WrongAnswer,
    /// A list lacks a row, and nothing shows it.
    Stale,
    /// A list lacks its last rows, and its counts show it.
    Partial,
    /// A row of a list cannot be read.
    Unreadable,
    /// A list is empty, and nothing shows it.
    Empty,
    /// The limit is used up for so many seconds.
    Limit(u16),
    /// It takes so many seconds.
    Slow(u16),
}

/// The lists of both services, by the words with which they are read.
pub const LISTS: [&str; 13] = [
    "workers",
    "projects",
    "sub-jobs",
    "cost codes",
    "project codes",
    "entries",
    "deleted entries",
    "time",
    "last refresh",
    "employees",
    "locations",
    "field codes",
    "approvals",
];

/// What may be wrong with a list for days, so that whoever reads it can see that.
pub const AILMENTS: [Fault; 4] = [Fault::Partial, Fault::Unreadable, Fault::LostBefore, Fault::WrongAnswer];

/// How a run ends before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Death {
    /// It is dropped, and gives its lease back.
    Cancelled,
    /// Its process is gone, and with it all that a process does at its end.
    Killed,
}

/// What befalls a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Harm {
    /// By the numbers of its calls.
    pub faults: BTreeMap<usize, Fault>,
    /// By the numbers of its writes.
    pub write_faults: BTreeMap<usize, Fault>,
    /// At which call it dies.
    pub death: Option<(usize, Death)>,
    /// After which of its writes it dies, before it knows of the answer.
    pub death_after: Option<(usize, Death)>,
}

impl Harm {
    /// How it dies, if it does.
    pub fn death(&self) -> Option<Death> {
        let death = self.death.or(self.death_after);
        death.map(|(_, death)| death)
    }
}

/// One run as it calls its ports.
pub struct Caller {
    pub name: String,
    pub world: Shared,
    pub harm: Harm,
    deeds: Mutex<BTreeMap<usize, Deed>>,
    before_looks: Mutex<BTreeMap<usize, Deed>>,
    calls: AtomicUsize,
    looks: AtomicUsize,
    writes: AtomicUsize,
    pub is_dead: AtomicBool,
    /// Whether a call may go on in this step.
    may_go_on: AtomicBool,
    /// Which of the calls that are under way at once goes on first.
    order: Mutex<Rng>,
    pub saw_deeds: AtomicBool,
    /// Which faults the run met.
    pub met: Mutex<Vec<Fault>>,
    /// How many requests had arrived late when it began.
    pub arrivals: usize,
    began: DateTime<Utc>,
    /// How long each call takes.
    pace: TimeDelta,
}

impl Caller {
    pub fn new(name: String, world: Shared, run: &Run) -> Self {
        let (arrivals, began) = {
            let world = world.lock();
            (world.arrivals, world.now)
        };
        Self {
            began,
            arrivals,
            pace: TimeDelta::milliseconds(run.pace.into()),
            name,
            world,
            harm: run.harm.clone(),
            deeds: Mutex::new(run.deeds.clone()),
            before_looks: Mutex::new(run.before_looks.clone()),
            calls: AtomicUsize::new(0),
            looks: AtomicUsize::new(0),
            writes: AtomicUsize::new(0),
            is_dead: AtomicBool::new(false),
            may_go_on: AtomicBool::new(false),
            order: Mutex::new(Rng::with_seed(u64::from(run.pace))),
            saw_deeds: AtomicBool::new(false),
            met: Mutex::new(Vec::new()),
        }
    }

    /// It is about to look at entries once more: people act a minute before, with one of these.
    pub fn looks_again(&self, is_looked_at: impl Fn(&Entry) -> bool) {
        let nth = self.looks.fetch_add(1, Ordering::Relaxed);
        if let Some(mut deed) = self.before_looks.lock().unwrap().remove(&nth) {
            self.saw_deeds.store(true, Ordering::Relaxed);
            let mut world = self.world.lock();
            let one = world.live().position(|stored| is_looked_at(&stored.entry));
            if let Some((pick, one)) = deed.pick().zip(one) {
                *pick = Pick::try_from(one).unwrap();
            }
            deed.perform(&mut world);
            world.pass(TimeDelta::minutes(1));
        }
    }

    /// How many calls it made.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Begins another step of the run: one of its calls may go on in it.
    pub fn step(&self) {
        self.may_go_on.store(true, Ordering::Relaxed);
    }

    /// Whether a call that has waited goes on in this step: one of those that are under way at once, now the first of them and now
    /// another.
    fn goes_on(&self) -> bool {
        let may_go_on = self.may_go_on.load(Ordering::Relaxed) && self.order.lock().unwrap().bool();
        if may_go_on {
            self.may_go_on.store(false, Ordering::Relaxed);
        }
        may_go_on
    }

    /// Waits for its turn at a call; then time passes, and people act. Returns what goes wrong with the call.
    pub async fn turn(&self) -> Option<Fault> {
        let mut waited = false;
        std::future::poll_fn(|context| {
            if self.is_dead.load(Ordering::Relaxed) {
                return Poll::Pending;
            }
            if std::mem::replace(&mut waited, true) && self.goes_on() {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        let at = self.calls.fetch_add(1, Ordering::Relaxed);
        if self.harm.death.is_some_and(|(death, _)| death <= at) {
            self.is_dead.store(true, Ordering::Relaxed);
            std::future::pending::<()>().await;
        }
        let deed = self.deeds.lock().unwrap().remove(&at);
        let mut world = self.world.lock();
        world.pass(self.pace);
        if let Some(deed) = deed {
            self.saw_deeds.store(true, Ordering::Relaxed);
            deed.perform(&mut world);
        }
        let fault = self.harm.faults.get(&at).copied();
        if let Some(fault) = fault {
            self.met.lock().unwrap().push(fault);
        }
        fault
    }

    /// A list as a run reads it.
    pub async fn read<T>(
        &self,
        what: &str,
        rows: impl FnOnce(&World) -> Vec<T>,
        id: impl Fn(&T) -> String,
    ) -> Result<Snapshot<T>, PortError> {
        let fault = self.turn().await;
        let mut world = self.world.lock();
        let fault = fault.or(world.ailing.get(what).copied());
        self.tell_fault(&mut world, what, fault);
        let lacks = matches!(fault, Some(Fault::Stale | Fault::Empty));
        world.is_fooled |= lacks && what == "entries" && (world.is_forgetful || world.has_just_arrived());
        let failed = |kind| Err(PortError::not_applied(kind, format!("{what}: failed")));
        match fault {
            Some(Fault::LostBefore | Fault::AnswerLost | Fault::Later(_)) => return failed(FailureKind::Unavailable),
            Some(Fault::WrongAnswer) => return failed(FailureKind::Forbidden),
            Some(Fault::Limit(seconds)) => return Err(limited(&world, what, seconds)),
            Some(Fault::Slow(seconds)) => world.pass(TimeDelta::seconds(seconds.into())),
            _ => {}
        }
        let mut list = Snapshot::complete(rows(&world));
        match fault {
            Some(Fault::Stale) => drop(list.rows.pop()),
            Some(Fault::Empty) => list.rows.clear(),
            Some(Fault::Partial | Fault::Half) => {
                list.rows.truncate(list.rows.len() / 2);
                list.incomplete = Some("the counts differ".into());
            }
            Some(Fault::Unreadable) => {
                if let Some(row) = list.rows.pop() {
                    list.unreadable.push(UnreadRow::new(id(&row), "a field"));
                }
            }
            _ => {}
        }
        Ok(list)
    }

    /// A write as a run sends it.
    pub async fn write(&self, request: Request) -> Result<Applied, PortError> {
        let fault = self.turn().await;
        self.written(fault, |fault| self.send(request, fault)).await
    }

    /// Sends a write with what goes wrong with it; then the run may die.
    pub async fn written<T>(&self, fault: Option<Fault>, send: impl FnOnce(Option<Fault>) -> T) -> T {
        let nth = self.writes.fetch_add(1, Ordering::Relaxed);
        let answer = send(self.harm.write_faults.get(&nth).copied().or(fault));
        if self.harm.death_after.is_some_and(|(after, _)| after == nth) {
            self.is_dead.store(true, Ordering::Relaxed);
            std::future::pending::<()>().await;
        }
        answer
    }

    fn send(&self, request: Request, fault: Option<Fault>) -> Result<Applied, PortError> {
        let mut world = self.world.lock();
        let words = crate::words::request(&request);
        world.tell(format!("{} sends: {words}{}", self.name, of_fault(fault)));
        self.tell_fault(&mut world, "", fault);
        world.judge_approval(&request, self.began);
        let sent = self.sent(&world, TimeDelta::zero());
        let unknown = || Err(PortError::unknown(FailureKind::Unavailable, "no answer"));
        match fault {
            Some(Fault::LostBefore) => unknown(),
            Some(Fault::AnswerLost) => {
                drop(world.apply(&request, sent));
                unknown()
            }
            Some(Fault::Later(seconds)) => {
                world.under_way.push(Letter {
                    arrives: sent.left + TimeDelta::seconds(seconds.into()),
                    words,
                    open: Box::new(move |world| drop(world.apply(&request, sent))),
                });
                unknown()
            }
            Some(Fault::Half) => {
                if let Some(half) = half(&request) {
                    drop(world.apply(&half, sent));
                }
                unknown()
            }
            Some(Fault::Twice) => {
                let answer = world.apply(&request, sent);
                world.repeats = true;
                drop(world.apply(&request, sent));
                world.repeats = false;
                answer.map_err(refused)
            }
            Some(Fault::WrongAnswer) => {
                drop(world.apply(&request, sent));
                Err(PortError::unknown(FailureKind::Unreadable, "another answer"))
            }
            Some(Fault::Limit(seconds)) => Err(limited(&world, "write", seconds)),
            Some(Fault::Slow(seconds)) => {
                world.pass(TimeDelta::seconds(seconds.into()));
                world.apply(&request, sent).map_err(refused)
            }
            Some(Fault::Stale | Fault::Partial | Fault::Unreadable | Fault::Empty) | None => {
                world.apply(&request, sent).map_err(refused)
            }
        }
    }

    /// A request that leaves now, after it may have waited for so long.
    pub fn sent(&self, world: &World, waited: TimeDelta) -> Sent {
        // A look is good for five seconds, and then comes the journal; others go on beside each look and each request.
        let unseen = TimeDelta::seconds(6) + self.pace * 20 + waited;
        Sent {
            left: world.now,
            known: world.now - unseen,
        }
    }

    pub fn tell_fault(&self, world: &mut World, what: &str, fault: Option<Fault>) {
        if let Some(fault) = fault {
            world.meet(format!("fault {}", name_of(fault)));
            if !what.is_empty() {
                world.tell(format!("{} reads {what}{}", self.name, of_fault(Some(fault))));
            }
        }
    }
}

/// The first half of what is asked for at once; of one thing none.
fn half(request: &Request) -> Option<Request> {
    match request {
        Request::Create(entries) if entries.len() > 1 => Some(Request::Create(entries[..entries.len() / 2].to_vec())),
        _ => None,
    }
}

fn limited(world: &World, what: &str, seconds: u16) -> PortError {
    let until = world.now + TimeDelta::seconds(seconds.into());
    PortError::not_applied(FailureKind::Limited, format!("{what}: limited")).until(until)
}

fn refused(refused: Refused) -> PortError {
    match refused {
        Refused::NotThere => PortError::not_applied(FailureKind::NotFound, "not there"),
        Refused::Closed => PortError::not_applied(FailureKind::Refused, "it is approved"),
    }
}

pub fn name_of(fault: Fault) -> &'static str {
    match fault {
        Fault::LostBefore => "lost before",
        Fault::AnswerLost => "answer lost",
        Fault::Later(_) => "applied later",
        Fault::Twice => "applied twice",
        Fault::Half => "half applied",
        Fault::WrongAnswer => "wrong answer",
        Fault::Stale => "stale",
        Fault::Partial => "partial",
        Fault::Unreadable => "unreadable row",
        Fault::Empty => "empty",
        Fault::Limit(_) => "limit",
        Fault::Slow(_) => "slow",
    }
}

pub fn of_fault(fault: Option<Fault>) -> String {
    match fault {
        None => String::new(),
        Some(Fault::Later(seconds)) => format!(" [arrives {seconds} s later]"),
        Some(Fault::Limit(seconds)) => format!(" [limit for {seconds} s]"),
        Some(Fault::Slow(seconds)) => format!(" [takes {seconds} s]"),
        Some(fault) => format!(" [{}]", name_of(fault)),
    }
}
