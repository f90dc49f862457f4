//! One JSON document.

use serde::Serialize;

use crate::error::CliError;

/// Returns `value` as indented JSON with a line end.
pub fn render(value: &impl Serialize) -> Result<String, CliError> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| CliError::failed("the report cannot be written as JSON").caused_by(error))?;
    text.push('\n');
    Ok(text)
}
