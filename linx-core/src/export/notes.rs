//! Notes that name what they are about.

/// How many of a kind a note names.
pub(super) const NAMED: usize = 10;

/// The first few by name, and how many more there are.
pub(super) fn first_few(count: usize, items: &[String]) -> String {
    let named = items
        .iter()
        .take(NAMED)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match count.saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
