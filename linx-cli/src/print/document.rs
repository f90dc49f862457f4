//! A report as a person reads it, before it is text or HTML.

use serde::Serialize;

/// A titled report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// What it is about.
    pub title: String,
    /// Its parts, in order.
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
    /// The cells.
    pub rows: Vec<Vec<String>>,
    /// How many columns hold text.
    pub text_columns: usize,
}

/// Things that belong together.
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
    /// The things.
    pub items: Vec<String>,
    /// How many of them text shows; all when `None`. HTML shows all.
    pub shown: Option<usize>,
}

impl Document {
    /// An empty report.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            blocks: Vec::new(),
        }
    }

    /// The same with more blocks.
    #[must_use]
    pub fn with(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.blocks.extend(blocks);
        self
    }
}

impl Block {
    /// Begins a section.
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading { text: text.into() }
    }

    /// A paragraph.
    pub fn text(tone: Tone, text: impl Into<String>) -> Self {
        Self::Text {
            tone,
            text: text.into(),
        }
    }
}

/// `1 line`, `2 lines`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
