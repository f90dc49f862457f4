//! Why one thing was refused by a rule of ours.

use super::Reason;

/// A reason, with what is particular to the one thing that it stops.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refusal {
    /// Why, from the catalogue.
    pub reason: Reason,
    /// What is particular to this one, such as the code that is missing; empty where the reason says it all. Ids and
    /// codes, no names (hazard A14).
    pub detail: String,
}

impl Refusal {
    /// A reason with its detail.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

/// A reason that says it all.
impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::new(reason, "")
    }
}
