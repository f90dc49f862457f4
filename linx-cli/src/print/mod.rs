//! What a person or a script reads. Reports become a [`document::Document`] once; text and HTML are its two renderings.

pub mod beside;
pub mod checks;
pub mod contract;
pub mod csv;
pub mod document;
pub mod export;
pub mod history;
pub mod html;
pub mod json;
pub mod links;
pub mod printer;
pub mod progress;
pub mod reasons;
pub mod sync;
pub mod text;
pub mod visible;
pub mod words;

pub use document::Document;
pub use printer::Printer;
