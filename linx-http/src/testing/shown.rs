//! What an error may show.

use std::error::Error;

/// The most characters that a line of an error may have.
const LONGEST: usize = 4000;

/// Words that good examples hold where names and texts stand, and that no error may repeat. They have a blank, which no id has.
pub(super) const PRIVATE: &str = "Zyz zyva";

/// Checks what an error and its causes would print into a log: one line each, of a length that somebody reads, with nothing in
/// it that a terminal obeys, and without what stood in the input: examples hold `Zyz zyva` where names and texts are (hazard A14).
///
/// # Panics
///
/// If an error shows any of that.
pub fn assert_harmless(error: &(dyn Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        for text in [error.to_string(), format!("{error:?}")] {
            let start: String = text.chars().take(300).collect();
            assert!(text.chars().count() <= LONGEST, "an error without end: {start}");
            assert!(!text.chars().any(char::is_control), "a control in an error: {start:?}");
            assert!(
                !text.contains(PRIVATE),
                "an error repeats what stood in the input: {start}"
            );
        }
        next = error.source();
    }
}
