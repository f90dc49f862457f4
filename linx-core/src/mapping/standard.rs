//! The default mapping, configurable (behaviour.md section 6).

use std::collections::BTreeMap;

use super::named::Named;
use super::template::{TemplateError, Templates};
use super::{CostCodeDraft, EmployeeDraft, LineDraft, LocationDraft, MappingRules, Ruling, TimeAtPlace};
use crate::hold::{Reason, Refusal};
use crate::model::{CompanyCostCode, Project, SubJob, Worker};
use crate::settings::{CostCodeChoice, ExportSettings, ProjectChoice, ProjectStatus, SyncSettings, WorkerChoice};

/// The mapping that needs no code: workers marked as employees by their number, projects and sub-jobs by number
/// and code, leaf cost codes by full code, time as ExakTime computed it.
#[derive(Clone)]
pub struct StandardRules {
    templates: Templates,
    workers: WorkerChoice,
    projects: ProjectChoice,
    cost_codes: CostCodeChoice,
    leaf_codes_only: bool,
    notes: bool,
    billable: bool,
    classifications: BTreeMap<String, String>,
}

impl StandardRules {
    /// Makes the rules for these settings. Each naming template is tried on a sample, so that a misspelt variable is
    /// told once and not for every record.
    ///
    /// # Errors
    ///
    /// When a naming template cannot be parsed, or names a variable that its kind of record does not have.
    pub fn new(sync: &SyncSettings, export: &ExportSettings) -> Result<Self, TemplateError> {
        let templates = Templates::new(&sync.naming)?;
        templates.try_out()?;
        Ok(Self {
            templates,
            workers: sync.workers.clone(),
            projects: sync.projects.clone(),
            cost_codes: sync.cost_codes.clone(),
            leaf_codes_only: sync.leaf_codes_only,
            notes: export.notes,
            billable: export.billable,
            classifications: export.classifications.clone(),
        })
    }

    /// Makes the rules of an empty configuration.
    pub fn standard() -> Self {
        Self::new(&SyncSettings::default(), &ExportSettings::default()).unwrap_or_else(|error| {
            // The templates of `Naming::default` are constants of this crate; a test parses them.
            unreachable!("the default templates parse: {error}")
        })
    }

    fn location(&self, names: [&'static str; 2], project: &Project, sub_job: Option<&SubJob>) -> Ruling<LocationDraft> {
        if let Err(refusal) = self.projects.admits(project) {
            return Ruling::Not(refusal);
        }
        if project.number.as_deref().is_none_or(|number| number.trim().is_empty()) {
            return Ruling::not(Refusal::new(Reason::NoIdentifier, "the project has no number"));
        }
        let [identifier, name] = names.map(|name| self.templates.render(name, Named::Place(project, sub_job)));
        let (identifier, name) = match (identifier, name) {
            (Ok(identifier), Ok(name)) => (identifier, name),
            (Err(error), _) | (_, Err(error)) => {
                return Ruling::not(Refusal::new(Reason::HeldByRule, error.to_string()));
            }
        };
        let draft = LocationDraft {
            identifier,
            name,
            active: project.active || self.projects.status == ProjectStatus::All,
            ..LocationDraft::default()
        };
        Ruling::Becomes(draft)
    }
}

impl std::fmt::Debug for StandardRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StandardRules").finish_non_exhaustive()
    }
}

impl MappingRules for StandardRules {
    fn employee(&self, worker: &Worker) -> Ruling<EmployeeDraft> {
        if let Err(refusal) = self.workers.admits(worker) {
            return Ruling::Not(refusal);
        }
        let identifier = match self.templates.render("employee_identifier", Named::Employee(worker)) {
            Ok(identifier) => identifier,
            Err(error) => return Ruling::not(Refusal::new(Reason::HeldByRule, error.to_string())),
        };
        Ruling::Becomes(EmployeeDraft {
            // Blank where there is none: such a worker is held, unless a person has linked it.
            identifier,
            first_name: worker.first_name.clone().unwrap_or_default(),
            last_name: worker.last_name.clone().unwrap_or_default(),
            email: worker.email.clone(),
            job_title: worker.job_title.clone(),
            active: worker.active,
        })
    }

    fn project_location(&self, project: &Project) -> Ruling<LocationDraft> {
        self.location(["project_identifier", "project_name"], project, None)
            .map(|draft| LocationDraft {
                address: project.address.clone(),
                latitude: project.latitude.clone(),
                longitude: project.longitude.clone(),
                ..draft
            })
    }

    fn sub_job_location(&self, project: &Project, sub_job: &SubJob) -> Ruling<LocationDraft> {
        self.location(["sub_job_identifier", "sub_job_name"], project, Some(sub_job))
    }

