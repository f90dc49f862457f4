//! The rows of a file, one by one.

use std::fmt;
use std::io::Read;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::columns::{Columns, CsvError};
use super::format::CsvFormat;
use super::hours::parse_hours;

/// One row: a day's time of one employee at one place on one code.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CsvTime {
    /// The line it begins on; the header is line 1.
    pub line: u64,
    /// The employee's number, as text with its leading zeros (hazard C7).
    pub employee: String,
    /// The day that the hours are counted for, as the file says.
    pub work_date: NaiveDate,
    /// The location's identifier; absent where the cell is blank or there is no such column. So for the code.
    pub location: Option<String>,
    /// The cost code's identifier.
    pub cost_code: Option<String>,
    /// Regular, overtime and double time, in whole seconds; `7.50` decimal hours are 27,000. A blank cell is 0, and a
    /// correction is negative.
    pub seconds: [i64; 3],
    /// A note; absent where blank.
    pub comment: Option<String>,
    /// When it began, by the clock at the place; always there where there is a stop.
    pub start: Option<NaiveDateTime>,
    /// When it ended, by the clock at the place. A time without a date is put on the work date, even where the next day
    /// is meant: of a night from 18:00 to 03:00 the stop is before the start.
    pub stop: Option<NaiveDateTime>,
    /// The trade or class of the work; absent where blank or not declared.
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
#[non_exhaustive]
pub struct CsvRowError {
    /// The line it begins on; the header is line 1.
    pub line: u64,
    /// Which column, and what was expected of it; no values (hazard A14).
    pub detail: String,
}

/// Returns the rows of `file`, which are read as they are asked for, in constant memory.
///
/// ```
/// use exaktime_client::csv::{CsvFormat, read};
///
/// let file = "udfEmployeeNumber,WorkDate,Regular\n00101,2026-03-02,7.50\n00102,2026-03-02,7:30\n";
/// let rows: Vec<_> = read(file.as_bytes(), &CsvFormat::default())?.collect();
/// assert_eq!(rows[0].as_ref().map(|row| row.seconds[0]), Ok(27_000));
/// assert!(rows[1].is_err(), "7:30 is no decimal");
/// # Ok::<(), exaktime_client::csv::CsvError>(())
/// ```
///
/// # Errors
///
/// If the header cannot be read or lacks a column that is required or declared. A row that cannot be read is an item of
/// its own, and the others go on.
pub fn read<R: Read>(file: R, format: &CsvFormat) -> Result<Rows<R>, CsvError> {
    let delimiter = u8::try_from(format.delimiter).ok().filter(u8::is_ascii);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.ok_or(CsvError::Delimiter)?)
        .flexible(true)
        .from_reader(file);
    let header = reader.headers().map_err(|error| CsvError::Header(error.into()))?;
    let columns = Columns::find(header, format)?;
    Ok(Rows {
        reader,
        columns,
        format: format.clone(),
        record: csv::StringRecord::new(),
    })
}

/// The rows of a file, made by [`read`].
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

/// Returns a date and a time, or a time of the work date, as the format has it.
fn clock_time(text: &str, format: &str, work_date: NaiveDate) -> Option<NaiveDateTime> {
    let in_full = NaiveDateTime::parse_from_str(text, format);
    let of_day = || NaiveTime::parse_from_str(text, format).map(|time| work_date.and_time(time));
    in_full.or_else(|_| of_day()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::csv::HoursFormat;

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
    }
}
