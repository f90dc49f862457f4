//! Which of a project's codes hours are booked to: its cost code with the labor type, or its task code.

use crate::hold::{Reason, Refusal};
use crate::model::called::but_for_ascii_case;
use crate::model::{
    CompanyCodeId, LineItemTypeId, OfficeRef, ProjectCodeId, ProjectCostCode, ProjectId, SubJob, TaskCode, WbsCodeId,
};
use crate::ports::Snapshot;
use crate::settings::UnresolvedCostCode;

/// What an entry is charged to: a cost code with its labor type, or a task code in place of both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::export) struct Code {
    /// The project's cost code.
    pub(in crate::export) id: Option<ProjectCodeId>,
    pub(in crate::export) line_item_type: Option<LineItemTypeId>,
    /// The task code, which stands for both.
    pub(in crate::export) task: Option<WbsCodeId>,
}

/// What is looked for, and where.
#[derive(Debug, Clone, Copy)]
pub(in crate::export) struct Wanted<'a> {
    pub(in crate::export) project: ProjectId,
    pub(in crate::export) sub_job: Option<&'a SubJob>,
    /// The company code that the record names.
    pub(in crate::export) company_code: CompanyCodeId,
    /// Its full code.
    pub(in crate::export) company_full_code: &'a str,
    /// The full code that the rule wants.
    pub(in crate::export) full_code: &'a str,
}

/// What the place offers. A list that could not be read says why.
#[derive(Debug, Clone, Copy)]
pub(in crate::export) struct Offered<'a> {
    pub(in crate::export) cost_codes: Option<&'a Result<Snapshot<ProjectCostCode>, String>>,
    /// Only where the project uses task codes.
    pub(in crate::export) task_codes: Option<&'a Result<Vec<TaskCode>, String>>,
    pub(in crate::export) default_type: Option<LineItemTypeId>,
}

/// Finds what hours are charged to: the task code where the project uses them, else the cost code with its labor type.
/// Errors with the missing piece named (hazard C11).
pub(in crate::export) fn find(
    wanted: Wanted<'_>,
    offered: Offered<'_>,
    unresolved: UnresolvedCostCode,
) -> Result<Code, Refusal> {
    if let Some(tasks) = offered.task_codes {
        return task_code(wanted, tasks);
    }
    match cost_code(wanted, offered.cost_codes) {
        Ok(code) => Ok(Code {
            id: Some(code.id),
            line_item_type: Some(labor_type(code, offered.default_type)?),
            task: None,
        }),
        // It is paid, and no budget is charged. Only a list that was read to its end says so: what could not be read, or
        // fits twice, is a code of the project all the same (hazards C14, C16).
        Err(missing) if missing.reason == Reason::CostCodeNotInProject && unresolved == UnresolvedCostCode::Omit => {
            Ok(Code::default())
        }
        Err(missing) => Err(missing),
    }
}

/// By the company code it was copied from, then by full code; among the sub-job's codes where the place is one
/// (procore-api.md trap 6). Of two that the rule makes equal neither is taken (hazard C8). It is missing where the list
/// proves it, and unread where the list does not (hazard C16).
fn cost_code<'a>(
    wanted: Wanted<'_>,
    offered: Option<&'a Result<Snapshot<ProjectCostCode>, String>>,
) -> Result<&'a ProjectCostCode, Refusal> {
    let detail = || format!("{} in {}", wanted.full_code, place(wanted));
    let unread = |why: &str| Refusal::new(Reason::IncompleteList, format!("{}: {why}", detail()));
    let list = match offered {
        Some(Ok(list)) => list,
        Some(Err(why)) => return Err(unread(why)),
        None => return Err(unread("the codes of this place were not asked for")),
    };
    let codes = &list.rows;
    let is_copy = |code: &&ProjectCostCode| {
        wanted.full_code == wanted.company_full_code && code.company_code == Some(wanted.company_code)
    };
    let same_code = |code: &&ProjectCostCode| but_for_ascii_case(&code.full_code, wanted.full_code);
    match codes.iter().filter(is_copy).collect::<Vec<_>>()[..] {
        [one] => return Ok(one),
        [] => {}
        ref several => return Err(ambiguous(several, &detail())),
    }
    match codes.iter().filter(same_code).collect::<Vec<_>>()[..] {
        [one] => Ok(one),
        [] => Err(match list.doubt() {
            Some(why) => unread(&why),
            None => Refusal::new(Reason::CostCodeNotInProject, detail()),
        }),
        ref several => Err(ambiguous(several, &detail())),
    }
}

fn ambiguous(several: &[&ProjectCostCode], detail: &str) -> Refusal {
    let ids: Vec<String> = several.iter().map(|code| code.id.to_string()).collect();
    Refusal::new(Reason::AmbiguousCostCode, format!("{detail}: codes {}", ids.join(", ")))
}

