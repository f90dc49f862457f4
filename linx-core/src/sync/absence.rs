//! What is in no list any more: gone, hidden, or skipped between two pages (hazards A3, C16).

use std::collections::BTreeSet;

use super::desired::OfficeLists;
use crate::change::{RecordAction, RecordChange};
use crate::ledger::Link;
use crate::linx::{Linx, LinxError};
use crate::model::{OfficeRef, ProjectId};
use crate::plan::SyncPlan;
use crate::ports::FailureKind;
use crate::settings::{Import, SyncSettings};

impl Linx {
    /// The linked projects that are not listed and that Procore refuses to show: hidden, not gone (hazard C16). Asks only
    /// for such.
    pub(super) async fn hidden_projects(
        &self,
        lists: &OfficeLists,
        links: &[Link],
    ) -> Result<BTreeSet<ProjectId>, LinxError> {
        let listed: BTreeSet<ProjectId> = lists.projects.rows.iter().map(|project| project.id).collect();
        // A place that was closed already needs no answer.
        let open = links.iter().filter(|link| link.base.is_active());
        let linked = open.filter_map(|link| match link.office {
            OfficeRef::Project(project) | OfficeRef::SubJob(project, _) => Some(project),
            OfficeRef::Worker(_) | OfficeRef::CostCode(_) => None,
        });
        let missing: BTreeSet<ProjectId> = linked.filter(|project| !listed.contains(project)).collect();
        let mut hidden = BTreeSet::new();
        for project in missing {
            match self.office.sub_jobs(project).await {
                Err(error) if error.kind() == FailureKind::Forbidden => {
                    hidden.insert(project);
                }
                Err(error) if !error.is_about_one_place() => return Err(LinxError::Office(error)),
                _ => {}
            }
        }
        Ok(hidden)
    }

    /// Reads Procore's lists a second time before anything is deactivated for its absence: a row that is taken away while
    /// pages are read hides another one, and when a row is added in the same moment no count tells (hazard A3).
    pub(super) async fn confirm_absence(
        &self,
        mut plan: SyncPlan,
        office: &OfficeLists,
        links: &[Link],
        settings: &SyncSettings,
        imports: &BTreeSet<Import>,
    ) -> Result<SyncPlan, LinxError> {
        let is_absent =
            |change: &RecordChange| change.action == RecordAction::Deactivate && !office.lists(change.office);
        if !plan.changes.iter().any(is_absent) {
            return Ok(plan);
        }
        let again = self.fetch_office(settings, imports, links).await?;
        let (kept, doubtful): (Vec<RecordChange>, Vec<RecordChange>) =
            std::mem::take(&mut plan.changes).into_iter().partition(|change| {
                !is_absent(change) || again.proves_absence(change.office) && !again.lists(change.office)
            });
        plan.changes = kept;
        let note = |change: &RecordChange| {
            format!(
                "{} was in one reading and not in the other: left as it is",
                change.office
            )
        };
        plan.notes.extend(doubtful.iter().map(note));
        plan.notes.sort();
        Ok(plan)
    }
}
