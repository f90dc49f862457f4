//! Rules of which some arrows are replaced by closures.

use super::{CostCodeDraft, EmployeeDraft, LineDraft, LocationDraft, MappingRules, Ruling, TimeAtPlace};
use crate::model::{CompanyCostCode, Project, SubJob, Worker};

type Arrow<R, A, T> = Box<dyn Fn(&R, &A) -> Ruling<T> + Send + Sync>;
type SubJobArrow<R> = Box<dyn Fn(&R, &Project, &SubJob) -> Ruling<LocationDraft> + Send + Sync>;
type LineArrow<R> = Box<dyn Fn(&R, &TimeAtPlace<'_>) -> Ruling<LineDraft> + Send + Sync>;

/// Rules that ask a closure for some arrows and `R` for all others. Each closure gets the rules beneath, so that it
/// can start from their answer.
///
/// ```
/// use linx_core::hold::{Reason, Refusal};
/// use linx_core::mapping::{MappingRules, Overrides, Ruling, StandardRules};
///
/// // Crews are booked under their foreman: whoever has the title stays out of ExakTime.
/// let rules = Overrides::of(StandardRules::standard()).employee(|standard, worker| {
///     match worker.job_title.as_deref() {
///         Some("Crew") => Ruling::not(Refusal::new(Reason::LeftOutByRule, "booked under the foreman")),
///         _ => standard.employee(worker),
///     }
/// });
/// # let _: &dyn MappingRules = &rules;
/// ```
pub struct Overrides<R> {
    rules: R,
    employee: Option<Arrow<R, Worker, EmployeeDraft>>,
    project_location: Option<Arrow<R, Project, LocationDraft>>,
    sub_job_location: Option<SubJobArrow<R>>,
    cost_code: Option<Arrow<R, CompanyCostCode, CostCodeDraft>>,
    timesheet_line: Option<LineArrow<R>>,
}

impl<R: MappingRules> Overrides<R> {
    /// Starts with every arrow as `rules` have it.
    pub fn of(rules: R) -> Self {
        Self {
            rules,
            employee: None,
            project_location: None,
            sub_job_location: None,
            cost_code: None,
            timesheet_line: None,
        }
    }

    /// Replaces the arrow worker → employee.
    #[must_use]
    pub fn employee(mut self, rule: impl Fn(&R, &Worker) -> Ruling<EmployeeDraft> + Send + Sync + 'static) -> Self {
        self.employee = Some(Box::new(rule));
        self
    }

    /// Replaces the arrow project → location.
    #[must_use]
    pub fn project_location(
        mut self,
        rule: impl Fn(&R, &Project) -> Ruling<LocationDraft> + Send + Sync + 'static,
    ) -> Self {
        self.project_location = Some(Box::new(rule));
        self
    }

    /// Replaces the arrow sub-job → location.
    #[must_use]
    pub fn sub_job_location(
        mut self,
        rule: impl Fn(&R, &Project, &SubJob) -> Ruling<LocationDraft> + Send + Sync + 'static,
    ) -> Self {
        self.sub_job_location = Some(Box::new(rule));
        self
    }

    /// Replaces the arrow company cost code → cost code.
    #[must_use]
    pub fn cost_code(
        mut self,
        rule: impl Fn(&R, &CompanyCostCode) -> Ruling<CostCodeDraft> + Send + Sync + 'static,
    ) -> Self {
        self.cost_code = Some(Box::new(rule));
        self
    }

    /// Replaces the arrow time → timesheet line.
    #[must_use]
    pub fn timesheet_line(
        mut self,
        rule: impl Fn(&R, &TimeAtPlace<'_>) -> Ruling<LineDraft> + Send + Sync + 'static,
    ) -> Self {
        self.timesheet_line = Some(Box::new(rule));
        self
    }
}

impl<R: MappingRules> MappingRules for Overrides<R> {
    fn employee(&self, worker: &Worker) -> Ruling<EmployeeDraft> {
        match &self.employee {
            Some(rule) => rule(&self.rules, worker),
            None => self.rules.employee(worker),
        }
    }

    fn project_location(&self, project: &Project) -> Ruling<LocationDraft> {
        match &self.project_location {
            Some(rule) => rule(&self.rules, project),
            None => self.rules.project_location(project),
        }
    }

    fn sub_job_location(&self, project: &Project, sub_job: &SubJob) -> Ruling<LocationDraft> {
        match &self.sub_job_location {
            Some(rule) => rule(&self.rules, project, sub_job),
            None => self.rules.sub_job_location(project, sub_job),
        }
    }

    fn cost_code(&self, code: &CompanyCostCode) -> Ruling<CostCodeDraft> {
        match &self.cost_code {
            Some(rule) => rule(&self.rules, code),
            None => self.rules.cost_code(code),
        }
    }

    fn timesheet_line(&self, time: &TimeAtPlace<'_>) -> Ruling<LineDraft> {
        match &self.timesheet_line {
            Some(rule) => rule(&self.rules, time),
            None => self.rules.timesheet_line(time),
        }
    }
}
