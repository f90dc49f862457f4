//! What was read of a list, and whether that is all of it.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use serde_json::value::RawValue;

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

/// Whether `seen` different rows are all, given the first and the last total that the server told (hazards A3, A6).
fn completeness(totals: Option<(u64, u64)>, seen: usize) -> Completeness {
    match totals {
        None => Completeness::Complete,
        Some((first, last)) if first == last && u64::try_from(seen) == Ok(last) => Completeness::Complete,
        Some((first, last)) if first == last => {
            Completeness::Incomplete(format!("the server counts {last} rows and {seen} different ones came"))
        }
        Some((first, last)) => Completeness::Incomplete(format!(
            "the server counted {first} rows at its first page and {last} at its last, and {seen} different ones came"
        )),
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

/// Rows joined by id. A row that comes twice keeps its first place and has its latest content.
pub(super) struct Gathered<T> {
    rows: Vec<T>,
    places: HashMap<String, usize>,
    unreadable: Vec<UnreadableRow>,
    unreadable_ids: HashSet<String>,
}

impl<T> Gathered<T> {
    pub(super) fn new() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
            unreadable: Vec::new(),
            unreadable_ids: HashSet::new(),
        }
    }

    pub(super) fn add(&mut self, id: String, row: T) {
        match self.places.entry(id) {
            Entry::Occupied(place) => self.rows[*place.get()] = row,
            Entry::Vacant(place) => {
                place.insert(self.rows.len());
                self.rows.push(row);
            }
        }
    }

    pub(super) fn add_unreadable(&mut self, row: UnreadableRow) {
        if row.id.as_ref().is_none_or(|id| self.unreadable_ids.insert(id.clone())) {
            self.unreadable.push(row);
        }
    }

    /// Returns what was gathered as a listing. `totals` are the first and the last total that the server told.
    pub(super) fn into_listing(self, totals: Option<(u64, u64)>) -> Listing<T> {
        let completeness = completeness(totals, self.rows.len() + self.unreadable.len());
        Listing {
            rows: self.rows,
            unreadable: self.unreadable,
            completeness,
        }
    }
}
