//! A plan in a file: which kind it is, whose it is, and whether it is still as it was made.

use serde::{Deserialize, Serialize};

use super::{ExportPlan, FORMAT, SyncPlan};
use crate::digest::digest;
use crate::ledger::{Direction, Pair};

/// A plan of a sync or of an export.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AnyPlan {
    /// What a sync would write to ExakTime.
    Sync(SyncPlan),
    /// What an export would write to Procore.
    Export(ExportPlan),
}

impl AnyPlan {
    /// Returns the companies that it was made for.
    pub fn pair(&self) -> &Pair {
        match self {
            Self::Sync(plan) => &plan.pair,
            Self::Export(plan) => &plan.pair,
        }
    }

    /// Returns which service it writes to.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Sync(_) => Direction::Sync,
            Self::Export(_) => Direction::Export,
        }
    }
}

/// A plan as it is kept, with what tells whether it was changed by accident (hazard B6). Whoever changes it on purpose can
/// compute the digest anew, and gains nothing: what is applied is only what would be planned now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SavedPlan {
    /// A digest of the plan, by which a changed file is found. The same plan has the same.
    pub id: String,
    /// Which service it writes to; tells which of the two the file holds.
    pub direction: Direction,
    /// The plan, which names its companies.
    #[serde(flatten)]
    pub plan: AnyPlan,
}

/// Why a file cannot be taken for a plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SavedPlanError {
    /// It is something else, or was cut off.
    #[error("it is not a saved plan of Linx")]
    NotAPlan(#[source] serde_json::Error),
    /// It was saved by a version with another format.
    #[error("it is a plan of format {found}, and this version of Linx applies format {FORMAT}")]
    Format {
        /// The format that the file names.
        found: u32,
    },
    /// Somebody changed it: what was looked at is not what would be written.
    #[error("it was changed after it was saved")]
    Altered,
}

/// What is read first, before the rest is taken for anything.
#[derive(Deserialize)]
struct Head {
    format: u32,
    id: String,
    direction: Direction,
}

impl SavedPlan {
    /// Keeps a plan. Serialised as JSON, it can be read again by [`SavedPlan::read`].
    pub fn new(plan: AnyPlan) -> Self {
        Self {
            id: digest(&plan),
            direction: plan.direction(),
            plan,
        }
    }

    /// Reads a plan that was saved as JSON, and checks that it is still what was saved.
    ///
    /// # Errors
    ///
    /// [`SavedPlanError::NotAPlan`] for any other text, [`SavedPlanError::Format`] for a plan of another version of
    /// Linx, [`SavedPlanError::Altered`] where the content does not fit its [`id`](Self::id) any more.
    pub fn read(text: &str) -> Result<Self, SavedPlanError> {
        let head: Head = serde_json::from_str(text).map_err(SavedPlanError::NotAPlan)?;
        if head.format != FORMAT {
            return Err(SavedPlanError::Format { found: head.format });
        }
        let plan = match head.direction {
            Direction::Sync => serde_json::from_str(text).map(AnyPlan::Sync),
            Direction::Export => serde_json::from_str(text).map(AnyPlan::Export),
        };
        let saved = Self::new(plan.map_err(SavedPlanError::NotAPlan)?);
        if saved.id == head.id {
            Ok(saved)
        } else {
            Err(SavedPlanError::Altered)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> SavedPlan {
        let pair = Pair {
            office: "api.procore.com company 1".into(),
            field: "api.arcoro.com".into(),
        };
        let plan = SyncPlan {
            format: FORMAT,
            digest: "d".into(),
            pair,
            options: crate::plan::SyncOptions::default(),
            after: None,
            changes: Vec::new(),
            waiting: Vec::new(),
            resumed: Vec::new(),
            agreed: Vec::new(),
            adopted: Vec::new(),
            held: Vec::new(),
            left_out: Vec::new(),
            likely: Vec::new(),
            unchanged: std::collections::BTreeMap::new(),
            refused: Vec::new(),
            notes: vec!["a note".into()],
            read_at: crate::plan::ReadAt::default(),
        };
        SavedPlan::new(AnyPlan::Sync(plan))
    }

    #[test]
    fn b6_a_plan_survives_its_file_and_a_changed_or_foreign_file_is_none() {
        let text = serde_json::to_string(&saved()).unwrap();
        assert_eq!(SavedPlan::read(&text).unwrap(), saved());
        let altered = text.replace("a note", "another");
        assert!(matches!(SavedPlan::read(&altered), Err(SavedPlanError::Altered)));
        let companies = text.replace("company 1", "company 2");
        assert!(matches!(SavedPlan::read(&companies), Err(SavedPlanError::Altered)));
        let newer = text.replace(&format!("\"format\":{FORMAT}"), "\"format\":7");
        assert!(matches!(
            SavedPlan::read(&newer),
            Err(SavedPlanError::Format { found: 7 })
        ));
        for foreign in ["", "{}", "[1]", &text[..text.len() / 2]] {
            assert!(matches!(SavedPlan::read(foreign), Err(SavedPlanError::NotAPlan(_))));
        }
    }
}
