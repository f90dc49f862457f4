//! Links, likely pairs, and what is ignored.

use std::collections::BTreeSet;

use linx_core::ledger::Link;
use linx_core::model::{Kind, OfficeRef, RecordId};
use linx_core::plan::Suggestion;
use serde::Serialize;

use super::document::{Block, Document, Group, Table, Tone, count};

/// What `linx links list` prints for scripts.
#[derive(Serialize)]
pub struct Listed {
    /// Every pair of a Procore entity and an ExakTime record.
    pub links: Vec<Listing>,
    /// What is left alone.
    pub ignored: BTreeSet<OfficeRef>,
}

/// One pair, under the names of the services.
#[derive(Serialize)]
pub struct Listing {
    kind: Kind,
    procore: OfficeRef,
    exaktime: RecordId,
    name: String,
}

impl From<&Link> for Listing {
    fn from(link: &Link) -> Self {
        Self {
            kind: link.kind,
            procore: link.office,
            exaktime: link.record.clone(),
            name: link.base.title(),
        }
    }
}

/// Returns the report of every link, and of what is ignored.
pub fn list(listed: &Listed) -> Document {
    let rows = listed.links.iter().map(|link| {
        vec![
            link.kind.as_str().replace('_', " "),
            link.procore.to_string(),
            link.exaktime.to_string(),
            link.name.clone(),
        ]
    });
    let mut document = Document::new("Links").with([table(&["kind", "Procore", "ExakTime", "name"], rows.collect())]);
    if !listed.ignored.is_empty() {
        document = document.with([Block::Group(Group {
            lead: format!("Ignored: {}", count(listed.ignored.len(), "record")),
            notes: vec!["`linx links unignore` takes them up again.".to_owned()],
            items: listed.ignored.iter().map(ToString::to_string).collect(),
            ..Group::default()
        })]);
    }
    document
}

/// Returns the report of likely pairs, and of how many of them were accepted.
pub fn suggestions(suggestions: &[Suggestion], accepted: usize) -> Document {
    let document = Document::new("Likely links");
    if suggestions.is_empty() {
        return document.with([Block::text(Tone::Plain, "None.")]);
    }
    let rows = suggestions.iter().map(|one| {
        let evidence: Vec<&str> = one.evidence.iter().map(|evidence| evidence.words()).collect();
        vec![
            one.office.to_string(),
            match one.linked {
                Some(left) => format!("{} (linked with {left}, who left)", one.record),
                None => one.record.to_string(),
            },
            evidence.join(", "),
            one.score.to_string(),
        ]
    });
    let what_next = match accepted {
        0 => "Nothing is linked by this: `linx links set PROCORE EXAKTIME` does, or --accept SCORE.".to_owned(),
        _ => format!("{} set; the next sync compares their values.", count(accepted, "link")),
    };
    let head = ["Procore", "ExakTime", "what speaks for it", "score"];
    document.with([table(&head, rows.collect()), Block::text(Tone::Plain, what_next)])
}

/// Returns the report of a change by hand: how many records, and what became of them, such as `unlinked`.
pub fn changed(number: usize, how: &str) -> Document {
    let words = format!("{} {how}.", count(number, "record"));
    Document::new("Links").with([Block::text(Tone::Good, words)])
}

fn table(head: &[&str], rows: Vec<Vec<String>>) -> Block {
    let numbers = usize::from(head.contains(&"score"));
    Block::Table(Table {
        head: head.iter().map(|word| (*word).to_owned()).collect(),
        rows,
        text_columns: head.len() - numbers,
    })
}
