//! What a person said of a worker's day.

use chrono::NaiveDate;
use linx_core::model::OfficeRef;

use super::document::{Block, Document, Tone};

/// Returns the report of a word that was kept, or taken back.
pub fn said(employee: &str, worker: OfficeRef, date: NaiveDate, both: bool) -> Document {
    let day = format!("{date} of employee {employee} ({worker})");
    let words = if both {
        format!(
            "On {day}, time by other hands and exported time are both right: `linx export --from {date} --to {date} --apply` \
             writes it beside theirs. --undo takes this back."
        )
    } else {
        format!("On {day}, time by other hands is weighed again. What was written stays.")
    };
    Document::new("Time by other hands").with([Block::text(Tone::Good, words)])
}
