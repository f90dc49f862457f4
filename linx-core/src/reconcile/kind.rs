//! What one kind of record is reconciled from, and what it needs.

use crate::change::RecordChange;
use crate::hold::Held;
use crate::ledger::Link;
use crate::mapping::Ruling;
use crate::model::{Attributes, Kind, OfficeRef, Record};
use crate::plan::{Adopted, MassChange, Suggestion};
use crate::ports::Snapshot;
use crate::settings::SyncSettings;

/// One office entity and what the rules say it should be.
#[derive(Debug, Clone, Hash)]
pub struct Desired {
    /// The entity.
    pub office: OfficeRef,
    /// What it becomes.
    pub ruling: Ruling<Attributes>,
}

/// Everything that one kind is reconciled from.
pub struct Input<'a> {
    /// Which kind.
    pub kind: Kind,
    /// What the office has.
    pub desired: &'a [Desired],
    /// Whether the absence of such an entity from `desired` means that it is gone (hazards A3, B4, C16).
    pub proves_absence: &'a dyn Fn(OfficeRef) -> bool,
    /// Whether the list that such an entity would stand in is empty (hazard B5).
    pub emptied: &'a dyn Fn(OfficeRef) -> bool,
    /// Whether such entities were asked for at all.
    pub in_scope: &'a dyn Fn(OfficeRef) -> bool,
    /// What ExakTime has.
    pub current: &'a Snapshot<Record>,
    /// The links of this kind.
    pub links: &'a [&'a Link],
    /// The company's settings.
    pub settings: &'a SyncSettings,
    /// Whether the guard was told to stand aside.
    pub allow_mass_change: bool,
}

/// What one kind needs.
#[derive(Debug, Clone, Default)]
pub struct KindPlan {
    /// To be written.
    pub changes: Vec<RecordChange>,
    /// To be remembered only.
    pub agreed: Vec<Link>,
    /// Linked for the first time.
    pub adopted: Vec<Adopted>,
    /// Needs a person.
    pub held: Vec<Held>,
    /// Left alone by a rule.
    pub left_out: Vec<Held>,
    /// Linked and without a difference.
    pub unchanged: usize,
    /// Values that only ExakTime changed, and that stay (hazard B7).
    pub kept: usize,
    /// Records that are likely the same as one that is to be made or has no number (hazards C3, C7).
    pub likely: Vec<Suggestion>,
    /// Groups of changes that the guard took out.
    pub refused: Vec<MassChange>,
    /// Worth knowing besides.
    pub notes: Vec<String>,
}
