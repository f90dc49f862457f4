//! The report of a sync.

use linx_core::change::{RecordAction, RecordChange};
use linx_core::model::Kind;
use linx_core::plan::Adopted;
use linx_core::sync::{RecordResult, SyncReport};

use super::document::{Block, Document, Group, Table, Tone, count};
use super::{reasons, words};

/// How many changes of one kind text shows.
const SHOWN: usize = 10;

/// The order in which a person reads: people, places, codes.
const KINDS: [Kind; 3] = [Kind::Employee, Kind::Location, Kind::CostCode];

/// The whole report.
pub fn document(report: &SyncReport) -> Document {
    let title = match report.run {
        Some(run) => format!("Sync, run {run}"),
        None => "Sync plan".to_owned(),
    };
    Document::new(title).with(changes(report)).with(outcome(report))
}

/// Returns what is written, or would be.
pub fn changes(report: &SyncReport) -> Vec<Block> {
    let mut blocks = vec![Block::Table(summary(report))];
    if !report.changes.is_empty() {
        blocks.push(Block::heading("Changes in ExakTime"));
    }
    blocks.extend(groups(report));
    blocks
}

/// Returns what is not written and why, and how the run went.
pub fn outcome(report: &SyncReport) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !report.refused.is_empty() {
        blocks.push(Block::heading("Refused by the guard"));
        let sentences = report.refused.iter().map(words::mass_change);
        blocks.extend(sentences.map(|sentence| Block::text(Tone::Bad, sentence)));
    }
    blocks.extend(adopted(report));
    blocks.extend(reasons::held(&report.held));
    blocks.extend(likely(report));
    blocks.extend(reasons::left_out(&report.left_out));
    if !report.notes.is_empty() {
        blocks.push(Block::heading("Worth knowing"));
        blocks.extend(report.notes.iter().map(|note| Block::text(Tone::Plain, note)));
    }
    blocks.push(Block::heading("Result"));
    blocks.push(result(report));
    blocks
}

/// What was in ExakTime before Linx and is linked now.
fn adopted(report: &SyncReport) -> Vec<Block> {
    if report.adopted.is_empty() {
        return Vec::new();
    }
    let item = |one: &Adopted| format!("{} {}  {}", noun(one.kind, 1), one.identifier, one.record);
    vec![
        Block::heading("Adopted"),
        Block::Group(Group {
            lead: format!(
                "{} of ExakTime linked for the first time, and not made again",
                count(report.adopted.len(), "record")
            ),
            items: report.adopted.iter().map(item).collect(),
            shown: Some(SHOWN),
            ..Group::default()
        }),
    ]
}

/// What is likely the same under another number, for a person to confirm.
fn likely(report: &SyncReport) -> Vec<Block> {
    if report.likely.is_empty() {
        return Vec::new();
    }
    vec![
        Block::heading("Likely the same"),
        Block::Group(Group {
            lead: format!("{} for a person to confirm", count(report.likely.len(), "likely pair")),
            notes: vec![
                "What to do: linx links set <Procore's> <ExakTime's>, or linx links suggest for all of them; linx links \
                 unlink <who left> first, where it is linked"
                    .to_owned(),
            ],
            items: report
                .likely
                .iter()
                .map(|one| format!("{} and {one}", one.office))
                .collect(),
            shown: Some(SHOWN),
            ..Group::default()
        }),
    ]
}

fn summary(report: &SyncReport) -> Table {
    let row = |kind: Kind| {
        let tally = report.summary.of(kind);
        let numbers = [
            tally.create,
            tally.update,
            tally.deactivate,
            tally.reactivate,
            tally.unchanged,
            tally.ignored,
            tally.held,
            tally.failed,
        ];
        let mut cells = vec![plural(kind).to_owned()];
        cells.extend(numbers.map(|number| number.to_string()));
        cells
    };
    Table {
        head: [
            "",
            "create",
            "update",
            "deactivate",
            "reactivate",
            "unchanged",
            "ignored",
            "held",
            "failed",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: KINDS.map(row).to_vec(),
        text_columns: 1,
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Employee => "employees",
        Kind::Location => "locations",
        Kind::CostCode => "cost codes",
    }
}

fn groups(report: &SyncReport) -> Vec<Block> {
    let mut blocks = Vec::new();
    for kind in KINDS {
        for action in [
            RecordAction::Create,
            RecordAction::Update,
            RecordAction::Reactivate,
            RecordAction::Deactivate,
        ] {
            let of_this = report
                .changes
                .iter()
                .filter(|line| line.change.kind == kind && line.change.action == action);
            let items: Vec<String> = of_this
                .map(|line| {
                    let result = match line.result {
                        RecordResult::Failed => " (failed)",
                        RecordResult::Held => " (held)",
                        RecordResult::Planned | RecordResult::Done => "",
                    };
                    format!("{}{result}", item(&line.change))
                })
                .collect();
            if !items.is_empty() {
                blocks.push(Block::Group(Group {
                    lead: format!("{} {} {}", verb(action), items.len(), noun(kind, items.len())),
                    items,
                    shown: Some(SHOWN),
                    ..Group::default()
                }));
            }
        }
    }
    blocks
}

fn noun(kind: Kind, number: usize) -> String {
    let word = kind.as_str().replace('_', " ");
    if number == 1 { word } else { plural(kind).to_owned() }
}

fn verb(action: RecordAction) -> &'static str {
    match action {
        RecordAction::Create => "Create",
        RecordAction::Update => "Update",
        RecordAction::Reactivate => "Reactivate",
        RecordAction::Deactivate => "Deactivate",
    }
}

/// What happens to one record: for a new one who or what it is, for others what changes, from and to, and why.
fn item(change: &RecordChange) -> String {
    let title = change.base.title();
    let what = match change.action {
        RecordAction::Create => title,
        RecordAction::Deactivate | RecordAction::Reactivate => format!("{title} ({})", change.why),
        RecordAction::Update => {
            let attributes = change.attributes.iter().map(|attribute| {
                let value = |value: &Option<String>| match value {
                    Some(text) => format!("\"{text}\""),
                    None => "nothing".to_owned(),
                };
                format!(
                    "{} from {} to {}",
                    attribute.attribute,
                    value(&attribute.from),
                    value(&attribute.to)
                )
            });
            let attributes: Vec<String> = attributes.collect();
            format!("{title}: {} ({})", attributes.join(", "), change.why)
        }
    };
    format!("{}  {what}", change.identifier)
}

fn result(report: &SyncReport) -> Block {
    let needs = report.held.len();
    let person = match needs {
        0 => "nothing needs a person".to_owned(),
        _ => format!("{} held for a person to look at", count(needs, "record")),
    };
    let (tone, words) = if report.applied {
        let written = count(report.written(), "record");
        (Tone::Good, format!("{written} written to ExakTime; {person}."))
    } else if report.changes.is_empty() {
        (Tone::Good, format!("Nothing to write; {person}."))
    } else {
        let planned = count(report.changes.len(), "record");
        (
            Tone::Plain,
            format!("Nothing is written yet: --apply writes {planned}; {person}."),
        )
    };
    let tone = if needs > 0 || !report.refused.is_empty() {
        Tone::Warn
    } else {
        tone
    };
    Block::text(tone, words)
}
