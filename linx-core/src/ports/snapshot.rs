//! Lists, and what may be concluded from them.

use crate::hold::{Held, List, Reason, Refusal, Subject};

/// A row that the service has and that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRow {
    /// The id of the row in its service, where that could be read.
    pub id: Option<String>,
    /// Which attribute was wrong, and how. Without the value, which may be personal (hazard A14).
    pub reason: String,
}

impl UnreadRow {
    /// A row whose id is known.
    pub fn new(id: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            reason: reason.into(),
        }
    }

    /// A row of which not even the id could be read.
    pub fn without_id(reason: impl Into<String>) -> Self {
        Self {
            id: None,
            reason: reason.into(),
        }
    }
}

/// A list as it was read at one moment.
///
/// What is in [`rows`](Self::rows) is there. What is not in them is known to be absent only if
/// [`proves_absence`](Self::proves_absence) holds. A list that failed altogether is an error of the port, never an empty
/// snapshot (hazard C16).
#[derive(Debug, Clone)]
pub struct Snapshot<T> {
    /// The rows that could be read, each id once.
    pub rows: Vec<T>,
    /// Rows that the service has and that could not be read.
    pub unreadable: Vec<UnreadRow>,
    /// Why rows may be missing, for a person to read. `None` when the list was read to its end.
    pub incomplete: Option<String>,
    /// Whether it never tells of more than is in it, such as the time in the file of one crew. It was read to its end, and
    /// absence from it means nothing all the same.
    pub partial_by_nature: bool,
}

impl<T> Snapshot<T> {
    /// A list that was read to its end and whose rows could all be read.
    pub fn complete(rows: Vec<T>) -> Self {
        Self {
            rows,
            unreadable: Vec::new(),
            incomplete: None,
            partial_by_nature: false,
        }
    }

    /// Whether what is not in the rows is absent in the service (hazards A3, B4): the list is a whole one, was read to its
    /// end, and every row could be read.
    pub fn proves_absence(&self) -> bool {
        self.was_read_whole() && !self.partial_by_nature
    }

    /// Whether it was read to its end, and every row of it.
    pub(crate) fn was_read_whole(&self) -> bool {
        self.incomplete.is_none() && self.unreadable.is_empty()
    }

    /// Why what is not in the rows may be there all the same, for a person to read; `None` where the list
    /// [proves absence](Self::proves_absence).
    pub fn doubt(&self) -> Option<String> {
        let unreadable = || match self.unreadable.len() {
            0 => None,
            1 => Some("one row of the list could not be read".to_owned()),
            more => Some(format!("{more} rows of the list could not be read")),
        };
        let partial = || {
            self.partial_by_nature
                .then(|| "it tells of what is in it and of nothing else".to_owned())
        };
        self.incomplete.clone().or_else(unreadable).or_else(partial)
    }

    /// What a person has to know of: that the list was not read to its end, and each row that could not be read (hazards A6,
    /// A11).
    pub(crate) fn unread(&self, list: List) -> Vec<Held> {
        let incomplete = self.incomplete.iter();
        let incomplete =
            incomplete.map(|why| Held::new(Subject::List(list), Refusal::new(Reason::IncompleteList, why.clone())));
        let rows = self.unreadable.iter().map(|row| {
            let subject = match (list, &row.id) {
                (List::TimeRecords, Some(id)) => Subject::TimeRecord(id.clone()),
                (_, id) => Subject::Row(list, id.clone()),
            };
            Held::new(subject, Refusal::new(Reason::UnreadableRow, row.reason.clone()))
        });
        incomplete.chain(rows).collect()
    }

    /// Adds the rows of another list, which must share none with this one. The sum proves absence if both do.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self.unreadable.extend(other.unreadable);
        self.incomplete = self.incomplete.or(other.incomplete);
        self.partial_by_nature |= other.partial_by_nature;
        self
    }
}

// Only Procore's lists hold rows that are of no interest.
#[cfg(feature = "procore")]
impl<T> Snapshot<Option<T>> {
    /// The rows that are of interest; what may be concluded from their absence stays the same.
    pub(crate) fn flatten(self) -> Snapshot<T> {
        Snapshot {
            rows: self.rows.into_iter().flatten().collect(),
            unreadable: self.unreadable,
            incomplete: self.incomplete,
            partial_by_nature: self.partial_by_nature,
        }
    }
}
