//! A layer that leaves something out before it is mapped.

use super::{CostCodeDraft, EmployeeDraft, Layer, LocationDraft, Ruling};
use crate::hold::{Reason, Refusal};
use crate::model::{CompanyCostCode, Project, SubJob, Worker};

type Keep<A> = Box<dyn Fn(&A) -> Result<(), String> + Send + Sync>;

/// A layer that leaves out what a closure does not keep; the error is the reason that the report tells, and what is
/// left out is counted under `left_out_by_rule`. A project that is left out takes its sub-jobs along.
///
/// ```
/// use linx_core::mapping::{Chain, Filter, MappingRules, StandardRules};
///
/// // Crews are booked under their foreman.
/// let crews = Filter::default().workers(|worker| match worker.job_title.as_deref() {
///     Some("Crew") => Err("booked under the foreman".into()),
///     _ => Ok(()),
/// });
/// let rules = Chain::of(StandardRules::standard()).with(crews);
/// # let _: &dyn MappingRules = &rules;
/// ```
#[derive(Default)]
pub struct Filter {
    workers: Option<Keep<Worker>>,
    projects: Option<Keep<Project>>,
    sub_jobs: Option<Keep<SubJob>>,
    cost_codes: Option<Keep<CompanyCostCode>>,
}

impl Filter {
    /// Keeps only the workers for whom `keep` is `Ok`.
    #[must_use]
    pub fn workers(mut self, keep: impl Fn(&Worker) -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.workers = Some(Box::new(keep));
        self
    }

    /// Keeps only the projects for which `keep` is `Ok`, and only their sub-jobs.
    #[must_use]
    pub fn projects(mut self, keep: impl Fn(&Project) -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.projects = Some(Box::new(keep));
        self
    }

    /// Keeps only the sub-jobs for which `keep` is `Ok`.
    #[must_use]
    pub fn sub_jobs(mut self, keep: impl Fn(&SubJob) -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.sub_jobs = Some(Box::new(keep));
        self
    }

    /// Keeps only the codes for which `keep` is `Ok`.
    #[must_use]
    pub fn cost_codes(mut self, keep: impl Fn(&CompanyCostCode) -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.cost_codes = Some(Box::new(keep));
        self
    }
}

fn left_out<A, T>(keep: Option<&Keep<A>>, subject: &A) -> Option<Ruling<T>> {
    let why = keep?(subject).err()?;
    Some(Ruling::not(Refusal::new(Reason::LeftOutByRule, why)))
}

impl Layer for Filter {
    fn employee(&self, worker: &Worker) -> Option<Ruling<EmployeeDraft>> {
        left_out(self.workers.as_ref(), worker)
    }

    fn project_location(&self, project: &Project) -> Option<Ruling<LocationDraft>> {
        left_out(self.projects.as_ref(), project)
    }

    fn sub_job_location(&self, project: &Project, sub_job: &SubJob) -> Option<Ruling<LocationDraft>> {
        left_out(self.projects.as_ref(), project).or_else(|| left_out(self.sub_jobs.as_ref(), sub_job))
    }

    fn cost_code(&self, code: &CompanyCostCode) -> Option<Ruling<CostCodeDraft>> {
        left_out(self.cost_codes.as_ref(), code)
    }
}
