//! Where the header has each column, or that it has none.

use super::format::CsvFormat;

/// A file that cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// A column that is required or declared is missing.
    #[error("the file has no column `{column}`; it has {found}")]
    MissingColumn {
        /// The column by its configured name.
        column: String,
        /// The columns that are there, parted by commas.
        found: String,
    },
    /// The delimiter is not one ASCII character.
    #[error("the delimiter must be one ASCII character")]
    Delimiter,
    /// The header could not be read; the source says why.
    #[error("the header could not be read")]
    Header(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Where each column stands.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) employee: usize,
    pub(super) work_date: usize,
    pub(super) location: Option<usize>,
    pub(super) cost_code: Option<usize>,
    pub(super) hours: [Option<usize>; 3],
    pub(super) comment: Option<usize>,
    pub(super) start: Option<usize>,
    pub(super) stop: Option<usize>,
    pub(super) classification: Option<usize>,
}

impl Columns {
    pub(super) fn find(header: &csv::StringRecord, format: &CsvFormat) -> Result<Self, CsvError> {
        // A spreadsheet may have put a byte order mark in front.
        let names: Vec<String> = header
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_lowercase())
            .collect();
        let find = |name: &str| {
            let wanted = name.trim().to_lowercase();
            names.iter().position(|present| *present == wanted)
        };
        let required = |name: &str| {
            find(name).ok_or_else(|| CsvError::MissingColumn {
                column: name.to_owned(),
                found: header.iter().map(str::trim).collect::<Vec<_>>().join(", "),
            })
        };
        let declared = |name: &Option<String>| name.as_deref().map(required).transpose();
        Ok(Self {
            employee: required(&format.employee)?,
            work_date: required(&format.work_date)?,
            location: find(&format.location),
            cost_code: find(&format.cost_code),
            hours: [
                Some(required(&format.regular)?),
                find(&format.overtime),
                find(&format.double_time),
            ],
            comment: find(&format.comment),
            start: declared(&format.start)?,
            stop: declared(&format.stop)?,
            classification: declared(&format.classification)?,
        })
    }
}
