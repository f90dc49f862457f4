//! The place and the code that hours are charged to.

use crate::change::LineKey;
use crate::model::{ProjectId, SharedText, SubJobId};

/// What hours are charged to: a place and a code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::export) struct Work {
    project: ProjectId,
    sub_job: Option<SubJobId>,
    cost_code: SharedText,
}

impl Work {
    pub(in crate::export) fn new(project: ProjectId, sub_job: Option<SubJobId>, cost_code: SharedText) -> Self {
        Self {
            project,
            sub_job,
            cost_code,
        }
    }

    /// What a line is of.
    pub(in crate::export) fn of(line: &LineKey) -> Self {
        Self::new(line.project, line.sub_job, line.cost_code.clone())
    }
}