    fn cost_code(&self, code: &CompanyCostCode) -> Ruling<CostCodeDraft> {
        if let Err(refusal) = self.cost_codes.admits(code) {
            return Ruling::Not(refusal);
        }
        if self.leaf_codes_only && !code.leaf {
            return Ruling::not(Reason::ParentCode);
        }
        match ["cost_code_identifier", "cost_code_name"].map(|name| self.templates.render(name, Named::CostCode(code)))
        {
            [Ok(identifier), Ok(name)] => Ruling::Becomes(CostCodeDraft {
                identifier,
                name,
                active: code.active,
            }),
            [Err(error), _] | [_, Err(error)] => Ruling::not(Refusal::new(Reason::HeldByRule, error.to_string())),
        }
    }

    fn timesheet_line(&self, time: &TimeAtPlace<'_>) -> Ruling<LineDraft> {
        let note = time
            .record
            .comment
            .as_deref()
            .map(str::trim)
            .filter(|note| self.notes && !note.is_empty());
        let class = time.record.classification.as_deref();
        let class = class.map(|class| self.classifications.get(class).map_or(class, String::as_str));
        Ruling::Becomes(LineDraft {
            date: time.record.work_date,
            cost_code: time.cost_code.to_owned(),
            description: note.map(str::to_owned),
            billable: self.billable,
            classification: class.map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Attribute, Attributes, CompanyCodeId, ProjectId, SubJobId, WorkerId};
    use crate::settings::Naming;

    fn project(number: Option<&str>) -> Project {
        Project {
            number: number.map(Into::into),
            ..Project::of(ProjectId(1), "", "Tower")
        }
    }

    #[test]
    fn places_are_named_by_number_and_name() {
        let rules = StandardRules::standard();
        let sub_job = SubJob {
            project: ProjectId(1),
            id: SubJobId(2),
            code: "01".into(),
            name: "Podium".into(),
        };
        let Ruling::Becomes(place) = rules.project_location(&project(Some("24-002"))) else {
            panic!()
        };
        assert_eq!(
            (place.identifier.as_str(), place.name.as_str()),
            ("24-002", "24-002 - Tower")
        );
        let Ruling::Becomes(place) = rules.sub_job_location(&project(Some("24-002")), &sub_job) else {
            panic!()
        };
        assert_eq!(
            (place.identifier.as_str(), place.name.as_str()),
            ("24-002.01", "24-002.01 - Tower / Podium")
        );
        assert!(matches!(
            rules.project_location(&project(None)),
            Ruling::Not(Refusal {
                reason: Reason::NoIdentifier,
                ..
            })
        ));
    }

    #[test]
    fn a_misspelt_variable_is_told_before_anything_is_named_by_it() {
        for name in ["{{ project.nmae }}", "{{ sub_job.code | upper }}{{ projct.number }}"] {
            let naming = Naming {
                sub_job_name: name.into(),
                ..Naming::default()
            };
            let sync = SyncSettings {
                naming,
                ..SyncSettings::default()
            };
            let error = StandardRules::new(&sync, &ExportSettings::default()).unwrap_err();
            assert_eq!(error.name, "sub_job_name");
        }
    }

    #[test]
    fn a_template_that_loops_for_ever_holds_instead_of_hanging() {
        let naming = Naming {
            project_name: "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}".into(),
            ..Naming::default()
        };
        let sync = SyncSettings {
            naming,
            ..SyncSettings::default()
        };
        let rules = StandardRules::new(&sync, &ExportSettings::default()).unwrap();
        assert!(matches!(
            rules.project_location(&project(Some("1"))),
            Ruling::Not(Refusal {
                reason: Reason::HeldByRule,
                ..
            })
        ));
    }

    #[test]
    fn employees_keep_the_zeros_of_their_number_and_contacts_stay_out() {
        let rules = StandardRules::standard();
        let worker = Worker {
            first_name: Some("Ana".into()),
            ..Worker::of(WorkerId(1), "00101", "Delgado")
        };
        let Ruling::Becomes(employee) = rules.employee(&worker) else {
            panic!()
        };
        assert_eq!(employee.identifier, "00101");
        let blank = Worker {
            number: Some(" ".into()),
            ..worker.clone()
        };
        let Ruling::Becomes(employee) = rules.employee(&blank) else {
            panic!()
        };
        assert_eq!(
            Attributes::from(employee).get(Attribute::Identifier),
            None,
            "held when it is compared"
        );
        let contact = Worker {
            is_employee: false,
            ..worker
        };
        assert!(matches!(
            rules.employee(&contact),
            Ruling::Not(Refusal {
                reason: Reason::NotAnEmployee,
                ..
            })
        ));
    }

    #[test]
    fn headings_are_left_out() {
        let code = CompanyCostCode {
            id: CompanyCodeId(1),
            full_code: "03".into(),
            name: "Concrete".into(),
            list: None,
            leaf: false,
            active: true,
        };
        assert!(matches!(
            StandardRules::standard().cost_code(&code),
            Ruling::Not(Refusal {
                reason: Reason::ParentCode,
                ..
            })
        ));
    }
}
