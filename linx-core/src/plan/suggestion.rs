//! A likely pair for a person to confirm (hazards C3, C4, C7, C8). It never links anything by itself.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{Kind, OfficeRef, RecordId};

/// What speaks for a pair. Says what agrees, never the values (hazard A14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Numbers or codes that differ only in leading zeros, case, blanks and separators.
    NearIdentifier,
    /// The same words in the name, in any order and case.
    SameName,
    /// The same last name and first initial, or the same words but for numbers.
    LikelyName,
    /// The same e-mail address.
    SameEmail,
}

impl Evidence {
    /// Returns what agrees, in words for a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::NearIdentifier => "identifiers alike but for zeros, case or separators",
            Self::SameName => "same name",
            Self::LikelyName => "likely name",
            Self::SameEmail => "same e-mail address",
        }
    }

    /// How much it counts, in percent; the sum of a pair stays under 100, since only a person is sure.
    pub(crate) fn weight(self) -> u8 {
        match self {
            Self::NearIdentifier => 50,
            Self::SameName => 30,
            Self::LikelyName => 15,
            Self::SameEmail => 19,
        }
    }
}

/// Two that are likely the same and are not linked: an entity of Procore's and a record of ExakTime's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Suggestion {
    /// The kind of the record in ExakTime.
    pub kind: Kind,
    /// Procore's entity.
    pub office: OfficeRef,
    /// ExakTime's record.
    #[serde(rename = "field")]
    pub record: RecordId,
    /// The worker who left and with whom the record is still linked (hazard C3): unlinked first, it can be linked anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<OfficeRef>,
    /// How much speaks for it in percent, from 1 to 99: the sum over its evidence. Near numbers and the same name are
    /// 80.
    pub score: u8,
    /// What the two have in common.
    pub evidence: BTreeSet<Evidence>,
}

impl Suggestion {
    /// Whether it is all too likely the same: of the number, but for zeros and signs, the name and the e-mail address two agree.
    pub fn is_strong(&self) -> bool {
        let whole = [Evidence::NearIdentifier, Evidence::SameName, Evidence::SameEmail];
        whole.iter().filter(|evidence| self.evidence.contains(evidence)).count() >= 2
    }
}

/// By ids and evidence; no values (hazard A14).
impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let evidence: Vec<&str> = self.evidence.iter().map(|evidence| evidence.words()).collect();
        let (kind, record, score) = (self.kind, &self.record, self.score);
        let linked = match self.linked {
            Some(left) => format!(", linked with {left}, who left"),
            None => String::new(),
        };
        write!(f, "{kind} {record}{linked}: {} ({score}%)", evidence.join(", "))
    }
}
