//! Time out of a CSV export of ExakTime Connect, for those who cannot wait for the nightly warehouse.
//!
//! What a column holds and how it is written is declared, never guessed: `8.30` is eight hours and eighteen minutes, and
//! a colon in a decimal column is an error (hazard D14). A row that cannot be read is told with its line, and the rest go
//! on. Rows come one by one in constant memory.

use std::fmt;
use std::io::Read;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

/// Which column holds what, and how it is written. Column names are compared without regard to case and blanks at their
/// ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CsvFormat {
    /// What stands between the columns.
    pub delimiter: char,
    /// The column of the employee's number. Required, as are the work date and the regular hours.
    pub employee: String,
    /// The column of the work date.
    pub work_date: String,
    /// How the work date is written, in the signs of `strftime`.
    pub date_format: String,
    /// The column of the location's identifier.
    pub location: String,
    /// The column of the cost code's identifier.
    pub cost_code: String,
    /// The column of regular hours.
    pub regular: String,
    /// The column of overtime hours.
    pub overtime: String,
    /// The column of double time hours.
    pub double_time: String,
    /// How hours are written.
    pub hours: HoursFormat,
    /// The column of a note.
    pub comment: String,
    /// The column of the start by the clock at the place, where the file has one. Declared, it must be there; so for
    /// the two that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The column of the stop by the clock at the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<String>,
    /// How start and stop are written, in the signs of `strftime`: a time of the work date, or a date and a time.
    pub time_format: String,
    /// The column of the trade or class of the work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
}

/// How hours are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoursFormat {
    /// `7.50`; thousands may be parted by a comma.
    #[default]
    Decimal,
    /// `7:30` or `7:30:00`.
    HoursMinutes,
}

/// The names that public exports of ExakTime use (exaktime-api.md section 4.7), ISO dates and decimal hours.
impl Default for CsvFormat {
    fn default() -> Self {
        Self {
            delimiter: ',',
            employee: "udfEmployeeNumber".to_owned(),
            work_date: "WorkDate".to_owned(),
            date_format: "%Y-%m-%d".to_owned(),
            location: "udfJobsiteNumber".to_owned(),
            cost_code: "udfCostCode".to_owned(),
            regular: "Regular".to_owned(),
            overtime: "OT1".to_owned(),
            double_time: "OT2".to_owned(),
            hours: HoursFormat::Decimal,
            comment: "Comment".to_owned(),
            start: None,
            stop: None,
            time_format: "%H:%M".to_owned(),
            classification: None,
        }
    }
}

/// One row: a day's time of one employee at one place on one code.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CsvTime {
    /// The line it begins on; the header is line 1.
    pub line: u64,
    /// The employee's number, as text with its leading zeros (hazard C7).
    pub employee: String,
    /// The day.
    pub work_date: NaiveDate,
    /// The location's identifier.
    pub location: Option<String>,
    /// The cost code's identifier.
    pub cost_code: Option<String>,
    /// Regular, overtime and double time, in whole seconds.
    pub seconds: [i64; 3],
    /// A note.
    pub comment: Option<String>,
    /// When it began, by the clock at the place; never without one where there is a stop.
    pub start: Option<NaiveDateTime>,
    /// When it ended. A time of day stands on the work date, even where the next day is meant.
    pub stop: Option<NaiveDateTime>,
    /// The trade or class of the work.
    pub classification: Option<String>,
}

/// Line and day only: the rest is somebody's (hazard A14).
impl fmt::Debug for CsvTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvTime")
            .field("line", &self.line)
            .field("work_date", &self.work_date)
            .finish_non_exhaustive()
    }
}

/// A row that could not be read; the others go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvRowError {
    /// The line it begins on.
    pub line: u64,
    /// Which column, and what was wrong with it; no values.
    pub detail: String,
}

/// A file that cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// A required column is missing.
    #[error("the file has no column `{column}`; it has {found}")]
    MissingColumn {
        /// The column by its configured name.
        column: String,
        /// The columns that are there.
        found: String,
    },
    /// The delimiter is not one byte.
    #[error("the delimiter must be one ASCII character")]
    Delimiter,
    /// The header could not be read.
    #[error("the header could not be read")]
    Header(#[source] csv::Error),
}

