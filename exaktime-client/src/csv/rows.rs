//! The rows of a file, one by one.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::columns::{Column, Columns, Likeness};
use super::error::{CsvError, CsvRowError};
use super::format::CsvFormat;
use super::hours::parse_hours;
use super::records::{Record, Records};

/// Rows that one file may have: those of thousands of workers in many weeks.
const MOST_ROWS: usize = 1_000_000;

/// Seconds of a day. A row is of one day, so that more is a sum or a number misread.
const DAY: u64 = 24 * 60 * 60;

/// Years that a work date can lie in. `03/02/26` read as `%m/%d/%Y` is a day of the year 26.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// One row: a day's time of one employee at one place on one code.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CsvTime {
    /// The line it begins on; the file's first is line 1.
    pub line: u64,
    /// The employee's number, as text with its leading zeros (hazard C7).
    pub employee: String,
    /// The day that the hours are counted for, as the file says.
    pub work_date: NaiveDate,
    /// The location's identifier; absent where the cell is blank or there is no such column. So for the code.
    pub location: Option<String>,
    /// The cost code's identifier.
    pub cost_code: Option<String>,
    /// Regular, overtime and double time, in whole seconds; `7.50` decimal hours are 27,000. A blank cell is 0
    /// where another is filled, and a correction is negative. Together they are at most 24 hours, signs aside.
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
    /// A digest of all columns, those that are not read included. Rows of one file that are equal in all of them have the same
    /// one: they may be one stretch of time that stands there twice (hazard D28). It is another in another version.
    pub fingerprint: u64,
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

/// Returns the rows of `file`, which are read as they are asked for, in constant memory.
///
/// ```
/// use exaktime_client::csv::{CsvFormat, read};
///
/// let file = "udfEmployeeNumber,WorkDate,Regular\n00101,2026-03-02,7.50\n00102,2026-03-02,7:30\n";
/// let rows = read(file.as_bytes(), &CsvFormat::default())?.collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(rows[0].as_ref().map(|row| row.seconds[0]), Ok(27_000));
/// assert!(rows[1].is_err(), "7:30 is no decimal");
/// # Ok::<(), exaktime_client::csv::CsvError>(())
/// ```
///
/// # Errors
///
/// If there is no header, or it lacks a column that is required or declared, or has one twice.
pub fn read<R: Read>(file: R, format: &CsvFormat) -> Result<Rows<R>, CsvError> {
    let mut records = Records::new(file, format.delimiter)?;
    let header = loop {
        match records.next(None)? {
            Some(record) if record.is_blank() => {}
            Some(record) => break record,
            None => return Err(CsvError::Empty),
        }
    };
    Ok(Rows {
        columns: Columns::find(&header, format)?,
        records,
        format: format.clone(),
        count: 0,
        done: false,
    })
}

/// The rows of a file, made by [`read`]. The outer error is the whole file's and the last item: nothing that was read before
/// it is to be believed. The inner one is of its row, and the others go on.
pub struct Rows<R> {
    records: Records<R>,
    columns: Columns,
    format: CsvFormat,
    count: usize,
    done: bool,
}

impl<R> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Result<CsvTime, CsvRowError>, CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let row = self.next_row().transpose();
        self.done = !matches!(row, Some(Ok(_)));
        row
    }
}

impl<R: Read> Rows<R> {
    fn next_row(&mut self) -> Result<Option<Result<CsvTime, CsvRowError>>, CsvError> {
        while let Some(record) = self.records.next(Some(self.columns.count()))? {
            if record.is_blank() {
                continue;
            }
            self.count += 1;
            if self.count > MOST_ROWS {
                return Err(CsvError::ManyRows { limit: MOST_ROWS });
            }
            self.refuse_file(&record)?;
            let row = self.refuse_row(&record).and_then(|()| self.row(&record));
            let line = record.line;
            return Ok(Some(row.map_err(|detail| CsvRowError { line, detail })));
        }
        if self.count == 0 {
            return Err(CsvError::Empty);
        }
        Ok(None)
    }
}

impl<R> Rows<R> {
    /// Faults of a row that leave it open what the other rows say.
    fn refuse_file(&self, record: &Record) -> Result<(), CsvError> {
        let (columns, format, line) = (&self.columns, &self.format, record.line);
        if columns.likeness(record) == Likeness::Other {
            return Err(CsvError::AnotherHeader { line });
        }
        // Of a row with other columns, no column is known.
        if record.fields.len() != columns.count() || columns.likeness(record) == Likeness::Same {
            return Ok(());
        }
        let is_filled =
            |column: &&Column| cell(record, column).is_some_and(|text| parse_hours(text, format.hours) != Ok(0));
        if let Some(column) = columns.undeclared_hours.iter().find(is_filled) {
            return Err(CsvError::UndeclaredHours {
                line,
                // A name of the file's own, that goes into an error (hazard A14).
                column: column.name.chars().filter(|sign| !sign.is_control()).take(60).collect(),
            });
        }
        let date = cell(record, &columns.work_date).unwrap_or_default();
        let is_date = |format: &str| NaiveDate::parse_from_str(date, format).is_ok();
        if !is_date(&format.date_format) && is_date(&exchanged(&format.date_format)) {
            return Err(CsvError::DateOrder {
                line,
                column: format.work_date.clone(),
                format: format.date_format.clone(),
            });
        }
        Ok(())
    }

