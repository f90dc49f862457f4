//! Which workers, projects and codes are brought over at all, as the settings choose.

use std::collections::BTreeSet;

use crate::hold::{Reason, Refusal};
use crate::model::called::{but_for_case, is_called};
use crate::model::{CompanyCostCode, Project, Worker};
use crate::settings::{CostCodeChoice, ProjectChoice, WorkerChoice};

impl WorkerChoice {
    /// Checks whether a worker is chosen, as far as the worker alone tells: [`WorkerChoice::projects`] is judged where
    /// the directories of the projects are known.
    ///
    /// # Errors
    ///
    /// The first reason against the worker: [`Reason::NotAnEmployee`], [`Reason::NotChosen`] or
    /// [`Reason::JobTitleNotChosen`].
    pub fn admits(&self, worker: &Worker) -> Result<(), Refusal> {
        if self.employees_only && !worker.is_employee {
            return Err(Reason::NotAnEmployee.into());
        }
        let id = worker.id.to_string();
        if !self.only.is_empty() && !names_any(&self.only, worker.number.as_deref(), Some(&id)) {
            return Err(Reason::NotChosen.into());
        }
        let title = worker.job_title.as_deref();
        by_label(
            Reason::JobTitleNotChosen,
            title,
            &self.job_titles,
            &self.except_job_titles,
        )
    }
}

impl ProjectChoice {
    /// Checks whether a project, and with it its sub-jobs, is chosen. [`ProjectChoice::status`] plays no part: it
    /// decides whether the place of an inactive project stays open, not whether there is one.
    ///
    /// # Errors
    ///
    /// The first reason against the project: [`Reason::DemoOrTemplate`], [`Reason::NotChosen`] or
    /// [`Reason::StageNotChosen`].
    pub fn admits(&self, project: &Project) -> Result<(), Refusal> {
        if project.demo && !self.demo || project.template && !self.templates {
            return Err(Reason::DemoOrTemplate.into());
        }
        let id = project.id.to_string();
        let named = |list: &[String]| names_any(list, project.number.as_deref(), Some(&id));
        if !self.only.is_empty() && !named(&self.only) || named(&self.except) {
            return Err(Reason::NotChosen.into());
        }
        by_label(
            Reason::StageNotChosen,
            project.stage.as_deref(),
            &self.stages,
            &self.except_stages,
        )
    }
}

impl CostCodeChoice {
    /// Checks whether the list that a code is in is chosen. Where lists are named, a code without a known list is not.
    ///
    /// # Errors
    ///
    /// [`Reason::ListNotChosen`] with the name of the code's list.
    pub fn admits(&self, code: &CompanyCostCode) -> Result<(), Refusal> {
        let id = code.list.as_ref().map(|list| list.id.to_string());
        let name = code.list.as_ref().map(|list| list.name.as_str());
        if self.lists.is_empty() || names_any(&self.lists, name, id.as_deref()) {
            Ok(())
        } else {
            Err(Refusal::new(Reason::ListNotChosen, name.unwrap_or_default().to_owned()))
        }
    }
}

/// A label must be among `wanted`, if any are, and not among `unwanted`.
fn by_label(reason: Reason, label: Option<&str>, wanted: &[String], unwanted: &[String]) -> Result<(), Refusal> {
    let chosen = (wanted.is_empty() || names_any(wanted, label, None)) && !names_any(unwanted, label, None);
    if chosen {
        Ok(())
    } else {
        Err(Refusal::new(reason, label.unwrap_or("none").to_owned()))
    }
}

/// Whether a word of a list means the thing with this number or name and this id. Blanks at the ends of a word never
/// count.
fn names_any(list: &[String], name: Option<&str>, id: Option<&str>) -> bool {
    list.iter().any(|word| is_called(word.trim(), [name], id, but_for_case))
}

/// The words of the choices that fit nothing at all, each with its setting: mistyped, most likely.
pub(crate) fn unmatched(
    (workers, workers_listed): (&WorkerChoice, &[Worker]),
    (projects, projects_listed): (&ProjectChoice, &[Project]),
    (codes, codes_listed): (&CostCodeChoice, &[CompanyCostCode]),
) -> Vec<String> {
    let mut unmatched = Vec::new();
    let mut check = |setting: &str, words: &[String], known: &dyn Fn() -> Vec<String>| {
        if words.is_empty() {
            return;
        }
        let known: BTreeSet<String> = known().iter().map(|text| text.trim().to_lowercase()).collect();
        let strange = words.iter().filter(|word| !known.contains(&word.trim().to_lowercase()));
        unmatched.extend(strange.map(|word| format!("{setting} names \"{word}\", and Procore has no such")));
    };
    if !workers_listed.is_empty() {
        let of = |text: fn(&Worker) -> Option<String>| workers_listed.iter().filter_map(text).collect::<Vec<_>>();
        let numbers = || {
            [
                of(|worker| worker.number.clone()),
                of(|worker| Some(worker.id.to_string())),
            ]
            .concat()
        };
        check("sync.workers.only", &workers.only, &numbers);
        let titles = || of(|worker| worker.job_title.clone());
        check("sync.workers.job_titles", &workers.job_titles, &titles);
        check("sync.workers.except_job_titles", &workers.except_job_titles, &titles);
    }
    if !projects_listed.is_empty() {
        let of = |text: fn(&Project) -> Option<String>| projects_listed.iter().filter_map(text).collect::<Vec<_>>();
        let numbers = || {
            [
                of(|project| project.number.clone()),
                of(|project| Some(project.id.to_string())),
            ]
            .concat()
        };
        check("sync.workers.projects", &workers.projects, &numbers);
        check("sync.projects.only", &projects.only, &numbers);
        check("sync.projects.except", &projects.except, &numbers);
        let stages = || of(|project| project.stage.clone());
        check("sync.projects.stages", &projects.stages, &stages);
        check("sync.projects.except_stages", &projects.except_stages, &stages);
    }
    if !codes_listed.is_empty() {
        let lists = || {
            let lists = codes_listed.iter().filter_map(|code| code.list.as_ref());
            lists
                .flat_map(|list| [list.name.clone(), list.id.to_string()])
                .collect()
        };
        check("sync.cost_codes.lists", &codes.lists, &lists);
    }
    unmatched
}

