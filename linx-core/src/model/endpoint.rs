//! The ways by which Procore takes new timecard entries.

use serde::{Deserialize, Serialize};

/// How new lines are written. Another way is taken for a line of which this one would lose something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryEndpoint {
    /// One entry per request at company level: the widest set of fields that is generally available
    /// (procore-api.md section 7.2 a).
    #[default]
    SingleEntries,
    /// Many of any projects at once: no cost type, no lunch (procore-api.md section 7.2, f).
    CompanyBulk,
    /// Up to 25 of a project at once: every field, but only for companies that Procore has enrolled (procore-api.md
    /// section 7.2, e).
    ProjectBulk,
}

impl EntryEndpoint {
    /// Every endpoint, the generally available ones first.
    pub const IN_ORDER: [Self; 3] = [Self::SingleEntries, Self::CompanyBulk, Self::ProjectBulk];

    /// The word in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleEntries => "single-entries",
            Self::CompanyBulk => "company-bulk",
            Self::ProjectBulk => "project-bulk",
        }
    }

    /// How many entries one request takes. Procore names no bound for the company's bulk; 100 keep an unknown outcome
    /// small.
    pub fn most(self) -> usize {
        match self {
            Self::SingleEntries => 1,
            Self::CompanyBulk => 100,
            Self::ProjectBulk => 25,
        }
    }
}
