//! Prerequisites of a side, and how each stands (behaviour.md section 3).

use crate::hold::Fix;

/// How one prerequisite stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// It is met.
    Ok,
    /// It works, and something about it is worth knowing.
    Warn,
    /// It has to be mended before a sync or an export can work.
    Fail,
}

/// One checked prerequisite (behaviour.md section 3).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Check {
    /// What was checked, in a few words, such as `Timecard permission`.
    pub name: String,
    /// How it stands.
    #[serde(rename = "verdict")]
    pub status: CheckStatus,
    /// What was seen, in one line.
    pub saw: String,
    /// What a person can do about it; empty when there is nothing to do.
    pub fix: Fix,
}

impl Check {
    /// A prerequisite that is met.
    pub fn ok(name: &str, saw: impl Into<String>) -> Self {
        Self::new(CheckStatus::Ok, name, saw, "")
    }

    /// A prerequisite that is met in a way worth knowing.
    pub fn warn(name: &str, saw: impl Into<String>, fix: impl Into<Fix>) -> Self {
        Self::new(CheckStatus::Warn, name, saw, fix)
    }

    /// A prerequisite that is not met.
    pub fn fail(name: &str, saw: impl Into<String>, fix: impl Into<Fix>) -> Self {
        Self::new(CheckStatus::Fail, name, saw, fix)
    }

    fn new(status: CheckStatus, name: &str, saw: impl Into<String>, fix: impl Into<Fix>) -> Self {
        Self {
            name: name.into(),
            status,
            saw: saw.into(),
            fix: fix.into(),
        }
    }
}