/// The projects that `words` name by number or id.
pub(crate) fn named_projects<'a>(words: &'a [String], projects: &'a [Project]) -> impl Iterator<Item = &'a Project> {
    projects.iter().filter(|project| {
        let id = project.id.to_string();
        names_any(words, project.number.as_deref(), Some(&id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodeList, CodeListId, CompanyCodeId, ProjectId, WorkerId};

    fn worker(number: &str, title: Option<&str>) -> Worker {
        Worker {
            job_title: title.map(Into::into),
            ..Worker::of(WorkerId(7), number, "Delgado")
        }
    }

    fn project(stage: Option<&str>) -> Project {
        Project {
            stage: stage.map(Into::into),
            ..Project::of(ProjectId(3), "24-001", "Tower")
        }
    }

    fn reason(verdict: Result<(), Refusal>) -> Option<Reason> {
        verdict.err().map(|refusal| refusal.reason)
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn workers_are_chosen_by_flag_title_and_list() {
        let of = |choice: WorkerChoice, worker: &Worker| reason(choice.admits(worker));
        let foreman = worker("00101", Some("Foreman"));
        let contact = Worker {
            is_employee: false,
            ..foreman.clone()
        };
        let all = WorkerChoice::default();
        assert_eq!(of(all.clone(), &foreman), None);
        assert_eq!(of(all.clone(), &contact), Some(Reason::NotAnEmployee));
        let contacts_too = WorkerChoice {
            employees_only: false,
            ..all.clone()
        };
        assert_eq!(of(contacts_too, &contact), None);
        let titles = WorkerChoice {
            job_titles: words(&["carpenter", " foreman "]),
            ..all.clone()
        };
        assert_eq!(of(titles.clone(), &foreman), None);
        assert_eq!(of(titles, &worker("1", None)), Some(Reason::JobTitleNotChosen));
        let no_crews = WorkerChoice {
            except_job_titles: words(&["Crew"]),
            ..all.clone()
        };
        assert_eq!(
            of(no_crews.clone(), &worker("1", Some("crew"))),
            Some(Reason::JobTitleNotChosen)
        );
        assert_eq!(of(no_crews, &worker("1", None)), None);
        let only = |given: &str| WorkerChoice {
            only: words(&[given]),
            ..all.clone()
        };
        assert_eq!(of(only("00101"), &foreman), None);
        assert_eq!(of(only("7"), &foreman), None, "by id");
        assert_eq!(
            of(only("101"), &foreman),
            Some(Reason::NotChosen),
            "numbers keep their zeros"
        );
    }

    #[test]
    fn projects_are_chosen_by_stage_and_list() {
        let of = |choice: ProjectChoice, stage| reason(choice.admits(&project(stage)));
        let all = ProjectChoice::default();
        assert_eq!(of(all.clone(), None), None);
        let building = ProjectChoice {
            stages: words(&["Course of Construction"]),
            ..all.clone()
        };
        assert_eq!(of(building.clone(), Some("course of construction")), None);
        assert_eq!(of(building.clone(), Some("Bidding")), Some(Reason::StageNotChosen));
        assert_eq!(of(building, None), Some(Reason::StageNotChosen));
        let not_bidding = ProjectChoice {
            except_stages: words(&["Bidding"]),
            ..all.clone()
        };
        assert_eq!(of(not_bidding.clone(), None), None);
        assert_eq!(of(not_bidding, Some("Bidding")), Some(Reason::StageNotChosen));
        let except = ProjectChoice {
            except: words(&["24-001"]),
            ..all.clone()
        };
        assert_eq!(of(except, None), Some(Reason::NotChosen));
        let demo = Project {
            demo: true,
            ..project(None)
        };
        assert_eq!(reason(all.admits(&demo)), Some(Reason::DemoOrTemplate));
        let with_demo = ProjectChoice { demo: true, ..all };
        assert_eq!(reason(with_demo.admits(&demo)), None);
    }

    #[test]
    fn codes_are_chosen_by_list_and_a_mistyped_word_is_told() {
        let code = CompanyCostCode {
            id: CompanyCodeId(1),
            full_code: "03-300".into(),
            name: "Concrete".into(),
            list: Some(CodeList {
                id: CodeListId(55),
                name: "Master list".into(),
            }),
            leaf: true,
            active: true,
        };
        let of = |lists: &[&str]| CostCodeChoice { lists: words(lists) };
        assert_eq!(reason(of(&["master list"]).admits(&code)), None);
        assert_eq!(reason(of(&["55"]).admits(&code)), None);
        assert_eq!(reason(of(&["Old list"]).admits(&code)), Some(Reason::ListNotChosen));
        let told = unmatched(
            (&WorkerChoice::default(), &[]),
            (&ProjectChoice::default(), &[project(None)]),
            (&of(&["Master list", "Mastre list"]), &[code]),
        );
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("Mastre list"), "{told:?}");
    }
}
