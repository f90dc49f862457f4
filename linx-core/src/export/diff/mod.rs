//! What should stand in Procore against what does: by our hand, the baseline, and by others'.
//!
//! The baseline is the ledger's lines, with what intents without an outcome came to (`resumed`) and what entries' marks tell besides
//! (`baseline`), under the workers as whom their employees count now (`relinked`) and the present texts of their codes
//! (`renamed`). Two sorted lists of one worker are walked together (`compare`): lines as they should be, and the baseline. What
//! is only in one is new or gone (`removal`), what is in both is as it was, differs, or stands twice (`doubles`). Nobody's edit
//! is overwritten, and nothing is removed without proof.
//!
//! What would gain hours is then held where they may stand already: by another hand (`other_hands`), by a request that may
//! still arrive (`unsettled`), or by a lost ledger (`lost_ledger`). What would lose them passes the guard (`comparison`, `feed`).
//! How the lines came about is not known here.

mod baseline;
mod beside_kept;
mod code_id;
mod compare;
mod comparison;
mod doubles;
mod entry_index;
mod evidence;
mod feed;
mod file_time;
mod kept;
mod late;
mod lost_ledger;
mod marked;
mod other_hands;
mod our_writes;
mod relinked;
mod removal;
mod renamed;
mod resumed;
mod unsettled;
mod window;

pub(super) use baseline::{Baseline, RecoveredLines};
pub(super) use beside_kept::{Changes, beside};
pub(super) use compare::{Against, Compare};
pub(super) use comparison::Comparison;
pub(super) use doubles::Doubles;
pub(super) use entry_index::EntryIndex;
pub(super) use feed::Feed;
pub(super) use kept::Kept;
pub(super) use late::{SentWeeks, difference, has_all_that_stands, late_change, late_of_nobody};
pub(super) use lost_ledger::LostLedger;
pub(super) use other_hands::{OtherHands, note_read};
pub(super) use our_writes::written_line;
pub(super) use relinked::{Relinked, Whereabouts};
pub(super) use renamed::{renamed, under_new_keys};
pub(super) use unsettled::{Known, until};
pub(super) use window::rest_of_weeks;

#[cfg(test)]
mod nights;
#[cfg(test)]
mod tests;
