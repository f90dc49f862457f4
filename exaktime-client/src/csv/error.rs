//! Why a file cannot be trusted, and why one row cannot be read.

use std::io;

/// A file of which nothing is believed: which of its rows are right cannot be known, or is not said.
///
/// It names lines and columns, and never what stands in a row: that is somebody's (hazard A14).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// The delimiter is not one ASCII character, or is a quote or a line break.
    #[error("the delimiter must be one ASCII character, and neither a quote nor a line break")]
    Delimiter,
    /// A column that is required or declared is missing.
    #[error("the header on line {line} has no column `{column}`; {found}")]
    MissingColumn {
        /// Where the header stands, or should.
        line: u64,
        /// The column by its configured name.
        column: String,
        /// How many columns there are, and which of them are declared. Other names are left out: a file without a
        /// header has a row in its place.
        found: String,
    },
    /// Two columns have a name that is read.
    #[error("the header on line {line} has more than one column `{column}`")]
    DoubledColumn {
        /// Where the header stands.
        line: u64,
        /// The name, as it is configured.
        column: String,
    },
    /// Two classes of hours are declared to stand in one column, which would count its hours twice.
    #[error("the column `{column}` is declared for two classes of hours")]
    SharedColumn {
        /// The column by its configured name.
        column: String,
    },
    /// A column that no class of hours is declared for holds hours.
    #[error("line {line} has hours in the column `{column}`, which is not read")]
    UndeclaredHours {
        /// The first row that has.
        line: u64,
        /// The column as the header has it.
        column: String,
    },
    /// A date is one only with its day and month exchanged. Which of the two the other rows mean cannot be known: 03/02
    /// is a date either way.
    #[error("line {line}: `{column}` is a date only with day and month the other way round than {format}")]
    DateOrder {
        /// The first such row.
        line: u64,
        /// The column by its configured name.
        column: String,
        /// How dates are declared to be written.
        format: String,
    },
    /// A header stands among the rows and has other columns than the first one.
    #[error("line {line} is another header")]
    AnotherHeader {
        /// Where it stands.
        line: u64,
    },
    /// A quote opens and never closes, closes within its field, or takes in what looks like another row.
    #[error("line {line}: a quote does not close where its field ends")]
    Quote {
        /// Where the row with the quote begins.
        line: u64,
    },
    /// The text is in another encoding than UTF-8, such as UTF-16.
    #[error("line {line} is not UTF-8")]
    Encoding {
        /// The first line that is not.
        line: u64,
    },
    /// A row is longer than any time record.
    #[error("line {line}: the row is longer than {limit} bytes")]
    LongRow {
        /// Where it begins.
        line: u64,
        /// What is allowed.
        limit: usize,
    },
    /// The file has more rows than are read.
    #[error("the file has more than {limit} rows")]
    ManyRows {
        /// What is allowed.
        limit: usize,
    },
    /// There is no row, or not even a header.
    #[error("the file has no rows")]
    Empty,
    /// Reading failed; the source says why.
    #[error("line {line} could not be read")]
    Read {
        /// The first line that could not be read.
        line: u64,
        /// What the system says.
        source: io::Error,
    },
}

impl CsvError {
    /// Whether the file and its [`CsvFormat`](super::CsvFormat) contradict each other, so that the declaration may be
    /// what is wrong. Otherwise the file itself is spoiled.
    pub fn contradicts_format(&self) -> bool {
        matches!(
            self,
            Self::Delimiter
                | Self::MissingColumn { .. }
                | Self::SharedColumn { .. }
                | Self::UndeclaredHours { .. }
                | Self::DateOrder { .. }
        )
    }

    /// The way out, in one sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Delimiter => "Declare one character, such as `,` or `;`.",
            Self::MissingColumn { .. } => {
                "Declare the columns as the file names them; a class of hours that it does not have is declared blank."
            }
            Self::DoubledColumn { .. } => "Rename or take out all but one of them.",
            Self::SharedColumn { .. } => {
                "Declare a column of its own for each; one that the file does not have, blank."
            }
            Self::UndeclaredHours { .. } => {
                "Declare which class of hours the column holds, or take it out of the file. If its hours stand in the \
                 other columns too, declare the class that the file does not have blank."
            }
            Self::DateOrder { .. } => "Declare dates as the file writes them, or export it with the declared ones.",
            Self::AnotherHeader { .. } => "Part the file: one export, one header.",
            Self::Quote { .. } => {
                "Close the quote, write a quote within a quoted field twice, and take line breaks out of long notes."
            }
            Self::Encoding { .. } => "Save the file as UTF-8.",
            Self::LongRow { .. } | Self::ManyRows { .. } => {
                "Export fewer days, and look at the file for an open quote."
            }
            Self::Empty => "Export the file anew, and look whether it holds time of these days.",
            Self::Read { .. } => "Copy the file anew.",
        }
    }
}

/// A row that could not be read; the others go on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CsvRowError {
    /// The line it begins on; the file's first is line 1.
    pub line: u64,
    /// Which column, and what was expected of it; no values (hazard A14).
    pub detail: String,
}