    /// Faults that leave it open which value stands in which column of this row.
    fn refuse_row(&self, record: &Record) -> Result<(), String> {
        let columns = &self.columns;
        let (count, expected) = (record.fields.len(), columns.count());
        if columns.likeness(record) == Likeness::Same {
            return Err(
                "the header stands here again; of two exports in one file, time that both hold counts twice".into(),
            );
        }
        if count != expected {
            return Err(format!("it has {count} columns, and the header {expected}"));
        }
        if record.stray_quote {
            return Err("a quote stands within a field that is not quoted".into());
        }
        if record.open_ended && columns.matters(count - 1) {
            return Err("the file ends here without a line break, so that the row may be cut".into());
        }
        Ok(())
    }

    fn row(&self, record: &Record) -> Result<CsvTime, String> {
        let (columns, format) = (&self.columns, &self.format);
        let required = |column: &Column| cell(record, column).ok_or_else(|| format!("`{}` is blank", column.name));
        let optional = |column: &Option<Column>| Some(cell(record, column.as_ref()?)?.to_owned());
        let employee = required(&columns.employee)?.to_owned();
        let work_date = self.work_date(required(&columns.work_date)?)?;
        let seconds = self.seconds(record)?;
        let clock = |column: &Option<Column>| {
            let Some(column) = column else { return Ok(None) };
            let time = |text| clock_time(text, &format.time_format, work_date);
            let expected = || format!("`{}` is not a time written as {}", column.name, format.time_format);
            cell(record, column)
                .map(|text| time(text).ok_or_else(expected))
                .transpose()
        };
        let start = clock(&columns.start)?;
        let stop = clock(&columns.stop)?;
        if start.is_none() && stop.is_some() {
            return Err("it has a stop and no start".to_owned());
        }
        Ok(CsvTime {
            line: record.line,
            employee,
            work_date,
            location: optional(&columns.location),
            cost_code: optional(&columns.cost_code),
            seconds,
            comment: optional(&columns.comment),
            start,
            stop,
            classification: optional(&columns.classification),
            fingerprint: fingerprint(record),
        })
    }

    fn work_date(&self, text: &str) -> Result<NaiveDate, String> {
        let (name, format) = (&self.format.work_date, &self.format.date_format);
        let date = NaiveDate::parse_from_str(text, format)
            .map_err(|_| format!("`{name}` is not a date written as {format}"))?;
        if !YEARS.contains(&date.year()) {
            return Err(format!("`{name}` is not of this century, read as {format}"));
        }
        Ok(date)
    }

    fn seconds(&self, record: &Record) -> Result<[i64; 3], String> {
        let (mut seconds, mut size, mut blank) = ([0; 3], 0_u64, true);
        for (amount, column) in seconds.iter_mut().zip(&self.columns.hours) {
            let Some(column) = column else { continue };
            let Some(text) = cell(record, column) else { continue };
            *amount = parse_hours(text, self.format.hours)
                .map_err(|expected| format!("`{}` is not {expected}", column.name))?;
            size = size.saturating_add(amount.unsigned_abs());
            blank = false;
        }
        if blank {
            return Err(format!(
                "`{}` is blank, and no other hours are given",
                self.format.regular
            ));
        }
        if size > DAY {
            return Err("it has more than 24 hours, and a row is of one day".to_owned());
        }
        Ok(seconds)
    }
}

/// What stands in a column, if anything.
fn cell<'r>(record: &'r Record, column: &Column) -> Option<&'r str> {
    let text = bare(record.fields.get(column.at)?);
    (!text.is_empty()).then_some(text)
}

/// A field without what is around its text.
fn bare(field: &str) -> &str {
    field.trim_start_matches('\u{feff}').trim()
}

fn fingerprint(record: &Record) -> u64 {
    let mut hasher = DefaultHasher::new();
    record.fields.iter().for_each(|field| bare(field).hash(&mut hasher));
    hasher.finish()
}

/// The same form of a date with its day and month exchanged.
fn exchanged(format: &str) -> String {
    let signs = format
        .split('%')
        .enumerate()
        .map(|(at, part)| match part.split_at_checked(1) {
            Some(("d", rest)) if at > 0 => format!("m{rest}"),
            Some(("m", rest)) if at > 0 => format!("d{rest}"),
            _ => part.to_owned(),
        });
    signs.collect::<Vec<_>>().join("%")
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
        read(text.as_bytes(), format).unwrap().map(Result::unwrap).collect()
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
    fn d28_rows_that_are_equal_in_all_columns_have_one_fingerprint() {
        let file = "udfEmployeeNumber,WorkDate,Regular,Id\n1,2026-03-02,4.00,7\n1, 2026-03-02,\"4.00\",7\n\
                    1,2026-03-02,4.00,8\n12,026-03-02,4.00,7\n1,2026-03-02,4.00,\n";
        let read: Vec<_> = rows(file, &CsvFormat::default()).into_iter().flatten().collect();
        let of = |at: usize| read[at].fingerprint;
        assert_eq!(of(0), of(1), "the same texts");
        assert_eq!(read.len(), 4, "one has no date");
        assert!(
            of(0) != of(2) && of(0) != of(3) && of(2) != of(3),
            "a column that is not read tells them apart"
        );
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
                (6, "it has 2 columns, and the header 3"),
            ]
        );
        assert_eq!(read.iter().filter(|row| row.is_ok()).count(), 2);
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
            "the header on line 1 has no column `udfEmployeeNumber`; none of its 2 columns is one that is read"
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
