//! Where the header has each column.

use super::error::CsvError;
use super::format::CsvFormat;
use super::records::Record;

/// Names of the columns that are read where the file has them and nothing is declared.
const LOCATION: &str = "udfJobsiteNumber";
const COST_CODE: &str = "udfCostCode";
const OVERTIME: &str = "OT1";
const DOUBLE_TIME: &str = "OT2";
const COMMENT: &str = "Comment";

/// A column that is read: its name, as it is configured, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) at: usize,
}

/// Where each column stands.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// The header, by which one that stands again among the rows is known.
    names: Vec<String>,
    pub(super) employee: Column,
    pub(super) work_date: Column,
    pub(super) location: Option<Column>,
    pub(super) cost_code: Option<Column>,
    pub(super) hours: [Option<Column>; 3],
    pub(super) comment: Option<Column>,
    pub(super) start: Option<Column>,
    pub(super) stop: Option<Column>,
    pub(super) classification: Option<Column>,
    /// Columns that seem to hold hours and are not read.
    pub(super) undeclared_hours: Vec<Column>,
}

/// What a row has to do with a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It is no header.
    None,
    /// It is the file's own once more.
    Same,
    /// It has the names of required columns at other places.
    Other,
}

impl Columns {
    pub(super) fn find(header: &Record, format: &CsvFormat) -> Result<Self, CsvError> {
        let names: Vec<String> = header.fields.iter().map(|name| normal(name)).collect();
        let find = Find {
            line: header.line,
            names: &names,
            format,
        };
        let employee = find.required(&format.employee)?;
        let work_date = find.required(&format.work_date)?;
        let hours = [
            Some(find.required(&format.regular)?),
            find.expected(format.overtime.as_deref(), OVERTIME)?,
            find.expected(format.double_time.as_deref(), DOUBLE_TIME)?,
        ];
        for (index, column) in hours.iter().enumerate() {
            if let Some(column) = column
                && hours[..index].iter().flatten().any(|other| other.at == column.at)
            {
                return Err(CsvError::SharedColumn {
                    column: column.name.clone(),
                });
            }
        }
        let mut columns = Self {
            employee,
            work_date,
            location: find.expected(format.location.as_deref(), LOCATION)?,
            cost_code: find.expected(format.cost_code.as_deref(), COST_CODE)?,
            hours,
            comment: find.expected(format.comment.as_deref(), COMMENT)?,
            start: find.declared(format.start.as_deref())?,
            stop: find.declared(format.stop.as_deref())?,
            classification: find.declared(format.classification.as_deref())?,
            undeclared_hours: Vec::new(),
            names: Vec::new(),
        };
        // Where a class of hours is missing and nobody said that the file has none, it may go by another name.
        let unsure = [
            (&format.overtime, &columns.hours[1]),
            (&format.double_time, &columns.hours[2]),
        ]
        .iter()
        .any(|(declared, found)| declared.is_none() && found.is_none());
        columns.undeclared_hours = names
            .iter()
            .enumerate()
            .filter(|(at, name)| !columns.reads(*at) && (is_class_of_hours(name) || (unsure && is_some_hours(name))))
            .map(|(at, name)| Column { name: name.clone(), at })
            .collect();
        columns.names = names;
        Ok(columns)
    }

    /// How many columns every row has.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// Whether a cut within the column at this place changes what is read. Of a note it does not matter.
    pub(super) fn matters(&self, at: usize) -> bool {
        self.reads(at) && self.comment.as_ref().is_none_or(|comment| comment.at != at)
    }

    /// What a row has to do with a header: two exports may have been pasted together.
    pub(super) fn likeness(&self, record: &Record) -> Likeness {
        let names: Vec<String> = record.fields.iter().map(|name| normal(name)).collect();
        if names == self.names {
            return Likeness::Same;
        }
        let regular = self.hours[0].iter();
        let required = [&self.employee, &self.work_date].into_iter().chain(regular);
        let found = required.filter(|column| names.contains(&normal(&column.name)));
        if found.count() > 1 {
            Likeness::Other
        } else {
            Likeness::None
        }
    }

