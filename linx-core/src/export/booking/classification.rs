//! The work classification of hours (hazard D20).

use crate::hold::{Reason, Refusal};
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
        let called = [Some(known.name.as_str()), known.abbreviation.as_deref()];
        let mut labels = called.into_iter().flatten();
        let named = labels.any(|name| name.trim().eq_ignore_ascii_case(wanted));
        let projects = known.projects.as_ref();
        let in_project = projects.is_none_or(|projects| projects.contains(&project.id));
        known.active && in_project && (named || known.id.to_string() == wanted)
    };
    let found: Vec<&Classification> = known.iter().filter(is_wanted).collect();
    if let [one] = found[..] {
        return Ok(Some(one.id));
    }
    let detail = format!("{} of project:{} are called `{wanted}`", found.len(), project.id);
    Err(Refusal::new(Reason::NoClassification, detail))
}