/// The labor type of a code; the company's default where there are several. "Take the first" is not a rule
/// (hazard C11).
fn labor_type(code: &ProjectCostCode, default: Option<LineItemTypeId>) -> Result<LineItemTypeId, Refusal> {
    let labor: Vec<LineItemTypeId> = code
        .line_item_types
        .iter()
        .filter(|kind| kind.is_labor())
        .map(|kind| kind.id)
        .collect();
    match labor.as_slice() {
        [one] => Ok(*one),
        [] => Err(Refusal::new(
            Reason::NoLaborType,
            format!("{} (code {})", code.full_code, code.id),
        )),
        several => default.filter(|default| several.contains(default)).ok_or_else(|| {
            let detail = format!(
                "{} offers {} labor types and none of them is the company's default",
                code.full_code,
                several.len()
            );
            Refusal::new(Reason::NoLaborType, detail)
        }),
    }
}

/// The labor task of a cost code, of the same sub-job.
fn task_code(wanted: Wanted<'_>, offered: &Result<Vec<TaskCode>, String>) -> Result<Code, Refusal> {
    let detail = || format!("the task code of {} in {}", wanted.full_code, place(wanted));
    let tasks = match offered {
        Ok(tasks) => tasks,
        Err(why) => return Err(Refusal::new(Reason::IncompleteList, format!("{}: {why}", detail()))),
    };
    let sub_job = wanted.sub_job.map(|sub_job| sub_job.code.as_str());
    let of_code = |task: &&TaskCode| {
        let same_place = match (&task.sub_job, sub_job) {
            (None, None) => true,
            (Some(one), Some(other)) => but_for_ascii_case(one, other),
            _ => false,
        };
        task.active && same_place && but_for_ascii_case(&task.cost_code, wanted.full_code)
    };
    let tasks: Vec<&TaskCode> = tasks.iter().filter(of_code).collect();
    match tasks.iter().filter(|task| task.is_labor()).collect::<Vec<_>>()[..] {
        [one] => Ok(Code {
            task: Some(one.id),
            ..Code::default()
        }),
        [] if tasks.is_empty() => Err(Refusal::new(Reason::CostCodeNotInProject, detail())),
        [] => Err(Refusal::new(Reason::NoLaborType, detail())),
        ref several => Err(Refusal::new(
            Reason::AmbiguousCostCode,
            format!("{}: {} of them", detail(), several.len()),
        )),
    }
}

