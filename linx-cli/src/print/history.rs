//! What was done, when, to what.

use linx_core::ledger::{JournalEntry, Outcome, Run, Write};

use super::document::{Block, Document, Table, Tone};

/// A page of at most `limit` runs, newest first.
pub fn runs(runs: &[Run], limit: usize) -> Document {
    let document = Document::new("History");
    let Some(oldest) = runs.last() else {
        return document.with([Block::text(Tone::Plain, "Nothing was written yet.")]);
    };
    let rows = runs.iter().map(|run| {
        let days = run
            .start
            .days
            .map_or_else(String::new, |(from, to)| format!("{from} to {to}"));
        let (ended, numbers) = match &run.end {
            Some(end) => (
                "done",
                [end.written, end.held, end.failed].map(|number| number.to_string()),
            ),
            None => ("cut off", [const { String::new() }; 3]),
        };
        let mut row = vec![
            run.id.to_string(),
            run.start.direction.to_string(),
            run.start.at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
            days,
            ended.to_owned(),
        ];
        row.extend(numbers);
        row
    });
    let table = Table {
        head: ["run", "direction", "began", "days", "end", "written", "held", "failed"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
        text_columns: 5,
    };
    let older = (runs.len() == limit && oldest.id.0 > 1)
        .then(|| format!(" `linx history --before {}` lists the runs before these.", oldest.id));
    let words = format!(
        "`linx history RUN` tells what a run wrote.{}",
        older.unwrap_or_default()
    );
    document.with([Block::Table(table), Block::text(Tone::Dim, words)])
}

/// Returns the report of what one run wrote.
pub fn journal(run: &Run, entries: &[JournalEntry]) -> Document {
    let title = format!(
        "Run {}: {} of {}",
        run.id,
        run.start.direction,
        run.start.at.format("%Y-%m-%d %H:%M:%S UTC")
    );
    let document = Document::new(title);
    if entries.is_empty() {
        return document.with([Block::text(Tone::Plain, "It had nothing to write.")]);
    }
    let rows = entries.iter().map(|entry| {
        let [action, what] = words(&entry.write);
        vec![
            entry.at.format("%H:%M:%S").to_string(),
            action,
            what,
            outcome(entry.outcome.as_ref()),
        ]
    });
    let table = Table {
        head: ["at (UTC)", "action", "to what", "what came of it"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
        text_columns: 4,
    };
    document.with([Block::Table(table)])
}

fn words(write: &Write) -> [String; 2] {
    match write {
        Write::Record(change) => [
            change.action.as_str().to_owned(),
            format!("{} {}", change.kind.as_str().replace('_', " "), change.identifier),
        ],
        Write::Line(line) => [
            line.action.as_str().to_owned(),
            format!(
                "{} {} {} {} {}, {} h",
                line.view.employee,
                line.key.date,
                line.view.location,
                line.key.cost_code,
                line.key.class.as_str(),
                line.content.hours
            ),
        ],
    }
}

fn outcome(outcome: Option<&Outcome>) -> String {
    match outcome {
        None => "cut off; the next run reads the target".to_owned(),
        Some(Outcome::Done(_)) => "done".to_owned(),
        Some(Outcome::Refused(words)) => format!("refused: {words}"),
        Some(Outcome::Unknown(words)) => format!("not known yet: {words}"),
        Some(Outcome::Unseen(unseen)) => match &unseen.words {
            Some(words) => format!("not known yet: not there when looked for once; {words}"),
            None => "not known yet: not there when looked for once".to_owned(),
        },
        Some(Outcome::Absent) => "not stored, as the target showed later".to_owned(),
        Some(Outcome::Reread) => "cut off; the next run read the target".to_owned(),
    }
}
