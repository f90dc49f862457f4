//! The work classification of hours (hazard D20).

use crate::hold::{Reason, Refusal};
use crate::model::called::{but_for_ascii_case, is_called};
use crate::model::{Classification, ClassificationId, Project};

/// Finds the work classification that the rule wants, by name, abbreviation or id. A project that certifies its payroll
/// demands one: there, hours without any are held.
pub(super) fn find(
    wanted: Option<&str>,
    project: &Project,
    is_demanded: impl FnOnce() -> bool,
    known: &[Classification],
) -> Result<Option<ClassificationId>, Refusal> {
    let Some(wanted) = wanted.map(str::trim).filter(|wanted| !wanted.is_empty()) else {
        return if is_demanded() {
            let detail = format!("project:{} demands one", project.id);
            Err(Refusal::new(Reason::NoClassification, detail))
        } else {
            Ok(None)
        };
    };
    let is_wanted = |known: &&Classification| {
        let labels = [Some(known.name.as_str()), known.abbreviation.as_deref()];
        let id = known.id.to_string();
        let projects = known.projects.as_ref();
        let in_project = projects.is_none_or(|projects| projects.contains(&project.id));
        known.active && in_project && is_called(wanted, labels, Some(&id), but_for_ascii_case)
    };
    let found: Vec<&Classification> = known.iter().filter(is_wanted).collect();
    if let [one] = found[..] {
        return Ok(Some(one.id));
    }
    let detail = format!("{} of project:{} are called `{wanted}`", found.len(), project.id);
    Err(Refusal::new(Reason::NoClassification, detail))
}
