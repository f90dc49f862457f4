//! What is to be written, one change at a time, as plain data: plans list it, the journal keeps it.

mod line;
mod record;

pub use line::{Carried, LineAction, LineChange, LineKey, LineView};
pub use record::{AttributeChange, RecordAction, RecordChange};