    fn reads(&self, at: usize) -> bool {
        let others = [&self.location, &self.cost_code, &self.comment, &self.start, &self.stop];
        [&self.employee, &self.work_date]
            .into_iter()
            .chain(self.hours.iter().flatten())
            .chain(others.into_iter().flatten())
            .chain(&self.classification)
            .any(|column| column.at == at)
    }
}

/// Finds columns in a header.
struct Find<'a> {
    line: u64,
    names: &'a [String],
    format: &'a CsvFormat,
}

impl Find<'_> {
    /// A column that may be missing.
    fn optional(&self, name: &str) -> Result<Option<Column>, CsvError> {
        let wanted = normal(name);
        let mut places = self.names.iter().enumerate().filter(|(_, present)| **present == wanted);
        let found = places.next().map(|(at, _)| Column {
            name: name.to_owned(),
            at,
        });
        if places.next().is_some() {
            return Err(CsvError::DoubledColumn {
                line: self.line,
                column: name.to_owned(),
            });
        }
        Ok(found)
    }

    fn required(&self, name: &str) -> Result<Column, CsvError> {
        self.optional(name)?.ok_or_else(|| CsvError::MissingColumn {
            line: self.line,
            column: name.to_owned(),
            found: self.told(),
        })
    }

    /// A column that must be there if it is declared; declared blank, the file has none.
    fn declared(&self, name: Option<&str>) -> Result<Option<Column>, CsvError> {
        let name = name.filter(|name| !name.trim().is_empty());
        name.map(|name| self.required(name)).transpose()
    }

    /// The same with a name by which it is read where nothing is declared.
    fn expected(&self, name: Option<&str>, default: &str) -> Result<Option<Column>, CsvError> {
        match name {
            Some(name) => self.declared(Some(name)),
            None => self.optional(default),
        }
    }

    /// What is there, without a name that might be a value of a row.
    fn told(&self) -> String {
        let format = self.format;
        let known = [
            Some(format.employee.as_str()),
            Some(format.work_date.as_str()),
            Some(format.location.as_deref().unwrap_or(LOCATION)),
            Some(format.cost_code.as_deref().unwrap_or(COST_CODE)),
            Some(format.regular.as_str()),
            Some(format.overtime.as_deref().unwrap_or(OVERTIME)),
            Some(format.double_time.as_deref().unwrap_or(DOUBLE_TIME)),
            Some(format.comment.as_deref().unwrap_or(COMMENT)),
            format.start.as_deref(),
            format.stop.as_deref(),
            format.classification.as_deref(),
        ];
        let known: Vec<&str> = known
            .into_iter()
            .flatten()
            .filter(|name| !name.trim().is_empty() && self.names.contains(&normal(name)))
            .collect();
        match (self.names.len(), known.as_slice()) {
            (count, []) => format!("none of its {count} columns is one that is read"),
            (count, known) => format!("of its {count} columns, these are read: {}", known.join(", ")),
        }
    }
}

/// A name as names are compared. A spreadsheet may have put a byte order mark in front.
fn normal(name: &str) -> String {
    name.trim_start_matches('\u{feff}').trim().to_lowercase()
}

/// Whether it is how a class of hours is called: `OT3`, `Overtime`, `Double Time Hours`.
fn is_class_of_hours(name: &str) -> bool {
    let letters: String = name.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let class = ["hours", "hrs"]
        .iter()
        .find_map(|ending| letters.strip_suffix(ending))
        .unwrap_or(&letters)
        .trim_end_matches(|digit: char| digit.is_ascii_digit());
    ["ot", "overtime", "dt", "double", "doubletime", "doubleovertime"].contains(&class)
}

/// Whether it ends as the name of hours of any kind does.
fn is_some_hours(name: &str) -> bool {
    ["hours", "hrs"].iter().any(|ending| name.ends_with(ending))
}
