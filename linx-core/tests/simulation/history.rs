//! A history as data: what happens, step by step, drawn from a seed or left of it when it was shrunk.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calls::Harm;
use crate::company::Company;
use crate::deeds::{Deed, Pick};

/// One thing after the other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Step {
    Deed(Deed),
    /// So many seconds pass.
    Pass(u32),
    Night,
    /// Time passes until so many seconds before midnight.
    BeforeMidnight(u16),
    /// Runs side by side.
    Runs(Vec<Run>),
    /// Runs side by side on another machine, with a ledger of its own.
    Elsewhere(Vec<Run>),
    /// A list is not as it should be, until all are well again: which, and in what way.
    Ails(Pick, Pick),
    AreWell,
    /// The ledger is lost.
    LosesLedger,
    /// It is put back as it was some nights ago.
    PutsLedgerBack(Pick),
    /// A bit of its file is another, which shows or does no harm; if it shows, last night's is put back.
    FlipsBit(u32),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub what: What,
    pub harm: Harm,
    /// What people do meanwhile, by its calls.
    pub deeds: BTreeMap<usize, Deed>,
    /// What they do a minute before it looks at a worker's day once more, by these looks.
    #[serde(default)]
    pub before_looks: BTreeMap<usize, Deed>,
    /// By how many seconds the clock of its machine is wrong.
    pub wrong_by: i32,
    /// How many milliseconds each of its calls takes.
    #[serde(default = "brisk")]
    pub pace: u16,
    /// How many seconds somebody thinks between its plan and its writing.
    #[serde(default)]
    pub thinks: u16,
    /// Whether a night falls meanwhile, and a clerk does this before.
    #[serde(default)]
    pub sleeps: Option<Deed>,
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
    /// A person at the program says something of a worker.
    Says(Word, Pick),
}

/// What a person says of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Word {
    /// The link is taken away.
    Unlink,
    /// The person's record is linked with him, and with no other worker.
    Link,
    /// Linx leaves him alone, and no longer.
    Ignore,
    Unignore,
}

impl Run {
    /// All that people do meanwhile.
    pub fn all_deeds(&mut self) -> impl Iterator<Item = &mut Deed> {
        self.deeds
            .values_mut()
            .chain(self.before_looks.values_mut())
            .chain(&mut self.sleeps)
    }

    pub fn clean(what: What) -> Self {
        Self {
            what,
            harm: Harm::default(),
            deeds: BTreeMap::new(),
            before_looks: BTreeMap::new(),
            wrong_by: 0,
            pace: brisk(),
            thinks: 0,
            sleeps: None,
        }
    }
}

/// A history of a seed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct History {
    pub seed: u64,
    #[serde(default)]
    pub company: Company,
    pub steps: Vec<Step>,
}
