//! What a file is declared to look like.

use serde::{Deserialize, Serialize};

use super::hours::HoursFormat;

/// Which column holds what, and how it is written. Column names are compared without regard to case and blanks at their
/// ends. A column that is declared must be there; one that is declared blank is one that the file does not have. Of those that
/// are not declared, a column of the default name is read where the file has it. Build it with `..Default::default()`: more
/// may be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CsvFormat {
    /// What stands between the columns, one ASCII character: `,`.
    pub delimiter: char,
    /// The column of the employee's number: `udfEmployeeNumber`. Required, as are the work date and the regular hours.
    pub employee: String,
    /// The column of the work date: `WorkDate`.
    pub work_date: String,
    /// How the work date is written, in the signs of `strftime`: `%Y-%m-%d`.
    pub date_format: String,
    /// The column of the location's identifier; `udfJobsiteNumber` where none is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The column of the cost code's identifier; `udfCostCode` where none is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_code: Option<String>,
    /// The column of regular hours: `Regular`.
    pub regular: String,
    /// The column of overtime hours; `OT1` where none is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overtime: Option<String>,
    /// The column of double time hours; `OT2` where none is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub double_time: Option<String>,
    /// How hours are written: as decimals.
    pub hours: HoursFormat,
    /// The column of a note; `Comment` where none is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The column of the start by the clock at the place. It is read only where it is declared, as are the stop and the
    /// classification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The column of the stop by the clock at the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<String>,
    /// How start and stop are written, in the signs of `strftime`: a time of the work date, or a date and a time.
    /// `%H:%M`.
    pub time_format: String,
    /// The column of the trade or class of the work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
}

/// The names that public exports of ExakTime use (exaktime-api.md section 4.7), ISO dates and decimal hours.
impl Default for CsvFormat {
    fn default() -> Self {
        Self {
            delimiter: ',',
            employee: "udfEmployeeNumber".to_owned(),
            work_date: "WorkDate".to_owned(),
            date_format: "%Y-%m-%d".to_owned(),
            location: None,
            cost_code: None,
            regular: "Regular".to_owned(),
            overtime: None,
            double_time: None,
            hours: HoursFormat::Decimal,
            comment: None,
            start: None,
            stop: None,
            time_format: "%H:%M".to_owned(),
            classification: None,
        }
    }
}
