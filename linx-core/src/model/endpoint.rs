//! The ways by which Procore takes new timecard entries.

use serde::{Deserialize, Serialize};

/// The endpoint of Procore's by which new lines are written. A line of which it would lose something, such as a lunch
/// break, is written by another one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryEndpoint {
    /// One entry per request at company level: the widest set of fields that is generally available
    /// (procore-api.md section 7.2 a).
    #[default]
    SingleEntries,
    /// Many entries of any projects in one request; it takes neither cost type nor lunch (procore-api.md section 7.2,
    /// f).
    CompanyBulk,
    /// Up to 25 entries of one project in one request. It takes every field, but only of companies that Procore has
    /// enrolled (procore-api.md section 7.2, e).
    ProjectBulk,
}

impl EntryEndpoint {
    /// Every endpoint, the generally available ones first.
    pub const IN_ORDER: [Self; 3] = [Self::SingleEntries, Self::CompanyBulk, Self::ProjectBulk];

    /// Returns the word for it in settings, such as `company-bulk`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleEntries => "single-entries",
            Self::CompanyBulk => "company-bulk",
            Self::ProjectBulk => "project-bulk",
        }
    }

    /// Returns how many entries Linx puts into one request: 1, 100 or 25. Procore names no bound for the company's
    /// bulk; with 100, few entries are in doubt when a request is cut off.
    pub fn most(self) -> usize {
        match self {
            Self::SingleEntries => 1,
            Self::CompanyBulk => 100,
            Self::ProjectBulk => 25,
        }
    }
}
