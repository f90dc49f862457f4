//! What becomes what on the other side, and why something becomes nothing.
//!
//! An *arrow* is one step of the mapping, such as worker → employee: [`MappingRules`] has a method for each.

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

/// What a rule decided about one thing: what it becomes, or why it becomes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ruling<T> {
    /// It becomes this value on the other side.
    Becomes(T),
    /// It becomes nothing for this reason, which also tells whether it is left out for good or held until a person
    /// acts.
    Not(Refusal),
}

impl<T> Ruling<T> {
    /// Rules that something is left out or held, whichever the reason is about.
    pub fn not(refusal: impl Into<Refusal>) -> Self {
        Self::Not(refusal.into())
    }

    /// Changes what it becomes; a refusal stays as it is.
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
    /// Decides which employee of ExakTime's a worker becomes.
    fn employee(&self, worker: &Worker) -> Ruling<EmployeeDraft>;

    /// Decides which location of ExakTime's a project becomes.
    fn project_location(&self, project: &Project) -> Ruling<LocationDraft>;

    /// Decides which location of ExakTime's a sub-job becomes.
    fn sub_job_location(&self, project: &Project, sub_job: &SubJob) -> Ruling<LocationDraft>;

    /// Decides which cost code of ExakTime's a company cost code becomes.
    fn cost_code(&self, code: &CompanyCostCode) -> Ruling<CostCodeDraft>;

    /// Decides what the timesheet line says that hours of one class become. The ids are linked already; cost code and
    /// classification are looked up in Procore afterwards.
    fn timesheet_line(&self, time: &TimeAtPlace<'_>) -> Ruling<LineDraft>;
}
