//! Text of others, made harmless: a terminal obeys none of it, and a table calculator neither.

use std::borrow::Cow;

/// Returns `text` with a visible sign for each character that a terminal would obey instead of showing it: controls and
/// escapes, line breaks, and marks that turn the direction of writing.
///
/// A name of `Ann\u{1b}[2J` would clear the screen, and one with U+202E shows `exe.gpj` as `jpg.exe`. Each sign is one
/// column wide, so that tables keep their columns: `␛` for an escape, `␊` for a line break, `�` for the others.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.contains(is_obeyed) {
        text.chars().map(sign).collect()
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a terminal obeys a character. Joiners that some scripts need are not among them.
pub fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The sign for a character, or the character.
fn sign(character: char) -> char {
    match u32::from(character) {
        // The pictures of these stand in their order in a block of their own.
        code @ ..0x20 => char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER),
        0x7f => '\u{2421}',
        _ if is_obeyed(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_becomes_a_sign_of_one_column() {
        for (text, shown) in [
            ("Ann Example", "Ann Example"),
            ("Ann\u{1b}[2J", "Ann␛[2J"),
            ("one\r\ntwo\tthree\u{7f}", "one␍␊two␉three␡"),
            ("\u{9b}31m", "�31m"),
            ("jpg.\u{202e}exe", "jpg.�exe"),
            ("\u{2066}a\u{2069}\u{202a}\u{200f}\u{061c}\u{2028}", "�a�����"),
            ("Zoë 王小明 \u{200d}", "Zoë 王小明 \u{200d}"),
        ] {
            assert_eq!(visible(text), shown);
            assert_eq!(visible(text).chars().count(), text.chars().count());
        }
    }
}
