//! Documents as text for a terminal or a file. Colours are written always; where they are not wanted the printer
//! takes them out.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table as Grid, TableStyle};
use owo_colors::OwoColorize;

use super::document::{Block, Document, Group, Table, Tone};

/// The widest that a report gets, however wide the terminal.
pub const WIDEST: usize = 120;

/// The column where the words of a group with a mark begin.
const MARK: usize = 8;

/// A document in lines of at most `width` columns.
pub fn render(document: &Document, width: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", document.title.bold());
    let _ = writeln!(text, "{}", "=".repeat(length(&document.title).min(width)).dimmed());
    for block in &document.blocks {
        match block {
            Block::Chapter { text: words } => {
                let rule = "-".repeat(length(words).min(width));
                let _ = writeln!(text, "\n\n{}\n{}", words.bold(), rule.dimmed());
            }
            Block::Heading { text: words } => {
                let _ = writeln!(text, "\n{}", words.bold());
            }
            Block::Text { tone, text: words } => {
                for line in wrap(words, width) {
                    let _ = writeln!(text, "{}", tinted(*tone, &line));
                }
            }
            Block::Table(table) => text.push_str(&grid(table, width)),
            Block::Group(group) => write_group(&mut text, group, width),
        }
    }
    text
}

fn tinted(tone: Tone, text: &str) -> String {
    match tone {
        Tone::Plain => text.to_owned(),
        Tone::Good => text.green().to_string(),
        Tone::Warn => text.yellow().to_string(),
        Tone::Bad => text.red().bold().to_string(),
        Tone::Dim => text.dimmed().to_string(),
    }
}

fn write_group(text: &mut String, group: &Group, width: usize) {
    let indent = if group.mark.is_empty() { 2 } else { MARK };
    let margin = " ".repeat(indent);
    for (index, line) in wrap(&group.lead, width.saturating_sub(indent)).iter().enumerate() {
        if index == 0 && !group.mark.is_empty() {
            let gap = " ".repeat(MARK.saturating_sub(2 + length(&group.mark)));
            let _ = writeln!(text, "  {}{gap}{line}", tinted(group.tone, &group.mark));
        } else {
            let _ = writeln!(text, "{margin}{line}");
        }
    }
    for note in &group.notes {
        write_hanging(text, note, indent + 2, width, Tone::Dim);
    }
    let shown = group
        .shown
        .map_or(group.items.len(), |shown| shown.min(group.items.len()));
    // One more line says no less than "and 1 more".
    let shown = if shown + 1 == group.items.len() {
        shown + 1
    } else {
        shown
    };
    for item in group.items.iter().take(shown) {
        write_hanging(text, item, indent + 2, width, Tone::Plain);
    }
    if shown < group.items.len() {
        let more = group.items.len() - shown;
        let _ = writeln!(text, "{margin}  ... and {more} more (--format json lists all)");
    }
}

/// A paragraph at a margin, its further lines two columns deeper.
fn write_hanging(text: &mut String, words: &str, indent: usize, width: usize, tone: Tone) {
    for (index, line) in wrap(words, width.saturating_sub(indent + 2)).iter().enumerate() {
        let margin = if index == 0 { indent } else { indent + 2 };
        let _ = writeln!(text, "{}{}", " ".repeat(margin), tinted(tone, line));
    }
}

fn grid(table: &Table, width: usize) -> String {
    let heads = table.head.iter().map(|head| head.lines().count()).max().unwrap_or(1);
    let mut text = String::new();
    for (index, line) in plain_grid(table, width).lines().enumerate() {
        let line = line.trim_end();
        let _ = if index <= heads {
            writeln!(text, "{}", line.dimmed())
        } else {
            writeln!(text, "{line}")
        };
    }
    text
}

fn plain_grid(table: &Table, width: usize) -> String {
    let style = TableStyle::new().header_separator(LineStyle::none().fill('-').junction('-'));
    let mut grid = Grid::new();
    grid.load_style(style)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(table.head.clone());
    grid.add_rows(table.rows.clone());
    for (index, column) in grid.column_iter_mut().enumerate() {
        if index >= table.text_columns {
            column.set_cell_alignment(CellAlignment::Right);
        }
        column.set_padding(if index == 0 { (2, 0) } else { (1, 0) });
    }
    grid.to_string()
}

/// Breaks at blanks into lines of at most `width` columns; a longer word stays whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().map_or(0, |line| length(line));
        if line > 0 && line + 1 + length(word) > width {
            lines.push(word.to_owned());
        } else if let Some(last) = lines.last_mut() {
            if line > 0 {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
pub(crate) fn plain(document: &Document, width: usize) -> String {
    anstream::adapter::strip_str(&render(document, width)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_and_lines_stay_within_the_width() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrap("https://example.invalid/x y", 5),
            ["https://example.invalid/x", "y"]
        );
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn a_group_is_shortened_and_says_so() {
        let group = |items: usize| {
            Document::new("T").with([Block::Group(Group {
                lead: "Create".into(),
                items: (0..items).map(|item| format!("item {item}")).collect(),
                shown: Some(2),
                ..Group::default()
            })])
        };
        assert_eq!(
            plain(&group(4), 80),
            "T\n=\n  Create\n    item 0\n    item 1\n    ... and 2 more (--format json lists all)\n"
        );
        assert!(plain(&group(3), 80).ends_with("item 2\n"), "a single one more is shown");
    }

    #[test]
    fn marks_stand_before_what_they_mark() {
        let document = Document::new("T").with([Block::Group(Group {
            mark: "FAIL".into(),
            tone: Tone::Bad,
            lead: "Workers: none of them has a number".into(),
            notes: vec!["Give each a number".into()],
            ..Group::default()
        })]);
        assert_eq!(
            plain(&document, 30),
            "T\n=\n  FAIL  Workers: none of them\n        has a number\n          Give each a number\n"
        );
    }

    #[test]
    fn numbers_stand_to_the_right() {
        let table = Table {
            head: vec!["Who".into(), "Hours".into()],
            rows: vec![
                vec!["00101".into(), "8.00".into()],
                vec!["00102".into(), "10.50".into()],
            ],
            text_columns: 1,
        };
        let document = Document::new("T").with([Block::Table(table)]);
        assert_eq!(
            plain(&document, 80),
            "T\n=\n  Who    Hours\n--------------\n  00101   8.00\n  00102  10.50\n"
        );
    }
}
