//! How a word finds what it stands for: by number, by name or by id.
//!
//! How much a number or name may differ from the word depends on who wrote both, so there are three rules:
//!
//! | rule | for | reason |
//! | --- | --- | --- |
//! | [`exact`] | employees, places and projects that a person picks out; settings that name projects in an export | `00101` and `101` may be two people |
//! | [`but_for_ascii_case`] | time types, work classifications, codes of a project | labels of Procore's; the ledger and held time rest on what was found so far |
//! | [`but_for_case`] | what a sync chooses: titles, stages, lists, numbers | words that people type, in any alphabet |

/// Whether `word` means a thing: one of its numbers or names is `alike`, or its id is the word exactly as written.
///
/// ```text
/// " regular time" means the time type 1 "Regular Time" under but_for_ascii_case, and so does "1"; " 1" does not
/// ```
pub(crate) fn is_called<'a>(
    word: &str,
    names: impl IntoIterator<Item = Option<&'a str>>,
    id: Option<&str>,
    alike: fn(&str, &str) -> bool,
) -> bool {
    names.into_iter().flatten().any(|name| alike(name, word)) || id == Some(word)
}

/// Whether two texts are the same, sign by sign: numbers keep their zeros.
pub(crate) fn exact(one: &str, other: &str) -> bool {
    one == other
}

/// Whether two texts differ in the case of the letters a to z and in blanks at their ends only: `OT 1.5X ` is
/// `ot 1.5x`, and `ÉTÉ` is not `été`.
pub(crate) fn but_for_ascii_case(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Whether two texts differ in the case of any letters and in blanks at their ends only: `ÉTÉ ` is `été`.
pub(crate) fn but_for_case(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_a_thing_by_number_name_or_id() {
        let is_meant = |word, alike| is_called(word, [Some("00101"), None, Some("Été")], Some("7"), alike);
        for alike in [exact, but_for_ascii_case, but_for_case] {
            assert!(is_meant("00101", alike) && is_meant("7", alike) && is_meant("Été", alike));
            assert!(!is_meant("101", alike) && !is_meant(" 7", alike) && !is_meant("", alike));
        }
        assert!(!is_meant(" 00101", exact) && is_meant(" 00101", but_for_ascii_case));
        assert!(is_meant("ÉtÉ", but_for_case) && !is_meant("ÉtÉ", but_for_ascii_case));
    }
}
