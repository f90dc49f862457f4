//! One JSON document.

use serde::Serialize;

use super::visible::is_obeyed;
use crate::error::CliError;

/// Returns `value` as indented JSON with a line end.
pub fn render(value: &impl Serialize) -> Result<String, CliError> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| CliError::failed("the report cannot be written as JSON").caused_by(error))?;
    // JSON lets some characters stand that a terminal obeys. They can only be in a text; the line breaks are ours.
    let obeyed = |character: char| character != '\n' && is_obeyed(character);
    if text.contains(obeyed) {
        let escaped = text.chars().map(|character| match character {
            _ if obeyed(character) => format!("\\u{:04x}", u32::from(character)),
            _ => character.to_string(),
        });
        text = escaped.collect();
    }
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_json_turns_a_terminal_and_none_loses_a_character() {
        let name = "Ann\u{9b}31m\u{202e}\u{1b}\u{7f}\n";
        let text = render(&[name]).unwrap();
        let obeyed = |character: char| character != '\n' && is_obeyed(character);
        assert!(!text.contains(obeyed), "{text:?}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&text).unwrap(), [name]);
    }
}