/// The rows of `file`, read as they are asked for. Errors when the header lacks a required column.
pub fn read<R: Read>(file: R, format: &CsvFormat) -> Result<Rows<R>, CsvError> {
    let delimiter = u8::try_from(format.delimiter).ok().filter(u8::is_ascii);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.ok_or(CsvError::Delimiter)?)
        .flexible(true)
        .from_reader(file);
    let header = reader.headers().map_err(CsvError::Header)?;
    let columns = Columns::find(header, format)?;
    Ok(Rows {
        reader,
        columns,
        format: format.clone(),
        record: csv::StringRecord::new(),
    })
}

/// Where each column stands.
#[derive(Debug, Clone)]
struct Columns {
    employee: usize,
    work_date: usize,
    location: Option<usize>,
    cost_code: Option<usize>,
    hours: [Option<usize>; 3],
    comment: Option<usize>,
    start: Option<usize>,
    stop: Option<usize>,
    classification: Option<usize>,
}

impl Columns {
    fn find(header: &csv::StringRecord, format: &CsvFormat) -> Result<Self, CsvError> {
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

/// The rows of a file.
pub struct Rows<R> {
    reader: csv::Reader<R>,
    columns: Columns,
    format: CsvFormat,
    record: csv::StringRecord,
}

impl<R> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<CsvTime, CsvRowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.reader.is_done() {
            return None;
        }
        let line = self.reader.position().line();
        match self.reader.read_record(&mut self.record) {
            Ok(true) => {
                let line = self.record.position().map_or(line, csv::Position::line);
                Some(self.row(line).map_err(|detail| CsvRowError { line, detail }))
            }
            Ok(false) => None,
            Err(error) => Some(Err(CsvRowError {
                line,
                detail: match error.kind() {
                    csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8".to_owned(),
                    _ => "the row could not be read".to_owned(),
                },
            })),
        }
    }
}

impl<R> Rows<R> {
    fn row(&self, line: u64) -> Result<CsvTime, String> {
        let (columns, format) = (&self.columns, &self.format);
        let text = |column: Option<usize>| {
            let text = column.and_then(|column| self.record.get(column)).map_or("", str::trim);
            (!text.is_empty()).then_some(text)
        };
        let employee = text(Some(columns.employee)).ok_or_else(|| format!("`{}` is blank", format.employee))?;
        let date = text(Some(columns.work_date)).ok_or_else(|| format!("`{}` is blank", format.work_date))?;
        let work_date = NaiveDate::parse_from_str(date, &format.date_format)
            .map_err(|_| format!("`{}` is not a date written as {}", format.work_date, format.date_format))?;
        let mut seconds = [0; 3];
        let names = [&format.regular, &format.overtime, &format.double_time];
        for ((amount, column), name) in seconds.iter_mut().zip(columns.hours).zip(names) {
            if let Some(text) = text(column) {
                *amount = parse_hours(text, format.hours).map_err(|expected| format!("`{name}` is not {expected}"))?;
            }
        }
        let clock = |column: Option<usize>, name: &Option<String>| {
            let read = |text| clock_time(text, &format.time_format, work_date);
            let expected = || {
                let name = name.as_deref().unwrap_or_default();
                format!("`{name}` is not a time written as {}", format.time_format)
            };
            text(column).map(|text| read(text).ok_or_else(expected)).transpose()
        };
        let start = clock(columns.start, &format.start)?;
        let stop = clock(columns.stop, &format.stop)?;
        if start.is_none() && stop.is_some() {
            return Err("it has a stop and no start".to_owned());
        }
        Ok(CsvTime {
            line,
            employee: employee.to_owned(),
            work_date,
            location: text(columns.location).map(str::to_owned),
            cost_code: text(columns.cost_code).map(str::to_owned),
            seconds,
            comment: text(columns.comment).map(str::to_owned),
            start,
            stop,
            classification: text(columns.classification).map(str::to_owned),
        })
    }
}

/// A date and a time, or a time of the work date, as the format has it.
fn clock_time(text: &str, format: &str, work_date: NaiveDate) -> Option<NaiveDateTime> {
    let in_full = NaiveDateTime::parse_from_str(text, format);
    let of_day = || NaiveTime::parse_from_str(text, format).map(|time| work_date.and_time(time));
    in_full.or_else(|_| of_day()).ok()
}

