//! What was read of a list, and whether that is all of it.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use serde_json::value::RawValue;

use super::scheme::Page;

/// One row of a list: read, or with the reason why it could not be (hazard A11).
#[derive(Debug, Clone, PartialEq)]
pub enum Guarded<T> {
    /// The row.
    Row(T),
    /// A row that could not be read; the others go on.
    Unreadable(UnreadableRow),
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRow {
    /// The row's id, where that could be read.
    pub id: Option<String>,
    /// Which field, and what was wrong with it; never a value (hazard A14).
    pub reason: String,
}

/// Whether a list was read from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// Every row was seen. Absence from this list means something.
    Complete,
    /// Rows may be missing, for this reason. Nothing may be taken for removed.
    Incomplete(String),
}

/// What was read of a list, and whether that is all of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Listing<T> {
    /// The rows, in the server's order, each id once.
    pub rows: Vec<T>,
    /// The rows that could not be read, each id once.
    pub unreadable: Vec<UnreadableRow>,
    /// Whether these are all rows of the list.
    pub completeness: Completeness,
}

impl<T> Listing<T> {
    /// Whether absence from this list means something: it is complete and every row could be read.
    pub fn proves_absence(&self) -> bool {
        self.completeness == Completeness::Complete && self.unreadable.is_empty()
    }
}

/// What the pages of a list told of its end.
#[derive(Debug, Default)]
pub(super) struct ListEnd {
    /// The first total, and the first that differs from it, or else the last.
    totals: Option<(u64, u64)>,
    /// Why the last page is no proof of the end.
    doubt: Option<String>,
    /// Whether a page came that could only be the last.
    closed: bool,
    /// Whether rows came after such a page.
    reopened: bool,
}

impl ListEnd {
    /// Notes what a page tells.
    pub(super) fn note(&mut self, page: &Page) {
        if let Some(total) = page.total {
            // Pages on their way at once may come in any order: a row that was inserted is told by any of them.
            self.totals = Some(match self.totals {
                None => (total, total),
                Some((first, other)) if first != other => (first, other),
                Some((first, _)) => (first, total),
            });
        }
        self.reopened |= self.closed && !page.rows.is_empty();
        self.closed |= page.closing;
        self.doubt.clone_from(&page.doubt);
    }

    /// Whether `seen` different rows are all. The only place that decides it (hazards A3, A6, A17).
    pub(super) fn completeness(self, seen: usize) -> Completeness {
        match self.totals {
            _ if self.reopened => {
                Completeness::Incomplete("a page shorter than the others was followed by more rows".to_owned())
            }
            None => self.doubt.map_or(Completeness::Complete, Completeness::Incomplete),
            Some((first, last)) if first == last && u64::try_from(seen) == Ok(last) => Completeness::Complete,
            Some((first, last)) if first == last => {
                Completeness::Incomplete(format!("the server counts {last} rows and {seen} different ones came"))
            }
            Some((first, other)) => Completeness::Incomplete(format!(
                "the server counted {first} rows at its first page and {other} at another, and {seen} different ones came"
            )),
        }
    }
}

/// Returns the id of a row that could not be read, if it is a number or a text.
pub(super) fn id_of(row: &RawValue, key: &str) -> Option<String> {
    let mut fields: HashMap<String, Box<RawValue>> = serde_json::from_str(row.get()).ok()?;
    let id = fields.remove(key)?;
    match id.get().bytes().next()? {
        b'"' => serde_json::from_str(id.get()).ok(),
        b'-' | b'0'..=b'9' => Some(id.get().to_owned()),
        _ => None,
    }
}

/// An id as an error shows it. A long one, or one with blanks or controls in it, may be any text (hazard A14).
fn shown(id: &str) -> String {
    const LONGEST: usize = 100;
    let is_plain = |sign: char| !sign.is_control() && !sign.is_whitespace();
    if id.len() <= LONGEST && id.chars().all(is_plain) {
        format!("the id {id}")
    } else {
        "one id".to_owned()
    }
}

/// Rows joined by id. A row that comes twice counts once if it is the same. Two that differ are never merged: a list with
/// such rows is an error (hazard A3).
pub(super) struct Gathered<T> {
    rows: Vec<T>,
    /// The hash of each row's text, by the row's id.
    texts: HashMap<String, u64>,
    unreadable: Vec<UnreadableRow>,
    unreadable_ids: HashSet<String>,
    /// The first id whose rows differ.
    torn: Option<String>,
}

impl<T> Gathered<T> {
    pub(super) fn new() -> Self {
        Self {
            rows: Vec::new(),
            texts: HashMap::new(),
            unreadable: Vec::new(),
            unreadable_ids: HashSet::new(),
            torn: None,
        }
    }

    /// How many rows there are, each id once.
    pub(super) fn len(&self) -> usize {
        self.texts.len() + self.unreadable.len()
    }

    /// Adds a row whose text has the hash `content`.
    pub(super) fn add(&mut self, id: String, content: u64, row: T) {
        match self.texts.entry(id) {
            Entry::Occupied(text) => {
                if *text.get() != content {
                    self.torn.get_or_insert_with(|| text.key().clone());
                }
            }
            Entry::Vacant(text) => {
                text.insert(content);
                self.rows.push(row);
            }
        }
    }

    pub(super) fn add_unreadable(&mut self, row: UnreadableRow) {
        if row.id.as_ref().is_none_or(|id| self.unreadable_ids.insert(id.clone())) {
            self.unreadable.push(row);
        }
    }

    /// Returns what was gathered as a listing, by what its pages told.
    ///
    /// # Errors
    ///
    /// Why this is no list: two of its rows have one id and differ.
    pub(super) fn into_listing(self, end: ListEnd) -> Result<Listing<T>, String> {
        if let Some(id) = self.torn {
            return Err(format!("two rows with {} came, and they differ", shown(&id)));
        }
        let completeness = end.completeness(self.len());
        Ok(Listing {
            rows: self.rows,
            unreadable: self.unreadable,
            completeness,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a14_an_id_that_may_be_any_text_is_not_shown() {
        for (id, told) in [
            ("tr-7", "the id tr-7"),
            ("Ana Delgado", "one id"),
            ("7\u{1b}[2J", "one id"),
        ] {
            assert_eq!(shown(id), told);
        }
        assert_eq!(shown(&"tr-7".repeat(1000)), "one id");
    }
}
