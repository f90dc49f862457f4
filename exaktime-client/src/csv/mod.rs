//! Time records out of a CSV export of ExakTime Connect, for those who cannot wait for the nightly warehouse.
//!
//! What a column holds and how it is written is declared, never guessed: `8.30` is eight hours and eighteen minutes,
//! and a colon in a decimal column is an error (hazard D14). A row that cannot be read is told with its line, and the
//! rest go on. Where one fault leaves it open which rows are right, such as a quote that never closes, the whole file is an
//! error (hazard D28). A file that is cut where a row ends cannot be told from a whole one: absence from it proves nothing.
//!
//! Rows come one by one in constant memory. An error of the whole file may come after rows that were read: act on none of
//! them before the end.

mod columns;
mod error;
mod format;
mod hours;
mod records;
mod rows;
#[cfg(test)]
mod tests;

pub use error::{CsvError, CsvRowError};
pub use format::CsvFormat;
pub use hours::HoursFormat;
pub use rows::{CsvTime, Rows, read};
