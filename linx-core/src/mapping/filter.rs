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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::{Chain, MappingRules, StandardRules};
    use crate::model::{CompanyCodeId, ProjectId, SubJobId, WorkerId};

    fn why<T>(ruling: Ruling<T>) -> Option<String> {
        match ruling {
            Ruling::Becomes(_) => None,
            Ruling::Not(refusal) => {
                assert_eq!(refusal.reason, Reason::LeftOutByRule);
                Some(refusal.detail)
            }
        }
    }

    #[test]
    fn what_a_filter_does_not_keep_is_left_out_with_its_reason_and_all_else_is_mapped() {
        let keep = |is_kept: bool, why: &str| if is_kept { Ok(()) } else { Err(why.to_owned()) };
        let filter = Filter::default()
            .workers(move |worker| keep(worker.number.as_deref() != Some("00900"), "booked under the foreman"))
            .projects(move |project| keep(project.name != "Yard", "no job"))
            .sub_jobs(move |sub_job| keep(sub_job.code != "99", "for the office"))
            .cost_codes(move |code| keep(code.full_code != "00-000", "a heading"));
        let rules = Chain::of(StandardRules::standard()).with(filter);
        let worker = |number| why(rules.employee(&Worker::of(WorkerId(7), number, "Okafor")));
        let project = |name| Project::of(ProjectId(1), "24-001", name);
        let sub_job = |project: &Project, code: &str| {
            let sub_job = SubJob {
                project: ProjectId(1),
                id: SubJobId(2),
                code: code.into(),
                name: "Podium".into(),
            };
            why(rules.sub_job_location(project, &sub_job))
        };
        let code = |full_code: &str| {
            why(rules.cost_code(&CompanyCostCode {
                id: CompanyCodeId(71),
                full_code: full_code.into(),
                name: "Concrete".into(),
                list: None,
                leaf: true,
                active: true,
            }))
        };
        let told = |why: &str| Some(why.to_owned());
        assert_eq!(
            (worker("00102"), worker("00900")),
            (None, told("booked under the foreman"))
        );
        let place = |name| why(rules.project_location(&project(name)));
        assert_eq!((place("Tower"), place("Yard")), (None, told("no job")));
        let (tower, yard) = (project("Tower"), project("Yard"));
        assert_eq!(sub_job(&tower, "01"), None);
        assert_eq!(sub_job(&tower, "99"), told("for the office"));
        assert_eq!(
            sub_job(&yard, "01"),
            told("no job"),
            "a project takes its sub-jobs along"
        );
        assert_eq!((code("03-300"), code("00-000")), (None, told("a heading")));
    }
}
