//! What is held or left out, by reason: what happened, what to do, and to which.

use std::collections::BTreeMap;

use linx_core::hold::{Held, Reason};
use linx_core::model::{CentiHours, Hours};

use super::document::{Block, Group, Tone, count};
use super::words;

/// How many of a group text shows.
const SHOWN: usize = 8;

/// What needs a person; empty when nothing does.
pub fn held(held: &[Held]) -> Vec<Block> {
    section("Held", "HELD", Tone::Warn, held)
}

/// What rules left out; empty when none did.
pub fn left_out(left_out: &[Held]) -> Vec<Block> {
    section("Left out by rule", "out", Tone::Dim, left_out)
}

fn section(title: &str, mark: &str, tone: Tone, all: &[Held]) -> Vec<Block> {
    let mut by_reason: BTreeMap<Reason, Vec<&Held>> = BTreeMap::new();
    for held in all {
        by_reason.entry(held.reason).or_default().push(held);
    }
    let groups = by_reason.into_iter().map(|(reason, members)| {
        Block::Group(Group {
            mark: mark.to_owned(),
            tone,
            lead: format!(
                "{reason} ({}{}): {}",
                count(members.len(), "record"),
                hours(&members),
                reason.why()
            ),
            notes: vec![format!("What to do: {}", words::fix(&reason.fix()))],
            items: members.into_iter().map(item).collect(),
            shown: Some(SHOWN),
        })
    });
    let mut blocks: Vec<Block> = groups.collect();
    if !blocks.is_empty() {
        blocks.insert(0, Block::heading(title));
    }
    blocks
}

fn hours(members: &[&Held]) -> String {
    let hours: Vec<Hours> = members.iter().filter_map(|held| held.hours).collect();
    if hours.is_empty() {
        return String::new();
    }
    format!(", {} h", CentiHours::nearest(hours.into_iter().sum()))
}

fn item(held: &Held) -> String {
    // A reference such as worker:12 says what it is.
    let (kind, id) = (held.subject.kind(), held.subject.id());
    let what = if id.contains(':') {
        id.into_owned()
    } else {
        format!("{} {id}", kind.replace('_', " "))
    };
    let hours = held
        .hours
        .map_or_else(String::new, |hours| format!(", {} h", CentiHours::nearest(hours)));
    match words::detail(held).as_str() {
        "" => format!("{what}{hours}"),
        detail => format!("{what}{hours}: {detail}"),
    }
}

#[cfg(test)]
mod tests {
    use linx_core::hold::Subject;

    use super::super::Document;
    use super::super::text::plain;
    use super::*;

    #[test]
    fn what_is_held_tells_why_and_the_way_out() {
        let hold = |id: &str, hours: Option<i64>| Held {
            subject: Subject::TimeRecord(id.into()),
            reason: Reason::OpenRecord,
            detail: String::new(),
            hours: hours.map(Hours::from_minutes),
        };
        let document = Document::new("T").with(held(&[hold("tr-1", Some(90)), hold("tr-2", Some(0))]));
        let text = plain(&document, 100);
        assert!(text.contains("HELD  open_record (2 records, 1.50 h): "), "{text}");
        assert!(text.contains("What to do: "), "{text}");
        assert!(text.contains("time record tr-1, 1.50 h\n"), "{text}");
        assert!(held(&[]).is_empty());
    }
}
