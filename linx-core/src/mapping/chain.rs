//! Parts of a mapping, asked one after the other.

use super::{CostCodeDraft, EmployeeDraft, LineDraft, LocationDraft, MappingRules, Ruling, TimeAtPlace};
use crate::model::{CompanyCostCode, Project, SubJob, Worker};

/// A part of a mapping: it answers what it has something to say about, and `None` leaves the question to the rules
/// beneath.
///
/// Where [`super::Overrides`] changes one arrow at one place, a layer is a rule of its own that can be tested alone and
/// put into several companies' chains.
pub trait Layer: Send + Sync {
    /// Decides which employee a worker becomes.
    fn employee(&self, _worker: &Worker) -> Option<Ruling<EmployeeDraft>> {
        None
    }

    /// Decides which location a project becomes.
    fn project_location(&self, _project: &Project) -> Option<Ruling<LocationDraft>> {
        None
    }

    /// Decides which location a sub-job becomes.
    fn sub_job_location(&self, _project: &Project, _sub_job: &SubJob) -> Option<Ruling<LocationDraft>> {
        None
    }

    /// Decides which cost code a company cost code becomes.
    fn cost_code(&self, _code: &CompanyCostCode) -> Option<Ruling<CostCodeDraft>> {
        None
    }

    /// Decides what the timesheet line of some hours says.
    fn timesheet_line(&self, _time: &TimeAtPlace<'_>) -> Option<Ruling<LineDraft>> {
        None
    }
}

/// Layers over rules: the first layer that answers decides, and the rules at the bottom answer what is left.
///
/// ```
/// use linx_core::hold::{Reason, Refusal};
/// use linx_core::mapping::{Chain, EmployeeDraft, Layer, MappingRules, Ruling, StandardRules};
/// use linx_core::model::Worker;
///
/// /// Apprentices wait until the office has given them a number of the right form.
/// struct Apprentices;
///
/// impl Layer for Apprentices {
///     fn employee(&self, worker: &Worker) -> Option<Ruling<EmployeeDraft>> {
///         let apprentice = worker.job_title.as_deref() == Some("Apprentice");
///         let numbered = worker.number.as_deref().is_some_and(|number| number.starts_with('A'));
///         (apprentice && !numbered).then(|| Ruling::not(Refusal::new(Reason::HeldByRule, "an apprentice's number begins with A")))
///     }
/// }
///
/// let rules = Chain::of(StandardRules::standard()).with(Apprentices);
/// # let _: &dyn MappingRules = &rules;
/// ```
pub struct Chain {
    layers: Vec<Box<dyn Layer>>,
    bottom: Box<dyn MappingRules>,
}

impl Chain {
    /// Starts a chain without layers: `bottom` answers everything.
    pub fn of(bottom: impl MappingRules + 'static) -> Self {
        Self {
            layers: Vec::new(),
            bottom: Box::new(bottom),
        }
    }

    /// Adds a layer, asked after those that were added before it.
    #[must_use]
    pub fn with(mut self, layer: impl Layer + 'static) -> Self {
        self.layers.push(Box::new(layer));
        self
    }

    fn first<T>(&self, ask: impl Fn(&dyn Layer) -> Option<Ruling<T>>) -> Option<Ruling<T>> {
        self.layers.iter().find_map(|layer| ask(layer.as_ref()))
    }
}

impl MappingRules for Chain {
    fn employee(&self, worker: &Worker) -> Ruling<EmployeeDraft> {
        self.first(|layer| layer.employee(worker))
            .unwrap_or_else(|| self.bottom.employee(worker))
    }

    fn project_location(&self, project: &Project) -> Ruling<LocationDraft> {
        self.first(|layer| layer.project_location(project))
            .unwrap_or_else(|| self.bottom.project_location(project))
    }

    fn sub_job_location(&self, project: &Project, sub_job: &SubJob) -> Ruling<LocationDraft> {
        self.first(|layer| layer.sub_job_location(project, sub_job))
            .unwrap_or_else(|| self.bottom.sub_job_location(project, sub_job))
    }

    fn cost_code(&self, code: &CompanyCostCode) -> Ruling<CostCodeDraft> {
        self.first(|layer| layer.cost_code(code))
            .unwrap_or_else(|| self.bottom.cost_code(code))
    }

    fn timesheet_line(&self, time: &TimeAtPlace<'_>) -> Ruling<LineDraft> {
        self.first(|layer| layer.timesheet_line(time))
            .unwrap_or_else(|| self.bottom.timesheet_line(time))
    }
}
