//! The plan of a sync.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{MassChange, Suggestion};
use crate::change::{RecordAction, RecordChange};
use crate::hold::Held;
use crate::ledger::{Link, RunId};
use crate::model::{Kind, OfficeRef, RecordId};

/// A record that was there before Linx and is linked for the first time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Adopted {
    /// What it is.
    pub kind: Kind,
    /// Its number or code.
    pub identifier: String,
    /// Procore's entity.
    pub office: OfficeRef,
    /// ExakTime's record.
    pub record: RecordId,
}

/// How many records of a kind meet which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The words of the program's contract.
pub struct KindTally {
    pub create: usize,
    pub update: usize,
    pub deactivate: usize,
    pub reactivate: usize,
    pub unchanged: usize,
    pub ignored: usize,
    pub held: usize,
    pub failed: usize,
}

/// What a sync would write, and what it leaves alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncPlan {
    /// [`super::FORMAT`].
    pub format: u32,
    /// Digest of the lists and links it was made from.
    pub digest: String,
    /// The newest sync run when it was made. Once another has written, the plan is refused.
    pub after: Option<RunId>,
    /// What to write, in the order of writing.
    pub changes: Vec<RecordChange>,
    /// Pairs that agree already and only need to be remembered.
    pub agreed: Vec<Link>,
    /// What is linked for the first time: an account that was filled before is taken over, not filled again.
    pub adopted: Vec<Adopted>,
    /// What needs a person.
    pub held: Vec<Held>,
    /// What a rule leaves alone, each with its reason.
    pub left_out: Vec<Held>,
    /// Records of ExakTime's that are likely the same as one that is to be made or has no number (hazards C3, C7).
    pub likely: Vec<Suggestion>,
    /// Linked records without a difference, by kind.
    pub unchanged: BTreeMap<Kind, usize>,
    /// Groups of changes that the guard took out, in order of their kinds (hazard B5).
    pub refused: Vec<MassChange>,
    /// What is worth knowing besides.
    pub notes: Vec<String>,
}

fn of_kind(list: &[Held], kind: Kind) -> usize {
    list.iter().filter(|held| held.subject.kind() == kind.as_str()).count()
}

impl SyncPlan {
    /// Counts each kind's fates. Held is counted by the kind that something would have become.
    pub fn tally(&self, kind: Kind) -> KindTally {
        let mut tally = KindTally {
            unchanged: self.unchanged.get(&kind).copied().unwrap_or(0),
            ignored: of_kind(&self.left_out, kind),
            held: of_kind(&self.held, kind),
            ..KindTally::default()
        };
        for change in self.changes.iter().filter(|change| change.kind == kind) {
            match change.action {
                RecordAction::Create => tally.create += 1,
                RecordAction::Update => tally.update += 1,
                RecordAction::Reactivate => tally.reactivate += 1,
                RecordAction::Deactivate => tally.deactivate += 1,
            }
        }
        tally
    }

    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