/// Hours in whole seconds, or what was expected.
fn parse_hours(text: &str, format: HoursFormat) -> Result<i64, &'static str> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let size = match format {
        HoursFormat::Decimal => decimal(digits).ok_or("a decimal number of hours")?,
        HoursFormat::HoursMinutes => clock(digits).ok_or("hours and minutes, such as 7:30")?,
    };
    Ok(sign * size)
}

/// Decimal hours, to the nearest second. Commas are taken where thousands are parted and nowhere else.
fn decimal(text: &str) -> Option<i64> {
    /// More digits than these change no second.
    const PRECISION: u32 = 9;
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let hours = number(&without_thousands(whole)?)?;
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept: String = part
        .chars()
        .chain(std::iter::repeat('0'))
        .take(usize::try_from(PRECISION).ok()?)
        .collect();
    let unit = 10_i64.pow(PRECISION);
    let part = (number(&kept)? * 3600 + unit / 2) / unit;
    hours.checked_mul(3600)?.checked_add(part)
}

fn without_thousands(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let parted = rest.iter().all(|group| group.len() == 3) && (rest.is_empty() || (1..=3).contains(&first.len()));
    parted.then(|| text.replace(',', ""))
}

/// `7:30` or `7:30:15`; sixty minutes are an hour and are written so.
fn clock(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(':').collect();
    let sixtieth = |text: &str| number(text).filter(|value| text.len() == 2 && *value < 60);
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (number(hours)?, sixtieth(minutes)?, 0),
        [hours, minutes, seconds] => (number(hours)?, sixtieth(minutes)?, sixtieth(seconds)?),
        _ => return None,
    };
    hours.checked_mul(3600)?.checked_add(minutes * 60 + seconds)
}

fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str, format: &CsvFormat) -> Vec<Result<CsvTime, CsvRowError>> {
        read(text.as_bytes(), format).unwrap().collect()
    }

    #[test]
    fn rows_are_read_by_the_names_of_their_columns() {
        let text = "\u{feff}WorkDate,FirstName,udfEmployeeNumber ,Regular,OT1,OT2,udfJobsiteNumber,udfCostCode,Comment\n\
                    2026-03-02,Pat,00042,7.50,,0.25,24-001,03-300,\"Waited, then poured\"\n";
        let read = rows(text, &CsvFormat::default());
        let row = read[0].as_ref().unwrap();
        assert_eq!((row.line, row.employee.as_str()), (2, "00042"));
        assert_eq!(row.seconds, [27_000, 0, 900]);
        assert_eq!(row.location.as_deref(), Some("24-001"));
        assert_eq!(row.comment.as_deref(), Some("Waited, then poured"));
        assert!(!format!("{row:?}").contains("00042"));
    }

    #[test]
    fn d14_the_form_of_hours_is_declared_and_never_guessed() {
        use HoursFormat::{Decimal, HoursMinutes};
        for (text, format, seconds) in [
            ("8.30", Decimal, Some(29_880)),
            ("8:30", HoursMinutes, Some(30_600)),
            ("8:30:15", HoursMinutes, Some(30_615)),
            ("1,234.50", Decimal, Some(4_444_200)),
            ("-0.5", Decimal, Some(-1800)),
            ("0.333333333333", Decimal, Some(1200)),
            ("8", Decimal, Some(28_800)),
            ("8:30", Decimal, None),
            ("8.30", HoursMinutes, None),
            ("8:60", HoursMinutes, None),
            ("8:3", HoursMinutes, None),
            ("8,5", Decimal, None),
            ("12,34.5", Decimal, None),
            ("8.", Decimal, None),
            ("--8", Decimal, None),
            ("99999999999999999999", Decimal, None),
        ] {
            assert_eq!(parse_hours(text, format).ok(), seconds, "{text}");
        }
    }

    #[test]
    fn a_bad_row_is_told_with_its_line_and_the_rest_go_on() {
        let text = "udfEmployeeNumber,WorkDate,Regular\n1,2026-03-02,8.00\n2,03/02/2026,8.00\n,2026-03-02,8.00\n\
                    3,2026-03-02,8:00\n4,2026-03-02\n5,2026-03-02,8.00\n";
        let read = rows(text, &CsvFormat::default());
        let problems: Vec<(u64, &str)> = read
            .iter()
            .filter_map(|row| row.as_ref().err())
            .map(|error| (error.line, error.detail.as_str()))
            .collect();
        assert_eq!(
            problems,
            [
                (3, "`WorkDate` is not a date written as %Y-%m-%d"),
                (4, "`udfEmployeeNumber` is blank"),
                (5, "`Regular` is not a decimal number of hours"),
            ]
        );
        assert_eq!(read.iter().filter(|row| row.is_ok()).count(), 3);
    }

    #[test]
    fn other_columns_dates_and_delimiters_are_declared() {
        let format = CsvFormat {
            delimiter: ';',
            employee: "Number".to_owned(),
            date_format: "%m/%d/%Y".to_owned(),
            hours: HoursFormat::HoursMinutes,
            ..CsvFormat::default()
        };
        let read = rows("Number;WorkDate;Regular\n7;03/08/2026;7:30\n", &format);
        assert_eq!(read[0].as_ref().unwrap().seconds[0], 27_000);
        assert_eq!(read[0].as_ref().unwrap().work_date.to_string(), "2026-03-08");
    }

    #[test]
    fn d14_start_stop_and_class_are_read_where_they_are_declared() {
        let header = "udfEmployeeNumber,WorkDate,Regular,In,Out,Trade\n";
        let file = |row: &str| format!("{header}7,2026-03-07,8.50,{row}\n");
        let undeclared = rows(&file("18:00,03:00,Carpenter"), &CsvFormat::default());
        let row = undeclared[0].as_ref().unwrap();
        assert_eq!((row.start, row.stop, row.classification.as_ref()), (None, None, None));

        let mut format = CsvFormat {
            start: Some("In".to_owned()),
            stop: Some("Out".to_owned()),
            classification: Some("Trade".to_owned()),
            ..CsvFormat::default()
        };
        let at = |text: &str| Some(text.parse::<NaiveDateTime>().unwrap());
        let read = rows(&file("18:00,03:00,Carpenter"), &format);
        let row = read[0].as_ref().unwrap();
        assert_eq!(
            (row.start, row.stop),
            (at("2026-03-07T18:00:00"), at("2026-03-07T03:00:00"))
        );
        assert_eq!(row.classification.as_deref(), Some("Carpenter"));
        for (times, problem) in [
            ("18:00:30,03:00,", "`In` is not a time written as %H:%M"),
            ("18:00,24:30,", "`Out` is not a time written as %H:%M"),
            (",03:00,", "it has a stop and no start"),
        ] {
            assert_eq!(rows(&file(times), &format)[0].as_ref().unwrap_err().detail, problem);
        }
        format.time_format = "%m/%d/%Y %I:%M %p".to_owned();
        let read = rows(&file("03/07/2026 06:00 PM,03/08/2026 03:00 AM,"), &format);
        let row = read[0].as_ref().unwrap();
        assert_eq!(
            (row.start, row.stop),
            (at("2026-03-07T18:00:00"), at("2026-03-08T03:00:00"))
        );

        format.start = Some("Begin".to_owned());
        let error = super::read(file("").as_bytes(), &format).unwrap_err();
        assert!(error.to_string().contains("no column `Begin`"), "{error}");
    }

    #[test]
    fn a_file_without_a_required_column_is_refused_with_what_it_has() {
        let error = super::read(&b"Number,Date\n1,2\n"[..], &CsvFormat::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the file has no column `udfEmployeeNumber`; it has Number, Date"
        );
    }

    proptest! {
        #[test]
        fn no_file_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut file = b"udfEmployeeNumber,WorkDate,Regular\n".to_vec();
            file.extend(bytes);
            let rows = super::read(file.as_slice(), &CsvFormat::default()).unwrap();
            prop_assert!(rows.count() <= 200);
        }

        #[test]
        fn whole_minutes_survive_both_forms(minutes in -100_000_i64..100_000) {
            let sign = if minutes < 0 { "-" } else { "" };
            let size = minutes.abs();
            let text = format!("{sign}{}:{:02}", size / 60, size % 60);
            prop_assert_eq!(parse_hours(&text, HoursFormat::HoursMinutes), Ok(minutes * 60));
        }

        #[test]
        fn hundredths_of_an_hour_are_exact(hundredths in -1_000_000_i64..1_000_000) {
            let sign = if hundredths < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100);
            prop_assert_eq!(parse_hours(&text, HoursFormat::Decimal), Ok(hundredths * 36));
        }
    }
}
