//! The entry of a line, against the mark in it.

use crate::hold::{Reason, Refusal};
use crate::ledger::{StoredLine, recover};
use crate::model::Entry;

/// Errors where the entry that the ledger has for a line carries another line's mark: whatever is done to it might take
/// another's hours.
pub(super) fn refuse_another_mark(stored: &StoredLine, entry: &Entry) -> Result<(), Refusal> {
    match recover::marked_for_another(entry, stored) {
        None => Ok(()),
        Some(marked) => {
            let detail = format!(
                "entry {} is marked {marked}, and the ledger has {} in it",
                entry.id, stored.key
            );
            Err(Refusal::new(Reason::MarkOfAnother, detail))
        }
    }
}