fn place(wanted: Wanted<'_>) -> String {
    match wanted.sub_job {
        Some(sub_job) => OfficeRef::SubJob(wanted.project, sub_job.id).to_string(),
        None => OfficeRef::Project(wanted.project).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LineItemType, SubJobId};

    fn code(id: u64, full_code: &str, company_code: Option<u64>, types: &[(u64, &str)]) -> ProjectCostCode {
        ProjectCostCode {
            id: ProjectCodeId(id),
            full_code: full_code.into(),
            company_code: company_code.map(CompanyCodeId),
            line_item_types: types
                .iter()
                .map(|(id, base)| LineItemType {
                    id: LineItemTypeId(*id),
                    base_type: (*base).into(),
                })
                .collect(),
        }
    }

    fn task(id: u64, cost_code: &str, base_type: &str, sub_job: Option<&str>) -> TaskCode {
        TaskCode {
            id: WbsCodeId(id),
            cost_code: cost_code.into(),
            base_type: base_type.into(),
            sub_job: sub_job.map(Into::into),
            active: true,
        }
    }

    fn wanted(sub_job: Option<&SubJob>) -> Wanted<'_> {
        Wanted {
            project: ProjectId(3),
            sub_job,
            company_code: CompanyCodeId(77),
            company_full_code: "03-300",
            full_code: "03-300",
        }
    }

    fn of(codes: &[ProjectCostCode], default_type: Option<u64>) -> Result<Code, Reason> {
        let codes = Ok(Snapshot::complete(codes.to_vec()));
        in_list(Some(&codes), default_type, UnresolvedCostCode::Hold)
    }

    fn in_list(
        list: Option<&Result<Snapshot<ProjectCostCode>, String>>,
        default_type: Option<u64>,
        unresolved: UnresolvedCostCode,
    ) -> Result<Code, Reason> {
        let offered = Offered {
            cost_codes: list,
            task_codes: None,
            default_type: default_type.map(LineItemTypeId),
        };
        find(wanted(None), offered, unresolved).map_err(|refusal| refusal.reason)
    }

    const LABOR: [(u64, &str); 1] = [(5, "labor")];

    #[test]
    fn c9_the_copy_of_the_company_code_comes_before_the_same_text() {
        let copy = code(1, "3-300", Some(77), &LABOR);
        let text = code(2, " 03-300", None, &LABOR);
        assert_eq!(of(&[text.clone(), copy.clone()], None).unwrap().id, Some(copy.id));
        assert_eq!(of(std::slice::from_ref(&text), None).unwrap().id, Some(text.id));
        assert_eq!(of(&[], None), Err(Reason::CostCodeNotInProject));
    }

    #[test]
    fn c8_two_codes_that_the_rule_makes_equal_are_not_chosen_between() {
        let twice = [code(1, "03-300", None, &LABOR), code(2, "03-300 ", None, &LABOR)];
        assert_eq!(of(&twice, None), Err(Reason::AmbiguousCostCode));
    }

    #[test]
    fn c16_only_a_list_that_was_read_to_its_end_lacks_a_code() {
        let other = code(1, "31-220", None, &LABOR);
        let part = Snapshot {
            incomplete: Some("page 2 failed".into()),
            ..Snapshot::complete(vec![other.clone()])
        };
        let lists = [
            (
                Some(Ok(Snapshot::complete(vec![other]))),
                Reason::CostCodeNotInProject,
                true,
            ),
            (Some(Ok(part)), Reason::IncompleteList, false),
            (Some(Err("forbidden".into())), Reason::IncompleteList, false),
            (None, Reason::IncompleteList, false),
            (
                Some(Ok(Snapshot::complete(vec![code(1, "03-300", None, &LABOR); 2]))),
                Reason::AmbiguousCostCode,
                false,
            ),
        ];
        for (list, reason, is_omitted) in lists {
            let of = |unresolved| in_list(list.as_ref(), None, unresolved);
            assert_eq!(of(UnresolvedCostCode::Hold), Err(reason));
            let expected = if is_omitted { Ok(Code::default()) } else { Err(reason) };
            assert_eq!(of(UnresolvedCostCode::Omit), expected);
        }
    }

    #[test]
    fn c11_a_code_needs_one_labor_type_or_the_companys_default() {
        let types = [(5, "labor"), (6, "Labor"), (7, "materials")];
        let several = [code(1, "03-300", None, &types)];
        assert_eq!(of(&several, None), Err(Reason::NoLaborType));
        assert_eq!(of(&several, Some(6)).unwrap().line_item_type, Some(LineItemTypeId(6)));
        assert_eq!(
            of(&several, Some(7)),
            Err(Reason::NoLaborType),
            "the default is no labor"
        );
        assert_eq!(
            of(&[code(1, "03-300", None, &types[2..])], None),
            Err(Reason::NoLaborType)
        );
    }

    #[test]
    fn c11_a_project_with_task_codes_takes_the_labor_task_of_the_sub_job() {
        let podium = SubJob {
            project: ProjectId(3),
            id: SubJobId(9),
            code: "01".into(),
            name: "Podium".into(),
        };
        let tasks = Ok(vec![
            task(1, "03-300", "labor", None),
            task(2, "03-300", "materials", None),
            task(3, "03-300", "labor", Some("01")),
            task(4, "03-400", "labor", Some("01")),
        ]);
        let of = |sub_job| {
            let offered = Offered {
                cost_codes: None,
                task_codes: Some(&tasks),
                default_type: None,
            };
            find(wanted(sub_job), offered, UnresolvedCostCode::Hold)
        };
        assert_eq!(of(None).unwrap().task, Some(WbsCodeId(1)));
        let found = of(Some(&podium)).unwrap();
        assert_eq!((found.task, found.id), (Some(WbsCodeId(3)), None));
    }

    #[test]
    fn c11_why_no_task_code_can_be_chosen_is_told() {
        let of = |tasks: Result<Vec<TaskCode>, String>| {
            let offered = Offered {
                cost_codes: None,
                task_codes: Some(&tasks),
                default_type: None,
            };
            find(wanted(None), offered, UnresolvedCostCode::Hold)
                .unwrap_err()
                .reason
        };
        let labor = task(1, "03-300", "labor", None);
        let closed = TaskCode {
            active: false,
            ..labor.clone()
        };
        assert_eq!(
            of(Ok(vec![task(4, "03-400", "labor", None)])),
            Reason::CostCodeNotInProject
        );
        assert_eq!(of(Ok(vec![closed])), Reason::CostCodeNotInProject);
        assert_eq!(of(Ok(vec![task(2, "03-300", "materials", None)])), Reason::NoLaborType);
        assert_eq!(of(Ok(vec![labor.clone(), labor])), Reason::AmbiguousCostCode);
        assert_eq!(of(Err("forbidden".into())), Reason::IncompleteList);
    }
}
