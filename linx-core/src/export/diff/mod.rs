//! What should stand in Procore against what Linx wrote there before, the baseline.
//!
//! Two sorted lists of one worker are walked together: lines as they should be, and lines as they were sent. What is only
//! in one is new or gone, what is in both is as it was or differs. Nobody's edit is overwritten, and nothing is removed
//! without proof. How the lines came about is not known here.

mod baseline;
mod compare;
mod comparison;
mod doubles;
mod entry_index;
mod evidence;
mod feed;
mod late;
mod lost_ledger;
mod marked;
mod other_hands;
mod relinked;
mod removal;
mod renamed;
mod unsettled;
mod window;

pub(super) use baseline::{Baseline, RecoveredLines, written_line};
pub(super) use compare::Compare;
pub(super) use comparison::Comparison;
pub(super) use doubles::Doubles;
pub(super) use entry_index::EntryIndex;
pub(super) use feed::Feed;
pub(super) use late::{SentWeeks, difference, late_change};
pub(super) use lost_ledger::LostLedger;
pub(super) use other_hands::{OtherHands, note_read};
pub(super) use relinked::{Relinked, Whereabouts};
pub(super) use renamed::{renamed, under_new_keys};
pub(super) use unsettled::until;
pub(super) use window::rest_of_weeks;

#[cfg(test)]
mod nights;
#[cfg(test)]
mod tests;
