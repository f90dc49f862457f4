//! What becomes what: one method per arrow, each answer with its reason.

mod chain;
mod choice;
mod desired;
mod draft;
mod filter;
mod named;
mod overrides;
mod standard;
mod template;

pub use chain::{Chain, Layer};
pub(crate) use choice::{named_projects, unmatched};
pub use desired::Desired;
pub use draft::{CostCodeDraft, EmployeeDraft, LineDraft, LocationDraft, TimeAtPlace};
pub use filter::Filter;
pub use overrides::Overrides;
pub use standard::StandardRules;
pub use template::TemplateError;

use crate::hold::Refusal;
use crate::model::{CompanyCostCode, Project, SubJob, Worker};

/// What a rule decided about one thing, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ruling<T> {
    /// It becomes this.
    Becomes(T),
    /// It is left out or held, for this reason.
    Not(Refusal),
}

impl<T> Ruling<T> {
    /// Left out or held for this reason.
    pub fn not(refusal: impl Into<Refusal>) -> Self {
        Self::Not(refusal.into())
    }

    /// Changes what it becomes, if it becomes something.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Ruling<U> {
        match self {
            Self::Becomes(value) => Ruling::Becomes(change(value)),
            Self::Not(refusal) => Ruling::Not(refusal),
        }
    }
}

/// The mapping, one method per arrow. Rules see plain data and return a value; they have no I/O and no state.
///
/// Implement all of it, or take [`StandardRules`] and change what is particular: override one arrow with [`Overrides`],
/// leave something out with [`Filter`], join rules of their own with [`Chain`].
pub trait MappingRules: Send + Sync {
    /// Worker → employee.
    fn employee(&self, worker: &Worker) -> Ruling<EmployeeDraft>;

    /// Project → location.
    fn project_location(&self, project: &Project) -> Ruling<LocationDraft>;

    /// Sub-job → location.
    fn sub_job_location(&self, project: &Project, sub_job: &SubJob) -> Ruling<LocationDraft>;

    /// Company cost code → cost code.
    fn cost_code(&self, code: &CompanyCostCode) -> Ruling<CostCodeDraft>;

    /// Time of one hour class at a linked place → what the timesheet line says.
    fn timesheet_line(&self, time: &TimeAtPlace<'_>) -> Ruling<LineDraft>;
}
