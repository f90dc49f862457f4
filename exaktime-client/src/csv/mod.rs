//! Time records out of a CSV export of ExakTime Connect, for those who cannot wait for the nightly warehouse.
//!
//! What a column holds and how it is written is declared, never guessed: `8.30` is eight hours and eighteen minutes,
//! and a colon in a decimal column is an error (hazard D14). A row that cannot be read is told with its line, and the
//! rest go on. Rows come one by one in constant memory.

mod columns;
mod format;
mod hours;
mod rows;

pub use columns::CsvError;
pub use format::CsvFormat;
pub use hours::HoursFormat;
pub use rows::{CsvRowError, CsvTime, Rows, read};
