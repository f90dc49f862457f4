//! The right to write in one direction, and how it is lost (hazards B8, B14).

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::Direction;

/// How long a lease lasts after it was taken and after each intent. It outlasts the longest wait between two intents, that
/// for a limit by the hour.
pub(crate) const LASTS: TimeDelta = TimeDelta::minutes(90);

/// The right to write in one direction. Dropping it lets the next run in.
///
/// Each taking in a direction has a greater number than those before. A run belongs to the number with which it began,
/// and its intents are refused as soon as there is a greater one.
pub struct Lease {
    direction: Direction,
    number: i64,
    _release: Box<dyn Send + Sync>,
}

impl Lease {
    /// Returns the lease that a ledger has stored under `number`. The ledger is to give it up when `release` is dropped,
    /// unless somebody else has taken it since.
    pub fn new(direction: Direction, number: i64, release: impl Send + Sync + 'static) -> Self {
        Self {
            direction,
            number,
            _release: Box::new(release),
        }
    }

    /// Returns the direction in which it allows writes.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Returns its number among the takings of its direction.
    pub fn number(&self) -> i64 {
        self.number
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("direction", &self.direction)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// The process that holds a lease, as the program describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Who runs it, for people to read.
    pub name: String,
    /// What sets apart all places in which a process number means one process: a machine, and a container in it.
    pub host: String,
    /// What is another after each start of the machine; `None` where the system does not say it.
    pub boot: Option<String>,
    /// The number of the process.
    pub process: u32,
}

impl Owner {
    /// Returns whether this process, on the host of `self`, is proven dead: by a start of the machine since, or because
    /// `runs` denies that a process of its number runs. On another host nothing is proven.
    pub fn proves_dead(&self, holder: &Self, runs: impl FnOnce(u32) -> bool) -> bool {
        let (Some(now), Some(then)) = (&self.boot, &holder.boot) else {
            return false;
        };
        self.host == holder.host && (now != then || (self.process != holder.process && !runs(holder.process)))
    }
}
