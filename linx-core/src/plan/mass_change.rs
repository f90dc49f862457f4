//! Changes that are too many to be made without a person's consent.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::hold::Remedy;
use crate::model::Kind;
use crate::settings::Guard;

/// What many records or lines would become at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Becoming {
    /// Records of this kind would be deactivated.
    Deactivated(Kind),
    /// Records of this kind would be updated or reactivated.
    Changed(Kind),
    /// Lines would be deleted or lowered, since ExakTime shows less time than was sent.
    Reduced,
}

impl Becoming {
    /// Returns the kind of the records; `None` for lines.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Deactivated(kind) | Self::Changed(kind) => Some(kind),
            Self::Reduced => None,
        }
    }
}

const EMPTY_LIST: &str = "and a list of Procore's is empty";

/// A group of changes that the guard took out of a plan (hazard B5). Each of them is held as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MassChange {
    /// What they would become at once.
    pub becoming: Becoming,
    /// How many records or lines would change.
    pub count: usize,
    /// Out of how many: the linked and active records of the kind, or the lines that were sent.
    pub population: usize,
    /// The limit that they exceed; `None` where the source needs consent by itself: a list of Procore's came out empty, or
    /// ExakTime shows less than half of the hours that were sent for the days asked for.
    pub limit: Option<Guard>,
}

impl MassChange {
    /// What would happen, and why it needs consent: `12 of 40 location records would be deactivated, and the guard lets
    /// 10% or 10 pass`.
    pub fn what(&self) -> String {
        let (count, population) = (self.count, self.population);
        let (would, by_itself) = match self.becoming {
            Becoming::Deactivated(kind) => (
                format!("{count} of {population} {kind} records would be deactivated"),
                EMPTY_LIST,
            ),
            Becoming::Changed(kind) => (
                format!("{count} of {population} {kind} records would be changed"),
                EMPTY_LIST,
            ),
            Becoming::Reduced => (
                format!(
                    "{count} of {population} lines would be deleted or lowered, since ExakTime shows less time than was sent"
                ),
                "and it shows less than half of the hours that were sent for these days",
            ),
        };
        match self.limit {
            Some(guard) => format!(
                "{would}, and the guard lets {}% or {} pass, and no more than half",
                guard.percent, guard.count
            ),
            None => format!("{would}, {by_itself}"),
        }
    }

    /// Returns what a person should look at before consenting: `the plan` or `the time records`.
    pub fn look_at(&self) -> &'static str {
        match self.becoming {
            Becoming::Deactivated(_) | Becoming::Changed(_) => "the plan",
            Becoming::Reduced => "the time records",
        }
    }

    /// Returns what lets the changes pass if they are right: consent for one run, or a higher limit where one is
    /// exceeded.
    pub fn remedies(&self) -> Vec<Remedy> {
        let settings = match self.becoming {
            Becoming::Deactivated(_) | Becoming::Changed(_) => Remedy::Settings("sync.guard"),
            Becoming::Reduced => Remedy::Settings("export.guard"),
        };
        let raise = self.limit.map(|_| settings);
        [Remedy::AllowMassChange].into_iter().chain(raise).collect()
    }
}

impl fmt::Display for MassChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: look at {} before you consent", self.what(), self.look_at())
    }
}
