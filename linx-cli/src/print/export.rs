//! The report of an export.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};
use linx_core::change::{LineAction, LineChange};
use linx_core::export::{ExportReport, LineResult};
use linx_core::model::{CentiHours, Hours, PlaceZone, RecordId, ZoneSource};
use linx_core::plan::{ByOtherHands, Rounded, Tally};

use super::document::{Block, Document, Group, Table, Tone, count};
use super::{reasons, words};

/// How many lines of one kind text shows.
const SHOWN: usize = 10;

/// Returns the whole report. Its tables of hours are per week, and weeks begin on `week_start`.
pub fn document(report: &ExportReport, week_start: Weekday) -> Document {
    let days = format!("{} to {}", report.from, report.to);
    let title = match report.run {
        Some(run) => format!("Export of {days}, run {run}"),
        None => format!("Export plan of {days}"),
    };
    Document::new(title)
        .with(lines(report))
        .with(outcome(report, week_start))
}

/// Returns what is written, or would be.
pub fn lines(report: &ExportReport) -> Vec<Block> {
    let mut blocks = vec![Block::Table(summary(report))];
    if !report.changes.is_empty() {
        blocks.push(Block::heading("Lines in Procore"));
    }
    let actions = [LineAction::Create, LineAction::Update, LineAction::Delete];
    blocks.extend(actions.into_iter().filter_map(|action| group(report, action)));
    blocks
}

/// Returns what became of the hours, what is not written and why, and how the run went.
pub fn outcome(report: &ExportReport, week_start: Weekday) -> Vec<Block> {
    let mut blocks = Vec::new();
    for week in weeks(report, week_start) {
        blocks.push(Block::heading(format!("Hours of the week of {week}")));
        blocks.push(Block::Table(hours_of(report, week)));
    }
    if report.hours.held != CentiHours::default() {
        blocks.push(Block::text(Tone::Dim, "* some of the day's hours are held"));
    }
    if !report.refused.is_empty() {
        blocks.push(Block::heading("Refused by the guard"));
        let sentences = report.refused.iter().map(words::mass_change);
        blocks.extend(sentences.map(|sentence| Block::text(Tone::Bad, sentence)));
    }
    blocks.extend(reasons::held(&report.held));
    blocks.extend(reasons::left_out(&report.left_out));
    if !report.rounded.is_empty() {
        blocks.push(Block::heading("Gained and lost by rounding"));
        blocks.push(Block::Table(rounded(report)));
    }
    if !report.notes.is_empty() {
        blocks.push(Block::heading("Worth knowing"));
        blocks.extend(report.notes.iter().map(|note| Block::text(Tone::Plain, note)));
    }
    blocks.push(Block::heading("Result"));
    blocks.push(Block::text(Tone::Plain, equation(report)));
    blocks.extend(by_other_hands(report).map(|sentence| Block::text(Tone::Plain, sentence)));
    blocks.push(result(report));
    blocks
}

