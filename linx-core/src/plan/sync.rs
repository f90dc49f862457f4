//! The plan of a sync.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{MassChange, ReadAt, Suggestion};
use crate::change::{RecordAction, RecordChange};
use crate::hold::{Held, Reason};
use crate::ledger::{IntentId, Link, Outcome, Pair, RunId};
use crate::model::{Kind, OfficeRef, RecordId};
use crate::settings::{Import, SyncSettings};

/// What one run of a sync may do beyond its settings. The default is what the settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncOptions {
    /// Brings over these alone, as far as the settings import them; `None` brings over all that the settings import.
    pub only: Option<BTreeSet<Import>>,
    /// Whether a person has consented to more changes than the guard lets pass (hazard B5).
    pub allow_mass_change: bool,
}

impl SyncOptions {
    pub(crate) fn imports(&self, settings: &SyncSettings) -> BTreeSet<Import> {
        let set: BTreeSet<Import> = settings.import.iter().copied().collect();
        match &self.only {
            Some(only) => set.intersection(only).copied().collect(),
            None => set,
        }
    }
}

/// A record that was there before Linx and is linked for the first time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Adopted {
    /// The kind of the record in ExakTime.
    pub kind: Kind,
    /// The employee number, location identifier or cost code by which both were matched.
    pub identifier: String,
    /// Procore's entity.
    pub office: OfficeRef,
    /// ExakTime's record.
    pub record: RecordId,
}

/// How many records of a kind are written, stay, are left out or held, in numbers of records.
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
    /// The format it was saved in; [`super::FORMAT`] for a plan of this version.
    pub format: u32,
    /// Digest of the lists and links it was made from: two plans with the same one saw the same facts.
    pub digest: String,
    /// The companies that it was made for; it is applied to no others (hazard B17).
    pub pair: Pair,
    /// What was asked for.
    #[serde(default)]
    pub options: SyncOptions,
    /// The newest sync run when it was made, if there was any. Once a later run has written, the plan is refused.
    pub after: Option<RunId>,
    /// The records to write, in the order of writing: cost codes, locations, employees (hazard C12).
    pub changes: Vec<RecordChange>,
    /// Changes that meet something that was sent and may still arrive (hazard A15): written once that is known, and held
    /// until then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<RecordChange>,
    /// Writes without an answer of which ExakTime's lists tell by now what came of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resumed: Vec<(IntentId, Outcome)>,
    /// Pairs that agree already and only need to be remembered.
    pub agreed: Vec<Link>,
    /// What is linked for the first time: an account that was filled before is taken over, not filled again.
    pub adopted: Vec<Adopted>,
    /// What is not written until a person acts, each with the reason.
    pub held: Vec<Held>,
    /// What a rule or a setting leaves out for good, each with the reason.
    pub left_out: Vec<Held>,
    /// Records of ExakTime's that are likely the same as one that is to be made or has no number (hazards C3, C7).
    pub likely: Vec<Suggestion>,
    /// How many linked records of each kind need no change.
    pub unchanged: BTreeMap<Kind, usize>,
    /// Groups of changes that the guard took out, in order of their kinds (hazard B5).
    pub refused: Vec<MassChange>,
    /// Sentences for a person about what is worth knowing besides, such as words of the settings that fit nothing.
    pub notes: Vec<String>,
    /// When its lists were read; a plan that was saved and read back does not know.
    #[serde(skip)]
    pub(crate) read_at: ReadAt,
}

fn of_kind(list: &[Held], kind: Kind) -> usize {
    list.iter().filter(|held| held.subject.kind() == kind.as_str()).count()
}

impl SyncPlan {
    /// Returns how many records of a kind are written, stay, are left out or held. What is held or left out before it
    /// has a record counts for the kind that it would have become; none has failed yet.
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

    /// Whether applying it has nothing to do: nothing to write, to wait for or to remember.
    pub(crate) fn is_idle(&self) -> bool {
        let nothing_to_remember = self.resumed.is_empty() && self.agreed.is_empty();
        self.changes.is_empty() && self.awaiting_outcome() == 0 && nothing_to_remember
    }

    /// How many entities wait until it is known what became of what was sent, with those that are to be left as they are by now.
    pub(crate) fn awaiting_outcome(&self) -> usize {
        let waits = |held: &&Held| held.reason == Reason::UnknownOutcome;
        self.held.iter().filter(waits).count()
    }

    /// Whether nothing would be written to ExakTime. The ledger may still have something to remember.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
