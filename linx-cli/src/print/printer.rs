//! The one place that writes to stdout, stderr and the page.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anstream::{AutoStream, ColorChoice};
use serde::Serialize;

use super::document::Document;
use super::progress::ProgressLine;
use super::{html, json, text};
use crate::args::{Format, Global};
use crate::error::CliError;
use crate::file;

/// The width of a report that goes to a file or a pipe.
const UNKNOWN_WIDTH: usize = 100;
const NARROWEST: usize = 60;

/// Prints reports in the form that was asked for.
pub struct Printer {
    format: Format,
    quiet: bool,
    color: ColorChoice,
    page: Option<PathBuf>,
    width: usize,
    progress: Arc<ProgressLine>,
}

impl Printer {
    /// A printer in the form, width and colours that the options and the terminal ask for.
    pub fn new(global: &Global) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let width = terminal_size::terminal_size()
            .filter(|_| terminal)
            .map(|(width, _)| usize::from(width.0));
        Self {
            format: global.format,
            quiet: global.quiet,
            color: global.color.choice(),
            page: global.html.clone(),
            width: width.unwrap_or(UNKNOWN_WIDTH).clamp(NARROWEST, text::WIDEST),
            progress: Arc::new(ProgressLine::new(global.quiet)),
        }
    }

    /// Makes sure that the page can be written, before anything is done that it is to tell of.
    pub fn check_page(&self) -> Result<(), CliError> {
        self.page.as_deref().map_or(Ok(()), file::check)
    }

    /// Who shows how far a run has come.
    pub fn progress(&self) -> Arc<ProgressLine> {
        Arc::clone(&self.progress)
    }

    /// Prints a report: as text of the terminal's width, or as `value` in JSON; and as a page, if one was asked for. No
    /// terminal or browser obeys what stands in a name.
    pub fn report(&self, document: &Document, value: &impl Serialize) -> Result<(), CliError> {
        let document = &document.visible();
        match self.format {
            Format::Json => self.out(&json::render(value)?)?,
            Format::Text if self.quiet => {}
            Format::Text => self.out(&text::render(document, self.width))?,
        }
        match &self.page {
            None => Ok(()),
            Some(path) => file::replace(path, &html::render(document)?),
        }
    }

    /// Writes to stdout as it is, whatever the format. A reader that has gone is no error: the work is done.
    pub fn out(&self, text: &str) -> Result<(), CliError> {
        self.progress.clear();
        let mut stdout = AutoStream::new(std::io::stdout(), self.color).lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(CliError::failed("the report could not be written to stdout").caused_by(error))
            }
            _ => Ok(()),
        }
    }

    /// Says something beside the report, on stderr, unless quiet was asked for.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.err(text);
        }
    }

    /// Tells an error, on stderr.
    pub fn error(&self, error: &CliError) {
        self.err(&error.lines());
    }

    fn err(&self, text: &str) {
        self.progress.clear();
        let mut stderr = AutoStream::new(std::io::stderr(), self.color).lock();
        // Nobody is left to be told that stderr is closed.
        let _ = stderr.write_all(text.as_bytes());
    }
}