fn summary(report: &ExportReport) -> Table {
    let summary = &report.summary;
    let numbers = [
        summary.create,
        summary.update,
        summary.delete,
        summary.unchanged,
        summary.held,
        summary.left_out,
        summary.failed,
    ];
    let mut row = vec!["lines".to_owned()];
    row.extend(numbers.map(|number| number.to_string()));
    Table {
        head: [
            "",
            "create",
            "update",
            "delete",
            "unchanged",
            "held",
            "left out",
            "failed",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: vec![row],
        text_columns: 1,
    }
}

fn group(report: &ExportReport, action: LineAction) -> Option<Block> {
    let of_this = report.changes.iter().filter(|line| line.change.action == action);
    let items: Vec<String> = of_this
        .map(|line| {
            let failed = if line.result == LineResult::Failed {
                " (failed)"
            } else {
                ""
            };
            format!("{}{failed}", item(&line.change))
        })
        .collect();
    let verb = match action {
        LineAction::Create => "Create",
        LineAction::Update => "Update",
        LineAction::Delete => "Delete",
    };
    (!items.is_empty()).then(|| {
        Block::Group(Group {
            lead: format!("{verb} {}", count(items.len(), "line")),
            items,
            shown: Some(SHOWN),
            ..Group::default()
        })
    })
}

fn item(change: &LineChange) -> String {
    let key = &change.key;
    let hours = match (change.action, change.before) {
        (LineAction::Update, Some(before)) => format!("{before} -> {} h", change.content.hours),
        _ => format!("{} h", change.content.hours),
    };
    format!(
        "{}  {}  {}  {}  {}  {hours}{}  ({})",
        change.view.employee,
        key.date,
        change.view.location,
        key.cost_code,
        key.class.as_str(),
        times(change),
        change.why
    )
}

/// The first days of the weeks that hours were read of.
fn weeks(report: &ExportReport, week_start: Weekday) -> BTreeSet<NaiveDate> {
    let weeks = report.account.weeks(week_start);
    weeks.into_keys().map(|(_, first_day)| first_day).collect()
}

/// Employees down, the days of a week across, and what became of the hours.
fn hours_of(report: &ExportReport, week: NaiveDate) -> Table {
    let days: Vec<NaiveDate> = week.iter_days().take(7).collect();
    let mut employees: BTreeMap<&str, BTreeMap<NaiveDate, Tally>> = BTreeMap::new();
    let tallies: Vec<(RecordId, NaiveDate, Tally)> = report
        .account
        .days()
        .filter(|day| days.contains(&day.date))
        .map(|day| (day.employee, day.date, day.hours))
        .collect();
    for (employee, date, tally) in &tallies {
        let number = report.employees.get(employee).map_or(employee.as_str(), String::as_str);
        *employees.entry(number).or_default().entry(*date).or_default() += *tally;
    }
    let mut head = vec!["employee".to_owned()];
    head.extend(days.iter().map(|day| day.format("%a\n%d").to_string()));
    head.extend(["read", "stored", "held", "left\nout"].map(str::to_owned));
    let mut rows: Vec<Vec<String>> = employees
        .iter()
        .map(|(number, of_days)| row(number, &days, of_days))
        .collect();
    let mut all: BTreeMap<NaiveDate, Tally> = BTreeMap::new();
    for (_, date, tally) in &tallies {
        *all.entry(*date).or_default() += *tally;
    }
    rows.push(row("all", &days, &all));
    Table {
        head,
        rows,
        text_columns: 1,
    }
}

fn row(label: &str, days: &[NaiveDate], of_days: &BTreeMap<NaiveDate, Tally>) -> Vec<String> {
    let mut cells = vec![label.to_owned()];
    cells.extend(days.iter().map(|day| match of_days.get(day) {
        Some(tally) if tally.held != Hours::ZERO => format!("{}*", decimal(tally.read)),
        Some(tally) => decimal(tally.read),
        None => String::new(),
    }));
    let week: Tally = of_days.values().copied().sum();
    cells.extend([week.read, week.stored, week.held, week.left_out].map(decimal));
    cells
}

fn decimal(hours: Hours) -> String {
    CentiHours::nearest(hours).to_string()
}

/// Employees down, and what rounding gave them and took from them.
fn rounded(report: &ExportReport) -> Table {
    let row = |(employee, sum): (&RecordId, &Rounded)| {
        let number = report.employees.get(employee).map_or(employee.as_str(), String::as_str);
        let [gained, lost] = [sum.gained, sum.lost].map(decimal);
        vec![number.to_owned(), gained, lost]
    };
    Table {
        head: ["employee", "gained", "lost"].map(str::to_owned).to_vec(),
        rows: report.rounded.iter().map(row).collect(),
        text_columns: 1,
    }
}

/// Returns when a line starts and stops, and in which zone: `  07:00 to 15:30 without 30 min in America/Phoenix`.
fn times(change: &LineChange) -> String {
    let Some(span) = change.content.span.as_deref() else {
        return String::new();
    };
    let [start, stop] = [span.start, span.stop].map(|time| time.format("%H:%M"));
    let lunch = match span.lunch_minutes {
        0 => String::new(),
        minutes => format!(" without {minutes} min"),
    };
    let zone = match change.zone {
        Some(PlaceZone {
            zone,
            source: ZoneSource::Project,
        }) => format!(" in {zone}"),
        Some(PlaceZone {
            zone,
            source: ZoneSource::Company,
        }) => format!(" in {zone}, the company's zone"),
        None => String::new(),
    };
    format!("  {start} to {stop}{lunch}{zone}")
}

/// Returns the sum that every run must meet, with its figures: read = stored + held + left out.
pub fn equation(report: &ExportReport) -> String {
    let hours = &report.hours;
    format!(
        "Hours: read = stored + held + left out: {} = {} + {} + {}",
        hours.read, hours.stored, hours.held, hours.left_out,
    )
}

/// Returns what other hands entered for the same people and days, where there is any.
fn by_other_hands(report: &ExportReport) -> Option<String> {
    let ByOtherHands { hours, entries } = report.other_hands;
    let word = if entries == 1 { "entry" } else { "entries" };
    (entries > 0).then(|| format!("By other hands, beside these: {hours} h in {entries} {word}"))
}

fn result(report: &ExportReport) -> Block {
    let needs = report.held.len();
    let person = match needs {
        0 => "nothing needs a person".to_owned(),
        _ => format!("{} held for a person to look at", count(needs, "record")),
    };
    let (tone, words) = if report.applied {
        (
            Tone::Good,
            format!("{} written to Procore; {person}.", count(report.written(), "line")),
        )
    } else if report.changes.is_empty() {
        (Tone::Good, format!("Nothing to write; {person}."))
    } else {
        let planned = count(report.changes.len(), "line");
        (
            Tone::Plain,
            format!("Nothing is written yet: --apply writes {planned}; {person}."),
        )
    };
    Block::text(if needs > 0 { Tone::Warn } else { tone }, words)
}
