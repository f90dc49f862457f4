//! The lines of an export as CSV, for those who load them elsewhere as well.

use linx_core::change::LineAction;
use linx_core::export::{ExportReport, ReportedLine};

use crate::error::CliError;

const HEAD: [&str; 15] = [
    "action",
    "result",
    "employee",
    "date",
    "location",
    "procore_worker",
    "procore_project",
    "procore_sub_job",
    "cost_code",
    "hour_class",
    "hours",
    "hours_before",
    "start",
    "stop",
    "note",
];

/// Returns one row for each line that was written, or would be. All is text, so that no zero is lost (hazard C7).
pub fn lines(report: &ExportReport) -> Result<String, CliError> {
    let failed = |error: csv::Error| CliError::failed("the lines cannot be written as CSV").caused_by(error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD).map_err(failed)?;
    for line in &report.changes {
        writer.write_record(row(line).map(cell)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    String::from_utf8(bytes).map_err(|error| CliError::failed("the lines cannot be written as CSV").caused_by(error))
}

/// Returns a cell that starts no formula where a table calculator opens the file: a note `=HYPERLINK(…)` would send a
/// payroll clerk to an address of somebody else's. An apostrophe before it makes it a text; [`uncell`] takes it off again.
pub fn cell(text: String) -> String {
    if starts_formula(&text) {
        format!("'{text}")
    } else {
        text
    }
}

/// Returns the text of a cell that [`cell`] wrote.
pub fn uncell(cell: &str) -> &str {
    let text = cell.strip_prefix('\'').filter(|text| starts_formula(text));
    text.unwrap_or(cell)
}

/// Whether a text, or one behind apostrophes of its own, begins as a formula does.
fn starts_formula(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

fn row(line: &ReportedLine) -> [String; HEAD.len()] {
    let (change, key) = (&line.change, &line.change.key);
    let text = |value: Option<String>| value.unwrap_or_default();
    let span = change.content.span.as_deref();
    let (hours, before) = match change.action {
        LineAction::Delete => (String::new(), Some(change.content.hours)),
        _ => (change.content.hours.to_string(), change.before),
    };
    [
        change.action.as_str().to_owned(),
        line.result.as_str().to_owned(),
        change.view.employee.clone(),
        key.date.to_string(),
        change.view.location.clone(),
        key.worker.to_string(),
        key.project.to_string(),
        text(key.sub_job.map(|id| id.to_string())),
        key.cost_code.to_string(),
        key.class.as_str().to_owned(),
        hours,
        text(before.map(|hours| hours.to_string())),
        text(span.map(|span| span.start.to_string())),
        text(span.map(|span| span.stop.to_string())),
        text(change.content.description.as_ref().map(ToString::to_string)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_starts_a_formula_and_each_is_read_back_as_it_was() {
        for (text, written) in [
            (
                "=HYPERLINK(\"https://x.invalid\")",
                "'=HYPERLINK(\"https://x.invalid\")",
            ),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("'=1", "''=1"),
            ("'til noon", "'til noon"),
            ("00101", "00101"),
            ("", ""),
        ] {
            assert_eq!(cell(text.to_owned()), written);
            assert_eq!(uncell(written), text);
        }
    }
}
