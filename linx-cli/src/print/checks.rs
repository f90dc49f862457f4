//! The report of `linx doctor`.

use linx_core::ports::{Check, CheckStatus};

use super::document::{Block, Document, Group, Tone, count};
use super::words;

/// Returns the whole report.
pub fn document(checks: &[Check]) -> Document {
    Document::new("Doctor").with(blocks(checks))
}

/// Returns the checks and the verdict without a title, to stand beneath another one.
pub fn blocks(checks: &[Check]) -> Vec<Block> {
    let mut blocks: Vec<Block> = checks.iter().map(block).collect();
    let failed = checks.iter().filter(|check| check.status == CheckStatus::Fail).count();
    blocks.push(match failed {
        0 => Block::text(Tone::Good, "Everything that has to be in place is."),
        _ => Block::text(
            Tone::Bad,
            format!("{} to be mended first.", count(failed, "prerequisite")),
        ),
    });
    blocks
}

fn block(check: &Check) -> Block {
    let (mark, tone) = match check.status {
        CheckStatus::Ok => ("ok", Tone::Good),
        CheckStatus::Warn => ("warn", Tone::Warn),
        CheckStatus::Fail => ("FAIL", Tone::Bad),
    };
    Block::Group(Group {
        mark: mark.to_owned(),
        tone,
        lead: format!("{}: {}", check.name, check.saw),
        notes: if check.fix.is_empty() {
            Vec::new()
        } else {
            vec![format!("What to do: {}", words::fix(&check.fix))]
        },
        ..Group::default()
    })
}
