//! Records of a file by the letter of RFC 4180, which tells what a lenient reader hides: an open quote, text after a
//! closing one, another encoding, a last line that may be cut.

use std::io::{BufRead, BufReader, Read};

use super::error::CsvError;

/// Bytes of the longest row: notes included, hundreds of times an ordinary one.
pub(super) const LONGEST_ROW: usize = 64 * 1024;

/// One record.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The line it begins on.
    pub(super) line: u64,
    pub(super) fields: Vec<String>,
    /// Whether a field that is not quoted has a quote within: the exporter does not write by the rules.
    pub(super) stray_quote: bool,
    /// Whether the file ends within the last field, for all that can be seen: it is not quoted, and no line break
    /// follows it.
    pub(super) open_ended: bool,
}

impl Record {
    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }
}

/// The records of a file, one by one.
pub(super) struct Records<R> {
    input: BufReader<R>,
    delimiter: char,
    /// Lines read so far.
    line: u64,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R, delimiter: char) -> Result<Self, CsvError> {
        if !delimiter.is_ascii() || "\"\r\n\0".contains(delimiter) {
            return Err(CsvError::Delimiter);
        }
        Ok(Self {
            input: BufReader::new(input),
            delimiter,
            line: 0,
        })
    }

    /// Returns the next record of a file with so many columns, or none at its end. Of a header the columns are not known
    /// yet: it is one line.
    pub(super) fn next(&mut self, columns: Option<usize>) -> Result<Option<Record>, CsvError> {
        let Some(mut line) = self.read_line(LONGEST_ROW)? else {
            return Ok(None);
        };
        let first = self.line;
        let quote = || CsvError::Quote { line: first };
        let mut parser = Parser::new(self.delimiter, columns);
        let mut length = line.text.len();
        parser.feed(&line.text).ok_or_else(quote)?;
        while parser.at == At::Quoted {
            let left = LONGEST_ROW.saturating_sub(length);
            line = self.read_line(left)?.ok_or_else(quote)?;
            length += line.text.len() + 1;
            parser.feed_break();
            parser.feed(&line.text).ok_or_else(quote)?;
        }
        let open_ended = !line.broken && parser.at != At::Closed;
        parser.end_field().ok_or_else(quote)?;
        Ok(Some(Record {
            line: first,
            fields: parser.fields,
            stray_quote: parser.stray_quote,
            open_ended,
        }))
    }

    /// Returns the next line of at most so many bytes, or none at the end of the file.
    fn read_line(&mut self, longest: usize) -> Result<Option<Line>, CsvError> {
        let number = self.line.saturating_add(1);
        let mut bytes = Vec::new();
        // The line break of a line that is just as long as it may be: `\r\n`.
        let most = u64::try_from(longest.saturating_add(2)).unwrap_or(u64::MAX);
        (&mut self.input)
            .take(most)
            .read_until(b'\n', &mut bytes)
            .map_err(|source| CsvError::Read { line: number, source })?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.line = number;
        let broken = bytes.pop_if(|last| *last == b'\n').is_some();
        if broken {
            bytes.pop_if(|last| *last == b'\r');
        }
        if bytes.len() > longest {
            return Err(CsvError::LongRow {
                line: number,
                limit: LONGEST_ROW,
            });
        }
        // UTF-16 of plain letters is UTF-8 with zeros between, were it not for its mark.
        match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Ok(Some(Line { text, broken })),
            _ => Err(CsvError::Encoding { line: number }),
        }
    }
}

/// A line without its break.
struct Line {
    text: String,
    /// Whether a break ended it, and not the end of the file.
    broken: bool,
}

/// Where in a field the parser stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before it, blanks aside.
    Start,
    /// Within one that is not quoted.
    Plain,
    /// Between its quotes.
    Quoted,
    /// After a quote within a quoted field: the closing one, or the first of two that stand for one.
    Closed,
}

/// Takes lines apart; `None` is a quote that does not close where its field ends.
struct Parser {
    delimiter: char,
    columns: Option<usize>,
    at: At,
    field: String,
    fields: Vec<String>,
    stray_quote: bool,
    /// Delimiters between the quotes of this field.
    quoted_delimiters: usize,
    /// Whether this field has a line break.
    spans_lines: bool,
}

impl Parser {
    fn new(delimiter: char, columns: Option<usize>) -> Self {
        Self {
            delimiter,
            columns,
            at: At::Start,
            field: String::new(),
            fields: Vec::new(),
            stray_quote: false,
            quoted_delimiters: 0,
            spans_lines: false,
        }
    }

    fn feed(&mut self, line: &str) -> Option<()> {
        for sign in line.chars() {
            match (self.at, sign) {
                (At::Quoted, '"') => self.at = At::Closed,
                (At::Quoted, sign) => {
                    self.quoted_delimiters += usize::from(sign == self.delimiter);
                    self.field.push(sign);
                }
                (_, sign) if sign == self.delimiter => self.end_field()?,
                (At::Start, '"') if self.field.is_empty() => self.at = At::Quoted,
                (At::Closed, '"') => {
                    self.field.push('"');
                    self.at = At::Quoted;
                }
                // Text after a closing quote; blanks before a quote, of which it is anybody's guess whether it opens.
                (At::Closed, _) | (At::Start, '"') => return None,
                (At::Start | At::Plain, sign) => {
                    self.stray_quote |= sign == '"';
                    if !is_blank(sign) {
                        self.at = At::Plain;
                    }
                    self.field.push(sign);
                }
            }
        }
        Some(())
    }

    /// A line break within a quoted field.
    fn feed_break(&mut self) {
        self.field.push('\n');
        self.spans_lines = true;
    }

    /// A field over several lines that has as many delimiters as a row has taken in a row: of two quotes in one column,
    /// one opens in this row, by mistake, and the other closes in the next.
    fn end_field(&mut self) -> Option<()> {
        let takes_a_row = self.columns.is_none_or(|columns| self.quoted_delimiters + 1 >= columns);
        if self.spans_lines && takes_a_row {
            return None;
        }
        self.fields.push(std::mem::take(&mut self.field));
        self.at = At::Start;
        self.quoted_delimiters = 0;
        self.spans_lines = false;
        Some(())
    }
}

/// A blank, or the mark that a spreadsheet puts in front of a file.
fn is_blank(sign: char) -> bool {
    sign.is_whitespace() || sign == '\u{feff}'
}
