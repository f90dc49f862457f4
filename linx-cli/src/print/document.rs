//! A report as a person reads it, before it is text or HTML.

use serde::Serialize;

use super::visible::visible;

/// A titled report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Stands above the report, underlined.
    pub title: String,
    /// The parts, in the order in which they are read.
    pub blocks: Vec<Block>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Block {
    /// Begins a part of several sections.
    Chapter {
        /// Its words.
        text: String,
    },
    /// Begins a section.
    Heading {
        /// Its words.
        text: String,
    },
    /// One paragraph.
    Text {
        /// How it sounds.
        tone: Tone,
        /// Its words.
        text: String,
    },
    /// Rows and columns.
    Table(Table),
    /// Things that belong together, with what is to be said about them.
    Group(Group),
}

/// How something sounds; the words say it as well, since colour may be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Worth a look.
    Warn,
    /// Not as it should be.
    Bad,
    /// Beside the point.
    Dim,
}

/// Rows and columns; the first columns hold text, the others numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The words above the columns. A line break makes two lines.
    pub head: Vec<String>,
    /// The cells, row by row, as many in each as there are heads.
    pub rows: Vec<Vec<String>>,
    /// How many columns hold text.
    pub text_columns: usize,
}

/// Things that have something in common, with a sentence about all of them before the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Group {
    /// A word before the lead, such as `ok`.
    pub mark: String,
    /// How the mark sounds.
    pub tone: Tone,
    /// What they have in common.
    pub lead: String,
    /// What is to be said about them, a line each.
    pub notes: Vec<String>,
    /// The things, a line each.
    pub items: Vec<String>,
    /// How many of them text shows; all when `None`. HTML shows all.
    pub shown: Option<usize>,
}

impl Document {
    /// A report with a title and no blocks yet.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            blocks: Vec::new(),
        }
    }

    /// Adds blocks at the end.
    #[must_use]
    pub fn with(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.blocks.extend(blocks);
        self
    }
}

impl Document {
    /// The same document with [`visible`] applied to every text in it. Line breaks in the head of a table are ours.
    #[must_use]
    pub fn visible(&self) -> Self {
        let one = |text: &str| visible(text).into_owned();
        let all = |texts: &[String]| texts.iter().map(|text| one(text)).collect();
        let shown = |block: &Block| match block {
            Block::Chapter { text } => Block::Chapter { text: one(text) },
            Block::Heading { text } => Block::Heading { text: one(text) },
            Block::Text { tone, text } => Block::text(*tone, one(text)),
            Block::Table(table) => Block::Table(Table {
                head: table.head.clone(),
                rows: table.rows.iter().map(|row| all(row)).collect(),
                text_columns: table.text_columns,
            }),
            Block::Group(group) => Block::Group(Group {
                mark: one(&group.mark),
                tone: group.tone,
                lead: one(&group.lead),
                notes: all(&group.notes),
                items: all(&group.items),
                shown: group.shown,
            }),
        };
        Self {
            title: one(&self.title),
            blocks: self.blocks.iter().map(shown).collect(),
        }
    }
}

impl Block {
    /// A block that begins a section.
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading { text: text.into() }
    }

    /// A block with one paragraph.
    pub fn text(tone: Tone, text: impl Into<String>) -> Self {
        Self::Text {
            tone,
            text: text.into(),
        }
    }
}

/// Returns a number with its noun: `1 line`, `2 lines`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
