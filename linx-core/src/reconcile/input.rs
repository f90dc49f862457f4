//! What one kind is reconciled from.

use crate::ledger::Link;
use crate::mapping::Desired;
use crate::model::{Attributes, Kind, OfficeRef, Record};
use crate::ports::Snapshot;
use crate::settings::SyncSettings;

/// Everything that one kind is reconciled from.
pub(crate) struct Input<'a> {
    /// Which kind.
    pub(crate) kind: Kind,
    /// What the office has.
    pub(crate) desired: &'a [Desired],
    /// What would become of those that a person told Linx to leave alone: they are there, and keep their numbers.
    pub(crate) left_alone: &'a [(OfficeRef, Attributes)],
    /// Whether the absence of such an entity from `desired` means that it is gone (hazards A3, B4, C16).
    pub(crate) proves_absence: &'a dyn Fn(OfficeRef) -> bool,
    /// Why others like such an entity may be in Procore and in no list; `None` where its lists were read to their ends
    /// (hazards A6, C4).
    pub(crate) incomplete: &'a dyn Fn(OfficeRef) -> Option<String>,
    /// Whether the list that such an entity would stand in is empty (hazard B5).
    pub(crate) emptied: &'a dyn Fn(OfficeRef) -> bool,
    /// Whether such entities were asked for at all.
    pub(crate) in_scope: &'a dyn Fn(OfficeRef) -> bool,
    /// What ExakTime has.
    pub(crate) current: &'a Snapshot<Record>,
    /// The links of this kind.
    pub(crate) links: &'a [&'a Link],
    /// The company's settings.
    pub(crate) settings: &'a SyncSettings,
    /// Whether the guard was told to stand aside.
    pub(crate) allow_mass_change: bool,
}
